//! Providers side by side: what is measured, what only one of them has, and what a move costs.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use polyprofile_core::{
    Advantage, Aggregate, Capabilities, ComparedConnection, Comparison, ConnectMethod, ConnectSupport,
    ConnectedPlatform, ConnectionStatus, Contradiction, ErrorKind, Expiry, ExpiryReporting, ExpiryTelling, Field,
    FieldIssue, HealthPolicy, IssueKind, Operation, Platform, Profile, ProfileId, ProviderComparison, ProviderId,
    Reason, ReportedDays, Switch, Verdict,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// One listing of `provider` that came to its end.
fn listing(provider: &str, milliseconds: f64, profiles: Vec<Profile>) -> Aggregate {
    let outcome = json!({
        "provider": provider, "vendor": format!("{provider} inc"), "profiles": profiles.len(), "rejected": 0,
        "complete": true, "first_row_ms": milliseconds / 2.0, "elapsed_ms": milliseconds, "bytes": 600, "error": null,
    });
    aggregate(profiles, &outcome)
}

/// One that broke off.
fn broken_off(provider: &str, profiles: Vec<Profile>) -> Aggregate {
    let error = polyprofile_core::Error::new(ErrorKind::Network, "the connection broke");
    let outcome = json!({
        "provider": provider, "vendor": format!("{provider} inc"), "profiles": profiles.len(), "rejected": 1,
        "complete": false, "first_row_ms": null, "elapsed_ms": 1.0, "bytes": 100, "error": error,
    });
    aggregate(profiles, &outcome)
}

fn aggregate(profiles: Vec<Profile>, outcome: &Value) -> Aggregate {
    let json = json!({ "profiles": [], "rejected": [], "outcomes": [outcome] });
    let mut aggregate: Aggregate = serde_json::from_value(json).expect("the documented form");
    aggregate.profiles = profiles;
    aggregate
}

fn profile(provider: &str, key: &str, connections: Vec<ConnectedPlatform>) -> Profile {
    let mut profile = Profile::new(ProfileId::new(ProviderId::new(provider), key));
    profile.connected_platforms = connections;
    profile
}

fn connection(platform: Platform, id: Option<&str>, handle: Option<&str>, expiry: Expiry) -> ConnectedPlatform {
    let mut connection = ConnectedPlatform::new(platform, ConnectionStatus::Active);
    connection.account_id = id.map(str::to_owned);
    connection.username = handle.map(str::to_owned);
    connection.expiry = expiry;
    connection
}

/// Tells dates, connects LinkedIn and Bluesky, and has groups.
fn first() -> Aggregate {
    let reported = Some(ReportedDays::new(3.0, NOW));
    let ada =
        connection(Platform::LinkedIn, Some("L1"), Some("Ada"), Expiry::At { at: NOW + TimeDelta::days(3), reported });
    let bea = connection(Platform::Bluesky, None, Some("@Bea.bsky"), Expiry::NoDeadline);
    let mut cem = connection(Platform::LinkedIn, Some("L3"), None, Expiry::NotReported);
    cem.status = ConnectionStatus::NeedsReconnect;
    cem.status_reason = Some("CREDENTIALS".to_owned());
    let looked_up = ConnectedPlatform::looked_up(Platform::Telegram, "1");

    let mut one = profile("first", "1", vec![ada, looked_up]);
    one.name = Some("Ada's page".to_owned());
    one.vendor.insert("plan".to_owned(), json!("gold"));
    one.vendor.insert("shared".to_owned(), json!(1));
    one.issues = vec![
        FieldIssue::new("/accounts/0/at", IssueKind::Unreadable, "a date"),
        FieldIssue::new("/accounts/12/at", IssueKind::Unreadable, "a date"),
        FieldIssue::new("/name", IssueKind::Coerced, "a text"),
    ];
    listing("first", 40.0, vec![one, profile("first", "2", vec![bea, cem]), profile("first", "3", vec![])])
}

/// Tells nothing about the end of Ada's and Bea's connections, and connects Telegram.
fn second() -> Aggregate {
    let ada = connection(Platform::LinkedIn, Some("L1"), None, Expiry::NotReported);
    let bea = connection(Platform::Bluesky, None, Some("bea.BSKY"), Expiry::NotReported);
    let mut bot = connection(Platform::Telegram, Some("L3"), Some("bot"), Expiry::at(NOW - TimeDelta::days(2)));
    bot.avatar_url = Some("https://example.com/bot.png".to_owned());
    let mut one = profile("second", "1", vec![ada, bea, bot]);
    one.vendor.insert("shared".to_owned(), json!(2));
    listing("second", 10.0, vec![one])
}

