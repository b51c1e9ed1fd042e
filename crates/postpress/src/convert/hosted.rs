//! Hosted links and what came of them; and what came of deleting.

use chrono::{DateTime, SecondsFormat, Utc};
use polyprofile_core::{
    CallbackOutcome, ConnectCallback, ConnectCredentials, ConnectLink, ConnectOutcome, DeleteOutcome, Error, ErrorKind,
    IssueKind, Normalize, NormalizeContext, Platform, Remedy, Result,
};
use url::Url;

use crate::wire::{self, callback};

/// Platforms that a hosted link can be asked to offer, under the vendor's names.
pub(crate) const PROVIDERS: [(Platform, &str); 9] = [
    (Platform::LinkedIn, "LINKEDIN"),
    (Platform::WhatsApp, "WHATSAPP"),
    (Platform::Instagram, "INSTAGRAM"),
    (Platform::Messenger, "MESSENGER"),
    (Platform::Telegram, "TELEGRAM"),
    (Platform::Google, "GOOGLE"),
    (Platform::Outlook, "OUTLOOK"),
    (Platform::Twitter, "TWITTER"),
    (Platform::Mail, "MAIL"),
];

/// What the owner may choose from on a hosted page for `platform`.
///
/// # Errors
///
/// [`ErrorKind::Unsupported`] for a platform that Postpress does not link.
pub(crate) fn providers(platform: &Platform) -> Result<wire::Providers<'_>> {
    if let Platform::Other(name) = platform {
        // What no document names is asked for all the same: the vendor decides. It has names for whole sorts, too.
        let is_selector = name.starts_with('*');
        return Ok(if is_selector { wire::Providers::Selector(name) } else { wire::Providers::List([name]) });
    }
    match PROVIDERS.iter().find(|(known, _)| known == platform) {
        Some((_, name)) => Ok(wire::Providers::List([name])),
        None => {
            let known: Vec<&str> = PROVIDERS.iter().map(|(platform, _)| platform.label()).collect();
            let message = format!(
                "{} cannot be connected: Postpress links {} by a link and a return URL",
                platform.label(),
                known.join(", ")
            );
            Err(Error::new(ErrorKind::Unsupported, message))
        }
    }
}

/// What to send for a link that ends at `expires_on`.
///
/// # Errors
///
/// [`ErrorKind::Invalid`] for credentials that are no link, or a return URL that is none.
pub(crate) fn hosted_link<'a>(
    purpose: wire::Purpose<'a>,
    credentials: &'a ConnectCredentials,
    api_url: &'a str,
    expires_on: DateTime<Utc>,
) -> Result<wire::HostedLink<'a>> {
    let ConnectCredentials::Link { return_url } = credentials else {
        let message = "`credentials` do not fit: Postpress connects every platform by a link and a return URL";
        return Err(Error::new(ErrorKind::Invalid, message));
    };
    let Ok(mut failure) = Url::parse(return_url) else {
        let message = "`return_url` is no URL: give an absolute address, such as https://example.com/connected";
        return Err(Error::new(ErrorKind::Invalid, message));
    };
    failure.query_pairs_mut().append_pair(callback::FAILURE, callback::YES);
    Ok(wire::HostedLink {
        purpose,
        api_url,
        expires_on: expires_on.to_rfc3339_opts(SecondsFormat::Millis, true),
        success_redirect_url: return_url,
        failure_redirect_url: failure.into(),
    })
}

impl Normalize for wire::HostedUrl<'_> {
    type Output = Result<ConnectOutcome>;

    fn normalize(self, context: &mut NormalizeContext) -> Self::Output {
        // Somebody is going to open it.
        match self.url.filter(|url| Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "https" | "http"))) {
            Some(url) => Ok(ConnectOutcome::Link(ConnectLink::new(url))),
            None => {
                context.report("url", IssueKind::Unreadable, "expected a link that a browser can open", None);
                Err(Error::new(ErrorKind::Decode, "the answer holds no link (`url`) that a browser can open"))
            }
        }
    }
}

impl Normalize for wire::Deletion<'_> {
    /// An error for anything but a confirmation: this API answers 200 to some things that it failed to do.
    type Output = Result<DeleteOutcome>;

    fn normalize(self, _: &mut NormalizeContext) -> Self::Output {
        let said = self.object.as_deref().unwrap_or("nothing");
        if said == Self::DONE {
            return Ok(DeleteOutcome::new(None));
        }
        let message = format!("the answer does not say that the account was deleted, but {said}");
        Err(Error::new(ErrorKind::Decode, message).with_remedy(Remedy::CheckFirst))
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
    // Appended to what the caller has: where there are several, the last one is ours.
    let failure = query.iter().rposition(|(name, value)| name == callback::FAILURE && value == callback::YES);
    let outcome = match failure {
        None => CallbackOutcome::Returned,
        Some(place) => {
            query.remove(place);
            let explanation = "the account was not linked: Postpress sent the owner to the address for failures, and \
                               documents no reason; offer a new link when they are ready";
            CallbackOutcome::Failed { code: None, explanation: explanation.to_owned() }
        }
    };
    let mut callback = ConnectCallback::new(outcome);
    callback.query = query;
    Ok(callback)
}

#[cfg(test)]
mod tests;
