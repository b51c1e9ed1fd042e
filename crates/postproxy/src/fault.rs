//! From Postproxy's error bodies to errors: pure.

use polyprofile_core::{Error, ErrorKind, Remedy};
use polyprofile_http::{FailedAnswer, kind_of_status};

use crate::wire;

/// Reads an error body in any of its four forms; what is none of them speaks by its status alone.
pub(crate) fn classify(answer: &FailedAnswer<'_>) -> Error {
    let Some(fault) = answer.json::<wire::Fault<'_>>() else { return answer.undocumented() };
    let listed = fault.errors.unwrap_or_default().iter().map(|text| &**text).collect::<Vec<_>>().join("; ");
    // Beside a message, `error` is only the name of the status.
    let candidates = [fault.message.as_deref(), Some(listed.as_str()), fault.error.as_deref()];
    let Some(message) = candidates.into_iter().flatten().find(|text| !text.is_empty()) else {
        return answer.undocumented();
    };
    let code = fault.error_code.as_deref();
    let error = judge(answer.status, code, message);
    match code {
        Some(code) => error.with_code(code),
        None => error,
    }
}

fn judge(status: u16, code: Option<&str>, message: &str) -> Error {
    match (status, code) {
        // The social account's credentials were refused; the API key is fine.
        (_, Some("bluesky_login_failed" | "telegram_connect_failed")) => {
            Error::new(ErrorKind::ReconnectRequired, message)
        }
        (_, Some("account_is_already_connected")) => Error::new(ErrorKind::Conflict, message),
        (_, Some("missing_credentials")) => Error::new(ErrorKind::Invalid, message),
        // Postproxy refuses a scoped key with 422, and gives it no code.
        (422, None) if message == "Your API key has no such permission" => {
            Error::new(ErrorKind::Permission, message).with_remedy(Remedy::FixKey)
        }
        (422, None) if message == "Platform already connected" => Error::new(ErrorKind::Conflict, message),
        // A write under the same idempotency key, or a sync, is still running.
        (409, _) => Error::new(ErrorKind::Conflict, message).with_retryable(true).with_remedy(Remedy::Wait),
        _ => Error::new(kind_of_status(status), message),
    }
}

#[cfg(test)]
mod tests {
    use polyprofile_core::{
        ErrorKind::{
            self, ApiKey, Conflict, Invalid, NotFound, Permission, RateLimited, ReconnectRequired, Unavailable,
            Unsupported,
        },
        Remedy,
    };
    use polyprofile_http::FailedAnswer;

    use super::classify;

    type Row = (u16, &'static str, ErrorKind, Remedy, bool, &'static str, Option<&'static str>);

    // Status and body, then kind, remedy, whether it can pass by itself, message, code.
    #[rustfmt::skip]
    const ROWS: &[Row] = &[
        (400, r#"{"error":"placement_id is required for linkedin profiles"}"#, Invalid, Remedy::FixRequest, false, "placement_id is required for linkedin profiles", None),
        (400, r#"{"status":400,"error":"Bad Request","message":"profile_group is missing"}"#, Invalid, Remedy::FixRequest, false, "profile_group is missing", None),
        (401, r#"{"error":"Invalid API key"}"#, ApiKey, Remedy::FixKey, false, "Invalid API key", None),
        (401, r#"{"error":"This account requires 2FA.","error_code":"bluesky_login_failed"}"#, ReconnectRequired, Remedy::ReconnectAccount, false, "This account requires 2FA.", Some("bluesky_login_failed")),
        (401, r#"{"error":"Telegram bot token is invalid or revoked","error_code":"telegram_connect_failed"}"#, ReconnectRequired, Remedy::ReconnectAccount, false, "Telegram bot token is invalid or revoked", Some("telegram_connect_failed")),
        (403, r#"{"error":"Account is past due"}"#, Permission, Remedy::AskVendor, false, "Account is past due", None),
        (404, r#"{"error":"Not found"}"#, NotFound, Remedy::FixRequest, false, "Not found", None),
        (405, r#"{"error":"Not supported for twitter"}"#, Unsupported, Remedy::FixRequest, false, "Not supported for twitter", None),
        (409, r#"{"error":"A sync is running","profile_sync_id":"s1"}"#, Conflict, Remedy::Wait, true, "A sync is running", None),
        (422, r#"{"error":"Your API key has no such permission"}"#, Permission, Remedy::FixKey, false, "Your API key has no such permission", None),
        (422, r#"{"error":"Missing redirect_url"}"#, Invalid, Remedy::FixRequest, false, "Missing redirect_url", None),
        (422, r#"{"error":"Missing platform"}"#, Invalid, Remedy::FixRequest, false, "Missing platform", None),
        (422, r#"{"error":"Platform already connected"}"#, Conflict, Remedy::FixRequest, false, "Platform already connected", None),
        (422, r#"{"error":"Bluesky requires `identifier` (handle)","error_code":"missing_credentials"}"#, Invalid, Remedy::FixRequest, false, "Bluesky requires `identifier` (handle)", Some("missing_credentials")),
        (422, r#"{"error":"Telegram requires `bot_token` in the payload."}"#, Invalid, Remedy::FixRequest, false, "Telegram requires `bot_token` in the payload.", None),
        (422, r#"{"error":"This Bluesky profile is already connected to Postproxy.","error_code":"account_is_already_connected"}"#, Conflict, Remedy::FixRequest, false, "This Bluesky profile is already connected to Postproxy.", Some("account_is_already_connected")),
        (422, r#"{"errors":["Name is too short","Name is taken"]}"#, Invalid, Remedy::FixRequest, false, "Name is too short; Name is taken", None),
        (429, r#"{"error":"Too many posts"}"#, RateLimited, Remedy::Wait, true, "Too many posts", None),
        (500, r#"{"error":"Internal Server Error"}"#, Unavailable, Remedy::Retry, true, "Internal Server Error", None),
        (503, "<html>", Unavailable, Remedy::Retry, true, "an undocumented answer: 6 bytes", None),
        (503, "", Unavailable, Remedy::Retry, true, "an empty answer", None),
        (401, "[]", ApiKey, Remedy::FixKey, false, "an undocumented answer: 2 bytes", None),
        (422, "{}", Invalid, Remedy::FixRequest, false, "an undocumented answer: 2 bytes", None),
    ];

    #[test]
    fn every_documented_error_has_its_kind_and_remedy() {
        for (status, body, kind, remedy, retryable, message, code) in ROWS {
            let error = classify(&FailedAnswer::new(*status, body.as_bytes()));
            assert_eq!(error.kind(), *kind, "{body}");
            assert_eq!(error.remedy(), *remedy, "{body}");
            assert_eq!(error.is_retryable(), *retryable, "{body}");
            assert_eq!(error.message(), *message, "{body}");
            assert_eq!(error.code(), *code, "{body}");
        }
    }
}
