//! What the user knows better.

use serde::{Deserialize, Serialize};

use super::account::SightingId;
use crate::{
    ids::{ProfileId, ProviderId},
    platform::Platform,
};

/// What the user says about which connections are one account. It wins over everything that vendors tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AccountOverrides {
    /// The connections of each of these sets are one account.
    pub together: Vec<Vec<ConnectionSelector>>,
    /// No two connections of any of these sets are one account.
    pub apart: Vec<Vec<ConnectionSelector>>,
}

impl AccountOverrides {
    /// Nothing said: what the vendors tell decides.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that these connections are one account.
    #[must_use]
    pub fn together(mut self, connections: impl IntoIterator<Item = ConnectionSelector>) -> Self {
        self.together.push(connections.into_iter().collect());
        self
    }

    /// Says that each of these connections is an account of its own.
    #[must_use]
    pub fn apart(mut self, connections: impl IntoIterator<Item = ConnectionSelector>) -> Self {
        self.apart.push(connections.into_iter().collect());
        self
    }
}

/// Names a connection as a user would.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ConnectionSelector {
    /// The profile that holds it.
    pub profile: ProfileId,
    /// The network; `None` for all that the profile holds, which at many vendors is one.
    pub platform: Option<Platform>,
    /// The platform's own id, where the profile holds several connections to one network.
    pub account_id: Option<String>,
}

impl ConnectionSelector {
    /// All connections of a profile.
    pub const fn profile(profile: ProfileId) -> Self {
        Self { profile, platform: None, account_id: None }
    }

    /// The connection to `platform` inside a profile.
    pub const fn new(profile: ProfileId, platform: Platform) -> Self {
        Self { profile, platform: Some(platform), account_id: None }
    }

    /// The provider that lists it.
    pub const fn provider(&self) -> &ProviderId {
        &self.profile.provider
    }

    pub(super) fn is_of(&self, sighting: &SightingId) -> bool {
        let connection = &sighting.connection;
        connection.profile == self.profile
            && self.platform.as_ref().is_none_or(|platform| *platform == connection.platform)
            && self.account_id.as_ref().is_none_or(|id| Some(id) == connection.account_id.as_ref())
    }
}

impl std::fmt::Display for ConnectionSelector {
    /// `provider/key platform`, for people to read.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.profile)?;
        for part in [self.platform.as_ref().map(Platform::as_str), self.account_id.as_deref()].into_iter().flatten() {
            write!(formatter, " {part}")?;
        }
        Ok(())
    }
}

/// Something that the user said and that could not be followed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum OverrideProblem {
    /// No such connection was listed: its name is wrong, it is gone, or its provider could not be asked.
    NotListed {
        /// The connection, for people to read.
        connection: String,
    },
    /// One account cannot be on two networks; the set has no effect.
    AcrossPlatforms {
        /// The connections, for people to read.
        connections: Vec<String>,
    },
    /// The set is also said to be apart, in one step or several; it has no effect.
    Contradiction {
        /// The connections, for people to read.
        connections: Vec<String>,
    },
}

impl std::fmt::Display for OverrideProblem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotListed { connection } => write!(formatter, "no connection `{connection}` was listed"),
            Self::AcrossPlatforms { connections } => {
                write!(formatter, "{} are on different platforms, and cannot be one account", connections.join(", "))
            }
            Self::Contradiction { connections } => {
                write!(formatter, "{} are said to be one account and not to be", connections.join(", "))
            }
        }
    }
}
