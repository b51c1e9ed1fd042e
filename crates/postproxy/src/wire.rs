//! Postproxy's JSON, as its references of the Profiles API and the Profile Groups API and its official
//! Python SDK describe it.
//!
//! Every member is optional here: what the document promises is checked in `convert.rs`, so that one
//! odd member never costs its row.

mod metrics;

use polyprofile_http::json::{Envelope, Field, RowType, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

pub(crate) use metrics::metric;

/// `GET /api/profiles` answers `{"data": [..]}`; there are no pages.
pub(crate) static PROFILES: Envelope = Envelope { items: &["data"], keep: &[] };

/// A connected account. A single profile comes bare, with statistics; the list has none.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Profile<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) status: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) platform: Option<Text<'a>>,
    /// What older answers call the platform.
    #[serde(borrow)]
    pub(crate) network: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) profile_group_id: Option<Text<'a>>,
    /// Null means that the connection does not expire or is renewed by Postproxy.
    #[serde(borrow)]
    pub(crate) expires_at: Field<Text<'a>>,
    pub(crate) post_count: Option<Number>,
    #[serde(borrow)]
    pub(crate) avatar_url: Option<Text<'a>>,
    pub(crate) latest_stats: Option<Vec<Snapshot<'a>>>,
    pub(crate) summary_stats: Option<Snapshot<'a>>,
    // Known from the SDK alone.
    #[serde(borrow)]
    pub(crate) username: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) inactive_reason: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) platform_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) platform_url: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) placements_sync_status: Option<Text<'a>>,
}

impl RowType for Profile<'_> {
    type Row<'de> = Profile<'de>;
}

/// The figures of one moment, under the platform's own keys.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Snapshot<'a> {
    /// Null on a platform without placements; a summary has none.
    #[serde(borrow)]
    pub(crate) placement_id: Field<Text<'a>>,
    pub(crate) stats: Option<Map<String, Value>>,
    #[serde(borrow)]
    pub(crate) recorded_at: Option<Text<'a>>,
}

/// `GET /api/profiles/:id/placements` answers `{"data": [..]}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Placements<'a> {
    #[serde(borrow)]
    pub(crate) data: Option<Vec<Placement<'a>>>,
}

impl RowType for Placements<'_> {
    type Row<'de> = Placements<'de>;
}

/// A page, organization, board, channel or location. What the SDK knows beyond it, a picture and
/// metadata, has no place in the model.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Placement<'a> {
    /// Null is LinkedIn's personal page.
    #[serde(borrow)]
    pub(crate) id: Field<Text<'a>>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
}

/// `GET /api/profiles/:id/stats` answers `{"data": {..}}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Stats<'a> {
    #[serde(borrow)]
    pub(crate) data: Option<Series<'a>>,
}

impl RowType for Stats<'_> {
    type Row<'de> = Stats<'de>;
}

/// What was recorded about a profile or one of its placements, oldest first.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Series<'a> {
    #[serde(borrow)]
    pub(crate) profile_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) platform: Option<Text<'a>>,
    /// Null on a platform without placements; else that of the request.
    #[serde(borrow)]
    pub(crate) placement_id: Field<Text<'a>>,
    pub(crate) records: Option<Vec<Snapshot<'a>>>,
}

/// `GET /api/profile_groups` answers `{"data": [..]}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Groups<'a> {
    #[serde(borrow)]
    pub(crate) data: Option<Vec<Group<'a>>>,
}

impl RowType for Groups<'_> {
    type Row<'de> = Groups<'de>;
}

/// A profile group. A single one, new or old, comes bare.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Group<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    pub(crate) profiles_count: Option<Number>,
}

impl RowType for Group<'_> {
    type Row<'de> = Group<'de>;
}

/// `POST /api/profile_groups` takes this.
#[derive(Serialize)]
pub(crate) struct CreateGroup<'a> {
    pub(crate) profile_group: GroupName<'a>,
}

/// All that a new group is told by.
#[derive(Serialize)]
pub(crate) struct GroupName<'a> {
    pub(crate) name: &'a str,
}

/// A deletion is answered `{"success": true}` for a profile and `{"deleted": true}` for a group.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Deletion<'a> {
    pub(crate) success: Option<bool>,
    pub(crate) deleted: Option<bool>,
    // What a refusal would tell, should it come with a status that means success.
    #[serde(borrow)]
    pub(crate) error: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) error_code: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) message: Option<Text<'a>>,
}

