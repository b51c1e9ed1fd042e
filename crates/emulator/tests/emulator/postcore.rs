//! Postcore's rules: keys, profiles, connecting, limits.

use std::time::Duration;

use axum::http::Method;
use polyprofile_emulator::{Data, Emulator, POSTCORE_KEY, POSTPRESS_KEY};
use serde_json::{Value, json};

use crate::support::{Caller, demo, documents};

fn not_found() -> Value {
    json!({"error": "PROFILE_NOT_FOUND", "message": "Profile not found"})
}

#[tokio::test]
async fn a_missing_key_and_a_wrong_one_are_told_apart() {
    let wrong = json!({"error": "INVALID_API_KEY", "message": "Invalid API key"});
    let router = documents();
    for (method, target) in [
        (Method::GET, "/profiles"),
        (Method::GET, "/profiles/prof_abc123"),
        (Method::DELETE, "/profiles/prof_abc123"),
        (Method::POST, "/profiles/create"),
        (Method::POST, "/profiles/connect"),
    ] {
        let caller = Caller::anonymous(router.clone());
        let missing = caller.send(method.clone(), target, &[], None).await;
        missing.has_status(401);
        assert_eq!(missing.json()["error"], "MISSING_API_KEY");
        caller.with_header("x-api-key", POSTPRESS_KEY).send(method, target, &[], None).await.is(401, &wrong);
    }
}

#[tokio::test]
async fn profiles_are_created_once_by_name_and_deleted_for_good() {
    let caller = Caller::postcore(documents());
    let created = caller.post("/profiles/create", json!({"profileName": "Client A"})).await;
    created.has_status(201);
    let members: Vec<_> = created.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["profileKey", "profileName"]);
    let again = caller.post("/profiles/create", json!({"profileName": "Client A"})).await;
    again.has_status(400);
    assert_eq!(again.json()["error"], "PROFILE_ALREADY_EXISTS");
    let unnamed = caller.post("/profiles/create", json!({})).await;
    unnamed.has_status(201);
    assert_eq!(unnamed.json()["profileName"], Value::Null);

    let target = format!("/profiles/{}", created.json()["profileKey"].as_str().unwrap());
    let single = caller.get(&target).await.json();
    assert_eq!((&single["profile"]["profileName"], &single["connectedPlatforms"]), (&json!("Client A"), &json!([])));
    let deleted = caller.delete(&target).await;
    deleted.has_status(200);
    assert!(deleted.json()["message"].is_string());
    caller.get(&target).await.is(404, &not_found());
    caller.delete(&target).await.is(404, &not_found());
}

