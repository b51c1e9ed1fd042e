//! The documents, normalized. The snapshots were compared with the documents line by line.

mod properties;

use chrono::{DateTime, Utc};
use polyprofile_core::{
    AccountOverrides, ConnectionStatus, Expiry, FieldIssue, HealthPolicy, IncompleteList, Normalize, NormalizeContext,
    Platform, Profile, ProviderId, Relation, parse_timestamp, unify,
};
use polyprofile_http::json::read_row;
use serde_json::{Value, json};

use super::LookedUp;
use crate::wire::{Account, UserProfile};

fn context() -> NormalizeContext {
    let observed_at = parse_timestamp("2026-05-20T12:00:00Z").expect("a valid timestamp");
    NormalizeContext::new(ProviderId::new("postpress"), observed_at)
}

/// Normalizes a page as the provider will; without an id only the issues come back.
fn look_up(text: &str) -> Result<Profile, Vec<FieldIssue>> {
    let (page, issues) = UserProfile::read(text.as_bytes()).expect("an object");
    let mut context = context();
    context.add_issues(issues);
    finish(LookedUp::new(page, "acc_1").normalize(&mut context), &mut context)
}

/// Normalizes a row of the listing as the provider will.
fn account(row: &Value) -> Result<Profile, Vec<FieldIssue>> {
    let mut context = context();
    let profile = read_row::<Account<'_>, _>(row.to_string().as_bytes(), |row, issues| {
        context.add_issues(issues.into_iter().map(FieldIssue::from));
        row.normalize(&mut context)
    });
    finish(profile.expect("an object"), &mut context)
}

fn finish(profile: Option<Profile>, context: &mut NormalizeContext) -> Result<Profile, Vec<FieldIssue>> {
    let issues = context.take_issues();
    match profile {
        Some(mut profile) => {
            profile.issues = issues;
            Ok(profile)
        }
        None => Err(issues),
    }
}

fn paths(issues: &[FieldIssue]) -> Vec<&str> {
    issues.iter().map(|issue| &*issue.path).collect()
}

fn linkedin(members: Value) -> Profile {
    let mut page = json!({ "provider": "LINKEDIN", "provider_id": "p1" });
    page.as_object_mut().expect("an object").append(&mut serde_json::from_value(members).expect("an object"));
    look_up(&page.to_string()).expect("it has an id")
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    parse_timestamp(text).ok()
}

macro_rules! document {
    ($name:literal) => {
        include_str!(concat!("../../documents/", $name, ".json"))
    };
}

/// All snapshots lie in one folder, named like the documents.
fn assert_snapshot(name: &str, normalized: &impl serde::Serialize) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_json_snapshot!(name, normalized);
    });
}

macro_rules! snapshot {
    ($test:ident, $document:literal) => {
        #[test]
        fn $test() {
            assert_snapshot($document, &look_up(document!($document)).expect("it has an id"));
        }
    };
}

snapshot!(the_example_of_the_vendors_page, "user_linkedin");
snapshot!(a_complete_linkedin_page, "user_linkedin_full");
snapshot!(a_complete_whatsapp_page, "user_whatsapp");
snapshot!(a_complete_instagram_page, "user_instagram");
snapshot!(a_complete_telegram_page, "user_telegram");
snapshot!(a_complete_twitter_page, "user_twitter");

#[test]
fn the_linked_accounts() {
    let list: Value = serde_json::from_str(document!("accounts")).expect("a document is JSON");
    let rows = list["items"].as_array().expect("a list");
    let profiles: Vec<Profile> = rows.iter().map(|row| account(row).expect("it has an id")).collect();
    assert_snapshot("accounts", &profiles);
}

#[test]
fn proxy_credentials_are_never_kept() {
    assert!(document!("accounts").contains("proxy-password-secret"));
    let list: Value = serde_json::from_str(document!("accounts")).expect("a document is JSON");
    for row in list["items"].as_array().expect("a list") {
        read_row::<Account<'_>, _>(row.to_string().as_bytes(), |row, _| {
            assert!(!format!("{row:?}").contains("secret"));
        })
        .expect("an object");
        let profile = account(row).expect("it has an id");
        assert!(!format!("{profile:?}").contains("secret"));
    }
}

