//! Nothing is accepted that was not signed with the secret, and whatever was signed is.

#![no_main]

use chrono::DateTime;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use hubspot_conversations::webhook::Verifier;
use libfuzzer_sys::fuzz_target;

const HEADERS: [&str; 4] = [
    "x-hubspot-signature",
    "x-hubspot-signature-version",
    "x-hubspot-signature-v3",
    "x-hubspot-request-timestamp",
];

// A line for the method, one for the URI, one for each header, and the body.
fuzz_target!(|data: &[u8]| {
    let mut rest = data;
    let mut line = || {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let line = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        line
    };
    let Ok(method) = Method::from_bytes(line()) else { return };
    let Ok(uri) = std::str::from_utf8(line()) else { return };
    let mut headers = HeaderMap::new();
    for name in HEADERS {
        if let Ok(value) = HeaderValue::from_bytes(line()) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    let body = rest;

    let strict = Verifier::new("the app's client secret", "https://bot.example.com").unwrap();
    let lenient = strict.clone().accept_v1().accept_v2();
    let now = DateTime::from_timestamp_millis(1_700_000_000_000).unwrap();
    for verifier in [&strict, &lenient] {
        assert!(verifier.verify_at(&method, uri, &headers, body, now).is_err());
    }

    let signed = strict.sign(&method, uri, body, now);
    for verifier in [&strict, &lenient] {
        assert_eq!(verifier.verify_at(&method, uri, &signed, body, now), Ok(()));
    }
    let other = [body, b" "].concat();
    assert!(strict.verify_at(&method, uri, &signed, &other, now).is_err());
});
