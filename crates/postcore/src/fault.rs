//! From Postcore's error bodies to errors: pure.

use std::time::Duration;

use polyprofile_core::{Error, ErrorKind, parse_timestamp};
use polyprofile_http::{FailedAnswer, kind_of_status};

use crate::wire;

/// Reads an error body: a code in `error`, words in `message`, and two ways to say how long to wait.
pub fn classify(answer: &FailedAnswer<'_>) -> Error {
    answer
        .read::<wire::Fault<'_>, _>(|fault| documented(answer, &fault))
        .flatten()
        .unwrap_or_else(|| answer.undocumented())
}

/// `None` for a body without a code.
fn documented(answer: &FailedAnswer<'_>, fault: &wire::Fault<'_>) -> Option<Error> {
    let code = fault.error.as_deref().filter(|code| !code.is_empty())?;
    let message = fault.message.as_deref().unwrap_or_default();
    let mut error = judge(answer.status, code, message).with_code(code);
    if let Some(wait) = fault.retry_after.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) {
        error = error.with_retry_after(wait);
    } else if let Some(moment) = fault.next_available.as_deref().and_then(|text| parse_timestamp(text).ok()) {
        // A moment that has passed is no wait.
        error = error.with_retry_after(moment.signed_duration_since(answer.now).to_std().unwrap_or_default());
    }
    Some(error)
}

/// A refusal inside an answer whose status says success.
pub(crate) fn refused(code: &str, message: Option<&str>) -> Error {
    judge(400, code, message.unwrap_or_default()).with_code(code)
}

