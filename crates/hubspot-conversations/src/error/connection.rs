//! Failures of a connection: which kind, and in which words.

use std::error::Error as _;
use std::io;

use super::ErrorKind;

/// The kind and the reason of a failure. The URL must be removed from it before.
pub(super) fn connection_failure(error: &reqwest::Error, base_url: &str) -> (ErrorKind, String) {
    if let Some((kind, reason)) = unusable_connection(error) {
        (kind, format!("{reason}: {}", innermost(error)))
    } else if error.is_connect() {
        (ErrorKind::Connect, format!("cannot reach {base_url}: {}", innermost(error)))
    } else if error.is_timeout() {
        (ErrorKind::Timeout, "no answer in time".to_owned())
    } else if error.is_builder() {
        (ErrorKind::InvalidRequest, innermost(error))
    } else {
        (ErrorKind::Interrupted, format!("the connection broke: {}", innermost(error)))
    }
}

/// Why no connection can be established, however often it is tried. `None` if one can, or if it broke
/// later.
fn unusable_connection(error: &reqwest::Error) -> Option<(ErrorKind, &'static str)> {
    if !error.is_connect() {
        return None;
    }
    let mut source = error.source();
    while let Some(reason) = source {
        if reason.downcast_ref().is_some_and(is_refused_by_tls) {
            return Some((ErrorKind::Tls, "no secure connection can be made"));
        }
        // hyper does not let its type be named.
        if reason.to_string().ends_with("proxy authorization required") {
            return Some((ErrorKind::Proxy, super::reasons::PROXY));
        }
        source = reason.source();
    }
    None
}

/// Whether TLS rejected the server's part of the handshake: that is invalid data. A handshake that
/// broke is not.
fn is_refused_by_tls(error: &io::Error) -> bool {
    // The connector wraps it in another one, and `source` skips an error that is wrapped directly.
    let wrapped = || error.get_ref().and_then(|inner| inner.downcast_ref());
    error.kind() == io::ErrorKind::InvalidData || wrapped().is_some_and(is_refused_by_tls)
}

/// The innermost reason, which is the most specific: `Connection refused`, not `error sending
/// request`.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}
