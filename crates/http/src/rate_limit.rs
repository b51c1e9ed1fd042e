//! What a vendor says about its rate limit, with every answer.

use chrono::{DateTime, Utc};
use http::HeaderMap;

/// A vendor's rate limit as the headers of its latest answer told it (`X-RateLimit-Limit`,
/// `X-RateLimit-Remaining`, `X-RateLimit-Reset`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests allowed in one window.
    pub limit: Option<u64>,
    /// Requests left in this window.
    pub remaining: Option<u64>,
    /// When the next window begins.
    pub resets_at: Option<DateTime<Utc>>,
    /// When this was told.
    pub seen_at: DateTime<Utc>,
}

impl RateLimit {
    /// Reads the headers; `None` if they tell nothing. What is no whole number is not told.
    pub(crate) fn read(headers: &HeaderMap, seen_at: DateTime<Utc>) -> Option<Self> {
        let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
        let resets_at = number("x-ratelimit-reset").and_then(|seconds| i64::try_from(seconds).ok());
        let told = Self {
            limit: number("x-ratelimit-limit"),
            remaining: number("x-ratelimit-remaining"),
            resets_at: resets_at.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
            seen_at,
        };
        let is_told = told.limit.is_some() || told.remaining.is_some() || told.resets_at.is_some();
        is_told.then_some(told)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use http::{HeaderMap, HeaderName, HeaderValue};

    use super::RateLimit;

    fn read(rows: &[(&'static str, &'static str)]) -> Option<RateLimit> {
        let headers = rows.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        RateLimit::read(&headers.collect::<HeaderMap>(), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn what_is_told_is_read_and_the_rest_is_not_made_up() {
        let limit = read(&[("x-ratelimit-limit", "100"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "60")]);
        let limit = limit.expect("it was told");
        assert_eq!((limit.limit, limit.remaining), (Some(100), Some(0)));
        assert_eq!(limit.resets_at, DateTime::from_timestamp(60, 0));

        assert_eq!(read(&[("x-ratelimit-remaining", "7")]).and_then(|limit| limit.limit), None);
        for odd in ["-1", "many", "1.5", ""] {
            assert_eq!(read(&[("x-ratelimit-limit", odd), ("x-ratelimit-reset", odd)]), None, "{odd}");
        }
        let absurd = read(&[("x-ratelimit-reset", "18446744073709551615"), ("x-ratelimit-limit", "1")]);
        assert_eq!(absurd.and_then(|limit| limit.resets_at), None);
    }
}
