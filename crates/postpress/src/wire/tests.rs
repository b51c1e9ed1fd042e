//! The documents themselves: read, written back, and damaged in every place.

use serde_json::{Value, json};

use super::{
    Account, Deletion, Discriminator, ErrorBody, HostedUrl, OwnerProfile, UserProfile, fields, instagram, linkedin,
    owner, telegram, twitter, whatsapp,
};

/// One complete document for each variant, written from the field tables of the vendor's page.
const COMPLETE: [&str; 5] = [
    include_str!("../../documents/user_linkedin_full.json"),
    include_str!("../../documents/user_whatsapp.json"),
    include_str!("../../documents/user_instagram.json"),
    include_str!("../../documents/user_telegram.json"),
    include_str!("../../documents/user_twitter.json"),
];

/// The example of the vendor's page, literally.
const EXAMPLE: &str = include_str!("../../documents/user_linkedin.json");

fn parse(document: &str) -> Value {
    serde_json::from_str(document).expect("a document is JSON")
}

/// Reads as the adapter does, and writes what was understood; and how many issues there were.
fn read(document: &Value) -> (Value, usize) {
    let (profile, issues) = UserProfile::read(document.to_string().as_bytes()).expect("an object");
    (serde_json::to_value(profile).expect("it serializes"), issues.len())
}

/// A document without what means "not told".
fn told(mut document: Value) -> Value {
    match &mut document {
        Value::Object(members) => {
            *members = std::mem::take(members)
                .into_iter()
                .map(|(name, value)| (name, told(value)))
                .filter(|(_, value)| !value.is_null() && *value != json!([]))
                .collect();
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| *element = told(element.take())),
        _ => {}
    }
    document
}

/// The pointer of every member of every object, except those that say what the document is.
fn pointers(document: &Value) -> Vec<String> {
    fn collect(value: &Value, at: &str, pointers: &mut Vec<String>) {
        let parts: Vec<(String, &Value)> = match value {
            Value::Object(members) => members.iter().map(|(name, value)| (format!("{at}/{name}"), value)).collect(),
            Value::Array(elements) => {
                elements.iter().enumerate().map(|(i, value)| (format!("{at}/{i}"), value)).collect()
            }
            _ => Vec::new(),
        };
        for (pointer, part) in parts {
            collect(part, &pointer, pointers);
            if value.is_object() && !["/object", "/provider"].contains(&&*pointer) {
                pointers.push(pointer);
            }
        }
    }
    let mut pointers = Vec::new();
    collect(document, "", &mut pointers);
    pointers
}

fn with(document: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = document.clone();
    *changed.pointer_mut(pointer).expect("the pointer was collected from the document") = value;
    changed
}

fn without(document: &Value, pointer: &str) -> Value {
    let mut changed = document.clone();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer has a parent");
    // What was dropped as a whole has no such member any more.
    if let Some(Value::Object(members)) = changed.pointer_mut(parent) {
        members.remove(name);
    }
    changed
}

#[test]
fn every_documented_member_survives_reading_and_writing() {
    for document in COMPLETE.map(parse) {
        assert_eq!(read(&document), (document.clone(), 0));
        let profile: UserProfile = serde_json::from_value(document.clone()).expect("it is as documented");
        assert_eq!(serde_json::to_value(profile).expect("it serializes"), document);
    }
}

#[test]
fn the_example_is_read_whole_although_it_breaks_its_own_rules() {
    let example = parse(EXAMPLE);
    assert_eq!(example["work_experience"][0]["end"], Value::Null, "documented as a required string");
    assert_eq!(read(&example), (told(example.clone()), 0));
}

#[test]
fn a_member_that_is_null_or_absent_costs_only_itself() {
    for document in COMPLETE.map(parse) {
        for pointer in pointers(&document) {
            let expected = told(without(&document, &pointer));
            for damaged in [with(&document, &pointer, Value::Null), without(&document, &pointer)] {
                let (written, issues) = read(&damaged);
                assert_eq!((told(written), issues), (expected.clone(), 0), "{pointer}");
                assert!(serde_json::from_value::<UserProfile>(damaged).is_ok(), "{pointer}");
            }
        }
    }
}

#[test]
fn a_member_of_another_type_costs_only_itself() {
    for document in COMPLETE.map(parse) {
        for pointer in pointers(&document) {
            let expected = told(without(&document, &pointer));
            for wrong in [json!(true), json!(-1.5), json!("text"), json!([[]]), json!({"x": {}})] {
                let (written, _) = read(&with(&document, &pointer, wrong.clone()));
                assert_eq!(told(without(&written, &pointer)), expected, "{pointer} {wrong}");
            }
        }
    }
}

