use polyprofile_core::{
    CallbackOutcome, ConnectCredentials, ConnectOutcome, ConnectRequest, ConnectTarget, ConnectionKey, DeleteOutcome,
    ErrorKind, FieldIssue, Normalize as _, NormalizeContext, Platform, ProfileId, ProviderId, Remedy, Result,
    parse_timestamp,
};
use polyprofile_http::json::read_row;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::{callback, connect_body, connect_outcome, secret};
use crate::wire;

fn context() -> NormalizeContext {
    let seen_at = parse_timestamp("2026-05-12T08:00:00Z").expect("a timestamp");
    NormalizeContext::new(ProviderId::new("postproxy"), seen_at)
}

fn outcome(json: &str, requested: &Platform) -> (Result<ConnectOutcome>, Vec<String>) {
    let mut context = context();
    let outcome = read_row::<wire::Connection<'_>, _>(json.as_bytes(), |row, issues| {
        context.add_issues(issues.into_iter().map(FieldIssue::from));
        connect_outcome(row, requested, &mut context)
    });
    (outcome.expect("an object"), context.take_issues().into_iter().map(|issue| issue.path).collect())
}

fn deletion(json: &str) -> Result<DeleteOutcome> {
    let mut context = context();
    read_row::<wire::Deletion<'_>, _>(json.as_bytes(), |row, issues| {
        context.add_issues(issues.into_iter().map(FieldIssue::from));
        row.normalize(&mut context)
    })
    .expect("an object")
}

fn link() -> ConnectCredentials {
    ConnectCredentials::Link { return_url: "https://myapp.com/oauth/callback".to_owned() }
}

fn app_password() -> ConnectCredentials {
    let password = "xxxx-xxxx-xxxx-xxxx".into();
    ConnectCredentials::AppPassword { handle: "yourname.bsky.social".to_owned(), password }
}

fn bot_token() -> ConnectCredentials {
    ConnectCredentials::BotToken("123456789:ABCdef-GhIJklMnOpQrStUvWxYz".into())
}

fn new(platform: Platform, credentials: ConnectCredentials) -> ConnectRequest {
    ConnectRequest::new(ConnectTarget::New { group: None, profile: None }, platform, credentials)
}

fn body(request: &ConnectRequest) -> Value {
    let body = connect_body(request).map_err(|error| error.to_string()).expect("credentials that fit");
    serde_json::to_value(body).expect("JSON")
}

#[test]
fn the_documented_bodies() {
    assert_eq!(
        body(&new(Platform::Instagram, link())),
        json!({"platform": "instagram", "redirect_url": "https://myapp.com/oauth/callback"})
    );
    assert_eq!(
        body(&new(Platform::Bluesky, app_password())),
        json!({"platform": "bluesky", "identifier": "yourname.bsky.social", "app_password": "xxxx-xxxx-xxxx-xxxx"})
    );
    assert_eq!(
        body(&new(Platform::Telegram, bot_token())),
        json!({"platform": "telegram", "bot_token": "123456789:ABCdef-GhIJklMnOpQrStUvWxYz"})
    );
}

#[test]
fn a_renewal_says_so() {
    let profile = ProfileId::new(ProviderId::new("postproxy"), "p");
    let mut request = new(Platform::Bluesky, app_password());
    request.target = ConnectTarget::Reconnect(ConnectionKey::new(profile, Platform::Bluesky, None));
    assert_eq!(body(&request)["refresh_connection"], true);
}

#[test]
fn every_platform_goes_by_postproxys_name_and_an_unknown_one_by_its_own() {
    let names = [
        "facebook",
        "instagram",
        "tiktok",
        "linkedin",
        "youtube",
        "twitter",
        "threads",
        "pinterest",
        "google_business",
        "whatsapp",
        "Mastodon",
    ];
    for name in names {
        assert_eq!(body(&new(Platform::parse(name), link()))["platform"], name);
    }
    assert_eq!(body(&new(Platform::parse("x"), link()))["platform"], "twitter");
}

#[test]
fn credentials_of_another_form_are_refused_and_never_shown() {
    for (platform, credentials, takes) in [
        (Platform::Bluesky, link(), "app password"),
        (Platform::Bluesky, bot_token(), "app password"),
        (Platform::Telegram, link(), "bot"),
        (Platform::Telegram, app_password(), "bot"),
        (Platform::LinkedIn, app_password(), "return URL"),
        (Platform::LinkedIn, bot_token(), "return URL"),
        (Platform::Other("mastodon".to_owned()), bot_token(), "return URL"),
    ] {
        let request = new(platform, credentials);
        let Err(error) = connect_body(&request) else { panic!("{request:?}") };
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.message().contains("`credentials`") && error.message().contains(takes), "{error}");
        let shown = format!("{error} {error:?} {request:?}");
        assert!(!shown.contains("xxxx-xxxx") && !shown.contains("ABCdef"), "{shown}");
    }
}

