//! Whether to send a request again, and when. A loop of its own rather than a crate's: it has to honour
//! vendors' waiting times, one time budget over all attempts, and a retry budget shared by all calls.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use polyprofile_core::{Error, ErrorKind};

use crate::{
    config::{HttpConfig, RetryPolicy},
    failure::Failure,
};

/// Decides over the retries of all calls of one provider.
#[derive(Debug)]
pub(crate) struct Retries {
    policy: RetryPolicy,
    tokens: AtomicU32,
}

/// No retry is closer to the attempt before it, so that a vendor that says "0 seconds" is not hammered.
const LEAST_WAIT: Duration = Duration::from_millis(10);

impl Retries {
    pub(crate) fn new(policy: RetryPolicy) -> Self {
        Self { policy, tokens: AtomicU32::new(policy.budget) }
    }

    /// How long to wait before the next attempt after `attempts` of them, or `None` to give up.
    ///
    /// `remaining` is what is left of the call's time: a wait that does not fit gives up at once, with
    /// the hint in the error.
    pub(crate) fn wait_before_next(
        &self,
        failure: &Failure,
        repeatable: bool,
        attempts: u32,
        remaining: Duration,
        config: &HttpConfig,
    ) -> Option<Duration> {
        let may_repeat = !failure.is_final && (repeatable || !failure.sent);
        if !may_repeat || !failure.error.is_retryable() || attempts >= self.policy.attempts {
            return None;
        }
        let wait = self.wait(&failure.error, attempts, config.random.unit());
        if wait >= remaining || !self.take_tokens() {
            return None;
        }
        Some(wait)
    }

