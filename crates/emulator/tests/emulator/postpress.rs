//! Postpress' rules: keys, pages, people, sections, hosted links, both sets of envelopes.

use axum::http::Method;
use polyprofile_emulator::{Data, Emulator, POSTCORE_KEY, POSTPRESS_KEY};
use serde_json::{Value, json};

use crate::support::{Caller, Reply, demo, documents};

const LINKEDIN: &str = "acc_linkedin_kestrel";

#[track_caller]
fn is_problem(reply: &Reply, status: u16, kind: &str) {
    let body = reply.json();
    assert_eq!((reply.status.as_u16(), body["type"].as_str().unwrap()), (status, format!("errors/{kind}").as_str()));
    assert_eq!(body["status"], status);
    for member in ["title", "detail", "instance"] {
        assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{member} in {body}");
    }
}

#[tokio::test]
async fn the_key_comes_in_either_header() {
    let router = documents();
    let bearer = Caller::anonymous(router.clone()).with_header("authorization", &format!("Bearer {POSTPRESS_KEY}"));
    bearer.get("/v1/accounts").await.has_status(200);
    Caller::postpress(router.clone()).get("/v1/accounts").await.has_status(200);
    let anonymous = Caller::anonymous(router);
    for caller in [anonymous.clone(), anonymous.with_header("x-api-key", POSTCORE_KEY)] {
        for (method, path) in [
            (Method::GET, "/accounts"),
            (Method::GET, "/accounts/x"),
            (Method::DELETE, "/accounts/x"),
            (Method::POST, "/hosted/accounts/link"),
            (Method::GET, "/users/me"),
            (Method::GET, "/users/jordan-walke"),
        ] {
            for base in ["/v1", "/api/v1"] {
                let reply = caller.send(method.clone(), &format!("{base}{path}"), &[], None).await;
                is_problem(&reply, 401, "missing_credentials");
            }
        }
    }
}

#[tokio::test]
async fn accounts_come_in_pages() {
    let caller = Caller::postpress(demo());
    let whole = caller.get("/v1/accounts").await.json();
    assert_eq!((&whole["object"], &whole["cursor"]), (&json!("AccountList"), &Value::Null));
    let mut items = Vec::new();
    let mut target = "/v1/accounts?limit=5".to_owned();
    let mut pages = 0;
    loop {
        let page = caller.get(&target).await.json();
        items.extend(page["items"].as_array().unwrap().clone());
        pages += 1;
        let Some(cursor) = page["cursor"].as_str() else { break };
        target = format!("/v1/accounts?limit=5&cursor={cursor}");
    }
    assert_eq!((pages, Value::from(items)), (3, whole["items"].clone()));
    for (query, kind) in [
        ("limit=0", "invalid_parameters"),
        ("limit=many", "invalid_parameters"),
        ("limit=251", "limit_too_high"),
        ("cursor=zzz", "invalid_parameters"),
    ] {
        is_problem(&caller.get(&format!("/v1/accounts?{query}")).await, 400, kind);
    }
    caller.get("/v1/accounts?limit=250").await.has_status(200);
}

#[tokio::test]
async fn an_account_is_read_and_deleted() {
    let caller = Caller::postpress(demo());
    let account = caller.get(&format!("/api/v1/accounts/{LINKEDIN}")).await.json();
    assert_eq!((&account["object"], &account["type"]), (&json!("Account"), &json!("LINKEDIN")));
    assert_eq!(account["connection_params"]["im"]["organizations"].as_array().unwrap().len(), 2);
    caller.delete(&format!("/v1/accounts/{LINKEDIN}")).await.is(200, &json!({"object": "AccountDeleted"}));
    is_problem(&caller.get(&format!("/v1/accounts/{LINKEDIN}")).await, 404, "resource_not_found");
    is_problem(&caller.delete(&format!("/v1/accounts/{LINKEDIN}")).await, 404, "resource_not_found");
}

