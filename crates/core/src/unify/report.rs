//! Accounts with everything around them: what is shown to people and handed to other programs.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    account::{Accounts, Suggestion, UnifiedAccount},
    overrides::{AccountOverrides, OverrideProblem},
};
use crate::{
    aggregate::Aggregate,
    health::{HealthPolicy, HealthSummary},
    provider::Rejected,
    report::{ConnectionFilter, ListReport, ProviderReport},
};

/// The accounts behind everything that was listed, judged at one moment.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AccountsReport {
    /// The version of this form: 1. It grows when a member changes its meaning or goes away.
    pub schema_version: u32,
    /// The moment at which connections were judged.
    pub generated_at: DateTime<Utc>,
    /// The accounts that the filter let through.
    pub accounts: Vec<UnifiedAccount>,
    /// Accounts that may be one, where the filter let one of them through.
    pub suggestions: Vec<Suggestion>,
    /// What the user said and could not be followed.
    pub override_problems: Vec<OverrideProblem>,
    /// Rows that could not be kept.
    pub rejected: Vec<Rejected>,
    /// How many accounts among them have which verdict.
    pub summary: HealthSummary,
    /// How each provider fared.
    pub providers: Vec<ProviderReport>,
}

impl AccountsReport {
    /// Unifies what was listed, and keeps what `filter` lets through. A filter shows less and changes no account:
    /// what it leaves out has still told whose connections are whose.
    pub fn new(
        aggregate: Aggregate,
        now: DateTime<Utc>,
        policy: &HealthPolicy,
        overrides: &AccountOverrides,
        filter: &AccountFilter,
    ) -> Self {
        let Accounts { mut accounts, mut suggestions, override_problems } = aggregate.accounts(now, policy, overrides);
        if *filter != AccountFilter::new() {
            accounts.retain(|account| filter.lets_through(account));
            let shown: std::collections::HashSet<_> =
                accounts.iter().flat_map(|account| account.sightings.iter().map(|sighting| &sighting.id)).collect();
            suggestions.retain(|suggestion| suggestion.sightings.iter().any(|id| shown.contains(id)));
        }
        let summary = accounts.iter().map(|account| account.verdict).collect();
        let Aggregate { rejected, outcomes, .. } = aggregate;
        let providers = outcomes.into_iter().map(ProviderReport::from).collect();
        Self {
            schema_version: ListReport::SCHEMA_VERSION,
            generated_at: now,
            accounts,
            suggestions,
            override_problems,
            rejected,
            summary,
            providers,
        }
    }
}

/// Which accounts to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountFilter {
    /// Only accounts with these platforms and verdicts, and with a sighting in one of these groups.
    pub connections: ConnectionFilter,
    /// Only accounts that were seen more than once.
    pub shared: bool,
}

impl AccountFilter {
    /// Lets everything through.
    pub fn new() -> Self {
        Self::default()
    }

    fn lets_through(&self, account: &UnifiedAccount) -> bool {
        let ConnectionFilter { platforms, verdicts, groups } = &self.connections;
        let in_group = || account.sightings.iter().filter_map(|sighting| sighting.group.as_ref());
        (platforms.is_empty() || platforms.contains(&account.platform))
            && (verdicts.is_empty() || verdicts.contains(&account.verdict))
            && (groups.is_empty() || in_group().any(|group| groups.contains(group)))
            && (!self.shared || account.sightings.len() > 1)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{AccountFilter, AccountsReport};
    use crate::{
        AccountOverrides, Aggregate, ConnectedPlatform, ConnectionStatus, GroupId, HealthPolicy, Platform, Profile,
        ProfileId, ProviderId, Verdict,
    };

    fn report(filter: &AccountFilter) -> AccountsReport {
        use ConnectionStatus::{Active, Failed};

        let row = |provider: &str, group: &str, platform: Platform, user: Option<&str>, status: ConnectionStatus| {
            let mut profile = Profile::new(ProfileId::new(ProviderId::new(provider), "key"));
            profile.group = Some(GroupId::new(group));
            let mut connection = ConnectedPlatform::new(platform, status);
            connection.username = user.map(str::to_owned);
            connection.display_name = Some("Kestrel".to_owned());
            profile.connected_platforms.push(connection);
            profile
        };
        let mut aggregate = Aggregate::new();
        aggregate.profiles = vec![
            row("a", "one", Platform::LinkedIn, Some("kestrel"), Failed),
            row("b", "two", Platform::LinkedIn, Some("kestrel"), Active),
            row("c", "two", Platform::LinkedIn, None, Failed),
            row("d", "two", Platform::Bluesky, Some("kestrel"), Active),
        ];
        AccountsReport::new(aggregate, DateTime::UNIX_EPOCH, &HealthPolicy::default(), &AccountOverrides::new(), filter)
    }

    fn shown(filter: &AccountFilter) -> (Vec<String>, usize) {
        let report = report(filter);
        assert_eq!(report.summary.total(), report.accounts.len() as u64);
        let providers = report.accounts.iter().map(|account| {
            let of = account.sightings.iter().map(|sighting| sighting.provider.as_str());
            of.collect::<Vec<_>>().join("+")
        });
        (providers.collect(), report.suggestions.len())
    }

    #[test]
    fn a_filter_shows_less_and_splits_nothing() {
        let all = AccountFilter::new();
        assert_eq!(shown(&all), (vec!["d".to_owned(), "a+b".to_owned(), "c".to_owned()], 1));
        let mut filter = all.clone();
        filter.connections.platforms = vec![Platform::Bluesky];
        assert_eq!(shown(&filter), (vec!["d".to_owned()], 0));
        let mut filter = all.clone();
        filter.connections.groups = vec![GroupId::new("one")];
        assert_eq!(shown(&filter), (vec!["a+b".to_owned()], 1));
        let mut filter = all.clone();
        filter.connections.verdicts = vec![Verdict::Broken];
        assert_eq!(shown(&filter), (vec!["c".to_owned()], 1));
        let mut filter = all;
        filter.shared = true;
        assert_eq!(shown(&filter).0, ["a+b"]);
    }

    #[test]
    fn every_key_is_written_and_read_back() {
        let json = serde_json::to_value(report(&AccountFilter::new())).expect("it serializes");
        let again: AccountsReport = serde_json::from_value(json.clone()).expect("it was written so");
        assert_eq!(serde_json::to_value(&again).expect("it serializes"), json);
        assert_eq!(json["schema_version"], 1);
    }
}
