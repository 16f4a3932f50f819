//! The header `Retry-After`.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// How long the server asks to wait: seconds, or until a date, which is compared with the response's
/// `Date` if it has one.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = text(headers, RETRY_AFTER)?;
    if let Ok(seconds) = text.parse() {
        // More seconds than there will ever be are still a number of seconds.
        let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
        return Duration::try_from_secs_f64(seconds).ok().or(is_whole.then_some(Duration::MAX));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = self::text(headers, DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    Some(until.duration_since(now.unwrap_or_else(SystemTime::now)).unwrap_or_default())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

    use super::retry_after;

    fn asked(retry_after_: &'static str, date: Option<&'static str>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(retry_after_));
        headers.extend(date.map(|date| (DATE, HeaderValue::from_static(date))));
        retry_after(&headers)
    }

    #[test]
    fn it_is_a_number_of_seconds() {
        assert_eq!(asked("120", None), Some(Duration::from_secs(120)));
        assert_eq!(asked(" 0.5 ", None), Some(Duration::from_millis(500)));
        assert_eq!(asked("0", None), Some(Duration::ZERO));
        assert_eq!(asked("99999999999999999999", None), Some(Duration::MAX));
    }

    #[test]
    fn it_is_a_date_by_the_servers_clock() {
        let date = Some("Mon, 02 Mar 2026 09:00:00 GMT");
        assert_eq!(asked("Mon, 02 Mar 2026 09:00:07 GMT", date), Some(Duration::from_secs(7)));
        assert_eq!(asked("Monday, 02-Mar-26 09:01:00 GMT", date), Some(Duration::from_secs(60)));
        assert_eq!(asked("Mon, 02 Mar 2026 08:59:59 GMT", date), Some(Duration::ZERO));
        assert_eq!(asked("Mon, 02 Mar 2020 09:00:00 GMT", None), Some(Duration::ZERO));
    }

    #[test]
    fn anything_else_says_nothing() {
        for text in ["", "soon", "-1", "NaN", "inf", "1e300", "32 Mar 2026"] {
            assert_eq!(asked(text, None), None, "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
