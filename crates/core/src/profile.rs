//! The normalized model of a profile and its connections.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    audience::Audience,
    expiry::Expiry,
    ids::{ConnectionKey, GroupId, ProfileId},
    issue::FieldIssue,
    open_enum::open_enum,
    person::Person,
    platform::Platform,
    stats::StatsSnapshot,
};

/// What a vendor lists as one unit, or a person that was looked up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Profile {
    /// The provider and the vendor's own key there.
    pub id: ProfileId,
    /// The display name.
    pub name: Option<String>,
    /// The group that the vendor keeps the profile in.
    pub group: Option<GroupId>,
    /// When the profile was made at the vendor.
    #[serde(serialize_with = "crate::timestamp::write_optional")]
    pub created_at: Option<DateTime<Utc>>,
    /// The accounts inside; none is normal for a vendor that lists containers.
    pub connected_platforms: Vec<ConnectedPlatform>,
    /// The latest statistics, where the vendor sends them with the profile.
    pub stats: Vec<StatsSnapshot>,
    /// What the vendor said beyond this model, under its own names.
    pub vendor: BTreeMap<String, Value>,
    /// What the answer held that could not be understood.
    pub issues: Vec<FieldIssue>,
}

impl Profile {
    /// A profile of which nothing but the id is known.
    pub fn new(id: ProfileId) -> Self {
        Self {
            id,
            name: None,
            group: None,
            created_at: None,
            connected_platforms: Vec::new(),
            stats: Vec::new(),
            vendor: BTreeMap::new(),
            issues: Vec::new(),
        }
    }

    /// The stable name of one of this profile's connections.
    pub fn connection_key(&self, connection: &ConnectedPlatform) -> ConnectionKey {
        ConnectionKey::new(self.id.clone(), connection.platform.clone(), connection.account_id.clone())
    }
}

/// One account on one platform: the unit that expires, breaks and is reconnected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ConnectedPlatform {
    /// The network.
    pub platform: Platform,
    /// The platform's own id of the account, where told and the same for every viewer.
    pub account_id: Option<String>,
    /// The handle, as sent.
    pub username: Option<String>,
    /// The name that people see.
    pub display_name: Option<String>,
    /// The account's picture.
    pub avatar_url: Option<String>,
    /// The account's public page.
    pub profile_url: Option<String>,
    /// When the connection was made at the vendor.
    #[serde(serialize_with = "crate::timestamp::write_optional")]
    pub connected_at: Option<DateTime<Utc>>,
    /// A connection, or a person looked up through one.
    pub relation: Relation,
    /// What the vendor says about the connection.
    pub status: ConnectionStatus,
    /// The vendor's own words behind the status.
    pub status_reason: Option<String>,
    /// What the vendor says about the end of the connection.
    pub expiry: Expiry,
    /// How many people the account reaches.
    pub audience: Option<Box<Audience>>,
    /// The person behind the account.
    pub person: Option<Box<Person>>,
    /// Posts made through the vendor.
    pub post_count: Option<u64>,
}

impl ConnectedPlatform {
    /// A connection of which only the platform and the status are known.
    pub fn new(platform: Platform, status: ConnectionStatus) -> Self {
        Self {
            platform,
            account_id: None,
            username: None,
            display_name: None,
            avatar_url: None,
            profile_url: None,
            connected_at: None,
            relation: Relation::Connected,
            status,
            status_reason: None,
            expiry: Expiry::NotReported,
            audience: None,
            person: None,
            post_count: None,
        }
    }

    /// A person on `platform` who was looked up through the linked account `through`.
    pub fn looked_up(platform: Platform, through: impl Into<String>) -> Self {
        Self {
            relation: Relation::LookedUp { through: through.into() },
            ..Self::new(platform, ConnectionStatus::Unknown)
        }
    }
}

/// Whether an account is connected, or only looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Relation {
    /// The vendor can act for the account.
    #[default]
    Connected,
    /// Somebody's public page, seen through a linked account: it cannot expire or break.
    LookedUp {
        /// The vendor's key of the linked account that looked.
        through: String,
    },
}

open_enum! {
    /// What a vendor says about a connection, in normalized words.
    ///
    /// Each adapter maps its vendor's words; a word it does not know is kept as sent and makes the
    /// verdict "unknown", never "healthy".
    pub enum ConnectionStatus {
        /// It works.
        Active = "active",
        /// Its permission has run out.
        Expired = "expired",
        /// Disconnected or suspended on the platform.
        Inactive = "inactive",
        /// Somebody has to sign in again.
        NeedsReconnect = "needs_reconnect",
        /// It is being made.
        Connecting = "connecting",
        /// The vendor failed to keep it up.
        Failed = "failed",
        /// The vendor says nothing.
        Unknown = "unknown",
    }
}