fn capabilities() -> BTreeMap<ProviderId, Capabilities> {
    let can = |operations: &[Operation], expiry, platforms: &[Platform]| {
        let mut capabilities = Capabilities::new(operations.iter().copied(), expiry);
        let support = |platform: &Platform| ConnectSupport::new(platform.clone(), ConnectMethod::Link, true);
        capabilities.connect = platforms.iter().map(support).collect();
        capabilities
    };
    BTreeMap::from([
        (
            ProviderId::new("first"),
            can(
                &[Operation::ListProfiles, Operation::ListGroups],
                ExpiryReporting::DateAndDays,
                &[Platform::LinkedIn, Platform::Pinterest],
            ),
        ),
        (
            ProviderId::new("second"),
            can(
                &[Operation::ListProfiles, Operation::LookUpPerson],
                ExpiryReporting::NotReported,
                &[Platform::LinkedIn, Platform::Telegram, Platform::Slack],
            ),
        ),
    ])
}

fn compare(samples: &[Aggregate]) -> Comparison {
    Comparison::new(samples, &capabilities(), NOW, &HealthPolicy::default())
}

fn of<'a>(comparison: &'a Comparison, provider: &str) -> &'a ProviderComparison {
    comparison.provider(&ProviderId::new(provider)).expect("it was compared")
}

fn switch(comparison: &Comparison, from: &str, to: &str) -> Switch {
    comparison.switch(&ProviderId::new(from), &ProviderId::new(to)).expect("both were compared")
}

fn keys(connections: &[ComparedConnection]) -> Vec<String> {
    connections.iter().map(|connection| connection.key.to_string()).collect()
}

#[test]
fn connections_are_counted_and_people_who_were_looked_up_are_not() {
    let comparison = compare(&[first(), second()]);
    let (first, second) = (of(&comparison, "first"), of(&comparison, "second"));
    assert_eq!((first.profiles, first.connections.len()), (3, 3));
    assert_eq!((second.profiles, second.connections.len()), (1, 3));
    assert_eq!(first.vendor.as_str(), "first inc");
    assert_eq!(first.health.to_string(), "1 healthy, 1 warning, 1 broken, 0 unknown");
    assert_eq!(second.health.to_string(), "2 healthy, 0 warning, 1 broken, 0 unknown");
    assert!(comparison.is_complete());

    let labels: Vec<&str> = first.connections.iter().map(ComparedConnection::label).collect();
    assert_eq!(labels, ["Ada", "@Bea.bsky", "2"], "the handle, else a name, else the profile's key");
    assert_eq!(first.connections[0].name.as_deref(), Some("Ada's page"));
    assert_eq!((first.connections[0].verdict, first.connections[0].days_left), (Verdict::Warning, Some(3)));
}

#[test]
fn platforms_are_covered_missing_or_could_be_connected() {
    let comparison = compare(&[first(), second()]);
    let platforms = [Platform::Bluesky, Platform::LinkedIn, Platform::Pinterest, Platform::Slack, Platform::Telegram];
    assert_eq!(comparison.platforms, platforms);
    let (first, second) = (of(&comparison, "first"), of(&comparison, "second"));
    let coverage = |provider: &ProviderComparison| -> Vec<(u64, Option<bool>)> {
        provider.platforms.iter().map(|one| (one.connections, one.can_connect)).collect()
    };
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(coverage(first), [(1, no), (2, yes), (0, yes), (0, no), (0, no)]);
    assert_eq!(coverage(second), [(1, no), (1, yes), (0, no), (0, yes), (1, yes)]);
    let linkedin = first.coverage(&Platform::LinkedIn).expect("it is covered");
    assert_eq!(linkedin.health.to_string(), "0 healthy, 1 warning, 1 broken, 0 unknown");
    assert_eq!(first.missing, [Platform::Telegram]);
    assert_eq!(second.missing, []);
}

