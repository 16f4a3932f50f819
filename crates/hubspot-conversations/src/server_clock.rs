//! The clock of the server, as its answers tell it.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{DATE, HeaderMap, HeaderValue};
use tokio::time::Instant;

/// The newest `Date` of a response.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(Mutex<Option<Told>>);

#[derive(Debug)]
struct Told {
    header: HeaderValue,
    date: DateTime<Utc>,
    /// When it was first received.
    at: Instant,
}

impl ServerClock {
    /// Sees the head of an answer.
    pub(crate) fn answered(&self, headers: &HeaderMap) {
        let Some(header) = headers.get(DATE) else { return };
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // It changes once a second, and need not be read again before.
        if told.as_ref().is_some_and(|told| told.header == header) {
            return;
        }
        let date = header.to_str().ok().map(str::trim);
        if let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) {
            *told = Some(Told { header: header.clone(), date: date.into(), at: Instant::now() });
        }
    }

    /// What time it is there. `None` until an answer has told it.
    pub(crate) fn now(&self) -> Option<DateTime<Utc>> {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Told { date, at, .. } = told.as_ref()?;
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
