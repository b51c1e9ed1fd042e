use polyprofile_core::{
    CallbackOutcome, ConnectCredentials, ConnectOutcome, ConnectRequest, ConnectTarget, ConnectedAccount,
    DeleteOutcome, ErrorKind, FieldIssue, Normalize as _, NormalizeContext, Platform, Profile, ProfileId, ProviderId,
    Result, parse_timestamp,
};
use polyprofile_http::json::{RowType, read_row};
use serde_json::{Value, json};

use super::{Way, callback, connect_outcome, way};
use crate::wire;

fn context() -> NormalizeContext {
    let seen_at = parse_timestamp("2025-01-06T12:30:00Z").expect("a timestamp");
    NormalizeContext::new(ProviderId::new("postcore"), seen_at)
}

/// Reads an answer as the provider will, and gives the paths of the issues too.
fn read<R: RowType, T>(json: &str, map: impl FnOnce(R::Row<'_>, &mut NormalizeContext) -> T) -> (T, Vec<String>) {
    let mut context = context();
    let mapped = read_row::<R, _>(json.as_bytes(), |row, issues| {
        context.add_issues(issues.into_iter().map(FieldIssue::from));
        map(row, &mut context)
    });
    (mapped.expect("an object"), context.take_issues().into_iter().map(|issue| issue.path).collect())
}

fn created(json: &str) -> (Option<Profile>, Vec<String>) {
    read::<wire::CreatedProfile<'_>, _>(json, |row, context| row.normalize(context))
}

fn deleted(json: &str) -> Result<DeleteOutcome> {
    read::<wire::Deletion<'_>, _>(json, |row, context| row.normalize(context)).0
}

fn connected(json: &str, profile: Option<&str>) -> Result<ConnectedAccount> {
    let outcome = read::<wire::Connection<'_>, _>(json, |row, context| {
        connect_outcome(row, &Platform::Bluesky, profile, context)
    });
    match outcome.0? {
        ConnectOutcome::Connected(account) => Ok(account),
        other => panic!("connected at once: {other:?}"),
    }
}

fn link(return_url: &str) -> ConnectCredentials {
    ConnectCredentials::Link { return_url: return_url.to_owned() }
}

fn app_password() -> ConnectCredentials {
    ConnectCredentials::AppPassword { handle: "john.bsky.social".to_owned(), password: "abcd-efgh-ijkl-mnop".into() }
}

fn request(platform: Platform, credentials: ConnectCredentials) -> ConnectRequest {
    ConnectRequest::new(ConnectTarget::New { group: None, profile: None }, platform, credentials)
}

