//! Options of one call, which override those of its client.

use std::time::Duration;

use reqwest::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue,
    TRANSFER_ENCODING,
};

use crate::debug::debug_shows;
use crate::{Error, Retry};

/// Options of a call. The client's apply to what is not set.
#[doc(hidden)]
#[derive(Clone, Default)]
pub struct CallOptions {
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) retry: Option<Retry>,
    pub(crate) headers: ExtraHeaders,
    /// Of lists only.
    pub(crate) max_empty_pages: Option<usize>,
}

debug_shows!(CallOptions: attempt_timeout, deadline, retry);

/// Additional headers.
#[derive(Clone, Default)]
pub(crate) struct ExtraHeaders {
    headers: HeaderMap,
    /// Why one of them cannot be sent: an error when the request is.
    wrong: Option<String>,
}

debug_shows!(ExtraHeaders:);

impl ExtraHeaders {
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        match header(name, value) {
            Ok((name, value)) => {
                self.headers.append(name, value);
            }
            Err(reason) => {
                self.wrong.get_or_insert(reason);
            }
        }
    }

    /// The headers.
    ///
    /// # Errors
    ///
    /// If one of them cannot be sent, or is set by the client.
    pub(crate) fn get(&self) -> Result<&HeaderMap, Error> {
        match &self.wrong {
            None => Ok(&self.headers),
            Some(reason) => Err(Error::invalid(reason)),
        }
    }
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let name: HeaderName = name.parse().map_err(|_| format!("`{name}` is no name of a header"))?;
    let own = [AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING];
    if own.contains(&name) {
        return Err(format!("the header `{name}` is set by the client"));
    }
    let value =
        value.parse().map_err(|_| format!("the value of the header `{name}` cannot be sent"))?;
    Ok((name, value))
}

/// Adds the setters of the call options to a type with `options: CallOptions`.
macro_rules! call_options {
    () => {
        /// How long one attempt may take, with its response's body. The client's, if not set.
        pub fn attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options.attempt_timeout = Some(timeout);
            self
        }

        /// How long the whole call may take: waiting for the rate limit, all attempts, and the waits
        /// between them. The client's, if not set.
        ///
        /// A wait that would exceed it is an error at once. Each page of a list and each batch of
        /// actors has its own deadline.
        pub fn deadline(mut self, deadline: std::time::Duration) -> Self {
            self.options.deadline = Some(deadline);
            self
        }

        /// How it is retried after transient failures. The client's, if not set.
        pub fn retry(mut self, retry: $crate::Retry) -> Self {
            self.options.retry = Some(retry);
            self
        }

        /// An additional header. One that cannot be sent, or that the client sets itself, is an error
        /// when the request is sent.
        pub fn header(mut self, name: &str, value: &str) -> Self {
            self.options.headers.add(name, value);
            self
        }
    };
}

pub(crate) use call_options;
