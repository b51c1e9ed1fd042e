//! Profiles with their verdicts: what is shown to people and handed to other programs.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    aggregate::{Aggregate, ProviderOutcome},
    error::Error,
    health::{Health, HealthPolicy, HealthSummary, Verdict},
    ids::{GroupId, ProfileId, ProviderId, Vendor},
    normalize::NormalizedPlatform as _,
    platform::Platform,
    profile::{ConnectedPlatform, Profile},
    provider::Rejected,
};

/// Everything that was listed, judged at one moment.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ListReport {
    /// The version of this form: 1. It grows when a member changes its meaning or goes away.
    pub schema_version: u32,
    /// The moment at which connections were judged.
    pub generated_at: DateTime<Utc>,
    /// The profiles that the filter let through.
    pub profiles: Vec<ProfileReport>,
    /// Rows that could not be kept.
    pub rejected: Vec<Rejected>,
    /// How many connections among them have which verdict.
    pub summary: HealthSummary,
    /// How each provider fared.
    pub providers: Vec<ProviderReport>,
}

impl ListReport {
    /// The version of the form.
    pub const SCHEMA_VERSION: u32 = 1;

    /// Judges what was listed at `now`, and keeps what `filter` lets through.
    pub fn new(aggregate: Aggregate, now: DateTime<Utc>, policy: &HealthPolicy, filter: &ConnectionFilter) -> Self {
        let Aggregate { profiles, rejected, outcomes } = aggregate;
        let judged = profiles.into_iter().map(|profile| ProfileReport::new(profile, now, policy));
        let profiles: Vec<ProfileReport> = judged.filter_map(|profile| filter.apply(profile)).collect();
        let connections = profiles.iter().flat_map(|profile| &profile.connected_platforms);
        let summary = connections.filter_map(ConnectionReport::verdict).collect();
        let providers = outcomes.into_iter().map(ProviderReport::from).collect();
        Self { schema_version: Self::SCHEMA_VERSION, generated_at: now, profiles, rejected, summary, providers }
    }

    /// Every connection with its profile, the worst first: by verdict, then by days left. People who
    /// were only looked up come last.
    pub fn worst_first(&self) -> Vec<(&ProfileReport, &ConnectionReport)> {
        let mut rows: Vec<_> = self
            .profiles
            .iter()
            .flat_map(|profile| profile.connected_platforms.iter().map(move |connection| (profile, connection)))
            .collect();
        rows.sort_by_key(|(_, connection)| {
            let days = connection.health.as_ref().and_then(|health| health.days_left).unwrap_or(i64::MAX);
            (std::cmp::Reverse(connection.verdict()), days)
        });
        rows
    }
}

/// A profile whose connections are judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProfileReport {
    /// The profile; its connections are in [`Self::connected_platforms`].
    #[serde(flatten)]
    pub profile: ProfileHead,
    /// The accounts inside, each with its verdict.
    pub connected_platforms: Vec<ConnectionReport>,
}

/// A profile without its connections.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProfileHead {
    /// As [`Profile::id`].
    pub id: ProfileId,
    /// As [`Profile::name`].
    pub name: Option<String>,
    /// As [`Profile::group`].
    pub group: Option<GroupId>,
    /// As [`Profile::created_at`].
    #[serde(serialize_with = "crate::timestamp::write_optional")]
    pub created_at: Option<DateTime<Utc>>,
    /// As [`Profile::stats`].
    pub stats: Vec<crate::StatsSnapshot>,
    /// As [`Profile::vendor`].
    pub vendor: std::collections::BTreeMap<String, serde_json::Value>,
    /// As [`Profile::issues`].
    pub issues: Vec<crate::FieldIssue>,
}

impl ProfileReport {
    /// Judges every connection of `profile` at `now`.
    pub fn new(profile: Profile, now: DateTime<Utc>, policy: &HealthPolicy) -> Self {
        let Profile { id, name, group, created_at, connected_platforms, stats, vendor, issues } = profile;
        let judged = connected_platforms.into_iter().map(|connection| ConnectionReport::new(connection, now, policy));
        Self {
            connected_platforms: judged.collect(),
            profile: ProfileHead { id, name, group, created_at, stats, vendor, issues },
        }
    }
}

/// A connection and its verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ConnectionReport {
    /// The connection.
    #[serde(flatten)]
    pub connection: ConnectedPlatform,
    /// Its verdict; `None` for a person who was only looked up.
    pub health: Option<Health>,
}

impl ConnectionReport {
    /// Judges `connection` at `now`.
    pub fn new(connection: ConnectedPlatform, now: DateTime<Utc>, policy: &HealthPolicy) -> Self {
        Self { health: connection.health(now, policy), connection }
    }

    /// The one word about it; `None` for a person who was only looked up.
    pub fn verdict(&self) -> Option<Verdict> {
        self.health.as_ref().map(|health| health.verdict)
    }
}

/// How one provider fared.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProviderReport {
    /// The provider.
    pub provider: ProviderId,
    /// The company behind it.
    pub vendor: Vendor,
    /// Whether it answered in full and every row was kept.
    pub ok: bool,
    /// Whether the list came to its end.
    pub complete: bool,
    /// Profiles that came, before any filter.
    pub profiles: u64,
    /// Rows that could not be kept.
    pub rejected: u64,
    /// Milliseconds until it was done.
    pub elapsed_ms: f64,
    /// Why the list did not come to its end.
    pub error: Option<Error>,
}