#[test]
fn of_a_new_profile_nothing_is_made_up() {
    let (profile, issues) = created(include_str!("../../../documents/created.json"));
    let profile = profile.expect("a key");
    assert_eq!(profile.id.to_string(), "postcore/prof_abc123def456");
    assert_eq!(profile.name.as_deref(), Some("User: john@example.com"));
    assert_eq!((profile.created_at, profile.connected_platforms.len()), (None, 0));
    assert_eq!(issues, [""; 0], "no moment is promised, so none is missing");

    assert_eq!(created(r#"{"profileKey":"p","profileName":null}"#).0.expect("a key").name, None);
    for keyless in [r#"{"profileName":"n"}"#, r#"{"profileKey":""}"#, r#"{"profileKey":null}"#] {
        assert_eq!(created(keyless), (None, vec!["/profileKey".to_owned()]), "{keyless}");
    }
}

#[test]
fn what_was_said_about_a_deletion_is_kept() {
    let document = include_str!("../../../documents/deleted.json");
    let said = deleted(document).expect("a success").message;
    assert_eq!(said.as_deref(), Some("Profile deleted successfully"));
    assert_eq!(deleted("{}").expect("a success").message, None);
    let refused = deleted(r#"{"error":"PROFILE_NOT_FOUND","message":"Profile not found"}"#).expect_err("a refusal");
    assert_eq!((refused.kind(), refused.code()), (ErrorKind::NotFound, Some("PROFILE_NOT_FOUND")));
}

#[test]
fn each_platform_takes_its_own_credentials() {
    let asked = request(Platform::LinkedIn, link("https://example.com/back?a=1"));
    assert!(matches!(way(&asked, None), Ok(Way::Link("https://example.com/back?a=1"))));

    let asked = request(Platform::Bluesky, app_password());
    let bodies = [
        (
            None,
            json!({"platform": "bluesky", "credentials": {"handle": "john.bsky.social", "appPassword": "abcd-efgh-ijkl-mnop"}}),
        ),
        (
            Some("p"),
            json!({"profileKey": "p", "platform": "bluesky", "credentials": {"handle": "john.bsky.social", "appPassword": "abcd-efgh-ijkl-mnop"}}),
        ),
    ];
    for (profile, expected) in bodies {
        let Ok(Way::Body(body, _)) = way(&asked, profile) else { panic!("Bluesky takes credentials") };
        assert_eq!(serde_json::to_value(body).expect("JSON"), expected);
    }
}

#[test]
fn of_an_unknown_platform_the_vendor_decides() {
    let mastodon = || Platform::Other("mastodon".to_owned());
    assert!(matches!(way(&request(mastodon(), link("https://example.com")), None), Ok(Way::Link(_))));
    let asked = request(mastodon(), app_password());
    let Ok(Way::Body(body, _)) = way(&asked, None) else { panic!("credentials go into a body") };
    assert_eq!(body.platform, "mastodon");
}

#[test]
fn what_postcore_does_not_connect_says_what_it_does_connect() {
    let refused = |platform, credentials| {
        way(&request(platform, credentials), None).map(|_| Value::Null).expect_err("nothing is sent")
    };
    let rows = [
        (ErrorKind::Unsupported, refused(Platform::Instagram, link("https://example.com"))),
        (ErrorKind::Unsupported, refused(Platform::Telegram, ConnectCredentials::BotToken("1:token".into()))),
        (ErrorKind::Invalid, refused(Platform::LinkedIn, app_password())),
        (ErrorKind::Invalid, refused(Platform::Bluesky, link("https://example.com"))),
        (ErrorKind::Invalid, refused(Platform::Other("x".to_owned()), ConnectCredentials::BotToken("1:token".into()))),
    ];
    for (kind, error) in rows {
        assert_eq!(error.kind(), kind, "{error}");
        assert!(
            error.message().contains("LinkedIn by a link") && error.message().contains("Bluesky by a handle"),
            "{error}"
        );
        assert!(!error.to_string().contains("token") && !error.to_string().contains("abcd"), "{error}");
    }
    let error = refused(Platform::LinkedIn, link("/connected?state=s3cret"));
    assert!(error.message().starts_with("`return_url`") && !error.message().contains("s3cret"), "{error}");
}

#[test]
fn of_an_undocumented_answer_what_fits_is_taken() {
    let account = connected(r#"{"profileKey":"p1","platform":"bluesky","username":"j.bsky.social"}"#, None);
    let account = account.expect("connected");
    assert_eq!(account.profile.map(|id| id.key).as_deref(), Some("p1"));
    assert_eq!(
        (account.platform, account.username.as_deref(), account.name),
        (Platform::Bluesky, Some("j.bsky.social"), None)
    );

    // Nothing fits: the profile is known from the request, the rest is not told.
    for other in ["{}", r#"{"success":true}"#, r#"{"profileKey":"","username":7.5,"platform":null}"#] {
        let account = connected(other, Some("p2")).expect("connected");
        assert_eq!(account.profile, Some(ProfileId::new(ProviderId::new("postcore"), "p2")), "{other}");
        assert_eq!((account.platform, account.name), (Platform::Bluesky, None), "{other}");
        assert_eq!(connected("{}", None).expect("connected").profile, None);
    }
}

#[test]
fn a_refusal_inside_a_success_is_a_refusal() {
    let error = connected(r#"{"error":"INVALID_CREDENTIALS","message":"Invalid Bluesky credentials"}"#, None);
    let error = error.expect_err("a refusal");
    assert_eq!((error.kind(), error.code()), (ErrorKind::ReconnectRequired, Some("INVALID_CREDENTIALS")));
    assert_eq!(error.message(), "Invalid Bluesky credentials");
}

#[test]
fn callbacks_are_read_and_the_callers_own_query_is_kept() {
    type Row =
        (&'static str, Option<&'static str>, Option<Option<&'static str>>, &'static [(&'static str, &'static str)]);
    #[rustfmt::skip]
    let rows: [Row; 10] = [
        ("https://example.com/back?profileKey=prof_1", Some("prof_1"), None, &[]),
        ("https://example.com/back?state=a%26b&profileKey=prof_1#_=_", Some("prof_1"), None, &[("state", "a&b")]),
        // The caller's own parameter of the same name came first.
        ("https://example.com/back?profileKey=own&profileKey=prof_1", Some("prof_1"), None, &[("profileKey", "own")]),
        ("myapp://connected?profileKey=prof_1", Some("prof_1"), None, &[]),
        ("https://example.com/back", None, None, &[]),
        ("https://example.com/back?profileKey=&failure=false&error=", None, None, &[("profileKey", ""), ("failure", "false"), ("error", "")]),
        ("https://example.com/back?state=1&error=access_denied", None, Some(Some("access_denied")), &[("state", "1")]),
        ("https://example.com/back?failure=true", None, Some(None), &[]),
        ("https://example.com/back?failure=true&error=e&error_code=user_abandoned&profileKey=p", Some("p"), Some(Some("user_abandoned")), &[]),
        ("https://example.com/back?errorCode=X", None, Some(Some("X")), &[]),
    ];
    for (url, profile, failure, query) in rows {
        let read = callback(url, |key| ProfileId::new(ProviderId::new("postcore"), key)).expect(url);
        assert_eq!(read.profile.map(|id| id.key).as_deref(), profile, "{url}");
        let own: Vec<(&str, &str)> = read.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(own, query, "{url}");
        match (read.outcome, failure) {
            (CallbackOutcome::Returned, None) => {}
            (CallbackOutcome::Failed { code, explanation }, Some(expected)) => {
                assert_eq!(code.as_deref(), expected, "{url}");
                assert!(explanation.contains("does not document"), "{explanation}");
            }
            (outcome, _) => panic!("{url}: {outcome:?}"),
        }
    }
    for text in ["", "/back?profileKey=s3cret", "back?profileKey=s3cret"] {
        let error = callback(text, |key| ProfileId::new(ProviderId::new("postcore"), key)).expect_err(text);
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}
