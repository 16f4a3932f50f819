//! Built without TLS, the crate says so instead of failing to connect. CI runs it with
//! `--no-default-features`; with a TLS feature there is nothing to test.
#![cfg(not(any(feature = "rustls", feature = "native-tls")))]

use hubspot_conversations_api::BearerToken;

#[test]
fn a_token_for_an_https_address_names_the_features() {
    let error = BearerToken::new("https://api.hubapi.com", "pat-na1-0000").unwrap_err();
    assert_eq!(error.to_string(), "https needs the feature `rustls` or `native-tls`");
    assert!(BearerToken::new("http://127.0.0.1:1", "pat-na1-0000").is_ok());
}
