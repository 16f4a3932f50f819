//! Every operation of the API has its command, with every parameter, and it does what it says.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::collections::BTreeMap;

use hubspot_conversations::{OPERATIONS, OperationId};
use serde_json::{Value, json};

use program::{Account, TOKEN, id, program, run};

/// What the simulated account holds to name on a command line.
struct Known {
    inbox: String,
    channel: String,
    account: String,
    thread: String,
    message: String,
    actor: String,
}

impl Known {
    fn of(account: &Account) -> Self {
        let (thread, message) = truncated(account);
        Self {
            inbox: account.first(&["inboxes", "list"]),
            channel: account.first(&["channels", "list"]),
            account: account.first(&["channel-accounts", "list"]),
            thread,
            message,
            actor: agent(account),
        }
    }

    /// The command of an operation. One that is new in the document does not compile until it has
    /// one.
    fn command(&self, operation: OperationId) -> Vec<&str> {
        let Self { inbox, channel, account, thread, message, actor } = self;
        match operation {
            OperationId::ListInboxes => vec!["inboxes", "list"],
            OperationId::GetInbox => vec!["inboxes", "get", inbox],
            OperationId::ListChannels => vec!["channels", "list"],
            OperationId::GetChannel => vec!["channels", "get", channel],
            OperationId::ListChannelAccounts => vec!["channel-accounts", "list"],
            OperationId::GetChannelAccount => vec!["channel-accounts", "get", account],
            OperationId::ListThreads => vec!["threads", "list"],
            OperationId::GetThread => vec!["threads", "get", thread],
            OperationId::UpdateThread => vec!["threads", "restore", thread],
            OperationId::ArchiveThread => vec!["threads", "archive", thread],
            OperationId::ListMessages => vec!["messages", "list", thread],
            OperationId::SendMessage => vec!["messages", "comment", thread, "a note"],
            OperationId::GetMessage => vec!["messages", "get", thread, message],
            OperationId::GetOriginalContent => vec!["messages", "original", thread, message],
            OperationId::AssignThread => vec!["threads", "assign", thread, actor],
            OperationId::UnassignThread => vec!["threads", "unassign", thread],
            OperationId::GetActor => vec!["actors", "get", actor],
            OperationId::BatchReadActors => vec!["actors", "resolve", actor],
            OperationId::CreateVisitorToken => vec!["visitors", "token", "ada@example.com"],
        }
    }
}

/// A thread and its message that HubSpot shows truncated.
fn truncated(account: &Account) -> (String, String) {
    for thread in account.list(&["threads", "list"]) {
        let thread = id(&thread);
        let messages = account.list(&["messages", "list", &thread]);
        let is_cut = |message: &&Value| {
            message["truncationStatus"].as_str().is_some_and(|status| status != "NOT_TRUNCATED")
        };
        if let Some(message) = messages.iter().find(is_cut) {
            return (thread, id(message));
        }
    }
    panic!("the account has no truncated message");
}

fn agent(account: &Account) -> String {
    let threads = account.list(&["threads", "list"]);
    let mut agents = threads.iter().filter_map(|thread| thread["assignedTo"].as_str());
    agents.next().expect("no thread is assigned").to_owned()
}

#[test]
fn every_operation_has_a_command() {
    let account = Account::new();
    let known = Known::of(&account);
    for operation in &OPERATIONS {
        if operation.id == OperationId::UpdateThread {
            account.run(&["threads", "archive", &known.thread]);
        }
        account.simulator.clear_requests();
        let ran = account.run(&known.command(operation.id));
        let sent: Vec<_> = account.simulator.requests();
        assert_eq!(ran.code, 0, "{}: {}", operation.name, ran.stderr);
        assert_eq!(sent.len(), 1, "{} sends one request", operation.name);
        assert_eq!(sent[0].operation, Some(operation.id), "{}", operation.name);
        if operation.id == OperationId::ArchiveThread {
            account.run(&["threads", "restore", &known.thread]);
        }
    }
}

/// The option of a parameter, and a value for it.
fn option(parameter: &str) -> [&'static str; 2] {
    match parameter {
        "after" => ["--after", "cursor"],
        "archived" => ["--archived", ""],
        "associatedContactId" => ["--contact", "1"],
        "associatedTicketId" => ["--ticket", "1"],
        "association" => ["--association", "ticket"],
        "channelId" => ["--channel", "1000"],
        "defaultPageLength" => ["--default-page-length", "5"],
        "inboxId" => ["--inbox", "1"],
        "latestMessageTimestampAfter" => ["--latest-message-after", "2026-01-02T03:04:05+01:00"],
        "limit" => ["--page-size", "5"],
        "property" => ["--property", "id"],
        "sort" => ["--sort", "-createdAt"],
        "threadStatus" => ["--status", "open"],
        other => panic!("the parameter {other} has no option"),
    }
}

