//! What holds for any row, however odd.

#[path = "../../../../http/tests/support/any_json.rs"]
mod any_json;

use any_json::{any_json, any_json_but_null};
use polyprofile_core::{Expiry, HealthPolicy, NormalizedPlatform as _, Profile, Verdict, parse_timestamp};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::normalized;
use crate::wire;

/// Every member of a profile that the documents or the SDK name.
const MEMBERS: [&str; 15] = [
    "id",
    "name",
    "status",
    "platform",
    "network",
    "profile_group_id",
    "expires_at",
    "post_count",
    "avatar_url",
    "latest_stats",
    "summary_stats",
    "username",
    "inactive_reason",
    "platform_id",
    "platform_url",
];

fn row(members: impl IntoIterator<Item = (&'static str, Value)>) -> Profile {
    let mut row = json!({ "id": "a", "platform": "linkedin", "status": "active", "expires_at": null });
    let object = row.as_object_mut().expect("an object");
    object.extend(members.into_iter().map(|(name, value)| (name.to_owned(), value)));
    normalized::<wire::Profile<'_>>(&row.to_string()).expect("it has an id")
}

fn any_member() -> impl Strategy<Value = &'static str> {
    prop::sample::select(MEMBERS.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_in_any_members_is_a_profile_or_none(
        members in prop::collection::btree_map(any_member(), any_json(), 0..15),
    ) {
        let named = members.get("id").is_some_and(|id| id.as_str().is_some_and(|id| !id.is_empty()));
        let row: Map<_, _> = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let profile = normalized::<wire::Profile<'_>>(&Value::Object(row).to_string());
        prop_assert!(profile.is_some() || !named);
    }

    #[test]
    fn an_odd_member_costs_no_other(odd in any_member(), value in any_json()) {
        prop_assume!(odd != "id" && odd != "status");
        let connection = row([(odd, value)]).connected_platforms.remove(0);
        prop_assert_eq!(connection.status, polyprofile_core::ConnectionStatus::Active);
    }

    #[test]
    fn only_an_active_connection_is_healthy(status in any_json()) {
        let is_active = status.as_str().is_some_and(|word| word.trim().eq_ignore_ascii_case("active"));
        prop_assume!(!is_active);
        let now = parse_timestamp("2026-05-20T12:00:00Z").expect("a timestamp");
        let connection = row([("status", status)]).connected_platforms.remove(0);
        let health = connection.health(now, &HealthPolicy::default()).expect("a connection");
        prop_assert_ne!(health.verdict, Verdict::Healthy);
        prop_assert_ne!(health.can_post, Some(true));
    }

    #[test]
    fn only_null_means_no_deadline(sent in any_json_but_null()) {
        let is_date = sent.as_str().is_some_and(|text| parse_timestamp(text).is_ok());
        let expiry = row([("expires_at", sent)]).connected_platforms.remove(0).expiry;
        match expiry {
            Expiry::At { .. } => prop_assert!(is_date),
            Expiry::Unreadable { .. } => prop_assert!(!is_date),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn a_count_is_the_number_that_was_sent_or_none(sent in any_json()) {
        let count = row([("post_count", sent.clone())]).connected_platforms.remove(0).post_count;
        prop_assert_eq!(count, sent.as_u64());
    }
}
