//! From Postproxy's error bodies to errors: pure.

use polyprofile_core::{Error, ErrorKind, Remedy};
use polyprofile_http::{FailedAnswer, kind_of_status};

use crate::wire::{self, code, text};

/// Reads an error body in any of its four forms; what is none of them speaks by its status alone.
pub fn classify(answer: &FailedAnswer<'_>) -> Error {
    let documented = answer.read::<wire::Fault<'_>, _>(|fault| {
        let listed = fault.errors.unwrap_or_default().iter().map(|text| &**text).collect::<Vec<_>>().join("; ");
        // Beside a message, `error` is only the name of the status.
        let message = first_text([fault.message.as_deref(), Some(&listed), fault.error.as_deref()]);
        let code = fault.error_code.as_deref().filter(|code| !code.is_empty());
        // A code says what happened even without words.
        (message.is_some() || code.is_some()).then(|| judge(answer.status, code, message.unwrap_or_default()))
    });
    documented.flatten().unwrap_or_else(|| answer.undocumented())
}

/// The error of an answer that has a status of success and says that nothing was done.
pub(crate) fn refused(code: Option<&str>, texts: [Option<&str>; 2]) -> Error {
    match (first_text(texts), code) {
        (Some(message), code) => judge(422, code, message),
        (None, Some(code)) => judge(422, Some(code), "Postproxy refused this"),
        (None, None) => {
            Error::new(ErrorKind::Protocol, "Postproxy answered that this was not done, and gave no reason")
        }
    }
}

fn first_text<const N: usize>(texts: [Option<&str>; N]) -> Option<&str> {
    texts.into_iter().flatten().find(|text| !text.is_empty())
}

