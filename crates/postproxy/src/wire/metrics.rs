//! What the platforms' own keys of statistics count.

use polyprofile_core::{Metric, Platform};

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

#[cfg(test)]
mod tests {
    use polyprofile_core::{
        Metric::{
            self, Boards, Clicks, Comments, Engagement, Followers, Following, Impressions, Likes, Listed, Posts,
            Quotes, Shares, Views,
        },
        Platform,
    };

    use super::metric;

    type Row = (&'static str, &'static [(&'static str, Option<Metric>)]);

    /// The document's table "Stats fields by network", row by row; of each window of Instagram's one.
    #[rustfmt::skip]
    const DOCUMENTED: &[Row] = &[
        ("facebook", &[
            ("fan_count", Some(Likes)), ("followers_count", Some(Followers)), ("page_impressions", Some(Impressions)),
            ("page_views_total", Some(Views)), ("page_fan_adds", None), ("page_fan_removes", None),
        ]),
        ("linkedin", &[
            ("followerCount", Some(Followers)), ("shareCount", Some(Shares)), ("likeCount", Some(Likes)),
            ("commentCount", Some(Comments)), ("clickCount", Some(Clicks)), ("engagement", Some(Engagement)),
            ("allPageViews", Some(Views)), ("overviewPageViews", None), ("aboutPageViews", None),
            ("careersPageViews", None), ("peoplePageViews", None), ("insightsPageViews", None),
        ]),
        ("telegram", &[("followers_count", Some(Followers)), ("channel_title", None), ("channel_username", None)]),
        ("instagram", &[
            ("followers_count", Some(Followers)), ("follows_count", Some(Following)), ("media_count", Some(Posts)),
            ("reach_1d", None), ("profile_views_7d", None), ("accounts_engaged_14d", None),
            ("total_interactions_30d", None), ("website_clicks_1d", None), ("follower_count_7d", None),
        ]),
        ("threads", &[
            ("followers_count", Some(Followers)), ("views", Some(Views)), ("likes", Some(Likes)),
            ("replies", Some(Comments)), ("reposts", Some(Shares)), ("quotes", Some(Quotes)),
        ]),
        ("youtube", &[("subscriberCount", Some(Followers)), ("viewCount", Some(Views)), ("videoCount", Some(Posts))]),
        ("twitter", &[
            ("followers_count", Some(Followers)), ("following_count", Some(Following)), ("tweet_count", Some(Posts)),
            ("listed_count", Some(Listed)), ("like_count", Some(Likes)),
        ]),
        ("tiktok", &[
            ("follower_count", Some(Followers)), ("following_count", Some(Following)), ("likes_count", Some(Likes)),
            ("video_count", Some(Posts)),
        ]),
        ("pinterest", &[
            ("follower_count", Some(Followers)), ("following_count", Some(Following)), ("pin_count", Some(Posts)),
            ("board_count", Some(Boards)), ("monthly_views", Some(Views)), ("analytics_30d", None),
        ]),
        ("bluesky", &[("followersCount", Some(Followers)), ("followsCount", Some(Following)), ("postsCount", Some(Posts))]),
        // Documented networks without a row of their own.
        ("google_business", &[("followers_count", None)]),
        ("whatsapp", &[("followers_count", None)]),
        ("mastodon", &[("followers_count", None)]),
    ];

    #[test]
    fn every_documented_key_counts_what_it_says_or_stays_as_it_is() {
        for (platform, keys) in DOCUMENTED {
            for (key, expected) in *keys {
                assert_eq!(metric(&Platform::parse(platform), key), *expected, "{platform} {key}");
            }
        }
    }
}
