//! Postcore's objects and the account that holds them.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::limits::Windows;
use crate::clock;
use crate::data::Synthetic;
use crate::ids::Ids;

/// "LinkedIn tokens expire after 60 days."
const LINKEDIN_LIFETIME: Duration = Duration::days(60);

/// One platform inside a profile. It has no id of its own.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub(crate) platform: String,
    pub(crate) display_name: String,
    pub(crate) username: String,
    pub(crate) connected_at: DateTime<Utc>,
    /// LinkedIn only.
    pub(crate) expires_at: Option<DateTime<Utc>>,
    /// Needs to be connected again although no date says so, such as after an app password was revoked.
    pub(crate) revoked: bool,
}

impl Connection {
    /// A LinkedIn connection made at a moment, with the documented lifetime.
    pub(crate) fn linkedin(display_name: &str, username: &str, connected_at: DateTime<Utc>) -> Self {
        Self {
            platform: "linkedin".to_owned(),
            display_name: display_name.to_owned(),
            username: username.to_owned(),
            connected_at,
            expires_at: Some(connected_at + LINKEDIN_LIFETIME),
            revoked: false,
        }
    }

    /// A Bluesky connection: it does not expire, and its display name repeats the handle.
    pub(crate) fn bluesky(handle: &str, connected_at: DateTime<Utc>) -> Self {
        Self {
            platform: "bluesky".to_owned(),
            display_name: handle.to_owned(),
            username: handle.to_owned(),
            connected_at,
            expires_at: None,
            revoked: false,
        }
    }

    /// As the network revoked it.
    pub(crate) fn revoked(mut self) -> Self {
        self.revoked = true;
        self
    }

    fn shape(&self, now: DateTime<Utc>) -> Value {
        // How the vendor rounds is not documented, nor what it says after the end. Whole days that remain, so that the
        // last day is 0, and negative ones once past.
        let days = self.expires_at.map(|expires_at| (expires_at - now).num_seconds().div_euclid(24 * 60 * 60));
        json!({
            "platform": self.platform,
            "displayName": self.display_name,
            "username": self.username,
            "connectedAt": clock::seconds(self.connected_at),
            "expiresAt": self.expires_at.map(clock::seconds),
            "daysUntilExpiry": days,
            "needsReconnect": self.revoked || self.expires_at.is_some_and(|expires_at| expires_at <= now),
        })
    }
}

/// What Postcore calls a profile: the container of one end user.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) key: String,
    pub(crate) name: Option<String>,
    pub(crate) created_at: DateTime<Utc>,
    /// Whether listings show it. The document's example of a single profile is not in its listing.
    pub(crate) listed: bool,
    pub(crate) connections: Vec<Connection>,
}

impl Profile {
    /// The shape in the list: the connections inside the profile.
    pub(crate) fn listed_shape(&self, now: DateTime<Utc>) -> Value {
        let mut shape = self.own_shape();
        shape["connectedPlatforms"] = self.connections_shape(now);
        shape
    }

    /// The shape of a single profile: the connections beside it.
    pub(crate) fn single_shape(&self, now: DateTime<Utc>) -> Value {
        json!({"profile": self.own_shape(), "connectedPlatforms": self.connections_shape(now)})
    }

    fn own_shape(&self) -> Value {
        json!({"profileKey": self.key, "profileName": self.name, "createdAt": clock::seconds(self.created_at)})
    }

    fn connections_shape(&self, now: DateTime<Utc>) -> Value {
        self.connections.iter().map(|connection| connection.shape(now)).collect()
    }
}

/// The account at Postcore.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) profiles: Vec<Profile>,
    /// Rows made up while they are read, before those in `profiles`.
    pub(crate) synthetic: Option<Synthetic>,
    pub(crate) deleted_synthetic: BTreeSet<u64>,
    pub(crate) windows: Windows,
    /// When each profile last connected with credentials.
    pub(crate) last_connect: HashMap<String, Instant>,
    pub(crate) keys: Ids,
}

impl Store {
    pub(crate) fn profile(&self, key: &str) -> Option<Profile> {
        let stored = self.profiles.iter().find(|profile| profile.key == key);
        stored.cloned().or_else(|| {
            let rows = self.synthetic?;
            let index = rows.index_of(key).filter(|index| !self.deleted_synthetic.contains(index))?;
            rows.postcore_profile(index)
        })
    }

    pub(crate) fn create(&mut self, name: Option<String>, now: DateTime<Utc>) -> &Profile {
        let key = self.keys.next("prof_");
        self.profiles.push(Profile { key, name, created_at: now, listed: true, connections: Vec::new() });
        &self.profiles[self.profiles.len() - 1]
    }

    /// Puts a connection into a profile, in place of an earlier one on the same platform.
    pub(crate) fn connect(&mut self, profile: Profile, connection: &Connection) {
        let key = profile.key.clone();
        if !self.profiles.iter().any(|known| known.key == key) {
            // A synthetic row that changes becomes a stored one.
            self.remove(&key);
            self.profiles.push(profile);
        }
        for profile in self.profiles.iter_mut().filter(|profile| profile.key == key) {
            match profile.connections.iter_mut().find(|known| known.platform == connection.platform) {
                Some(known) => *known = connection.clone(),
                None => profile.connections.push(connection.clone()),
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.profiles.retain(|profile| profile.key != key);
        if let Some(index) = self.synthetic.and_then(|rows| rows.index_of(key)) {
            self.deleted_synthetic.insert(index);
        }
    }
}