#[test]
fn of_every_form_of_credentials_the_secret_part_is_known() {
    let secret = |credentials: &ConnectCredentials| secret(credentials).map(|secret| secret.expose_secret().to_owned());
    assert_eq!(secret(&app_password()).as_deref(), Some("xxxx-xxxx-xxxx-xxxx"));
    assert_eq!(secret(&bot_token()).as_deref(), Some("123456789:ABCdef-GhIJklMnOpQrStUvWxYz"));
    assert_eq!(secret(&link()), None);
}

#[test]
fn the_documented_link() {
    let (read, issues) = outcome(include_str!("../../../documents/connect_link.json"), &Platform::Instagram);
    let Ok(ConnectOutcome::Link(link)) = read else { panic!("{read:?}") };
    assert_eq!(link.expose_url(), "https://app.postproxy.dev/partner_connect/inv789xyz");
    assert_eq!(issues, [""; 0]);
    assert!(!format!("{link:?}").contains("inv789xyz"));
}

#[test]
fn the_documented_accounts() {
    let (read, issues) = outcome(include_str!("../../../documents/connect_bluesky.json"), &Platform::Bluesky);
    let Ok(ConnectOutcome::Connected(bluesky)) = read else { panic!("{read:?}") };
    assert_eq!(issues, [""; 0]);
    let (read, issues) = outcome(include_str!("../../../documents/connect_telegram.json"), &Platform::Telegram);
    let Ok(ConnectOutcome::Pending { account: telegram, next_step }) = read else { panic!("{read:?}") };
    assert_eq!(issues, [""; 0]);
    insta::assert_json_snapshot!((bluesky, telegram, next_step));
}

