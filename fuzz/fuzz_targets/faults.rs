//! The three classifiers of error bodies: the kind follows from code and status, and nothing else gets out.

#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use polyprofile_core::{Error, ErrorKind};
use polyprofile_fuzz::{
    row::{Fields, now},
    time,
};
use polyprofile_http::FailedAnswer;

fuzz_target!(|input: &[u8]| {
    // The settings are at the end, so that a body is a seed as it is.
    let Some((body, settings)) = input.split_last_chunk::<6>() else { return };
    let [vendor, status_class, status, content_type, secret_start, secret_length] = *settings;
    let status = 300 + u16::from(status_class % 3) * 100 + u16::from(status % 100);
    let mut answer = FailedAnswer::new(status, body);
    answer.now = now();
    answer.content_type =
        [None, Some("application/json"), Some("text/html; charset=utf-8")][usize::from(content_type % 3)];
    let (classify, meaning): (fn(&FailedAnswer<'_>) -> Error, Meaning) = match vendor % 3 {
        0 => (polyprofile_postproxy::fuzzing::fault, of_postproxy),
        1 => (polyprofile_postcore::fuzzing::fault, of_postcore),
        _ => (polyprofile_postpress::fuzzing::fault, of_postpress),
    };
    let error = classify(&answer);
    is_fit_to_print(&error);

    let fields = std::str::from_utf8(body).ok().and_then(Fields::of);
    match fields.as_ref().map(|fields| meaning(fields, status)) {
        Some(Some(kind)) => assert_eq!(error.kind(), kind, "{error}"),
        Some(None) => {}
        // Of a body that is no document only the type and length are told, and the status speaks.
        None if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_err() && !has_invalid_utf8(body) => {
            assert_eq!(error.kind(), kind_of_status(status));
            assert_eq!((error.code(), error.request_id(), error.retry_after()), (None, None, None));
            assert!(error.message() == "an empty answer" || error.message().starts_with("an undocumented answer"));
        }
        None => {}
    }
    match (vendor % 3, &fields) {
        (1, Some(fields)) if error.code().is_some() => assert_eq!(error.retry_after(), wait_of_postcore(fields)),
        (1, _) => {}
        _ => assert_eq!(error.retry_after(), None, "a wait that no member tells"),
    }

    if let Some(secret) = secret_in(body, secret_start, secret_length) {
        let clean = polyprofile_http::fuzzing::redacted(&[secret], error);
        let texts = [Some(clean.message()), clean.code(), clean.request_id()];
        for text in texts.into_iter().flatten() {
            assert!(!text.contains(secret), "{secret:?} in {text:?}");
            assert!(!text.contains(&secret[..secret.len().min(12)]), "the beginning of {secret:?} in {text:?}");
        }
    }
});

/// What an error must be, by its code and status; `None` where its words decide.
type Meaning = fn(&Fields<'_>, u16) -> Option<ErrorKind>;

/// Short, on one line, and nothing that steers a terminal.
fn is_fit_to_print(error: &Error) {
    let limits = [
        (Some(error.message()), Error::MESSAGE_LIMIT),
        (error.code(), Error::CODE_LIMIT),
        (error.request_id(), Error::CODE_LIMIT),
    ];
    for (text, limit) in limits {
        let Some(text) = text else { continue };
        assert!(text.chars().count() <= limit + 1, "{} characters", text.chars().count());
        assert!(!text.contains(char::is_control), "a control character in {text:?}");
    }
    assert!(!error.to_string().contains(char::is_control), "a control character in {error:?}");
}

fn of_postproxy(fields: &Fields<'_>, status: u16) -> Option<ErrorKind> {
    if ["error", "message"].iter().all(|name| fields.told(name).is_none()) {
        return None; // A list of texts, or nothing that says anything.
    }
    Some(match fields.text("error_code").as_deref() {
        Some("bluesky_login_failed" | "telegram_connect_failed") => ErrorKind::ReconnectRequired,
        Some("account_is_already_connected") => ErrorKind::Conflict,
        Some("missing_credentials") => ErrorKind::Invalid,
        None if status == 422 => return None,
        _ => kind_of_status(status),
    })
}

fn of_postcore(fields: &Fields<'_>, status: u16) -> Option<ErrorKind> {
    Some(match fields.text("error").as_deref() {
        Some("MISSING_API_KEY" | "INVALID_API_KEY") => ErrorKind::ApiKey,
        Some("PROFILE_NOT_FOUND" | "POST_NOT_FOUND") => ErrorKind::NotFound,
        Some("PROFILE_ALREADY_EXISTS") => ErrorKind::Conflict,
        Some("INVALID_CREDENTIALS" | "PLATFORMS_NOT_CONNECTED") => ErrorKind::ReconnectRequired,
        Some("RATE_LIMIT_EXCEEDED") => ErrorKind::RateLimited,
        _ => kind_of_status(status),
    })
}

fn of_postpress(fields: &Fields<'_>, status: u16) -> Option<ErrorKind> {
    let code = fields.text("type")?;
    Some(match code.strip_prefix("errors/").unwrap_or(&code) {
        "missing_credentials" | "insufficient_privileges" | "key_missing" => ErrorKind::ApiKey,
        "expired_credentials" | "disconnected_account" | "invalid_credentials" => ErrorKind::ReconnectRequired,
        "resource_not_found" => ErrorKind::NotFound,
        "too_many_requests" => ErrorKind::RateLimited,
        "service_unavailable" | "provider_unreachable" => ErrorKind::Unavailable,
        // Every documented type has letters and `_` alone: whatever else was sent is none of them.
        odd if odd.bytes().any(|byte| !byte.is_ascii_lowercase() && byte != b'_') => match status {
            401 => ErrorKind::Permission,
            _ => kind_of_status(status),
        },
        _ => return None,
    })
}

/// The design's table, once more.
fn kind_of_status(status: u16) -> ErrorKind {
    match status {
        401 => ErrorKind::ApiKey,
        402 | 403 => ErrorKind::Permission,
        404 | 410 => ErrorKind::NotFound,
        405 | 501 => ErrorKind::Unsupported,
        408 | 504 => ErrorKind::Timeout,
        409 | 423 => ErrorKind::Conflict,
        // Not the vendor's: a proxy on our side of it.
        407 => ErrorKind::Protocol,
        429 => ErrorKind::RateLimited,
        400..500 => ErrorKind::Invalid,
        500..600 => ErrorKind::Unavailable,
        _ => ErrorKind::Protocol,
    }
}

fn wait_of_postcore(fields: &Fields<'_>) -> Option<Duration> {
    let seconds = fields.raw("retry_after").and_then(|raw| serde_json::from_str::<f64>(raw).ok());
    if let Some(seconds) = seconds.filter(|seconds| (0.0..1e19).contains(seconds)) {
        return Some(Duration::from_secs_f64(seconds));
    }
    let moment = time::rfc3339(&fields.text("next_available")?)?;
    Some(moment.signed_duration_since(now()).to_std().unwrap_or_default())
}

fn has_invalid_utf8(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_err()
}

/// A part of the body, as if the vendor had echoed our key: what a key can be, and no part of our own words.
fn secret_in(body: &[u8], start: u8, length: u8) -> Option<&str> {
    let secret = body.get(usize::from(start)..)?;
    let secret = std::str::from_utf8(&secret[..secret.len().min(8 + usize::from(length) % 56)]).ok()?;
    let is_fit = secret.len() >= 8 && secret.bytes().all(|byte| byte.is_ascii_graphic() && !b"[]".contains(&byte));
    (is_fit && !"redacted".contains(secret)).then_some(secret)
}
