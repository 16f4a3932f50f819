//! Every operation of the API has its command, with every parameter, and it does what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::Stdio;

use hubspot_conversations::{ApiVersion, OPERATIONS, OperationId};
use serde_json::{Value, json};
use tempfile::{NamedTempFile, TempPath};

use crate::program::{self, Account, KEY, Output, Server, TOKEN, id, program, publication, run};
use hubspot_conversations_sim::{Fault, RecordedRequest as Sent};

const README: &str = include_str!("../../../../README.md");

/// Ids of the simulated account for command lines.
struct AccountIds {
    inbox: String,
    channel: String,
    account: String,
    thread: String,
    message: String,
    actor: String,
    custom_channel: String,
    /// One to archive, which no other command needs.
    spare_channel: String,
    custom_account: String,
    account_token: String,
    custom_message: String,
    /// A file with a message to publish.
    publication: TempPath,
}

impl AccountIds {
    fn of(account: &Account) -> Self {
        let (thread, message) = truncated(account);
        let inbox = account.first(&["inboxes", "list"]);
        let (custom_channel, custom_account) = account.custom_channel();
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(publication(&custom_account).to_string().as_bytes()).unwrap();
        Self {
            spare_channel: account.custom_channel().0,
            account_token: account.simulator.staging_token(&custom_channel, &inbox).unwrap(),
            custom_message: account.published(&custom_channel, &custom_account),
            custom_channel,
            custom_account,
            publication: file.into_temp_path(),
            inbox,
            channel: account.first(&["channels", "list"]),
            account: account.first(&["channel-accounts", "list"]),
            thread,
            message,
            actor: agent(account),
        }
    }

    /// The command of an operation. Empty, if it has no command yet.
    fn command(&self, operation: OperationId) -> Vec<&str> {
        let documented = self.documented(operation);
        let more: &[&str] = match operation {
            OperationId::UpdateThread => return vec!["threads", "restore", &self.thread],
            OperationId::SendMessage => {
                return vec!["messages", "comment", &self.thread, "a note"];
            }
            OperationId::UpdateCustomChannelMessage => {
                let Self { custom_channel, custom_message, .. } = self;
                return vec!["custom-channel-messages", "read", custom_channel, custom_message];
            }
            // Others need the first one.
            OperationId::ArchiveCustomChannel => {
                return vec!["custom-channels", "archive", &self.spare_channel];
            }
            OperationId::UpdateCustomChannel => &["--name", "Pigeon"],
            OperationId::CreateCustomChannelAccount => &["--inbox", &self.inbox],
            OperationId::UpdateCustomChannelAccount => &["--authorized=false"],
            OperationId::UpdateStagingToken => &["--name", "Loft"],
            OperationId::PublishCustomChannelMessage => &[self.publication.to_str().unwrap()],
            _ => &[],
        };
        [&documented, more].concat()
    }

    /// The command that the README's table has for an operation, with ids of the account.
    fn documented(&self, operation: OperationId) -> Vec<&str> {
        let begin = format!("| `{}` |", operation.operation().name);
        let row = README.lines().find(|line| line.starts_with(&begin));
        let command = row.map_or("", |row| row.split(" | ").nth(2).unwrap().trim_matches('`'));
        let group = command.split(' ').next().unwrap();
        command.split_whitespace().map(|word| self.value(group, word)).collect()
    }

    /// What to write for a word of the table.
    fn value<'a>(&'a self, group: &str, word: &'a str) -> &'a str {
        match (group, word) {
            ("inboxes", "ID") => &self.inbox,
            ("channels", "ID") => &self.channel,
            ("channel-accounts", "ID") => &self.account,
            ("threads", "ID") | ("messages", "THREAD") => &self.thread,
            ("messages", "ID") => &self.message,
            (_, "ACTOR") | ("actors", "ID" | "ID…") => &self.actor,
            (_, "CHANNEL") | ("custom-channels", "ID") => &self.custom_channel,
            ("custom-channel-accounts", "ID") => &self.custom_account,
            ("custom-channel-accounts", "TOKEN") => &self.account_token,
            ("custom-channel-messages", "ID") => &self.custom_message,
            (_, "EMAIL") => "ada@example.com",
            (_, "NAME") => "Pigeon",
            (_, word) => word,
        }
    }
}

