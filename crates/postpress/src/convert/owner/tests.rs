//! The documents of owners, added to an account. The snapshots were compared with the documents line by line.

use polyprofile_core::{
    ConnectedPlatform, ConnectionStatus, NormalizeContext, Platform, Profile, ProfileId, ProviderId, Relation,
    parse_timestamp,
};
use serde_json::{Value, json};

use super::add_owner;
use crate::OwnerProfile;

/// An account as `GET /accounts/{id}` tells it, without anything about its owner.
fn account(platform: Platform) -> Profile {
    let mut profile = Profile::new(ProfileId::new(ProviderId::new("postpress"), "acc_1"));
    profile.connected_platforms.push(ConnectedPlatform::new(platform, ConnectionStatus::Active));
    profile
}

/// Adds an owner as the provider will.
fn owned(mut profile: Profile, owner: &str) -> Profile {
    let observed_at = parse_timestamp("2026-05-20T12:00:00Z").expect("a valid timestamp");
    let mut context = NormalizeContext::new(ProviderId::new("postpress"), observed_at);
    let (owner, issues) = OwnerProfile::read(owner.as_bytes()).expect("an object");
    add_owner(&mut profile, owner, issues, &mut context);
    profile.issues.extend(context.take_issues());
    profile
}

macro_rules! snapshot {
    ($($test:ident: $document:literal on $platform:ident;)+) => { $(
        #[test]
        fn $test() {
            let document = include_str!(concat!("../../../documents/", $document, ".json"));
            let profile = owned(account(Platform::$platform), document);
            assert_eq!(profile.issues, []);
            assert_eq!(profile.connected_platforms[0].relation, Relation::Connected);
            insta::with_settings!(
                { snapshot_path => "../../snapshots", prepend_module_to_snapshot => false, sort_maps => true },
                { insta::assert_json_snapshot!($document, profile); }
            );
            // And the typed document is read and written whole.
            let typed: OwnerProfile = serde_json::from_str(document).expect("as documented");
            assert_eq!(typed.platform(), Some(Platform::$platform));
            let mut expected: Value = serde_json::from_str(document).expect("JSON");
            let mut written = serde_json::to_value(&typed).expect("it serializes");
            for value in [&mut expected, &mut written] {
                drop_empty_lists(value);
            }
            assert_eq!(written, expected);
        }
    )+ };
}

snapshot! {
    a_linkedin_member: "owner_linkedin" on LinkedIn;
    a_telegram_user: "owner_telegram" on Telegram;
    a_twitter_account: "owner_twitter" on Twitter;
    a_google_mailbox: "owner_gmail" on Google;
    an_outlook_mailbox: "owner_outlook" on Outlook;
    a_mailbox_over_imap: "owner_imap" on Mail;
}

/// An empty list is written as no list; what holds nothing else, as nothing.
fn drop_empty_lists(value: &mut Value) {
    if let Value::Object(members) = value {
        members.values_mut().for_each(drop_empty_lists);
        members.retain(|_, value| *value != json!([]) && *value != json!({}));
    }
}

#[test]
fn what_the_account_tells_itself_stands() {
    let mut profile = account(Platform::LinkedIn);
    let connection = &mut profile.connected_platforms[0];
    connection.username = Some("from-the-account".to_owned());
    connection.display_name = Some("From the account".to_owned());
    let document = include_str!("../../../documents/owner_linkedin.json");
    let connection = &owned(profile, document).connected_platforms[0];
    assert_eq!(connection.username.as_deref(), Some("from-the-account"));
    assert_eq!(connection.display_name.as_deref(), Some("From the account"));
    assert_eq!(connection.profile_url.as_deref(), Some("https://www.linkedin.com/in/jordan-walke"));
    // Its id means something only to this account: it never names the member.
    assert_eq!(connection.account_id, None);
}

#[test]
fn the_products_of_linkedin_say_how_they_are() {
    let rows = [
        (json!(null), None),
        (json!({"error": "DISCONNECTED"}), Some(json!({"error": "DISCONNECTED"}))),
        (json!({"error": "MULTIPLE_SESSIONS"}), Some(json!({"error": "MULTIPLE_SESSIONS"}))),
        (json!({"error": "SUSPENDED"}), Some(json!({"error": "SUSPENDED"}))),
        (json!({"owner_seat_id": "s", "contract_id": "c"}), Some(json!({"owner_seat_id": "s", "contract_id": "c"}))),
    ];
    for (sent, kept) in rows {
        for product in ["recruiter", "sales_navigator"] {
            let owner = json!({"provider": "LINKEDIN", "provider_id": "p", product: sent}).to_string();
            let profile = owned(account(Platform::LinkedIn), &owner);
            assert_eq!(profile.vendor["owner"].get(product), kept.as_ref(), "{product}: {sent}");
            assert_eq!(profile.connected_platforms[0].status, ConnectionStatus::Active, "the account itself works");
        }
    }
}

#[test]
fn a_member_that_does_not_fit_costs_only_itself_and_says_where() {
    let owner = r#"{"provider":"LINKEDIN","first_name":7,"last_name":"Walke","recruiter":"yes","premium":"no"}"#;
    let profile = owned(account(Platform::LinkedIn), owner);
    let paths: Vec<&str> = profile.issues.iter().map(|issue| &*issue.path).collect();
    assert_eq!(paths, ["/owner/first_name", "/owner/recruiter", "/owner/premium", "/owner/provider_id"]);
    let person = profile.connected_platforms[0].person.as_deref().expect("a person");
    assert_eq!((person.last_name.as_deref(), person.is_premium), (Some("Walke"), None));
}

#[test]
fn an_owner_that_nobody_describes_is_kept_as_sent() {
    for (owner, platform) in [
        (r#"{"object":"AccountOwnerProfile","provider":"MESSENGER","nick":"ada"}"#, Some(Platform::Messenger)),
        (r#"{"nick":"ada"}"#, None),
    ] {
        let profile = owned(account(Platform::Messenger), owner);
        assert_eq!(profile.vendor["owner"]["nick"], "ada");
        assert_eq!(profile.connected_platforms[0].person, None);
        let typed: OwnerProfile = serde_json::from_str(owner).expect("an object");
        assert_eq!(typed.platform(), platform);
        assert_eq!(serde_json::to_value(typed).expect("JSON"), serde_json::from_str::<Value>(owner).expect("JSON"));
    }
    assert_eq!(owned(account(Platform::Messenger), "{}").vendor.len(), 0);
}
