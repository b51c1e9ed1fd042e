//! How many people an account reaches.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Counts of a social account as its platform shows them. A count that was not told is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Audience {
    /// Accounts that follow this one.
    pub followers: Option<u64>,
    /// Accounts that this one follows.
    pub following: Option<u64>,
    /// Mutual contacts, such as LinkedIn connections.
    pub connections: Option<u64>,
    /// Contacts shared with the account that looks, such as Instagram's mutual followers.
    pub shared_connections: Option<u64>,
    /// Posts that the account has on the platform; never the posts made through a vendor.
    pub posts: Option<u64>,
    /// Likes: given or received, as the platform counts them.
    pub likes: Option<u64>,
    /// Lists that hold the account.
    pub listed: Option<u64>,
    /// Views of the account or its content, as the platform counts them.
    pub views: Option<u64>,
    /// When the counts were taken; `None` where the vendor gives no moment.
    pub recorded_at: Option<DateTime<Utc>>,
}

impl Audience {
    /// No count told.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether no count at all was told.
    pub fn is_empty(&self) -> bool {
        Self { recorded_at: None, ..self.clone() } == Self::default()
    }
}
