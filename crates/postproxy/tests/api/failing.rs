//! Every documented error, and what no error may show.

use polyprofile_core::{
    ConnectCredentials, ConnectRequest, CreateGroup, ErrorKind, GetOptions, Operation, Platform, Remedy, StatsQuery,
    VendorApi as _,
};
use polyprofile_emulator::{Data, Emulator, Fault, FaultKind, POSTPROXY_KEY};
use serde_json::json;

use crate::support::{
    APP_PASSWORD, BOT_TOKEN, assert_error, by_bot, by_link, by_password, emulator, everything_shown, id, provider,
    provider_with, to_group,
};

/// What is asked for, then status, kind, remedy, code and the beginning of the message.
type Row = (ConnectRequest, u16, ErrorKind, Remedy, Option<&'static str>, &'static str);

#[tokio::test]
async fn every_documented_refusal_to_connect_has_its_kind_and_code() {
    let emulator = emulator(Data::Demo).await;
    let postproxy = provider(&emulator);
    let kestrel = || to_group("grp_kestrel");
    let no_return = ConnectCredentials::Link { return_url: String::new() };
    // Taken by the first group.
    postproxy.connect(by_bot(kestrel(), BOT_TOKEN)).await.expect("a bot");
    let rows: [Row; 10] = [
        (
            ConnectRequest::new(kestrel(), Platform::TikTok, no_return),
            422,
            ErrorKind::Invalid,
            Remedy::FixRequest,
            None,
            "Missing redirect_url",
        ),
        (
            by_link(kestrel(), Platform::Other(String::new())),
            422,
            ErrorKind::Invalid,
            Remedy::FixRequest,
            None,
            "Missing platform",
        ),
        (
            by_link(kestrel(), Platform::Twitter),
            422,
            ErrorKind::Conflict,
            Remedy::FixRequest,
            None,
            "Platform already connected",
        ),
        (
            by_password(kestrel(), "", APP_PASSWORD),
            422,
            ErrorKind::Invalid,
            Remedy::FixRequest,
            Some("missing_credentials"),
            "Bluesky requires `identifier` (handle) and `app_password` in the payload.",
        ),
        (
            by_password(kestrel(), "new.bsky.social", "the main password"),
            401,
            ErrorKind::ReconnectRequired,
            Remedy::ReconnectAccount,
            Some("bluesky_login_failed"),
            "This account requires 2FA.",
        ),
        (
            by_password(to_group("grp_fjord"), "kestrelcoffee.bsky.social", APP_PASSWORD),
            422,
            ErrorKind::Conflict,
            Remedy::FixRequest,
            Some("account_is_already_connected"),
            "This Bluesky profile is already connected to Postproxy.",
        ),
        (
            by_bot(kestrel(), ""),
            422,
            ErrorKind::Invalid,
            Remedy::FixRequest,
            None,
            "Telegram requires `bot_token` in the payload.",
        ),
        (
            by_bot(kestrel(), "no token at all"),
            401,
            ErrorKind::ReconnectRequired,
            Remedy::ReconnectAccount,
            Some("telegram_connect_failed"),
            "Telegram bot token is invalid or revoked — please reconnect the profile.",
        ),
        (
            by_bot(to_group("grp_fjord"), BOT_TOKEN),
            422,
            ErrorKind::Conflict,
            Remedy::FixRequest,
            Some("account_is_already_connected"),
            "This Telegram bot is already connected to Postproxy.",
        ),
        (by_link(to_group("gone"), Platform::TikTok), 404, ErrorKind::NotFound, Remedy::FixRequest, None, "Not found"),
    ];
    for (request, status, kind, remedy, code, message) in rows {
        let error = postproxy.connect(request).await.expect_err(message);
        assert_error(&error, kind, Operation::Connect, 1);
        assert_eq!((error.status(), error.remedy(), error.code()), (Some(status), remedy, code), "{error}");
        assert!(error.message().starts_with(message), "{error}");
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn a_wrong_key_is_told_from_wrong_credentials_of_an_account() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider_with(&emulator, |config| config.api_key = "sk-wrong-0123456789".into());
    let request = by_password(to_group("grp123abc"), "yourname.bsky.social", APP_PASSWORD);
    let profile = id(&postproxy, "prof123abc");
    for (error, operation) in [
        (postproxy.connect(request).await.expect_err("no key"), Operation::Connect),
        (postproxy.groups().await.expect_err("no key"), Operation::ListGroups),
        (postproxy.create_group(CreateGroup::named("G")).await.expect_err("no key"), Operation::CreateGroup),
        (postproxy.placements(&profile, GetOptions::new()).await.expect_err("no key"), Operation::ListPlacements),
        (postproxy.stats(StatsQuery::new(profile.clone())).await.expect_err("no key"), Operation::GetStats),
        (postproxy.delete_profile(&profile, GetOptions::new()).await.expect_err("no key"), Operation::DeleteProfile),
    ] {
        assert_error(&error, ErrorKind::ApiKey, operation, 1);
        assert_eq!((error.message(), error.remedy()), ("Invalid API key", Remedy::FixKey));
        assert!(!everything_shown(&error).contains("sk-wrong"), "{error}");
    }
}

/// Has the next answer say all of `texts`, wherever the vendor's documents have a text.
fn echo(emulator: &Emulator, status: u16, texts: &[&str]) {
    let said = texts.join(" and ");
    let body = json!({
        "success": false, "error": format!("Refused: {said}"), "error_code": said, "message": "",
        "url": format!("javascript:{said}"), "profile": {"id": [said], "name": said},
    });
    let kind = FaultKind::Status {
        status,
        headers: vec![("x-request-id".to_owned(), format!("id-{}", texts[0]))],
        body: body.to_string(),
        content_type: "application/json".to_owned(),
    };
    emulator.add_fault(Fault::new("/api", kind).times(1));
}

#[tokio::test]
async fn a_vendor_that_echoes_secrets_shows_them_to_nobody() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    for status in [200, 201, 400, 401, 403, 404, 409, 422] {
        for (secret, request) in [
            (APP_PASSWORD, by_password(to_group("g"), "yourname.bsky.social", APP_PASSWORD)),
            (BOT_TOKEN, by_bot(to_group("g"), BOT_TOKEN)),
        ] {
            echo(&emulator, status, &[secret, POSTPROXY_KEY]);
            if status == 409 {
                // It is tried again.
                echo(&emulator, 422, &[secret, POSTPROXY_KEY]);
            }
            let printed = format!("{request:?}");
            let error = postproxy.connect(request).await.expect_err("it is refused");
            let shown = everything_shown(&error);
            for hidden in [secret, POSTPROXY_KEY] {
                assert!(!shown.contains(hidden), "{status}: {shown}");
                assert!(!printed.contains(hidden), "{printed}");
            }
            assert!(shown.contains("Refused: [redacted] and [redacted]"), "{status}: {shown}");
        }
    }
    assert!(!format!("{postproxy:?}").contains(POSTPROXY_KEY));
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_shows_no_secret_either() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    for body in [
        json!({"success": true, "url": {"link": APP_PASSWORD}}),
        json!({"success": true, "url": format!("javascript:{APP_PASSWORD}")}),
        json!({"success": APP_PASSWORD}),
        json!([APP_PASSWORD]),
        json!(APP_PASSWORD),
    ] {
        let kind = FaultKind::Replace { body: body.to_string(), content_type: "application/json".to_owned() };
        emulator.add_fault(Fault::new("/api", kind).times(1));
        let request = by_password(to_group("g"), "yourname.bsky.social", APP_PASSWORD);
        let error = postproxy.connect(request).await.expect_err("it cannot be read");
        assert_error(&error, ErrorKind::Decode, Operation::Connect, 1);
        assert!(!everything_shown(&error).contains(APP_PASSWORD), "{error}");
    }
}
