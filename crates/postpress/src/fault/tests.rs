//! Every documented type of error, and everything that is none.

use polyprofile_core::{Error, ErrorKind, Remedy};
use polyprofile_http::FailedAnswer;

use super::classify;

fn problem(status: u16, kind: &str) -> Error {
    let body = serde_json::json!({
        "title": "Title",
        "detail": "Detail",
        "instance": "req_1",
        "type": kind,
        "status": status,
        "connectionParams": { "password": "hunter2" },
    });
    classify(&FailedAnswer::new(status, body.to_string().as_bytes()))
}

#[test]
fn every_documented_type_has_its_meaning() {
    use ErrorKind as Kind;
    use Remedy::{AskVendor, FixConfiguration, FixKey, FixRequest, ReconnectAccount, Retry, Wait};
    let rows = [
        (401, "missing_credentials", Kind::ApiKey, false, FixKey),
        (401, "insufficient_privileges", Kind::ApiKey, false, FixKey),
        (401, "expired_credentials", Kind::ReconnectRequired, false, ReconnectAccount),
        (401, "disconnected_account", Kind::ReconnectRequired, false, ReconnectAccount),
        (401, "invalid_credentials", Kind::ReconnectRequired, false, ReconnectAccount),
        (401, "wrong_account", Kind::ReconnectRequired, false, ReconnectAccount),
        (401, "checkpoint_error", Kind::ReconnectRequired, false, ReconnectAccount),
        (401, "invalid_checkpoint_solution", Kind::ReconnectRequired, false, ReconnectAccount),
        (401, "invalid_credentials_but_valid_account_imap", Kind::ReconnectRequired, false, ReconnectAccount),
        (401, "disconnected_feature", Kind::ReconnectRequired, false, ReconnectAccount),
        (401, "multiple_sessions", Kind::ReconnectRequired, false, ReconnectAccount),
        (401, "invalid_proxy_credentials", Kind::Invalid, false, FixConfiguration),
        (401, "captcha_not_supported", Kind::ReconnectRequired, false, ReconnectAccount),
        (401, "expired_link", Kind::Invalid, false, FixRequest),
        (403, "account_restricted", Kind::Permission, false, ReconnectAccount),
        (403, "action_required", Kind::Permission, false, ReconnectAccount),
        (403, "unknown_authentication_context", Kind::Permission, false, ReconnectAccount),
        (403, "feature_not_subscribed", Kind::Permission, false, AskVendor),
        (403, "subscription_required", Kind::Permission, false, AskVendor),
        (403, "account_mismatch", Kind::Permission, false, AskVendor),
        (403, "insufficient_permissions", Kind::Permission, false, AskVendor),
        (403, "session_mismatch", Kind::Permission, false, AskVendor),
        (403, "resource_access_restricted", Kind::Permission, false, AskVendor),
        (404, "resource_not_found", Kind::NotFound, false, FixRequest),
        (404, "invalid_resource_identifier", Kind::NotFound, false, FixRequest),
        (422, "invalid_account", Kind::Invalid, false, FixRequest),
        (422, "user_unreachable", Kind::Invalid, false, FixRequest),
        (422, "unprocessable_entity", Kind::Invalid, false, FixRequest),
        (422, "account_configuration_error", Kind::Invalid, false, FixConfiguration),
        (422, "provider_unreachable", Kind::Unavailable, true, Retry),
        (422, "invalid_recipient", Kind::NotFound, false, FixRequest),
        (422, "limit_exceeded", Kind::RateLimited, false, Wait),
        (422, "cannot_resend_yet", Kind::RateLimited, false, Wait),
        (422, "unauthorized", Kind::Invalid, false, FixRequest),
        (429, "too_many_requests", Kind::RateLimited, true, Wait),
        (500, "unexpected_error", Kind::Unavailable, true, Retry),
        (500, "provider_error", Kind::Unavailable, true, Retry),
        (500, "authentication_intent_error", Kind::ReconnectRequired, false, ReconnectAccount),
        (501, "feature_not_implemented", Kind::Unsupported, false, FixRequest),
        (503, "no_client_session", Kind::Unavailable, true, Retry),
        (503, "no_channel", Kind::Unavailable, true, Retry),
        (503, "no_handler", Kind::Unavailable, true, Retry),
        (503, "network_down", Kind::Unavailable, true, Retry),
        (503, "service_unavailable", Kind::Unavailable, true, Retry),
        (504, "request_timeout", Kind::Timeout, true, Retry),
        (408, "request_timeout", Kind::Timeout, true, Retry),
        (400, "invalid_parameters", Kind::Invalid, false, FixRequest),
        (400, "missing_parameters", Kind::Invalid, false, FixRequest),
        (400, "malformed_request", Kind::Invalid, false, FixRequest),
        (400, "content_too_large", Kind::Invalid, false, FixRequest),
        (400, "invalid_url", Kind::Invalid, false, FixRequest),
        (400, "too_many_characters", Kind::Invalid, false, FixRequest),
        (400, "unescaped_characters", Kind::Invalid, false, FixRequest),
        (400, "limit_too_high", Kind::Invalid, false, FixRequest),
        (400, "invalid_request", Kind::Invalid, false, FixRequest),
        (407, "proxy_auth_error", Kind::Invalid, false, FixConfiguration),
        (409, "operation_canceled", Kind::Conflict, false, FixRequest),
        (409, "already_exists", Kind::Conflict, false, FixRequest),
        (425, "auth_in_progress", Kind::Conflict, true, Retry),
        (502, "proxy_error", Kind::Unavailable, true, Retry),
    ];
    for (status, kind, expected, retryable, remedy) in rows {
        for kind in [format!("errors/{kind}"), kind.to_owned()] {
            let error = problem(status, &kind);
            let found = (error.kind(), error.is_retryable(), error.remedy());
            assert_eq!(found, (expected, retryable, remedy), "{status} {kind}");
            assert_eq!(error.code(), Some(&*kind));
            assert_eq!(error.message(), "Detail");
            assert_eq!(error.request_id(), Some("req_1"));
            if kind.ends_with("unauthorized") {
                continue; // Too vague to say more than its status.
            }
            // A type means the same under a status that says something else.
            for status in [418, 503] {
                let error = problem(status, &kind);
                let found = (error.kind(), error.is_retryable(), error.remedy());
                assert_eq!(found, (expected, retryable, remedy), "{status} {kind}");
            }
        }
    }
}