#[test]
fn shares_of_fields_are_counted_over_profiles_and_over_connections() {
    let comparison = compare(&[first(), second()]);
    let (first, second) = (of(&comparison, "first"), of(&comparison, "second"));
    let share = |provider: &ProviderComparison, field| {
        let share = provider.field(field).expect("every field has a share");
        (share.filled, share.of, share.share)
    };
    assert_eq!(share(first, Field::ProfileName), (1, 3, Some(1.0 / 3.0)));
    assert_eq!(share(first, Field::ProfileConnections), (2, 3, Some(2.0 / 3.0)));
    assert_eq!(share(first, Field::ProfileVendor), (1, 3, Some(1.0 / 3.0)));
    assert_eq!(share(first, Field::AccountId), (2, 3, Some(2.0 / 3.0)));
    assert_eq!(share(first, Field::Username), (2, 3, Some(2.0 / 3.0)));
    assert_eq!(share(first, Field::StatusReason), (1, 3, Some(1.0 / 3.0)));
    assert_eq!(share(first, Field::Expiry), (2, 3, Some(2.0 / 3.0)));
    assert_eq!(share(first, Field::Status), (3, 3, Some(1.0)));
    assert_eq!(share(second, Field::AvatarUrl), (1, 3, Some(1.0 / 3.0)));
    assert_eq!(share(second, Field::Person), (0, 3, Some(0.0)));
    assert_eq!(first.fields.iter().map(|share| share.field).collect::<Vec<_>>(), Field::ALL);

    let nobody = compare(&[listing("first", 1.0, vec![])]);
    assert_eq!(share(of(&nobody, "first"), Field::Username), (0, 0, None), "of nobody there is no share");
}

#[test]
fn what_is_told_about_the_end_is_counted_by_kind() {
    let kinds = [
        Expiry::at(NOW),
        Expiry::At { at: NOW, reported: Some(ReportedDays::new(0.0, NOW)) },
        Expiry::InDays { days: 2.0, seen_at: NOW },
        Expiry::Unreadable { raw: "soon".to_owned() },
        Expiry::NoDeadline,
        Expiry::NoDeadline,
        Expiry::NotReported,
    ];
    let connections = kinds.into_iter().map(|expiry| connection(Platform::LinkedIn, None, None, expiry)).collect();
    let comparison = compare(&[listing("first", 1.0, vec![profile("first", "1", connections)])]);
    let told = of(&comparison, "first").expiry;
    assert_eq!((told.date, told.days_only, told.no_deadline, told.unreadable, told.nothing), (2, 1, 2, 1, 1));
    assert_eq!(told.day_count, 2, "one beside a date, one alone");
    assert_eq!(told.announced, Some(ExpiryReporting::DateAndDays));
}

#[test]
fn signals_of_health_come_the_most_frequent_first() {
    let comparison = compare(&[first(), second()]);
    let (first, second) = (of(&comparison, "first"), of(&comparison, "second"));
    let statuses: Vec<_> = first.statuses.iter().map(|count| (count.status.as_str(), count.connections)).collect();
    assert_eq!(statuses, [("active", 2), ("needs_reconnect", 1)]);
    let reasons: Vec<_> = first.reasons.iter().map(|count| (count.reason.to_string(), count.connections)).collect();
    let expected = [("expires soon", 1), ("needs to be reconnected (CREDENTIALS)", 1)];
    assert_eq!(reasons, expected.map(|(reason, count)| (reason.to_owned(), count)));

    assert_eq!(second.reasons[0].reason, Reason::ExpiryNotReported);
    assert_eq!(second.reasons[0].connections, 2);
    let [contradiction] = second.contradictions[..] else { panic!("{:?}", second.contradictions) };
    assert_eq!((contradiction.between, contradiction.connections), (Contradiction::ActivePastExpiry, 1));

    let issues: Vec<_> = first.issues.iter().map(|issue| (issue.kind, issue.path.as_str(), issue.count)).collect();
    assert_eq!(issues, [(IssueKind::Unreadable, "/accounts/*/at", 2), (IssueKind::Coerced, "/name", 1)]);
}

