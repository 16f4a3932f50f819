//! What each operation's response is read as. The fixtures are invented after the shapes that are
//! known of HubSpot's; members and values of tomorrow are among them.
//!
//! A snapshot holds what a program sees: the value written again, and what `Debug` shows of it.

use std::fmt::Debug;

use crate::every_request::{Visitor, visit};
use crate::server::{Reply, Server};
use hubspot_conversations::types::{
    MessageDirection, NewChannelCapabilities, NewComment, PublishedMessage,
};
use hubspot_conversations::{Client, ListRequest, OPERATIONS, Operation, OperationId, Request};
use serde::Serialize;
use serde_json::{Value, json};

struct Read;

impl Visitor for Read {
    type Output = String;

    async fn record<R>(self, request: R) -> String
    where
        R: Request,
        R::Output: Serialize + Debug,
    {
        let value = request.send().await.unwrap();
        format!("{}\n\n{value:#?}", serde_json::to_string_pretty(&value).unwrap())
    }

    /// A page's items too: they are read one by one.
    async fn list<R>(self, request: R) -> String
    where
        R: ListRequest,
        R::Item: Serialize + Debug,
    {
        let page = request.send().await.unwrap();
        let items: Vec<_> = page.results.iter().map(|item| item.decode().unwrap()).collect();
        let paging = serde_json::to_string(&page.paging).unwrap();
        let items_again = serde_json::to_string_pretty(&items).unwrap();
        format!("total {:?}, paging {paging}\n{items_again}\n\n{items:#?}", page.total)
    }
}

async fn response(client: &Client, operation: OperationId) -> String {
    let accounts = client.custom_channel_accounts(90210);
    let messages = client.custom_channel_messages(1);
    match operation {
        OperationId::UpdateThread => Read.record(client.threads().reopen(1)).await,
        OperationId::SendMessage => {
            Read.record(client.messages("176347007").create(NewComment::new(""))).await
        }
        OperationId::AssignThread => Read.record(client.threads().assign(1, "A-1")).await,
        OperationId::BatchReadActors => {
            let batch = client.actors().batch_read(["A-1"]).send().await.unwrap();
            let actors: Vec<_> =
                batch.results.iter().map(|actor| actor.decode().unwrap()).collect();
            format!("{}\n{actors:#?}\n\n{batch:#?}", serde_json::to_string_pretty(&batch).unwrap())
        }
        OperationId::CreateCustomChannel => {
            let capabilities = NewChannelCapabilities::new();
            Read.record(client.custom_channels().create("Fax", capabilities)).await
        }
        OperationId::UpdateCustomChannel => Read.record(client.custom_channels().update(1)).await,
        OperationId::CreateCustomChannelAccount => {
            Read.record(accounts.create("Front desk", 1)).await
        }
        OperationId::UpdateCustomChannelAccount => Read.record(accounts.update(1)).await,
        OperationId::UpdateStagingToken => Read.record(accounts.complete("t1")).await,
        OperationId::PublishCustomChannelMessage => {
            let message = PublishedMessage::new(1, MessageDirection::Incoming)
                .text("")
                .timestamp(chrono::DateTime::UNIX_EPOCH);
            Read.record(messages.publish(message)).await
        }
        OperationId::UpdateCustomChannelMessage => {
            Read.record(messages.failed("m1", "No paper.")).await
        }
        OperationId::CreateVisitorToken => {
            Read.record(client.visitors().token("ada@example.org")).await
        }
        without_body => visit(client, without_body, Read).await.unwrap_or_else(|| {
            panic!(
                "{without_body:?} has a body: write its request in \
                 crates/hubspot-conversations/tests/it/responses.rs"
            )
        }),
    }
}

/// The body to answer with: the operation's fixture, or else a sample of the document's schema.
fn fixture(operation: &Operation) -> Option<String> {
    let path = format!("{}/tests/fixtures/{}.json", env!("CARGO_MANIFEST_DIR"), operation.name);
    std::fs::read_to_string(path).ok().or_else(|| {
        let document: Value =
            serde_json::from_str(include_str!("../../../../openapi/conversations.json")).unwrap();
        let method = operation.method.as_str().to_lowercase();
        let mut responses =
            document["paths"][operation.path][method]["responses"].as_object().unwrap().values();
        let schema = responses.next()?.pointer("/content/application~1json/schema")?;
        Some(sample(&document, schema).to_string())
    })
}

fn sample(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return sample(document, document.pointer(&reference[1..]).unwrap());
    }
    if let Some(first) = ["allOf", "oneOf", "enum"].into_iter().find_map(|key| schema[key].get(0)) {
        return if schema["enum"].is_array() { first.clone() } else { sample(document, first) };
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("object"), _) => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), sample(document, field))).collect()
        }
        (Some("array"), _) => json!([sample(document, &schema["items"])]),
        (Some("boolean"), _) => json!(true),
        (Some("integer" | "number"), _) => json!(7),
        (_, Some("date-time")) => json!("2026-01-02T03:04:05Z"),
        _ => json!("7"),
    }
}

#[tokio::test]
async fn each_response_is_read_as_its_snapshot_says() {
    for operation in OPERATIONS {
        let server = Server::start(|_, _| match fixture(operation) {
            Some(body) => Reply::Json(200, body),
            None => Reply::raw("HTTP/1.1 204 .\r\n\r\n"),
        })
        .await;
        let client = server.builder().developer_key("developer-key", 1).build().unwrap();
        insta::assert_snapshot!(operation.name, response(&client, operation.id).await);
    }
}

#[test]
fn only_operations_without_content_lack_a_fixture() {
    let without: Vec<_> = OPERATIONS
        .iter()
        .filter(|operation| fixture(operation).is_none())
        .map(|operation| operation.name)
        .collect();
    assert_eq!(without, ["archive_thread", "unassign_thread", "archive_custom_channel"]);
}