#[tokio::test]
async fn the_browser_link_connects_linkedin_for_sixty_days() {
    let browser = Caller::anonymous(documents());
    let connect = async |query: &str| browser.get(&format!("/profiles/connect?{query}")).await;
    let rest = "platform=linkedin&returnUrl=https%3A%2F%2Fmyapp.com%2Fdone%3Fa%3D1";
    assert_eq!(connect(rest).await.json()["error"], "MISSING_API_KEY");
    assert_eq!(connect(&format!("apiKey=x&{rest}")).await.json()["error"], "INVALID_API_KEY");
    let key = format!("apiKey={POSTCORE_KEY}");
    connect(&format!("{key}&{}", rest.replace("linkedin", "bluesky"))).await.has_status(400);
    connect(&format!("{key}&platform=linkedin")).await.has_status(400);
    connect(&format!("{key}&{rest}&profileKey=nobody")).await.is(404, &not_found());

    let back = connect(&format!("{key}&{rest}&profileKey=prof_abc123def456")).await;
    back.has_status(302);
    assert_eq!(back.header("location"), "https://myapp.com/done?a=1&profileKey=prof_abc123def456");
    let caller = Caller::postcore(browser.router.clone());
    let profile = caller.get("/profiles/prof_abc123def456").await.json();
    assert_eq!(profile["connectedPlatforms"].as_array().unwrap().len(), 2);
    assert_eq!(profile["connectedPlatforms"][0]["expiresAt"], "2025-03-07T12:30:00Z");
    assert_eq!(profile["connectedPlatforms"][0]["daysUntilExpiry"], 60);

    connect(&format!("{key}&{rest}")).await.has_status(302);
    assert_eq!(caller.get("/profiles").await.json()["profiles"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn bluesky_is_connected_with_an_app_password() {
    let caller = Caller::postcore(documents());
    let body = |password: &str| {
        let credentials = json!({"handle": "new.bsky.social", "appPassword": password});
        json!({"profileKey": "prof_abc123", "platform": "bluesky", "credentials": credentials})
    };
    let refused = caller.post("/profiles/connect", body("hunter2")).await;
    refused.has_status(400);
    assert_eq!(refused.json()["error"], "INVALID_CREDENTIALS");
    caller.post("/profiles/connect", body("abcd-efgh-ijkl-mnop")).await.has_status(200);
    let profile = caller.get("/profiles/prof_abc123").await.json();
    let bluesky = json!({
        "platform": "bluesky", "displayName": "new.bsky.social", "username": "new.bsky.social",
        "connectedAt": "2025-01-06T12:30:00Z", "expiresAt": null, "daysUntilExpiry": null, "needsReconnect": false,
    });
    assert_eq!(profile["connectedPlatforms"][1], bluesky);
}

#[tokio::test]
async fn the_demo_has_the_last_day_the_past_and_a_revoked_password() {
    let profiles = Caller::postcore(demo()).get("/profiles").await.json();
    let connections: Vec<Value> = profiles["profiles"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|profile| profile["connectedPlatforms"].as_array().unwrap())
        .map(|row| json!([row["platform"], row["daysUntilExpiry"], row["needsReconnect"]]))
        .collect();
    for expected in [
        json!(["linkedin", 48, false]),
        json!(["linkedin", 0, false]),
        json!(["linkedin", -3, true]),
        json!(["linkedin", 3, false]),
        json!(["bluesky", null, false]),
        json!(["bluesky", null, true]),
    ] {
        assert!(connections.contains(&expected), "{expected} in {connections:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn headers_tell_the_limit_on_every_answer() {
    let caller = Caller::postcore(documents());
    let anonymous = Caller::anonymous(caller.router.clone());
    for (reply, remaining) in [(caller.get("/profiles").await, "99"), (anonymous.get("/profiles").await, "98")] {
        assert_eq!(reply.header("x-ratelimit-limit"), "100");
        assert_eq!(reply.header("x-ratelimit-remaining"), remaining);
        assert_eq!(reply.header("x-ratelimit-reset"), (1_736_166_600 + 15 * 60).to_string());
    }
    for _ in 0..300 {
        let reply = caller.get("/profiles").await;
        reply.has_status(200);
        assert_ne!(reply.header("x-ratelimit-remaining"), "0");
    }
}

#[tokio::test(start_paused = true)]
async fn limits_are_enforced_on_request() {
    let router = Emulator::builder().data(Data::Documents).enforce_limits(true).into_router();
    let caller = Caller::postcore(router);
    for _ in 0..100 {
        caller.get("/profiles").await.has_status(200);
    }
    tokio::time::advance(Duration::from_secs(60)).await;
    let limited = caller.get("/profiles").await;
    limited.has_status(429);
    assert_eq!(
        (&limited.json()["error"], &limited.json()["retry_after"]),
        (&json!("RATE_LIMIT_EXCEEDED"), &json!(840))
    );
    assert_eq!(limited.header("x-ratelimit-remaining"), "0");
    assert!(!limited.headers.contains_key("retry-after"));
    tokio::time::advance(Duration::from_secs(14 * 60)).await;
    caller.get("/profiles").await.has_status(200);

    let connect = format!("/profiles/connect?apiKey={POSTCORE_KEY}&platform=linkedin&returnUrl=https://myapp.com");
    for _ in 0..10 {
        caller.get(&connect).await.has_status(302);
    }
    caller.get(&connect).await.has_status(429);

    let credentials = json!({"handle": "new.bsky.social", "appPassword": "abcd-efgh-ijkl-mnop"});
    let body = json!({"profileKey": "prof_abc123", "platform": "bluesky", "credentials": credentials});
    caller.post("/profiles/connect", body.clone()).await.has_status(200);
    let paced = caller.post("/profiles/connect", body.clone()).await;
    paced.has_status(429);
    assert_eq!(paced.json()["platform"], "bluesky");
    assert_eq!(paced.json()["next_available"], "2025-01-06T12:30:01.000Z");
    tokio::time::advance(Duration::from_secs(1)).await;
    caller.post("/profiles/connect", body).await.has_status(200);
}
