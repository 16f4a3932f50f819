//! Requests as they are put together: by their own `new`, by setters, and by awaiting them.

use crate::server::Server;
use hubspot_conversations::requests::{GetThread, ListThreads, PublishCustomChannelMessage};
use hubspot_conversations::types::{InboxId, MessageDirection, PublishedMessage};
use hubspot_conversations::{Client, ErrorKind, Retry};

async fn client(server: &Server) -> Client {
    server.builder().retry(Retry::never()).build().unwrap()
}

#[tokio::test]
async fn a_required_value_that_was_not_set_is_named_and_nothing_is_sent() {
    let server = Server::always(200, "{}").await;
    let client = client(&server).await;
    let message = PublishedMessage::new(5, MessageDirection::Incoming).text("Hello");
    let error = PublishCustomChannelMessage::new(&client, 7, message).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("`timestamp` is required, and was not set"), "{error}");
    assert!(!error.is_ambiguous());
    assert_eq!(server.asked().len(), 0);
}

#[tokio::test]
async fn a_request_that_is_awaited_is_sent() {
    let server = Server::always(200, r#"{"id":"7"}"#).await;
    let client = client(&server).await;
    let thread = GetThread::new(&client, 7).archived(true).await.unwrap();
    assert_eq!(thread.id.as_str(), "7");
    assert!(server.asked()[0].line.ends_with("/threads/7?archived=true"));
}

#[tokio::test]
async fn what_was_set_can_be_unset() {
    let server = Server::always(200, r#"{"results":[]}"#).await;
    let client = client(&server).await;
    let list = ListThreads::new(&client).inbox(1).inbox(2).limit(5).property("id");
    let list = list.maybe_limit(None).maybe_property(None);
    list.clone().maybe_inbox(None).await.unwrap();
    list.maybe_inbox(Some(InboxId::from(3))).await.unwrap();
    let lines: Vec<_> = server.asked().into_iter().map(|asked| asked.line).collect();
    assert!(lines[0].ends_with("/threads"), "{}", lines[0]);
    assert!(lines[1].ends_with("/threads?inboxId=3"), "{}", lines[1]);
}

#[tokio::test]
async fn a_request_shows_no_address_text_or_secret() {
    let client = Client::new("pat-na1-00000000-0000-4000-8000-000000000000").unwrap();
    let accounts = client.custom_channel_accounts(7);
    let list = accounts.list().address_value("ada@example.org").after("a-cursor");
    let token = accounts.complete("a-secret").account_name("Ada");
    let shown = format!("{list:?} {token:?}");
    for hidden in ["ada@example.org", "a-cursor", "a-secret", "Ada"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
    assert!(shown.contains("channel_id: ChannelId(7)"), "{shown}");
}
