//! Statistics of a profile: as the platform sent them, and the part that can be compared.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use crate::{audience::Audience, ids::PlacementId};

/// The statistics of one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StatsSnapshot {
    /// What the figures are about.
    pub scope: StatsScope,
    /// The documented figures under normalized names, with their numbers as sent.
    pub metrics: BTreeMap<Metric, Number>,
    /// Everything that was sent, under the platform's own keys.
    pub raw: Map<String, Value>,
    /// When the platform was asked; `None` where the vendor's moment is absent or unreadable.
    pub recorded_at: Option<DateTime<Utc>>,
}

impl StatsSnapshot {
    /// A snapshot without figures.
    pub fn new(scope: StatsScope) -> Self {
        Self { scope, metrics: BTreeMap::new(), raw: Map::new(), recorded_at: None }
    }

    /// The counts of an audience, as far as the metrics hold them; `None` if they hold none.
    ///
    /// A metric that is no whole count, such as a rate or a negative number, is left out.
    pub fn audience(&self) -> Option<Audience> {
        let count = |metric| self.metrics.get(&metric).and_then(Number::as_u64);
        let audience = Audience {
            followers: count(Metric::Followers),
            following: count(Metric::Following),
            posts: count(Metric::Posts),
            likes: count(Metric::Likes),
            listed: count(Metric::Listed),
            views: count(Metric::Views),
            recorded_at: self.recorded_at,
            ..Audience::new()
        };
        (!audience.is_empty()).then_some(audience)
    }
}

/// What a [`StatsSnapshot`] is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
#[non_exhaustive]
pub enum StatsScope {
    /// The account as a whole.
    Account,
    /// One page, organization, channel or location under the account.
    Placement(PlacementId),
    /// The vendor's own sum over all placements.
    Summary,
}

/// A figure that several platforms tell under names of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Metric {
    /// Accounts that follow.
    Followers,
    /// Accounts that are followed.
    Following,
    /// Posts, videos or pins on the platform.
    Posts,
    /// Likes.
    Likes,
    /// Comments and replies.
    Comments,
    /// Shares and reposts.
    Shares,
    /// Posts that quote.
    Quotes,
    /// Clicks.
    Clicks,
    /// Views of the account or its content.
    Views,
    /// Times that content was shown.
    Impressions,
    /// Accounts that were reached.
    Reach,
    /// Engagement, as the platform defines it: often a rate between 0 and 1.
    Engagement,
    /// Lists that hold the account.
    Listed,
    /// Boards of the account.
    Boards,
}

impl Metric {
    /// The normalized name, as it is written in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Followers => "followers",
            Self::Following => "following",
            Self::Posts => "posts",
            Self::Likes => "likes",
            Self::Comments => "comments",
            Self::Shares => "shares",
            Self::Quotes => "quotes",
            Self::Clicks => "clicks",
            Self::Views => "views",
            Self::Impressions => "impressions",
            Self::Reach => "reach",
            Self::Engagement => "engagement",
            Self::Listed => "listed",
            Self::Boards => "boards",
        }
    }
}

impl std::fmt::Display for Metric {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}
