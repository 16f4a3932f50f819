//! Built without TLS, a client says so instead of failing to connect. CI runs it with
//! `--no-default-features`; with a TLS feature there is nothing to test.
#![cfg(not(any(feature = "rustls", feature = "native-tls")))]

use std::sync::Arc;

use hubspot_conversations::testing::{self, Simulator};
use hubspot_conversations::{Client, ErrorKind, OAuth};

const BUILT_WITHOUT: &str = "the base URL begins with https://, and this program was built without TLS: enable the \
                             feature `rustls` or `native-tls` of the crate hubspot-conversations";

#[test]
fn an_https_address_is_an_error_that_names_the_features() {
    let error = Client::new("pat-na1-0000").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains(BUILT_WITHOUT), "{error}");

    let error = OAuth::builder("client id", "client secret", "refresh token").build().unwrap_err();
    assert!(error.to_string().contains(BUILT_WITHOUT), "{error}");
}

#[tokio::test]
async fn a_local_address_and_a_transport_need_no_tls() {
    let builder = Client::builder().token("pat-na1-0000").base_url("http://127.0.0.1:1");
    assert!(builder.build().is_ok());

    let hubspot = Arc::new(Simulator::builder().threads(1).in_process());
    let client = testing::client(&hubspot).build().unwrap();
    assert_eq!(client.threads().list().send().await.unwrap().results.len(), 1);
    let elsewhere =
        Client::builder().token("pat-na1-0000").transport(testing::in_process(&hubspot));
    assert!(elsewhere.build().is_ok());
}
