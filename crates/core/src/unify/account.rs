//! One social account with everything through which it is connected.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::overrides::OverrideProblem;
use crate::{
    audience::Audience,
    expiry::Expiry,
    health::{Health, HealthSummary, Verdict},
    ids::{ConnectionKey, GroupId, ProviderId},
    issue::printable_excerpt,
    platform::Platform,
    profile::ConnectionStatus,
};

/// The accounts behind a list of connections.
///
/// Every connection is in exactly one account; people who were only looked up are in none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Accounts {
    /// The accounts, by platform and then by name.
    pub accounts: Vec<UnifiedAccount>,
    /// Accounts that may be one, and why nobody can be sure.
    pub suggestions: Vec<Suggestion>,
    /// What the user said and could not be followed.
    pub override_problems: Vec<OverrideProblem>,
}

impl Accounts {
    /// Nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many accounts have which verdict.
    pub fn summary(&self) -> HealthSummary {
        self.accounts.iter().map(|account| account.verdict).collect()
    }
}

/// One account on one platform, seen through one connection or several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UnifiedAccount {
    /// The network.
    pub platform: Platform,
    /// The platform's own id.
    pub account_id: Option<Choice<String>>,
    /// The handle.
    pub username: Option<Choice<String>>,
    /// The name that people see.
    pub display_name: Option<Choice<String>>,
    /// The account's picture. Vendors keep copies of their own: that addresses disagree is normal.
    pub avatar_url: Option<Choice<String>>,
    /// The account's public page.
    pub profile_url: Option<Choice<String>>,
    /// How many people the account reaches.
    pub audience: Option<Choice<Audience>>,
    /// The best verdict among the sightings: the account is as well as the best way to it.
    pub verdict: Verdict,
    /// Whether a post would go out now, through [`Self::post_through`]; `false` if it would through no
    /// sighting, `None` where nobody can say.
    pub can_post: Option<bool>,
    /// The sighting to post through now: the healthiest that works, and of several the one that lasts longest.
    pub post_through: Option<SightingId>,
    /// What breaks first if nobody does anything.
    pub breaks_first: NextBreak,
    /// Every connection to the account, by provider and profile.
    pub sightings: Vec<Sighting>,
    /// Why the sightings are one account; empty where there is only one.
    pub because: Vec<AccountLink>,
    /// Sightings of other accounts from which the user keeps this one apart.
    pub kept_apart_from: Vec<SightingId>,
}

impl UnifiedAccount {
    /// An account of which no more than this is known, and no sighting yet. [`unify`](crate::unify) builds
    /// accounts from rows.
    pub fn new(platform: Platform, verdict: Verdict, breaks_first: NextBreak) -> Self {
        Self {
            platform,
            account_id: None,
            username: None,
            display_name: None,
            avatar_url: None,
            profile_url: None,
            audience: None,
            verdict,
            can_post: None,
            post_through: None,
            breaks_first,
            sightings: Vec::new(),
            because: Vec::new(),
            kept_apart_from: Vec::new(),
        }
    }

    /// The name under which people know it: handle, else display name, else the platform's id; for an account
    /// that tells none of them, the vendor's key of the profile.
    pub fn label(&self) -> &str {
        let told = [&self.username, &self.display_name, &self.account_id].into_iter().flatten().next();
        let key = || self.sightings.first().map(|sighting| sighting.id.connection.profile.key.as_str());
        told.map(|choice| choice.value.as_str()).or_else(key).unwrap_or_default()
    }

    /// Its sighting of that name.
    pub fn sighting(&self, id: &SightingId) -> Option<&Sighting> {
        self.sightings.iter().find(|sighting| sighting.id == *id)
    }
}

/// Names one connection among all that were listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SightingId {
    /// Profile, platform, and the platform's own id as sent.
    #[serde(flatten)]
    pub connection: ConnectionKey,
    /// Tells apart connections of one profile that have the same key: 0, 1 and so on.
    pub nth: u32,
}

impl SightingId {
    /// The first connection with this key.
    pub const fn new(connection: ConnectionKey) -> Self {
        Self { connection, nth: 0 }
    }

    /// The provider through which it was seen.
    pub const fn provider(&self) -> &ProviderId {
        &self.connection.profile.provider
    }
}