#[test]
fn the_quickstart_envelope_is_read_as_well() {
    let body = br#"{"error":{"code":"key_missing","message":"No key.","request_id":"req_2"}}"#;
    let error = classify(&FailedAnswer::new(401, body));
    assert_eq!((error.kind(), error.remedy()), (ErrorKind::ApiKey, Remedy::FixKey));
    assert_eq!((error.code(), error.message(), error.request_id()), (Some("key_missing"), "No key.", Some("req_2")));
}

#[test]
fn without_an_explanation_the_title_speaks() {
    let error =
        classify(&FailedAnswer::new(404, br#"{"title":"Not found","type":"errors/resource_not_found","status":404}"#));
    assert_eq!((error.message(), error.request_id()), ("Not found", None));
}

#[test]
fn an_unknown_type_falls_back_to_the_status_line_and_is_kept() {
    let rows = [
        (400, ErrorKind::Invalid),
        (418, ErrorKind::Invalid),
        (429, ErrorKind::RateLimited),
        (503, ErrorKind::Unavailable),
    ];
    for (status, kind) in rows {
        let body = br#"{"title":"New","type":"errors/brand_new","status":404}"#;
        let error = classify(&FailedAnswer::new(status, body));
        assert_eq!((error.kind(), error.code(), error.message()), (kind, Some("errors/brand_new"), "New"), "{status}");
    }
}

#[test]
fn an_unknown_401_accuses_neither_the_key_nor_the_account() {
    // A body that is none of the vendor's may come from whatever stands in between: it says no more than the status.
    for body in [
        r#"{"title":"Unauthorized","type":"errors/brand_new","status":401}"#,
        r#"{"title":"Unauthorized"}"#,
        "<html>Unauthorized</html>",
        "",
        "[]",
        "{}",
    ] {
        let error = classify(&FailedAnswer::new(401, body.as_bytes()));
        assert_eq!((error.kind(), error.remedy()), (ErrorKind::Permission, Remedy::AskVendor), "{body}");
    }
}

#[test]
fn a_member_of_another_type_does_not_hide_the_others() {
    let body = br#"{"title":["?"],"detail":7,"type":"errors/disconnected_account","status":"401","error":"x"}"#;
    let error = classify(&FailedAnswer::new(401, body));
    assert_eq!((error.kind(), error.message()), (ErrorKind::ReconnectRequired, "7"));
}

#[test]
fn of_anything_else_only_the_type_and_length_are_told() {
    let bodies = [
        "<html>pp_live_secret</html>",
        "",
        "null",
        "[]",
        "\"pp_live_secret\"",
        "{}",
        r#"{"message":"pp_live_secret"}"#,
        r#"{"title":"cut sho"#,
        r#"{"error":{}}"#,
    ];
    for body in bodies {
        let error = classify(&FailedAnswer::new(502, body.as_bytes()));
        assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, None), "{body}");
        assert!(error.message().starts_with("an "), "{body}: {error}");
        assert!(!error.message().contains("secret"), "{body}: {error}");
    }
}

#[test]
fn nothing_but_the_documented_members_enters_an_error() {
    let error = problem(401, "errors/invalid_credentials");
    assert!(!format!("{error:?}").contains("hunter2"));
}
