//! Every field of the model that a vendor may fill or leave out.

use serde::{Deserialize, Serialize};

use crate::{
    expiry::Expiry,
    profile::{ConnectedPlatform, ConnectionStatus, Profile},
};

/// Declares the fields once: variant, name in JSON, words for people.
macro_rules! fields {
    ($( $(#[$meta:meta])* $variant:ident = $name:literal, $label:literal; )+) => {
        /// A field of the model that a vendor may fill or leave out. Written as a path: `connection.username`.
        ///
        /// Left out are those that are always there: ids, the platform, and what the library adds itself.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub enum Field {
            $( $(#[$meta])* #[serde(rename = $name)] $variant, )+
        }

        impl Field {
            /// Every field there is: those of a profile, then those of a connection.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The path, as it is written in JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }

            /// The words for people.
            pub const fn label(self) -> &'static str {
                match self { $( Self::$variant => $label, )+ }
            }
        }
    };
}

fields! {
    /// [`Profile::name`].
    ProfileName = "profile.name", "profile name";
    /// [`Profile::group`].
    ProfileGroup = "profile.group", "group";
    /// [`Profile::created_at`].
    ProfileCreatedAt = "profile.created_at", "created at";
    /// [`Profile::connected_platforms`]: at least one connection.
    ProfileConnections = "profile.connected_platforms", "has a connection";
    /// [`Profile::stats`]: at least one snapshot.
    ProfileStats = "profile.stats", "statistics";
    /// [`Profile::vendor`]: at least one member.
    ProfileVendor = "profile.vendor", "vendor's own fields";
    /// [`ConnectedPlatform::account_id`].
    AccountId = "connection.account_id", "account id";
    /// [`ConnectedPlatform::username`].
    Username = "connection.username", "handle";
    /// [`ConnectedPlatform::display_name`].
    DisplayName = "connection.display_name", "display name";
    /// [`ConnectedPlatform::avatar_url`].
    AvatarUrl = "connection.avatar_url", "picture";
    /// [`ConnectedPlatform::profile_url`].
    ProfileUrl = "connection.profile_url", "public page";
    /// [`ConnectedPlatform::connected_at`].
    ConnectedAt = "connection.connected_at", "connected at";
    /// [`ConnectedPlatform::status`]: any but unknown.
    Status = "connection.status", "status";
    /// [`ConnectedPlatform::status_reason`]. Few have one: only what does not work needs a reason.
    StatusReason = "connection.status_reason", "status reason";
    /// [`ConnectedPlatform::expiry`]: anything that can be understood, also that there is no deadline.
    Expiry = "connection.expiry", "end of the connection";
    /// [`ConnectedPlatform::audience`].
    Audience = "connection.audience", "audience";
    /// [`ConnectedPlatform::person`].
    Person = "connection.person", "person's card";
    /// [`ConnectedPlatform::post_count`].
    PostCount = "connection.post_count", "posts through the vendor";
}

impl Field {
    /// Whether it belongs to a profile; all others belong to a connection.
    pub fn is_of_profile(self) -> bool {
        self.as_str().starts_with("profile.")
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// How many profiles or connections have a field.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FieldShare {
    /// The field.
    pub field: Field,
    /// Profiles or connections that have it.
    pub filled: u64,
    /// Profiles or connections in all.
    pub of: u64,
    /// The one divided by the other, from 0 to 1; `None` where there are none.
    pub share: Option<f64>,
}

impl FieldShare {
    pub(super) fn new(field: Field, filled: u64, of: u64) -> Self {
        Self { field, filled, of, share: (of > 0).then(|| filled as f64 / of as f64) }
    }
}

/// Which fields `profile` has. All of its members are named here: a new one does not compile before somebody
/// has decided about it.
pub(super) fn of_profile(profile: &Profile) -> [(Field, bool); 6] {
    // `issues` are ours; every profile has an `id`.
    let Profile { id: _, name, group, created_at, connected_platforms, stats, vendor, issues: _ } = profile;
    [
        (Field::ProfileName, name.is_some()),
        (Field::ProfileGroup, group.is_some()),
        (Field::ProfileCreatedAt, created_at.is_some()),
        (Field::ProfileConnections, !connected_platforms.is_empty()),
        (Field::ProfileStats, !stats.is_empty()),
        (Field::ProfileVendor, !vendor.is_empty()),
    ]
}

/// Which fields `connection` has; as [`of_profile`].
pub(super) fn of_connection(connection: &ConnectedPlatform) -> [(Field, bool); 12] {
    let ConnectedPlatform {
        // Always there, the `relation` from us.
        platform: _,
        relation: _,
        account_id,
        username,
        display_name,
        avatar_url,
        profile_url,
        connected_at,
        status,
        status_reason,
        expiry,
        audience,
        person,
        post_count,
    } = connection;
    let is_expiry_told = match expiry {
        Expiry::At { .. } | Expiry::InDays { .. } | Expiry::NoDeadline => true,
        Expiry::Unreadable { .. } | Expiry::NotReported => false,
    };
    [
        (Field::AccountId, account_id.is_some()),
        (Field::Username, username.is_some()),
        (Field::DisplayName, display_name.is_some()),
        (Field::AvatarUrl, avatar_url.is_some()),
        (Field::ProfileUrl, profile_url.is_some()),
        (Field::ConnectedAt, connected_at.is_some()),
        (Field::Status, *status != ConnectionStatus::Unknown),
        (Field::StatusReason, status_reason.is_some()),
        (Field::Expiry, is_expiry_told),
        (Field::Audience, audience.is_some()),
        (Field::Person, person.is_some()),
        (Field::PostCount, post_count.is_some()),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Field, of_connection, of_profile};
    use crate::{ConnectedPlatform, ConnectionStatus, Platform, Profile, ProfileId, ProviderId};

    #[test]
    fn every_field_is_looked_at_once() {
        let profile = of_profile(&Profile::new(ProfileId::new(ProviderId::new("p"), "1")));
        let connection = of_connection(&ConnectedPlatform::new(Platform::LinkedIn, ConnectionStatus::Unknown));
        assert!(profile.iter().all(|(field, is_filled)| field.is_of_profile() && !is_filled));
        assert!(connection.iter().all(|(field, is_filled)| !field.is_of_profile() && !is_filled));
        let seen: Vec<Field> = profile.into_iter().chain(connection).map(|(field, _)| field).collect();
        assert_eq!(seen, Field::ALL);
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len());
    }

    #[test]
    fn a_field_is_written_as_it_is_named() {
        for field in Field::ALL {
            assert_eq!(serde_json::to_value(field).expect("a word"), field.as_str());
        }
    }
}
