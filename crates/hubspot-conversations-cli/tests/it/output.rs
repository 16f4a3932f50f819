//! What is printed: tables for people, JSON for programs, and nothing that a terminal would interpret.

use std::io::{BufRead, BufReader, Read};

use hubspot_conversations::OperationId;
use hubspot_conversations_sim::{Fault, Simulator};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::program::{self, Account, Server, id, program_at, run, spawn};

/// Prints the same in each format.
fn in_each_format(account: &Account, name: &str, command: &[&str]) {
    for format in ["table", "json", "jsonl"] {
        let printed = account.run(&[command, &["--output", format]].concat()).data();
        insta::assert_snapshot!(format!("{name}_{format}"), in_order(format, &printed));
    }
}

/// The record with sorted keys: their order in a record depends on which crates are built together.
fn in_order(format: &str, printed: &str) -> String {
    match (format, printed.lines().count()) {
        ("table", _) | (_, 2..) => printed.to_owned(),
        _ => {
            let mut record: Value = serde_json::from_str(printed).unwrap();
            record.sort_all_objects();
            format!("{record}\n")
        }
    }
}

#[test]
fn every_list_is_printed_in_each_format() {
    let account = Account::of(Simulator::builder().threads(4).messages(6));
    let thread = account.first(&["threads", "list"]);
    in_each_format(&account, "inboxes", &["inboxes", "list"]);
    in_each_format(&account, "channels", &["channels", "list"]);
    in_each_format(&account, "channel_accounts", &["channel-accounts", "list"]);
    in_each_format(&account, "threads", &["threads", "list", "--association", "TICKET"]);
    in_each_format(&account, "messages", &["messages", "list", &thread]);
    account.custom_channel();
    in_each_format(&account, "custom_channels", &["custom-channels", "list"]);
    in_each_format(&account, "actors", &["actors", "resolve", "S-hubspot", "A-2620203"]);
}

#[test]
fn every_record_is_printed_in_each_format() {
    let account = Account::new();
    let first = |list: &[&str]| account.first(list);
    in_each_format(&account, "inbox", &["inboxes", "get", &first(&["inboxes", "list"])]);
    in_each_format(&account, "channel", &["channels", "get", "1002"]);
    let channel_account = first(&["channel-accounts", "list"]);
    in_each_format(&account, "channel_account", &["channel-accounts", "get", &channel_account]);
    let thread = first(&["threads", "list"]);
    in_each_format(&account, "thread", &["threads", "get", &thread]);
    let messages = account.list(&["messages", "list", &thread]);
    let message = messages.iter().find(|entry| entry["type"] == "MESSAGE").map(id).unwrap();
    in_each_format(&account, "message", &["messages", "get", &thread, &message]);
    in_each_format(&account, "original", &["messages", "original", &thread, &message]);
    in_each_format(&account, "actor", &["actors", "get", "A-2620203"]);

    let (channel, loft) = account.custom_channel();
    let update = ["custom-channels", "update", &channel, "--webhook-url", "https://example.com"];
    let capabilities = ["--allow-inline-images", "--rich-text", "BOLD", "--rich-text", "LISTS"];
    in_each_format(&account, "custom_channel", &[&update[..], &capabilities].concat());
    let get = ["custom-channel-accounts", "get", &channel, &loft];
    in_each_format(&account, "custom_channel_account", &get);
    let message = account.published(&channel, &loft);
    let get = ["custom-channel-messages", "get", &channel, &message];
    in_each_format(&account, "custom_channel_message", &get);
    let token = account.simulator.staging_token(&channel, first(&["inboxes", "list"])).unwrap();
    let complete = ["custom-channel-accounts", "complete", &channel, &token, "--name", "Tower"];
    in_each_format(&account, "staging_token", &complete);
}

