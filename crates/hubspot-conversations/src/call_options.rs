//! What is set for one call, in place of what its client has.

use std::fmt;
use std::time::Duration;

use reqwest::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue,
    TRANSFER_ENCODING,
};

use crate::{Error, Retry};

/// What is set for a call. What is not set is as its client has it.
#[doc(hidden)]
#[derive(Clone, Default)]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) retry: Option<Retry>,
    pub(crate) headers: ExtraHeaders,
    /// How many empty pages in a row a list may have. Of lists only.
    pub(crate) max_empty_pages: Option<usize>,
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// Headers beside those that every request has. `Debug` shows none of them.
#[derive(Clone, Default)]
pub(crate) struct ExtraHeaders {
    headers: HeaderMap,
    /// The first that cannot be sent. Told when the request is.
    wrong: Option<String>,
}

impl fmt::Debug for ExtraHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtraHeaders").finish_non_exhaustive()
    }
}

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
    /// If one of them is none, or is not for callers to set.
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

/// Gives a type with `options: CallOptions` the setters of what can be set for a call.
macro_rules! call_options {
    () => {
        /// How long one attempt may take, its answer's body included. As the client's, if not set.
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options.timeout = Some(timeout);
            self
        }

        /// How long everything together may take: waiting for the rate limit, all attempts, and the
        /// waits between them. As the client's, if not set.
        ///
        /// A wait that would pass it is an error at once. Each request that is sent has its own:
        /// each page of a list, each batch of actors.
        pub fn deadline(mut self, deadline: std::time::Duration) -> Self {
            self.options.deadline = Some(deadline);
            self
        }

        /// How often it is sent again after failures that can pass. As the client's, if not set.
        pub fn retry(mut self, retry: $crate::Retry) -> Self {
            self.options.retry = Some(retry);
            self
        }

        /// A header to send, beside those set before and those of the client. One that cannot be
        /// sent, or that the client sets itself, is an error when the request is sent.
        pub fn header(mut self, name: &str, value: &str) -> Self {
            self.options.headers.add(name, value);
            self
        }
    };
}

pub(crate) use call_options;
