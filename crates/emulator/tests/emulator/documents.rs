//! Every example of the documents is answered to the letter, and every documented field of a person occurs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Caller, documents};

fn example(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn postproxy_examples() {
    let caller = Caller::postproxy(documents());
    for (target, text) in [
        ("/api/profiles", include_str!("../../src/data/documents/postproxy_profiles.json")),
        ("/api/profiles?profile_group_id=grp456xyz", include_str!("../../src/data/documents/postproxy_profiles.json")),
        ("/api/profiles/prof_li_001", include_str!("../../src/data/documents/postproxy_profile.json")),
        ("/api/profiles/prof_li_001/placements", include_str!("../../src/data/documents/postproxy_placements.json")),
        (
            "/api/profiles/prof_li_001/stats?placement_id=108520199&from=2026-04-01T00:00:00Z",
            include_str!("../../src/data/documents/postproxy_stats.json"),
        ),
        ("/api/profile_groups", include_str!("../../src/data/documents/postproxy_profile_groups.json")),
    ] {
        caller.get(target).await.is(200, &example(text));
    }
    let group = json!({"id": "grp123abc", "name": "Main Brand", "profiles_count": 5});
    caller.get("/api/profile_groups/grp123abc").await.is(200, &group);
    caller.delete("/api/profiles/prof123abc").await.is(200, &json!({"success": true}));
    caller.delete("/api/profile_groups/grp123abc").await.is(200, &json!({"deleted": true}));
    let created = json!({"id": "grp999xyz", "name": "New Client Project", "profiles_count": 0});
    let body = json!({"profile_group": {"name": "New Client Project"}});
    caller.post("/api/profile_groups", body).await.is(201, &created);
}

#[tokio::test]
async fn postproxy_connect_examples() {
    let target = "/api/profile_groups/grp123abc/initialize_connection";
    let body = json!({"platform": "instagram", "redirect_url": "https://myapp.com/oauth/callback"});
    let host = [("host", "emulator.test")];
    let caller = Caller::postproxy(documents());
    let link = caller.send(axum::http::Method::POST, target, &host, Some(body)).await;
    link.is(200, &json!({"url": "http://emulator.test/partner_connect/inv789xyz", "success": true}));

    let body = json!({"platform": "bluesky", "identifier": "yourname", "app_password": "xxxx-xxxx-xxxx-xxxx"});
    let bluesky = include_str!("../../src/data/documents/postproxy_connect_bluesky.json");
    Caller::postproxy(documents()).post(target, body).await.is(200, &example(bluesky));

    let body = json!({"platform": "telegram", "bot_token": "123456789:ABCdef-GhIJklMnOpQrStUvWxYz"});
    let telegram = include_str!("../../src/data/documents/postproxy_connect_telegram.json");
    let caller = Caller::postproxy(documents());
    caller.post(target, body).await.is(200, &example(telegram));
    let placements = "/api/profiles/prof321zyx/placements";
    for _ in 0..2 {
        caller.get(placements).await.is(200, &json!({"data": []}));
    }
    let channels = include_str!("../../src/data/documents/postproxy_telegram_placements.json");
    caller.get(placements).await.is(200, &example(channels));
}

#[tokio::test]
async fn postcore_examples() {
    let caller = Caller::postcore(documents());
    let list = include_str!("../../src/data/documents/postcore_profiles.json");
    caller.get("/profiles").await.is(200, &example(list));
    let single = include_str!("../../src/data/documents/postcore_profile.json");
    caller.get("/profiles/prof_abc123").await.is(200, &example(single));
}

#[tokio::test]
async fn the_postpress_example_under_both_bases_whatever_sections_are_asked_for() {
    let caller = Caller::postpress(documents());
    let person = example(include_str!("../../src/data/documents/postpress_person.json"));
    for target in [
        "/api/v1/users/jordan-walke?account_id=acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR",
        "/v1/users/jordan-walke?account_id=acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR&linkedin_sections=skills",
        "/v1/users/ACoAACr-1eYBl...?account_id=acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR",
    ] {
        caller.get(target).await.is(200, &person);
    }
}

/// The members that the document's tables name, by their path. A list adds no step of its own.
const LINKEDIN: &str = "object provider provider_id public_identifier public_profile_url first_name last_name pronoun \
    headline summary location websites profile_picture_url profile_picture_url_large background_picture_url hashtags \
    contact_info.emails contact_info.phones contact_info.adresses contact_info.socials.type contact_info.socials.name \
    birthdate.month birthdate.day primary_locale.country primary_locale.language creator_website.url \
    creator_website.description can_send_inmail connected_at is_open_profile is_premium is_influencer is_creator \
    is_hiring is_open_to_work is_saved_lead is_crm_imported is_relationship is_self invitation.type invitation.status \
    work_experience.id work_experience.position work_experience.company work_experience.company_id \
    work_experience.company_url work_experience.company_picture_url work_experience.industry \
    work_experience.location work_experience.description work_experience.skills work_experience.current \
    work_experience.status work_experience.start work_experience.end work_experience_total_count \
    volunteering_experience.company volunteering_experience.description volunteering_experience.role \
    volunteering_experience.cause volunteering_experience.start volunteering_experience.end \
    volunteering_experience_total_count education.id education.school education.school_id education.school_url \
    education.school_picture_url education.degree education.grade education.field_of_study education.description \
    education.activities education.skills education.start education.end education_total_count skills.name \
    skills.endorsement_count skills.endorsement_id skills.insights skills.endorsed skills_total_count languages.name \
    languages.proficiency languages_total_count certifications.name certifications.organization certifications.url \
    certifications_total_count projects.name projects.description projects.skills projects.start projects.end \
    projects_total_count recommendations.received.text recommendations.received.caption \
    recommendations.received.actor.first_name recommendations.received.actor.last_name \
    recommendations.received.actor.provider_id recommendations.received.actor.headline \
    recommendations.received.actor.public_identifier recommendations.received.actor.public_profile_url \
    recommendations.received.actor.profile_picture_url recommendations.received_total_count \
    recommendations.given.text recommendations.given.caption recommendations.given.actor.first_name \
    recommendations.given.actor.last_name recommendations.given.actor.provider_id \
    recommendations.given.actor.headline recommendations.given.actor.public_identifier \
    recommendations.given.actor.public_profile_url recommendations.given.actor.profile_picture_url \
    recommendations.given_total_count tags.id tags.name notes.project_id notes.content notes.created_at \
    notes.author.id notes.author.seat_id notes.author.first_name notes.author.last_name \
    notes.author.public_profile_url candidate_id recruiting_activity.event recruiting_activity.content \
    recruiting_activity.status recruiting_activity.created_at recruiting_activity.created_by.provider_id \
    recruiting_activity.created_by.full_name recruiting_activity.created_by.picture_url \
    recruiting_activity.updated_at recruiting_activity.updated_by.provider_id \
    recruiting_activity.updated_by.full_name recruiting_activity.updated_by.picture_url \
    recruiting_activity.project_id recruiting_activity.project_name recruiting_activity.state throttled_sections \
    follower_count connections_count shared_connections_count network_distance";

const WHATSAPP: &str = "object provider id is_business";

const INSTAGRAM: &str = "object provider provider_id provider_messaging_id public_identifier full_name biography \
    category profile_picture_url profile_picture_url_large followers_count mutual_followers_count following_count \
    posts_count profile_type is_verified is_private external_links relationship_status.following \
    relationship_status.followed_by relationship_status.has_sent_invitation \
    relationship_status.has_received_invitation business.category business.address_street business.address_city \
    business.address_zipcode business.phone_number business.email";

const TELEGRAM: &str = "object provider provider_id profile_picture_url self contact mutual_contact deleted bot \
    verified restricted fake premium close_friend first_name last_name username phone lang_code status.name \
    status.expires status.was_online restriction_reason.platform restriction_reason.reason restriction_reason.text";

const TWITTER: &str = "object provider id name screen_name location description url entities.description.urls \
    protected verified followers_count friends_count listed_count favourites_count statuses_count created_at \
    profile_banner_url profile_image_url_https default_profile default_profile_image withheld_in_countries \
    followed_by following follow_request_sent has_extended_profile notifications advertiser_account_type \
    business_profile_state require_some_consent";

#[tokio::test]
async fn every_documented_field_of_a_person_occurs_and_no_other() {
    let linkedin = &["ada-nyberg", "tomas-herrera", "miralindqvist", "ACoAAhidden01"][..];
    for (account, people, fields) in [
        ("linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR", linkedin, LINKEDIN),
        ("whatsapp_01HXYZ4QK3WJ8FN3M6QH7TZ8GS", &["15550142@s.whatsapp.net", "15550143@s.whatsapp.net"], WHATSAPP),
        ("instagram_01HXYZ4QK3WJ8FN3M6QH7TZ8GT", &["kestrelcoffee", "mira.lindqvist", "fjordoutdoor"], INSTAGRAM),
        ("telegram_01HXYZ4QK3WJ8FN3M6QH7TZ8GU", &["adanyberg", "700100202"], TELEGRAM),
        ("twitter_01HXYZ4QK3WJ8FN3M6QH7TZ8GV", &["kestrelcoffee", "1500100202"], TWITTER),
    ] {
        let caller = Caller::postpress(documents());
        let mut found = BTreeSet::new();
        for person in people {
            let target = format!("/v1/users/{person}?account_id=acc_{account}&linkedin_sections=*");
            let reply = caller.get(&target).await;
            reply.has_status(200);
            leaves("", &reply.json(), &mut found);
        }
        let documented: BTreeSet<String> = fields.split_whitespace().map(str::to_owned).collect();
        let missing: Vec<_> = documented.difference(&found).collect();
        let undocumented: Vec<_> = found.difference(&documented).collect();
        assert!(missing.is_empty() && undocumented.is_empty(), "{account}: {missing:?} {undocumented:?}");
    }
}

/// The paths of the members that hold no further ones; a list counts as its items, and as itself when it has none.
fn leaves(path: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(&path, value, found);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for item in items {
                leaves(path, item, found);
            }
        }
        // An empty list of objects says nothing about their members.
        Value::Array(items) if items.is_empty() && LISTS_OF_OBJECTS.contains(&path) => {}
        _ => {
            found.insert(path.to_owned());
        }
    }
}

const LISTS_OF_OBJECTS: [&str; 12] = [
    "work_experience",
    "education",
    "skills",
    "certifications",
    "projects",
    "volunteering_experience",
    "recommendations.received",
    "recommendations.given",
    "recruiting_activity",
    "restriction_reason",
    "tags",
    "notes",
];
