//! Several providers side by side, measured on what they listed; and what a move between two of them costs.
//!
//! | file | holds |
//! | --- | --- |
//! | this one | the comparison, and what is known about one provider |
//! | `field` | every field of the model that a vendor may fill |
//! | `measure` | from listings to what is known about one provider |
//! | `latency` | times of several listings as a few figures |
//! | `advantage` | what one provider has and others have not; the switch |
//! | `account` | which connections are one account |

mod account;
mod advantage;
mod field;
mod latency;
mod measure;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use advantage::{Advantage, ExpiryTelling, PlatformAdvantage, Switch};
pub use field::{Field, FieldShare};
pub use latency::{Latency, Spread};

use crate::{
    aggregate::Aggregate,
    capabilities::{Capabilities, ExpiryReporting},
    error::Error,
    expiry::Expiry,
    health::{Contradiction, HealthPolicy, HealthSummary, Reason, Verdict},
    ids::{ConnectionKey, ProviderId, Vendor},
    issue::IssueKind,
    platform::Platform,
    profile::ConnectionStatus,
};

/// Several providers side by side, each measured on what it listed of its own account.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use chrono::Utc;
/// use polyprofile_core::{Aggregator, Comparison, HealthPolicy, ListOptions};
///
/// # async fn example(aggregator: Aggregator) {
/// let mut samples = Vec::new();
/// for _ in 0..5 {
///     samples.push(aggregator.collect(&ListOptions::new()).await);
/// }
/// let comparison = Comparison::new(&samples, &aggregator.capabilities(), Utc::now(), &HealthPolicy::default());
/// for switch in comparison.switches() {
///     println!("{} to {}: {} connections would be lost", switch.from, switch.to, switch.lost.connections.len());
/// }
/// # }
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Comparison {
    /// The version of this form: 1. It grows when a member changes its meaning or goes away.
    pub schema_version: u32,
    /// The moment at which connections were judged.
    pub generated_at: DateTime<Utc>,
    /// Milliseconds before its end from which on a connection is a warning.
    pub warn_within_ms: i64,
    /// Every platform that some provider connects or could connect, by its name.
    pub platforms: Vec<Platform>,
    /// The providers, in the order in which they come in the samples.
    pub providers: Vec<ProviderComparison>,
}

impl Comparison {
    /// The version of the form.
    pub const SCHEMA_VERSION: u32 = 1;

    /// Compares all providers that have an outcome in `samples`, each by its last complete listing.
    ///
    /// Times are taken over all samples: the more there are, the more they say. Of a provider without
    /// `capabilities` it is not known what else it can do, and nothing is claimed about that.
    pub fn new(
        samples: &[Aggregate],
        capabilities: &BTreeMap<ProviderId, Capabilities>,
        now: DateTime<Utc>,
        policy: &HealthPolicy,
    ) -> Self {
        let listings = measure::listings(samples);
        let connections: Vec<_> = listings.iter().map(measure::Listings::connections).collect();
        let accounts = account::accounts(&connections, now, policy);
        let mut providers: Vec<ProviderComparison> = listings
            .iter()
            .zip(&accounts)
            .map(|(listings, accounts)| {
                measure::provider(listings, accounts, capabilities.get(listings.provider()), now, policy)
            })
            .collect();

        let platforms = platforms(&providers);
        for provider in &mut providers {
            provider.platforms = platforms.iter().map(|platform| measure::coverage(provider, platform)).collect();
        }
        let missing: Vec<Vec<Platform>> = (0..providers.len()).map(|index| missing(&providers, index)).collect();
        let only_here: Vec<Advantage> = (0..providers.len())
            .map(|index| {
                let others: Vec<&ProviderComparison> = others(&providers, index).collect();
                Advantage::over(&providers[index], &others)
            })
            .collect();
        for ((provider, missing), only_here) in providers.iter_mut().zip(missing).zip(only_here) {
            provider.missing = missing;
            provider.only_here = only_here;
        }
        Self {
            schema_version: Self::SCHEMA_VERSION,
            generated_at: now,
            warn_within_ms: policy.warn_within.num_milliseconds(),
            platforms,
            providers,
        }
    }

    /// Whether every listing of every provider came to its end and every row was kept.
    ///
    /// Without this, what a provider does not have may only not have been seen.
    pub fn is_complete(&self) -> bool {
        self.providers.iter().all(ProviderComparison::is_complete)
    }

