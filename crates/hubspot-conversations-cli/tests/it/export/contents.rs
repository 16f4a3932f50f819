//! An export contains what the account has, as received.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hubspot_conversations_sim::Simulator;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::account::*;
use crate::program::{Account, program_at, run};
use crate::server::Reply;

#[test]
fn it_holds_what_the_account_was_seeded_with() {
    let account = Account::of(Simulator::builder().threads(40).messages(15));
    let folder = TempDir::new().unwrap();
    let output = export(&account, &folder, &[]);
    assert_eq!((output.code, output.stdout.as_str()), (0, ""), "{}", output.stderr);

    let counts = account.simulator.counts();
    let lines = FILES.map(|file| text(folder.path(), file).lines().count());
    let seeded = [
        counts.inboxes,
        counts.channels,
        counts.channel_accounts,
        counts.threads,
        counts.messages,
        counts.actors,
    ];
    assert_eq!(lines, seeded, "{}", output.stderr);
    assert_eq!((counts.threads, counts.messages), (40, 600));
    assert_eq!(names(folder.path()), all_files());
    assert!(
        output.stderr.starts_with(&format!(
            "exported {} inboxes, {} channels, {} channel accounts, 40 threads, 600 messages, {} actors; ",
            seeded[0], seeded[1], seeded[2], seeded[5]
        )),
        "{}",
        output.stderr
    );
}

#[test]
fn each_record_is_what_the_api_sends() {
    let account = Account::of(Simulator::builder().threads(12));
    let folder = TempDir::new().unwrap();
    assert_eq!(export(&account, &folder, &[]).code, 0);

    let folder = folder.path();
    assert_eq!(records(folder, "inboxes.jsonl"), listed(&account, &["inboxes", "list"]));
    assert_eq!(records(folder, "channels.jsonl"), listed(&account, &["channels", "list"]));
    let accounts = listed(&account, &["channel-accounts", "list"]);
    assert_eq!(records(folder, "channel_accounts.jsonl"), accounts);
    let threads = listed(&account, &["threads", "list"]);
    assert_eq!(records(folder, "threads.jsonl"), threads);

    let mut messages = records(folder, "messages.jsonl");
    let mut completed = 0;
    for message in messages.values_mut() {
        let whole = message.as_object_mut().unwrap().remove("_originalContent");
        let is_truncated =
            !matches!(message["truncationStatus"].as_str(), None | Some("NOT_TRUNCATED"));
        assert_eq!(whole.is_some(), is_truncated);
        if let Some(whole) = whole {
            let thread = message["conversationsThreadId"].as_str().unwrap();
            let original = ["messages", "original", thread, message["id"].as_str().unwrap()];
            let original = account.run(&[&original[..], &["--output", "json"]].concat()).record();
            assert_eq!(whole, original);
            completed += 1;
        }
    }
    assert!(completed > 0);
    let mut sent = BTreeMap::new();
    for thread in threads.keys() {
        sent.extend(listed(&account, &["messages", "list", thread]));
    }
    assert_eq!(messages, sent);

    for (id, actor) in records(folder, "actors.jsonl").into_iter().take(5) {
        assert_eq!(actor, account.run(&["actors", "get", &id, "--output", "json"]).record());
    }
}

#[test]
fn what_is_archived_comes_along_with_its_messages() {
    let account = Account::new();
    let folder = TempDir::new().unwrap();
    let output = export(&account, &folder, &["--archived"]);
    assert_eq!(output.code, 0);
    assert!(!output.stderr.contains("has no messages"), "{}", output.stderr);
    let counts = account.simulator.counts();
    assert!(counts.archived_threads > 0);
    let threads = records(folder.path(), "threads.jsonl");
    assert_eq!(threads.len(), counts.threads + counts.archived_threads);

    let messages = records(folder.path(), "messages.jsonl");
    let of: BTreeSet<_> =
        messages.values().map(|message| message["conversationsThreadId"].as_str()).collect();
    assert_eq!(of, threads.keys().map(|id| Some(id.as_str())).collect());
}

#[test]
fn an_awkward_server_loses_nothing() {
    let messages = json!([
        { "type": "VOICE_CALL", "id": "m1", "createdBy": "V-1", "seconds": 1.50 },
        { "type": "MESSAGE", "id": "m2", "direction": "NOT_APPLICABLE", "attachments": null,
          "senders": [{ "actorId": "V-1" }], "recipients": null, "createdBy": "A-9" },
        { "type": "MESSAGE", "id": 3, "text": null, "conversationsThreadId": 7, "createdAt": "soon" },
        { "id": "m4" },
        { "type": "MESSAGE", "id": "m5", "senders": "nobody" },
        { "type": "MESSAGE", "id": "m6", "truncationStatus": "TRUNCATED" },
        { "type": "MESSAGE", "id": "m7", "truncationStatus": "CUT_BY_TOMORROW" },
    ]);
    let sent = messages.clone();
    let (server, _runtime) = scripted(move |asked| {
        let line = asked.line.as_str();
        Some(if line.contains("/m6/original-content") {
            Reply::Json(404, "{}".to_owned())
        } else if line.starts_with(&format!("GET {THREADS}/7/messages")) {
            match line.contains("after=a%3D%2Fb") {
                true => page(&Value::from(sent.as_array().unwrap()[1..].to_vec()), None),
                false => page(&json!([sent[0]]), Some("a%3D%2Fb")),
            }
        } else if line.starts_with(&format!("GET {THREADS}?")) {
            page(&json!([{ "id": 7, "status": "SNOOZED", "new": { "field": [1] } }]), None)
        } else if line.contains("/actors/batch/read") {
            let actors = json!([{ "type": "ROBOT", "id": "V-1", "battery": 0.5 }]);
            Reply::Json(207, json!({ "results": actors, "errors": null }).to_string())
        } else {
            return None;
        })
    });
    let folder = TempDir::new().unwrap();
    let output = export_from(&server, &folder);
    assert_eq!(output.code, 0, "{}", output.stderr);

    let lines = |file| -> Vec<Value> {
        text(folder.path(), file).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    assert_eq!(Value::from(lines("messages.jsonl")), messages);
    assert_eq!(lines("threads.jsonl")[0]["new"], json!({ "field": [1] }));
    assert_eq!(lines("actors.jsonl"), [json!({ "type": "ROBOT", "id": "V-1", "battery": 0.5 })]);
    let expected = "\
        exported 0 inboxes, 0 channels, 0 channel accounts, 1 threads, 7 messages, 1 actors\n\
        note: 1 message has a field of unknown type, so its actors may be missing; see thread 7\n\
        note: 1 truncated message has no original content; see thread 7\n\
        note: 1 actor that messages name is unknown to HubSpot\n";
    assert_eq!(output.stderr, expected);
}

#[test]
fn a_quiet_export_says_nothing_that_is_not_a_note() {
    let account = Account::new();
    let folder = TempDir::new().unwrap();
    assert_eq!(export(&account, &folder, &["--quiet"]).data(), "");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_what_was_exported() {
    use std::os::unix::fs::PermissionsExt;

    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("new/folder");
    let (server, _runtime) = scripted(small_account);
    let arguments = ["export", folder.to_str().unwrap()];
    assert_eq!(run(&mut program_at(&server.base_url, &arguments), "").code, 0);
    assert_eq!((mode(&folder), mode(&parent.path().join("new"))), (0o700, 0o700));
    for file in all_files() {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }

    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o750)).unwrap();
    assert_eq!(run(&mut program_at(&server.base_url, &arguments), "").code, 0);
    assert_eq!(mode(&folder), 0o750, "a folder that was there keeps its mode");
}
