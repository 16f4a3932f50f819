//! What each operation's response is read as. The fixtures are invented after the shapes that are
//! known of HubSpot's; members and values of tomorrow are among them.
//!
//! A snapshot holds what a program sees: the value written again, and what `Debug` shows of it.

use std::fmt::Debug;

use crate::server::{Reply, Server};
use hubspot_conversations::types::{
    MessageDirection, NewChannelCapabilities, NewComment, PublishedMessage,
};
use hubspot_conversations::{Client, ListRequest, OPERATIONS, OperationId, Request};
use serde::Serialize;

async fn read<R>(request: R) -> String
where
    R: Request,
    R::Output: Serialize + Debug,
{
    let value = request.send().await.unwrap();
    format!("{}\n\n{value:#?}", serde_json::to_string_pretty(&value).unwrap())
}

/// A page's items too: they are read one by one.
async fn read_list<R>(request: R) -> String
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

async fn response(client: &Client, operation: OperationId) -> String {
    let messages = client.messages("176347007");
    let accounts = client.custom_channel_accounts(90210);
    match operation {
        OperationId::ListInboxes => read_list(client.inboxes().list()).await,
        OperationId::GetInbox => read(client.inboxes().get(1)).await,
        OperationId::ListChannels => read_list(client.channels().list()).await,
        OperationId::GetChannel => read(client.channels().get(1)).await,
        OperationId::ListChannelAccounts => read_list(client.channel_accounts().list()).await,
        OperationId::GetChannelAccount => read(client.channel_accounts().get(1)).await,
        OperationId::ListThreads => read_list(client.threads().list()).await,
        OperationId::GetThread => read(client.threads().get(1)).await,
        OperationId::UpdateThread => read(client.threads().reopen(1)).await,
        OperationId::ArchiveThread => read(client.threads().archive(1)).await,
        OperationId::ListMessages => read_list(messages.list()).await,
        OperationId::SendMessage => read(messages.create(NewComment::new(""))).await,
        OperationId::GetMessage => read(messages.get("m1")).await,
        OperationId::GetOriginalContent => read(messages.original("m1")).await,
        OperationId::AssignThread => read(client.threads().assign(1, "A-1")).await,
        OperationId::UnassignThread => read(client.threads().unassign(1)).await,
        OperationId::GetActor => read(client.actors().get("V-1401")).await,
        OperationId::BatchReadActors => {
            let batch = client.actors().batch_read(["A-1"]).send().await.unwrap();
            let actors: Vec<_> =
                batch.results.iter().map(|actor| actor.decode().unwrap()).collect();
            format!("{}\n{actors:#?}\n\n{batch:#?}", serde_json::to_string_pretty(&batch).unwrap())
        }
        OperationId::ListCustomChannels => read_list(client.custom_channels().list()).await,
        OperationId::CreateCustomChannel => {
            let capabilities = NewChannelCapabilities::new();
            read(client.custom_channels().create("Fax", capabilities)).await
        }
        OperationId::GetCustomChannel => read(client.custom_channels().get(1)).await,
        OperationId::UpdateCustomChannel => read(client.custom_channels().update(1)).await,
        OperationId::ArchiveCustomChannel => read(client.custom_channels().archive(1)).await,
        OperationId::ListCustomChannelAccounts => read_list(accounts.list()).await,
        OperationId::CreateCustomChannelAccount => read(accounts.create("Front desk", 1)).await,
        OperationId::GetCustomChannelAccount => read(accounts.get(1)).await,
        OperationId::UpdateCustomChannelAccount => read(accounts.update(1)).await,
        OperationId::UpdateStagingToken => read(accounts.complete("t1")).await,
        OperationId::PublishCustomChannelMessage => {
            let message = PublishedMessage::new(1, MessageDirection::Incoming)
                .text("")
                .timestamp(chrono::DateTime::UNIX_EPOCH);
            read(client.custom_channel_messages(1).publish(message)).await
        }
        OperationId::GetCustomChannelMessage => {
            read(client.custom_channel_messages(1).get("m1")).await
        }
        OperationId::UpdateCustomChannelMessage => {
            read(client.custom_channel_messages(1).failed("m1", "No paper.")).await
        }
        OperationId::CreateVisitorToken => read(client.visitors().token("ada@example.org")).await,
        new => panic!(
            "{new:?} is read by no test: name it in crates/hubspot-conversations/tests/responses.rs"
        ),
    }
}

fn fixture(operation: &str) -> Option<String> {
    let path = format!("{}/tests/fixtures/{operation}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).ok()
}

#[tokio::test]
async fn each_response_is_read_as_its_snapshot_says() {
    for operation in OPERATIONS {
        let server = Server::start(|_, _| match fixture(operation.name) {
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
        .map(|operation| operation.name)
        .filter(|name| fixture(name).is_none())
        .collect();
    assert_eq!(without, ["archive_thread", "unassign_thread", "archive_custom_channel"]);
}
