//! Nothing is sent twice that HubSpot may have carried out, and what is safe is tried again.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod server;

use std::time::Duration;

use hubspot_conversations::types::NewComment;
use hubspot_conversations::{Client, Error, ErrorKind};
use server::{Reply, Server};

const BROKEN: &str = "HTTP/1.1 200 .\r\ncontent-length: 100\r\n\r\n{\"results\":";

fn failures() -> Vec<(ErrorKind, fn() -> Reply)> {
    vec![
        (ErrorKind::Server, || Reply::Json(503, "{}".to_owned())),
        (ErrorKind::Server, || {
            Reply::With(502, "content-type: text/html\r\n", "<html>".to_owned())
        }),
        (ErrorKind::Interrupted, || Reply::raw("")),
        (ErrorKind::Interrupted, || Reply::raw(BROKEN)),
        (ErrorKind::Decode, || Reply::Json(200, "nonsense".to_owned())),
        (ErrorKind::Timeout, || Reply::Silence),
    ]
}

async fn send(client: Client) -> Result<(), Error> {
    client.messages("1").send(NewComment::new("hello".to_owned(), Vec::new())).send().await?;
    Ok(())
}

async fn token(client: Client) -> Result<(), Error> {
    client.visitors().token("visitor@example.com").send().await?;
    Ok(())
}

async fn close(client: Client) -> Result<(), Error> {
    client.threads().close("1").send().await?;
    Ok(())
}

async fn list(client: Client) -> Result<(), Error> {
    client.threads().list().send().await?;
    Ok(())
}

async fn batch(client: Client) -> Result<(), Error> {
    client.actors().batch_read(["A-1"]).send().await?;
    Ok(())
}

async fn assign(client: Client) -> Result<(), Error> {
    client.threads().assign("1", "A-1").send().await?;
    Ok(())
}

/// Calls a server that always fails so, and gives the error and how often the server was asked.
async fn call<F: Future<Output = Result<(), Error>>>(
    failure: fn() -> Reply,
    operation: impl Fn(Client) -> F,
) -> (Error, usize) {
    let server = Server::start(move |_, _| failure()).await;
    let client = server.builder().timeout(Duration::from_millis(50)).build().unwrap();
    let error = operation(client).await.unwrap_err();
    (error, server.asked().len())
}

#[tokio::test]
async fn what_is_not_idempotent_is_sent_once_whatever_happens() {
    for (kind, failure) in failures() {
        for (error, asked) in
            [call(failure, send).await, call(failure, token).await, call(failure, close).await]
        {
            assert_eq!((error.kind(), error.attempts(), asked), (kind, 1, 1), "{error}");
        }
    }
}

#[tokio::test]
async fn what_is_idempotent_is_tried_again() {
    for (kind, failure) in failures() {
        for (error, asked) in
            [call(failure, list).await, call(failure, batch).await, call(failure, assign).await]
        {
            assert_eq!((error.kind(), error.attempts(), asked), (kind, 3, 3), "{error}");
        }
    }
}

#[tokio::test]
async fn what_will_not_pass_is_not_tried_again() {
    for status in [400, 401, 403, 404, 409, 414, 301, 307] {
        let server = Server::always(status, "{}").await;
        assert_eq!(list(server.client()).await.unwrap_err().attempts(), 1, "{status}");
    }
    let daily =
        r#"{"status":"error","message":"You have reached your daily limit.","policyName":"DAILY"}"#;
    let server = Server::always(429, daily).await;
    let error = list(server.client()).await.unwrap_err();
    assert_eq!((error.attempts(), error.policy_name()), (1, Some("DAILY")));
}

#[tokio::test]
async fn a_passing_failure_is_not_an_error() {
    let server = Server::start(|_, before| match before {
        0 => Reply::Json(503, String::new()),
        1 => Reply::With(
            429,
            "x-hubspot-ratelimit-interval-milliseconds: 1\r\n",
            r#"{"policyName":"TEN_SECONDLY_ROLLING"}"#.to_owned(),
        ),
        _ => Reply::Json(200, r#"{"results":[]}"#.to_owned()),
    })
    .await;
    list(server.client()).await.unwrap();
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn a_wait_too_long_to_be_worth_it_is_an_error_at_once() {
    let server =
        Server::start(|_, _| Reply::With(429, "retry-after: 3600\r\n", String::new())).await;
    let error = list(server.client()).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
}

#[tokio::test]
async fn a_success_under_another_status_is_a_success() {
    let server = Server::always(200, r#"{"type":"COMMENT","id":"m1"}"#).await;
    send(server.client()).await.unwrap();
    let server = Server::always(200, "").await;
    server.client().threads().archive("1").send().await.unwrap();
}