#[tokio::test]
async fn connection_params_have_the_form_of_their_type() {
    let synthetic = Emulator::builder().data(Data::Synthetic { profiles: 200, seed: 1 }).into_router();
    for router in [demo(), documents(), synthetic] {
        let accounts = Caller::postpress(router).get("/v1/accounts?limit=250").await.json();
        for account in accounts["items"].as_array().unwrap() {
            let (part, required): (_, &[&str]) = match account["type"].as_str().unwrap() {
                "LINKEDIN" => ("im", &["id", "username", "organizations"]),
                "WHATSAPP" => ("im", &["phone_number"]),
                "TELEGRAM" => ("im", &["user_id", "username"]),
                "INSTAGRAM" | "MESSENGER" | "TWITTER" => ("im", &["id", "username"]),
                "GOOGLE_OAUTH" | "OUTLOOK" => ("mail", &["id", "username"]),
                "MAIL" => ("mail", &["imap_host", "imap_port", "imap_user", "smtp_host", "smtp_port", "smtp_user"]),
                other => panic!("{other} has no line in this table"),
            };
            for field in required {
                assert!(!account["connection_params"][part][field].is_null(), "{field} of {account}");
            }
        }
    }
}

#[tokio::test]
async fn the_demo_has_every_source_status() {
    let accounts = Caller::postpress(demo()).get("/v1/accounts").await.json();
    let statuses: std::collections::BTreeSet<_> = accounts["items"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|account| account["sources"].as_array().unwrap())
        .map(|source| source["status"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        statuses.into_iter().collect::<Vec<_>>(),
        ["CONNECTING", "CREDENTIALS", "ERROR", "OK", "PERMISSIONS", "STOPPED"]
    );
}

#[tokio::test]
async fn people_are_refused_as_documented() {
    let caller = Caller::postpress(demo());
    for (target, status, kind) in [
        ("ada-nyberg".to_owned(), 400, "missing_parameters"),
        ("me".to_owned(), 400, "missing_parameters"),
        (format!("nobody?account_id={LINKEDIN}"), 404, "resource_not_found"),
        ("ada-nyberg?account_id=nobody".to_owned(), 404, "resource_not_found"),
        ("me?account_id=nobody".to_owned(), 404, "resource_not_found"),
        ("ada-nyberg?account_id=acc_linkedin_jonas".to_owned(), 401, "disconnected_account"),
        ("me?account_id=acc_linkedin_jonas".to_owned(), 401, "disconnected_account"),
        ("ada-nyberg?account_id=acc_outlook_fjord".to_owned(), 422, "invalid_account"),
        // A person of another network.
        ("ada-nyberg?account_id=acc_twitter_kestrel".to_owned(), 404, "resource_not_found"),
        (format!("ada-nyberg?account_id={LINKEDIN}&linkedin_sections=hobbies"), 400, "invalid_parameters"),
        (format!("ada-nyberg?account_id={LINKEDIN}&linkedin_sections=about_preview"), 400, "invalid_parameters"),
        (format!("ada-nyberg?account_id={LINKEDIN}&notify=maybe"), 400, "invalid_parameters"),
        (format!("ada-nyberg?account_id={LINKEDIN}&linkedin_api=secret"), 400, "invalid_parameters"),
        (format!("ada-nyberg?account_id={LINKEDIN}&linkedin_api=recruiter"), 403, "feature_not_subscribed"),
    ] {
        is_problem(&caller.get(&format!("/v1/users/{target}")).await, status, kind);
    }
    let fine = format!("/v1/users/ada-nyberg?account_id={LINKEDIN}&linkedin_api=sales_navigator&notify=true");
    caller.get(&fine).await.has_status(200);
}

#[tokio::test]
async fn sections_come_when_asked_for_however_the_list_is_written() {
    let caller = Caller::postpress(demo());
    let person = async |id: &str, query: &str| {
        let reply = caller.get(&format!("/v1/users/{id}?account_id={LINKEDIN}{query}")).await;
        reply.has_status(200);
        reply.json()
    };
    let bare = person("ada-nyberg", "").await;
    let sections = ["work_experience", "education", "skills", "languages", "projects", "recommendations", "summary"];
    for name in sections.into_iter().chain(["work_experience_total_count", "recruiting_activity"]) {
        assert_eq!(bare.get(name), None, "{name}");
    }
    assert_eq!(bare["headline"], "Head of Roasting at Kestrel Coffee");
    let joined = person("ada-nyberg", "&linkedin_sections=experience,skills").await;
    let repeated = person("ada-nyberg", "&linkedin_sections=experience&linkedin_sections=skills").await;
    assert_eq!(joined, repeated);
    assert_eq!((joined["work_experience"].as_array().unwrap().len(), joined.get("education")), (3, None));
    assert_eq!(joined["skills_total_count"], 12);

    let all = person("ada-nyberg", "&linkedin_sections=*").await;
    assert!(sections.iter().all(|name| all.get(name).is_some()));
    let preview = person("ada-nyberg", "&linkedin_sections=*_preview").await;
    assert_eq!(preview["work_experience"].as_array().unwrap().len(), 2);
    assert_eq!(preview["work_experience_total_count"], 3);
    let mixed = person("ada-nyberg", "&linkedin_sections=experience,*_preview,recommendations_given_preview").await;
    assert_eq!(mixed["work_experience"].as_array().unwrap().len(), 3);
    assert_eq!(mixed["skills"].as_array().unwrap().len(), 2);
    let given = person("ada-nyberg", "&linkedin_sections=recommendations_given").await;
    assert_eq!(
        given["recommendations"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["given", "given_total_count"]
    );
}

#[tokio::test]
async fn a_throttled_section_is_empty_and_named() {
    let target = format!(
        "/v1/users/tomas-herrera?account_id={LINKEDIN}&linkedin_sections=experience&linkedin_sections=education"
    );
    let person = Caller::postpress(demo()).get(&target).await.json();
    assert_eq!(person["throttled_sections"], json!(["experience"]));
    assert_eq!((&person["work_experience"], &person["work_experience_total_count"]), (&json!([]), &json!(31)));
    assert_eq!(person["education"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn owners_come_in_the_documented_variants() {
    let caller = Caller::postpress(demo());
    for (account, provider) in [
        (LINKEDIN, "LINKEDIN"),
        ("acc_telegram_sigrid", "TELEGRAM"),
        ("acc_twitter_kestrel", "TWITTER"),
        ("acc_google_office", "GMAIL"),
        ("acc_outlook_fjord", "OUTLOOK"),
        ("acc_mail_archive", "IMAP"),
    ] {
        let owner = caller.get(&format!("/v1/users/me?account_id={account}")).await.json();
        assert_eq!((&owner["object"], &owner["provider"]), (&json!("AccountOwnerProfile"), &json!(provider)));
    }
    // The fields that the vendor's schema requires of each variant, beyond `object` and `provider`.
    for (account, required) in [
        ("acc_telegram_sigrid", &["provider_id", "profile_picture_url"][..]),
        ("acc_google_office", &["email", "aliases"]),
        (
            "acc_outlook_fjord",
            &["id", "email", "display_name", "given_name", "surname", "user_principal_name", "preferred_language"],
        ),
        ("acc_mail_archive", &["connection_params"]),
    ] {
        let owner = caller.get(&format!("/v1/users/me?account_id={account}")).await.json();
        for field in required {
            assert!(!owner[field].is_null(), "{field} of {account}");
        }
    }
    let twitter = caller.get("/v1/users/me?account_id=acc_twitter_kestrel").await.json();
    let mut person = caller.get("/v1/users/kestrelcoffee?account_id=acc_twitter_kestrel").await.json();
    person["object"] = json!("AccountOwnerProfile");
    assert_eq!(twitter, person);
    let instagram = caller.get("/v1/users/me?account_id=acc_instagram_kestrel").await;
    is_problem(&instagram, 422, "invalid_account");
}

async fn hosted_page(caller: &Caller, body: Value) -> String {
    let link = caller.post("/v1/hosted/accounts/link", body).await;
    link.has_status(201);
    assert_eq!(link.json()["object"], "HostedAuthUrl");
    link.json()["url"].as_str().unwrap().strip_prefix("http://127.0.0.1").unwrap().to_owned()
}

#[tokio::test]
async fn a_hosted_link_creates_or_reconnects_an_account() {
    let caller = Caller::postpress(demo());
    let create = json!({
        "type": "create", "providers": ["GOOGLE"], "expiresOn": "2025-01-07T00:00:00.000Z", "name": "Client",
        "success_redirect_url": "https://myapp.com/ok?x=1", "failure_redirect_url": "https://myapp.com/failed",
    });
    let page = hosted_page(&caller, create).await;
    let failed = caller.get(&format!("{page}?outcome=failure")).await;
    assert_eq!((failed.status.as_u16(), failed.header("location")), (302, "https://myapp.com/failed"));
    assert_eq!(caller.get(&page).await.header("location"), "https://myapp.com/ok?x=1");
    caller.get(&page).await.has_status(404);
    let accounts = caller.get("/v1/accounts").await.json();
    let created = accounts["items"].as_array().unwrap().last().unwrap();
    assert_eq!((&created["type"], &created["name"]), (&json!("GOOGLE_OAUTH"), &json!("Client")));
    assert_eq!(
        created["connection_params"],
        json!({"mail": {"id": "client@example.com", "username": "client@example.com"}})
    );

    let expires_on = "2025-01-07T00:00:00.000Z";
    let reconnect = json!({"type": "reconnect", "reconnect_account": "acc_linkedin_jonas", "expiresOn": expires_on});
    let page = hosted_page(&caller, reconnect).await;
    caller.get(&page).await.has_status(200);
    let account = caller.get("/v1/accounts/acc_linkedin_jonas").await.json();
    assert_eq!(account["sources"][0]["status"], "OK");

    let expired = json!({"type": "create", "providers": "*", "expiresOn": "2025-01-06T12:30:00.000Z"});
    let page = hosted_page(&caller, expired).await;
    is_problem(&caller.get(&page).await, 401, "expired_link");
}

#[tokio::test]
async fn a_hosted_link_is_refused_when_malformed() {
    let caller = Caller::postpress(demo());
    let moment = "2025-01-07T00:00:00.000Z";
    for (body, status, kind) in [
        (json!({"type": "create", "providers": "*"}), 400, "missing_parameters"),
        (json!({"type": "create", "expiresOn": moment}), 400, "missing_parameters"),
        (json!({"providers": "*", "expiresOn": moment}), 400, "missing_parameters"),
        (json!({"type": "reconnect", "expiresOn": moment}), 400, "missing_parameters"),
        (json!({"type": "create", "providers": "*", "expiresOn": "2025-01-07T00:00:00Z"}), 400, "invalid_parameters"),
        (json!({"type": "create", "providers": ["GOOGLE_OAUTH"], "expiresOn": moment}), 400, "invalid_parameters"),
        (json!({"type": "repeat", "providers": "*", "expiresOn": moment}), 400, "invalid_parameters"),
        (json!({"type": "reconnect", "reconnect_account": "x", "expiresOn": moment}), 404, "resource_not_found"),
        (json!([]), 400, "malformed_request"),
    ] {
        is_problem(&caller.post("/v1/hosted/accounts/link", body).await, status, kind);
    }
}

#[tokio::test]
async fn the_quickstart_has_other_envelopes() {
    let router = Emulator::builder().data(Data::Documents).postpress_quickstart_envelopes(true).into_router();
    let page = Caller::postpress(router.clone()).get("/v1/accounts?limit=2").await.json();
    assert_eq!(page.as_object().unwrap().keys().collect::<Vec<_>>(), ["data", "next_cursor"]);
    assert!(page["next_cursor"].is_string());
    for (caller, target, status, code) in [
        (Caller::anonymous(router.clone()), "/v1/accounts", 401, "key_missing"),
        (Caller::postpress(router.clone()), "/v1/accounts/x", 404, "resource_not_found"),
        (Caller::postpress(router), "/v1/nothing", 404, "resource_not_found"),
    ] {
        let reply = caller.get(target).await;
        reply.has_status(status);
        let error = &reply.json()["error"];
        assert_eq!(error["code"], code);
        assert!(error["message"].is_string() && error["request_id"].is_string());
    }
}