fn judge(status: u16, code: &str, message: &str) -> Error {
    let kind = match code {
        "MISSING_API_KEY" | "INVALID_API_KEY" => ErrorKind::ApiKey,
        "PROFILE_NOT_FOUND" | "POST_NOT_FOUND" => ErrorKind::NotFound,
        "PROFILE_ALREADY_EXISTS" => ErrorKind::Conflict,
        // About the social account; the API key is fine.
        "INVALID_CREDENTIALS" | "PLATFORMS_NOT_CONNECTED" => ErrorKind::ReconnectRequired,
        "RATE_LIMIT_EXCEEDED" => ErrorKind::RateLimited,
        _ => kind_of_status(status),
    };
    Error::new(kind, message)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use polyprofile_core::{
        ErrorKind::{self, ApiKey, Conflict, Invalid, NotFound, RateLimited, ReconnectRequired, Unavailable},
        Remedy,
    };
    use polyprofile_http::FailedAnswer;

    use super::{classify, refused};

    type Row = (u16, &'static str, ErrorKind, Remedy, bool, &'static str, Option<&'static str>);

    // Status and body, then kind, remedy, whether it can pass by itself, message, code.
    #[rustfmt::skip]
    const ROWS: &[Row] = &[
        (401, r#"{"error":"MISSING_API_KEY","message":"API key is required"}"#, ApiKey, Remedy::FixKey, false, "API key is required", Some("MISSING_API_KEY")),
        (401, r#"{"error":"INVALID_API_KEY","message":"Invalid API key"}"#, ApiKey, Remedy::FixKey, false, "Invalid API key", Some("INVALID_API_KEY")),
        (404, r#"{"error":"PROFILE_NOT_FOUND","message":"Profile not found"}"#, NotFound, Remedy::FixRequest, false, "Profile not found", Some("PROFILE_NOT_FOUND")),
        (400, r#"{"error":"PROFILE_ALREADY_EXISTS","message":"Profile already exists"}"#, Conflict, Remedy::FixRequest, false, "Profile already exists", Some("PROFILE_ALREADY_EXISTS")),
        (400, r#"{"error":"INVALID_CREDENTIALS","message":"Invalid handle or app password"}"#, ReconnectRequired, Remedy::ReconnectAccount, false, "Invalid handle or app password", Some("INVALID_CREDENTIALS")),
        (400, r#"{"error":"PLATFORMS_NOT_CONNECTED","message":"Not connected","missing_platforms":["linkedin"]}"#, ReconnectRequired, Remedy::ReconnectAccount, false, "Not connected", Some("PLATFORMS_NOT_CONNECTED")),
        (404, r#"{"error":"POST_NOT_FOUND","message":"Post not found"}"#, NotFound, Remedy::FixRequest, false, "Post not found", Some("POST_NOT_FOUND")),
        (429, r#"{"error":"RATE_LIMIT_EXCEEDED","message":"Too many requests","retry_after":60}"#, RateLimited, Remedy::Wait, true, "Too many requests", Some("RATE_LIMIT_EXCEEDED")),
        (429, r#"{"error":"RATE_LIMIT_EXCEEDED","message":"Too fast","platform":"linkedin","next_available":"2025-01-06T12:31:00Z"}"#, RateLimited, Remedy::Wait, true, "Too fast", Some("RATE_LIMIT_EXCEEDED")),
        (500, r#"{"error":"INTERNAL_ERROR"}"#, Unavailable, Remedy::Retry, true, "", Some("INTERNAL_ERROR")),
        // A member of another type hides none of the others: this must not be taken for the API key.
        (401, r#"{"error":"INVALID_CREDENTIALS","message":{},"retry_after":"60"}"#, ReconnectRequired, Remedy::ReconnectAccount, false, "", Some("INVALID_CREDENTIALS")),
        (503, "<html>", Unavailable, Remedy::Retry, true, "an undocumented answer: 6 bytes", None),
        (401, "", ApiKey, Remedy::FixKey, false, "an empty answer", None),
        (404, r#"{"error":""}"#, NotFound, Remedy::FixRequest, false, "an undocumented answer: 12 bytes", None),
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
        for (_, body, kind, remedy, retryable, message, code) in ROWS {
            // The one code that the documents do not name speaks by its status.
            let Some(code) = code.filter(|code| *code != "INTERNAL_ERROR") else { continue };
            let under = |status| classify(&FailedAnswer::new(status, body.as_bytes()));
            for error in [under(418), under(503), refused(code, Some(message))] {
                let found = (error.kind(), error.remedy(), error.is_retryable(), error.message(), error.code());
                assert_eq!(found, (*kind, *remedy, *retryable, *message, Some(code)));
            }
        }
        let unknown = refused("BRAND_NEW", None);
        assert_eq!((unknown.kind(), unknown.message(), unknown.code()), (Invalid, "", Some("BRAND_NEW")));
    }

    #[test]
    fn both_ways_to_name_a_wait_are_read() {
        let seconds = classify(&FailedAnswer::new(429, br#"{"error":"RATE_LIMIT_EXCEEDED","retry_after":60}"#));
        assert_eq!(seconds.retry_after(), Some(Duration::from_secs(60)));

        let body = br#"{"error":"RATE_LIMIT_EXCEEDED","next_available":"2025-01-06T12:31:00Z"}"#;
        let mut answer = FailedAnswer::new(429, body);
        answer.now = polyprofile_core::parse_timestamp("2025-01-06T12:30:15Z").expect("a timestamp");
        assert_eq!(classify(&answer).retry_after(), Some(Duration::from_secs(45)));
        answer.now = polyprofile_core::parse_timestamp("2025-01-06T13:00:00Z").expect("a timestamp");
        assert_eq!(classify(&answer).retry_after(), Some(Duration::ZERO));
    }

    #[test]
    fn an_odd_wait_is_ignored_and_the_kind_stays() {
        for wait in ["-1", "1e300", "null", "0.5"] {
            let body = format!(r#"{{"error":"RATE_LIMIT_EXCEEDED","retry_after":{wait}}}"#);
            let error = classify(&FailedAnswer::new(429, body.as_bytes()));
            assert_eq!(error.kind(), RateLimited);
            assert_eq!(error.retry_after().is_some(), wait == "0.5", "{wait}");
        }
    }
}