#[test]
fn every_parameter_is_an_option() {
    let document: Value =
        serde_json::from_str(include_str!("../../../openapi/conversations.json")).unwrap();
    let account = Account::new();
    let known = Known::of(&account);
    let mut checked = 0;
    for operation in &OPERATIONS {
        let path = &document["paths"][operation.path];
        let described = &path[operation.method.as_str().to_lowercase()];
        let parameters = [&path["parameters"], &described["parameters"]];
        for parameter in parameters.into_iter().filter_map(Value::as_array).flatten() {
            let parameter = match parameter["$ref"].as_str() {
                Some(reference) => document.pointer(&reference[1..]).unwrap(),
                None => parameter,
            };
            if parameter["in"] != "query" {
                continue;
            }
            let name = parameter["name"].as_str().unwrap();
            let mut command = known.command(operation.id);
            // Restoring says it by itself.
            if operation.id != OperationId::UpdateThread {
                command.extend(option(name).into_iter().filter(|part| !part.is_empty()));
            }

            account.simulator.clear_requests();
            account.run(&command);
            let requests = account.simulator.requests();
            let sent = requests.first().unwrap_or_else(|| panic!("{command:?} sends nothing"));
            assert!(
                sent.query.split('&').any(|pair| pair.split('=').next() == Some(name)),
                "{command:?} does not send {name}: {}",
                sent.query
            );
            checked += 1;
        }
    }
    assert!(checked > 30, "only {checked} parameters were found in the document");
}

#[test]
fn options_of_a_list_can_be_repeated() {
    let account = Account::new();
    account.simulator.clear_requests();
    account.run(&["channel-accounts", "list", "--channel", "1000", "--channel", "1002"]).data();
    account.run(&["threads", "list", "--property", "status", "--property", "inboxId"]).data();
    let queries: Vec<_> =
        account.simulator.requests().into_iter().map(|request| request.query).collect();
    assert_eq!(queries, ["channelId=1000&channelId=1002", "property=status%2CinboxId"]);
}

/// What the last request said.
fn last_body(account: &Account) -> Value {
    serde_json::from_str(&account.simulator.requests().last().unwrap().body).unwrap()
}

