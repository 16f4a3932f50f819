//! How errors are shown: without a token, a body or customer text.

use std::fmt;

use hubspot_conversations_api::shown::{constant, uuid};

use super::{Cause, Error, ErrorKind};

impl Error {
    /// The correlation id, if it looks like one.
    pub(crate) fn shown_correlation_id(&self) -> Option<&str> {
        self.correlation_id().map(uuid)
    }

    /// Whether HubSpot executed the request, where the reason does not say so already.
    fn shown_outcome(&self) -> Option<&'static str> {
        if self.was_carried_out() {
            (self.kind() != ErrorKind::NoRecord).then_some("was carried out")
        } else {
            self.is_ambiguous().then_some("may have been carried out")
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.0.cause.reason)?;
        let notes = [
            self.status().map(|status| status.as_u16().to_string()),
            self.category().map(|category| constant(category).to_owned()),
            self.shown_correlation_id().map(|id| format!("correlation id {id}")),
            (self.attempts() > 1).then(|| format!("{} attempts", self.attempts())),
            self.0.out_of_budget.then(|| "no retries left".to_owned()),
            self.shown_outcome().map(str::to_owned),
        ];
        let notes: Vec<_> = notes.into_iter().flatten().collect();
        if notes.is_empty() { Ok(()) } else { write!(f, " ({})", notes.join(", ")) }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("operation", &self.operation())
            .field("status", &self.status())
            .field("correlation_id", &self.shown_correlation_id())
            .field("attempts", &self.attempts())
            .field("ambiguous", &self.is_ambiguous())
            .field("carried_out", &self.was_carried_out())
            .field("reason", &self.0.cause.reason)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let Cause { http, decode, .. } = &*self.0.cause;
        http.as_ref().map(|error| error as _).or(decode.as_ref().map(|error| error as _))
    }
}
