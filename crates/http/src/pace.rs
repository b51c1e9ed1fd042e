//! Keeps a provider below a rate: the caller's own limit, and what the vendor says is left.
//!
//! The limiter is a few lines of our own: those on offer wait on clocks of theirs, which neither stop
//! with tokio's nor give up when the caller's time does.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::{config::Rate, rate_limit::RateLimit};

/// Spaces requests so that no more than the rate's are sent in any window, give or take a first burst.
#[derive(Debug)]
pub(crate) struct Pace {
    rate: Option<Rate>,
    /// When the allowance would be full again ("generic cell rate algorithm").
    full_at: Mutex<Option<Instant>>,
}

impl Pace {
    pub(crate) fn new(rate: Option<Rate>) -> Self {
        Self { rate, full_at: Mutex::new(None) }
    }

    /// Takes a place and says how long to wait for it; `Err` with the time it would take if that is
    /// more than `remaining`, and then no place is taken.
    pub(crate) fn take_place(&self, remaining: Duration) -> Result<Duration, Duration> {
        let Some(Rate { requests, per }) = self.rate else { return Ok(Duration::ZERO) };
        let now = Instant::now();
        let apart = per / requests.max(1);
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let from = full_at.map_or(now, |moment| moment.max(now));
        let wait = (from + apart).saturating_duration_since(now + per);
        if wait > remaining {
            return Err(wait);
        }
        *full_at = Some(from + apart);
        Ok(wait)
    }
}

/// How long to wait before the next request, so that a vendor that counts does not have to refuse.
///
/// `Err` with the time until its next window if nothing is left in this one. When less than a tenth is
/// left, what is left is spread over the time that is left.
pub(crate) fn vendor_pause(told: &RateLimit, now: DateTime<Utc>) -> Result<Duration, Duration> {
    let (Some(remaining), Some(resets_at)) = (told.remaining, told.resets_at) else { return Ok(Duration::ZERO) };
    let until_reset = resets_at.signed_duration_since(now).to_std().unwrap_or_default();
    if until_reset.is_zero() {
        return Ok(Duration::ZERO);
    }
    if remaining == 0 {
        return Err(until_reset);
    }
    let is_low = told.limit.is_some_and(|limit| remaining.saturating_mul(10) <= limit);
    let parts = u32::try_from(remaining.saturating_add(1)).unwrap_or(u32::MAX);
    Ok(if is_low { until_reset / parts } else { Duration::ZERO })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Pace, vendor_pause};
    use crate::{config::Rate, rate_limit::RateLimit};

    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn a_burst_goes_at_once_and_the_rest_is_spaced() {
        let pace = Pace::new(Some(Rate::new(3, MINUTE)));
        let waits: Vec<_> = (0..5).map(|_| pace.take_place(MINUTE).expect("it fits").as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 20, 40]);
        tokio::time::advance(2 * MINUTE).await;
        assert_eq!(pace.take_place(MINUTE), Ok(Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn who_cannot_wait_takes_no_place() {
        let pace = Pace::new(Some(Rate::new(1, MINUTE)));
        assert_eq!(pace.take_place(Duration::ZERO), Ok(Duration::ZERO));
        for _ in 0..3 {
            assert_eq!(pace.take_place(MINUTE / 2), Err(MINUTE));
        }
        assert_eq!(pace.take_place(MINUTE), Ok(MINUTE));
    }

    #[tokio::test(start_paused = true)]
    async fn in_any_window_no_more_than_twice_the_rate_is_sent() {
        let pace = Pace::new(Some(Rate::new(10, MINUTE)));
        let mut sent = Vec::new();
        for _ in 0..100 {
            let wait = pace.take_place(100 * MINUTE).expect("it fits");
            sent.push(wait);
        }
        for start in &sent {
            let within = sent.iter().filter(|moment| *moment >= start && **moment < *start + MINUTE).count();
            assert!(within <= 20, "{within} within a minute of {start:?}");
        }
    }

    fn told(limit: u64, remaining: u64, resets_in: i64) -> RateLimit {
        RateLimit {
            limit: Some(limit),
            remaining: Some(remaining),
            resets_at: Some(now() + TimeDelta::seconds(resets_in)),
            seen_at: now(),
        }
    }

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    #[test]
    fn what_is_left_is_spread_when_it_is_little() {
        assert_eq!(vendor_pause(&told(100, 50, 900), now()), Ok(Duration::ZERO));
        assert_eq!(vendor_pause(&told(100, 10, 110), now()), Ok(Duration::from_secs(10)));
        assert_eq!(vendor_pause(&told(100, 1, 30), now()), Ok(Duration::from_secs(15)));
        assert_eq!(vendor_pause(&told(100, 0, 30), now()), Err(Duration::from_secs(30)));
        assert_eq!(vendor_pause(&told(100, 0, -1), now()), Ok(Duration::ZERO));
    }
}
