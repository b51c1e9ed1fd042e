//! What operations take and give: options are structs, so that a new option breaks nobody.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{ConnectionKey, GroupId, PlacementId, ProfileId},
    platform::Platform,
    stats::StatsSnapshot,
    traffic::Traffic,
};

/// Options of [`Provider::profiles`](crate::Provider::profiles).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListOptions {
    /// Only the profiles of this group. A vendor without groups answers
    /// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported).
    pub group: Option<GroupId>,
    /// How many rows to ask for at a time, for a vendor that lists in pages; its own default if `None`.
    pub page_size: Option<u32>,
    /// Where to count the bytes that are received. An [`Aggregator`](crate::Aggregator) sets a counter of its
    /// own for each provider, and tells the count in [`ProviderOutcome::bytes`](crate::ProviderOutcome::bytes).
    pub traffic: Option<Traffic>,
}

impl ListOptions {
    /// Everything the provider can see.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only the profiles of `group`.
    pub fn in_group(group: GroupId) -> Self {
        Self { group: Some(group), ..Self::default() }
    }
}

/// Options of [`Provider::profile`](crate::Provider::profile).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GetOptions {
    /// Look only inside this group.
    pub group: Option<GroupId>,
    /// Also ask for the person behind the account, where that takes a request of its own.
    pub with_person: bool,
}

impl GetOptions {
    /// The profile alone, wherever it is.
    pub fn new() -> Self {
        Self::default()
    }
}

/// A person to look up on a platform, through a linked account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PersonQuery {
    /// The person's public identifier or the platform's own id.
    pub identifier: String,
    /// The vendor's key of the linked account that looks; the provider's configured one if `None`.
    pub through: Option<String>,
    /// Sections of the page to fetch in detail, as the vendor names them: `experience`, `*_preview`, `*`.
    pub sections: Vec<String>,
    /// Which of the platform's interfaces to look through.
    pub api: Option<PersonApi>,
    /// Let the person know about the visit. Such a request is never repeated by itself.
    pub notify: bool,
}

impl PersonQuery {
    /// Looks up `identifier` through the provider's configured account, without telling the person.
    pub fn new(identifier: impl Into<String>) -> Self {
        Self { identifier: identifier.into(), through: None, sections: Vec::new(), api: None, notify: false }
    }
}

crate::open_enum::open_enum! {
    /// An interface of LinkedIn that takes a subscription of its own.
    pub enum PersonApi {
        /// LinkedIn Recruiter.
        Recruiter = "recruiter",
        /// LinkedIn Sales Navigator.
        SalesNavigator = "sales_navigator",
    }
}

/// A page, organization, board, channel or location under a connected platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Placement {
    /// The platform's own id; `None` is the account itself, such as LinkedIn's personal page.
    pub id: Option<PlacementId>,
    /// The display name.
    pub name: Option<String>,
}

impl Placement {
    /// A placement.
    pub fn new(id: Option<PlacementId>, name: Option<String>) -> Self {
        Self { id, name }
    }
}

/// Which statistics to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatsQuery {
    /// The profile.
    pub profile: ProfileId,
    /// Look only inside this group.
    pub group: Option<GroupId>,
    /// The profile's platform where the caller knows it: what the platform requires is then checked
    /// before anything is sent.
    pub platform: Option<Platform>,
    /// One placement; some platforms require it.
    pub placement: Option<PlacementId>,
    /// Only what was recorded at or after this moment.
    pub from: Option<DateTime<Utc>>,
    /// Only what was recorded at or before this moment.
    pub to: Option<DateTime<Utc>>,
}

impl StatsQuery {
    /// Everything recorded about `profile`.
    pub fn new(profile: ProfileId) -> Self {
        Self { profile, group: None, platform: None, placement: None, from: None, to: None }
    }
}

/// Statistics over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StatsSeries {
    /// The profile they are about.
    pub profile: ProfileId,
    /// Its platform, where told.
    pub platform: Option<Platform>,
    /// The placement they are about, where the platform has placements.
    pub placement: Option<PlacementId>,
    /// In the order in which they were recorded.
    pub records: Vec<StatsSnapshot>,
    /// What the answer held that could not be understood.
    pub issues: Vec<crate::FieldIssue>,
}

impl StatsSeries {
    /// A series without records.
    pub fn new(profile: ProfileId) -> Self {
        Self { profile, platform: None, placement: None, records: Vec::new(), issues: Vec::new() }
    }
}

/// A group that a vendor keeps profiles in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Group {
    /// The vendor's own key.
    pub id: GroupId,
    /// The display name.
    pub name: Option<String>,
    /// How many profiles it holds, where told.
    pub profiles: Option<u64>,
}

impl Group {
    /// A group of which only the id is known.
    pub fn new(id: GroupId) -> Self {
        Self { id, name: None, profiles: None }
    }
}

/// A group to make.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreateGroup {
    /// Its display name.
    pub name: String,
    /// Names this one act, where the vendor takes such a key: the same act asked for again, even by
    /// another process, then has no second effect. A fresh one if `None`.
    pub idempotency_key: Option<String>,
}

