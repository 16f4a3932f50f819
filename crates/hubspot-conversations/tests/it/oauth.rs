//! OAuth's access tokens are refreshed once for all, and the secrets behind them go one way only.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::server::{Reply, Server};
use futures_util::FutureExt;
use hubspot_conversations::{
    AccessToken, Error, ErrorKind, OAuth, OAuthBuilder, RefreshToken, TokenProvider,
};
use tokio::sync::Notify;
use tokio::task::JoinSet;

const CLIENT_ID: &str = "11111111-aaaa-4bbb-8ccc-111111111111";
const CLIENT_SECRET: &str = "s3cret-22222222-aaaa-4bbb-8ccc-222222222222";
const REFRESH_TOKEN: &str = "na1-r3fresh-33333333-aaaa-4bbb-8ccc-333333333333";
const ACCESS_TOKEN: &str = "acc3ss-token-of-the-test";

/// What the token server answers by HubSpot's documentation.
fn granted(access_token: &str, refresh_token: &str) -> String {
    format!(
        r#"{{"token_type":"bearer","refresh_token":"{refresh_token}","access_token":"{access_token}","hub_id":1,"scopes":["conversations.read"],"expires_in":1800}}"#
    )
}

/// What it answers for a refresh token that is no longer taken.
fn invalid_grant() -> String {
    r#"{"error":"invalid_grant","error_description":"…","status":"BAD_REFRESH_TOKEN","message":"…"}"#
        .to_owned()
}

fn builder(server: &Server) -> OAuthBuilder {
    OAuth::builder(CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN).base_url(&server.base_url)
}

async fn failure(server: &Server) -> Error {
    builder(server).build().unwrap().access_token().await.unwrap_err()
}