impl RowType for Deletion<'_> {
    type Row<'de> = Deletion<'de>;
}

/// `POST /api/profile_groups/:id/initialize_connection` takes this. It holds secrets, so it does not print.
#[derive(Serialize)]
pub(crate) struct Connect<'a> {
    pub(crate) platform: &'a str,
    #[serde(flatten)]
    pub(crate) credentials: Credentials<'a>,
    /// Renews a connection. Known from the SDK alone: the document says no more than that an expired
    /// profile is to be connected again by this call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_connection: Option<bool>,
}

/// What it takes to connect, by platform.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Credentials<'a> {
    /// Every platform but the two below.
    Link { redirect_url: &'a str },
    /// Bluesky.
    AppPassword { identifier: &'a str, app_password: &'a str },
    /// Telegram.
    BotToken { bot_token: &'a str },
}

/// The answer to it: a link, or at once the profile.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Connection<'a> {
    pub(crate) success: Option<bool>,
    #[serde(borrow)]
    pub(crate) url: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) profile: Option<NewProfile<'a>>,
    #[serde(borrow)]
    pub(crate) next_step: Option<Text<'a>>,
    // As in a deletion.
    #[serde(borrow)]
    pub(crate) error: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) error_code: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) message: Option<Text<'a>>,
}

impl RowType for Connection<'_> {
    type Row<'de> = Connection<'de>;
}

/// A profile as it is told right after it was connected, under other names than anywhere else.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewProfile<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) network: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) external_username: Option<Text<'a>>,
}

/// The parameters that Postproxy adds to a return URL, and the codes in them.
pub(crate) mod callback {
    pub(crate) const FAILURE: &str = "failure";
    pub(crate) const ERROR_CODE: &str = "error_code";
    pub(crate) const USER_ABANDONED: &str = "user_abandoned";
    pub(crate) const UPDATE_FAILED: &str = "update_failed";
}

/// An error's body, in each of the four forms that were seen.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fault<'a> {
    /// The text of the error; or, beside `message`, only the name of the status.
    #[serde(borrow)]
    pub(crate) error: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) error_code: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) message: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) errors: Option<Vec<Text<'a>>>,
}

impl RowType for Fault<'_> {
    type Row<'de> = Fault<'de>;
}

/// The codes of errors. The first is also one of a return URL.
pub(crate) mod code {
    pub(crate) const ALREADY_CONNECTED: &str = "account_is_already_connected";
    pub(crate) const BLUESKY_LOGIN_FAILED: &str = "bluesky_login_failed";
    pub(crate) const MISSING_CREDENTIALS: &str = "missing_credentials";
    pub(crate) const TELEGRAM_CONNECT_FAILED: &str = "telegram_connect_failed";
}

/// The texts of errors that have no code, and mean more than their status does.
pub(crate) mod text {
    pub(crate) const ALREADY_CONNECTED: &str = "Platform already connected";
    pub(crate) const NO_PERMISSION: &str = "Your API key has no such permission";
    /// Goes on with the platform: `placement_id is required for linkedin profiles`.
    pub(crate) const PLACEMENT_REQUIRED: &str = "placement_id is required";
}

/// The status words of a profile.
pub(crate) mod status {
    pub(crate) const ACTIVE: &str = "active";
    pub(crate) const EXPIRED: &str = "expired";
    pub(crate) const INACTIVE: &str = "inactive";
}

#[cfg(test)]
#[path = "../../http/tests/support/fields.rs"]
mod fields;

#[cfg(test)]
mod tests {
    use super::{Connection, Deletion, Fault, Group, Groups, Placements, Profile, Stats, fields};

    #[test]
    fn no_field_is_missing_from_the_list_of_what_is_broken_on_purpose() {
        let types = [
            ("Connection", fields::of::<Connection<'_>>()),
            ("Deletion", fields::of::<Deletion<'_>>()),
            ("Fault", fields::of::<Fault<'_>>()),
            ("Group", fields::of::<Group<'_>>()),
            ("Groups", fields::of::<Groups<'_>>()),
            ("Placements", fields::of::<Placements<'_>>()),
            ("Profile", fields::of::<Profile<'_>>()),
            ("Stats", fields::of::<Stats<'_>>()),
        ];
        fields::check(include_str!("../documents/fields.json"), &[include_str!("wire.rs")], &types.into());
    }
}
