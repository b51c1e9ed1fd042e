//! Refusals with a body that a vendor documents, and how long each asks to wait.

use std::time::Duration;

use polyprofile::ErrorKind::{
    self, ApiKey, Conflict, Invalid, NotFound, Permission, RateLimited, ReconnectRequired, Timeout, Unavailable,
    Unsupported,
};
use serde_json::{Value, json};

use crate::{
    matrix::{Expected, Fault, QUICK, THROTTLED, once, thrice},
    seconds,
    server::Reply,
};

/// Status and body, then kind, requests and the vendor's code.
type Row = (u16, Value, ErrorKind, u32, Option<&'static str>);

pub(crate) fn explained_refusals() -> Vec<Fault> {
    let of_vendor = |vendor, rows: Vec<Row>| {
        rows.into_iter().map(move |(status, body, kind, requests, code)| {
            let within = match (requests, kind) {
                (1, _) => Duration::ZERO,
                (_, RateLimited) => THROTTLED,
                _ => QUICK,
            };
            let mut expected = once(kind).after(requests, within);
            if let Some(code) = code {
                expected = expected.code(code);
            }
            let body = body.to_string();
            Fault::new(format!("{status} {body}"), move |_| Reply::status(status, &body)).is(expected).only(vendor)
        })
    };
    of_vendor("postproxy", postproxy())
        .chain(of_vendor("postcore", postcore()))
        .chain(of_vendor("postpress", postpress()))
        .collect()
}

fn postproxy() -> Vec<Row> {
    let coded = |code: &str| json!({"error": "No.", "error_code": code});
    vec![
        (400, json!({"error": "placement_id is required for linkedin profiles"}), Invalid, 1, None),
        (400, json!({"status": 400, "error": "Bad Request", "message": "profile_group is missing"}), Invalid, 1, None),
        (401, json!({"error": "Invalid API key"}), ApiKey, 1, None),
        (401, coded("bluesky_login_failed"), ReconnectRequired, 1, Some("bluesky_login_failed")),
        (401, coded("telegram_connect_failed"), ReconnectRequired, 1, Some("telegram_connect_failed")),
        // What the code says holds, whatever is odd beside it.
        (
            401,
            json!({"error": {}, "error_code": "bluesky_login_failed"}),
            ReconnectRequired,
            1,
            Some("bluesky_login_failed"),
        ),
        (401, json!({"error_code": "bluesky_login_failed"}), ReconnectRequired, 1, Some("bluesky_login_failed")),
        (403, json!({"error": "Account is past due"}), Permission, 1, None),
        (404, json!({"error": "Not found"}), NotFound, 1, None),
        (405, json!({"error": "Not supported for twitter"}), Unsupported, 1, None),
        (409, json!({"error": "A sync is running", "profile_sync_id": "s1"}), Conflict, 3, None),
        (422, json!({"error": "Your API key has no such permission"}), Permission, 1, None),
        (422, json!({"error": "Platform already connected"}), Conflict, 1, None),
        (422, json!({"error": "Missing platform"}), Invalid, 1, None),
        (422, json!({"errors": ["Name is too short", "Name is taken"]}), Invalid, 1, None),
        (422, coded("account_is_already_connected"), Conflict, 1, Some("account_is_already_connected")),
        (422, coded("missing_credentials"), Invalid, 1, Some("missing_credentials")),
        (422, coded("brand_new"), Invalid, 1, Some("brand_new")),
        (500, json!({"error": "Internal Server Error"}), Unavailable, 3, None),
        (501, json!({"error": "Not implemented"}), Unsupported, 1, None),
        (502, json!({"error": "Bad Gateway"}), Unavailable, 3, None),
        (503, json!({"error": "Down for maintenance"}), Unavailable, 3, None),
        (504, json!({"error": "Gateway Timeout"}), Timeout, 3, None),
    ]
}

fn postcore() -> Vec<Row> {
    let coded = |code: &str| json!({"error": code, "message": "No."});
    vec![
        (400, coded("PROFILE_ALREADY_EXISTS"), Conflict, 1, Some("PROFILE_ALREADY_EXISTS")),
        (400, coded("INVALID_CREDENTIALS"), ReconnectRequired, 1, Some("INVALID_CREDENTIALS")),
        (400, coded("PLATFORMS_NOT_CONNECTED"), ReconnectRequired, 1, Some("PLATFORMS_NOT_CONNECTED")),
        (400, coded("BRAND_NEW"), Invalid, 1, Some("BRAND_NEW")),
        (401, coded("MISSING_API_KEY"), ApiKey, 1, Some("MISSING_API_KEY")),
        (401, coded("INVALID_API_KEY"), ApiKey, 1, Some("INVALID_API_KEY")),
        (401, json!({"error": "INVALID_API_KEY"}), ApiKey, 1, Some("INVALID_API_KEY")),
        (
            400,
            json!({"error": "INVALID_CREDENTIALS", "message": {}}),
            ReconnectRequired,
            1,
            Some("INVALID_CREDENTIALS"),
        ),
        (403, coded("FORBIDDEN"), Permission, 1, Some("FORBIDDEN")),
        (404, coded("PROFILE_NOT_FOUND"), NotFound, 1, Some("PROFILE_NOT_FOUND")),
        (404, coded("POST_NOT_FOUND"), NotFound, 1, Some("POST_NOT_FOUND")),
        (405, coded("METHOD_NOT_ALLOWED"), Unsupported, 1, Some("METHOD_NOT_ALLOWED")),
        (409, coded("CONFLICT"), Conflict, 1, Some("CONFLICT")),
        (422, coded("VALIDATION_ERROR"), Invalid, 1, Some("VALIDATION_ERROR")),
        (500, coded("INTERNAL_ERROR"), Unavailable, 3, Some("INTERNAL_ERROR")),
        (501, coded("NOT_IMPLEMENTED"), Unsupported, 1, Some("NOT_IMPLEMENTED")),
        (503, coded("UNAVAILABLE"), Unavailable, 3, Some("UNAVAILABLE")),
        (504, coded("TIMEOUT"), Timeout, 3, Some("TIMEOUT")),
    ]
}

/// By type, as the vendor's pages list them.
#[rustfmt::skip]
fn postpress() -> Vec<Row> {
    let types: [(u16, &'static str, ErrorKind, u32); 61] = [
        (400, "errors/invalid_parameters", Invalid, 1),
        (400, "errors/missing_parameters", Invalid, 1),
        (400, "errors/malformed_request", Invalid, 1),
        (400, "errors/content_too_large", Invalid, 1),
        (400, "errors/invalid_url", Invalid, 1),
        (400, "errors/too_many_characters", Invalid, 1),
        (400, "errors/unescaped_characters", Invalid, 1),
        (400, "errors/limit_too_high", Invalid, 1),
        (400, "errors/invalid_request", Invalid, 1),
        (401, "errors/missing_credentials", ApiKey, 1),
        (401, "errors/insufficient_privileges", ApiKey, 1),
        (401, "errors/expired_credentials", ReconnectRequired, 1),
        (401, "errors/disconnected_account", ReconnectRequired, 1),
        (401, "errors/invalid_credentials", ReconnectRequired, 1),
        (401, "errors/wrong_account", ReconnectRequired, 1),
        (401, "errors/checkpoint_error", ReconnectRequired, 1),
        (401, "errors/invalid_checkpoint_solution", ReconnectRequired, 1),
        (401, "errors/invalid_credentials_but_valid_account_imap", ReconnectRequired, 1),
        (401, "errors/disconnected_feature", ReconnectRequired, 1),
        (401, "errors/multiple_sessions", ReconnectRequired, 1),
        (401, "errors/captcha_not_supported", ReconnectRequired, 1),
        (401, "errors/invalid_proxy_credentials", Invalid, 1),
        (401, "errors/expired_link", Invalid, 1),
        (401, "errors/brand_new", Permission, 1),
        (403, "errors/account_restricted", Permission, 1),
        (403, "errors/action_required", Permission, 1),
        (403, "errors/unknown_authentication_context", Permission, 1),
        (403, "errors/feature_not_subscribed", Permission, 1),
        (403, "errors/subscription_required", Permission, 1),
        (403, "errors/account_mismatch", Permission, 1),
        (403, "errors/insufficient_permissions", Permission, 1),
        (403, "errors/session_mismatch", Permission, 1),
        (403, "errors/resource_access_restricted", Permission, 1),
        (404, "errors/resource_not_found", NotFound, 1),
        (404, "errors/invalid_resource_identifier", NotFound, 1),
        (405, "errors/brand_new", Unsupported, 1),
        (407, "errors/proxy_auth_error", Invalid, 1),
        (408, "errors/request_timeout", Timeout, 3),
        (409, "errors/operation_canceled", Conflict, 1),
        (409, "errors/already_exists", Conflict, 1),
        (422, "errors/invalid_account", Invalid, 1),
        (422, "errors/user_unreachable", Invalid, 1),
        (422, "errors/unprocessable_entity", Invalid, 1),
        (422, "errors/account_configuration_error", Invalid, 1),
        (422, "errors/provider_unreachable", Unavailable, 3),
        (422, "errors/invalid_recipient", NotFound, 1),
        (422, "errors/limit_exceeded", RateLimited, 1),
        (422, "errors/cannot_resend_yet", RateLimited, 1),
        (425, "errors/auth_in_progress", Conflict, 3),
        (429, "errors/too_many_requests", RateLimited, 3),
        (500, "errors/unexpected_error", Unavailable, 3),
        (500, "errors/provider_error", Unavailable, 3),
        (500, "errors/authentication_intent_error", ReconnectRequired, 1),
        (501, "errors/feature_not_implemented", Unsupported, 1),
        (502, "errors/proxy_error", Unavailable, 3),
        (503, "errors/no_client_session", Unavailable, 3),
        (503, "errors/no_channel", Unavailable, 3),
        (503, "errors/no_handler", Unavailable, 3),
        (503, "errors/network_down", Unavailable, 3),
        (503, "errors/service_unavailable", Unavailable, 3),
        (504, "errors/request_timeout", Timeout, 3),
    ];
    let documented = types.map(|(status, code, kind, requests)| {
        (status, json!({"title": "No.", "type": code, "status": status}), kind, requests, Some(code))
    });
    let quickstart = |code: &str| json!({"error": {"code": code, "message": "No.", "request_id": "req_1"}});
    documented.into_iter().chain([
        (401, quickstart("key_missing"), ApiKey, 1, Some("key_missing")),
        (400, quickstart("invalid_parameters"), Invalid, 1, Some("invalid_parameters")),
        (503, quickstart("brand_new"), Unavailable, 3, Some("brand_new")),
        // The status line counts, not what the body repeats of it.
        (503, json!({"title": "No.", "type": "errors/brand_new", "status": 200}), Unavailable, 3, Some("errors/brand_new")),
        (401, json!({"title": ["?"], "type": "errors/expired_credentials"}), ReconnectRequired, 1, Some("errors/expired_credentials")),
    ]).collect()
}

/// The documents' moment is 12:30:00 on that day, and the clock stands still there.
const IN_SEVEN_SECONDS: [(&str, &str); 6] = [
    ("in seconds", "Retry-After: 7"),
    ("as a date", "Retry-After: Mon, 06 Jan 2025 12:30:07 GMT"),
    ("as a date of an older form", "Retry-After: Monday, 06-Jan-25 12:30:07 GMT"),
    ("as a date of the oldest form", "Retry-After: Mon Jan  6 12:30:07 2025"),
    ("twice", "Retry-After: 7\r\nRetry-After: 9"),
    ("as the end of the window", "X-RateLimit-Reset: 1736166607"),
];

pub(crate) fn throttling() -> Vec<Fault> {
    let answer = |status: u16, header: &'static str| move |_: &str| Reply::with_headers(status, &[header], "");
    let seven = |expected: Expected| expected.after(3, seconds(2 * 8)).hint(Some(seconds(7)));
    let mut faults = vec![
        Fault::new("429 without a word", answer(429, "X-Nothing: 1")).is(throttled().hint(None)),
        Fault::new("429 and a wait that fits into a listing only", answer(429, "Retry-After: 31"))
            .gets(once(RateLimited).hint(Some(seconds(31))))
            .lists(throttled().after(3, seconds(2 * 32)).hint(Some(seconds(31)))),
        Fault::new("429 and a wait that fits into a listing once", answer(429, "Retry-After: 61"))
            .gets(once(RateLimited).hint(Some(seconds(61))))
            .lists(throttled().after(2, seconds(62)).hint(Some(seconds(61)))),
        Fault::new("429 and an absurd wait", answer(429, "Retry-After: 1000000"))
            .is(once(RateLimited).hint(Some(seconds(1_000_000)))),
        Fault::new("429 and a wait past all numbers", answer(429, "Retry-After: 99999999999999999999999"))
            .is(once(RateLimited).hint(Some(seconds(u64::MAX)))),
        Fault::new("429 and a date in a thousand years", answer(429, "Retry-After: Thu, 06 Jan 3025 12:30:00 GMT"))
            .is(once(RateLimited)),
    ];
    faults.extend(IN_SEVEN_SECONDS.map(|(name, header)| {
        Fault::new(format!("429 and seven seconds {name}"), answer(429, header)).is(seven(throttled()))
    }));
    faults.extend([("0", "Retry-After: 0"), ("a past date", "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT")].map(
        |(name, header)| {
            let expected = throttled().hint(Some(Duration::ZERO));
            Fault::new(format!("429 and {name}"), answer(429, header)).is(expected)
        },
    ));
    let unreadable = [
        "Retry-After: -7",
        "Retry-After: 1.5",
        "Retry-After: soon",
        "Retry-After:",
        "Retry-After: 0x10",
        "Retry-After: 1e3",
        "Retry-After: 7s",
        "Retry-After: 2025-01-06T12:30:07Z",
        "X-RateLimit-Reset: never",
    ];
    faults.extend(
        unreadable
            .map(|header| Fault::new(format!("429 and {header:?}"), answer(429, header)).is(throttled().hint(None))),
    );
    faults.extend([(500, Unavailable), (502, Unavailable), (503, Unavailable), (504, Timeout)].map(
        |(status, kind)| {
            Fault::new(format!("{status} and seven seconds"), answer(status, "Retry-After: 7")).is(seven(thrice(kind)))
        },
    ));
    faults.extend(in_bodies());
    faults
}

fn throttled() -> Expected {
    thrice(RateLimited).after(3, THROTTLED)
}

/// What the vendors write into the body of a 429.
fn in_bodies() -> Vec<Fault> {
    let body = |vendor, body: Value, headers: &'static [&'static str]| {
        let name = format!("429 {body} {headers:?}");
        let body = body.to_string();
        Fault::new(name, move |_| Reply::with_headers(429, headers, &body)).only(vendor)
    };
    let limited =
        |member: &str, wait: Value| json!({"error": "RATE_LIMIT_EXCEEDED", "message": "Slow down", member: wait});
    let code = |expected: Expected| expected.code("RATE_LIMIT_EXCEEDED");
    let waiting = |wait: Duration| code(throttled().after(3, 2 * (wait + seconds(1)))).hint(Some(wait));
    let at_once = |wait| code(throttled()).hint(wait);
    let in_a_minute = code(once(RateLimited)).hint(Some(seconds(60)));
    vec![
        body("postproxy", json!({"error": "Too many requests"}), &[]).is(throttled().hint(None)),
        body("postproxy", json!({"status": 429, "error": "Too Many Requests", "message": "Slow"}), &[]).is(throttled()),
        body("postproxy", json!({"errors": ["Too many requests"]}), &[]).is(throttled().hint(None)),
        body("postproxy", json!({"error": "Too many requests"}), &["Retry-After: 30"])
            .gets(once(RateLimited).hint(Some(seconds(30))))
            .lists(throttled().after(3, seconds(2 * 31)).hint(Some(seconds(30)))),
        body("postcore", limited("retry_after", json!(7)), &[]).is(waiting(seconds(7))),
        body("postcore", limited("retry_after", json!(7.5)), &[]).is(waiting(Duration::from_millis(7_500))),
        body("postcore", limited("retry_after", json!(60)), &[])
            .gets(in_a_minute.clone())
            .lists(in_a_minute.after(2, seconds(61))),
        body("postcore", limited("retry_after", json!(1e18)), &[]).is(code(once(RateLimited))),
        body("postcore", limited("retry_after", json!(0)), &[]).is(at_once(Some(Duration::ZERO))),
        body("postcore", limited("retry_after", json!(-1)), &[]).is(at_once(None)),
        body("postcore", limited("retry_after", Value::Null), &[]).is(at_once(None)),
        body("postcore", limited("retry_after", json!("soon")), &[]).is(at_once(None)),
        body("postcore", limited("retry_after", json!({})), &[]).is(at_once(None)),
        body("postcore", limited("next_available", json!("2025-01-06T12:30:07Z")), &[]).is(waiting(seconds(7))),
        body("postcore", limited("next_available", json!("2025-01-06T12:00:00Z")), &[])
            .is(at_once(Some(Duration::ZERO))),
        body("postcore", limited("next_available", json!("soon")), &[]).is(at_once(None)),
        body("postcore", limited("next_available", json!(1_736_166_607)), &[]).is(at_once(None)),
        // The header is what every proxy on the way understands: it wins.
        body("postcore", limited("retry_after", json!(60)), &["Retry-After: 7"]).is(waiting(seconds(7))),
        body("postcore", json!({"error": "RATE_LIMIT_EXCEEDED"}), &[]).is(at_once(None)),
        body(
            "postpress",
            json!({"title": "Slow", "type": "errors/too_many_requests", "status": 429}),
            &["Retry-After: 7"],
        )
        .is(throttled().after(3, seconds(2 * 8)).hint(Some(seconds(7))).code("errors/too_many_requests")),
        body("postpress", json!({"error": {"code": "rate_limited", "message": "Slow"}}), &[])
            .is(throttled().hint(None).code("rate_limited")),
        body("postpress", json!({"title": "Slow", "type": "errors/brand_new", "status": 429}), &[])
            .is(throttled().hint(None).code("errors/brand_new")),
    ]
}
