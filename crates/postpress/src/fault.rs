//! From Postpress's error bodies to [`Error`]: pure.

use polyprofile_core::{Error, ErrorKind, Remedy};
use polyprofile_http::{FailedAnswer, kind_of_status};

use crate::wire::ErrorBody;

/// Says what an answer that is no success means.
///
/// The `type` of the body decides, with or without its prefix: of thirteen types of 401 only two are about our key. A
/// type that is not known, or a body that is not the vendor's, falls back to the status line, never to the `status` that
/// the body repeats.
pub fn classify(answer: &FailedAnswer<'_>) -> Error {
    answer.read::<ErrorBody<'_>, _>(|body| documented(answer.status, body)).flatten().unwrap_or_else(|| {
        let undocumented = answer.undocumented();
        Error::new(meaning_of_status(answer.status).kind, undocumented.message())
    })
}

/// `None` where the body has neither a type nor a text.
fn documented(status: u16, body: ErrorBody<'_>) -> Option<Error> {
    let nested = body.error.unwrap_or_default();
    let code = body.kind.or(nested.code);
    let message = body.detail.or(body.title).or(nested.message);
    if code.is_none() && message.is_none() {
        return None;
    }
    let meaning = code.as_deref().and_then(meaning_of_type).unwrap_or_else(|| meaning_of_status(status));

    let mut error = Error::new(meaning.kind, message.as_deref().unwrap_or_default());
    if let Some(code) = code {
        error = error.with_code(&*code);
    }
    if let Some(request_id) = body.instance.or(nested.request_id) {
        error = error.with_request_id(&*request_id);
    }
    if let Some(retryable) = meaning.retryable {
        error = error.with_retryable(retryable);
    }
    if let Some(remedy) = meaning.remedy {
        error = error.with_remedy(remedy);
    }
    Some(error)
}

/// What an error says to the caller; what is `None` follows from the kind.
#[derive(Clone, Copy, Debug)]
struct Meaning {
    kind: ErrorKind,
    retryable: Option<bool>,
    remedy: Option<Remedy>,
}

impl Meaning {
    const fn new(kind: ErrorKind) -> Self {
        Self { kind, retryable: None, remedy: None }
    }

    const fn retryable(self, retryable: bool) -> Self {
        Self { retryable: Some(retryable), ..self }
    }

    const fn remedy(self, remedy: Remedy) -> Self {
        Self { remedy: Some(remedy), ..self }
    }
}

/// The documented types, with the status that they come with.
fn meaning_of_type(code: &str) -> Option<Meaning> {
    Some(match code.strip_prefix("errors/").unwrap_or(code) {
        // 401: our key, or its scopes.
        "missing_credentials" | "insufficient_privileges" | "key_missing" => Meaning::new(ErrorKind::ApiKey),
        // 401: the social account, or one product of it, has to be signed in again.
        "expired_credentials"
        | "disconnected_account"
        | "disconnected_feature"
        | "multiple_sessions"
        | "invalid_credentials"
        | "invalid_credentials_but_valid_account_imap"
        | "wrong_account"
        | "checkpoint_error"
        | "invalid_checkpoint_solution"
        | "captcha_not_supported"
        // 500: an attempt to sign in was killed and has to be started again.
        | "authentication_intent_error" => Meaning::new(ErrorKind::ReconnectRequired),
        // 401, 407 and 422: neither the key nor the sign-in is wrong, but what was set up for the account at
        // Postpress, such as its proxy. Not `Config`: that is trouble with our own configuration, found before
        // anything is sent.
        "invalid_proxy_credentials" | "proxy_auth_error" | "account_configuration_error" => {
            Meaning::new(ErrorKind::Invalid).remedy(Remedy::FixConfiguration)
        }
        // 403: the network waits for the account's owner.
        "account_restricted" | "action_required" | "unknown_authentication_context" => {
            Meaning::new(ErrorKind::Permission).remedy(Remedy::ReconnectAccount)
        }
        // 403: not with this account or this plan.
        "feature_not_subscribed"
        | "subscription_required"
        | "account_mismatch"
        | "insufficient_permissions"
        | "session_mismatch"
        | "resource_access_restricted" => Meaning::new(ErrorKind::Permission),
        // 404; and 422 `invalid_recipient`, which is what a person who does not exist gives.
        "resource_not_found" | "invalid_resource_identifier" | "invalid_recipient" => Meaning::new(ErrorKind::NotFound),
        // 400
        "invalid_parameters"
        | "missing_parameters"
        | "malformed_request"
        | "content_too_large"
        | "invalid_url"
        | "too_many_characters"
        | "unescaped_characters"
        | "limit_too_high"
        | "invalid_request"
        // 401: a link to a sign-in page, of which a new one has to be made.
        | "expired_link"
        // 422
        | "invalid_account"
        | "user_unreachable"
        | "unprocessable_entity" => Meaning::new(ErrorKind::Invalid),
        // 409
        "operation_canceled" | "already_exists" => Meaning::new(ErrorKind::Conflict),
        // 425: somebody is signing in at this moment.
        "auth_in_progress" => Meaning::new(ErrorKind::Conflict).retryable(true).remedy(Remedy::Retry),
        // 429
        "too_many_requests" => Meaning::new(ErrorKind::RateLimited),
        // 422: limits of the network that last for hours or days: no attempt within one call can succeed.
        "limit_exceeded" | "cannot_resend_yet" => Meaning::new(ErrorKind::RateLimited).retryable(false),
        // 422: the one that passes by itself.
        "provider_unreachable"
        // 500
        | "unexpected_error"
        | "provider_error"
        // 502
        | "proxy_error"
        // 503
        | "no_client_session"
        | "no_channel"
        | "no_handler"
        | "network_down"
        | "service_unavailable" => Meaning::new(ErrorKind::Unavailable),
        // 408 and 504
        "request_timeout" => Meaning::new(ErrorKind::Timeout),
        // 501
        "feature_not_implemented" => Meaning::new(ErrorKind::Unsupported),
        _ => return None,
    })
}

/// What a status says where the type does not.
fn meaning_of_status(status: u16) -> Meaning {
    match status {
        // Most types of 401 are about the account and some about the key. "May not do this" is true of both, and asks
        // neither for another key nor for a new sign-in that may be of no use.
        401 => Meaning::new(ErrorKind::Permission),
        _ => Meaning::new(kind_of_status(status)),
    }
}

#[cfg(test)]
mod tests;