#[test]
fn the_worst_source_decides_and_says_why() {
    // From the best to the worst.
    let order = [
        ("OK", ConnectionStatus::Active),
        ("CONNECTING", ConnectionStatus::Connecting),
        ("PAUSED", ConnectionStatus::Other("PAUSED".to_owned())),
        ("STOPPED", ConnectionStatus::Inactive),
        ("ERROR", ConnectionStatus::Failed),
        ("CREDENTIALS", ConnectionStatus::NeedsReconnect),
    ];
    for (better, (word, _)) in order.iter().enumerate() {
        for (worse, (worse_word, expected)) in order.iter().enumerate().skip(better) {
            for words in [[word, worse_word], [worse_word, word]] {
                let sources = words.map(|word| json!({ "id": "s", "status": word }));
                let profile = account(&json!({ "id": "a", "sources": sources })).expect("it has an id");
                let connection = &profile.connected_platforms[0];
                assert_eq!(&connection.status, expected, "{words:?}");
                assert_eq!(connection.status_reason.as_deref(), Some(*worse_word), "{words:?}");
                assert_eq!(connection.expiry, Expiry::NotReported);
                assert_eq!(profile.vendor.contains_key("sources"), better != worse, "{words:?}");
            }
        }
    }
}

#[test]
fn of_two_equally_bad_sources_the_first_gives_the_reason() {
    let sources = json!([{ "status": "PERMISSIONS" }, { "status": "CREDENTIALS" }]);
    let profile = account(&json!({ "id": "a", "sources": sources })).expect("it has an id");
    assert_eq!(profile.connected_platforms[0].status_reason.as_deref(), Some("PERMISSIONS"));
}

#[test]
fn a_source_that_cannot_be_read_is_never_taken_for_a_working_one() {
    let rows = [
        json!([]),
        Value::Null,
        json!("OK"),
        json!([{}]),
        json!([{ "status": null }]),
        json!([{ "status": "OK" }, { "status": true }]),
        json!(["CREDENTIALS", { "status": "OK" }]),
        json!([{ "status": "OK" }, null]),
        json!([{ "status": "OK" }, { "status": "OK" }, 7, { "status": "OK" }]),
    ];
    for sources in rows {
        let profile = account(&json!({ "id": "a", "sources": sources })).expect("it has an id");
        assert_eq!(profile.connected_platforms[0].status, ConnectionStatus::Unknown, "{sources}");
        assert_eq!(profile.connected_platforms[0].status_reason, None, "{sources}");
    }
}

#[test]
fn an_account_without_an_id_is_no_profile_and_says_so() {
    for id in [Value::Null, json!(""), json!([])] {
        let issues = account(&json!({ "id": id, "type": "LINKEDIN", "name": "Jordan" })).expect_err("it has no id");
        assert_eq!(paths(&issues), ["/id"], "{id}");
    }
}

#[test]
fn what_an_account_should_tell_and_does_not_is_an_issue() {
    let profile = account(&json!({ "id": 7, "created_at": "yesterday" })).expect("it has an id");
    assert_eq!(profile.id.key, "7");
    assert_eq!(paths(&profile.issues), ["/id", "/type", "/name", "/created_at"]);
    assert_eq!(profile.connected_platforms[0].platform, Platform::Other(String::new()));
}

#[test]
fn a_mailbox_is_no_business_listing_and_an_unknown_type_is_kept() {
    for (kind, platform) in [
        ("GOOGLE", Platform::Google),
        ("GOOGLE_OAUTH", Platform::Google),
        ("GOOGLE_CALENDAR", Platform::GoogleCalendar),
        ("THREEMA", Platform::Other("THREEMA".to_owned())),
    ] {
        let profile = account(&json!({ "id": "a", "type": kind })).expect("it has an id");
        assert_eq!(profile.connected_platforms[0].platform, platform);
    }
}