/// A thread with a truncated message, and that message.
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

/// Runs the command of each operation, and passes on what it sent.
fn run_all(account: &Account, options: &[&str], check: impl Fn(OperationId, Output, Vec<Sent>)) {
    let known = AccountIds::of(account);
    for operation in OPERATIONS {
        if operation.id == OperationId::UpdateThread {
            account.run(&["threads", "archive", &known.thread]);
        }
        account.simulator.clear_requests();
        let command = known.command(operation.id);
        assert!(
            !command.is_empty(),
            "{} has no command: give it one in crates/hubspot-conversations-cli/src/commands/, and \
             a row in README.md",
            operation.name
        );
        let output = account.run(&[&command, options].concat());
        check(operation.id, output, account.simulator.requests());
        if operation.id == OperationId::ArchiveThread {
            account.run(&["threads", "restore", &known.thread]);
        }
    }
}

#[test]
fn every_operation_has_a_command() {
    // A table would also request the names of inboxes and channels.
    run_all(&Account::new(), &["--output", "jsonl"], |operation, output, sent| {
        assert_eq!(output.code, 0, "{operation:?}: {}", output.stderr);
        assert_eq!(sent.len(), 1, "{operation:?} sends one request");
        assert_eq!(sent[0].operation, Some(operation));
    });
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_done_and_cannot_be_printed_is_reported_as_done() {
    let account = Account::new();
    let known = AccountIds::of(&account);
    let mut changes = 0;
    for operation in OPERATIONS {
        let only_reads = operation.method == "GET" || operation.id == OperationId::BatchReadActors;
        let prints_nothing = matches!(
            operation.id,
            OperationId::ArchiveThread
                | OperationId::UnassignThread
                | OperationId::ArchiveCustomChannel
        );
        if operation.id == OperationId::UpdateThread {
            account.run(&["threads", "archive", &known.thread]);
        }
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut program = account.program(&known.command(operation.id));
        let output = program::wait(program.stdout(full).stderr(Stdio::piped()).spawn().unwrap());
        let id = operation.id;
        if prints_nothing {
            assert_eq!(output.code, 0, "{id:?}: {}", output.stderr);
        } else if only_reads {
            assert!(output.error(1).contains("cannot print the result"), "{id:?}");
        } else {
            changes += 1;
            let error = output.error(4);
            assert!(error.contains("but the result cannot be printed: No space left"), "{error}");
        }
        if operation.id == OperationId::ArchiveThread {
            account.run(&["threads", "restore", &known.thread]);
        }
    }
    assert_eq!(changes, 11);
}

#[test]
fn what_is_sent_to_a_closed_pipe_is_reported_with_its_id() {
    let account = Account::new();
    let thread = account.first(&["threads", "list"]);
    for format in ["table", "json", "jsonl"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut program =
            account.program(&["messages", "comment", &thread, "Ask Ada", "--output", format]);
        let output = program::wait(program.stdout(writer).stderr(Stdio::piped()).spawn().unwrap());
        let id = account.first(&["messages", "list", &thread]);
        let error = output.error(4);
        assert!(error.starts_with(&format!("error: the comment {id} was sent, but ")), "{error}");
    }
}

#[test]
fn every_operation_goes_where_its_version_has_it() {
    for version in ApiVersion::ALL {
        let name = version.as_str();
        run_all(&Account::new(), &["--api-version", name], |operation, output, sent| {
            let root = operation.operation().root.unwrap();
            match root.in_version(name) {
                Some(root) => {
                    assert_eq!(output.code, 0, "{operation:?} {name}: {}", output.stderr);
                    assert_eq!(sent[0].operation, Some(operation), "{name}");
                    assert!(sent[0].path.starts_with(root), "{operation:?} {name}");
                }
                None => {
                    let error = output.error(2);
                    assert!(error.contains(&format!("API version {name} cannot ")), "{error}");
                    assert!(sent.is_empty(), "{operation:?} {name} sends something");
                }
            }
        });
    }
}

#[test]
fn a_version_or_root_can_be_set_for_all_commands() {
    let account = Account::new();
    let path = |arguments: &[&str], version: &str| {
        account.simulator.clear_requests();
        let mut list = account.program(&[&["inboxes", "list"], arguments].concat());
        run(list.env("HUBSPOT_API_VERSION", version), "");
        account.simulator.requests().pop().unwrap().path
    };
    assert_eq!(path(&[], "v3"), "/conversations/v3/conversations/inboxes");
    assert_eq!(path(&[], "2026-09"), "/conversations/conversations/2026-09/inboxes");
    let v3 = ["--api-version", "v3"];
    assert_eq!(path(&v3, "2026-09"), "/conversations/v3/conversations/inboxes");
    let root = ["--root", "assignees=/a", "--root", "conversations=/guide/2026-09"];
    assert_eq!(path(&root, "2026-03"), "/guide/2026-09/inboxes", "although 2026-03 has none");
}

#[test]
fn each_credential_is_for_its_commands() {
    let account = Account::new();
    let base_url = account.simulator.base_url();
    let with = |name: &str, value: &str, arguments: &[&str]| {
        let mut command = program(arguments);
        command.env("HUBSPOT_BASE_URL", base_url).env(name, value);
        run(&mut command, "").data()
    };
    let app = ["custom-channels", "list", "--app-id", "1234567"];
    with("HUBSPOT_DEVELOPER_KEY", &format!(" {KEY}\n"), &app);
    with("HUBSPOT_ACCESS_TOKEN", TOKEN, &["inboxes", "list"]);
    let queries: Vec<_> =
        account.simulator.requests().into_iter().map(|request| request.query).collect();
    assert_eq!(queries, ["hapikey=***&appId=1234567", ""]);
}

/// The option of a parameter, and a value for it.
fn option(parameter: &Value) -> Vec<String> {
    let name = parameter["name"].as_str().unwrap();
    let words = match name {
        "after" => ["--after", "cursor"],
        "associatedContactId" => ["--contact", "1"],
        "associatedTicketId" => ["--ticket", "1"],
        "association" => ["--association", "ticket"],
        "channelId" => ["--channel", "1000"],
        "defaultPageLength" => ["--default-page-length", "5"],
        "deliveryIdentifierType" | "deliveryIdentifierValue" => {
            ["--address", "HS_EMAIL_ADDRESS=ada@example.com"]
        }
        "inboxId" => ["--inbox", "1"],
        "latestMessageTimestampAfter" => ["--latest-message-after", "2026-01-02T03:04:05+01:00"],
        "limit" => ["--page-size", "5"],
        "property" => ["--property", "id"],
        "sort" => ["--sort", "-createdAt"],
        "threadStatus" => ["--status", "open"],
        _ => return regular_option(name, &parameter["schema"]),
    };
    words.map(str::to_owned).to_vec()
}

/// The option of a parameter that is called like it, and a value of its type.
fn regular_option(name: &str, schema: &Value) -> Vec<String> {
    let dashed: String = name
        .chars()
        .flat_map(|letter| {
            letter.is_uppercase().then_some('-').into_iter().chain(letter.to_lowercase())
        })
        .collect();
    let value = match schema["type"].as_str() {
        Some("boolean") => None,
        Some("integer" | "number") => Some("5"),
        _ => Some("7"),
    };
    std::iter::once(format!("--{dashed}")).chain(value.map(str::to_owned)).collect()
}

fn document() -> Value {
    serde_json::from_str(include_str!("../../../../openapi/conversations.json")).unwrap()
}

#[test]
fn every_parameter_is_an_option() {
    let document = document();
    let account = Account::new();
    let known = AccountIds::of(&account);
    let mut checked = 0;
    for operation in OPERATIONS {
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
            let option = option(parameter);
            // Restoring sets it itself.
            if operation.id != OperationId::UpdateThread {
                command.extend(option.iter().map(String::as_str));
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

/// Every capability as options.
const CAPABILITIES: &[&str] = &[
    "--delivery-identifier-type",
    "hs_email_address",
    "--delivery-identifier-type",
    "CHANNEL_SPECIFIC_OPAQUE_ID",
    "--rich-text",
    "bold",
    "--threading-model",
    "delivery_identifier",
    "--allow-inline-images",
    "--allow-outgoing-messages=true",
    "--allow-conversation-start=false",
    "--allow-multiple-recipients=false",
    "--outgoing-attachment-type",
    "file",
    "--allowed-file-attachment-mime-type",
    "image/*",
    "--max-file-attachment-count",
    "3",
    "--max-file-attachment-size-bytes",
    "5000000000",
    "--max-total-file-attachment-size-bytes",
    "0",
];

/// Every detail of a channel as options.
const DETAILS: &[&str] = &[
    "--webhook-url",
    "https://example.com/hook",
    "--description",
    "By air",
    "--logo-url",
    "https://example.com/logo.png",
    "--account-connection-redirect-url",
    "https://example.com/connect",
];

fn fields(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn every_field_of_a_body_is_an_option() {
    let document = document();
    let schema = |name: &str| fields(&document["components"]["schemas"][name]["properties"]);
    let account = Account::new();
    let known = AccountIds::of(&account);
    let address = ["--address", "hs_email_address=ada@example.com"];
    let create = [&["custom-channels", "create", "Pigeon"], DETAILS, CAPABILITIES].concat();
    let update = known.command(OperationId::UpdateCustomChannel);
    let update = [&update, DETAILS, CAPABILITIES].concat();
    let create_account = known.command(OperationId::CreateCustomChannelAccount);
    let create_account = [&create_account[..], &address].concat();
    let update_account = known.command(OperationId::UpdateCustomChannelAccount);
    let update_account = [&update_account[..], &["--name", "Roof"]].concat();
    let complete = known.command(OperationId::UpdateStagingToken);
    let complete = [&complete[..], &address].concat();
    let failed = ["failed", &known.custom_channel, &known.custom_message, "It was eaten."];
    let failed = [&["custom-channel-messages"], &failed[..]].concat();

    for (command, body) in [
        (&create, "NewCustomChannel"),
        (&update, "CustomChannelUpdate"),
        (&create_account, "NewCustomChannelAccount"),
        (&update_account, "CustomChannelAccountUpdate"),
        (&complete, "StagingTokenUpdate"),
        (&failed, "DeliveryUpdate"),
    ] {
        account.run(command).data();
        let sent = last_body(&account);
        assert_eq!(fields(&sent), schema(body), "{command:?}");
        if let Some(capabilities) = sent.get("capabilities") {
            assert_eq!(fields(capabilities), schema("ChannelCapabilities"), "{command:?}");
        }
    }
}

#[test]
fn custom_channels_are_registered_changed_and_archived() {
    let account = Account::new();
    let run = |arguments: &[&str]| {
        let output =
            account.run(&[&["custom-channels"], arguments, &["--output", "json"]].concat());
        assert_eq!(output.code, 0, "{}", output.stderr);
        serde_json::from_str::<Value>(&output.stdout).unwrap_or_default()
    };
    let channel = run(&[&["create", "Pigeon"], DETAILS, CAPABILITIES].concat());
    let capabilities = json!({
        "deliveryIdentifierTypes": ["HS_EMAIL_ADDRESS", "CHANNEL_SPECIFIC_OPAQUE_ID"],
        "richText": ["BOLD"],
        "threadingModel": "DELIVERY_IDENTIFIER",
        "allowInlineImages": true,
        "allowOutgoingMessages": true,
        "allowConversationStart": false,
        "allowMultipleRecipients": false,
        "outgoingAttachmentTypes": ["FILE"],
        "allowedFileAttachmentMimeTypes": ["image/*"],
        "maxFileAttachmentCount": 3,
        "maxFileAttachmentSizeBytes": 5_000_000_000_u64,
        "maxTotalFileAttachmentSizeBytes": 0,
    });
    assert_eq!(channel["capabilities"], capabilities);
    let channel = id(&channel);

    let clear = ["--clear", "webhook-url,logo-url", "--clear", "description"];
    let update = ["update", &channel, "--account-connection-redirect-url", "https://example.com"];
    let updated = run(&[&update[..], &clear].concat());
    assert_eq!(
        last_body(&account),
        json!({
            "webhookUrl": null,
            "channelLogoUrl": null,
            "channelDescription": null,
            "channelAccountConnectionRedirectUrl": "https://example.com",
        }),
        "what is neither given nor cleared is not sent"
    );
    assert_eq!(updated["name"], "Pigeon");
    assert_eq!(updated["webhookUrl"], Value::Null);
    assert_eq!(updated["capabilities"], capabilities);

    let json = ["custom-channels", "update", &channel, "--capabilities", "-"];
    account.run_with(&json, r#"{"allowInlineImages":false}"#).data();
    assert_eq!(last_body(&account), json!({ "capabilities": { "allowInlineImages": false } }));

    assert_eq!(run(&["archive", &channel]), Value::Null);
    let listed = run(&["list"]);
    assert!(!listed.as_array().unwrap().iter().any(|listed| id(listed) == channel), "{listed}");
}

#[test]
fn accounts_of_a_custom_channel_are_connected() {
    let account = Account::new();
    let (channel, _) = account.custom_channel();
    let inbox = account.first(&["inboxes", "list"]);
    let create = ["custom-channel-accounts", "create", &channel, "Roof", "--inbox", &inbox];
    let address = ["--address", "CHANNEL_SPECIFIC_OPAQUE_ID=roof=1", "--authorized=false"];
    account.run(&[&create[..], &address].concat()).data();
    assert_eq!(
        last_body(&account),
        json!({
            "name": "Roof",
            "inboxId": inbox,
            "authorized": false,
            "deliveryIdentifier": { "type": "CHANNEL_SPECIFIC_OPAQUE_ID", "value": "roof=1" },
        })
    );
    let list = ["custom-channel-accounts", "list", &channel];
    let found = account.list(&[&list[..], &address[..2]].concat());
    assert_eq!(found.len(), 1, "of two accounts");

    // The token is a secret until the account is connected.
    let token = account.simulator.staging_token(&channel, &inbox).unwrap();
    let complete = ["custom-channel-accounts", "complete", &channel, "-", "--name", "Tower"];
    let output = account.run_with(&[&complete[..], &address[..2]].concat(), &format!("{token}\n"));
    let shown = output.data();
    assert!(shown.contains("Tower") && !shown.contains(&token), "{shown}");
    assert_eq!(account.list(&list).len(), 3);
}

#[test]
fn messages_of_a_custom_channel_are_published_and_delivered() {
    let account = Account::new();
    let (channel, loft) = account.custom_channel();
    let run = |command: &str, more: &[&str], stdin: &str| {
        let command = ["custom-channel-messages", command, &channel, "--output", "json"];
        account.run_with(&[&command[..], more].concat(), stdin).record()
    };
    let mut whole = publication(&loft);
    whole["richText"] = json!("<p>It is on its way.</p>");
    whole["integrationThreadId"] = json!("flight 7");
    whole["integrationIdempotencyId"] = json!("once");
    let published = run("publish", &["-"], &whole.to_string());
    assert_eq!(published["type"], "MESSAGE");
    assert_eq!(last_body(&account), whole);
    let message = id(&published);

    assert_eq!(run("sent", &[&message], "")["status"]["statusType"], "SENT");
    assert_eq!(run("read", &[&message], "")["status"]["statusType"], "READ");
    let failed = run("failed", &[&message, "-"], "It was eaten.\n");
    assert_eq!(failed["status"]["failureDetails"]["errorMessage"], "It was eaten.");
    assert_eq!(run("get", &[&message], ""), failed);

    // The table includes the thread.
    let table = account.run(&["custom-channel-messages", "get", &channel, &message]).data();
    let thread = published["conversationsThreadId"].as_str().unwrap();
    assert!(table.lines().any(|line| line == format!("THREAD       {thread}")), "{table}");
}

#[test]
fn what_would_be_lost_of_a_body_is_not_sent() {
    let account = Account::new();
    let (channel, loft) = account.custom_channel();
    account.simulator.clear_requests();
    let publish = ["custom-channel-messages", "publish", &channel, "-"];
    let mut unknown = publication(&loft);
    unknown["priority"] = json!("secret");
    for wrong in ["", "[]", "{\"text\":\"secret\"}", &unknown.to_string()] {
        let error = account.run_with(&publish, wrong).error(2);
        assert!(error.contains("invalid message: "), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
    let update = ["custom-channels", "update", &channel, "--capabilities", "-"];
    let error = account.run_with(&update, r#"{"allowReactions":true}"#).error(2);
    assert!(error.contains("unknown field `allowReactions`"), "{error}");
    assert!(account.simulator.requests().is_empty());
}

#[test]
fn options_of_a_list_can_be_repeated() {
    let account = Account::new();
    account.simulator.clear_requests();
    account.list(&["channel-accounts", "list", "--channel", "1000", "--channel", "1002"]);
    account.list(&["threads", "list", "--property", "status", "--property", "inboxId"]);
    let queries: Vec<_> =
        account.simulator.requests().into_iter().map(|request| request.query).collect();
    assert_eq!(queries, ["channelId=1000&channelId=1002", "property=status%2CinboxId"]);
}

/// The body of the last request that had one. A table requests names after it.
fn last_body(account: &Account) -> Value {
    let requests = account.simulator.requests();
    let last = requests.iter().rev().find(|request| !request.body.is_empty()).unwrap();
    serde_json::from_str(&last.body).unwrap()
}

#[test]
fn threads_are_closed_reopened_archived_restored_and_assigned() {
    let account = Account::new();
    let thread = id(&account.list(&["threads", "list", "--status", "OPEN"])[0]);
    let agent = agent(&account);
    let run = |command: &str, more: &[&str]| {
        let output =
            account.run(&[&["threads", command, &thread, "--output", "json"], more].concat());
        assert_eq!(output.code, 0, "{}", output.stderr);
        serde_json::from_str::<Value>(&output.stdout).unwrap_or_default()
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
        "--attach-id",
        "57774743",
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
    assert_eq!(body["attachments"], json!([{ "type": "FILE", "fileId": "57774743" }]));
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
fn a_reply_goes_to_the_message_that_is_chosen() {
    let account = Account::new();
    let thread = email_thread(&account);
    let messages = account.list(&["messages", "list", &thread]);
    let with = |direction: &str| {
        let mut messages = messages.iter().rev();
        id(messages.find(|message| message["direction"] == direction).unwrap())
    };
    let reply = |message: &str| {
        let reply = ["messages", "reply", &thread, "Hello", "--as-agent", "2620203"];
        account.run(&[&reply[..], &["--in-reply-to", message]].concat())
    };
    let oldest = with("INCOMING");
    reply(&oldest).data();
    let sent = last_body(&account);
    let message = account.run(&["messages", "get", &thread, &oldest, "--output", "json"]).record();
    assert_eq!(
        sent["recipients"][0]["deliveryIdentifiers"][0],
        message["senders"][0]["deliveryIdentifier"]
    );

    account.simulator.clear_requests();
    let outgoing = with("OUTGOING");
    let error = reply(&outgoing).error(1);
    let expected = format!(
        "error: the entry {outgoing} cannot be answered: it is not a message from outside; name \
         another message with --in-reply-to, or use `convo messages send` and say where it goes"
    );
    assert_eq!(error, expected);
    assert_eq!(account.simulator.requests().len(), 1, "nothing is sent");
}

#[test]
fn a_text_can_be_any_text() {
    let account = Account::new();
    let thread = email_thread(&account);
    let (channel, channel_account) = account.custom_channel();
    let message = account.published(&channel, &channel_account);
    for text in ["-hi there", "- first\n- second", "--- ", "-5 %", "-1", "--ask Ada", "---"] {
        account.run(&["messages", "comment", &thread, text]).data();
        assert_eq!(last_body(&account)["text"], text);
        account.run(&["messages", "reply", &thread, text, "--as-agent", "2620203"]).data();
        assert_eq!(last_body(&account)["text"], text);
        account.run(&["messages", "reply", "--as-agent", "2620203", &thread, text]).data();
        assert_eq!(account.run(&["messages", "find-sent", &thread, text]).code, 0, "{text}");
        let failed = ["custom-channel-messages", "failed", &channel, &message, text];
        account.run(&failed).data();
        assert_eq!(last_body(&account)["errorMessage"], text);
    }
    for text in ["--", "-h", "--help", "--rich-text", "--output=json", "--x"] {
        account.run(&["messages", "comment", &thread, "--", text]).data();
        assert_eq!(last_body(&account)["text"], text);
    }
    let options = ["--subject", "-- re", "--rich-text", "-<b>5</b>"];
    let reply = ["messages", "reply", &thread, "5", "--as-agent", "2620203"];
    account.run(&[&reply[..], &options].concat()).data();
    let body = last_body(&account);
    assert_eq!((&body["subject"], &body["richText"]), (&json!("-- re"), &json!("-<b>5</b>")));
}

#[test]
fn a_text_can_be_in_a_file_or_on_standard_input() {
    let account = Account::new();
    let thread = account.first(&["threads", "list"]);
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let (text, html) = (file("text", "-\n Ask Ada\r\n\n"), file("html", "<b>Ask Ada</b>\n"));
    for (arguments, stdin) in [
        (["--text-file", &text, "--rich-text-file", &html], ""),
        (["--text-file", "-", "--rich-text-file", &html], "-\n Ask Ada\n"),
        (["--text-file", &text, "--rich-text-file", "-"], "<b>Ask Ada</b>"),
        (["--text-file", &text, "--rich-text", "-"], "<b>Ask Ada</b>\n"),
        (["-\n Ask Ada", "--rich-text", "-", "--output=json"], "<b>Ask Ada</b>\n"),
    ] {
        let comment = [&["messages", "comment", &thread][..], &arguments].concat();
        account.run_with(&comment, stdin).data();
        let body = last_body(&account);
        assert_eq!(body["text"], "-\n Ask Ada", "{arguments:?}");
        assert_eq!(body["richText"], "<b>Ask Ada</b>", "{arguments:?}");
    }
    let find = ["messages", "find-sent", &thread, "--comment", "--text-file", &text];
    assert_eq!(account.run(&find).code, 0);

    // The text can be empty with HTML or an attachment; HubSpot decides whether the channel accepts it.
    for more in [["--rich-text", "<b>!</b>"], ["--attach-id", "7"]] {
        account.run(&[&["messages", "comment", &thread, ""][..], &more].concat());
        assert_eq!(last_body(&account)["text"], "");
    }
}

#[test]
fn whether_something_was_sent_can_be_unknown() {
    let sent = r#"{"type":"MESSAGE","id":"m1","direction":"OUTGOING","text":"Ask Ada\nGrace"}"#;
    let server = Server::json(&format!(r#"{{"results":[{sent}, 7]}}"#));
    for format in ["table", "json", "jsonl"] {
        let output = server.run(&["messages", "find-sent", "7", "Ask Ada", "--output", format]);
        assert_eq!(output.stdout, "");
        assert_eq!(
            output.error(1),
            "error: cannot tell whether it was sent (entry m1: its text begins like the one looked \
             for; an entry without a readable id: it cannot be read); check with `convo messages \
             list 7` before you send it again"
        );
    }
    let flawed =
        r#"{"type":"MESSAGE","id":"m1","direction":"OUTGOING","text":"Ask Ada","status":{}}"#;
    let server = Server::json(&format!(r#"{{"results":[{flawed}]}}"#));
    let find = ["messages", "find-sent", "7", "Ask Ada", "--output", "json"];
    assert_eq!(server.run(&find).data(), format!("{flawed}\n"), "as it was sent");
}

#[test]
fn what_was_sent_is_found() {
    let account = Account::new();
    let thread = account.first(&["threads", "list"]);
    let find = |text: &str, more: &[&str]| {
        let find = ["messages", "find-sent", &thread, text, "--comment", "--output", "json"];
        account.run_with(&[&find[..], more].concat(), "Ask Ada\r\n")
    };
    let is_not_there = |output: Output| {
        assert_eq!((output.code, output.stdout.as_str()), (3, "null\n"), "{}", output.stderr);
        assert!(
            output.stderr.starts_with("no comment with this text was sent"),
            "{}",
            output.stderr
        );
    };
    is_not_there(find("Ask Ada", &[]));
    let before = account.first(&["messages", "list", &thread]);

    account.simulator.fail_next(OperationId::SendMessage, Fault::LoseAnswer);
    let error = account.run(&["messages", "comment", &thread, "Ask Ada"]).error(1);
    assert!(error.contains("check with `convo messages find-sent`"), "{error}");
    let found = find("Ask Ada", &["--after", &before]).record();
    assert_eq!(found["text"], "Ask Ada");
    for (text, more) in [("-", vec![]), (" Ask Ada", vec!["--since", "2026-03-01T00:00:00Z"])] {
        assert_eq!(find(text, &more).record()["id"], found["id"]);
    }

    let as_message = account.run(&["messages", "find-sent", &thread, "Ask Ada"]);
    assert_eq!(as_message.code, 3);
    assert!(as_message.stderr.starts_with("no message with this text"), "{}", as_message.stderr);
    is_not_there(find("Ask Grace", &[]));
    is_not_there(find("Ask Ada", &["--after", found["id"].as_str().unwrap()]));
    is_not_there(find("Ask Ada", &["--since", "2999-01-01T00:00:00Z"]));
}

#[test]
fn how_long_ago_it_was_sent_is_counted_by_hubspots_clock() {
    let account = Account::new();
    let thread = account.first(&["threads", "list"]);
    account.run(&["messages", "comment", &thread, "Ask Ada"]).data();
    let find = |since: &str| {
        let find = ["messages", "find-sent", &thread, "Ask Ada", "--comment"];
        account.run(&[&find[..], &["--since", since]].concat())
    };
    for since in ["1m", "30m", "today"] {
        assert_eq!(find(since).code, 0, "the clock there is months behind");
    }
    let after = account.run(&["messages", "find-sent", &thread, "Ask Grace", "--since", "30m"]);
    assert_eq!(after.code, 3, "{}", after.stderr);

    let sent = |at: &str| {
        format!(
            r#"{{"results":[{{"type":"MESSAGE","id":"m1","direction":"OUTGOING","text":"Ask Ada","createdAt":"{at}"}}]}}"#
        )
    };
    let answered = |date: &'static str, at: &str, since: &str| {
        let page = sent(at);
        let server = Server::each(move |_| ("200 OK", date, page.clone()));
        server.run(&["messages", "find-sent", "7", "Ask Ada", "--since", since])
    };
    let date = "date: Mon, 02 Mar 2026 09:00:00 GMT\r\n";
    assert_eq!(answered(date, "2026-03-02T08:45:00Z", "30m").code, 0);
    assert_eq!(answered(date, "2026-03-02T07:45:00Z", "30m").code, 3);
    // It is unknown from which clock a time was read.
    let error = answered(date, "2026-03-02T08:59:00Z", "2026-03-02T09:30:00Z").error(1);
    assert!(error.contains("the entry m1 of 2026-03-02T08:59:00Z has the text"), "{error}");
    // Without a date, older entries are not ruled out.
    assert_eq!(answered("", "2026-03-02T08:59:00Z", "30m").code, 1);
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
        assert!(error.contains("invalid message: "), "{error}");
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

    let output = account.run_with(&resolve, &format!("A-1\n{visitor}\n"));
    assert_eq!(output.stdout.lines().count(), 2, "what is known is printed all the same");
    assert_eq!(output.error(1), "error: 1 of 3 actors not found: A-1; check the ids");
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

    let create = ["--demo", "custom-channels", "create", "Pigeon", "--output", "json"];
    assert_eq!(run(&mut program(&create), "").record()["name"], "Pigeon");

    // Also after the command, and regardless of the environment.
    let mut demo = program(&["inboxes", "list", "--demo"]);
    let output =
        run(demo.env("HUBSPOT_ACCESS_TOKEN", TOKEN).env("HUBSPOT_BASE_URL", "no address"), "");
    assert_eq!(output.data().lines().count(), 4);

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

/// The words of a line as a shell reads them, without its comment.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('"').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            let part = part.split(" #").next().unwrap();
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

#[test]
fn every_example_of_the_readme_runs_on_the_demo() {
    let blocks = README.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let examples = blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("convo "));
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0;
    for example in examples {
        let mut arguments = words(example);
        arguments.push("--demo".to_owned());
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let output = run(program(&arguments).current_dir(&folder), "");
        assert_eq!(output.code, 0, "convo {example}: {}", output.stderr);
        assert!(output.stdout.lines().count() > 1 || arguments[0] == "export", "convo {example}");
        count += 1;
    }
    assert!(count >= 5, "only {count} examples were found");
}
