//! A client whose tokens come from OAuth, against a simulator that issues and checks them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::server::{Reply, Server};
use hubspot_conversations::testing::Simulator;
use hubspot_conversations::{
    AccessToken, BoxFuture, Client, Error, ErrorKind, OAuth, Retry, TokenProvider,
};
use tokio::task::JoinSet;

async fn hubspot() -> Simulator {
    let builder = Simulator::builder().rotate_refresh_tokens(true);
    builder.access_token_lifetime(Duration::from_secs(1800)).start().await.unwrap()
}

fn client(hubspot: &Simulator, oauth: OAuth) -> Client {
    Client::builder().token_provider(oauth).base_url(hubspot.base_url()).build().unwrap()
}

#[tokio::test]
async fn many_calls_at_once_need_one_refresh() {
    let hubspot = hubspot().await;
    let stored = Arc::new(Mutex::new(Vec::new()));
    let store = Arc::clone(&stored);
    let oauth =
        OAuth::builder(hubspot.client_id(), hubspot.client_secret(), hubspot.refresh_token())
            .base_url(hubspot.base_url())
            .on_rotation(move |token| {
                store.lock().unwrap().push(token.expose_secret().to_owned());
                async {}
            })
            .build()
            .unwrap();
    let client = client(&hubspot, oauth);
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        calls.spawn(async move { client.threads().list().send().await.map(|_| ()) });
    }
    for result in calls.join_all().await {
        result.unwrap();
    }
    assert_eq!(hubspot.refreshes(), 1);
    assert_eq!(*stored.lock().unwrap(), [hubspot.refresh_token()]);
}

#[tokio::test]
async fn an_app_that_was_uninstalled_is_an_error_of_its_own_and_sends_nothing() {
    let hubspot = hubspot().await;
    let refresh_token = hubspot.refresh_token();
    hubspot.revoke_refresh_token();
    let oauth = OAuth::builder(hubspot.client_id(), hubspot.client_secret(), refresh_token)
        .base_url(hubspot.base_url());
    let client = client(&hubspot, oauth.build().unwrap());
    let error = client.messages("1").comment("hello").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidGrant, 0));
    assert!(error.is_unauthorized() && !error.is_ambiguous() && !error.is_retryable(), "{error}");
    assert_eq!(hubspot.request_stats(None).arrived, 0);
}

/// HubSpot's answer to a token that was good once.
const EXPIRED: &str = r#"{"status":"error","message":"…","category":"EXPIRED_AUTHENTICATION"}"#;

/// HubSpot, which takes the token `new` and no longer `old`, and gives this for a refresh token.
async fn after_expiry(status: u16, granted: &'static str) -> Server {
    Server::start(move |asked, _| {
        if asked.line == "POST /oauth/v3/token" {
            Reply::Json(status, granted.to_owned())
        } else if asked.head.contains("authorization: Bearer new\r\n") {
            Reply::Json(201, r#"{"id":"1","type":"COMMENT"}"#.to_owned())
        } else {
            Reply::Json(401, EXPIRED.to_owned())
        }
    })
    .await
}

/// A client whose token `old` is good for an hour, as it was told.
fn too_long_lived(server: &Server) -> Client {
    let oauth = OAuth::builder("client-id", "client-secret", "refresh")
        .base_url(&server.base_url)
        .access_token("old", Duration::from_secs(3600));
    server.builder().token_provider(oauth.build().unwrap()).build().unwrap()
}

fn counts(server: &Server) -> (usize, usize) {
    let asked = server.asked();
    let refreshes = asked.iter().filter(|asked| asked.line.contains("/oauth/")).count();
    (asked.len() - refreshes, refreshes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_meet_an_expired_token_share_one_refresh_and_are_repeated_once() {
    let server = after_expiry(200, r#"{"access_token":"new","expires_in":1800}"#).await;
    let client = too_long_lived(&server);
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        // A send, too: a 401 was certainly not carried out.
        calls.spawn(async move { client.messages("1").comment("hello").send().await.map(|_| ()) });
    }
    for result in calls.join_all().await {
        result.unwrap();
    }
    let sent = server.asked().iter().filter(|asked| asked.head.contains("Bearer new")).count();
    assert_eq!((sent, counts(&server).1), (50, 1));
    client.threads().get("1").send().await.unwrap();
    assert_eq!(counts(&server).1, 1, "the new token is kept");
}

#[tokio::test]
async fn the_repetition_takes_no_retry() {
    let server = after_expiry(200, r#"{"access_token":"new","expires_in":1800}"#).await;
    let comment = too_long_lived(&server).messages("1").comment("hello");
    comment.retry(Retry::never()).send().await.unwrap();
    assert_eq!(counts(&server), (2, 1));
}

#[tokio::test]
async fn a_token_that_goes_on_being_refused_is_an_error_and_not_a_loop() {
    for granted in ["old", "another"] {
        let body = format!(r#"{{"access_token":"{granted}","expires_in":1800}}"#);
        let server = after_expiry(200, body.leak()).await;
        let error = too_long_lived(&server).threads().get("1").send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized);
        assert!(error.to_string().contains("the access token has expired (401"), "{error}");
        let sent = if granted == "old" { 1 } else { 2 };
        assert_eq!(counts(&server), (sent, 1), "{granted}");
    }
}

#[tokio::test]
async fn why_there_is_no_other_token_is_the_error() {
    let revoked = r#"{"error":"invalid_grant","status":"BAD_REFRESH_TOKEN"}"#;
    let server = after_expiry(400, revoked).await;
    let send = too_long_lived(&server).messages("1").comment("hello").send().await;
    let error = send.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidGrant, 1));
    assert!(!error.is_ambiguous(), "{error}");
    assert_eq!(counts(&server), (1, 1));
}

#[tokio::test]
async fn a_send_that_was_refused_with_401_was_not_carried_out_however_the_refresh_fails() {
    for (status, granted, kind) in [
        (502, "<html>", ErrorKind::Server),
        (200, "nonsense", ErrorKind::Decode),
        (408, "", ErrorKind::Rejected),
    ] {
        let server = after_expiry(status, granted).await;
        let send = too_long_lived(&server).messages("1").comment("hello").send().await;
        let error = send.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (kind, 1));
        assert!(!error.is_ambiguous() && !error.was_carried_out(), "{error}");
        assert!(!error.to_string().contains("carried out"), "{error}");
        assert_eq!(counts(&server).0, 1, "{error}");
    }
}

/// Asks another service of the same kind for tokens, which failed at a send of its own.
#[derive(Debug)]
struct Failing {
    /// How often there is a token before.
    tokens: AtomicUsize,
    error: Error,
}

impl TokenProvider for Failing {
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        let take = |left: usize| left.checked_sub(1);
        let is_left = self.tokens.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok();
        let token = if is_left { Ok("old".into()) } else { Err(self.error.clone()) };
        Box::pin(std::future::ready(token))
    }
}

