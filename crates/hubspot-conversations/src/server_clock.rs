//! The server's clock.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{DATE, HeaderMap, HeaderValue};
use tokio::time::Instant;

/// The newest `Date` of a response.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(Mutex<Option<LastDate>>);

#[derive(Debug)]
struct LastDate {
    header: HeaderValue,
    date: DateTime<Utc>,
    /// When it was last received.
    at: Instant,
}

impl ServerClock {
    /// Takes the `Date` of a response.
    pub(crate) fn observe(&self, headers: &HeaderMap) {
        let Some(header) = headers.get(DATE) else { return };
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // It changes once a second, and is parsed once.
        if let Some(last) = last.as_mut().filter(|last| last.header == header) {
            last.at = Instant::now();
            return;
        }
        let date = header.to_str().ok().map(str::trim);
        if let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) {
            *last =
                Some(LastDate { header: header.clone(), date: date.into(), at: Instant::now() });
        }
    }

    /// The time there. `None` before the first `Date`.
    pub(crate) fn now(&self) -> Option<DateTime<Utc>> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let LastDate { date, at, .. } = last.as_ref()?;
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
            clock.observe(&headers);
        };
        let now = || clock.now().map(|now| now.to_rfc3339());
        answered("junk");
        clock.observe(&HeaderMap::new());
        assert_eq!(now(), None);
        answered("Mon, 02 Mar 2026 09:00:00 GMT");
        tokio::time::advance(Duration::from_secs(90)).await;
        answered("99:99");
        assert_eq!(now().as_deref(), Some("2026-03-02T09:01:30+00:00"));
        answered("Mon, 02 Mar 2026 09:00:00 GMT");
        assert_eq!(now().as_deref(), Some("2026-03-02T09:00:00+00:00"));
        answered("Fri, 31 Dec 9999 23:59:59 GMT");
        assert_eq!(now().as_deref(), Some("9999-12-31T23:59:59+00:00"));
    }
}
