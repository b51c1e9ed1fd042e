//! Stops asking who does not answer: for a while, everything is refused at once and nothing is sent.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use polyprofile_core::{Error, ErrorKind};
use tokio::time::Instant;

use crate::{config::BreakerPolicy, time::after};

/// The circuit breakers of one provider: one for the vendor, and one for each linked account that the
/// vendor's own errors are about. An account that is down must not block the others.
#[derive(Debug)]
pub(crate) struct Breakers {
    policy: BreakerPolicy,
    vendor: Arc<Breaker>,
    accounts: Mutex<HashMap<String, Arc<Breaker>>>,
}

impl Breakers {
    /// How many accounts are watched at once; beyond that, those that work are forgotten first.
    const ACCOUNTS: usize = 1_024;

    pub(crate) fn new(policy: BreakerPolicy) -> Self {
        Self { policy, vendor: Arc::new(Breaker::new(policy)), accounts: Mutex::default() }
    }

    /// Says after what time to ask again, where an attempt would not be let through now.
    pub(crate) fn check(&self, account: Option<&str>) -> Result<(), Duration> {
        self.vendor.check()?;
        let watched = account.and_then(|account| lock(&self.accounts).get(account).cloned());
        watched.map_or(Ok(()), |account| account.check())
    }

    /// Lets an attempt through, or says after what time to ask again.
    pub(crate) fn admit(&self, account: Option<&str>) -> Result<Admission, Duration> {
        let vendor = self.vendor.admit()?;
        let account = account.map(|account| self.account(account).admit()).transpose()?;
        Ok(Admission { vendor, account })
    }

    /// Counts a failure behind an answer that began well, such as a body that broke off.
    pub(crate) fn body_failed(&self) {
        self.vendor.record(false, false);
    }

    fn account(&self, account: &str) -> Arc<Breaker> {
        let mut accounts = lock(&self.accounts);
        if let Some(known) = accounts.get(account) {
            return Arc::clone(known);
        }
        if accounts.len() >= Self::ACCOUNTS {
            accounts.retain(|_, breaker| !breaker.is_closed());
        }
        let breaker = Arc::new(Breaker::new(self.policy));
        if accounts.len() < Self::ACCOUNTS {
            accounts.insert(account.to_owned(), Arc::clone(&breaker));
        }
        breaker
    }
}

/// An attempt that was let through. Dropped without an outcome, it counts for nothing.
#[derive(Debug)]
pub(crate) struct Admission {
    vendor: Ticket,
    account: Option<Ticket>,
}

/// What an attempt says about who was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everybody answered.
    Answered,
    /// The vendor did not answer, or with an error that is none of its own.
    VendorFailed,
    /// The vendor answered that the account, or the network behind it, does not.
    AccountFailed,
}

impl Outcome {
    /// What a failed attempt says: a server error with a type of the vendor's own is an answer, about
    /// the account or the network behind it.
    pub(crate) fn of(error: &Error) -> Self {
        let is_down =
            matches!(error.kind(), ErrorKind::Network | ErrorKind::Timeout | ErrorKind::Tls | ErrorKind::Unavailable);
        match (is_down, error.status(), error.code()) {
            (true, Some(_), Some(_)) => Self::AccountFailed,
            (true, ..) => Self::VendorFailed,
            (false, ..) => Self::Answered,
        }
    }
}

impl Admission {
    pub(crate) fn record(self, outcome: Outcome) {
        self.vendor.record(outcome != Outcome::VendorFailed);
        if let Some(account) = self.account {
            match outcome {
                Outcome::Answered => account.record(true),
                Outcome::AccountFailed => account.record(false),
                // Nobody knows how the account fares.
                Outcome::VendorFailed => {}
            }
        }
    }
}

/// Closed while attempts succeed; open for a while after too many failed; then one probe decides.
#[derive(Debug)]
struct Breaker {
    policy: BreakerPolicy,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    /// The latest outcomes, the newest in the lowest bit; a failure is 1.
    Closed {
        failures: u64,
        outcomes: u32,
    },
    Open {
        until: Instant,
    },
    Probing,
}

impl State {
    const FRESH: Self = Self::Closed { failures: 0, outcomes: 0 };

    /// Whether an attempt is let through now; if not, after what time.
    fn check(&self, policy: BreakerPolicy) -> Result<(), Duration> {
        let wait = match *self {
            Self::Closed { .. } => return Ok(()),
            Self::Open { until } => until.saturating_duration_since(Instant::now()),
            Self::Probing => return Err(policy.open),
        };
        if wait.is_zero() { Ok(()) } else { Err(wait) }
    }
}

impl Breaker {
    fn new(policy: BreakerPolicy) -> Self {
        Self { policy, state: Mutex::new(State::FRESH) }
    }

    fn check(&self) -> Result<(), Duration> {
        lock(&self.state).check(self.policy)
    }

    fn admit(self: &Arc<Self>) -> Result<Ticket, Duration> {
        let mut state = lock(&self.state);
        state.check(self.policy)?;
        let is_probe = !matches!(*state, State::Closed { .. });
        if is_probe {
            *state = State::Probing;
        }
        Ok(Ticket { breaker: Arc::clone(self), is_probe, is_recorded: false })
    }

