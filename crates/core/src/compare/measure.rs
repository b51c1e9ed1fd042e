//! From listings to what is known about one provider.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Debug,
    hash::Hash,
};

use chrono::{DateTime, Utc};

use super::{
    Advantage, ComparedConnection, ContradictionCount, ExpiryTold, Field, FieldShare, IssueCount, Latency, ListingSize,
    PlatformCoverage, ProviderComparison, ReasonCount, Spread, StatusCount, VendorField, field,
};
use crate::{
    aggregate::{Aggregate, ProviderOutcome},
    capabilities::Capabilities,
    expiry::Expiry,
    health::{HealthPolicy, HealthSummary, Reason},
    ids::ProviderId,
    issue::FieldIssue,
    normalize::NormalizedPlatform as _,
    platform::Platform,
    profile::{ConnectedPlatform, Profile},
};

/// One provider's lists, one from each sample; there is at least one.
pub(super) struct Listings<'a> {
    first: Sample<'a>,
    rest: Vec<Sample<'a>>,
}

type Sample<'a> = (&'a Aggregate, &'a ProviderOutcome);

impl<'a> Listings<'a> {
    pub(super) fn provider(&self) -> &'a ProviderId {
        &self.first.1.provider
    }

    fn samples(&self) -> impl Iterator<Item = &Sample<'a>> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    fn outcomes(&self) -> impl Iterator<Item = &'a ProviderOutcome> {
        self.samples().map(|(_, outcome)| *outcome)
    }

    /// What is compared of them: the profiles of the listing that describes the provider best.
    fn profiles(&self) -> Vec<&'a Profile> {
        let (sample, outcome) = self.described();
        sample.profiles.iter().filter(|profile| profile.id.provider == outcome.provider).collect()
    }

    /// The connections of these profiles, in the order of the list.
    pub(super) fn connections(&self) -> Vec<(&'a Profile, &'a ConnectedPlatform)> {
        let profiles = self.profiles().into_iter();
        profiles
            .flat_map(|profile| profile.connected_platforms.iter().map(move |connection| (profile, connection)))
            .filter(|(_, connection)| connection.is_connection())
            .collect()
    }

    /// The last complete one, else the one with the most profiles.
    fn described(&self) -> Sample<'a> {
        let best = self
            .samples()
            .max_by_key(|(_, outcome)| (outcome.complete, if outcome.complete { 0 } else { outcome.profiles }));
        *best.unwrap_or(&self.first)
    }
}

/// Sorts samples by provider, in the order in which these come.
pub(super) fn listings(samples: &[Aggregate]) -> Vec<Listings<'_>> {
    let mut listings: Vec<Listings<'_>> = Vec::new();
    for sample in samples {
        for outcome in &sample.outcomes {
            match listings.iter_mut().find(|known| *known.provider() == outcome.provider) {
                Some(known) => known.rest.push((sample, outcome)),
                None => listings.push(Listings { first: (sample, outcome), rest: Vec::new() }),
            }
        }
    }
    listings
}

/// Everything that one provider's lists tell by themselves. What takes all providers comes later, but for the `accounts`
/// of its connections.
pub(super) fn provider(
    listings: &Listings<'_>,
    accounts: &[u64],
    capabilities: Option<&Capabilities>,
    now: DateTime<Utc>,
    policy: &HealthPolicy,
) -> ProviderComparison {
    let (_, outcome) = listings.described();
    let (profiles, connections) = (listings.profiles(), listings.connections());

    let (mut health, mut statuses, mut reasons) = (HealthSummary::new(), Tally::default(), Tally::default());
    let mut compared = Vec::with_capacity(connections.len());
    for ((profile, connection), account) in connections.iter().zip(accounts) {
        // Everything here is a connection, and every connection has a verdict.
        let Some(judged) = connection.health(now, policy) else { continue };
        health.add(judged.verdict);
        statuses.add(connection.status.clone());
        judged.reasons.into_iter().for_each(|reason| reasons.add(reason));
        compared.push(ComparedConnection {
            key: profile.connection_key(connection),
            account: *account,
            username: connection.username.clone(),
            name: connection.display_name.as_ref().or(profile.name.as_ref()).cloned(),
            verdict: judged.verdict,
            days_left: judged.days_left,
            expiry: connection.expiry.clone(),
        });
    }
    let reasons: Vec<ReasonCount> = reasons
        .most_frequent_first(ToString::to_string)
        .map(|(reason, connections)| ReasonCount { reason, connections })
        .collect();
    let statuses = statuses.most_frequent_first(|status| status.as_str().to_owned());

    ProviderComparison {
        provider: outcome.provider.clone(),
        vendor: outcome.vendor.clone(),
        capabilities: capabilities.cloned(),
        listings: listings.outcomes().count() as u64,
        complete_listings: listings.outcomes().filter(|outcome| outcome.complete).count() as u64,
        errors: listings.outcomes().filter_map(|outcome| outcome.error.clone()).collect(),
        latency: latency(listings),
        size: size(outcome),
        profiles: profiles.len() as u64,
        rejected: outcome.rejected,
        health,
        statuses: statuses.map(|(status, connections)| StatusCount { status, connections }).collect(),
        contradictions: contradictions(&reasons),
        reasons,
        issues: issues(&profiles),
        expiry: expiry(&connections, capabilities),
        platforms: Vec::new(),
        missing: Vec::new(),
        fields: fields(&profiles, &connections),
        vendor_fields: vendor_fields(&profiles),
        only_here: Advantage::default(),
        connections: compared,
    }
}

