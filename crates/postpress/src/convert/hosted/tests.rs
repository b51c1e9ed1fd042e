use polyprofile_core::{
    CallbackOutcome, ConnectCredentials, ConnectOutcome, DeleteOutcome, ErrorKind, Normalize as _, NormalizeContext,
    Platform, ProviderId, Remedy, Result, parse_timestamp,
};
use polyprofile_http::json::{RowType, read_row};
use serde_json::{Value, json};

use super::{callback, hosted_link, providers};
use crate::wire;

fn link(return_url: &str) -> ConnectCredentials {
    ConnectCredentials::Link { return_url: return_url.to_owned() }
}

fn body(purpose: wire::Purpose<'_>, return_url: &str) -> Value {
    let expires_on = parse_timestamp("2026-05-20T13:00:00Z").expect("a timestamp");
    let credentials = link(return_url);
    let body = hosted_link(purpose, &credentials, "https://api.postpress.ai", expires_on).expect("a link");
    serde_json::to_value(body).expect("JSON")
}

fn read<R: RowType, T>(json: &str, map: impl FnOnce(R::Row<'_>, &mut NormalizeContext) -> T) -> T {
    let seen_at = parse_timestamp("2026-05-20T12:00:00Z").expect("a timestamp");
    let mut context = NormalizeContext::new(ProviderId::new("postpress"), seen_at);
    read_row::<R, _>(json.as_bytes(), |row, _| map(row, &mut context)).expect("an object")
}

fn deleted(json: &str) -> Result<DeleteOutcome> {
    read::<wire::Deletion<'_>, _>(json, |row, context| row.normalize(context))
}

#[test]
fn the_documented_bodies() {
    let purpose = wire::Purpose::Create { providers: wire::Providers::List(["LINKEDIN"]) };
    assert_eq!(
        body(purpose, "https://example.com/back?state=a%26b"),
        json!({
            "type": "create",
            "providers": ["LINKEDIN"],
            "api_url": "https://api.postpress.ai",
            "expiresOn": "2026-05-20T13:00:00.000Z",
            "success_redirect_url": "https://example.com/back?state=a%26b",
            "failure_redirect_url": "https://example.com/back?state=a%26b&failure=true",
        })
    );
    assert_eq!(
        body(wire::Purpose::Reconnect { reconnect_account: "acc_1" }, "https://example.com/back"),
        json!({
            "type": "reconnect",
            "reconnect_account": "acc_1",
            "api_url": "https://api.postpress.ai",
            "expiresOn": "2026-05-20T13:00:00.000Z",
            "success_redirect_url": "https://example.com/back",
            "failure_redirect_url": "https://example.com/back?failure=true",
        })
    );
}

#[test]
fn every_platform_has_the_vendors_name_for_it() {
    let rows = [
        (Platform::LinkedIn, json!(["LINKEDIN"])),
        (Platform::WhatsApp, json!(["WHATSAPP"])),
        (Platform::Instagram, json!(["INSTAGRAM"])),
        (Platform::Messenger, json!(["MESSENGER"])),
        (Platform::Telegram, json!(["TELEGRAM"])),
        // Accounts call it GOOGLE_OAUTH, owners GMAIL.
        (Platform::Google, json!(["GOOGLE"])),
        (Platform::Outlook, json!(["OUTLOOK"])),
        (Platform::Twitter, json!(["TWITTER"])),
        (Platform::Mail, json!(["MAIL"])),
        (Platform::Other("THREEMA".to_owned()), json!(["THREEMA"])),
        (Platform::Other("*".to_owned()), json!("*")),
        (Platform::Other("*:MAILING".to_owned()), json!("*:MAILING")),
    ];
    for (platform, expected) in rows {
        let providers = providers(&platform).expect("it can be asked for");
        assert_eq!(serde_json::to_value(providers).expect("JSON"), expected);
    }
    for platform in [Platform::Bluesky, Platform::GoogleBusiness, Platform::Facebook, Platform::Slack] {
        let error = providers(&platform).expect_err("no such link");
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.message().contains("LinkedIn, WhatsApp"), "{error}");
    }
}

#[test]
fn only_a_link_with_a_return_url_fits() {
    let app_password = ConnectCredentials::AppPassword { handle: "h".to_owned(), password: "s3cret".into() };
    for credentials in [app_password, ConnectCredentials::BotToken("s3cret".into()), link("/back?x=s3cret"), link("")] {
        let purpose = wire::Purpose::Reconnect { reconnect_account: "acc_1" };
        let error = hosted_link(purpose, &credentials, "", chrono::DateTime::UNIX_EPOCH).expect_err("no return URL");
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}

#[test]
fn an_answer_must_hold_a_link_that_a_browser_opens() {
    let outcome = |json: &str| read::<wire::HostedUrl<'_>, _>(json, |row, context| row.normalize(context));
    for object in ["HostedAuthUrl", "HostedAuthURL"] {
        let json = json!({"object": object, "url": "https://account.postpress.ai/secret-token"}).to_string();
        let Ok(ConnectOutcome::Link(link)) = outcome(&json) else { panic!("a link") };
        assert_eq!(link.expose_url(), "https://account.postpress.ai/secret-token");
        assert!(!format!("{link:?}").contains("secret-token"));
    }
    for url in [json!(null), json!(""), json!("javascript:alert(1)"), json!("/relative"), json!(7)] {
        let error = outcome(&json!({"object": "HostedAuthUrl", "url": url}).to_string()).expect_err("no link");
        assert_eq!(error.kind(), ErrorKind::Decode, "{url}");
    }
}

#[test]
fn only_a_confirmation_is_a_deletion() {
    assert_eq!(deleted(r#"{"object":"AccountDeleted"}"#).expect("done").message, None);
    for other in [r#"{"object":"AccountFailedToDelete"}"#, "{}", r#"{"object":null}"#, r#"{"object":["x"]}"#] {
        let error = deleted(other).expect_err("not said");
        assert_eq!((error.kind(), error.remedy()), (ErrorKind::Decode, Remedy::CheckFirst), "{other}");
    }
}

#[test]
fn the_way_back_tells_a_failure_by_our_own_marker() {
    let rows = [
        ("https://example.com/back", false, vec![]),
        ("https://example.com/back?state=a%26b", false, vec![("state", "a&b")]),
        ("https://example.com/back?state=1&failure=true", true, vec![("state", "1")]),
        ("https://example.com/back?failure=true&failure=true", true, vec![("failure", "true")]),
        ("https://example.com/back?failure=no&error=x", false, vec![("failure", "no"), ("error", "x")]),
        // Not documented: it may be the caller's own.
        ("https://example.com/back?account_id=acc_1", false, vec![("account_id", "acc_1")]),
        ("myapp://back?failure=true#top", true, vec![]),
    ];
    for (url, failed, query) in rows {
        let read = callback(url).expect(url);
        assert_eq!(matches!(read.outcome, CallbackOutcome::Failed { code: None, .. }), failed, "{url}");
        assert_eq!(read.profile, None);
        let own: Vec<(&str, &str)> = read.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(own, query, "{url}");
    }
    for text in ["", "/back?state=s3cret"] {
        let error = callback(text).expect_err(text);
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}