impl CreateGroup {
    /// A group called `name`.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), idempotency_key: None }
    }
}

/// An empty profile to make, at a vendor whose profiles are containers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreateProfile {
    /// Its display name.
    pub name: Option<String>,
}

impl CreateProfile {
    /// A profile without a name.
    pub fn new() -> Self {
        Self::default()
    }
}

/// What came of a deletion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DeleteOutcome {
    /// What the vendor said about it, where it said anything.
    pub message: Option<String>,
}

impl DeleteOutcome {
    /// Deleted; the vendor said `message`.
    pub fn new(message: Option<String>) -> Self {
        Self { message }
    }
}

/// Connects an account, or renews a connection: the act that follows every "broken".
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConnectRequest {
    /// Where the connection goes.
    pub target: ConnectTarget,
    /// The network. [`Platform::Other`] may be asked for: the vendor decides.
    pub platform: Platform,
    /// What it takes.
    pub credentials: ConnectCredentials,
    /// As [`CreateGroup::idempotency_key`].
    pub idempotency_key: Option<String>,
}

impl ConnectRequest {
    /// Connects an account of `platform` to `target`.
    pub fn new(target: ConnectTarget, platform: Platform, credentials: ConnectCredentials) -> Self {
        Self { target, platform, credentials, idempotency_key: None }
    }
}

/// Where a connection goes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectTarget {
    /// A new connection.
    New {
        /// The group it goes to, at a vendor with groups.
        group: Option<GroupId>,
        /// The profile it goes into, at a vendor whose profiles are containers; a new one if `None`.
        profile: Option<ProfileId>,
    },
    /// An existing connection, to be renewed.
    Reconnect(ConnectionKey),
}

/// What it takes to connect an account. Secrets never print.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConnectCredentials {
    /// The owner signs in at the platform and is sent back.
    Link {
        /// Where the owner is sent afterwards.
        return_url: String,
    },
    /// A handle and an app password, never the account's own password.
    AppPassword {
        /// The handle.
        handle: String,
        /// The app password.
        password: SecretString,
    },
    /// The token of the owner's own bot.
    BotToken(SecretString),
}

/// What came of a [`ConnectRequest`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConnectOutcome {
    /// The owner has to open this link.
    Link(ConnectLink),
    /// Done.
    Connected(ConnectedAccount),
    /// Made, and of use only after a further step.
    Pending {
        /// What was made.
        account: ConnectedAccount,
        /// What the owner has to do, in the vendor's words.
        next_step: String,
    },
}

/// A link to sign in with. It may hold a key, so it only prints when asked to.
#[derive(Clone)]
pub struct ConnectLink {
    url: SecretString,
}

impl ConnectLink {
    /// Keeps `url` from being printed.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: SecretString::from(url.into()) }
    }

    /// The link itself, to be handed to the account's owner and nobody else.
    pub fn expose_url(&self) -> &str {
        self.url.expose_secret()
    }
}

impl fmt::Debug for ConnectLink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ConnectLink(redacted)")
    }
}

/// An account that was just connected, as far as the answer tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ConnectedAccount {
    /// The profile that holds it, where told.
    pub profile: Option<ProfileId>,
    /// The network.
    pub platform: Platform,
    /// The display name.
    pub name: Option<String>,
    /// The handle.
    pub username: Option<String>,
}

impl ConnectedAccount {
    /// An account of which only the platform is known.
    pub fn new(platform: Platform) -> Self {
        Self { profile: None, platform, name: None, username: None }
    }
}

/// What the return URL says, after an account's owner opened a [`ConnectLink`] and was sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectCallback {
    /// How it ended.
    pub outcome: CallbackOutcome,
    /// The profile that the connection is in, where told.
    pub profile: Option<ProfileId>,
    /// The query parameters that are not the vendor's: those of the return URL as it was given.
    pub query: Vec<(String, String)>,
}

impl ConnectCallback {
    /// It ended as `outcome` says.
    pub fn new(outcome: CallbackOutcome) -> Self {
        Self { outcome, profile: None, query: Vec::new() }
    }
}

/// How the sign-in behind a [`ConnectLink`] ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackOutcome {
    /// Nothing says that it failed. Whether the account works now is for a listing to say.
    Returned,
    /// It failed.
    Failed {
        /// The vendor's own code, where told.
        code: Option<String>,
        /// What the code means and what to do, in words.
        explanation: String,
    },
}

/// How long to wait for something that appears by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WaitOptions {
    /// Time between two looks: 3 s.
    pub every: Duration,
    /// When to stop looking: after 2 minutes.
    pub at_most: Duration,
}

impl WaitOptions {
    /// Looks every 3 s for 2 minutes.
    pub const fn new() -> Self {
        Self { every: Duration::from_secs(3), at_most: Duration::from_secs(120) }
    }
}

impl Default for WaitOptions {
    fn default() -> Self {
        Self::new()
    }
}
