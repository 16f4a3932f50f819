//! Invalid command lines are rejected before anything is sent.

use std::fs;

use serde_json::{Value, json};

use crate::program::{Account, Output, Server, TOKEN, program, program_at, run};

/// Asserts invalid usage, and returns the message.
#[track_caller]
fn refused(output: &Output) -> &str {
    assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{}", output.stderr);
    assert!(!output.stderr.contains('\u{1b}'), "{}", output.stderr);
    &output.stderr
}

#[test]
fn a_mistyped_option_is_not_sent_as_a_text() {
    let server = Server::json("{}");
    let reply = ["messages", "reply", "7", "--as-agent", "5"];
    for (command, mistyped) in [
        (&reply[..], "--dry-run"),
        (&reply, "--text_file=answer.txt"),
        (&reply, "--tetx-file=my answer.txt"),
        (&reply, "-fanswer.txt"),
        (&["messages", "comment", "7"], "--internal"),
        (&["messages", "comment", "7"], "--timeou=5"),
        (&["messages", "comment", "7"], "-x"),
        (&["messages", "comment", "7", "hello", "--rich-text"], "--attach"),
        (&["messages", "find-sent", "7"], "--sinc=30m"),
        (&["custom-channel-messages", "failed", "7", "1"], "--reason"),
        (&["messages", "reply", "7", "hello", "--as-agent", "5", "--subject"], "--copy"),
        (&["visitors", "token", "ada@example.com", "--first-name"], "--lastname"),
    ] {
        let output = server.run(&[command, &[mistyped]].concat());
        let error = refused(&output);
        assert!(error.contains("looks like an option"), "{mistyped}: {error}");
    }
    assert_eq!(server.count(), 0, "nothing is sent");
}

#[test]
fn what_looks_like_an_option_is_a_text_where_it_is_said_to_be() {
    let account = Account::new();
    let thread = account.first(&["threads", "list"]);
    let sent = |arguments: &[&str]| {
        account.run(&[&["messages", "comment", &thread], arguments].concat()).data();
        let requests = account.simulator.requests();
        let body: Value = serde_json::from_str(&requests.last().unwrap().body).unwrap();
        body
    };
    assert_eq!(sent(&["--", "--dry-run"])["text"], "--dry-run");
    for text in ["-hi there", "- first", "-5", "--- ", "--ask Ada", "-é", "->", "—dash"] {
        assert_eq!(sent(&[text])["text"], text);
    }
    assert_eq!(sent(&["hello", "--rich-text=--bold"])["richText"], "--bold");
    // HubSpot decides whether it accepts that.
    account.run(&["messages", "comment", &thread, "--rich-text", "<b>hello</b>"]);
    let requests = account.simulator.requests();
    let body: Value = serde_json::from_str(&requests.last().unwrap().body).unwrap();
    assert_eq!((&body["text"], &body["richText"]), (&json!(""), &json!("<b>hello</b>")));
}

#[test]
fn what_is_missing_is_named_with_all_that_can_give_it() {
    let server = Server::json("{}");
    for command in [
        &["messages", "reply", "7", "--as-agent", "5"][..],
        &["messages", "comment", "7"],
        &["messages", "find-sent", "7"],
    ] {
        let output = server.run(command);
        assert!(refused(&output).contains("--text-file"), "{}", output.stderr);
    }
    assert_eq!(server.count(), 0, "nothing is sent");
}

