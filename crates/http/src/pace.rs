//! Keeps a provider below a rate: the caller's own limit, and what the vendor says is left.
//!
//! The limiter is a few lines of our own: those on offer wait on clocks of theirs, which neither stop
//! with tokio's nor give up when the caller's time does.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::{
    sync::{Notify, futures::Notified},
    time::Instant,
};

use crate::{config::Rate, rate_limit::RateLimit, time::LONGEST};

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

    /// Takes a place; `Err` with the time until it comes if that is more than `remaining`, and then no place is taken.
    pub(crate) fn take_place(&self, remaining: Duration) -> Result<Place<'_>, Duration> {
        let Some(Rate { requests, per }) = self.rate else {
            return Ok(Place { pace: self, apart: Duration::ZERO, wait: Duration::ZERO });
        };
        let now = Instant::now();
        // What is longer than anybody waits is never reached, and an instant cannot hold it.
        let per = per.min(LONGEST);
        let apart = per / requests.max(1);
        let mut full_at = lock(&self.full_at);
        let from = full_at.map_or(now, |moment| moment.max(now));
        let wait = (from + apart).saturating_duration_since(now).saturating_sub(per);
        if wait > remaining {
            return Err(wait);
        }
        *full_at = Some(from + apart);
        Ok(Place { pace: self, apart, wait })
    }
}

/// A place in the rate. Dropped before it was used, it is given back: a call that was cancelled, or held back for
/// another reason, must not slow the next one down.
#[derive(Debug)]
#[must_use = "a place that is dropped is given back"]
pub(crate) struct Place<'a> {
    pace: &'a Pace,
    apart: Duration,
    wait: Duration,
}

impl Place<'_> {
    /// How long to wait before it may be used.
    pub(crate) fn wait(&self) -> Duration {
        self.wait
    }

    /// Something is sent.
    pub(crate) fn used(mut self) {
        self.apart = Duration::ZERO;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.apart.is_zero() {
            let mut full_at = lock(&self.pace.full_at);
            *full_at = full_at.and_then(|moment| moment.checked_sub(self.apart));
        }
    }
}

/// Keeps below the limit that a vendor tells with its answers. What is under way counts as used: its answers have not
/// told yet.
#[derive(Debug, Default)]
pub(crate) struct Allowance {
    state: Mutex<State>,
    /// Wakes who waits for an answer that tells more.
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    told: Option<RateLimit>,
    under_way: u64,
}

/// Whether a request may be sent.
#[derive(Debug)]
pub(crate) enum Leave<'a> {
    /// After this time, so that what is left of a window lasts until the next one.
    After(Duration, UnderWay<'a>),
    /// Nothing is left until this time has passed.
    UsedUp(Duration),
    /// All that is left may be used by what is under way; its answers will tell. The next window begins after this time.
    Undecided(Duration),
}

impl Allowance {
    /// What the vendor told last.
    pub(crate) fn told(&self) -> Option<RateLimit> {
        lock(&self.state).told
    }

    /// Remembers what an answer told. Answers may overtake one another: of one window the least counts.
    pub(crate) fn tell(&self, mut told: RateLimit) {
        let mut state = lock(&self.state);
        if let Some(before) = state.told
            && before.resets_at == told.resets_at
            && let (Some(left), Some(left_before)) = (told.remaining, before.remaining)
        {
            told.remaining = Some(left.min(left_before));
        }
        state.told = Some(told);
    }

    /// Asks for leave to send one request.
    pub(crate) fn ask(&self, now: DateTime<Utc>) -> Leave<'_> {
        let mut state = lock(&self.state);
        let pause = match state.told.map(|told| left(&told, now)) {
            Some(Left::Nothing { until_reset }) => return Leave::UsedUp(until_reset),
            Some(Left::Some { requests, until_reset, .. }) if requests <= state.under_way => {
                return Leave::Undecided(until_reset);
            }
            Some(Left::Some { requests, until_reset, is_little: true }) => {
                // Whoever is under way has taken the earlier ones of the moments.
                let parts = u32::try_from(requests.saturating_add(1)).unwrap_or(u32::MAX);
                (until_reset / parts).saturating_mul(u32::try_from(state.under_way + 1).unwrap_or(u32::MAX))
            }
            None | Some(Left::Unknown | Left::Some { .. }) => Duration::ZERO,
        };
        state.under_way += 1;
        Leave::After(pause, UnderWay(self))
    }

    /// Ends when something that is under way at the time of this call no longer is.
    pub(crate) fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }
}

/// A request that was given leave, until its answer has told or it is dropped.
#[derive(Debug)]
pub(crate) struct UnderWay<'a>(&'a Allowance);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        lock(&self.0.state).under_way -= 1;
        self.0.changed.notify_waiters();
    }
}

/// What is left of a vendor's window.
enum Left {
    Unknown,
    Nothing { until_reset: Duration },
    Some { requests: u64, until_reset: Duration, is_little: bool },
}