    fn record(&self, success: bool, is_probe: bool) {
        let mut state = lock(&self.state);
        *state = match *state {
            _ if is_probe && success => State::FRESH,
            _ if is_probe => self.opened(),
            State::Closed { failures, outcomes } => {
                let window = self.policy.window.clamp(1, u64::BITS);
                let mask = u64::MAX >> (u64::BITS - window);
                let failures = (failures << 1 | u64::from(!success)) & mask;
                let outcomes = (outcomes + 1).min(window);
                let is_down = failures.count_ones() >= self.policy.failures.max(1);
                if is_down { self.opened() } else { State::Closed { failures, outcomes } }
            }
            // An attempt that was let through before it opened.
            State::Open { until } => State::Open { until },
            State::Probing => State::Probing,
        };
    }

    fn opened(&self) -> State {
        State::Open { until: after(self.policy.open) }
    }

    fn is_closed(&self) -> bool {
        matches!(*lock(&self.state), State::Closed { .. })
    }
}

/// Leave to make one attempt.
#[derive(Debug)]
struct Ticket {
    breaker: Arc<Breaker>,
    is_probe: bool,
    is_recorded: bool,
}

impl Ticket {
    fn record(mut self, success: bool) {
        self.is_recorded = true;
        self.breaker.record(success, self.is_probe);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        // A probe that was cancelled decides nothing: the next attempt is the probe.
        if self.is_probe && !self.is_recorded {
            *lock(&self.breaker.state) = State::Open { until: Instant::now() };
        }
    }
}

/// Nothing that holds these locks can panic, and their data is sound at every step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use polyprofile_core::{Error, ErrorKind};

    use super::{Breakers, Outcome};
    use crate::config::BreakerPolicy;

    const OPEN: Duration = Duration::from_secs(30);

    fn breakers() -> Breakers {
        Breakers::new(BreakerPolicy::default())
    }

    fn record(breakers: &Breakers, account: Option<&str>, outcome: Outcome, times: u32) {
        for _ in 0..times {
            breakers.admit(account).expect("it is closed").record(outcome);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_after_too_many_failures_and_one_probe_closes_it() {
        let breakers = breakers();
        record(&breakers, None, Outcome::VendorFailed, 9);
        record(&breakers, None, Outcome::Answered, 1);
        record(&breakers, None, Outcome::VendorFailed, 1);
        assert_eq!(breakers.admit(None).expect_err("ten of eleven failed"), OPEN);

        tokio::time::advance(OPEN).await;
        let probe = breakers.admit(None).expect("a probe is let through");
        breakers.admit(None).expect_err("one probe at a time");
        probe.record(Outcome::Answered);
        record(&breakers, None, Outcome::Answered, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_fails_opens_it_again() {
        let breakers = breakers();
        record(&breakers, None, Outcome::VendorFailed, 10);
        tokio::time::advance(OPEN).await;
        breakers.admit(None).expect("a probe is let through").record(Outcome::VendorFailed);
        assert_eq!(breakers.admit(None).expect_err("the probe failed"), OPEN);
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_was_cancelled_leaves_room_for_the_next() {
        let breakers = breakers();
        record(&breakers, None, Outcome::VendorFailed, 10);
        tokio::time::advance(OPEN).await;
        drop(breakers.admit(None).expect("a probe is let through"));
        breakers.admit(None).expect("another probe is let through").record(Outcome::Answered);
    }

    #[tokio::test(start_paused = true)]
    async fn failures_now_and_then_do_not_open_it() {
        let breakers = breakers();
        for _ in 0..100 {
            record(&breakers, None, Outcome::VendorFailed, 1);
            record(&breakers, None, Outcome::Answered, 2);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_that_is_down_blocks_itself_alone() {
        let breakers = breakers();
        record(&breakers, Some("dead"), Outcome::AccountFailed, 10);
        assert_eq!(breakers.admit(Some("dead")).expect_err("it failed ten times"), OPEN);
        record(&breakers, Some("alive"), Outcome::Answered, 1);
        record(&breakers, None, Outcome::Answered, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_sent_before_it_opened_does_not_close_it() {
        let breakers = breakers();
        let late = breakers.admit(None).expect("it is closed");
        record(&breakers, None, Outcome::VendorFailed, 10);
        late.record(Outcome::Answered);
        breakers.admit(None).expect_err("it is open");
    }

    #[test]
    fn only_a_failure_that_is_not_the_vendors_own_word_is_the_vendors() {
        let error = |kind| Error::from(kind);
        let rows = [
            (error(ErrorKind::Network), Outcome::VendorFailed),
            (error(ErrorKind::Timeout), Outcome::VendorFailed),
            (error(ErrorKind::Unavailable).with_status(503), Outcome::VendorFailed),
            (
                error(ErrorKind::Unavailable).with_status(503).with_code("errors/no_client_session"),
                Outcome::AccountFailed,
            ),
            (error(ErrorKind::Timeout).with_status(504).with_code("errors/request_timeout"), Outcome::AccountFailed),
            (error(ErrorKind::RateLimited).with_status(429), Outcome::Answered),
            (error(ErrorKind::ApiKey).with_status(401), Outcome::Answered),
            (error(ErrorKind::NotFound).with_status(404), Outcome::Answered),
            (error(ErrorKind::ReconnectRequired).with_status(401), Outcome::Answered),
        ];
        for (error, outcome) in rows {
            assert_eq!(Outcome::of(&error), outcome, "{error}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_number_of_watched_accounts_is_bounded() {
        let breakers = breakers();
        for account in 0..5_000 {
            record(&breakers, Some(&account.to_string()), Outcome::Answered, 1);
        }
        assert!(super::lock(&breakers.accounts).len() <= Breakers::ACCOUNTS);
    }
}