#[test]
fn threads_are_closed_reopened_archived_restored_and_assigned() {
    let account = Account::new();
    let thread = id(&account.list(&["threads", "list", "--status", "OPEN"])[0]);
    let agent = agent(&account);
    let run = |command: &str, more: &[&str]| {
        let ran = account.run(&[&["threads", command, &thread, "--output", "json"], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        serde_json::from_str::<Value>(&ran.stdout).unwrap_or_default()
    };

    assert_eq!(run("close", &[])["status"], "CLOSED");
    assert_eq!(run("reopen", &[])["status"], "OPEN");
    assert_eq!(run("archive", &[]), Value::Null);
    assert_eq!(run("get", &["--archived"])["archived"], true);
    assert_eq!(run("restore", &[])["archived"], false);
    let user_id = agent.strip_prefix("A-").unwrap();
    assert_eq!(run("assign", &[user_id])["assignedTo"], *agent);
    assert_eq!(run("unassign", &[]), Value::Null);
    assert_eq!(run("get", &[])["assignedTo"], Value::Null);
}

/// A thread whose latest message came from outside, by e-mail.
fn email_thread(account: &Account) -> String {
    let threads = account.list(&["threads", "list"]);
    let by_email = threads.iter().find(|thread| thread["originalChannelId"] == "1002");
    id(by_email.expect("no thread came by e-mail"))
}

#[test]
fn a_reply_goes_where_the_visitor_wrote_last() {
    let account = Account::new();
    let thread = email_thread(&account);
    let reply = ["messages", "reply", &thread, "-", "--as-agent", "2620203"];
    let options = [
        "--subject",
        "Your order",
        "--cc",
        "ada@example.com",
        "--cc",
        "grace@example.com",
        "--rich-text",
        "<p>It is on its way.</p>",
        "--attach",
        "https://example.com/label.pdf",
    ];
    let sent = account
        .run_with(&[&reply[..], &options, &["--output", "json"]].concat(), "It is on its way.\n")
        .record();

    assert_eq!(sent["type"], "MESSAGE");
    let body = last_body(&account);
    assert_eq!(body["text"], "It is on its way.", "the last line break is not part of it");
    assert_eq!(body["richText"], "<p>It is on its way.</p>");
    assert_eq!(body["senderActorId"], "A-2620203");
    assert_eq!(body["subject"], "Your order");
    assert_eq!(
        body["attachments"],
        json!([{ "type": "FILE", "fileId": "https://example.com/label.pdf" }])
    );
    let fields: Vec<_> = body["recipients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|recipient| recipient["recipientField"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["TO", "CC", "CC"]);
}

#[test]
fn a_comment_is_left_for_the_team() {
    let account = Account::new();
    let thread = account.first(&["threads", "list"]);
    let comment = ["messages", "comment", &thread, "Ask Ada", "--rich-text", "<b>Ask Ada</b>"];
    let sent = account.run(&[&comment[..], &["--output", "json"]].concat()).record();
    assert_eq!(sent["type"], "COMMENT");
    assert_eq!(
        last_body(&account),
        json!({
            "type": "COMMENT",
            "text": "Ask Ada",
            "richText": "<b>Ask Ada</b>",
            "attachments": [],
        })
    );
}

#[test]
fn a_message_is_sent_as_it_is_given() {
    let account = Account::new();
    let thread = account.first(&["threads", "list"]);
    let comment = json!({ "type": "COMMENT", "text": "from JSON", "attachments": [] });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("comment.json");
    std::fs::write(&file, comment.to_string()).unwrap();

    account.run(&["messages", "send", &thread, file.to_str().unwrap()]).data();
    assert_eq!(last_body(&account), comment);
    account.run_with(&["messages", "send", &thread, "-"], &comment.to_string()).data();
    assert_eq!(last_body(&account), comment);
}

#[test]
fn what_is_no_message_is_not_sent() {
    let account = Account::new();
    let thread = account.first(&["threads", "list"]);
    account.simulator.clear_requests();
    for wrong in ["", "[]", "{\"text\":\"secret\"}", "{\"type\":\"COMMENT\",\"text\":7}"] {
        let error = account.run_with(&["messages", "send", &thread, "-"], wrong).error(2);
        assert!(error.contains("no message to send"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
    account.run_with(&["messages", "comment", &thread, "-"], " \n").error(2);
    account.run(&["messages", "send", &thread, "/nowhere/comment.json"]).error(2);
    assert!(account.simulator.requests().is_empty());
}

#[test]
fn actors_are_resolved_from_arguments_and_standard_input() {
    let account = Account::new();
    let known = agent(&account);
    let visitor = account
        .list(&["threads", "list"])
        .iter()
        .find_map(|thread| Some(format!("V-{}", thread["associatedContactId"].as_str()?)))
        .unwrap();
    let resolve = ["actors", "resolve", &known, "-", "--output", "jsonl"];

    let found = account.run_with(&resolve, &format!("{visitor}\n{known}\n")).records();
    let ids: Vec<_> = found.iter().map(id).collect();
    assert_eq!(ids, [known.clone(), visitor.clone()]);

    let ran = account.run_with(&resolve, &format!("A-1\n{visitor}\n"));
    assert_eq!(ran.stdout.lines().count(), 2, "what is known is printed all the same");
    assert_eq!(ran.error(1), "error: 1 of 3 actors were not found: A-1; check the ids");
}

#[test]
fn a_visitor_token_carries_what_is_said_of_the_visitor() {
    let account = Account::new();
    let token = ["visitors", "token", "ada@example.com", "--first-name", "Ada"];
    let more = ["--last-name", "Lovelace", "--context", "plan=gold", "--context", "lang=en=GB"];
    let made = account.run(&[&token[..], &more, &["--output", "json"]].concat()).record();
    assert!(made["token"].is_string());
    assert_eq!(
        last_body(&account),
        json!({
            "email": "ada@example.com",
            "firstName": "Ada",
            "lastName": "Lovelace",
            "hsCustomerAgentContext": { "plan": "gold", "lang": "en=GB" },
        })
    );
}

#[test]
fn the_demo_needs_neither_token_nor_server() {
    let listed = run(&mut program(&["--demo", "threads", "list", "--output", "jsonl"]), "");
    assert_eq!(listed.records().len(), 25);

    // After the command, too, and whatever the environment says.
    let mut demo = program(&["inboxes", "list", "--demo"]);
    let ran =
        run(demo.env("HUBSPOT_ACCESS_TOKEN", TOKEN).env("HUBSPOT_BASE_URL", "no address"), "");
    assert_eq!(ran.data().lines().count(), 4);

    let folder = tempfile::tempdir().unwrap();
    let mut export = program(&["--demo", "export", folder.path().to_str().unwrap()]);
    assert_eq!(run(&mut export, "").code, 0);
    let counts: BTreeMap<_, _> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|file| {
            let file = file.unwrap();
            let text = std::fs::read_to_string(file.path()).unwrap();
            (file.file_name().into_string().unwrap(), text.lines().count())
        })
        .collect();
    assert_eq!(counts["threads.jsonl"], 25);
    assert_eq!(counts["messages.jsonl"], 300);
}