/// One provider's share of `platform`.
pub(super) fn coverage(provider: &ProviderComparison, platform: &Platform) -> PlatformCoverage {
    let connections = provider.connections.iter().filter(|connection| connection.key.platform == *platform);
    let health: HealthSummary = connections.map(|connection| connection.verdict).collect();
    let can_connect = provider
        .capabilities
        .as_ref()
        .map(|capabilities| capabilities.connect.iter().any(|support| support.platform == *platform));
    PlatformCoverage { platform: platform.clone(), connections: health.total(), health, can_connect }
}

fn latency(listings: &Listings<'_>) -> Latency {
    let complete = listings.outcomes().filter(|outcome| outcome.complete);
    Latency {
        first_row: Spread::of(listings.outcomes().filter_map(|outcome| outcome.first_row)),
        all_rows: Spread::of(complete.map(|outcome| outcome.elapsed)),
    }
}

/// Per profile as they came: one that came twice took its bytes twice.
fn size(outcome: &ProviderOutcome) -> Option<ListingSize> {
    let bytes = outcome.bytes.filter(|_| outcome.complete)?;
    let bytes_per_profile = (outcome.profiles > 0).then(|| bytes as f64 / outcome.profiles as f64);
    Some(ListingSize { bytes, bytes_per_profile })
}

fn contradictions(reasons: &[ReasonCount]) -> Vec<ContradictionCount> {
    let counts = reasons.iter().filter_map(|ReasonCount { reason, connections }| match reason {
        Reason::Contradiction { between } => Some(ContradictionCount { between: *between, connections: *connections }),
        _ => None,
    });
    counts.collect()
}

fn issues(profiles: &[&Profile]) -> Vec<IssueCount> {
    let mut tally = Tally::default();
    for FieldIssue { kind, path, .. } in profiles.iter().flat_map(|profile| &profile.issues) {
        tally.add((*kind, without_places(path)));
    }
    tally
        .most_frequent_first(|(_, path)| path.clone())
        .map(|((kind, path), count)| IssueCount { kind, path, count })
        .collect()
}

/// `/accounts/*/expires_at` for `/accounts/3/expires_at`: the same trouble in every row is one.
fn without_places(path: &str) -> String {
    let is_place = |segment: &str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    let segments = path.split('/').map(|segment| if is_place(segment) { "*" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

fn expiry(connections: &[(&Profile, &ConnectedPlatform)], capabilities: Option<&Capabilities>) -> ExpiryTold {
    let mut told =
        ExpiryTold { announced: capabilities.map(|capabilities| capabilities.expiry), ..ExpiryTold::default() };
    for (_, connection) in connections {
        let (count, has_day_count) = match &connection.expiry {
            Expiry::At { reported, .. } => (&mut told.date, reported.is_some()),
            Expiry::InDays { .. } => (&mut told.days_only, true),
            Expiry::NoDeadline => (&mut told.no_deadline, false),
            Expiry::Unreadable { .. } => (&mut told.unreadable, false),
            Expiry::NotReported => (&mut told.nothing, false),
        };
        *count += 1;
        told.day_count += u64::from(has_day_count);
    }
    told
}

fn fields(profiles: &[&Profile], connections: &[(&Profile, &ConnectedPlatform)]) -> Vec<FieldShare> {
    let mut filled: BTreeMap<Field, u64> = BTreeMap::new();
    let of_profiles = profiles.iter().flat_map(|profile| field::of_profile(profile));
    let of_connections = connections.iter().flat_map(|(_, connection)| field::of_connection(connection));
    for (field, _) in of_profiles.chain(of_connections).filter(|(_, is_filled)| *is_filled) {
        *filled.entry(field).or_default() += 1;
    }
    let share = |field: &Field| {
        let of = if field.is_of_profile() { profiles.len() } else { connections.len() };
        FieldShare::new(*field, filled.get(field).copied().unwrap_or_default(), of as u64)
    };
    Field::ALL.iter().map(share).collect()
}

fn vendor_fields(profiles: &[&Profile]) -> Vec<VendorField> {
    let mut tally = Tally::default();
    profiles.iter().flat_map(|profile| profile.vendor.keys()).for_each(|name| tally.add(name.clone()));
    tally.most_frequent_first(Clone::clone).map(|(name, profiles)| VendorField { name, profiles }).collect()
}

/// How often things were seen.
struct Tally<T>(HashMap<T, u64>);

impl<T> Default for Tally<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Eq + Hash + Debug> Tally<T> {
    fn add(&mut self, seen: T) {
        *self.0.entry(seen).or_default() += 1;
    }

    /// Things seen equally often in the order of their words, and those with equal words in one order too.
    fn most_frequent_first(self, words: impl Fn(&T) -> String) -> impl Iterator<Item = (T, u64)> {
        let mut counted: Vec<(T, u64)> = self.0.into_iter().collect();
        counted.sort_by_cached_key(|(seen, count)| (std::cmp::Reverse(*count), words(seen), format!("{seen:?}")));
        counted.into_iter()
    }
}
