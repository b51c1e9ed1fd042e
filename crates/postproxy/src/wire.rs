//! Postproxy's JSON, as its Profiles API reference and its official Python SDK describe it.
//!
//! Every member is optional here: what the document promises is checked in `convert.rs`, so that one
//! odd member never costs its row.

use polyprofile_core::{Metric, Platform};
use polyprofile_http::json::{Envelope, Field, RowType, Text};
use serde::Deserialize;
use serde_json::{Map, Number, Value};

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
    pub(crate) placement_id: Option<Text<'a>>,
    pub(crate) stats: Option<Map<String, Value>>,
    #[serde(borrow)]
    pub(crate) recorded_at: Option<Text<'a>>,
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

/// The status words of a profile.
pub(crate) mod status {
    pub(crate) const ACTIVE: &str = "active";
    pub(crate) const EXPIRED: &str = "expired";
    pub(crate) const INACTIVE: &str = "inactive";
}

/// What one of a platform's own keys counts, from the document's table "Stats fields by network".
///
/// Keys that are not in here, such as Instagram's per-window figures, stay under their own name only.
pub(crate) fn metric(platform: &Platform, key: &str) -> Option<Metric> {
    let metrics: &[(&str, Metric)] = match platform {
        Platform::Bluesky => {
            &[("followersCount", Metric::Followers), ("followsCount", Metric::Following), ("postsCount", Metric::Posts)]
        }
        // A page's fans liked it; its followers see its posts.
        Platform::Facebook => &[
            ("fan_count", Metric::Likes),
            ("followers_count", Metric::Followers),
            ("page_impressions", Metric::Impressions),
            ("page_views_total", Metric::Views),
        ],
        Platform::Instagram => &[
            ("followers_count", Metric::Followers),
            ("follows_count", Metric::Following),
            ("media_count", Metric::Posts),
        ],
        Platform::LinkedIn => &[
            ("followerCount", Metric::Followers),
            ("shareCount", Metric::Shares),
            ("likeCount", Metric::Likes),
            ("commentCount", Metric::Comments),
            ("clickCount", Metric::Clicks),
            ("engagement", Metric::Engagement),
            ("allPageViews", Metric::Views),
        ],
        Platform::Pinterest => &[
            ("follower_count", Metric::Followers),
            ("following_count", Metric::Following),
            ("pin_count", Metric::Posts),
            ("board_count", Metric::Boards),
            ("monthly_views", Metric::Views),
        ],
        Platform::Telegram => &[("followers_count", Metric::Followers)],
        Platform::Threads => &[
            ("followers_count", Metric::Followers),
            ("views", Metric::Views),
            ("likes", Metric::Likes),
            ("replies", Metric::Comments),
            ("reposts", Metric::Shares),
            ("quotes", Metric::Quotes),
        ],
        Platform::TikTok => &[
            ("follower_count", Metric::Followers),
            ("following_count", Metric::Following),
            ("likes_count", Metric::Likes),
            ("video_count", Metric::Posts),
        ],
        Platform::Twitter => &[
            ("followers_count", Metric::Followers),
            ("following_count", Metric::Following),
            ("tweet_count", Metric::Posts),
            ("listed_count", Metric::Listed),
            ("like_count", Metric::Likes),
        ],
        Platform::YouTube => {
            &[("subscriberCount", Metric::Followers), ("viewCount", Metric::Views), ("videoCount", Metric::Posts)]
        }
        _ => &[],
    };
    metrics.iter().find(|(known, _)| *known == key).map(|(_, metric)| *metric)
}
