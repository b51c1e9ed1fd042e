//! Identifiers. All of them are opaque: case matters, and nothing may be read out of their form.

use std::{borrow::Cow, fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::platform::Platform;

/// Declares a newtype over a text that serializes as that text.
macro_rules! text_id {
    ($(#[$meta:meta])* pub struct $name:ident($inner:ty);) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($inner);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<$inner>) -> Self {
                Self(text.into())
            }

            /// The text as it is.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({:?})"), self.as_str())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::new)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string" })
            }
        }
    };
}

text_id! {
    /// The name of one configured access to a vendor. Two accounts at one vendor have two names.
    ///
    /// Cheap to clone: every row of a listing carries it.
    pub struct ProviderId(Arc<str>);
}

text_id! {
    /// The company whose API a provider reads, in lower case.
    pub struct Vendor(Cow<'static, str>);
}

text_id! {
    /// A vendor's own key of a group of profiles.
    pub struct GroupId(String);
}

text_id! {
    /// The platform's own key of a page, organization, board, channel or location.
    ///
    /// It may hold slashes (`accounts/1/locations/2`) or be a negative number (`-100123`).
    pub struct PlacementId(String);
}

impl Vendor {
    /// A vendor whose name is known at compile time.
    pub const fn from_static(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }
}

/// Names one profile: the provider, and the vendor's own key there.
///
/// Equal keys at two providers are two profiles.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProfileId {
    /// The provider that lists the profile.
    pub provider: ProviderId,
    /// The vendor's own key, as sent.
    pub key: String,
}

impl ProfileId {
    /// Names the profile that `provider` lists under `key`.
    pub fn new(provider: ProviderId, key: impl Into<String>) -> Self {
        Self { provider, key: key.into() }
    }
}

impl fmt::Display for ProfileId {
    /// `provider/key`, for people to read.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.provider, self.key)
    }
}

/// Names one connected platform stably, also across renewals.
///
/// Vendors give connections no key of their own, or a new one with each renewal; profile, platform
/// and (where told) the platform's own account id stay the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ConnectionKey {
    /// The profile that holds the connection.
    pub profile: ProfileId,
    /// The network that is connected.
    pub platform: Platform,
    /// The platform's own id of the account, where the vendor tells it.
    pub account_id: Option<String>,
}

impl ConnectionKey {
    /// Names the connection to `platform` inside `profile`.
    pub fn new(profile: ProfileId, platform: Platform, account_id: Option<String>) -> Self {
        Self { profile, platform, account_id }
    }
}

impl fmt::Display for ConnectionKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.profile, self.platform)?;
        match &self.account_id {
            Some(account) => write!(formatter, " {account}"),
            None => Ok(()),
        }
    }
}
