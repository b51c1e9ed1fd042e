//! Hosted links, and what a deletion answers.

use polyprofile_http::json::{RowType, Text};
use serde::{Deserialize, Serialize};

/// What `POST /hosted/accounts/link` takes.
#[derive(Debug, Serialize)]
pub(crate) struct HostedLink<'a> {
    #[serde(flatten)]
    pub(crate) purpose: Purpose<'a>,
    /// The address of the vendor's API.
    pub(crate) api_url: &'a str,
    /// Must have milliseconds and `Z`: `2026-05-20T12:00:00.000Z`.
    #[serde(rename = "expiresOn")]
    pub(crate) expires_on: String,
    pub(crate) success_redirect_url: &'a str,
    pub(crate) failure_redirect_url: String,
}

/// What the owner is asked to do.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum Purpose<'a> {
    /// Link an account.
    Create {
        /// What the owner may choose from.
        providers: Providers<'a>,
    },
    /// Sign in to a linked account again.
    Reconnect {
        /// Its id.
        reconnect_account: &'a str,
    },
}

/// What the owner may choose from.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Providers<'a> {
    /// A whole sort: `*`, `*:MAILING`.
    Selector(&'a str),
    /// By name: `LINKEDIN`.
    List([&'a str; 1]),
}

/// What `POST /hosted/accounts/link` answers. Its `object` is spelled in two ways, so nobody looks at it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct HostedUrl<'a> {
    #[serde(borrow)]
    pub(crate) url: Option<Text<'a>>,
}

impl RowType for HostedUrl<'_> {
    type Row<'de> = HostedUrl<'de>;
}

/// What `DELETE /accounts/{id}` answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Deletion<'a> {
    #[serde(borrow)]
    pub(crate) object: Option<Text<'a>>,
}

impl Deletion<'_> {
    /// The object that says that it was done.
    pub(crate) const DONE: &'static str = "AccountDeleted";
}

impl RowType for Deletion<'_> {
    type Row<'de> = Deletion<'de>;
}

/// The query of the return URL. The vendor documents no parameters, and has an address of its own for a failure: these
/// are ours, in that address.
pub(crate) mod callback {
    /// The parameter that tells a failure.
    pub(crate) const FAILURE: &str = "failure";
    /// Its value.
    pub(crate) const YES: &str = "true";
}
