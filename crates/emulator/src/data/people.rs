//! People whom Postpress can look up, and the owners of linked accounts.
//!
//! The people are written from the document's field tables, one file a network. Between them every documented field
//! occurs; a test holds the tables against them.

use serde_json::{Value, json};

use crate::postpress::Person;

/// A member whom the network shows only in part: with these sections withheld.
const THROTTLED_MEMBER: (&str, [&str; 3]) = ("tomas-herrera", ["experience", "skills", "recommendations_received"]);

/// Everybody, with or without the member of the document's own example.
pub(super) fn all(with_example: bool) -> Vec<Person> {
    let example = with_example.then(|| format!("[{}]", include_str!("documents/postpress_person.json")));
    let files = [
        include_str!("people/linkedin.json"),
        include_str!("people/whatsapp.json"),
        include_str!("people/instagram.json"),
        include_str!("people/telegram.json"),
        include_str!("people/twitter.json"),
    ];
    example.as_deref().into_iter().chain(files).flat_map(people).collect()
}

/// What `GET /users/me` answers for an account, where the vendor has a variant for its type.
pub(crate) fn owner(account_type: &str, name: &str) -> Option<Value> {
    let handle = handle(name);
    let (first_name, last_name) = name.split_once(' ').unwrap_or((name, ""));
    let mail = format!("{handle}@example.com");
    Some(match account_type {
        "LINKEDIN" => json!({
            "object": "AccountOwnerProfile",
            "provider": "LINKEDIN",
            "provider_id": format!("ACoAA{handle}"),
            "entity_urn": format!("urn:li:fsd_profile:ACoAA{handle}"),
            "object_urn": "urn:li:member:123456789",
            "first_name": first_name,
            "last_name": last_name,
            "public_identifier": handle,
            "profile_picture_url": null,
            "email": mail,
            "occupation": "Owner",
            "location": "Bergen, Norway",
            "premium": true,
            "open_profile": false,
            "organizations": organizations(),
            "recruiter": {"error": "MULTIPLE_SESSIONS"},
            "sales_navigator": {"owner_seat_id": "seat_1", "contract_id": "contract_1"},
        }),
        "TELEGRAM" => json!({
            "object": "AccountOwnerProfile",
            "provider": "TELEGRAM",
            "provider_id": "700100200",
            "first_name": first_name,
            "last_name": last_name,
            "username": handle,
            "phone": "15550100",
            "profile_picture_url": null,
        }),
        "TWITTER" => json!({
            "object": "AccountOwnerProfile",
            "provider": "TWITTER",
            "id": network_id(account_type, &handle),
            "name": name,
            "screen_name": handle,
            "email": mail,
        }),
        // The mail variants have a name for Google that account types do not have.
        "GOOGLE_OAUTH" => mail_owner("GMAIL", name, &mail),
        "OUTLOOK" => mail_owner("OUTLOOK", name, &mail),
        "MAIL" => mail_owner("IMAP", name, &mail),
        _ => return None,
    })
}

/// The `connection_params` of an account, by its type.
pub(super) fn connection_params(account_type: &str, name: &str) -> Value {
    let handle = handle(name);
    match account_type {
        "LINKEDIN" => json!({"im": {
            "id": format!("ACoAA{handle}"),
            "publicIdentifier": handle,
            "username": name,
            "premiumId": "premium_1",
            "premiumContractId": null,
            "premiumFeatures": ["sales_navigator"],
            "organizations": organizations(),
        }}),
        "WHATSAPP" => json!({"im": {"phone_number": name}}),
        "GOOGLE_OAUTH" | "OUTLOOK" | "MAIL" => {
            let address = format!("{handle}@example.com");
            json!({"mail": {"id": address, "username": address}})
        }
        _ => json!({"im": {"id": network_id(account_type, &handle), "username": handle}}),
    }
}

fn people(file: &str) -> Vec<Person> {
    let people: Vec<Value> =
        serde_json::from_str(file).expect("the people are part of this crate and a test reads them all");
    let person = |profile: Value| {
        let (member, sections) = THROTTLED_MEMBER;
        let withheld = if profile["public_identifier"] == member { &sections[..] } else { &[] };
        Person { throttled: withheld.iter().map(|name| (*name).to_owned()).collect(), verbatim: false, profile }
    };
    people.into_iter().map(person).collect()
}

fn organizations() -> Value {
    json!([
        {
            "name": "Kestrel Coffee",
            "messaging_enabled": true,
            "organization_urn": "urn:li:fsd_company:90210001",
            "mailbox_urn": "urn:li:fsd_company:90210001",
        },
        {
            "name": "Fjord Outdoor",
            "messaging_enabled": false,
            "organization_urn": "urn:li:fsd_company:90210002",
            "mailbox_urn": "urn:li:fsd_company:90210002",
        },
    ])
}

fn mail_owner(provider: &str, name: &str, mail: &str) -> Value {
    json!({"object": "AccountOwnerProfile", "provider": provider, "email": mail, "display_name": name})
}

/// The id that a network gives an account: for those of the people above the one in their profile.
fn network_id(account_type: &str, handle: &str) -> String {
    match (account_type, handle) {
        ("INSTAGRAM", "kestrelcoffee") => "178414001".to_owned(),
        ("TWITTER", "kestrelcoffee") => "1500100201".to_owned(),
        _ => format!("id_{handle}"),
    }
}

/// A name as the networks would put it into an address.
fn handle(name: &str) -> String {
    name.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect::<String>().to_lowercase()
}
