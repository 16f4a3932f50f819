//! Whether a failed read concerns one record, or HubSpot as a whole.

use hubspot_conversations::{Error, ErrorKind};

/// Whether the failure may concern this record only. Another request shows that.
pub(super) fn concerns_one_record(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::InvalidRequest
        | ErrorKind::Timeout
        | ErrorKind::Interrupted
        | ErrorKind::Deadline
        | ErrorKind::NotFound
        | ErrorKind::Server
        | ErrorKind::UnexpectedStatus
        | ErrorKind::Decode
        | ErrorKind::TooLarge
        | ErrorKind::NoRecord
        | ErrorKind::RepeatedCursor
        | ErrorKind::UnusableCursor
        | ErrorKind::EmptyPages => true,
        // While HubSpot migrates the account, nothing can be read.
        ErrorKind::Rejected => error.status().is_none_or(|status| status.as_u16() != 477),
        _ => false,
    }
}

/// Whether HubSpot itself reports that the record does not exist. A gateway's page with the same status
/// does not count.
pub(super) fn is_hubspots_not_found(error: &Error) -> bool {
    let body = || error.body().map(<[u8]>::trim_ascii).unwrap_or_default();
    let is_object = || {
        body().starts_with(b"{") && serde_json::from_slice::<serde::de::IgnoredAny>(body()).is_ok()
    };
    error.is_not_found() && is_object()
}

/// Whether HubSpot returned a success with an empty body.
pub(super) fn is_empty_success(error: &Error) -> bool {
    error.kind() == ErrorKind::Decode && error.body().is_some_and(<[u8]>::is_empty)
}

#[cfg(test)]
mod tests {
    use hubspot_conversations::OperationId;
    use hubspot_conversations::testing;
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;

    use super::is_hubspots_not_found;

    #[test]
    fn only_hubspots_own_body_says_that_there_is_nothing() {
        let not_found = |body: &str| {
            let (operation, status) = (OperationId::GetThread, StatusCode::NOT_FOUND);
            let headers = HeaderMap::new();
            is_hubspots_not_found(&testing::failure(operation, status, &headers, body.as_bytes()))
        };
        assert!(not_found(r#"{"status":"error","category":"OBJECT_NOT_FOUND"}"#));
        assert!(not_found(" {} "));
        for other in ["", "<html>404</html>", "[]", "404", "{\"status\":"] {
            assert!(!not_found(other), "{other}");
        }
    }
}