impl std::fmt::Display for SightingId {
    /// `provider/key`, for people to read.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.connection.profile)?;
        if self.nth > 0 { write!(formatter, " ({})", self.nth + 1) } else { Ok(()) }
    }
}

/// One connection to an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Sighting {
    /// The provider through which it was seen.
    pub provider: ProviderId,
    /// Its name.
    #[serde(flatten)]
    pub id: SightingId,
    /// The display name of the profile that holds it.
    pub profile_name: Option<String>,
    /// The group that the vendor keeps the profile in.
    pub group: Option<GroupId>,
    /// What the vendor says about it.
    pub status: ConnectionStatus,
    /// What the vendor says about its end.
    pub expiry: Expiry,
    /// The verdict.
    pub health: Health,
    /// What a reader should know about how it names its account.
    pub notes: Vec<Note>,
}

impl Sighting {
    /// A connection of which no more than this is known.
    pub fn new(id: SightingId, status: ConnectionStatus, expiry: Expiry, health: Health) -> Self {
        let provider = id.provider().clone();
        Self { provider, id, profile_name: None, group: None, status, expiry, health, notes: Vec::new() }
    }
}

/// The value of a field, where it comes from and what else was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Choice<T> {
    /// The value as its vendor sent it.
    pub value: T,
    /// Why this one.
    pub rule: ChoiceRule,
    /// The sighting that told it.
    pub from: SightingId,
    /// Every other value that was told.
    pub disagreed: Vec<Disagreement<T>>,
}

impl<T> Choice<T> {
    /// A value that nobody contradicts.
    pub const fn new(value: T, rule: ChoiceRule, from: SightingId) -> Self {
        Self { value, rule, from, disagreed: Vec::new() }
    }
}

/// A value that was not chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Disagreement<T> {
    /// The value.
    pub value: T,
    /// The sightings that told it.
    pub from: Vec<SightingId>,
}

impl<T> Disagreement<T> {
    /// `value` was told by `from`.
    pub const fn new(value: T, from: Vec<SightingId>) -> Self {
        Self { value, from }
    }
}

/// Why a value was chosen. Spellings that mean the same (`@kestrel`, `Kestrel` on a platform without case) are
/// one value. The rules are asked in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChoiceRule {
    /// Only one sighting tells any.
    OnlyOne,
    /// All sightings that tell one agree.
    AllAgree,
    /// It was recorded last. Only for what is recorded.
    Latest,
    /// More providers tell it than any other value.
    MostProviders,
    /// As many tell another one; the healthiest sighting tells this.
    Healthiest,
    /// Nothing speaks for either: it comes first by provider and profile.
    FirstByName,
}

/// What breaks first if nobody does anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum NextBreak {
    /// A sighting that still works ends, and no other is known to end before.
    Known {
        /// The sighting.
        sighting: Box<SightingId>,
        /// When it ends; for a day count without a date, the earliest moment.
        at: DateTime<Utc>,
        /// Whole days until then: rounded down, 0 on the last day.
        days_left: i64,
        /// Sightings that work and whose end nobody told: they may break before.
        untold: Vec<SightingId>,
    },
    /// Nobody told when any of the sightings that still work ends.
    Unknown {
        /// Those sightings.
        untold: Vec<SightingId>,
    },
    /// Whatever still works has no deadline.
    Never,
    /// Nothing works any more.
    Broken,
}

/// Why sightings are one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AccountLink {
    /// What they have in common.
    pub rule: LinkRule,
    /// The name that they share, in the platform's own spelling; `None` where the user says so.
    pub name: Option<String>,
    /// Who told it, and in which field.
    pub sightings: Vec<LinkedSighting>,
}

impl AccountLink {
    /// `sightings` share `name`.
    pub const fn new(rule: LinkRule, name: Option<String>, sightings: Vec<LinkedSighting>) -> Self {
        Self { rule, name, sightings }
    }
}

