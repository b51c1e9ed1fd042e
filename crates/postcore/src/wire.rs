//! Postcore's JSON, as its pages "List Profiles", "Create", "Delete", "Connect", "Errors" and "Rate limits" describe it.
//!
//! Every member is optional here: what the document promises is checked in `convert.rs`, so that one
//! odd member never costs its row.

use polyprofile_http::json::{Envelope, Field, RowType, Text};
use serde::{Deserialize, Serialize};

/// `GET /profiles` answers `{"profiles": [..]}`; there are no pages.
pub(crate) static PROFILES: Envelope = Envelope { items: &["profiles"], keep: &[] };

/// A container of connected platforms, as the list sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Profile<'a> {
    #[serde(borrow)]
    pub(crate) profile_key: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) profile_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) created_at: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) connected_platforms: Option<Vec<ConnectedPlatform<'a>>>,
}

impl RowType for Profile<'_> {
    type Row<'de> = Profile<'de>;
}

/// A single profile: the same parts, but the platforms stand beside the profile and not inside it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct SingleProfile<'a> {
    #[serde(borrow)]
    pub(crate) profile: Option<Profile<'a>>,
    #[serde(borrow)]
    pub(crate) connected_platforms: Option<Vec<ConnectedPlatform<'a>>>,
}

impl RowType for SingleProfile<'_> {
    type Row<'de> = SingleProfile<'de>;
}

/// A connection. It has no id of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ConnectedPlatform<'a> {
    #[serde(borrow)]
    pub(crate) platform: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) display_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) username: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) connected_at: Option<Text<'a>>,
    /// Sent for LinkedIn only; null for Bluesky, whose app passwords do not expire.
    #[serde(borrow)]
    pub(crate) expires_at: Field<Text<'a>>,
    /// Sent for LinkedIn only. How it is rounded, and whether it goes below zero, is not documented.
    pub(crate) days_until_expiry: Field<f64>,
    pub(crate) needs_reconnect: Option<bool>,
}

/// What `POST /profiles/create` takes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateProfile<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) profile_name: Option<&'a str>,
}

/// What `POST /profiles/create` answers. There is no `createdAt`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct CreatedProfile<'a> {
    #[serde(borrow)]
    pub(crate) profile_key: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) profile_name: Option<Text<'a>>,
}

impl RowType for CreatedProfile<'_> {
    type Row<'de> = CreatedProfile<'de>;
}

/// What `DELETE /profiles/:profileKey` answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Deletion<'a> {
    /// Only of a refusal.
    #[serde(borrow)]
    pub(crate) error: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) message: Option<Text<'a>>,
}

impl RowType for Deletion<'_> {
    type Row<'de> = Deletion<'de>;
}

/// What `POST /profiles/connect` takes. It holds a password, so it does not print.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Connect<'a> {
    /// A new profile is made without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) profile_key: Option<&'a str>,
    pub(crate) platform: &'a str,
    pub(crate) credentials: Credentials<'a>,
}

/// See [`Connect`].
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Credentials<'a> {
    pub(crate) handle: &'a str,
    pub(crate) app_password: &'a str,
}

/// What `POST /profiles/connect` answers: no document shows it. These are the names that the other answers have for
/// what one would expect here.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Connection<'a> {
    #[serde(borrow)]
    pub(crate) profile_key: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) platform: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) display_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) username: Option<Text<'a>>,
    /// Only of a refusal.
    #[serde(borrow)]
    pub(crate) error: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) message: Option<Text<'a>>,
}

impl RowType for Connection<'_> {
    type Row<'de> = Connection<'de>;
}

/// The query of `GET /profiles/connect`, which a browser opens.
pub(crate) mod link {
    /// Where the key goes.
    pub(crate) const KEY: &str = "apiKey";
    pub(crate) const PLATFORM: &str = "platform";
    /// A new profile is made without one. It is also what the browser comes back with.
    pub(crate) const PROFILE: &str = "profileKey";
    pub(crate) const RETURN_URL: &str = "returnUrl";
}

/// What a browser might come back with after a failed sign-in: no document says. These are the names in use elsewhere.
pub(crate) mod callback {
    /// Names whose value is a code, the most telling one first.
    pub(crate) const CODES: [&str; 3] = ["error_code", "errorCode", "error"];
    /// A name whose value `true` means failure.
    pub(crate) const FAILURE: &str = "failure";
}

/// An error's body.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fault<'a> {
    /// The code, in capitals.
    #[serde(borrow)]
    pub(crate) error: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) message: Option<Text<'a>>,
    /// Seconds to wait, with the general limit.
    pub(crate) retry_after: Option<f64>,
    /// The moment to wait for, with the limit of one platform.
    #[serde(borrow)]
    pub(crate) next_available: Option<Text<'a>>,
}

impl RowType for Fault<'_> {
    type Row<'de> = Fault<'de>;
}

#[cfg(test)]
#[path = "../../http/tests/support/fields.rs"]
mod fields;

#[cfg(test)]
mod tests {
    use super::{Connection, CreatedProfile, Deletion, Fault, Profile, SingleProfile, fields};

    #[test]
    fn no_field_is_missing_from_the_list_of_what_is_broken_on_purpose() {
        let types = [
            ("Connection", fields::of::<Connection<'_>>()),
            ("CreatedProfile", fields::of::<CreatedProfile<'_>>()),
            ("Deletion", fields::of::<Deletion<'_>>()),
            ("Fault", fields::of::<Fault<'_>>()),
            ("Profile", fields::of::<Profile<'_>>()),
            ("SingleProfile", fields::of::<SingleProfile<'_>>()),
        ];
        fields::check(include_str!("../documents/fields.json"), &[include_str!("wire.rs")], &types.into());
    }
}