#[test]
fn times_are_taken_over_all_samples_and_the_rest_from_the_last_complete_one() {
    let mut earlier = first();
    earlier.profiles.truncate(1);
    let cut = broken_off("first", vec![profile("first", "9", vec![]), profile("first", "8", vec![])]);
    let slower = listing("first", 90.0, first().profiles);
    let comparison = compare(&[earlier, first(), slower, cut]);
    let first = of(&comparison, "first");
    assert_eq!((first.listings, first.complete_listings, first.profiles), (4, 3, 3));
    let all_rows = first.latency.all_rows.expect("three lists came to their end");
    assert_eq!((all_rows.samples, all_rows.min_ms, all_rows.median_ms), (3, 40.0, 40.0));
    assert_eq!((all_rows.p95_ms, all_rows.max_ms), (90.0, 90.0));
    let first_row = first.latency.first_row.expect("rows came");
    assert_eq!((first_row.samples, first_row.min_ms, first_row.max_ms), (3, 20.0, 45.0));
    let size = first.size.expect("its bytes were counted");
    assert_eq!((size.bytes, size.bytes_per_profile), (600, Some(200.0)));
    assert_eq!(first.errors.iter().map(polyprofile_core::Error::kind).collect::<Vec<_>>(), [ErrorKind::Network]);
    assert!(!first.is_complete() && !comparison.is_complete());
    assert_eq!(first.rejected, 0, "the rejected row is of another list");
}

#[test]
fn without_a_complete_list_the_longest_one_is_described() {
    let long = broken_off("first", first().profiles);
    let short = broken_off("first", vec![]);
    let comparison = compare(&[long, short, second()]);
    let provider = of(&comparison, "first");
    assert_eq!((provider.profiles, provider.rejected, provider.complete_listings), (3, 1, 0));
    assert_eq!(provider.latency.all_rows, None);
    assert_eq!(provider.size, None, "the bytes of a part say nothing about a profile");
    assert!(provider.has_answered());
}

#[test]
fn what_only_one_has_is_found() {
    let comparison = compare(&[first(), second()]);
    let only = &of(&comparison, "first").only_here;
    assert_eq!(keys(&only.connections), ["first/2 linkedin L3"], "a Telegram account of the same id is another one");
    assert_eq!(keys(&only.ends_told), ["first/1 linkedin L1", "first/2 bluesky"]);
    let platforms: Vec<_> = only.platforms.iter().map(|one| (&one.platform, one.connections)).collect();
    // Bluesky could not be connected through the second one, but it is.
    assert_eq!(platforms, [(&Platform::Pinterest, 0)]);
    assert_eq!(only.fields, [Field::ProfileName, Field::StatusReason]);
    assert_eq!(only.operations, [Operation::ListGroups]);
    // The second one announces nothing, and tells a date all the same.
    assert_eq!(only.expiry, [ExpiryTelling::DayCount, ExpiryTelling::NoDeadline]);
    assert_eq!(only.vendor_fields, ["plan"]);

    let only = &of(&comparison, "second").only_here;
    assert_eq!(keys(&only.connections), ["second/1 telegram L3"]);
    assert_eq!(keys(&only.ends_told), [""; 0]);
    let platforms: Vec<_> = only.platforms.iter().map(|one| (&one.platform, one.connections)).collect();
    assert_eq!(platforms, [(&Platform::Slack, 0), (&Platform::Telegram, 1)]);
    assert_eq!(only.fields, [Field::AvatarUrl]);
    assert_eq!(only.operations, [Operation::LookUpPerson]);
    assert_eq!((only.expiry.len(), only.vendor_fields.len()), (0, 0));
}

#[test]
fn a_switch_says_what_is_kept_lost_and_won() {
    let comparison = compare(&[first(), second()]);
    let there = switch(&comparison, "first", "second");
    assert_eq!((there.from.as_str(), there.to.as_str(), there.complete), ("first", "second", true));
    assert_eq!(there.kept, 2);
    // With two providers, what only one has is what leaving it loses.
    assert_eq!(there.lost, of(&comparison, "first").only_here);
    assert_eq!(there.won, of(&comparison, "second").only_here);
    assert_eq!(comparison.switches().count(), 2);
    assert_eq!(comparison.switch(&ProviderId::new("first"), &ProviderId::new("first")), None);
    assert_eq!(comparison.switch(&ProviderId::new("first"), &ProviderId::new("third")), None);
}

#[test]
fn what_two_others_have_between_them_is_not_only_here() {
    let third = listing(
        "third",
        1.0,
        vec![profile("third", "1", vec![connection(Platform::LinkedIn, Some("L3"), None, Expiry::NoDeadline)])],
    );
    let comparison = compare(&[first(), second(), third]);
    let only = &of(&comparison, "first").only_here;
    assert_eq!(keys(&only.connections), [""; 0], "the third one connects it");
    assert_eq!(only.expiry, [ExpiryTelling::DayCount]);
    assert_eq!(only.platforms, [], "the third one did not say what it can connect");
    assert_eq!(keys(&switch(&comparison, "first", "second").lost.connections), ["first/2 linkedin L3"]);
}