    /// The provider of that name.
    pub fn provider(&self, id: &ProviderId) -> Option<&ProviderComparison> {
        self.providers.iter().find(|provider| provider.provider == *id)
    }

    /// What would be lost and what won by moving from one provider to another one; `None` if either is not
    /// compared here, or both are the same.
    pub fn switch(&self, from: &ProviderId, to: &ProviderId) -> Option<Switch> {
        let (from, to) = (self.provider(from)?, self.provider(to)?);
        (from.provider != to.provider).then(|| Switch::between(from, to))
    }

    /// Every move from one provider to another one, in the order of the providers.
    pub fn switches(&self) -> impl Iterator<Item = Switch> {
        let pairs = self.providers.iter().flat_map(|from| self.providers.iter().map(move |to| (from, to)));
        pairs.filter(|(from, to)| from.provider != to.provider).map(|(from, to)| Switch::between(from, to))
    }
}

/// What is known about one provider, from what it listed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProviderComparison {
    /// The provider.
    pub provider: ProviderId,
    /// The company behind it.
    pub vendor: Vendor,
    /// What it says that it can do; `None` if that was not told.
    pub capabilities: Option<Capabilities>,
    /// How often it was asked for its list.
    pub listings: u64,
    /// How many of these lists came to their end.
    pub complete_listings: u64,
    /// Why the other ones did not, in the order in which they were asked for.
    pub errors: Vec<Error>,
    /// How long its lists took.
    pub latency: Latency,
    /// How large the described list is; `None` if it is not complete, or nobody counted its bytes.
    pub size: Option<ListingSize>,
    /// Profiles in the list that everything below describes: the last complete one. Without a complete one it
    /// is the one with the most profiles.
    pub profiles: u64,
    /// Rows of that list that could not be kept.
    pub rejected: u64,
    /// Its connections, in the order of the list. People who were only looked up are none.
    pub connections: Vec<ComparedConnection>,
    /// How many connections have which verdict.
    pub health: HealthSummary,
    /// Which statuses there are, the most frequent first.
    pub statuses: Vec<StatusCount>,
    /// What speaks for the verdicts, the most frequent first.
    pub reasons: Vec<ReasonCount>,
    /// How often an answer contradicts itself, the most frequent first. They are among the reasons too.
    pub contradictions: Vec<ContradictionCount>,
    /// What in the list could not be understood, the most frequent first.
    pub issues: Vec<IssueCount>,
    /// What it tells about the end of connections.
    pub expiry: ExpiryTold,
    /// Its share of each of [`Comparison::platforms`], in that order.
    pub platforms: Vec<PlatformCoverage>,
    /// Platforms that others connect here and this one does not.
    pub missing: Vec<Platform>,
    /// How many profiles or connections have each field of the model, in the order of [`Field::ALL`].
    pub fields: Vec<FieldShare>,
    /// What it tells beyond the model under its own names, the most frequent first.
    pub vendor_fields: Vec<VendorField>,
    /// What it has and no other provider here; nothing where there is no other one.
    pub only_here: Advantage,
}

impl ProviderComparison {
    /// Whether all its lists came to their end and every row was kept.
    pub fn is_complete(&self) -> bool {
        self.listings == self.complete_listings && self.rejected == 0
    }

    /// Whether anything was listed: a list that came to its end, or at least rows of one.
    ///
    /// Without this, nothing is known about its connections, and that there are none least of all.
    pub fn has_answered(&self) -> bool {
        self.complete_listings > 0 || self.profiles > 0
    }

    /// Its share of `platform`.
    pub fn coverage(&self, platform: &Platform) -> Option<&PlatformCoverage> {
        self.platforms.iter().find(|coverage| coverage.platform == *platform)
    }

    /// How many of its profiles or connections have `field`.
    pub fn field(&self, field: Field) -> Option<&FieldShare> {
        self.fields.iter().find(|share| share.field == field)
    }
}

/// The size of a list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ListingSize {
    /// Bytes of its answers, after decompression and with what had to be asked for again.
    pub bytes: u64,
    /// Those bytes for each profile of the list; `None` if it is empty.
    pub bytes_per_profile: Option<f64>,
}