fn left(told: &RateLimit, now: DateTime<Utc>) -> Left {
    let (Some(requests), Some(resets_at)) = (told.remaining, told.resets_at) else { return Left::Unknown };
    let until_reset = resets_at.signed_duration_since(now).to_std().unwrap_or_default();
    if until_reset.is_zero() {
        return Left::Unknown;
    }
    if requests == 0 {
        return Left::Nothing { until_reset };
    }
    let is_little = told.limit.is_some_and(|limit| requests.saturating_mul(10) <= limit);
    Left::Some { requests, until_reset, is_little }
}

/// Nothing that holds these locks can panic, and their data is sound at every step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Allowance, Leave, Pace};
    use crate::{config::Rate, rate_limit::RateLimit};

    const MINUTE: Duration = Duration::from_secs(60);

    /// Takes a place and uses it.
    fn take(pace: &Pace, remaining: Duration) -> Result<Duration, Duration> {
        let taken = pace.take_place(remaining)?;
        let wait = taken.wait();
        taken.used();
        Ok(wait)
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_goes_at_once_and_the_rest_is_spaced() {
        let pace = Pace::new(Some(Rate::new(3, MINUTE)));
        let waits: Vec<_> = (0..5).map(|_| take(&pace, MINUTE).expect("it fits").as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 20, 40]);
        tokio::time::advance(2 * MINUTE).await;
        assert_eq!(take(&pace, MINUTE), Ok(Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn who_cannot_wait_takes_no_place() {
        let pace = Pace::new(Some(Rate::new(1, MINUTE)));
        assert_eq!(take(&pace, Duration::ZERO), Ok(Duration::ZERO));
        for _ in 0..3 {
            assert_eq!(take(&pace, MINUTE / 2), Err(MINUTE));
        }
        assert_eq!(take(&pace, MINUTE), Ok(MINUTE));
    }

    #[tokio::test(start_paused = true)]
    async fn in_any_window_no_more_than_twice_the_rate_is_sent() {
        let pace = Pace::new(Some(Rate::new(10, MINUTE)));
        let mut sent = Vec::new();
        for _ in 0..100 {
            let wait = take(&pace, 100 * MINUTE).expect("it fits");
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

    #[tokio::test(start_paused = true)]
    async fn a_place_that_is_not_used_is_given_back() {
        let pace = Pace::new(Some(Rate::new(1, MINUTE)));
        take(&pace, MINUTE).expect("the first one");
        for _ in 0..100 {
            assert_eq!(pace.take_place(MINUTE).expect("it fits").wait(), MINUTE);
        }
        let _waiting = pace.take_place(MINUTE).expect("the next one");
        assert_eq!(take(&pace, 2 * MINUTE), Ok(2 * MINUTE));
    }

    fn telling(told: RateLimit) -> Allowance {
        let allowance = Allowance::default();
        allowance.tell(told);
        allowance
    }

    fn pause(told: RateLimit) -> Result<Duration, Duration> {
        match telling(told).ask(now()) {
            Leave::After(pause, _) => Ok(pause),
            Leave::UsedUp(wait) => Err(wait),
            Leave::Undecided(_) => panic!("nothing is under way"),
        }
    }

    #[test]
    fn what_is_left_is_spread_when_it_is_little() {
        assert_eq!(pause(told(100, 50, 900)), Ok(Duration::ZERO));
        assert_eq!(pause(told(100, 10, 110)), Ok(Duration::from_secs(10)));
        assert_eq!(pause(told(100, 1, 30)), Ok(Duration::from_secs(15)));
        assert_eq!(pause(told(100, 0, 30)), Err(Duration::from_secs(30)));
        assert_eq!(pause(told(100, 0, -1)), Ok(Duration::ZERO));
    }

    #[test]
    fn what_is_under_way_counts_as_used_until_its_answer_tells() {
        let allowance = telling(told(10, 3, 40));
        let asked: Vec<_> = (0..3).map(|_| allowance.ask(now())).collect();
        assert!(matches!(allowance.ask(now()), Leave::Undecided(wait) if wait == Duration::from_secs(40)));
        drop(asked);
        assert!(matches!(allowance.ask(now()), Leave::After(Duration::ZERO, _)));
    }

    #[test]
    fn who_asks_at_once_gets_moments_apart() {
        let allowance = telling(told(100, 4, 50));
        let asked: Vec<_> = (0..4).map(|_| allowance.ask(now())).collect();
        for (place, leave) in (1..).zip(&asked) {
            assert!(matches!(leave, Leave::After(pause, _) if *pause == Duration::from_secs(10 * place)), "{leave:?}");
        }
    }

    #[test]
    fn an_answer_that_was_overtaken_does_not_bring_back_what_is_used() {
        let allowance = telling(told(100, 1, 30));
        allowance.tell(told(100, 5, 30));
        assert_eq!(allowance.told().and_then(|told| told.remaining), Some(1));
        // Another window is another matter.
        allowance.tell(told(100, 99, 930));
        assert_eq!(allowance.told().and_then(|told| told.remaining), Some(99));
    }
}