#[test]
fn of_who_did_not_answer_nothing_is_claimed() {
    let comparison = compare(&[first(), broken_off("second", vec![])]);
    let second = of(&comparison, "second");
    assert!(!second.has_answered());
    assert_eq!(second.missing, [], "it may connect them all");
    let away = switch(&comparison, "first", "second");
    assert!(!away.complete);
    assert_eq!((away.kept, away.lost.connections.len(), away.lost.fields.len()), (0, 0, 0));
    assert_eq!(away.lost.vendor_fields, [""; 0]);
    // What it said about itself is known all the same.
    assert_eq!(away.lost.operations, [Operation::ListGroups]);
    assert_eq!(away.lost.expiry, [ExpiryTelling::Date, ExpiryTelling::DayCount, ExpiryTelling::NoDeadline]);
    let platforms: Vec<_> = away.lost.platforms.iter().map(|one| (&one.platform, one.connections)).collect();
    assert_eq!(platforms, [(&Platform::Bluesky, 1), (&Platform::Pinterest, 0)]);
}

#[test]
fn a_new_account_at_a_vendor_has_no_connection_and_says_nothing_about_fields() {
    let comparison = compare(&[first(), listing("second", 1.0, vec![])]);
    let there = switch(&comparison, "first", "second");
    assert!(there.complete);
    assert_eq!((there.kept, there.lost.connections.len()), (0, 3));
    assert_eq!(there.lost.fields, [], "an empty list does not show which fields it would fill");
}

#[test]
fn a_provider_alone_has_nothing_over_anybody() {
    let comparison = compare(&[first()]);
    assert!(of(&comparison, "first").only_here.is_empty());
    assert_eq!(of(&comparison, "first").missing, []);
    assert_eq!(comparison.switches().count(), 0);
    assert!(compare(&[]).providers.is_empty());
}

#[test]
fn without_capabilities_nothing_is_claimed_about_them() {
    let comparison = Comparison::new(&[first(), second()], &BTreeMap::new(), NOW, &HealthPolicy::default());
    let there = switch(&comparison, "first", "second");
    assert_eq!(there.lost.operations, []);
    assert_eq!(there.lost.platforms, []);
    assert_eq!(of(&comparison, "first").capabilities, None);
    assert_eq!(of(&comparison, "first").platforms[0].can_connect, None);
    assert_eq!(keys(&there.lost.connections), ["first/2 linkedin L3"]);
}

#[test]
fn a_comparison_is_written_with_every_key_and_read_back() {
    let comparison = compare(&[first(), second(), broken_off("third", vec![])]);
    let json = serde_json::to_value(&comparison).expect("it serializes");
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["warn_within_ms"], 7 * 86_400_000);
    assert_eq!(json["providers"][0]["fields"][0]["field"], "profile.name");
    assert_eq!(json["providers"][2]["latency"], json!({ "first_row": null, "all_rows": null }));
    assert_eq!(json["providers"][2]["capabilities"], Value::Null);
    assert_eq!(json["providers"][2]["size"], Value::Null);
    let again: Comparison = serde_json::from_value(json.clone()).expect("it was written so");
    assert_eq!(serde_json::to_value(&again).expect("it serializes"), json);
    assert_eq!(switch(&again, "first", "second"), switch(&comparison, "first", "second"));
    let there = serde_json::to_value(switch(&comparison, "first", "second")).expect("it serializes");
    let again: Switch = serde_json::from_value(there.clone()).expect("it was written so");
    assert_eq!(serde_json::to_value(again).expect("it serializes"), there);
}

#[cfg(feature = "schema")]
#[test]
fn a_comparison_is_as_its_schema_says() {
    let comparison = compare(&[first(), second(), broken_off("third", vec![])]);
    let switch = serde_json::to_value(switch(&comparison, "first", "second")).expect("it serializes");
    let comparison = serde_json::to_value(&comparison).expect("it serializes");
    for (schema, json) in [(schemars::schema_for!(Comparison), comparison), (schemars::schema_for!(Switch), switch)] {
        let validator = jsonschema::validator_for(&schema.to_value()).expect("it is a proper schema");
        let problems: Vec<String> = validator.iter_errors(&json).map(|problem| problem.to_string()).collect();
        assert!(problems.is_empty(), "{problems:?}");
    }
}