#[test]
fn what_an_account_does_not_tell_is_not_made_up() {
    let (read, issues) = outcome(r#"{"profile":{"id":""},"next_step":""}"#, &Platform::Bluesky);
    let Ok(ConnectOutcome::Connected(account)) = read else { panic!("{read:?}") };
    assert_eq!((account.profile, account.name, account.username), (None, None, None));
    assert_eq!(account.platform, Platform::Bluesky);
    let promised = ["/success", "/profile/id", "/profile/network", "/profile/name", "/profile/external_username"];
    assert_eq!(issues, promised);
}

#[test]
fn an_answer_that_connects_nothing_is_an_error() {
    for json in [
        "{}",
        r#"{"success":true}"#,
        r#"{"success":true,"url":null}"#,
        r#"{"success":true,"url":""}"#,
        r#"{"success":true,"url":"javascript:alert(1)"}"#,
        r#"{"success":true,"url":"/partner_connect/x"}"#,
        r#"{"success":true,"profile":"p"}"#,
    ] {
        let (read, _) = outcome(json, &Platform::LinkedIn);
        let error = read.expect_err(json);
        assert_eq!(error.kind(), ErrorKind::Decode, "{json}");
        assert!(!error.message().contains("javascript"), "{error}");
    }
}

#[test]
fn a_refusal_under_a_status_of_success_is_no_success() {
    let url = "https://app.postproxy.dev/partner_connect/x";
    let (read, _) = outcome(&json!({"success": false, "url": url}).to_string(), &Platform::LinkedIn);
    assert_eq!(read.expect_err("it says false").kind(), ErrorKind::Protocol);
    let taken = r#"{"success":false,"error":"Taken","error_code":"account_is_already_connected"}"#;
    let (read, _) = outcome(taken, &Platform::Bluesky);
    let error = read.expect_err("it says false");
    assert_eq!((error.kind(), error.message()), (ErrorKind::Conflict, "Taken"));
    for json in [
        r#"{"error":"Platform already connected"}"#,
        r#"{"success":true,"error":"Platform already connected","url":"https://app.postproxy.dev/partner_connect/x"}"#,
    ] {
        let (read, _) = outcome(json, &Platform::LinkedIn);
        assert_eq!(read.expect_err("it says error").kind(), ErrorKind::Conflict, "{json}");
    }
}

#[test]
fn the_documented_deletions() {
    for json in [
        include_str!("../../../documents/profile_deleted.json"),
        include_str!("../../../documents/profile_group_deleted.json"),
    ] {
        assert_eq!(deletion(json).expect("a confirmation"), DeleteOutcome::new(None));
    }
}

#[test]
fn only_a_confirmation_confirms() {
    let said = deletion(r#"{"success":true,"message":"gone"}"#).expect("a confirmation");
    assert_eq!(said.message.as_deref(), Some("gone"));
    for json in [r#"{"success":false}"#, r#"{"deleted":false}"#, r#"{"deleted":false,"success":true}"#] {
        assert_eq!(deletion(json).expect_err(json).kind(), ErrorKind::Protocol, "{json}");
    }
    let refused = deletion(r#"{"success":false,"error":"The group is not empty"}"#).expect_err("it says false");
    assert_eq!((refused.kind(), refused.message()), (ErrorKind::Invalid, "The group is not empty"));
    let contradicting = deletion(r#"{"success":true,"error":"Not found"}"#).expect_err("it says error");
    assert_eq!(contradicting.message(), "Not found");
    for json in ["{}", r#"{"success":null}"#, r#"{"success":"yes"}"#, r#"{"id":"p"}"#] {
        let error = deletion(json).expect_err(json);
        assert_eq!((error.kind(), error.remedy()), (ErrorKind::Decode, Remedy::CheckFirst), "{json}");
    }
}

type Pairs = &'static [(&'static str, &'static str)];

#[test]
fn a_return_url_tells_how_it_ended_and_keeps_the_callers_own_parameters() {
    // The URL, then whether it failed and with what code, then the caller's own parameters.
    let rows: &[(&str, Option<Option<&str>>, Pairs)] = &[
        (
            "https://myapp.com/callback?org=123&failure=true&error_code=user_abandoned",
            Some(Some("user_abandoned")),
            &[("org", "123")],
        ),
        ("https://myapp.com/callback?org=123", None, &[("org", "123")]),
        ("https://myapp.com/callback", None, &[]),
        ("myapp://callback?failure=true&error_code=update_failed#_=_", Some(Some("update_failed")), &[]),
        (
            "https://a.b/?error_code=account_is_already_connected&failure=true",
            Some(Some("account_is_already_connected")),
            &[],
        ),
        ("https://a.b/?failure=true", Some(None), &[]),
        ("https://a.b/?failure=true&error_code=", Some(None), &[]),
        ("https://a.b/?failure=true&error_code=new%20one", Some(Some("new one")), &[]),
        // Order, repetitions, empty values, and every way to encode.
        (
            "https://a.b/?z=1&a=%C3%BC%26%3D&z=2&e&f=&q=a+b%2Bc&failure=true&error_code=user_abandoned",
            Some(Some("user_abandoned")),
            &[("z", "1"), ("a", "ü&="), ("z", "2"), ("e", ""), ("f", ""), ("q", "a b+c")],
        ),
        // Parameters of the caller's own that only look like Postproxy's.
        ("https://a.b/?failure=false&error_code=mine", None, &[("failure", "false"), ("error_code", "mine")]),
        (
            "https://a.b/?failure=no&error_code=mine&failure=true&error_code=user_abandoned",
            Some(Some("user_abandoned")),
            &[("failure", "no"), ("error_code", "mine")],
        ),
    ];
    for (url, failed, own) in rows {
        let read = callback(url).expect(url);
        let code = match &read.outcome {
            CallbackOutcome::Failed { code, explanation } => {
                assert!(!explanation.is_empty());
                Some(code.as_deref())
            }
            _ => None,
        };
        assert_eq!(code, *failed, "{url}");
        let query: Vec<_> = read.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(query, *own, "{url}");
        assert_eq!(read.profile, None);
    }
}

#[test]
fn every_documented_code_is_explained_in_words_of_its_own() {
    let explained = |code: &str| match callback(&format!("https://a.b/?failure=true&error_code={code}")) {
        Ok(read) => read.outcome,
        Err(error) => panic!("{error}"),
    };
    let codes = ["user_abandoned", "account_is_already_connected", "update_failed", "unheard_of"];
    insta::assert_debug_snapshot!(codes.map(explained));
}

#[test]
fn what_is_no_url_is_invalid_and_not_repeated() {
    for text in
        ["", "callback?failure=true&state=s3cret", "/callback?failure=true&state=s3cret", "https://?state=s3cret"]
    {
        let error = callback(text).expect_err(text);
        assert_eq!(error.kind(), ErrorKind::Invalid, "{text}");
        assert!(error.message().contains("`url`") && !error.message().contains("s3cret"), "{error}");
    }
}
