//! The clock of the server, as its answers tell it.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{DATE, HeaderMap};
use tokio::time::Instant;

/// What the newest answer's `Date` said, and when it came.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(Mutex<Option<(DateTime<Utc>, Instant)>>);

impl ServerClock {
    /// Sees the head of an answer.
    pub(crate) fn answered(&self, headers: &HeaderMap) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        if let Some(date) = date.and_then(|date| httpdate::parse_http_date(date.trim()).ok()) {
            let told = Some((date.into(), Instant::now()));
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = told;
        }
    }

    /// What time it is there. `None` until an answer has told it.
    pub(crate) fn now(&self) -> Option<DateTime<Utc>> {
        let (date, at) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        date.checked_add_signed(TimeDelta::from_std(at.elapsed()).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{DATE, HeaderMap, HeaderValue};

    use super::ServerClock;

    #[tokio::test(start_paused = true)]
    async fn it_goes_on_from_the_newest_date_that_can_be_read() {
        let clock = ServerClock::default();
        let answered = |date: &'static str| {
            let headers = HeaderMap::from_iter([(DATE, HeaderValue::from_static(date))]);
            clock.answered(&headers);
        };
        let now = || clock.now().map(|now| now.to_rfc3339());
        answered("junk");
        clock.answered(&HeaderMap::new());
        assert_eq!(now(), None);
        answered("Mon, 02 Mar 2026 09:00:00 GMT");
        tokio::time::advance(Duration::from_secs(90)).await;
        answered("99:99");
        assert_eq!(now().as_deref(), Some("2026-03-02T09:01:30+00:00"));
        answered("Fri, 31 Dec 9999 23:59:59 GMT");
        assert_eq!(now().as_deref(), Some("9999-12-31T23:59:59+00:00"));
    }
}
