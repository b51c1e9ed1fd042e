//! A row of `GET /accounts`: a linked account.

use polyprofile_http::json::{RowType, Text};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::null_as_default;

/// A linked account. It borrows from the answer: a listing may be thousands of rows long.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Account<'a> {
    /// The vendor's own key.
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    /// The network or service: `LINKEDIN`, `GOOGLE_OAUTH`.
    #[serde(rename = "type")]
    pub(crate) kind: Option<Text<'a>>,
    /// The account's name.
    pub(crate) name: Option<Text<'a>>,
    /// When it was linked.
    pub(crate) created_at: Option<Text<'a>>,
    /// When a mobile phone was last read.
    last_fetched_at: Option<Text<'a>>,
    /// The title of the signature in use.
    current_signature: Option<Text<'a>>,
    /// What can be put under messages.
    #[serde(deserialize_with = "null_as_default")]
    signatures: Vec<Signature<'a>>,
    /// Groups that the account is in.
    #[serde(deserialize_with = "null_as_default")]
    groups: Vec<Text<'a>>,
    /// The services of the account, each with a state of its own: messages, mail, calendar.
    #[serde(deserialize_with = "null_as_default")]
    pub(crate) sources: Vec<Source<'a>>,
    /// How the account is reached.
    pub(crate) connection_params: Option<ConnectionParams<'a>>,
}

impl RowType for Account<'_> {
    type Row<'de> = Account<'de>;
}

impl Account<'_> {
    /// What the account tells beyond the model, under the vendor's names; `access` is what its `connection_params`
    /// held.
    pub(crate) fn vendor_members(&self, access: &Access<'_>) -> Map<String, Value> {
        let states_differ = self.sources.windows(2).any(|pair| pair[0].status != pair[1].status);
        let members = [
            ("groups", list(&self.groups, text)),
            ("sources", if states_differ { list(&self.sources, Source::to_json) } else { Value::Null }),
            ("last_fetched_at", optional(self.last_fetched_at.as_ref())),
            ("current_signature", optional(self.current_signature.as_ref())),
            ("signatures", list(&self.signatures, Signature::to_json)),
            ("premiumFeatures", list(&access.premium_features, text)),
            ("organizations", list(&access.organizations, Organization::to_json)),
            ("team", optional(access.team.as_ref())),
            ("url", optional(access.url.as_ref())),
        ];
        members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

/// Text to be put under messages.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Signature<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
    content: Option<Text<'a>>,
}

impl Signature<'_> {
    fn to_json(&self) -> Value {
        json!({ "title": optional(self.title.as_ref()), "content": optional(self.content.as_ref()) })
    }
}

/// One service of an account.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Source<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    pub(crate) status: Option<SourceStatus>,
}

impl Source<'_> {
    fn to_json(&self) -> Value {
        json!({ "id": optional(self.id.as_ref()), "status": self.status })
    }
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

/// The owner of an account, as far as its type tells.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Access<'a> {
    /// The network's id of the owner. LinkedIn's means something only to the account that sees it.
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    /// The same for Telegram and Slack.
    pub(crate) user_id: Option<Text<'a>>,
    /// The number of a WhatsApp account or a phone.
    pub(crate) phone_number: Option<Text<'a>>,
    /// The handle or mail address; for LinkedIn the member's name.
    pub(crate) username: Option<Text<'a>>,
    /// The same for Slack.
    pub(crate) user: Option<Text<'a>>,
    /// The same for mail over IMAP.
    pub(crate) imap_user: Option<Text<'a>>,
    /// The last part of the address of a LinkedIn page.
    #[serde(rename = "publicIdentifier")]
    pub(crate) public_identifier: Option<Text<'a>>,
    /// LinkedIn's paid products: `recruiter`, `sales_navigator`, `premium`.
    #[serde(rename = "premiumFeatures", deserialize_with = "null_as_default")]
    premium_features: Vec<Text<'a>>,
    /// LinkedIn pages that the owner runs.
    #[serde(deserialize_with = "null_as_default")]
    organizations: Vec<Organization<'a>>,
    /// The name of a Slack workspace.
    team: Option<Text<'a>>,
    /// The address of a Slack workspace.
    url: Option<Text<'a>>,
}

/// A LinkedIn page that the owner of an account runs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Organization<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    messaging_enabled: Option<bool>,
    organization_urn: Option<Text<'a>>,
    mailbox_urn: Option<Text<'a>>,
}

impl Organization<'_> {
    fn to_json(&self) -> Value {
        json!({
            "name": optional(self.name.as_ref()),
            "messaging_enabled": self.messaging_enabled,
            "organization_urn": optional(self.organization_urn.as_ref()),
            "mailbox_urn": optional(self.mailbox_urn.as_ref()),
        })
    }
}

/// The entries as JSON; null for a list without any.
fn list<T>(entries: &[T], to_json: fn(&T) -> Value) -> Value {
    if entries.is_empty() { Value::Null } else { entries.iter().map(to_json).collect() }
}

fn optional(told: Option<&Text<'_>>) -> Value {
    told.map_or(Value::Null, text)
}

fn text(text: &Text<'_>) -> Value {
    Value::from(&**text)
}