fn judge(status: u16, code: Option<&str>, message: &str) -> Error {
    let error = match (status, code) {
        // The social account's credentials were refused; the API key is fine.
        (_, Some(code::BLUESKY_LOGIN_FAILED | code::TELEGRAM_CONNECT_FAILED)) => {
            Error::new(ErrorKind::ReconnectRequired, message)
        }
        (_, Some(code::ALREADY_CONNECTED)) => Error::new(ErrorKind::Conflict, message),
        (_, Some(code::MISSING_CREDENTIALS)) => Error::new(ErrorKind::Invalid, message),
        // Postproxy refuses a scoped key with 422, and gives it no code.
        (422, None) if message == text::NO_PERMISSION => {
            Error::new(ErrorKind::Permission, message).with_remedy(Remedy::FixKey)
        }
        (422, None) if message == text::ALREADY_CONNECTED => {
            let way_out = "ask for the existing connection to be renewed instead of a new one";
            Error::new(ErrorKind::Conflict, format!("{message}: {way_out}"))
        }
        (400, None) if message.starts_with(text::PLACEMENT_REQUIRED) => {
            let way_out = "list the profile's placements and give the id of one as `placement`";
            Error::new(ErrorKind::Invalid, format!("{message}: {way_out}"))
        }
        // A write under the same idempotency key, or a sync, is still running.
        (409, _) => Error::new(ErrorKind::Conflict, message).with_retryable(true).with_remedy(Remedy::Wait),
        _ => Error::new(kind_of_status(status), message),
    };
    match code {
        Some(code) => error.with_code(code),
        None => error,
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

    use super::{classify, refused};

    type Row = (u16, &'static str, ErrorKind, Remedy, bool, &'static str, Option<&'static str>);

    // Status and body, then kind, remedy, whether it can pass by itself, message, code.
    #[rustfmt::skip]
    const ROWS: &[Row] = &[
        (400, r#"{"error":"placement_id is required for linkedin profiles"}"#, Invalid, Remedy::FixRequest, false, "placement_id is required for linkedin profiles: list the profile's placements and give the id of one as `placement`", None),
        (400, r#"{"status":400,"error":"Bad Request","message":"profile_group is missing"}"#, Invalid, Remedy::FixRequest, false, "profile_group is missing", None),
        (401, r#"{"error":"Invalid API key"}"#, ApiKey, Remedy::FixKey, false, "Invalid API key", None),
        (401, r#"{"error":"This account requires 2FA. Generate an app password at bsky.app/settings/app-passwords and use that instead of your main password.","error_code":"bluesky_login_failed"}"#, ReconnectRequired, Remedy::ReconnectAccount, false, "This account requires 2FA. Generate an app password at bsky.app/settings/app-passwords and use that instead of your main password.", Some("bluesky_login_failed")),
        (401, r#"{"error":"Telegram bot token is invalid or revoked — please reconnect the profile.","error_code":"telegram_connect_failed"}"#, ReconnectRequired, Remedy::ReconnectAccount, false, "Telegram bot token is invalid or revoked — please reconnect the profile.", Some("telegram_connect_failed")),
        // A member of another type hides none of the others: this must not be taken for the API key.
        (401, r#"{"error":"2FA","error_code":"bluesky_login_failed","errors":{}}"#, ReconnectRequired, Remedy::ReconnectAccount, false, "2FA", Some("bluesky_login_failed")),
        (403, r#"{"error":"Account is past due"}"#, Permission, Remedy::AskVendor, false, "Account is past due", None),
        (404, r#"{"error":"Not found"}"#, NotFound, Remedy::FixRequest, false, "Not found", None),
        (405, r#"{"error":"Not supported for twitter"}"#, Unsupported, Remedy::FixRequest, false, "Not supported for twitter", None),
        (409, r#"{"error":"A sync is running","profile_sync_id":"s1"}"#, Conflict, Remedy::Wait, true, "A sync is running", None),
        (422, r#"{"error":"Your API key has no such permission"}"#, Permission, Remedy::FixKey, false, "Your API key has no such permission", None),
        (422, r#"{"error":"Missing redirect_url"}"#, Invalid, Remedy::FixRequest, false, "Missing redirect_url", None),
        (422, r#"{"error":"Missing platform"}"#, Invalid, Remedy::FixRequest, false, "Missing platform", None),
        (422, r#"{"error":"Platform already connected"}"#, Conflict, Remedy::FixRequest, false, "Platform already connected: ask for the existing connection to be renewed instead of a new one", None),
        (422, r#"{"error":"Bluesky requires `identifier` (handle) and `app_password` in the payload. Generate an app password at https://bsky.app/settings/app-passwords","error_code":"missing_credentials"}"#, Invalid, Remedy::FixRequest, false, "Bluesky requires `identifier` (handle) and `app_password` in the payload. Generate an app password at https://bsky.app/settings/app-passwords", Some("missing_credentials")),
        (422, r#"{"error":"Telegram requires `bot_token` in the payload. Create a bot via @BotFather (https://t.me/BotFather) and pass the token."}"#, Invalid, Remedy::FixRequest, false, "Telegram requires `bot_token` in the payload. Create a bot via @BotFather (https://t.me/BotFather) and pass the token.", None),
        (422, r#"{"error":"This Bluesky profile is already connected to Postproxy.","error_code":"account_is_already_connected"}"#, Conflict, Remedy::FixRequest, false, "This Bluesky profile is already connected to Postproxy.", Some("account_is_already_connected")),
        (422, r#"{"error":"This Telegram bot is already connected to Postproxy.","error_code":"account_is_already_connected"}"#, Conflict, Remedy::FixRequest, false, "This Telegram bot is already connected to Postproxy.", Some("account_is_already_connected")),
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

    #[test]
    fn a_documented_code_means_the_same_under_any_status() {
        for (_, body, kind, remedy, retryable, message, code) in ROWS.iter().filter(|row| row.6.is_some()) {
            for status in [401, 418, 503] {
                let error = classify(&FailedAnswer::new(status, body.as_bytes()));
                let found = (error.kind(), error.remedy(), error.is_retryable(), error.message(), error.code());
                assert_eq!(found, (*kind, *remedy, *retryable, *message, *code), "{status} {body}");
            }
        }
    }

    #[test]
    fn a_refusal_under_a_status_of_success_is_judged_like_any_other() {
        let told = refused(Some("account_is_already_connected"), [None, Some("Taken")]);
        assert_eq!((told.kind(), told.message()), (Conflict, "Taken"));
        assert_eq!(refused(Some("missing_credentials"), [None, None]).code(), Some("missing_credentials"));
        assert_eq!(refused(None, [Some(""), Some("Not today")]).message(), "Not today");
        let silent = refused(None, [None, None]);
        assert_eq!((silent.kind(), silent.remedy()), (ErrorKind::Protocol, Remedy::AskVendor));
    }
}