impl From<ProviderOutcome> for ProviderReport {
    fn from(outcome: ProviderOutcome) -> Self {
        let ProviderOutcome { provider, vendor, profiles, rejected, complete, elapsed, error, .. } = outcome;
        let elapsed_ms = elapsed.as_secs_f64() * 1_000.0;
        Self { provider, vendor, ok: complete && rejected == 0, complete, profiles, rejected, elapsed_ms, error }
    }
}

/// Which connections to show. An empty list lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionFilter {
    /// Only connections to these platforms.
    pub platforms: Vec<Platform>,
    /// Only connections with these verdicts.
    pub verdicts: Vec<Verdict>,
    /// Only profiles in these groups.
    pub groups: Vec<GroupId>,
}

impl ConnectionFilter {
    /// Lets everything through.
    pub fn new() -> Self {
        Self::default()
    }

    /// The part of `profile` to show; `None` if nothing of it is.
    ///
    /// A profile without connections is shown unless connections were asked for.
    pub fn apply(&self, mut profile: ProfileReport) -> Option<ProfileReport> {
        let in_group = |group: &GroupId| self.groups.contains(group);
        if !self.groups.is_empty() && !profile.profile.group.as_ref().is_some_and(in_group) {
            return None;
        }
        if self.platforms.is_empty() && self.verdicts.is_empty() {
            return Some(profile);
        }
        profile.connected_platforms.retain(|one| self.lets_through(one));
        (!profile.connected_platforms.is_empty()).then_some(profile)
    }

    fn lets_through(&self, connection: &ConnectionReport) -> bool {
        let platform = self.platforms.is_empty() || self.platforms.contains(&connection.connection.platform);
        let verdict = self.verdicts.is_empty() || connection.verdict().is_some_and(|one| self.verdicts.contains(&one));
        platform && verdict
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{ConnectionFilter, ListReport};
    use crate::{
        Aggregate, ConnectedPlatform, ConnectionStatus, Expiry, GroupId, HealthPolicy, Platform, Profile, ProfileId,
        ProviderId, Verdict,
    };

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn profile(key: &str, group: &str, connections: Vec<ConnectedPlatform>) -> Profile {
        let mut profile = Profile::new(ProfileId::new(ProviderId::new("p"), key));
        profile.group = Some(GroupId::new(group));
        profile.connected_platforms = connections;
        profile
    }

    fn connection(platform: Platform, status: ConnectionStatus, days: i64) -> ConnectedPlatform {
        let mut connection = ConnectedPlatform::new(platform, status);
        connection.expiry = Expiry::at(NOW + TimeDelta::days(days));
        connection
    }

    fn report(filter: &ConnectionFilter) -> ListReport {
        let mut aggregate = Aggregate::new();
        let active = ConnectionStatus::Active;
        aggregate.profiles = vec![
            profile("a", "one", vec![connection(Platform::Bluesky, active.clone(), 90)]),
            profile(
                "b",
                "one",
                vec![
                    connection(Platform::LinkedIn, active.clone(), 3),
                    connection(Platform::Bluesky, ConnectionStatus::NeedsReconnect, 9),
                    ConnectedPlatform::looked_up(Platform::LinkedIn, "acc"),
                ],
            ),
            profile("c", "two", vec![connection(Platform::LinkedIn, active, 1)]),
            profile("d", "two", vec![]),
        ];
        ListReport::new(aggregate, NOW, &HealthPolicy::default(), filter)
    }

    fn keys(report: &ListReport) -> Vec<&str> {
        report.profiles.iter().map(|profile| profile.profile.id.key.as_str()).collect()
    }

    #[test]
    fn without_a_filter_everything_is_shown_and_counted() {
        let report = report(&ConnectionFilter::new());
        assert_eq!(keys(&report), ["a", "b", "c", "d"]);
        assert_eq!(report.summary.to_string(), "1 healthy, 2 warning, 1 broken, 0 unknown");
    }

    #[test]
    fn the_worst_comes_first_and_who_was_looked_up_last() {
        let report = report(&ConnectionFilter::new());
        let verdicts: Vec<_> = report
            .worst_first()
            .iter()
            .map(|(_, one)| (one.verdict(), one.health.as_ref().and_then(|health| health.days_left)))
            .collect();
        assert_eq!(
            verdicts,
            [
                (Some(Verdict::Broken), Some(9)),
                (Some(Verdict::Warning), Some(1)),
                (Some(Verdict::Warning), Some(3)),
                (Some(Verdict::Healthy), Some(90)),
                (None, None),
            ]
        );
    }

    #[test]
    fn a_filter_keeps_the_connections_it_names() {
        let mut filter = ConnectionFilter::new();
        filter.platforms = vec![Platform::LinkedIn];
        filter.verdicts = vec![Verdict::Warning];
        let shown = report(&filter);
        assert_eq!(keys(&shown), ["b", "c"]);
        assert!(shown.profiles.iter().all(|profile| profile.connected_platforms.len() == 1));
        assert_eq!(shown.summary.total(), 2);

        filter.groups = vec![GroupId::new("two")];
        assert_eq!(keys(&report(&filter)), ["c"]);
    }

    #[test]
    fn every_key_is_written_and_read_back() {
        let report = report(&ConnectionFilter::new());
        let json = serde_json::to_value(&report).expect("it serializes");
        let first = &json["profiles"][1];
        assert_eq!(first["id"]["key"], "b");
        assert_eq!(first["connected_platforms"][0]["health"]["verdict"], "warning");
        assert_eq!(first["connected_platforms"][2]["health"], serde_json::Value::Null);
        let again: ListReport = serde_json::from_value(json.clone()).expect("it was written so");
        assert_eq!(serde_json::to_value(&again).expect("it serializes"), json);
    }
}
