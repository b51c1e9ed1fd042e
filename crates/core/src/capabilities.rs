//! What a provider can do, said before it is asked.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use crate::platform::Platform;

/// One thing that a provider can be asked for: a method of [`Provider`](crate::Provider) or
/// [`VendorApi`](crate::VendorApi).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// [`Provider::profiles`](crate::Provider::profiles).
    ListProfiles,
    /// [`Provider::profile`](crate::Provider::profile).
    GetProfile,
    /// [`VendorApi::person`](crate::VendorApi::person).
    LookUpPerson,
    /// [`VendorApi::placements`](crate::VendorApi::placements).
    ListPlacements,
    /// [`VendorApi::stats`](crate::VendorApi::stats).
    GetStats,
    /// [`VendorApi::groups`](crate::VendorApi::groups).
    ListGroups,
    /// [`VendorApi::group`](crate::VendorApi::group).
    GetGroup,
    /// [`VendorApi::create_group`](crate::VendorApi::create_group).
    CreateGroup,
    /// [`VendorApi::delete_group`](crate::VendorApi::delete_group).
    DeleteGroup,
    /// [`VendorApi::create_profile`](crate::VendorApi::create_profile).
    CreateProfile,
    /// [`VendorApi::delete_profile`](crate::VendorApi::delete_profile).
    DeleteProfile,
    /// [`VendorApi::connect`](crate::VendorApi::connect).
    Connect,
}

impl Operation {
    /// Every operation there is.
    pub const ALL: [Self; 12] = [
        Self::ListProfiles,
        Self::GetProfile,
        Self::LookUpPerson,
        Self::ListPlacements,
        Self::GetStats,
        Self::ListGroups,
        Self::GetGroup,
        Self::CreateGroup,
        Self::DeleteGroup,
        Self::CreateProfile,
        Self::DeleteProfile,
        Self::Connect,
    ];

    /// The operation in words, as errors name it: `list profiles`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ListProfiles => "list profiles",
            Self::GetProfile => "get profile",
            Self::LookUpPerson => "look up person",
            Self::ListPlacements => "list placements",
            Self::GetStats => "get stats",
            Self::ListGroups => "list groups",
            Self::GetGroup => "get group",
            Self::CreateGroup => "create group",
            Self::DeleteGroup => "delete group",
            Self::CreateProfile => "create profile",
            Self::DeleteProfile => "delete profile",
            Self::Connect => "connect",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// What a provider can do. An operation that is not in here returns
/// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) and sends nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Capabilities {
    /// The operations that work.
    pub operations: BTreeSet<Operation>,
    /// How this vendor tells when a connection ends.
    pub expiry: ExpiryReporting,
    /// Platforms that can be connected through this provider, and how. A platform that is missing
    /// here may still be asked for: the vendor decides.
    pub connect: Vec<ConnectSupport>,
    /// What is destroyed with a profile, in words for the person who is asked to confirm.
    pub delete_profile_destroys: Option<String>,
    /// What is destroyed with a group, in words for the person who is asked to confirm.
    pub delete_group_destroys: Option<String>,
}

impl Capabilities {
    /// A provider that can do `operations`, connects nothing and tells expiry as `expiry` says.
    pub fn new(operations: impl IntoIterator<Item = Operation>, expiry: ExpiryReporting) -> Self {
        Self {
            operations: operations.into_iter().collect(),
            expiry,
            connect: Vec::new(),
            delete_profile_destroys: None,
            delete_group_destroys: None,
        }
    }

    /// Whether `operation` works.
    pub fn supports(&self, operation: Operation) -> bool {
        self.operations.contains(&operation)
    }
}

/// How a vendor tells when a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExpiryReporting {
    /// A date, or nothing for a connection without a deadline.
    Date,
    /// A date, a day count and whether somebody has to sign in again.
    DateAndDays,
    /// Not at all.
    NotReported,
}

/// How one platform is connected through a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ConnectSupport {
    /// The platform.
    pub platform: Platform,
    /// What it takes.
    pub method: ConnectMethod,
    /// Whether an existing connection can be renewed in place.
    pub reconnect: bool,
}

impl ConnectSupport {
    /// `platform` is connected by `method`; `reconnect` says whether an existing connection can be renewed in place.
    pub const fn new(platform: Platform, method: ConnectMethod, reconnect: bool) -> Self {
        Self { platform, method, reconnect }
    }
}

/// What it takes to connect an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConnectMethod {
    /// A link that the account's owner opens, and a return URL.
    Link,
    /// A handle and an app password.
    AppPassword,
    /// The token of the owner's own bot.
    BotToken,
}
