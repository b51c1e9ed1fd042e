//! What holds for any row and any page, however odd.

#[path = "../../../../http/tests/support/any_json.rs"]
mod any_json;

use any_json::any_json;
use polyprofile_core::{Expiry, HealthPolicy, NormalizedPlatform as _, Verdict};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{account, context, look_up};

/// Every documented member of a linked account.
const MEMBERS: [&str; 8] = ["object", "id", "type", "name", "created_at", "connection_params", "sources", "groups"];

fn any_object(names: &'static [&'static str]) -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map(prop::sample::select(names), any_json(), 0..names.len())
        .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Whether the member `id` names anything.
fn is_named(object: &Map<String, Value>, id: &str) -> bool {
    object.get(id).is_some_and(|id| id.as_str().is_some_and(|id| !id.is_empty()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_in_any_members_is_an_account_or_none(row in any_object(&MEMBERS)) {
        let named = is_named(&row, "id");
        let read = account(&Value::Object(row));
        prop_assert!(read.is_ok() || !named);
        // Postpress says nothing about expiry, whatever else it says.
        if let Ok(profile) = read {
            prop_assert_eq!(&profile.connected_platforms[0].expiry, &Expiry::NotReported);
        }
    }

    #[test]
    fn an_account_is_healthy_only_if_every_service_is(words in prop::collection::vec(any_json(), 0..4)) {
        let sources: Vec<Value> = words.iter().map(|word| json!({ "id": "s", "status": word })).collect();
        let profile = account(&json!({ "id": "a", "type": "LINKEDIN", "name": "n", "sources": sources }));
        let profile = profile.expect("it has an id");
        let health = profile.connected_platforms[0].health(context().observed_at(), &HealthPolicy::default());
        let health = health.expect("a connection");
        if words.is_empty() || words.iter().any(|word| word != "OK") {
            prop_assert_ne!(health.verdict, Verdict::Healthy);
            prop_assert_ne!(health.can_post, Some(true));
        } else {
            prop_assert_eq!(health.verdict, Verdict::Healthy);
        }
    }

    #[test]
    fn any_page_of_any_network_is_read_without_panic(
        provider in prop::sample::select(vec!["LINKEDIN", "WHATSAPP", "INSTAGRAM", "TELEGRAM", "TWITTER", "OTHER"]),
        members in prop::collection::btree_map(
            prop::sample::select(vec![
                "provider_id", "id", "public_identifier", "first_name", "last_name", "headline", "birthdate", "websites",
                "work_experience", "work_experience_total_count", "education", "skills", "languages", "certifications",
                "contact_info", "primary_locale", "follower_count", "connections_count", "is_relationship",
                "connected_at", "network_distance", "throttled_sections", "status", "full_name", "username", "bio_links",
                "screen_name", "created_at", "location", "profile_picture_url", "phone_number", "followers_count",
            ]),
            any_json(),
            0..12,
        ),
    ) {
        let mut page: Map<_, _> = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        page.insert("provider".to_owned(), json!(provider));
        page.insert("object".to_owned(), json!("UserProfile"));
        if let Ok(profile) = look_up(&Value::Object(page).to_string()) {
            // Somebody who was looked up is no connection: nothing about them is healthy.
            let connection = &profile.connected_platforms[0];
            prop_assert_eq!(connection.health(context().observed_at(), &HealthPolicy::default()), None);
            prop_assert_eq!(&connection.expiry, &Expiry::NotReported);
        }
    }
}