#[test]
fn a_page_without_its_id_is_no_profile_and_says_which_id() {
    for (provider, path) in [
        ("LINKEDIN", "/provider_id"),
        ("INSTAGRAM", "/provider_id"),
        ("TELEGRAM", "/provider_id"),
        ("WHATSAPP", "/id"),
        ("TWITTER", "/id"),
        ("MESSENGER", "/provider_id"),
    ] {
        let issues = look_up(&format!(r#"{{"provider":"{provider}"}}"#)).expect_err("it has no id");
        assert_eq!(paths(&issues), [path], "{provider}");
    }
}

#[test]
fn a_page_that_tells_nothing_else_invents_nothing() {
    for (provider, key) in [
        ("LINKEDIN", "provider_id"),
        ("INSTAGRAM", "provider_id"),
        ("TELEGRAM", "provider_id"),
        ("WHATSAPP", "id"),
        ("TWITTER", "id"),
    ] {
        let profile = look_up(&json!({ "provider": provider, key: "k" }).to_string()).expect("it has an id");
        assert_eq!((profile.name, profile.created_at, profile.vendor.len(), profile.issues.len()), (None, None, 0, 0));
        let connection = &profile.connected_platforms[0];
        assert_eq!(connection.person.as_deref(), Some(&polyprofile_core::Person::new()), "{provider}");
        assert_eq!((&connection.audience, &connection.username, connection.connected_at), (&None, &None, None));
        assert_eq!(connection.relation, Relation::LookedUp { through: "acc_1".to_owned() });
        assert_eq!(connection.expiry, Expiry::NotReported);
        // A `provider_id` means something only to the account that looked.
        assert_eq!(connection.account_id.is_some(), key == "id", "{provider}");
    }
}

#[test]
fn an_undescribed_page_is_kept_under_the_vendors_names() {
    let profile =
        look_up(r#"{"object":"UserProfile","provider":"MESSENGER","id":"m1","nick":"ada"}"#).expect("it has an id");
    assert_eq!(profile.id.key, "m1");
    assert_eq!(profile.connected_platforms[0].platform, Platform::Messenger);
    assert_eq!(profile.vendor["nick"], "ada");
}

#[test]
fn the_date_of_a_friendship_is_read_in_both_units_and_is_no_connection_date() {
    for sent in [1_714_557_600_i64, 1_714_557_600_000] {
        let profile = linkedin(json!({ "connected_at": sent }));
        let connection = &profile.connected_platforms[0];
        let relation = connection.person.as_ref().and_then(|person| person.relation.as_ref()).expect("a relation");
        assert_eq!(relation.contacts_since, moment("2024-05-01T10:00:00Z"), "{sent}");
        assert_eq!((connection.connected_at, &connection.expiry), (None, &Expiry::NotReported));
    }
    assert_eq!(paths(&linkedin(json!({ "connected_at": i64::MAX })).issues), ["/connected_at"]);
    assert_eq!(paths(&linkedin(json!({ "connected_at": i64::MIN })).issues), ["/connected_at"]);
}

#[test]
fn a_friendship_is_told_in_seconds_up_to_the_year_5138_and_then_in_milliseconds() {
    for (sent, expected) in [
        (99_999_999_999_i64, "5138-11-16T09:46:39Z"),
        (100_000_000_000, "1973-03-03T09:46:40Z"),
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (-100_000_000_000, "1966-10-31T14:13:20Z"),
    ] {
        let profile = linkedin(json!({ "connected_at": sent }));
        let person = profile.connected_platforms[0].person.as_ref().expect("a person");
        let relation = person.relation.as_ref().expect("a relation");
        assert_eq!(relation.contacts_since, moment(expected), "{sent}");
    }
}

#[test]
fn what_an_instagram_account_is_says_its_type() {
    for (sent, is_business) in [
        ("BUSINESS", Some(true)),
        ("PERSONNAL", Some(false)),
        ("PERSONAL", Some(false)),
        ("PROFESSIONNAL", None),
        ("SOMETHING_NEW", None),
    ] {
        let page = json!({ "provider": "INSTAGRAM", "provider_id": "1", "profile_type": sent });
        let profile = look_up(&page.to_string()).expect("it has an id");
        let person = profile.connected_platforms[0].person.as_ref().expect("a person");
        assert_eq!(person.is_business, is_business, "{sent}");
    }
}

#[test]
fn of_a_business_no_address_is_made_up() {
    let rows = [
        (json!({}), None, None),
        (json!({ "email": "" }), None, None),
        (json!({ "email": "hello@acme.example" }), Some(""), None),
        (json!({ "address_city": "Lyon", "category": "Food" }), Some("Lyon"), Some("Food")),
        (json!({ "address_zipcode": "69001", "address_street": "" }), Some("69001"), None),
        (json!({ "address_street": "1 Roast Street", "address_city": "" }), Some("1 Roast Street"), None),
    ];
    for (business, addresses, category) in rows {
        let page = json!({ "provider": "INSTAGRAM", "provider_id": "1", "business": business });
        let profile = look_up(&page.to_string()).expect("it has an id");
        let person = profile.connected_platforms[0].person.as_ref().expect("a person");
        let found = person.contact.as_ref().map(|contact| contact.addresses.join("; "));
        assert_eq!(found.as_deref(), addresses, "{business}");
        assert_eq!(person.category.as_deref(), category, "{business}");
        assert_eq!(profile.vendor.len(), 0, "{business}");
    }
}

#[test]
fn lists_that_hold_less_than_there_is_are_named() {
    let rows = [
        (json!({ "skills_total_count": 32 }), Some(("skills", 0_u64, Some(32), false))),
        (json!({ "skills": null, "skills_total_count": 1 }), Some(("skills", 0, Some(1), false))),
        (json!({ "skills": [{ "name": "Rust" }], "skills_total_count": 1 }), None),
        (json!({ "skills": [{ "name": "Rust" }, { "name": "C" }], "skills_total_count": 1 }), None),
        (json!({ "skills_total_count": 0 }), None),
        (json!({ "throttled_sections": ["skills"] }), Some(("skills", 0, None, true))),
        (
            json!({ "throttled_sections": ["experience"], "work_experience": [], "work_experience_total_count": 31 }),
            Some(("work_experience", 0, Some(31), true)),
        ),
        (
            json!({ "recommendations": { "received_total_count": 4 } }),
            Some(("recommendations_received", 0, Some(4), false)),
        ),
        (json!({ "throttled_sections": ["interests"] }), Some(("interests", 0, None, true))),
    ];
    for (members, expected) in rows {
        let expected = expected.map(|(name, received, total, throttled)| {
            let mut list = IncompleteList::new(name, received);
            (list.total, list.throttled) = (total, throttled);
            list
        });
        let profile = linkedin(members.clone());
        let person = profile.connected_platforms[0].person.as_ref().expect("a person");
        assert_eq!(person.incomplete, Vec::from_iter(expected), "{members}");
    }
}

#[test]
fn a_skill_without_a_name_is_reported_and_left_out() {
    let profile = linkedin(json!({ "skills": [{ "name": "Rust" }, { "endorsement_count": 3 }] }));
    assert_eq!(paths(&profile.issues), ["/skills/1/name"]);
    let person = profile.connected_platforms[0].person.as_ref().expect("a person");
    assert_eq!(person.skills.len(), 1);
    assert_eq!(person.incomplete, []);
}

#[test]
fn the_birth_of_a_twitter_account_is_read_in_both_forms() {
    for (sent, expected) in [
        ("Mon Apr 26 06:01:55 +0000 2010", Some("2010-04-26T06:01:55Z")),
        ("2010-04-26T06:01:55.000Z", Some("2010-04-26T06:01:55Z")),
        ("2010", None),
        ("Tue Apr 26 06:01:55 +0000 2010", None),
    ] {
        let page = json!({ "provider": "TWITTER", "id": "1", "created_at": sent });
        let profile = look_up(&page.to_string()).expect("it has an id");
        let person = profile.connected_platforms[0].person.as_ref().expect("a person");
        assert_eq!(person.account_created_at, expected.and_then(moment), "{sent}");
        assert_eq!(profile.issues.is_empty(), expected.is_some(), "{sent}");
        assert_eq!(profile.created_at, None);
    }
}

#[test]
fn an_empty_text_tells_nothing() {
    let page = json!({ "provider": "TWITTER", "id": "1", "name": "", "description": "", "url": "", "location": "" });
    let profile = look_up(&page.to_string()).expect("it has an id");
    assert_eq!((profile.name, profile.vendor.len()), (None, 0));
    assert_eq!(profile.connected_platforms[0].person.as_deref(), Some(&polyprofile_core::Person::new()));
}

#[test]
fn a_source_that_was_lost_among_many_troubles_still_counts() {
    // The reader tells a hundred issues of a row: that one of the sources could not be read is none of them.
    let row = json!({"id": "a", "signatures": vec![7; 100], "sources": [{"status": "OK"}, 7]});
    let profile = account(&row).expect("it has an id");
    assert_eq!(profile.connected_platforms[0].status, ConnectionStatus::Unknown);
}

/// A `provider_id` is made for the account that looks: two accounts that are told the same one may be two members, and
/// one member has another one at each. It must not decide who is who.
#[test]
fn ids_for_one_viewer_never_link_accounts() {
    let linked = |id: &str, provider_id: &str, identifier: &str| {
        let im = json!({"id": provider_id, "publicIdentifier": identifier, "username": "Ada Nyberg"});
        let row =
            json!({"object": "Account", "id": id, "type": "LINKEDIN", "name": id, "connection_params": {"im": im}});
        account(&row).expect("it has an id")
    };
    let rows = [
        linked("acc_1", "ACoAAsame", "ada-nyberg"),
        linked("acc_2", "ACoAAsame", "tomas-herrera"),
        linked("acc_3", "ACoAAother", "ada-nyberg"),
    ];
    assert!(rows.iter().all(|row| row.connected_platforms[0].account_id.is_none()));
    let found = unify(&rows, context().observed_at(), &HealthPolicy::default(), &AccountOverrides::new());
    let accounts: Vec<Vec<&str>> = found
        .accounts
        .iter()
        .map(|account| account.sightings.iter().map(|sighting| sighting.id.connection.profile.key.as_str()).collect())
        .collect();
    assert_eq!(accounts, [vec!["acc_1", "acc_3"], vec!["acc_2"]]);
}
