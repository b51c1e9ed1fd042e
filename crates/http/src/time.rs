//! Moments that any configured duration leads to.

use std::time::Duration;

use tokio::time::Instant;

/// Thirty years stand for every longer time: an instant cannot hold the longest durations.
pub(crate) const LONGEST: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// The moment after `duration` from now.
pub(crate) fn after(duration: Duration) -> Instant {
    Instant::now() + duration.min(LONGEST)
}