#[tokio::test]
async fn a_refresh_is_a_form_of_its_own_address() {
    let server = Server::always(200, &granted(ACCESS_TOKEN, REFRESH_TOKEN)).await;
    let token = builder(&server).build().unwrap().access_token().await.unwrap();
    assert_eq!(token.expose_secret(), ACCESS_TOKEN);

    let asked = &server.asked()[0];
    assert_eq!(asked.line, "POST /oauth/v3/token");
    let head = asked.head.to_ascii_lowercase();
    assert!(head.contains("\r\ncontent-type: application/x-www-form-urlencoded"), "{head}");
    assert!(!head.contains("authorization"), "{head}");
    assert_eq!(
        asked.body,
        format!(
            "grant_type=refresh_token&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}&refresh_token={REFRESH_TOKEN}"
        )
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_concurrent_calls_of_clones_ask_once() {
    let server = Server::always(200, &granted(ACCESS_TOKEN, REFRESH_TOKEN)).await;
    let oauth = builder(&server).build().unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        let oauth = oauth.clone();
        calls.spawn(async move { oauth.access_token().await.unwrap() });
    }
    for token in calls.join_all().await {
        assert_eq!(token.expose_secret(), ACCESS_TOKEN);
    }
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_token_to_start_with_is_used_while_it_is_valid() {
    let server = Server::always(200, &granted(ACCESS_TOKEN, REFRESH_TOKEN)).await;
    let hour = Duration::from_secs(3600);
    for (left, given, asked) in [(hour, "of-before", 0), (Duration::ZERO, ACCESS_TOKEN, 1)] {
        let oauth = builder(&server).access_token("of-before", left).build().unwrap();
        assert_eq!(oauth.access_token().await.unwrap().expose_secret(), given);
        assert_eq!(server.asked().len(), asked);
    }
}

#[tokio::test]
async fn a_rotated_refresh_token_is_stored_before_the_access_token_is_handed_out() {
    let server = Server::always(200, &granted(ACCESS_TOKEN, "rotated")).await;
    let stored = Arc::new(Mutex::new(None));
    let storing = Arc::clone(&stored);
    let oauth = builder(&server)
        .on_rotation(move |token: RefreshToken| {
            let storing = Arc::clone(&storing);
            async move {
                tokio::task::yield_now().await;
                *storing.lock().unwrap() = Some(token.expose_secret().to_owned());
            }
        })
        .build()
        .unwrap();
    oauth.access_token().await.unwrap();
    assert_eq!(stored.lock().unwrap().as_deref(), Some("rotated"));
}

#[tokio::test]
async fn a_call_that_is_dropped_loses_no_refresh_token() {
    let server = Server::always(200, &granted(ACCESS_TOKEN, "rotated")).await;
    let stored = Arc::new(Notify::new());
    let storing = Arc::clone(&stored);
    let oauth = builder(&server)
        .on_rotation(move |_| {
            let storing = Arc::clone(&storing);
            async move { storing.notify_one() }
        })
        .build()
        .unwrap();
    let mut call = oauth.access_token();
    assert!((&mut call).now_or_never().is_none());
    drop(call);
    drop(oauth);
    stored.notified().await;
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_refused_refresh_token_is_told_apart_and_asked_for_once() {
    let server = Server::always(400, &invalid_grant()).await;
    let oauth = builder(&server).build().unwrap();
    for _ in 0..3 {
        let error = oauth.access_token().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidGrant);
        assert_eq!(
            error.to_string(),
            "no access token: HubSpot no longer takes the refresh token: the app must be connected \
             to the account anew (400, BAD_REFRESH_TOKEN)"
        );
    }
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_new_refresh_token_ends_the_refusal() {
    let server = Server::start(|asked, _| {
        if asked.body.ends_with("refresh_token=anew") {
            Reply::Json(200, granted(ACCESS_TOKEN, "anew"))
        } else {
            Reply::Json(400, invalid_grant())
        }
    })
    .await;
    let oauth = builder(&server).build().unwrap();
    oauth.access_token().await.unwrap_err();
    oauth.clone().replace_refresh_token("anew");
    assert_eq!(oauth.access_token().await.unwrap().expose_secret(), ACCESS_TOKEN);
}

#[tokio::test]
async fn a_passing_failure_is_not_an_error() {
    let server = Server::start(|_, before| match before {
        0 => Reply::With(503, "retry-after: 0\r\n", "<html>".to_owned()),
        1 => Reply::With(429, "retry-after: 0\r\n", String::new()),
        _ => Reply::Json(200, granted(ACCESS_TOKEN, REFRESH_TOKEN)),
    })
    .await;
    builder(&server).build().unwrap().access_token().await.unwrap();
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn each_failure_says_what_happened() {
    for (status, body, kind, sentence) in [
        (
            400,
            r#"{"status":"BAD_CLIENT_ID","message":"…"}"#,
            ErrorKind::Unauthorized,
            "HubSpot refused the refresh, but not for its token: check the app's client id and \
             client secret (400, BAD_CLIENT_ID)",
        ),
        (
            401,
            r#"{"error":"invalid_client"}"#,
            ErrorKind::Unauthorized,
            "HubSpot refused the refresh, but not for its token: check the app's client id and \
             client secret (401, invalid_client)",
        ),
        (
            404,
            "<html>",
            ErrorKind::Rejected,
            "the token server refused the request: check the base URL (404)",
        ),
        (503, "", ErrorKind::Server, "the token server failed (503)"),
        (
            429,
            "{}",
            ErrorKind::RateLimited,
            "too many requests to the token server at a time (429)",
        ),
    ] {
        // The server asks for so long a wait that nothing is sent again.
        let server = Server::start(move |_, _| {
            Reply::With(status, "retry-after: 3600\r\n", body.to_owned())
        })
        .await;
        let error = failure(&server).await;
        assert_eq!(error.kind(), kind);
        assert_eq!(error.to_string(), format!("no access token: {sentence}"));
        assert_eq!(server.asked().len(), 1);
    }
}

fn assert_hidden(shown: &str) {
    for secret in ["s3cret", "r3fresh", "acc3ss"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn no_secret_shows_anywhere() {
    let fine = Server::always(200, &granted(ACCESS_TOKEN, "r3fresh-other")).await;
    let builder = builder(&fine).access_token(ACCESS_TOKEN, Duration::ZERO);
    assert_hidden(&format!("{builder:?} {builder:#?}"));
    let oauth =
        builder.on_rotation(move |token| async move { assert_hidden(&format!("{token:?}")) });
    let oauth = oauth.build().unwrap();
    let token: AccessToken = oauth.access_token().await.unwrap();
    assert_hidden(&format!(
        "{oauth:?} {oauth:#?} {token:?} {:?}",
        RefreshToken::from(REFRESH_TOKEN)
    ));

    let everything = format!("{CLIENT_SECRET} {REFRESH_TOKEN} {ACCESS_TOKEN}");
    for status in [400, 401, 404, 429, 500, 302] {
        for body in [
            everything.clone(),
            format!(
                r#"{{"error":"{CLIENT_SECRET}","status":"{REFRESH_TOKEN}","message":"{everything}"}}"#
            ),
            format!(r#"{{"error":"invalid_grant","status":"{everything}"}}"#),
        ] {
            let server = Server::start(move |_, _| {
                Reply::With(status, "retry-after: 3600\r\n", body.clone())
            })
            .await;
            let error = failure(&server).await;
            assert!(std::error::Error::source(&error).is_none());
            assert!(error.body().is_none() && error.message().is_none());
            assert_hidden(&format!("{error} {error:?} {error:#?}"));
        }
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::always(200, &granted(ACCESS_TOKEN, REFRESH_TOKEN)).await;
    let address = elsewhere.base_url.clone();
    let server = Server::start(move |_, _| {
        Reply::raw(format!(
            "HTTP/1.1 307 .\r\nlocation: {address}/oauth/v3/token\r\ncontent-length: 0\r\n\r\n"
        ))
    })
    .await;
    assert_eq!(failure(&server).await.kind(), ErrorKind::UnexpectedStatus);
    assert!(elsewhere.asked().is_empty());
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let fine = || OAuth::builder("id", "secret", "refresh");
    assert!(fine().build().is_ok());
    for (builder, reason) in [
        (OAuth::builder("", "secret", "refresh"), "the client id is empty"),
        (OAuth::builder("id", "", "refresh"), "the client secret is empty"),
        (OAuth::builder("id", "secret", " \n"), "the refresh token is empty"),
        (fine().access_token("", Duration::MAX), "the access token is empty"),
        (
            fine().base_url("http://api.hubapi.com"),
            "the base URL must begin with https:// unless it is on this machine",
        ),
        (
            fine().base_url("http://127.0.0.1.example.com"),
            "the base URL must begin with https:// unless it is on this machine",
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidRequest, reason));
    }
}

#[tokio::test]
async fn a_fixed_token_is_the_provider_of_itself() {
    let provider: Arc<dyn TokenProvider> = Arc::new(AccessToken::from("pat-of-the-test"));
    assert_eq!(provider.access_token().await.unwrap().expose_secret(), "pat-of-the-test");
    assert!(!format!("{provider:?}").contains("of-the-test"));
}
