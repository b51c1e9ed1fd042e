//! People whom Postpress can look up, and the owners of linked accounts.
//!
//! The people are written from the document's field tables, one file a network. Between them every documented field
//! occurs; a test holds the tables against them.

use serde_json::{Value, json};

use crate::postpress::Person;

/// A member whom the network shows only in part: with these sections withheld.
const THROTTLED_MEMBER: (&str, [&str; 3]) = ("tomas-herrera", ["experience", "skills", "recommendations_received"]);

/// The id of everybody who owns a Telegram account here.
const TELEGRAM_OWNER: &str = "700100200";

/// The servers of a mail account, with their ports.
const IMAP: (&str, u16) = ("imap.example.com", 993);
const SMTP: (&str, u16) = ("smtp.example.com", 465);

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
            "provider_id": TELEGRAM_OWNER,
            "first_name": first_name,
            "last_name": last_name,
            "username": handle,
            "phone": "15550100",
            "profile_picture_url": format!("https://media.example.com/{handle}-tg.jpg"),
            "self": true,
            "bot": false,
            "verified": false,
            "premium": false,
            "lang_code": "en",
        }),
        "TWITTER" => twitter_owner(name, &handle),
        // The mail variants have a name for Google that account types do not have.
        "GOOGLE_OAUTH" => json!({
            "object": "AccountOwnerProfile",
            "provider": "GMAIL",
            "email": mail,
            "messages_total": 5120,
            "threads_total": 2048,
            "aliases": [{"email": mail, "display_name": name, "is_primary": true, "is_default": true}],
        }),
        "OUTLOOK" => json!({
            "object": "AccountOwnerProfile",
            "provider": "OUTLOOK",
            "id": network_id(account_type, &handle),
            "email": mail,
            "display_name": name,
            "given_name": first_name,
            "surname": last_name,
            "user_principal_name": mail,
            "job_title": "Owner",
            "mobile_phone": "+1 555 0100",
            "preferred_language": "en-US",
        }),
        "MAIL" => json!({
            "object": "AccountOwnerProfile",
            "provider": "IMAP",
            "connection_params": {
                "imap": {"host": IMAP.0, "port": IMAP.1, "username": mail},
                "smtp": {"host": SMTP.0, "port": SMTP.1, "username": mail},
            },
        }),
        _ => return None,
    })
}

/// The `connection_params` of an account, by its type. The handle on the network is made from the account's name.
pub(crate) fn connection_params(account_type: &str, name: &str) -> Value {
    connection_params_of(account_type, name, &handle(name))
}

/// The same for an account with a handle of its own.
pub(super) fn connection_params_of(account_type: &str, name: &str, handle: &str) -> Value {
    let address = format!("{handle}@example.com");
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
        "TELEGRAM" => json!({"im": {"user_id": TELEGRAM_OWNER, "username": handle}}),
        "GOOGLE_OAUTH" | "OUTLOOK" => json!({"mail": {"id": address, "username": address}}),
        "MAIL" => json!({"mail": {
            "imap_host": IMAP.0,
            "imap_port": IMAP.1,
            "imap_user": address,
            "imap_encryption": "tls",
            "smtp_host": SMTP.0,
            "smtp_port": SMTP.1,
            "smtp_user": address,
        }}),
        _ => json!({"im": {"id": network_id(account_type, handle), "username": handle}}),
    }
}

fn people(file: &str) -> impl Iterator<Item = Person> + use<> {
    let people: Vec<Value> =
        serde_json::from_str(file).expect("the people are part of this crate and a test reads them all");
    let person = |profile: Value| {
        let (member, sections) = THROTTLED_MEMBER;
        let withheld = if profile["public_identifier"] == member { &sections[..] } else { &[] };
        Person { throttled: withheld.iter().map(|name| (*name).to_owned()).collect(), verbatim: false, profile }
    };
    people.into_iter().map(person)
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

/// The owner's page has every field of a person's. Who is not among the people gets an empty one.
fn twitter_owner(name: &str, handle: &str) -> Value {
    let known = people(include_str!("people/twitter.json")).find(|person| person.profile["screen_name"] == handle);
    let mut owner = known.map_or_else(
        || {
            json!({
                "provider": "TWITTER",
                "id": network_id("TWITTER", handle),
                "name": name,
                "screen_name": handle,
                "location": "",
                "description": null,
                "url": null,
                "entities": {"description": {"urls": []}},
                "protected": false,
                "verified": false,
                "followers_count": 0,
                "friends_count": 0,
                "listed_count": 0,
                "favourites_count": 0,
                "statuses_count": 0,
                "created_at": "Mon Nov 11 18:00:00 +0000 2013",
                "profile_image_url_https": format!("https://media.example.com/{handle}-x.jpg"),
                "default_profile": true,
                "default_profile_image": true,
                "withheld_in_countries": [],
            })
        },
        |person| person.profile,
    );
    owner["object"] = json!("AccountOwnerProfile");
    owner
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
