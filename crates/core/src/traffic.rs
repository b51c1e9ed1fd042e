//! How many bytes an answer took.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Counts bytes that are received, while somebody else looks on: clones share one count.
///
/// Whoever reads a vendor's answers adds to it; whoever asked reads it.
#[derive(Clone, Debug, Default)]
pub struct Traffic(Arc<AtomicU64>);

impl Traffic {
    /// Nothing counted yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts `bytes` more.
    pub fn add(&self, bytes: u64) {
        // Nothing else is ordered by this.
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The bytes counted so far; `None` where nobody counted any.
    pub fn received(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|bytes| *bytes > 0)
    }
}

/// Two are equal if they are one count.
impl PartialEq for Traffic {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Traffic {}