#[test]
fn a_count_that_is_none_is_told_as_an_issue_and_left_out() {
    for count in ["-1", "1.5", "\"many\"", "1e30"] {
        let text = format!(r#"{{"provider":"LINKEDIN","follower_count":{count},"connections_count":7}}"#);
        let (profile, issues) = UserProfile::read(text.as_bytes()).expect("an object");
        let UserProfile::LinkedIn(page) = profile else { panic!("the provider is LinkedIn") };
        assert_eq!((page.follower_count, page.connections_count), (None, Some(7)), "{count}");
        assert_eq!(issues.iter().map(|issue| &*issue.path).collect::<Vec<_>>(), ["/follower_count"], "{count}");
    }
}

#[test]
fn right_and_wrong_spellings_are_both_read() {
    for name in ["adresses", "addresses"] {
        let sent = json!({ "provider": "LINKEDIN", "contact_info": { name: ["London"] } });
        assert_eq!(read(&sent).0["contact_info"]["adresses"], json!(["London"]), "{name}");
    }
    for (sent, written) in [("PERSONAL", "PERSONNAL"), ("PROFESSIONAL", "PROFESSIONNAL"), ("ROBOT", "ROBOT")] {
        let sent = json!({ "provider": "INSTAGRAM", "profile_type": sent });
        assert_eq!(read(&sent).0["profile_type"], written);
    }
}

#[test]
fn a_word_that_is_not_documented_is_kept_as_sent() {
    let page: linkedin::Profile = serde_json::from_str(r#"{"network_distance":"DISTANCE_2"}"#).expect("a word");
    assert_eq!(page.network_distance, Some(linkedin::NetworkDistance::Other("DISTANCE_2".to_owned())));
}

#[test]
fn an_undescribed_provider_keeps_the_whole_answer() {
    for sent in [
        json!({ "object": "UserProfile", "provider": "MESSENGER", "id": "1", "extra": { "deep": [1, null] } }),
        json!({ "id": "1" }),
        json!({ "provider": 7 }),
        json!({ "provider": null }),
        json!({}),
    ] {
        let (profile, _) = UserProfile::read(sent.to_string().as_bytes()).expect("an object");
        assert!(matches!(profile, UserProfile::Other { .. }));
        assert_eq!(serde_json::to_value(profile).expect("it serializes"), sent);
    }
}

#[test]
fn what_is_no_object_is_refused() {
    for text in ["", "null", "[]", "\"LINKEDIN\"", r#"{"provider":"LINKEDIN""#] {
        assert!(UserProfile::read(text.as_bytes()).is_err(), "{text}");
        assert!(serde_json::from_str::<UserProfile>(text).is_err(), "{text}");
    }
}

#[test]
fn no_field_is_missing_from_the_list_of_what_is_broken_on_purpose() {
    let types = [
        ("Account", fields::of::<Account<'_>>()),
        ("Deletion", fields::of::<Deletion<'_>>()),
        ("Discriminator", fields::of::<Discriminator<'_>>()),
        ("ErrorBody", fields::of::<ErrorBody<'_>>()),
        ("HostedUrl", fields::of::<HostedUrl<'_>>()),
        // Of other people, and of the owner of an account.
        ("instagram", fields::of::<instagram::Profile>()),
        ("linkedin", fields::of::<linkedin::Profile>()),
        ("telegram", fields::of::<telegram::Profile>()),
        ("twitter", fields::of::<twitter::Profile>()),
        ("whatsapp", fields::of::<whatsapp::Profile>()),
        ("owner gmail", fields::of::<owner::Gmail>()),
        ("owner imap", fields::of::<owner::Imap>()),
        ("owner linkedin", fields::of::<owner::LinkedIn>()),
        ("owner outlook", fields::of::<owner::Outlook>()),
    ];
    let sources = [include_str!("../wire.rs"), include_str!("account.rs"), include_str!("hosted.rs")];
    fields::check(include_str!("../../documents/fields.json"), &sources, &types.into());
}

#[test]
fn a_page_that_no_struct_describes_says_one_thing_about_its_provider() {
    for (body, provider) in [
        (r#"{"provider":"WHASAPP","provider":"LINKEDIN","id":"1","id":"2"}"#, Some("WHASAPP")),
        (r#"{"provider":5,"id":"1"}"#, None),
        (r#"{"id":"1"}"#, None),
    ] {
        let (page, _) = UserProfile::read(body.as_bytes()).expect("an object");
        let UserProfile::Other { provider: told, raw } = &page else { panic!("{body} is described by no struct") };
        assert_eq!((told.as_deref(), &raw["id"]), (provider, &json!("1")), "{body}");
        let written = serde_json::to_value(&page).expect("JSON");
        assert_eq!(serde_json::from_value::<UserProfile>(written).expect("it was written so"), page, "{body}");

        let (owner, _) = OwnerProfile::read(body.as_bytes()).expect("an object");
        let written = serde_json::to_value(&owner).expect("JSON");
        assert_eq!(serde_json::from_value::<OwnerProfile>(written).expect("it was written so"), owner, "{body}");
    }
}
