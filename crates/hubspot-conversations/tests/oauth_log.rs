//! What OAuth logs, and what it does not. Alone in its program: another test that logs without a
//! subscriber could switch an event off for all.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};

use hubspot_conversations::{OAuth, TokenProvider};
use test_support::server::{Reply, Server};

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = Server::start(|_, before| match before {
        0 => Reply::With(503, "retry-after: 0\r\n", "s3cret r3fresh-1".to_owned()),
        1 => {
            let granted =
                r#"{"access_token":"acc3ss","refresh_token":"r3fresh-2","expires_in":1800}"#;
            Reply::Json(200, granted.to_owned())
        }
        _ => Reply::Json(400, r#"{"error":"invalid_grant","message":"r3fresh-1"}"#.to_owned()),
    })
    .await;
    let oauth = OAuth::builder("client-id", "s3cret", "r3fresh-1").base_url(&server.base_url);
    let oauth = oauth.build().unwrap();
    oauth.access_token().await.unwrap();
    oauth.replace_refresh_token("r3fresh-1");
    oauth.access_token().await.unwrap_err();

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for event in [
        "refreshing the access token",
        "asking for an access token again",
        "refreshed the access token",
        "the refresh token was rotated, and nothing is set to store it",
        "could not refresh the access token",
    ] {
        assert!(log.contains(event), "{event} is missing:\n{log}");
    }
    for secret in ["s3cret", "r3fresh", "acc3ss"] {
        assert!(!log.contains(secret), "{log}");
    }
}
