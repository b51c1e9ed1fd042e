//! How long vendors ask to wait.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, header::RETRY_AFTER};

/// The waiting time that an answer's headers ask for.
///
/// `Retry-After` wins, in seconds or as one of the three HTTP date forms. `X-RateLimit-Reset`, a moment
/// in seconds since 1970, speaks only where the vendor refused for too many requests (`throttled`).
/// A moment in the past is no wait; anything unreadable is ignored.
pub(crate) fn waiting_time(headers: &HeaderMap, throttled: bool, now: DateTime<Utc>) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let named = text(RETRY_AFTER.as_str()).and_then(|value| seconds(value).or_else(|| date(value, now)));
    let reset = || text("x-ratelimit-reset").and_then(seconds).and_then(|moment| until_epoch(moment, now));
    named.or_else(|| throttled.then(reset).flatten())
}

/// A non-negative whole number of seconds; a number too large to wait for is kept as the longest time.
fn seconds(value: &str) -> Option<Duration> {
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)))
}

fn date(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let moment: DateTime<Utc> = httpdate::parse_http_date(value).ok()?.into();
    Some(moment.signed_duration_since(now).to_std().unwrap_or_default())
}

fn until_epoch(moment: Duration, now: DateTime<Utc>) -> Option<Duration> {
    let moment = DateTime::from_timestamp(i64::try_from(moment.as_secs()).ok()?, 0)?;
    Some(moment.signed_duration_since(now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::{DateTime, Utc};
    use http::{HeaderMap, HeaderValue};

    use super::waiting_time;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).expect("a valid moment")
    }

    fn waited(headers: &[(&'static str, &str)], throttled: bool) -> Option<Duration> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.parse().expect("a name"), HeaderValue::from_str(value).expect("a value")))
            .collect();
        waiting_time(&headers, throttled, now())
    }

    #[test]
    fn seconds_and_all_three_date_forms_are_read() {
        for (value, seconds) in [
            ("0", 0),
            ("120", 120),
            (" 7 ", 7),
            ("Tue, 14 Nov 2023 22:13:50 GMT", 30),
            ("Tuesday, 14-Nov-23 22:13:50 GMT", 30),
            ("Tue Nov 14 22:13:50 2023", 30),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ] {
            assert_eq!(waited(&[("retry-after", value)], false), Some(Duration::from_secs(seconds)), "{value}");
        }
    }

    #[test]
    fn what_is_no_waiting_time_is_ignored() {
        for value in ["", "-1", "1.5", "soon", "0x10", "1e3", "١"] {
            let Ok(header) = HeaderValue::from_bytes(value.as_bytes()) else { continue };
            let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, header)]);
            assert_eq!(waiting_time(&headers, true, now()), None, "{value}");
        }
    }

    #[test]
    fn an_absurd_time_stays_absurd_and_does_not_wrap() {
        let wait = waited(&[("retry-after", "99999999999999999999999")], false).expect("a number of seconds");
        assert!(wait > Duration::from_secs(1 << 40));
    }

    #[test]
    fn the_reset_moment_speaks_only_for_throttling_and_after_retry_after() {
        let reset = [("x-ratelimit-reset", "1700000042")];
        assert_eq!(waited(&reset, true), Some(Duration::from_secs(42)));
        assert_eq!(waited(&reset, false), None);
        assert_eq!(waited(&[("retry-after", "5"), reset[0]], true), Some(Duration::from_secs(5)));
        assert_eq!(waited(&[("x-ratelimit-reset", "1")], true), Some(Duration::ZERO));
    }
}