impl std::fmt::Display for AccountLink {
    /// In words: `the same handle kestrel: postcore/prof_1, postproxy/prof_2 (by a name that starts with @)`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self.rule {
            LinkRule::User => "you say so",
            LinkRule::PlatformId => "the same id",
            LinkRule::Handle => "the same handle",
            LinkRule::ProfileUrl => "the same page",
        })?;
        if let Some(name) = &self.name {
            write!(formatter, " {}", printable_excerpt(name, 80))?;
        }
        for (place, LinkedSighting { sighting, told_by }) in self.sightings.iter().enumerate() {
            formatter.write_str(if place == 0 { ": " } else { ", " })?;
            write!(formatter, "{sighting}")?;
            match (told_by, self.rule) {
                (Some(ToldBy::NameAsHandle), _) => formatter.write_str(" (by a name that starts with @)")?,
                (Some(ToldBy::ProfileUrl), LinkRule::PlatformId | LinkRule::Handle) => {
                    formatter.write_str(" (in the address of its page)")?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// A sighting that a link holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LinkedSighting {
    /// The sighting.
    #[serde(flatten)]
    pub sighting: SightingId,
    /// The field in which it tells the name; `None` where the user says so.
    pub told_by: Option<ToldBy>,
}

impl LinkedSighting {
    /// `sighting` is linked by what it tells in `told_by`.
    pub const fn new(sighting: SightingId, told_by: Option<ToldBy>) -> Self {
        Self { sighting, told_by }
    }
}

/// What sightings of one account have in common, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LinkRule {
    /// The user says so.
    User,
    /// The platform's own id.
    PlatformId,
    /// The handle, in the platform's own spelling.
    Handle,
    /// The address of the page, where its form tells neither id nor handle.
    ProfileUrl,
}

/// The field in which a name was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ToldBy {
    /// The platform's own id.
    AccountId,
    /// The handle.
    Username,
    /// The display name, which starts with `@` and so is a handle.
    NameAsHandle,
    /// The address of the page.
    ProfileUrl,
}

/// Accounts that may be one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Suggestion {
    /// The network.
    pub platform: Platform,
    /// What speaks for it, and why that is not enough.
    pub reason: SuggestionReason,
    /// What they have in common, as sent or in the platform's own spelling.
    pub name: String,
    /// One sighting of each account.
    pub sightings: Vec<SightingId>,
}

impl Suggestion {
    /// The accounts of `sightings` may be one, for `reason`.
    pub fn new(platform: Platform, reason: SuggestionReason, name: String, sightings: Vec<SightingId>) -> Self {
        Self { platform, reason, name, sightings }
    }
}

/// Why accounts may be one, and why nobody can be sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SuggestionReason {
    /// They share an id, but other names contradict it.
    IdContradicted,
    /// They share a handle, but their ids or other names contradict it: a handle can change hands.
    HandleContradicted,
    /// They share a page, but their ids or other names contradict it.
    PageContradicted,
    /// They share an identifier, but one does not tell whether it is a person's or an organization's.
    HolderUntold,
    /// They have the same display name, which anybody can have.
    DisplayName,
}

impl SuggestionReason {
    /// In words, after "may be one: ".
    pub const fn words(self) -> &'static str {
        match self {
            Self::IdContradicted => "the same id, but other names contradict it",
            Self::HandleContradicted => "the same handle, but ids or other names contradict it",
            Self::PageContradicted => "the same page, but ids or other names contradict it",
            Self::HolderUntold => "the same identifier, but not told whether a person's or an organization's",
            Self::DisplayName => "the same display name, which anybody can have",
        }
    }
}

/// Something that a reader should know about how a sighting names its account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Note {
    /// What.
    pub kind: NoteKind,
    /// The field.
    pub field: ToldBy,
    /// A short excerpt of what is there.
    pub found: String,
}

impl Note {
    /// A note about a field that holds `found`.
    pub fn new(kind: NoteKind, field: ToldBy, found: &str) -> Self {
        Self { kind, field, found: printable_excerpt(found, 80) }
    }
}

/// The sort of a [`Note`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoteKind {
    /// It holds characters beyond ASCII. They are compared as sent: look-alikes, and other ways in which
    /// Unicode writes the same character, stay apart.
    NotAscii,
    /// It contradicts another field of the sighting, which is stronger. It was not used.
    Contradiction,
    /// It means something only to whoever sees it, or only inside one workspace. It was not used.
    Scoped,
    /// It does not have the form of what it should be. It was not used.
    NoName,
}
