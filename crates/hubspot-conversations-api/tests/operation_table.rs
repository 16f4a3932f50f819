//! The operation table matches the document.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hubspot_conversations_api::{Credential, OPERATIONS, Operation};
use serde_json::Value;

fn document() -> Value {
    serde_json::from_str(include_str!("../../../openapi/conversations.json")).unwrap()
}

#[test]
fn every_operation_of_the_document_is_in_the_table() {
    let document = document();
    let mut documented: Vec<(String, String, String)> = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap().to_owned();
            documented.push((name, method.to_uppercase(), path.clone()));
        }
    }
    let mut listed: Vec<_> = OPERATIONS
        .iter()
        .map(|operation| {
            (operation.name.to_owned(), operation.method.to_string(), operation.path.to_owned())
        })
        .collect();
    documented.sort();
    listed.sort();
    assert_eq!(listed, documented);
    assert!(!listed.is_empty());
}

#[test]
fn an_id_leads_to_its_own_row() {
    for operation in OPERATIONS {
        assert_eq!(operation.id.operation().name, operation.name);
    }
}

#[test]
fn what_a_customer_would_see_twice_is_not_sent_again() {
    let once: Vec<_> =
        OPERATIONS.iter().filter(|operation| !operation.idempotent).map(|o| o.name).collect();
    assert_eq!(
        once,
        [
            "update_thread",
            "send_message",
            "create_visitor_token",
            "create_custom_channel",
            "update_custom_channel",
            "create_custom_channel_account",
            "update_custom_channel_account",
            "update_staging_token",
            "publish_custom_channel_message",
            "update_custom_channel_message",
        ]
    );
}

#[test]
fn lists_are_known_as_lists() {
    let lists: Vec<_> =
        OPERATIONS.iter().filter(|operation| operation.paginated).map(|o| o.name).collect();
    assert_eq!(
        lists,
        [
            "list_inboxes",
            "list_channels",
            "list_channel_accounts",
            "list_threads",
            "list_messages",
            "list_custom_channels",
            "list_custom_channel_accounts",
        ]
    );
}

#[test]
fn every_operation_names_the_scope_it_needs_or_takes_the_developer_key() {
    for operation in OPERATIONS {
        let takes_key = operation.credential == Credential::DeveloperKey;
        assert_eq!(operation.scopes.is_empty(), takes_key, "{}", operation.name);
        assert!(operation.scopes.iter().all(|all| !all.is_empty()), "{}", operation.name);
    }
}

#[test]
fn one_list_of_scopes_of_several_is_enough() {
    let (read, write) =
        ("conversations.custom_channels.read", "conversations.custom_channels.write");
    let create = Operation::named("create_custom_channel_account").unwrap();
    assert_eq!(create.scopes, [[read], [write]]);
    assert_eq!(create.scopes_in_words(), format!("{read} or {write}"));
    assert!(create.is_granted_by(&[read]) && create.is_granted_by(&[write.to_owned()]));
    assert!(!create.is_granted_by(&["conversations.read"]));
    let publish = Operation::named("publish_custom_channel_message").unwrap();
    assert!(publish.is_granted_by(&[read, write]) && !publish.is_granted_by(&[read]));
    assert!(Operation::named("list_custom_channels").unwrap().is_granted_by::<&str>(&[]));
}

#[test]
fn every_path_begins_with_its_root() {
    for operation in OPERATIONS {
        let root = operation.root.unwrap();
        assert!(operation.path.starts_with(root.documented()), "{}", operation.name);
        assert_eq!(root.in_version("v3"), Some(root.documented()));
    }
}

#[test]
fn versions_have_what_is_known_of_them() {
    let in_version = |version: &str| {
        let has = |root: &&hubspot_conversations_api::Root| root.in_version(version).is_some();
        OPERATIONS.iter().filter_map(|operation| operation.root).filter(has).count()
    };
    assert_eq!(in_version("v3"), OPERATIONS.len());
    assert_eq!(in_version("2026-09"), OPERATIONS.len());
    for version in ["2026-03", "2026-09-beta"] {
        assert!((1..OPERATIONS.len()).contains(&in_version(version)), "{version}");
    }
    assert_eq!(in_version("v2"), 0);
}