/// Few ids and handles, so that accounts meet; each also in another case and with an `@`.
fn connections() -> impl Strategy<Value = Vec<ConnectedPlatform>> {
    let platform = select(vec![Platform::LinkedIn, Platform::Bluesky, Platform::parse("Mastodon")]);
    let id = option::of(select(vec!["1", "2", ""]));
    let handle = option::of(select(vec!["ada", "Ada", "@ADA", "bea", "@", ""]));
    let expiry = select(vec![
        Expiry::NotReported,
        Expiry::NoDeadline,
        Expiry::at(NOW + TimeDelta::days(20)),
        Expiry::InDays { days: 1.0, seen_at: NOW },
        Expiry::Unreadable { raw: "?".to_owned() },
    ]);
    vec(
        (platform, id, handle, expiry)
            .prop_map(|(platform, id, handle, expiry)| connection(platform, id, handle, expiry)),
        0..6,
    )
}

fn samples() -> impl Strategy<Value = Vec<Aggregate>> {
    let sample = |provider: &'static str| {
        (connections(), any::<bool>()).prop_map(move |(connections, is_complete)| {
            let profiles = vec![profile(provider, "1", connections)];
            if is_complete { listing(provider, 5.0, profiles) } else { broken_off(provider, profiles) }
        })
    };
    (sample("first"), sample("second"), sample("third")).prop_map(|(first, second, third)| vec![first, second, third])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_lost_one_way_is_won_the_other_way(samples in samples()) {
        let comparison = compare(&samples);
        for there in comparison.switches() {
            let back = comparison.switch(&there.to, &there.from).expect("both were compared");
            prop_assert_eq!(&there.lost, &back.won);
            prop_assert_eq!(&there.won, &back.lost);
            prop_assert_eq!(there.complete, back.complete);
            // Either both keep something, or nobody does.
            prop_assert_eq!(there.kept == 0, back.kept == 0);
        }
    }

    #[test]
    fn every_connection_is_kept_or_lost(samples in samples()) {
        let comparison = compare(&samples);
        for there in comparison.switches() {
            let all = of(&comparison, there.from.as_str()).connections.len() as u64;
            prop_assert_eq!(there.kept + there.lost.connections.len() as u64, all);
        }
    }

    #[test]
    fn what_only_one_has_is_lost_on_every_way_out(samples in samples()) {
        let comparison = compare(&samples);
        for there in comparison.switches() {
            let Advantage { connections, fields, operations, platforms, .. } =
                &of(&comparison, there.from.as_str()).only_here;
            prop_assert!(connections.iter().all(|one| there.lost.connections.contains(one)));
            // Whoever has no connections, or did not say what it can do, has no say on the way out either.
            let to = of(&comparison, there.to.as_str());
            if !to.connections.is_empty() {
                prop_assert!(fields.iter().all(|one| there.lost.fields.contains(one)));
            }
            if to.capabilities.is_some() {
                prop_assert!(operations.iter().all(|one| there.lost.operations.contains(one)));
                prop_assert!(platforms.iter().all(|one| there.lost.platforms.contains(one)));
            }
        }
    }

    #[test]
    fn the_order_of_providers_changes_nothing_but_their_order(samples in samples()) {
        let forward = compare(&samples);
        let backward = compare(&samples.into_iter().rev().collect::<Vec<_>>());
        prop_assert_eq!(&forward.platforms, &backward.platforms);
        for provider in &forward.providers {
            let other = backward.provider(&provider.provider).expect("it was compared");
            let json = |one: &ProviderComparison| serde_json::to_value(one).expect("it serializes");
            prop_assert_eq!(json(provider), json(other));
        }
    }

    #[test]
    fn counts_add_up(samples in samples()) {
        for provider in &compare(&samples).providers {
            let connections = provider.connections.len() as u64;
            let told = provider.expiry;
            prop_assert_eq!(told.date + told.days_only + told.no_deadline + told.unreadable + told.nothing, connections);
            prop_assert_eq!(provider.health.total(), connections);
            prop_assert_eq!(provider.statuses.iter().map(|count| count.connections).sum::<u64>(), connections);
            prop_assert_eq!(provider.platforms.iter().map(|one| one.connections).sum::<u64>(), connections);
            let shares = &provider.fields;
            prop_assert!(shares.iter().all(|one| one.filled <= one.of && one.share.is_none_or(|share| share <= 1.0)));
        }
    }
}
