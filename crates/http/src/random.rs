//! Where chance comes from.

use std::fmt::Debug;

/// Chance as a dependency, so that tests can set it.
pub trait Random: Debug + Send + Sync {
    /// A number from 0 up to, but not including, 1.
    fn unit(&self) -> f64;
}

/// The thread's own generator. Good enough to spread retries; no secret depends on it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadRandom;

impl Random for ThreadRandom {
    fn unit(&self) -> f64 {
        fastrand::f64()
    }
}

/// A name for one act that no other act has.
pub fn fresh_idempotency_key() -> String {
    format!("{:032x}", fastrand::u128(..))
}
