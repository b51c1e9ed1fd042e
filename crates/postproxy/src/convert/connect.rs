//! Connecting and what came of it; and what came of deleting.

use polyprofile_core::{
    CallbackOutcome, ConnectCallback, ConnectCredentials, ConnectLink, ConnectMethod, ConnectOutcome, ConnectRequest,
    ConnectTarget, ConnectedAccount, DeleteOutcome, Error, ErrorKind, IssueKind, Normalize, NormalizeContext, Platform,
    ProfileId, Remedy, Result,
};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::undecodable;
use crate::{fault, wire};

/// What to send for `request`.
///
/// # Errors
///
/// [`ErrorKind::Invalid`] for credentials of another form than the platform takes.
pub(crate) fn connect_body(request: &ConnectRequest) -> Result<wire::Connect<'_>> {
    let platform = &request.platform;
    let credentials = match (method(platform), &request.credentials) {
        (ConnectMethod::Link, ConnectCredentials::Link { return_url }) => {
            wire::Credentials::Link { redirect_url: return_url }
        }
        (ConnectMethod::AppPassword, ConnectCredentials::AppPassword { handle, password }) => {
            wire::Credentials::AppPassword { identifier: handle, app_password: password.expose_secret() }
        }
        (ConnectMethod::BotToken, ConnectCredentials::BotToken(token)) => {
            wire::Credentials::BotToken { bot_token: token.expose_secret() }
        }
        (method, _) => {
            let takes = match method {
                ConnectMethod::AppPassword => "a handle and an app password",
                ConnectMethod::BotToken => "the token of a bot",
                _ => "a link and a return URL",
            };
            let message = format!("`credentials` do not fit: Postproxy connects {} by {takes}", platform.label());
            return Err(Error::new(ErrorKind::Invalid, message));
        }
    };
    let renews = matches!(request.target, ConnectTarget::Reconnect(_));
    Ok(wire::Connect { platform: platform.as_str(), credentials, refresh_connection: renews.then_some(true) })
}

/// How a platform is connected: what the document does not name is asked for by link, and the vendor decides.
pub(crate) fn method(platform: &Platform) -> ConnectMethod {
    match platform {
        Platform::Bluesky => ConnectMethod::AppPassword,
        Platform::Telegram => ConnectMethod::BotToken,
        _ => ConnectMethod::Link,
    }
}

/// What must never be seen of the credentials.
pub(crate) fn secret(credentials: &ConnectCredentials) -> Option<&SecretString> {
    match credentials {
        ConnectCredentials::AppPassword { password, .. } => Some(password),
        ConnectCredentials::BotToken(token) => Some(token),
        _ => None,
    }
}

/// What came of asking to connect an account of `requested`.
pub(crate) fn connect_outcome(
    sent: wire::Connection<'_>,
    requested: &Platform,
    context: &mut NormalizeContext,
) -> Result<ConnectOutcome> {
    if sent.success == Some(false) || sent.error.is_some() {
        return Err(fault::refused(sent.error_code.as_deref(), [sent.message.as_deref(), sent.error.as_deref()]));
    }
    context.required("success", sent.success);
    if let Some(url) = sent.url {
        // Somebody is going to open it.
        if !Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "https" | "http")) {
            context.report("url", IssueKind::Unreadable, "expected a link that a browser can open", None);
            return Err(undecodable(context));
        }
        return Ok(ConnectOutcome::Link(ConnectLink::new(url)));
    }
    let Some(profile) = sent.profile else {
        context.report("url", IssueKind::Missing, "the answer holds neither a link nor a profile", None);
        return Err(undecodable(context));
    };
    let account = context.within("profile", |context| {
        let id = context.required("id", profile.id.filter(|id| !id.is_empty()));
        let network = context.required("network", profile.network);
        let platform = network.as_deref().map_or_else(|| requested.clone(), Platform::parse);
        let mut account = ConnectedAccount::new(platform);
        account.profile = id.map(|id| ProfileId::new(context.provider().clone(), id));
        account.name = context.required("name", profile.name).map(String::from);
        account.username = context.required("external_username", profile.external_username).map(String::from);
        account
    });
    Ok(match sent.next_step.filter(|step| !step.is_empty()) {
        Some(next_step) => ConnectOutcome::Pending { account, next_step: next_step.into_owned() },
        None => ConnectOutcome::Connected(account),
    })
}

impl Normalize for wire::Deletion<'_> {
    /// An error for anything but a confirmation.
    type Output = Result<DeleteOutcome>;

    fn normalize(self, context: &mut NormalizeContext) -> Result<DeleteOutcome> {
        let told = [self.success, self.deleted];
        if told.contains(&Some(false)) || self.error.is_some() {
            return Err(fault::refused(self.error_code.as_deref(), [self.message.as_deref(), self.error.as_deref()]));
        }
        if told.contains(&Some(true)) {
            return Ok(DeleteOutcome::new(self.message.map(String::from)));
        }
        context.report("success", IssueKind::Missing, "the answer does not say that it was deleted", None);
        Err(undecodable(context).with_remedy(Remedy::CheckFirst))
    }
}

/// Reads the URL that an account's owner came back to.
///
/// # Errors
///
/// [`ErrorKind::Invalid`] for what is no URL. It is not repeated: its query is the caller's own.
pub(crate) fn callback(url: &str) -> Result<ConnectCallback> {
    let Ok(url) = Url::parse(url) else {
        let message = "`url` is no URL: give the whole address that the owner came back to, with its query";
        return Err(Error::new(ErrorKind::Invalid, message));
    };
    let mut query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    // Postproxy appends: where the return URL has parameters of the same names, the last ones are Postproxy's.
    let failure = query.iter().rposition(|(name, value)| name == wire::callback::FAILURE && value == "true");
    let outcome = match failure {
        None => CallbackOutcome::Returned,
        Some(failure) => {
            query.remove(failure);
            let code = query.iter().rposition(|(name, _)| name == wire::callback::ERROR_CODE);
            let code = code.map(|code| query.remove(code).1).filter(|code| !code.is_empty());
            let explanation = explanation(code.as_deref()).to_owned();
            CallbackOutcome::Failed { code, explanation }
        }
    };
    let mut callback = ConnectCallback::new(outcome);
    callback.query = query;
    Ok(callback)
}

fn explanation(code: Option<&str>) -> &'static str {
    match code {
        Some(wire::callback::USER_ABANDONED) => {
            "the owner cancelled or dismissed the sign-in: offer a new link when they are ready"
        }
        Some(wire::code::ALREADY_CONNECTED) => {
            "the account is already connected to another profile: use that profile, delete it first, \
             or sign in with another account"
        }
        Some(wire::callback::UPDATE_FAILED) => {
            "the existing profile could not be renewed with this sign-in: offer a new link; if that fails too, \
             delete the profile and connect the account anew"
        }
        Some(_) => "Postproxy gave a reason that its document does not name: list the profiles, then offer a new link",
        None => "Postproxy gave no reason: list the profiles, then offer a new link",
    }
}

#[cfg(test)]
mod tests;
