//! What holds for any row, however odd.

#[path = "../../../../http/tests/support/any_json.rs"]
mod any_json;

use any_json::{any_json, any_json_but_null};
use polyprofile_core::{ConnectedPlatform, Expiry, HealthPolicy, NormalizedPlatform as _, Verdict, parse_timestamp};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::normalized;
use crate::wire;

/// Every documented member of a profile, and of a connection in it.
const MEMBERS: [&str; 4] = ["profileKey", "profileName", "createdAt", "connectedPlatforms"];
const CONNECTION_MEMBERS: [&str; 7] =
    ["platform", "displayName", "username", "connectedAt", "expiresAt", "daysUntilExpiry", "needsReconnect"];

fn object(members: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

/// A connection in good order but for `members`.
fn connection(members: impl IntoIterator<Item = (&'static str, Value)>) -> ConnectedPlatform {
    let good = [
        ("platform", json!("bluesky")),
        ("expiresAt", Value::Null),
        ("daysUntilExpiry", Value::Null),
        ("needsReconnect", json!(false)),
    ];
    let connection = object(good.into_iter().chain(members));
    let row = json!({ "profileKey": "a", "connectedPlatforms": [connection] });
    let mut profile = normalized::<wire::Profile<'_>>(&row.to_string()).expect("it has a key");
    assert_eq!(profile.connected_platforms.len(), 1, "{profile:?}");
    profile.connected_platforms.remove(0)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_in_any_members_is_a_profile_or_none(
        members in prop::collection::btree_map(prop::sample::select(MEMBERS.to_vec()), any_json(), 0..4),
        single in any::<bool>(),
    ) {
        let named = members.get("profileKey").is_some_and(|key| key.as_str().is_some_and(|key| !key.is_empty()));
        let row = object(members);
        let profile = if single {
            normalized::<wire::SingleProfile<'_>>(&json!({ "profile": row }).to_string())
        } else {
            normalized::<wire::Profile<'_>>(&row.to_string())
        };
        prop_assert!(profile.is_some() || !named);
    }

    #[test]
    fn an_odd_member_costs_no_other(
        odd in prop::sample::select(CONNECTION_MEMBERS.to_vec()),
        value in any_json(),
    ) {
        prop_assume!(odd != "needsReconnect");
        prop_assert_eq!(connection([(odd, value)]).status, polyprofile_core::ConnectionStatus::Active);
    }

    #[test]
    fn only_who_need_not_reconnect_is_healthy(needs_reconnect in any_json()) {
        prop_assume!(needs_reconnect != json!(false));
        let now = parse_timestamp("2025-01-06T12:30:00Z").expect("a timestamp");
        let health = connection([("needsReconnect", needs_reconnect)]).health(now, &HealthPolicy::default());
        let health = health.expect("a connection");
        prop_assert_ne!(health.verdict, Verdict::Healthy);
        prop_assert_ne!(health.can_post, Some(true));
    }

    #[test]
    fn only_null_means_no_deadline(sent in any_json_but_null(), days in any_json()) {
        let is_date = sent.as_str().is_some_and(|text| parse_timestamp(text).is_ok());
        match connection([("expiresAt", sent), ("daysUntilExpiry", days)]).expiry {
            Expiry::At { .. } => prop_assert!(is_date),
            Expiry::Unreadable { .. } => prop_assert!(!is_date),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn a_day_count_is_never_no_deadline(days in any_json_but_null()) {
        let expiry = connection([("daysUntilExpiry", days.clone())]).expiry;
        prop_assert_ne!(&expiry, &Expiry::NoDeadline);
        if let Expiry::InDays { days: read, .. } = expiry {
            prop_assert_eq!(Some(read), days.as_f64());
        }
    }
}
