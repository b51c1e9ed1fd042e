//! Connecting and what came of it; and what came of creating and deleting.

use polyprofile_core::{
    CallbackOutcome, ConnectCallback, ConnectCredentials, ConnectOutcome, ConnectRequest, ConnectedAccount,
    DeleteOutcome, Error, ErrorKind, Normalize, NormalizeContext, Platform, Profile, ProfileId, Result,
};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::{fault, wire};

/// How a connection is asked for.
pub(crate) enum Way<'a> {
    /// The owner opens a link and is sent back to this address.
    Link(&'a str),
    /// A body with credentials, and what must never be seen of them.
    Body(wire::Connect<'a>, &'a SecretString),
}

/// What to ask for, to connect an account into the profile with the key `profile`; into a new one if `None`.
///
/// # Errors
///
/// [`ErrorKind::Unsupported`] for a platform that Postcore does not connect, [`ErrorKind::Invalid`] for credentials of
/// another form than the platform takes.
pub(crate) fn way<'a>(request: &'a ConnectRequest, profile: Option<&'a str>) -> Result<Way<'a>> {
    const TAKES: &str =
        "Postcore connects LinkedIn by a link and a return URL, and Bluesky by a handle and an app password";
    let platform = &request.platform;
    if !matches!(platform, Platform::LinkedIn | Platform::Bluesky | Platform::Other(_)) {
        let message = format!("{} cannot be connected: {TAKES}", platform.label());
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    match (platform, &request.credentials) {
        // What no document names is asked for all the same: the vendor decides.
        (Platform::LinkedIn | Platform::Other(_), ConnectCredentials::Link { return_url }) => {
            if Url::parse(return_url).is_err() {
                let message = "`return_url` is no URL: give an absolute address, such as https://example.com/connected";
                return Err(Error::new(ErrorKind::Invalid, message));
            }
            Ok(Way::Link(return_url))
        }
        (Platform::Bluesky | Platform::Other(_), ConnectCredentials::AppPassword { handle, password }) => {
            let credentials = wire::Credentials { handle, app_password: password.expose_secret() };
            Ok(Way::Body(wire::Connect { profile_key: profile, platform: platform.as_str(), credentials }, password))
        }
        _ => Err(Error::new(ErrorKind::Invalid, format!("`credentials` do not fit: {TAKES}"))),
    }
}

/// What came of connecting with credentials. The answer is not documented: what it does not tell is known only as far
/// as it was asked for.
pub(crate) fn connect_outcome(
    sent: wire::Connection<'_>,
    requested: &Platform,
    profile: Option<&str>,
    context: &NormalizeContext,
) -> Result<ConnectOutcome> {
    if let Some(code) = sent.error {
        return Err(fault::refused(&code, sent.message.as_deref()));
    }
    let platform = told(sent.platform).map_or_else(|| requested.clone(), |name| Platform::parse(&name));
    let mut account = ConnectedAccount::new(platform);
    // A connection asked for inside a profile is in that profile, whether or not the answer repeats it.
    let key = told(sent.profile_key).or_else(|| profile.map(str::to_owned));
    account.profile = key.map(|key| ProfileId::new(context.provider().clone(), key));
    account.name = told(sent.display_name);
    account.username = told(sent.username);
    Ok(ConnectOutcome::Connected(account))
}

impl Normalize for wire::CreatedProfile<'_> {
    /// `None`, with the reason in the context, for an answer that nothing names.
    type Output = Option<Profile>;

    fn normalize(self, context: &mut NormalizeContext) -> Option<Profile> {
        let key = context.required("profileKey", told(self.profile_key))?;
        let mut profile = Profile::new(ProfileId::new(context.provider().clone(), key));
        profile.name = self.profile_name.map(String::from);
        Some(profile)
    }
}

impl Normalize for wire::Deletion<'_> {
    type Output = Result<DeleteOutcome>;

    fn normalize(self, _: &mut NormalizeContext) -> Result<DeleteOutcome> {
        match self.error {
            Some(code) => Err(fault::refused(&code, self.message.as_deref())),
            None => Ok(DeleteOutcome::new(told(self.message))),
        }
    }
}

/// Reads the URL that an account's owner came back to.
///
/// The last parameter of a name is Postcore's: it appends to what the return URL has.
///
/// # Errors
///
/// [`ErrorKind::Invalid`] for what is no URL. It is not repeated: its query is the caller's own.
pub(crate) fn callback(url: &str, profile_id: impl FnOnce(String) -> ProfileId) -> Result<ConnectCallback> {
    let Ok(url) = Url::parse(url) else {
        let message = "`url` is no URL: give the whole address that the owner came back to, with its query";
        return Err(Error::new(ErrorKind::Invalid, message));
    };
    let mut query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let profile = take_last(&mut query, |name, value| name == wire::link::PROFILE && !value.is_empty());

    let failed = take_last(&mut query, |name, value| name == wire::callback::FAILURE && value == "true").is_some();
    let codes = wire::callback::CODES;
    let codes = codes.map(|code| take_last(&mut query, |name, value| name == code && !value.is_empty()));
    let code = codes.into_iter().flatten().next();
    let outcome = if failed || code.is_some() {
        let explanation = "the sign-in seems to have failed; Postcore does not document how it tells that, nor why: \
                           fetch the profile to see what is connected, then offer a new link";
        CallbackOutcome::Failed { code, explanation: explanation.to_owned() }
    } else {
        CallbackOutcome::Returned
    };
    let mut callback = ConnectCallback::new(outcome);
    callback.profile = profile.map(profile_id);
    callback.query = query;
    Ok(callback)
}

/// Takes the last parameter that fits out of a query, and gives its value.
fn take_last(query: &mut Vec<(String, String)>, fits: impl Fn(&str, &str) -> bool) -> Option<String> {
    let place = query.iter().rposition(|(name, value)| fits(name, value))?;
    Some(query.remove(place).1)
}

/// A text that tells something; an empty one does not.
fn told(text: Option<polyprofile_http::json::Text<'_>>) -> Option<String> {
    text.map(String::from).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
