//! A row of `GET /accounts`: a linked account.

use polyprofile_http::json::{RowType, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{is_default, null_as_default, remaining_members};

/// A linked account. It borrows from the answer: a listing may be thousands of rows long.
///
/// It is written without the members that the model has a place for.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Account<'a> {
    /// The vendor's own key.
    #[serde(borrow, skip_serializing)]
    pub(crate) id: Option<Text<'a>>,
    /// The network or service: `LINKEDIN`, `GOOGLE_OAUTH`.
    #[serde(rename = "type", skip_serializing)]
    pub(crate) kind: Option<Text<'a>>,
    /// The account's name.
    #[serde(skip_serializing)]
    pub(crate) name: Option<Text<'a>>,
    /// When it was linked.
    #[serde(skip_serializing)]
    pub(crate) created_at: Option<Text<'a>>,
    /// When a mobile phone was last read.
    #[serde(skip_serializing_if = "is_default")]
    last_fetched_at: Option<Text<'a>>,
    /// The title of the signature in use.
    #[serde(skip_serializing_if = "is_default")]
    current_signature: Option<Text<'a>>,
    /// What can be put under messages.
    #[serde(deserialize_with = "null_as_default", skip_serializing_if = "is_default")]
    signatures: Vec<Signature<'a>>,
    /// Groups that the account is in.
    #[serde(deserialize_with = "null_as_default", skip_serializing_if = "is_default")]
    groups: Vec<Text<'a>>,
    /// The services of the account, each with a state of its own: messages, mail, calendar.
    #[serde(deserialize_with = "null_as_default", skip_serializing_if = "tell_the_same")]
    pub(crate) sources: Vec<Source<'a>>,
    /// How the account is reached.
    #[serde(skip_serializing)]
    pub(crate) connection_params: Option<ConnectionParams<'a>>,
}

impl RowType for Account<'_> {
    type Row<'de> = Account<'de>;
}

impl Account<'_> {
    /// What the account tells beyond the model, under the vendor's names; `access` is what its `connection_params`
    /// held.
    pub(crate) fn vendor_members(&self, access: &Access<'_>) -> Map<String, Value> {
        let mut members = remaining_members(self);
        members.extend(remaining_members(access));
        members
    }
}

/// Whether one word says all: the status of the connection, which is that word.
fn tell_the_same(sources: &[Source<'_>]) -> bool {
    sources.windows(2).all(|pair| pair[0].status == pair[1].status)
}

/// Text to be put under messages.
#[derive(Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Signature<'a> {
    #[serde(borrow, skip_serializing_if = "is_default")]
    title: Option<Text<'a>>,
    #[serde(skip_serializing_if = "is_default")]
    content: Option<Text<'a>>,
}

/// One service of an account.
#[derive(Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Source<'a> {
    #[serde(borrow, skip_serializing_if = "is_default")]
    id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) status: Option<SourceStatus>,
}

words! {
    /// The state of one service of an account.
    pub(crate) enum SourceStatus {
        /// It works.
        Ok = "OK",
        /// It is starting.
        Connecting = "CONNECTING",
        /// It was stopped.
        Stopped = "STOPPED",
        /// It failed.
        Error = "ERROR",
        /// It was not granted enough.
        Permissions = "PERMISSIONS",
        /// Its credentials are no longer valid.
        Credentials = "CREDENTIALS",
    }
}

/// How an account is reached, by service.
///
/// The vendor's object also tells the proxy that the account goes through, with its user name and password. That
/// member, host names and ports are not read at all: what was never read cannot leak.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ConnectionParams<'a> {
    #[serde(borrow)]
    im: Option<Access<'a>>,
    mail: Option<Access<'a>>,
    calendar: Option<Access<'a>>,
}

impl<'a> ConnectionParams<'a> {
    /// Messages before mail before calendar: an account that has several tells the same owner in each.
    pub(crate) fn into_access(self) -> Option<Access<'a>> {
        self.im.or(self.mail).or(self.calendar)
    }
}

/// The owner of an account, as far as its type tells. It is written without what says who that is.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Access<'a> {
    /// The network's id of the owner. LinkedIn's means something only to the account that sees it.
    #[serde(borrow, skip_serializing)]
    pub(crate) id: Option<Text<'a>>,
    /// The same for Telegram and Slack.
    #[serde(skip_serializing)]
    pub(crate) user_id: Option<Text<'a>>,
    /// The number of a WhatsApp account or a phone.
    #[serde(skip_serializing)]
    pub(crate) phone_number: Option<Text<'a>>,
    /// The handle or mail address; for LinkedIn the member's name.
    #[serde(skip_serializing)]
    pub(crate) username: Option<Text<'a>>,
    /// The same for Slack.
    #[serde(skip_serializing)]
    pub(crate) user: Option<Text<'a>>,
    /// The same for mail over IMAP.
    #[serde(skip_serializing)]
    pub(crate) imap_user: Option<Text<'a>>,
    /// The last part of the address of a LinkedIn page.
    #[serde(rename = "publicIdentifier", skip_serializing)]
    pub(crate) public_identifier: Option<Text<'a>>,
    /// LinkedIn's paid products: `recruiter`, `sales_navigator`, `premium`.
    #[serde(rename = "premiumFeatures", deserialize_with = "null_as_default", skip_serializing_if = "is_default")]
    premium_features: Vec<Text<'a>>,
    /// LinkedIn pages that the owner runs.
    #[serde(deserialize_with = "null_as_default", skip_serializing_if = "is_default")]
    organizations: Vec<Organization<'a>>,
    /// The name of a Slack workspace.
    #[serde(skip_serializing_if = "is_default")]
    team: Option<Text<'a>>,
    /// The address of a Slack workspace.
    #[serde(skip_serializing_if = "is_default")]
    url: Option<Text<'a>>,
}

/// A LinkedIn page that the owner of an account runs.
#[derive(Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Organization<'a> {
    #[serde(borrow, skip_serializing_if = "is_default")]
    name: Option<Text<'a>>,
    #[serde(skip_serializing_if = "is_default")]
    messaging_enabled: Option<bool>,
    #[serde(skip_serializing_if = "is_default")]
    organization_urn: Option<Text<'a>>,
    #[serde(skip_serializing_if = "is_default")]
    mailbox_urn: Option<Text<'a>>,
}
