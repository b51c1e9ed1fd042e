//! Postcore's JSON, as its pages "List Profiles", "Errors" and "Rate limits" describe it.
//!
//! Every member is optional here: what the document promises is checked in `convert.rs`, so that one
//! odd member never costs its row.

use polyprofile_http::json::{Envelope, Field, RowType, Text};
use serde::Deserialize;

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