#[tokio::test]
async fn what_became_of_a_providers_own_request_is_not_said_of_the_call() {
    let server = after_expiry(200, "{}").await;
    for (status, answer, carried_out) in [(201, "[]", true), (503, "", false)] {
        let other = Server::always(status, answer).await;
        let error = other.client().messages("1").comment("hello").send().await.unwrap_err();
        assert_eq!((error.was_carried_out(), error.is_ambiguous()), (carried_out, !carried_out));
        for tokens in [0, 1] {
            let provider = Failing { tokens: tokens.into(), error: error.clone() };
            let client = server.builder().token_provider(provider).build().unwrap();
            let error = client.messages("1").comment("hello").send().await.unwrap_err();
            assert_eq!(error.attempts() as usize, tokens, "{error}");
            assert!(!error.was_carried_out() && !error.is_ambiguous(), "{error}");
        }
    }
}

#[tokio::test]
async fn only_an_expired_token_is_dropped() {
    for body in ["", "{}", "<html>", r#"{"category":"INVALID_AUTHENTICATION"}"#] {
        let server = Server::always(401, body).await;
        let error = too_long_lived(&server).threads().get("1").send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized);
        assert_eq!(counts(&server), (1, 0), "{body}");
    }
    let forbidden = Server::always(403, EXPIRED).await;
    too_long_lived(&forbidden).threads().get("1").send().await.unwrap_err();
    assert_eq!(counts(&forbidden), (1, 0));
}

#[tokio::test]
async fn a_token_that_stays_is_sent_once() {
    let server = after_expiry(200, "{}").await;
    let client = server.builder().token("old").build().unwrap();
    let error = client.threads().get("1").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthorized, 1));
    assert_eq!(counts(&server), (1, 0));
}

/// Hands out the tokens of a list, the next one when it is told that one expired.
#[derive(Debug, Default)]
struct Given {
    expired: Mutex<Vec<String>>,
}

impl TokenProvider for Given {
    fn access_token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        let token = if self.expired.lock().unwrap().is_empty() { "old" } else { "new" };
        Box::pin(std::future::ready(Ok(token.into())))
    }

    fn invalidate(&self, expired: &AccessToken) {
        self.expired.lock().unwrap().push(expired.expose_secret().to_owned());
    }
}

#[tokio::test]
async fn a_provider_of_ones_own_is_told_which_token_expired() {
    let server = after_expiry(200, "{}").await;
    let provider = Arc::new(Given::default());
    let client = server.builder().token_provider(Arc::clone(&provider)).build().unwrap();
    client.messages("1").comment("hello").send().await.unwrap();
    assert_eq!(*provider.expired.lock().unwrap(), ["old"]);
}