/// A connection, as far as it is compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ComparedConnection {
    /// Its stable name.
    pub key: ConnectionKey,
    /// Which account it is: connections of one number are one account, whichever provider they came through. The
    /// number says nothing else.
    pub account: u64,
    /// The handle, where told.
    pub username: Option<String>,
    /// The name that people see: the account's, else the profile's.
    pub name: Option<String>,
    /// Does it work?
    pub verdict: Verdict,
    /// Whole days left: rounded down, 0 on the last day, negative once past.
    pub days_left: Option<i64>,
    /// What the vendor says about its end.
    pub expiry: Expiry,
}

impl ComparedConnection {
    /// The name under which people know the account: its handle, else the name they see, else the profile's key.
    pub fn label(&self) -> &str {
        self.username.as_deref().or(self.name.as_deref()).unwrap_or(&self.key.profile.key)
    }
}

/// One provider's share of one platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PlatformCoverage {
    /// The platform.
    pub platform: Platform,
    /// Connections to it.
    pub connections: u64,
    /// How many of them have which verdict.
    pub health: HealthSummary,
    /// Whether accounts of this platform can be connected, as the provider says; `None` if that was not told.
    pub can_connect: Option<bool>,
}

impl PlatformCoverage {
    /// Whether the provider has to do with this platform: it connects an account of it, or says that it could.
    pub fn is_offered(&self) -> bool {
        self.connections > 0 || self.can_connect == Some(true)
    }
}

/// What a provider tells about the end of its connections, by number of connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ExpiryTold {
    /// A date.
    pub date: u64,
    /// A day count and no date.
    pub days_only: u64,
    /// That there is no deadline.
    pub no_deadline: u64,
    /// A date that cannot be read.
    pub unreadable: u64,
    /// Nothing.
    pub nothing: u64,
    /// A day count, with a date or without one.
    pub day_count: u64,
    /// How it says that it tells; `None` if that was not told.
    pub announced: Option<ExpiryReporting>,
}

/// How many connections have a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StatusCount {
    /// The status.
    pub status: ConnectionStatus,
    /// Connections that have it.
    pub connections: u64,
}

/// For how many connections a reason speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ReasonCount {
    /// The reason, with the vendor's words.
    pub reason: Reason,
    /// Connections for whose verdict it speaks.
    pub connections: u64,
}

/// How many answers contradict themselves in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ContradictionCount {
    /// Which parts contradict each other.
    pub between: Contradiction,
    /// Connections in whose answer they do.
    pub connections: u64,
}

/// How often the same trouble was found in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct IssueCount {
    /// What sort of trouble.
    pub kind: IssueKind,
    /// Where, as a JSON pointer into a row; `*` stands for any place of a list.
    pub path: String,
    /// How often.
    pub count: u64,
}

/// Something that a vendor tells beyond the model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct VendorField {
    /// The vendor's own name for it.
    pub name: String,
    /// Profiles that have it.
    pub profiles: u64,
}

/// Every platform that some provider has to do with, in the order of the names that people read.
fn platforms(providers: &[ProviderComparison]) -> Vec<Platform> {
    let connected = providers.iter().flat_map(|provider| &provider.connections).map(|one| &one.key.platform);
    let offered = providers.iter().filter_map(|provider| provider.capabilities.as_ref());
    let offered = offered.flat_map(|capabilities| &capabilities.connect).map(|support| &support.platform);
    let mut platforms: Vec<Platform> = connected.chain(offered).cloned().collect::<BTreeSet<_>>().into_iter().collect();
    platforms.sort_by_cached_key(|platform| platform.label().to_lowercase());
    platforms
}

/// The platforms that others connect and the provider at `index` does not; nothing for one that gave no list.
fn missing(providers: &[ProviderComparison], index: usize) -> Vec<Platform> {
    let provider = &providers[index];
    if !provider.has_answered() {
        return Vec::new();
    }
    let by_others = |platform: &Platform| {
        let coverages = others(providers, index).filter_map(|other| other.coverage(platform));
        coverages.into_iter().any(|coverage| coverage.connections > 0)
    };
    let not_here = provider.platforms.iter().filter(|coverage| coverage.connections == 0);
    not_here.map(|coverage| &coverage.platform).filter(|platform| by_others(platform)).cloned().collect()
}

fn others(providers: &[ProviderComparison], index: usize) -> impl Iterator<Item = &ProviderComparison> {
    providers.iter().enumerate().filter(move |(other, _)| *other != index).map(|(_, provider)| provider)
}