    /// Gives back a little of the budget.
    pub(crate) fn succeeded(&self) {
        // Nothing else is ordered by this counter.
        let _ = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
            (tokens < self.policy.budget).then_some(tokens + 1)
        });
    }

    fn wait(&self, error: &Error, attempts: u32, chance: f64) -> Duration {
        let base = if error.kind() == ErrorKind::RateLimited { self.policy.base_throttled } else { self.policy.base };
        let wait = if let Some(named) = error.retry_after() {
            // Many clients were told the same moment: come a little after it, not all at once.
            named.saturating_add(base.mul_f64(chance))
        } else {
            let doubled = base.saturating_mul(1_u32.checked_shl(attempts - 1).unwrap_or(u32::MAX));
            doubled.min(self.policy.longest).mul_f64(chance)
        };
        wait.max(LEAST_WAIT)
    }

    fn take_tokens(&self) -> bool {
        let taken = self
            .tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| tokens.checked_sub(RetryPolicy::RETRY_COST));
        taken.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use polyprofile_core::{Error, ErrorKind};

    use super::Retries;
    use crate::{
        config::{HttpConfig, RetryPolicy},
        failure::Failure,
    };

    const PLENTY: Duration = Duration::from_secs(3_600);

    fn failure(kind: ErrorKind, sent: bool) -> Failure {
        Failure::new(Error::from(kind), sent)
    }

    fn wait(failure: &Failure, repeatable: bool, attempts: u32, remaining: Duration) -> Option<Duration> {
        let retries = Retries::new(RetryPolicy::default());
        retries.wait_before_next(failure, repeatable, attempts, remaining, &HttpConfig::new())
    }

    #[test]
    fn only_what_can_pass_by_itself_is_tried_again() {
        for kind in ErrorKind::ALL {
            let again = wait(&failure(kind, true), true, 1, PLENTY).is_some();
            assert_eq!(again, kind.is_retryable(), "{kind:?}");
        }
    }

    #[test]
    fn a_write_is_tried_again_only_if_it_was_not_sent() {
        assert_eq!(wait(&failure(ErrorKind::Network, true), false, 1, PLENTY), None);
        assert!(wait(&failure(ErrorKind::Network, false), false, 1, PLENTY).is_some());
    }

    #[test]
    fn attempts_are_counted() {
        assert!(wait(&failure(ErrorKind::Timeout, true), true, 2, PLENTY).is_some());
        assert_eq!(wait(&failure(ErrorKind::Timeout, true), true, 3, PLENTY), None);
    }

    #[test]
    fn waits_are_spread_between_nothing_and_the_doubled_base() {
        let retries = Retries::new(RetryPolicy::default());
        let error = Error::from(ErrorKind::Unavailable);
        let milliseconds = |attempts, chance| retries.wait(&error, attempts, chance).as_millis();
        assert_eq!(milliseconds(1, 0.0), 10);
        assert_eq!(milliseconds(1, 0.5), 100);
        assert_eq!(milliseconds(2, 0.5), 200);
        assert_eq!(milliseconds(3, 0.5), 400);
        assert_eq!(milliseconds(40, 0.5), 2_500);
        let throttled = Error::from(ErrorKind::RateLimited);
        assert_eq!(retries.wait(&throttled, 1, 0.5).as_millis(), 500);
    }

    #[test]
    fn a_named_time_is_waited_out_and_a_little_more() {
        let retries = Retries::new(RetryPolicy::default());
        let error = Error::from(ErrorKind::RateLimited).with_retry_after(Duration::from_secs(7));
        assert_eq!(retries.wait(&error, 1, 0.0), Duration::from_secs(7));
        assert_eq!(retries.wait(&error, 1, 0.5), Duration::from_millis(7_500));
        let absurd = error.with_retry_after(Duration::MAX);
        assert_eq!(retries.wait(&absurd, 1, 0.5), Duration::MAX);
    }

    #[test]
    fn a_wait_that_does_not_fit_gives_up_at_once() {
        let mut failure = failure(ErrorKind::RateLimited, true);
        failure.error = failure.error.with_retry_after(Duration::from_secs(60));
        assert_eq!(wait(&failure, true, 1, Duration::from_secs(30)), None);
        assert!(wait(&failure, true, 1, Duration::from_secs(90)).is_some());
    }

    #[test]
    fn a_wait_that_takes_all_that_remains_leaves_no_time_to_ask() {
        let exact = RetryPolicy { base_throttled: Duration::ZERO, ..RetryPolicy::default() };
        let retries = Retries::new(exact);
        let minute = Duration::from_secs(60);
        let mut failure = failure(ErrorKind::RateLimited, true);
        failure.error = failure.error.with_retry_after(minute);
        let wait = |remaining| retries.wait_before_next(&failure, true, 1, remaining, &HttpConfig::new());
        assert_eq!(wait(minute), None);
        assert_eq!(wait(minute + Duration::from_nanos(1)), Some(minute));
    }

    #[test]
    fn what_nobody_was_asked_is_not_tried_again() {
        let waiting = Failure::not_yet(ErrorKind::RateLimited, "not yet", Duration::ZERO);
        assert_eq!(wait(&waiting, true, 1, PLENTY), None);
    }

    #[test]
    fn all_calls_draw_on_one_budget() {
        let retries = Retries::new(RetryPolicy::default());
        let config = HttpConfig::new();
        let failure = failure(ErrorKind::Unavailable, true);
        let allowed =
            (0..1_000).filter(|_| retries.wait_before_next(&failure, true, 1, PLENTY, &config).is_some()).count();
        assert_eq!(allowed, 500 / 14);
        (0..14).for_each(|_| retries.succeeded());
        assert!(retries.wait_before_next(&failure, true, 1, PLENTY, &config).is_some());
    }

    #[test]
    fn successes_never_save_up_more_than_the_budget() {
        let one_short = RetryPolicy { budget: RetryPolicy::RETRY_COST - 1, ..RetryPolicy::default() };
        let retries = Retries::new(one_short);
        (0..100).for_each(|_| retries.succeeded());
        let failure = failure(ErrorKind::Unavailable, true);
        assert_eq!(retries.wait_before_next(&failure, true, 1, PLENTY, &HttpConfig::new()), None);
    }
}