#[test]
fn an_empty_list_is_a_header_an_empty_array_or_nothing_and_said_to_be_empty() {
    let server = Server::json(r#"{"results":[]}"#);
    let list = |format| {
        let output = server.run(&["channel-accounts", "list", "--output", format]);
        assert_eq!((output.code, output.stderr.as_str()), (0, "note: no channel accounts found\n"));
        output.stdout
    };
    assert_eq!(list("table"), "ID  CHANNEL  INBOX  ACTIVE  AUTHORIZED  ADDRESS  NAME\n");
    assert_eq!(list("json"), "[]\n");
    assert_eq!(list("jsonl"), "");
}

#[test]
fn a_list_is_followed_to_its_end() {
    let account = Account::of(Simulator::builder().threads(40).messages(1).short_pages(true));
    let all = account.list(&["threads", "list", "--page-size", "7"]);
    assert_eq!(all.len(), 40);
    let table = account.run(&["threads", "list", "--page-size", "7"]).data();
    assert_eq!(table.lines().count(), 41, "one header, whatever the pages");

    let array = account.run(&["threads", "list", "--page-size", "7", "--output", "json"]).record();
    assert_eq!(array, Value::from(all));
}

#[test]
fn a_limit_asks_for_no_more_than_is_wanted() {
    let account = Account::of(Simulator::builder().threads(40).messages(1));
    let list = |more: &[&str]| {
        account.simulator.clear_requests();
        let listed = account.list(&[&["threads", "list"], more].concat());
        let queries: Vec<_> =
            account.simulator.requests().into_iter().map(|request| request.query).collect();
        (listed.len(), queries)
    };

    assert_eq!(list(&["--limit", "3"]), (3, vec!["limit=3".to_owned()]));
    let (count, queries) = list(&["--limit", "10", "--page-size", "5"]);
    assert_eq!((count, queries.len()), (10, 2), "the third page is not asked for: {queries:?}");
    let (count, queries) = list(&["--limit", "11", "--page-size", "5"]);
    assert_eq!((count, queries.len()), (11, 3), "{queries:?}");
    assert_eq!(list(&["--limit", "1000"]).0, 40, "there are no more");
}

#[test]
fn a_list_goes_on_at_a_cursor() {
    let account = Account::of(Simulator::builder().threads(10).messages(1));
    let all = account.list(&["threads", "list", "--page-size", "4"]);
    let requests = account.simulator.requests();
    let query = &requests.iter().find(|request| request.query.contains("after=")).unwrap().query;
    let cursor = query.split('&').find_map(|pair| pair.strip_prefix("after=")).unwrap();
    assert!(cursor.contains('%'), "{cursor}");
    for cursor in [cursor, &cursor.replace("%3D", "=")] {
        assert_eq!(account.list(&["threads", "list", "--after", cursor]), all[4..]);
    }
}

#[test]
fn a_record_is_printed_as_it_came() {
    let server = Server::json(
        "{\"results\": [{ \"name\":\"Ä\\u00df\",\n  \"id\" : 7, \"new\":{\"b\":1.50,\"a\":null} }]}",
    );
    assert_eq!(
        server.run(&["channels", "list", "--output", "jsonl"]).data(),
        "{ \"name\":\"Ä\\u00df\",  \"id\" : 7, \"new\":{\"b\":1.50,\"a\":null} }\n",
        "only the line break is gone"
    );
    assert_eq!(
        server.run(&["channels", "list", "--output", "json"]).data(),
        "[\n{ \"name\":\"Ä\\u00df\",\n  \"id\" : 7, \"new\":{\"b\":1.50,\"a\":null} }\n]\n"
    );
}

#[test]
fn a_record_that_cannot_be_read_costs_no_other() {
    let body = r#"{"results":[{"id":"1","name":"one"},{"id":["2"],"name":"two"},{"id":"3","name":"three"}]}"#;
    let server = Server::json(body);
    assert_eq!(server.run(&["channels", "list", "--output", "jsonl"]).data().lines().count(), 3);
    assert_eq!(server.run(&["channels", "list", "--output", "json"]).record()[1]["name"], "two");

    let output = server.run(&["channels", "list"]);
    assert_eq!(output.stdout, "ID  NAME\n1   one\n-   ?\n3   three\n");
    assert_eq!(output.code, 1, "something is not shown");
    insta::assert_snapshot!(output.stderr, @r"
    note: record - cannot be read: at `id`: expected an id, as a string or a whole number, found an array
    error: 1 record could not be read and is not shown in full; use --output json to print it as received
    ");
}

#[test]
fn a_flaw_costs_the_cell_it_is_in_and_is_noted_once() {
    let flawed = r#"{"id":"2","name":["secret"]},{"id":3,"name":["secret"]}"#;
    let server = Server::json(&format!(r#"{{"results":[{{"id":"1","name":"one"}},{flawed}]}}"#));
    let output = server.run(&["channels", "list"]);
    assert_eq!(output.stdout, "ID  NAME\n1   one\n2   -\n3   -\n");
    assert_eq!(output.code, 0);
    assert_eq!(
        output.stderr,
        "note: left out 2 times: at `name`: expected a string, found an array\n"
    );
}

#[test]
fn a_list_that_fails_half_way_is_not_taken_for_a_whole_one() {
    let body = r#"{"results":[{"id":"1","name":"one"}],"paging":{"next":{"after":"again"}}}"#;
    let output = Server::json(body).run(&["channels", "list", "--output", "json"]);
    assert!(output.stdout.contains(r#"{"id":"1","name":"one"}"#), "what came is printed");
    assert!(serde_json::from_str::<Value>(&output.stdout).is_err(), "{}", output.stdout);
    let error = output.error(1);
    assert!(error.contains("the printed list is incomplete"), "{error}");
}

#[test]
fn a_terminal_is_given_nothing_to_obey() {
    let name = r"a\u001b]0;title\u0007b\u009b2Jc\u202ed\r\ne\tf";
    let server = Server::json(&format!(r#"{{"results":[{{"id":"1\u001b[2J","name":"{name}"}}]}}"#));
    let table = server.run(&["channels", "list"]).data();
    assert!(!table.contains(|c: char| c.is_control() && c != '\n'), "{table:?}");
    assert!(table.contains("a\u{FFFD}]0;title\u{FFFD}b\u{FFFD}2Jc\u{FFFD}d e f"), "{table:?}");

    let record = Server::json(&format!(r#"{{"id":"1","name":"{name}"}}"#));
    let table = record.run(&["channels", "get", "1"]).data();
    assert!(!table.contains(|c: char| c.is_control() && c != '\n'), "{table:?}");
}

#[test]
fn a_long_text_is_cut_in_a_list_and_whole_in_a_record() {
    let long = "word ".repeat(100);
    let list = Server::json(&format!(r#"{{"results":[{{"id":"1","name":"{long}"}}]}}"#));
    let table = list.run(&["channels", "list"]).data();
    let row = table.lines().nth(1).unwrap();
    assert!(row.ends_with('…') && (70..=80).contains(&row.chars().count()), "{row}");

    let record = Server::json(&format!(r#"{{"id":"1","name":"{long}"}}"#));
    assert!(record.run(&["channels", "get", "1"]).data().contains(long.trim_end()));
}

/// The table of a list on a terminal of this width.
fn table(base_url: &str, width: &str, command: &[&str]) -> program::Output {
    run(program_at(base_url, command).env("COLUMNS", width), "")
}

#[test]
fn a_table_fits_and_leaves_out_what_is_worth_least() {
    let account = Account::of(Simulator::builder().threads(20).messages(6));
    account.custom_channel();
    let thread = account.first(&["threads", "list"]);
    let lists = [
        &["inboxes", "list"][..],
        &["channels", "list"],
        &["channel-accounts", "list"],
        &["threads", "list", "--association", "TICKET"],
        &["messages", "list", &thread],
        &["actors", "resolve", "S-hubspot", "A-2620203", "E-someone@example.com"],
        &["custom-channels", "list"],
    ];
    for width in [20, 40, 80, 120, 200] {
        for list in lists {
            let output = table(account.simulator.base_url(), &width.to_string(), list);
            for line in output.stdout.lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
                assert_eq!(line, line.trim_end());
            }
        }
    }
    let titles = |width| {
        let list = ["threads", "list", "--association", "TICKET"];
        let output = table(account.simulator.base_url(), width, &list);
        let titles = output.stdout.lines().next().unwrap();
        titles
            .split("  ")
            .map(str::trim)
            .filter(|title| !title.is_empty())
            .collect::<Vec<_>>()
            .join("|")
    };
    assert_eq!(titles("80"), "ID|STATUS|INBOX|CHANNEL|LATEST MESSAGE");
    assert_eq!(titles("91"), "ID|STATUS|INBOX|CHANNEL|ASSIGNED TO|LATEST MESSAGE");
    assert_eq!(titles("120"), "ID|STATUS|INBOX|CHANNEL|CONTACT|ASSIGNED TO|LATEST MESSAGE|TICKET");
    assert_eq!(titles("no number"), titles("80"));
    assert_eq!(titles("0"), titles("80"));
}

#[test]
fn inboxes_and_channels_are_named_with_one_request_each() {
    let account = Account::of(Simulator::builder().threads(40).messages(1));
    account.simulator.clear_requests();
    let table = account.run(&["threads", "list", "--page-size", "7"]).data();
    assert!(table.contains("  98310201 Support  ") && table.contains("  1002 Email"), "{table}");
    let count = |operation| {
        let requests = account.simulator.requests();
        requests.iter().filter(|request| request.operation == Some(operation)).count()
    };
    assert_eq!(count(OperationId::ListThreads), 6);
    assert_eq!((count(OperationId::ListInboxes), count(OperationId::ListChannels)), (1, 1));
    account.list(&["threads", "list"]);
    assert_eq!(count(OperationId::ListInboxes), 1, "JSON is printed as it came");
}

#[test]
fn a_table_without_names_is_a_table() {
    let account = Account::of(Simulator::builder().threads(3).messages(1));
    account.simulator.fail_next(OperationId::ListInboxes, Fault::status(403));
    let output = account.run(&["threads", "list"]);
    assert_eq!((output.code, output.stdout.lines().count()), (0, 4), "{}", output.stderr);
    assert!(
        !output.stdout.contains("Support") && output.stdout.contains("1002 Email"),
        "{}",
        output.stdout
    );
    assert!(
        output.stderr.starts_with("note: cannot show the names of inboxes: "),
        "{}",
        output.stderr
    );
    assert_eq!(output.stderr.lines().count(), 1, "{}", output.stderr);
}

#[test]
fn a_cell_is_bounded_whatever_it_holds() {
    let digits = "7".repeat(200_000);
    let marks = format!("e{}", "\u{301}".repeat(100_000));
    let thread =
        |id: &str| format!(r#"{{"id":"{id}","inboxId":"{id}","originalChannelId":"{id}"}}"#);
    let threads: Vec<_> =
        (0..5).map(|_| thread(&digits)).chain([thread("1"), thread(&marks)]).collect();
    let server = Server::json(&format!(r#"{{"results":[{}]}}"#, threads.join(",")));
    for width in ["20", "80", "1000"] {
        let output = table(&server.base_url, width, &["threads", "list"]);
        assert!(output.stdout.len() + output.stderr.len() < 64 * 1024, "{}", output.stdout.len());
        assert_eq!(output.stdout.lines().count(), 8);
    }
    // Likewise the note on a record.
    let lost = format!(r#"{{"results":[{{"id":"{digits}\u001b[2J","name":[1]}}]}}"#);
    let output = table(&Server::json(&lost).base_url, "80", &["channels", "list"]);
    assert!(output.stderr.len() < 1_000, "{}", output.stderr.len());
    assert!(!output.stderr.contains('\u{1b}'));
}

#[test]
fn wide_and_combining_characters_stay_in_their_columns() {
    let names =
        ["日本語の受信箱の名前", "e\u{301}te\u{301}", "👩‍👧‍👦 Familie", "שלום עולם", "a\tb\n c"];
    let accounts: Vec<_> = names
        .iter()
        .map(|name| {
            let address = r#"{"type":"HS_EMAIL_ADDRESS","value":"NAME"}"#.replace("NAME", name);
            let address = address.replace('\n', "\\n").replace('\t', "\\t");
            format!(r#"{{"id":"1","name":"end","channelId":"2","inboxId":"3","deliveryIdentifier":{address}}}"#)
        })
        .collect();
    let server = Server::json(&format!(r#"{{"results":[{}]}}"#, accounts.join(",")));
    let output = table(&server.base_url, "80", &["channel-accounts", "list"]);
    let ends: Vec<_> = output
        .stdout
        .lines()
        .skip(1)
        .map(|line| line.strip_suffix("end").unwrap().width())
        .collect();
    assert!(ends.iter().all(|end| *end == ends[0]), "{}", output.stdout);
    assert_eq!(output.stdout.lines().count(), 6);
}

#[test]
fn a_reader_who_has_seen_enough_ends_it_quietly() {
    let account = Account::of(Simulator::builder().threads(800).messages(1));
    for format in ["table", "json", "jsonl"] {
        let mut child = spawn(&mut account.program(&["threads", "list", "--output", format]));
        let mut first = String::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let status = child.wait().unwrap();
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((status.code(), stderr.as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn a_record_names_inboxes_and_channels_with_one_request_each() {
    let account = Account::of(Simulator::builder().threads(4).messages(6));
    let thread = account.first(&["threads", "list"]);
    let channel_account = account.first(&["channel-accounts", "list"]);
    let messages = account.list(&["messages", "list", &thread]);
    let message = messages.iter().find(|entry| entry["type"] == "MESSAGE").map(id).unwrap();
    // Since the last call.
    let requests_for_names = || {
        let requests = account.simulator.requests();
        account.simulator.clear_requests();
        let lists = [OperationId::ListInboxes, OperationId::ListChannels].map(Some);
        requests.iter().filter(|request| lists.contains(&request.operation)).count()
    };
    account.simulator.clear_requests();
    for (command, requests) in [
        (&["threads", "get", &thread][..], 2),
        (&["threads", "close", &thread], 2),
        (&["channel-accounts", "get", &channel_account], 2),
        (&["messages", "get", &thread, &message], 1),
    ] {
        let table = account.run(command).data();
        for (title, name) in [("INBOX", " 98310201 Support\n"), ("CHANNEL", " 1002 Email\n")] {
            let line = table.split_inclusive('\n').find(|line| line.starts_with(title));
            assert!(line.is_none_or(|line| line.contains("  ") && line.ends_with(name)), "{table}");
        }
        assert_eq!(requests_for_names(), requests, "{command:?}");
        account.run(&[command, &["--output", "json"]].concat()).data();
        assert_eq!(requests_for_names(), 0, "{command:?}: JSON is printed as received");
    }
    account.run(&["threads", "close", "1"]).error(1);
    assert_eq!(requests_for_names(), 0, "nothing was changed");
}

#[test]
fn a_record_without_names_is_a_record() {
    let account = Account::of(Simulator::builder().threads(1).messages(1));
    let thread = account.first(&["threads", "list"]);
    account.simulator.fail_next(OperationId::ListChannels, Fault::status(403));
    let output = account.run(&["threads", "close", &thread]);
    assert_eq!((output.code, output.stdout.contains("CLOSED")), (0, true), "{}", output.stderr);
    assert!(
        output.stderr.starts_with("note: cannot show the names of channels: "),
        "{}",
        output.stderr
    );
}

#[test]
fn a_narrow_list_keeps_the_time() {
    let account = Account::of(Simulator::builder().threads(1).messages(6));
    let thread = account.first(&["threads", "list"]);
    let titles = |width: &str, command: &[&str]| {
        let output = table(account.simulator.base_url(), width, command);
        output.stdout.lines().next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    // The ids of messages have 32 digits.
    assert_eq!(titles("80", &["messages", "list", &thread]), "ID CREATED TEXT");
    assert_eq!(titles("120", &["messages", "list", &thread]), "ID CREATED TYPE FROM TEXT");
    assert_eq!(titles("45", &["threads", "list"]), "ID STATUS LATEST MESSAGE");
    assert_eq!(titles("60", &["threads", "list"]), "ID STATUS INBOX LATEST MESSAGE");
}