#[test]
fn what_is_empty_is_not_taken_for_what_is_not_given() {
    let server = Server::json(r#"{"results":[]}"#);
    let list = ["threads", "list", "--output", "json"];
    for option in ["--base-url", "--token-file", "--api-version", "--after", "--property", "--sort"]
    {
        let output = server.run(&[&list[..], &[option, ""]].concat());
        assert!(refused(&output).contains(option), "{option}: {}", output.stderr);
    }
    for variable in ["HUBSPOT_BASE_URL", "HUBSPOT_API_VERSION", "HUBSPOT_ACCESS_TOKEN"] {
        let mut command = program_at(&server.base_url, &list);
        let output = run(command.env(variable, ""), "");
        assert!(refused(&output).contains(variable), "{variable}: {}", output.stderr);
    }
    let mut command = program_at(&server.base_url, &["custom-channels", "list"]);
    let output = run(command.env("HUBSPOT_APP_ID", ""), "");
    assert!(refused(&output).contains("HUBSPOT_APP_ID"), "{}", output.stderr);
    assert_eq!(server.count(), 0, "nothing is sent");
}

#[test]
fn a_token_in_place_of_its_file_is_not_repeated() {
    let server = Server::json("{}");
    let oauth = "CNrZ7pHYMBIHAAEAQAAAAA5ec4e7CjVoIAwoEY0aaA";
    for token in [TOKEN, "pat-eu1-5ec4e7", oauth] {
        let output = server.run(&["inboxes", "list", "--token-file", token]);
        assert!(
            refused(&output).contains("--token-file takes the path of a file"),
            "{}",
            output.stderr
        );
        assert!(!output.stderr.contains(token), "{}", output.stderr);
    }
    for wrong in [&["inboxes", "list", TOKEN][..], &[TOKEN], &["inboxes", "list", "--token", TOKEN]]
    {
        refused(&server.run(wrong));
    }
    let output = run(&mut program_at(TOKEN, &["inboxes", "list"]), "");
    refused(&output);
    let missing = server.run(&["inboxes", "list", "--token-file", "/no/such/file"]);
    assert!(refused(&missing).contains("/no/such/file"), "{}", missing.stderr);
    assert_eq!(server.count(), 0, "nothing is sent");
}

#[test]
fn more_than_can_be_simulated_is_refused() {
    for options in [
        &["--threads", "99999999999"][..],
        &["--threads", "18446744073709551615"],
        &["--messages", "99999999999"],
        &["--threads", "100000", "--messages", "10000"],
    ] {
        let output = run(&mut program(&[&["simulate"], options].concat()), "");
        let error = refused(&output);
        assert!(error.contains("--threads") || error.contains("--messages"), "{error}");
        assert!(error.contains("at most") || error.contains(".."), "{error}");
    }
}

#[test]
fn what_is_no_id_is_named_with_its_fault() {
    let server = Server::json("{}");
    for (id, fault) in [
        ("99\u{1b}[31m99", "a control character"),
        ("99\u{7}", "a control character"),
        ("9 9", "white space"),
        ("https://app.hubspot.com/live-messages/62515/inbox/9999999655", "a URL"),
        ("62515/9999999655", "`/`"),
        ("9999999655#email", "`#`"),
        ("9999999655?x=1", "`?`"),
        ("abc", "digits"),
        ("A-7", "digits"),
        ("-7", "digits"),
        ("99999999999999999999", "digits"),
    ] {
        let output = server.run(&["threads", "get", "--", id]);
        let error = refused(&output);
        assert!(error.contains(fault), "{id}: {error}");
    }
    for command in [
        &["inboxes", "get", "one"][..],
        &["channels", "get", "email"],
        &["channel-accounts", "get", "x"],
        &["threads", "list", "--inbox", "help desk"],
        &["threads", "list", "--contact", "ada@example.com"],
        &["threads", "list", "--ticket", "T-1"],
        &["messages", "get", "7", "https://example.com/m1"],
        &["messages", "get", "7", "a/b"],
        &["threads", "assign", "7", "ada lovelace"],
        &["actors", "get", "https://app.hubspot.com/A-7"],
    ] {
        refused(&server.run(command));
    }
    assert_eq!(server.count(), 0, "nothing is sent");
    server.run(&["actors", "get", "E-ada/x@example.com"]);
    server.run(&["messages", "get", "7", "4f1c2a3e-0000-4000-8000-00000badf00d"]);
    server.run(&["threads", "get", " 7 "]);
    assert_eq!(server.count(), 3, "these are ids");
}

#[test]
fn a_message_with_members_that_are_not_known_is_not_sent() {
    let server = Server::json("{}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("message.json");
    let send = |json: Value| {
        fs::write(&file, json.to_string()).unwrap();
        server.run(&["messages", "send", "7", file.to_str().unwrap()])
    };
    let message = json!({
        "type": "MESSAGE", "text": "secret", "attachments": [], "recipients": [], "senderActorId": "A-1",
        "channelId": "1002", "channelAccountId": "5", "richTxt": "x", "cc": ["x"], "inReplyToId": null,
    });
    let output = send(message);
    let error = refused(&output);
    for unknown in ["`cc`", "`richTxt`", "unknown fields "] {
        assert!(error.contains(unknown), "{error}");
    }
    assert!(!error.contains("secret") && !error.contains("inReplyToId"), "{error}");
    let comment = json!({ "type": "COMMENT", "text": "hello", "attachments": [{ "type": "FILE", "fileId": "1", "url": "x" }] });
    let output = send(comment);
    assert!(refused(&output).contains("unknown field `attachments[0].url`"), "{}", output.stderr);
    assert_eq!(server.count(), 0, "nothing is sent");
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_text() {
    let account = Account::new();
    let thread = account.first(&["threads", "list"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("text");
    let file_name = file.to_str().unwrap();
    let last = || {
        let requests = account.simulator.requests();
        let body: Value = serde_json::from_str(&requests.last().unwrap().body).unwrap();
        body
    };
    fs::write(&file, "\u{feff}hello\r\n").unwrap();
    account.run(&["messages", "comment", &thread, "--text-file", file_name]).data();
    assert_eq!(last()["text"], "hello");
    account.run_with(&["messages", "comment", &thread, "-"], "\u{feff}hello").data();
    assert_eq!(last()["text"], "hello");
    fs::write(&file, "\u{feff}{\"type\":\"COMMENT\",\"text\":\"json\",\"attachments\":[]}")
        .unwrap();
    account.run(&["messages", "send", &thread, file_name]).data();
    assert_eq!(last()["text"], "json");
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_printed_is_a_failure() {
    for asked in [&["--help"][..], &["--version"], &["threads", "list", "-h"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let status = program(asked).stdout(full).stderr(std::process::Stdio::null()).status();
        assert_eq!(status.unwrap().code(), Some(1), "{asked:?}");
        assert_eq!(run(&mut program(asked), "").code, 0, "{asked:?}");
    }
}
