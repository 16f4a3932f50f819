//! Whatever a server says of an error, it is one sentence of a sensible length.

#![no_main]

use std::error::Error as _;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use hubspot_conversations::types::Thread;
use hubspot_conversations::{OPERATIONS, testing};
use libfuzzer_sys::fuzz_target;

const HEADERS: [&str; 5] = [
    "retry-after",
    "date",
    "x-hubspot-correlation-id",
    "x-hubspot-ratelimit-interval-milliseconds",
    "content-type",
];

// A status of two bytes, an operation of one, a line for each header, and the body.
fuzz_target!(|data: &[u8]| {
    let Some((&[high, low, operation], mut rest)) = data.split_first_chunk() else { return };
    let status = 100 + u16::from_be_bytes([high, low]) % 900;
    let Ok(status) = StatusCode::from_u16(status) else { return };
    let operation = OPERATIONS[usize::from(operation) % OPERATIONS.len()].id;
    let mut headers = HeaderMap::new();
    for name in HEADERS {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        if let Ok(value) = HeaderValue::from_bytes(&rest[..end]) {
            headers.append(HeaderName::from_static(name), value);
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }

    for error in [
        testing::failure(operation, status, &headers, rest),
        testing::unreadable::<Thread>(operation, rest),
    ] {
        let mut source = error.source();
        let mut shown = format!("{error} {error:?}");
        while let Some(inner) = source {
            shown += &inner.to_string();
            source = inner.source();
        }
        assert!(shown.len() < 8 * 1024, "{} bytes", shown.len());
        assert!(shown.chars().all(|c| !c.is_control()), "{shown:?}");
        assert_eq!(error.body(), Some(rest));
        assert!(!(error.is_retryable() && error.is_not_found()));
        let _ = (error.category(), error.sub_category(), error.message(), error.policy_name());
        let _ = (error.correlation_id(), error.retry_after(), error.missing_scopes());
        let _ = (error.context().count(), error.path(), error.method(), error.is_ambiguous());
        for detail in error.details() {
            let _ = (detail.message(), detail.field(), detail.context().count());
        }
    }
});
