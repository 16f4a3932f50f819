//! A client whose tokens come from OAuth, against a simulator that issues and checks them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use hubspot_conversations::testing::Simulator;
use hubspot_conversations::{Client, ErrorKind, OAuth};
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
    assert_eq!(hubspot.traffic(None).arrived, 0);
}
