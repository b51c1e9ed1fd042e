//! Postproxy's rules: keys, scopes, stats, connecting, idempotency.

use std::time::Duration;

use axum::http::Method;
use polyprofile_emulator::{Data, Emulator, POSTCORE_KEY, POSTPROXY_SCOPED_KEY};
use serde_json::{Value, json};

use crate::support::{Caller, Reply, demo, documents};

const CONNECT: &str = "/api/profile_groups/grp_kestrel/initialize_connection";

fn not_found() -> Value {
    json!({"error": "Not found"})
}

fn scoped(caller: Caller) -> Caller {
    caller.with_header("authorization", &format!("Bearer {POSTPROXY_SCOPED_KEY}"))
}

fn ids(reply: &Reply) -> Vec<String> {
    reply.json()["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_call_needs_the_key() {
    let refused = json!({"error": "Invalid API key"});
    let router = documents();
    for caller in [
        Caller::anonymous(router.clone()),
        Caller::anonymous(router.clone()).with_header("authorization", "Bearer wrong"),
        Caller::anonymous(router.clone()).with_header("authorization", &format!("Bearer {POSTCORE_KEY}")),
        Caller::anonymous(router).with_header("x-api-key", polyprofile_emulator::POSTPROXY_KEY),
    ] {
        for (method, target) in [
            (Method::GET, "/api/profiles"),
            (Method::GET, "/api/profiles/prof123abc"),
            (Method::GET, "/api/profiles/prof123abc/placements"),
            (Method::GET, "/api/profiles/prof123abc/stats"),
            (Method::DELETE, "/api/profiles/prof123abc"),
            (Method::GET, "/api/profile_groups"),
            (Method::GET, "/api/profile_groups/grp123abc"),
            (Method::POST, "/api/profile_groups"),
            (Method::DELETE, "/api/profile_groups/grp123abc"),
            (Method::POST, "/api/profile_groups/grp123abc/initialize_connection"),
        ] {
            caller.send(method, target, &[], None).await.is(401, &refused);
        }
    }
}

#[tokio::test]
async fn profile_group_id_restricts_the_list_and_every_call_by_id() {
    let caller = Caller::postproxy(demo());
    assert_eq!(ids(&caller.get("/api/profiles").await).len(), 15);
    let fjord = caller.get("/api/profiles?profile_group_id=grp_fjord&page=3&foo=bar").await;
    assert_eq!(ids(&fjord), ["prof_fjo_yt", "prof_fjo_tt", "prof_fjo_pi", "prof_fjo_fb", "prof_fjo_th"]);
    for path in ["", "/placements", "/stats"] {
        let elsewhere = format!("/api/profiles/prof_kes_gb{path}?profile_group_id=grp_fjord");
        caller.get(&elsewhere).await.is(404, &not_found());
        caller.get(&elsewhere.replace("fjord", "kestrel")).await.has_status(200);
    }
    caller.delete("/api/profiles/prof_kes_gb?profile_group_id=grp_fjord").await.is(404, &not_found());
    caller.delete("/api/profiles/prof_kes_gb?profile_group_id=grp_kestrel").await.has_status(200);
    caller.get("/api/profiles/prof_kes_gb").await.is(404, &not_found());
}

#[tokio::test]
async fn a_scoped_key_sees_its_group_only_and_manages_none() {
    let caller = scoped(Caller::postproxy(demo()));
    assert_eq!(ids(&caller.get("/api/profiles").await).len(), 7);
    assert_eq!(ids(&caller.get("/api/profile_groups").await), ["grp_kestrel"]);
    caller.get("/api/profiles/prof_fjo_yt").await.is(404, &not_found());
    caller.get("/api/profile_groups/grp_fjord").await.is(404, &not_found());
    let refused = json!({"error": "Your API key has no such permission"});
    caller.post("/api/profile_groups", json!({"profile_group": {"name": "Mine"}})).await.is(422, &refused);
    caller.delete("/api/profile_groups/grp_kestrel").await.is(422, &refused);
}

#[tokio::test]
async fn deleting_a_group_deletes_its_profiles() {
    let caller = Caller::postproxy(demo());
    caller.delete("/api/profile_groups/grp_kestrel").await.has_status(200);
    assert_eq!(ids(&caller.get("/api/profiles").await).len(), 8);
    caller.get("/api/profiles/prof_kes_li").await.is(404, &not_found());
    caller.delete("/api/profile_groups/grp_kestrel").await.is(404, &not_found());
}

#[tokio::test]
async fn groups_are_created_from_the_documented_body_only() {
    let caller = Caller::postproxy(demo());
    caller.post("/api/profile_groups", json!({"name": "Flat"})).await.has_status(400);
    let blank = caller.post("/api/profile_groups", json!({"profile_group": {"name": " "}})).await;
    blank.is(422, &json!({"errors": ["Name can't be blank"]}));
    caller.post("/api/profile_groups", json!({"profile_group": {"name": "New"}})).await.has_status(201);
    assert_eq!(ids(&caller.get("/api/profile_groups").await).len(), 4);
}

#[tokio::test]
async fn placements_exist_for_five_networks() {
    let caller = Caller::postproxy(demo());
    let google = caller.get("/api/profiles/prof_kes_gb/placements").await;
    assert_eq!(ids(&google)[0], "accounts/123456789/locations/987654321");
    let unsupported = caller.get("/api/profiles/prof_kes_tw/placements").await;
    let message = "Placements are not supported for twitter profiles";
    unsupported.is(405, &json!({"status": 405, "error": "Method Not Allowed", "message": message}));
}

#[tokio::test]
async fn stats_of_placement_networks_need_a_placement() {
    let caller = Caller::postproxy(demo());
    for (id, platform) in [("prof_kes_li", "linkedin"), ("prof_kes_fb", "facebook"), ("prof_lum_tg", "telegram")] {
        let error = json!({"error": format!("placement_id is required for {platform} profiles")});
        caller.get(&format!("/api/profiles/{id}/stats")).await.is(400, &error);
        caller.get(&format!("/api/profiles/{id}/stats?placement_id=")).await.is(400, &error);
    }
    let twitter = caller.get("/api/profiles/prof_kes_tw/stats?placement_id=ignored").await.json();
    assert_eq!(twitter["data"]["placement_id"], Value::Null);
    assert_eq!(twitter["data"]["records"].as_array().unwrap().len(), 30);
    caller.get("/api/profiles/nobody/stats").await.is(404, &not_found());
}

#[tokio::test]
async fn from_and_to_are_inclusive_and_records_ascend() {
    let caller = Caller::postproxy(documents());
    let records = async |range: &str| -> Vec<String> {
        let target = format!("/api/profiles/prof_li_001/stats?placement_id=108520199&{range}");
        let data = caller.get(&target).await.json();
        let rows = data["data"]["records"].as_array().unwrap();
        rows.iter().map(|row| row["recorded_at"].as_str().unwrap()[8..10].to_owned()).collect()
    };
    assert_eq!(records("").await, ["09", "10", "11"]);
    assert_eq!(records("from=2026-05-10T08:00:00Z").await, ["10", "11"]);
    assert_eq!(records("from=2026-05-10T08:00:00.001Z").await, ["11"]);
    assert_eq!(records("to=2026-05-10T10:00:00%2B02:00").await, ["09", "10"]);
    assert_eq!(records("from=2026-05-10&to=2026-05-11").await, ["10"]);
    caller.get("/api/profiles/prof_li_001/stats?placement_id=108520199&from=soon").await.has_status(400);
}

#[tokio::test]
async fn the_summary_sums_numbers_and_leaves_out_the_rest() {
    let caller = Caller::postproxy(demo());
    let telegram = caller.get("/api/profiles/prof_lum_tg").await.json();
    assert_eq!(telegram["latest_stats"][0]["stats"]["channel_title"], "Lumen Studio");
    assert_eq!(telegram["summary_stats"]["stats"], json!({"followers_count": 2 * (640 + 3 * 29)}));
    let twitter = caller.get("/api/profiles/prof_kes_tw").await.json();
    assert_eq!(twitter["latest_stats"][0]["placement_id"], Value::Null);
    assert_eq!(twitter["summary_stats"], Value::Null);
    let unpolled = caller.get("/api/profiles/prof_lum_li").await.json();
    assert_eq!((&unpolled["latest_stats"], &unpolled["summary_stats"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn connecting_is_refused_as_documented() {
    let caller = Caller::postproxy(demo());
    let error = |text: &str| json!({"error": text});
    let coded = |text: &str, code: &str| json!({"error": text, "error_code": code});
    let bluesky = "Bluesky requires `identifier` (handle) and `app_password` in the payload. Generate an app password \
        at https://bsky.app/settings/app-passwords";
    let two_factor = "This account requires 2FA. Generate an app password at bsky.app/settings/app-passwords and use \
        that instead of your main password.";
    let no_token = "Telegram requires `bot_token` in the payload. Create a bot via @BotFather (https://t.me/BotFather) \
        and pass the token.";
    let bad_token = "Telegram bot token is invalid or revoked — please reconnect the profile.";
    let page = "https://myapp.com/done";
    for (body, status, expected) in [
        (json!({"network": "instagram", "redirect_url": page}), 422, error("Missing platform")),
        (json!({"platform": "tiktok"}), 422, error("Missing redirect_url")),
        (json!({"platform": "linkedin", "redirect_url": page}), 422, error("Platform already connected")),
        (json!({"platform": "bluesky", "identifier": "someone"}), 422, coded(bluesky, "missing_credentials")),
        (
            json!({"platform": "bluesky", "identifier": "someone", "app_password": "my real password"}),
            401,
            coded(two_factor, "bluesky_login_failed"),
        ),
        (json!({"platform": "telegram"}), 422, error(no_token)),
        (json!({"platform": "telegram", "bot_token": "12x:abc"}), 401, coded(bad_token, "telegram_connect_failed")),
    ] {
        caller.post(CONNECT, body).await.is(status, &expected);
    }
    caller.post("/api/profile_groups/none/initialize_connection", json!({})).await.is(404, &not_found());
}

#[tokio::test]
async fn an_account_of_another_group_is_already_connected() {
    let caller = Caller::postproxy(demo());
    let elsewhere = CONNECT.replace("kestrel", "lumen");
    let kestrel = "kestrelcoffee.bsky.social";
    let body = json!({"platform": "bluesky", "identifier": kestrel, "app_password": "abcd-efgh-ijkl-mnop"});
    let error = "This Bluesky profile is already connected to Postproxy.";
    let refused = json!({"error": error, "error_code": "account_is_already_connected"});
    caller.post(&elsewhere, body.clone()).await.is(422, &refused);
    // In its own group it is renewed.
    assert_eq!(caller.post(CONNECT, body).await.json()["profile"]["id"], "prof_kes_bs");

    let body = json!({"platform": "telegram", "bot_token": "42:secret"});
    caller.post(CONNECT, body.clone()).await.has_status(200);
    let error = "This Telegram bot is already connected to Postproxy.";
    let refused = json!({"error": error, "error_code": "account_is_already_connected"});
    caller.post(&elsewhere, body).await.is(422, &refused);
}

#[tokio::test]
async fn a_login_creates_a_profile_and_leads_back() {
    let caller = Caller::postproxy(demo());
    let body = json!({"platform": "tiktok", "redirect_url": "https://myapp.com/callback?org=123"});
    let link = caller.post(CONNECT, body).await.json()["url"].as_str().unwrap().to_owned();
    let page = link.strip_prefix("http://127.0.0.1").unwrap();
    let browser = Caller::anonymous(caller.router.clone());
    for code in ["user_abandoned", "account_is_already_connected", "update_failed"] {
        let back = browser.get(&format!("{page}?outcome={code}")).await;
        back.has_status(302);
        let expected = format!("https://myapp.com/callback?org=123&failure=true&error_code={code}");
        assert_eq!(back.header("location"), expected);
    }
    assert_eq!(ids(&caller.get("/api/profiles").await).len(), 15);
    let back = browser.get(page).await;
    assert_eq!(back.header("location"), "https://myapp.com/callback?org=123");
    let listed = caller.get("/api/profiles?profile_group_id=grp_kestrel").await.json();
    let created = listed["data"].as_array().unwrap().last().unwrap();
    assert_eq!((&created["platform"], &created["status"]), (&json!("tiktok"), &json!("active")));
    browser.get(page).await.has_status(404);
}

#[tokio::test]
async fn a_login_renews_a_broken_profile_and_on_request_a_sound_one() {
    let caller = Caller::postproxy(demo());
    let renew = async |group: &str, platform: &str, refresh: bool| {
        let body = json!({"platform": platform, "redirect_url": "https://myapp.com", "refresh_connection": refresh});
        let link = caller.post(&CONNECT.replace("kestrel", group), body).await.json();
        let page = link["url"].as_str().unwrap().strip_prefix("http://127.0.0.1").unwrap().to_owned();
        caller.get(&page).await.has_status(302);
    };
    renew("fjord", "facebook", false).await;
    let facebook = caller.get("/api/profiles/prof_fjo_fb").await.json();
    assert_eq!((&facebook["status"], &facebook["inactive_reason"]), (&json!("active"), &Value::Null));
    renew("kestrel", "linkedin", true).await;
    let linkedin = caller.get("/api/profiles/prof_kes_li").await.json();
    assert_eq!(linkedin["expires_at"], "2025-03-07T12:30:00Z");
    assert_eq!(ids(&caller.get("/api/profiles").await).len(), 15);
}

#[tokio::test(start_paused = true)]
async fn an_idempotency_key_replays_a_success_for_a_day() {
    let router = Emulator::builder().data(Data::Documents).into_router();
    let caller = Caller::postproxy(router);
    let create = async |key: &str, name: &str| {
        let body = json!({"profile_group": {"name": name}});
        caller.send(Method::POST, "/api/profile_groups", &[("idempotency-key", key)], Some(body)).await
    };
    let first = create("one", "Brand A").await;
    first.has_status(201);
    create("one", "Brand A").await.is(201, &first.json());
    create("one", "Brand B").await.has_status(422);
    create("two", "").await.has_status(422);
    create("two", "Brand A").await.has_status(201);
    assert_eq!(ids(&caller.get("/api/profile_groups").await).len(), 5);
    tokio::time::advance(Duration::from_secs(24 * 60 * 60)).await;
    let again = create("one", "Brand A").await;
    again.has_status(201);
    assert_ne!(again.json()["id"], first.json()["id"]);
}

#[tokio::test]
async fn the_demo_has_every_platform_and_every_state() {
    let rows = Caller::postproxy(demo()).get("/api/profiles").await.json();
    let rows = rows["data"].as_array().unwrap();
    let values =
        |name: &str| rows.iter().map(|row| row[name].as_str().unwrap()).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(values("platform").len(), 12);
    assert_eq!(values("status").into_iter().collect::<Vec<_>>(), ["active", "expired", "inactive"]);
}
