//! The agency's account at Postproxy.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Map, Value, json};

use crate::clock;
use crate::postproxy::{Group, Placement, Profile, Record, Snapshot, Store};

const KESTREL: &str = "grp_kestrel";
const FJORD: &str = "grp_fjord";
const LUMEN: &str = "grp_lumen";

/// "Snapshots are captured roughly every 23 hours."
const BETWEEN_SNAPSHOTS: Duration = Duration::hours(23);
const SNAPSHOTS: i64 = 30;

pub(in crate::data) fn account(now: DateTime<Utc>) -> Store {
    let group =
        |id: &str, name: &str| Group { id: id.to_owned(), name: name.to_owned(), listed: true, unseen_profiles: 0 };
    let mut records = kestrel(now);
    records.extend(fjord(now));
    records.extend(lumen(now));
    Store {
        groups: vec![group(KESTREL, "Kestrel Coffee"), group(FJORD, "Fjord Outdoor"), group(LUMEN, "Lumen Studio")],
        records,
        bound_group: KESTREL.to_owned(),
        ..Store::default()
    }
}

fn kestrel(now: DateTime<Utc>) -> Vec<Record> {
    let linkedin = Row::new("prof_kes_li", "linkedin", KESTREL, "Kestrel Coffee")
        .posts(64)
        .expires(now + Duration::days(2) + Duration::hours(1))
        .field("username", "kestrel-coffee")
        .field("platform_id", "90210001")
        .field("platform_url", "https://www.linkedin.com/company/kestrel-coffee")
        .field("placements_sync_status", "synced")
        .record()
        .with_placements(placements(&[
            (None, "Personal Profile"),
            (Some("90210001"), "Kestrel Coffee"),
            (Some("90210011"), "Kestrel Academy"),
        ]))
        .with_history(linkedin_history(now, &[("90210001", 5200), ("90210011", 840)]));
    let instagram = Row::new("prof_kes_ig", "instagram", KESTREL, "@kestrelcoffee")
        .posts(211)
        .expires(now + Duration::hours(5))
        .field("username", "kestrelcoffee")
        .field("platform_id", "178414001")
        .record()
        .with_history(history(now, None, |day| {
            json!({
                "followers_count": 18_000 + 14 * day, "follows_count": 311, "media_count": 880 + day,
                "reach_1d": 900 + 7 * day, "reach_7d": 6_100 + 40 * day, "reach_30d": 24_000 + 110 * day,
                "profile_views_1d": 41 + day, "accounts_engaged_7d": 380 + 3 * day,
                "total_interactions_7d": 510 + 5 * day, "website_clicks_30d": 77, "follower_count_1d": 14,
            })
        }));
    let facebook = Row::new("prof_kes_fb", "facebook", KESTREL, "Kestrel Coffee")
        .posts(98)
        .field("platform_id", "61550001")
        .record()
        .with_placements(placements(&[(Some("104400001"), "Kestrel Coffee"), (Some("104400002"), "Kestrel Café Oslo")]))
        .with_history(facebook_history(now, &[("104400001", 9_100), ("104400002", 1_250)]));
    let twitter = Row::new("prof_kes_tw", "twitter", KESTREL, "@kestrelcoffee")
        .posts(402)
        .field("username", "kestrelcoffee")
        .field("platform_id", "1500100201")
        .record()
        .with_history(history(now, None, |day| {
            json!({
                "followers_count": 7_500 + 7 * day, "following_count": 204, "tweet_count": 5_000 + 4 * day,
                "listed_count": 61, "like_count": 3_300 + day,
            })
        }));
    let bluesky = Row::new("prof_kes_bs", "bluesky", KESTREL, "Kestrel Coffee")
        .posts(130)
        .field("username", "kestrelcoffee")
        .account("kestrelcoffee.bsky.social")
        .record()
        .with_history(history(
            now,
            None,
            |day| json!({"followersCount": 1_900 + 11 * day, "followsCount": 160, "postsCount": 400 + day}),
        ));
    let google = Row::new("prof_kes_gb", "google_business", KESTREL, "Kestrel Coffee").posts(12).record();
    let google = google.with_placements(placements(&[
        (Some("accounts/123456789/locations/987654321"), "Kestrel Coffee Bergen"),
        (Some("accounts/123456789/locations/987654322"), "Kestrel Coffee Oslo"),
    ]));
    // Connected only just now: nothing polled yet, no avatar downloaded.
    let whatsapp = Row::new("prof_kes_wa", "whatsapp", KESTREL, "Kestrel Orders").without_avatar().record();
    vec![linkedin, instagram, facebook, twitter, bluesky, google, whatsapp]
}

fn fjord(now: DateTime<Utc>) -> Vec<Record> {
    let youtube = Row::new("prof_fjo_yt", "youtube", FJORD, "Fjord Outdoor").posts(37).record();
    let youtube = youtube.with_history(history(
        now,
        None,
        |day| json!({"subscriberCount": 41_000 + 60 * day, "viewCount": 2_900_000 + 5_100 * day, "videoCount": 310}),
    ));
    let tiktok = Row::new("prof_fjo_tt", "tiktok", FJORD, "@fjordoutdoor")
        .posts(85)
        .expires(now + Duration::days(3) + Duration::hours(4))
        .field("username", "fjordoutdoor")
        .record()
        .with_history(history(now, None, |day| {
            json!({
                "follower_count": 120_000 + 300 * day, "following_count": 90, "likes_count": 1_400_000 + 2_000 * day,
                "video_count": 260 + day / 3,
            })
        }));
    let pinterest = Row::new("prof_fjo_pi", "pinterest", FJORD, "Fjord Outdoor")
        .posts(54)
        .status("expired")
        .expires(now - Duration::days(4))
        .record()
        .with_placements(placements(&[(Some("549755885175"), "Maps"), (Some("549755885176"), "Boots")]))
        .with_history(history(now, None, |day| {
            json!({
                "follower_count": 3_300 + day, "following_count": 12, "pin_count": 700 + day, "board_count": 2,
                "monthly_views": 88_000 - 100 * day,
                "analytics_30d": {"impressions": 51_000 + 10 * day, "saves": 410, "outbound_clicks": 96},
            })
        }));
    let facebook = Row::new("prof_fjo_fb", "facebook", FJORD, "Fjord Outdoor")
        .posts(8)
        .status("inactive")
        .field("inactive_reason", "network_taken")
        .record();
    let threads = Row::new("prof_fjo_th", "threads", FJORD, "@fjordoutdoor")
        .posts(66)
        .expires(now + Duration::days(41))
        .field("username", "fjordoutdoor")
        .record()
        .with_history(history(now, None, |day| {
            // A key shows only in the snapshots for which the network gave a value.
            let mut stats = json!({"followers_count": 9_400 + 9 * day, "views": 31_000 + 70 * day, "likes": 800 + day});
            if day % 2 == 0 {
                stats["replies"] = json!(60 + day);
                stats["reposts"] = json!(33);
                stats["quotes"] = json!(5);
            }
            stats
        }));
    vec![youtube, tiktok, pinterest, facebook, threads]
}

fn lumen(now: DateTime<Utc>) -> Vec<Record> {
    let channels =
        [("-1001777000001", "Lumen Studio", "lumenstudio"), ("-1001777000002", "Lumen Offers", "lumenoffers")];
    let telegram = Row::new("prof_lum_tg", "telegram", LUMEN, "Lumen Studio Bot")
        .posts(29)
        .account("lumen_studio_bot")
        .field("username", "lumen_studio_bot")
        .record()
        .with_placements(placements(&[
            (Some("-1001777000001"), "Lumen Studio (@lumenstudio)"),
            (Some("-1001777000002"), "Lumen Offers (@lumenoffers)"),
        ]))
        .with_history(
            channels
                .iter()
                .flat_map(|(id, title, username)| {
                    history(now, Some(id), |day| {
                        json!({"followers_count": 640 + 3 * day, "channel_title": title, "channel_username": username})
                    })
                })
                .collect(),
        );
    // Without a handle, which the document does not promise: her name alone does not say who she is.
    let linkedin = Row::new("prof_lum_li", "linkedin", LUMEN, "Mira Lindqvist")
        .posts(17)
        .status("inactive")
        .record()
        .with_placements(placements(&[(None, "Personal Profile")]));
    // The vendor's row contradicts itself: active past its end.
    let instagram = Row::new("prof_lum_ig", "instagram", LUMEN, "@lumen.studio")
        .posts(143)
        .expires(now - Duration::hours(6))
        .field("username", "lumen.studio")
        .record();
    vec![telegram, linkedin, instagram]
}

/// A profile in the making: active, without an end, with an avatar.
struct Row {
    profile: Profile,
    account: Option<String>,
}

impl Row {
    fn new(id: &str, platform: &str, group: &str, name: &str) -> Self {
        let profile = Profile {
            id: id.to_owned(),
            name: name.to_owned(),
            platform: platform.to_owned(),
            status: "active".to_owned(),
            profile_group_id: group.to_owned(),
            expires_at: None,
            post_count: 0,
            avatar_url: Some(format!("https://cdn.postproxy.dev/uploads/avatar_{id}.jpg")),
            later_fields: Map::new(),
        };
        Self { profile, account: None }
    }

    fn posts(mut self, count: u64) -> Self {
        self.profile.post_count = count;
        self
    }

    fn status(mut self, status: &str) -> Self {
        status.clone_into(&mut self.profile.status);
        self
    }

    fn expires(mut self, moment: DateTime<Utc>) -> Self {
        self.profile.expires_at = Some(clock::seconds(moment));
        self
    }

    fn without_avatar(mut self) -> Self {
        self.profile.avatar_url = None;
        self
    }

    fn field(mut self, name: &str, value: &str) -> Self {
        self.profile.later_fields.insert(name.to_owned(), Value::from(value));
        self
    }

    /// The name by which the network knows the account, where one can be connected by it.
    fn account(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }

    fn record(self) -> Record {
        let account = self.account.unwrap_or_else(|| self.profile.id.clone());
        Record::new(self.profile, account)
    }
}

fn placements(rows: &[(Option<&str>, &str)]) -> Vec<Placement> {
    rows.iter().map(|(id, name)| Placement { id: id.map(str::to_owned), name: (*name).to_owned() }).collect()
}

fn linkedin_history(now: DateTime<Utc>, pages: &[(&str, i64)]) -> Vec<Snapshot> {
    let page = |(id, followers): &(&str, i64)| {
        history(now, Some(id), |day| {
            json!({
                "followerCount": followers + 6 * day, "shareCount": 10 + day / 4, "likeCount": 90 + 2 * day,
                "commentCount": 12 + day / 3, "clickCount": 210 + day, "engagement": 0.031,
                "allPageViews": 12_000 + 30 * day, "overviewPageViews": 6_000 + 15 * day, "aboutPageViews": 1_500,
                "careersPageViews": 1_300 + day, "peoplePageViews": 3_200, "insightsPageViews": 99,
            })
        })
    };
    pages.iter().flat_map(page).collect()
}

fn facebook_history(now: DateTime<Utc>, pages: &[(&str, i64)]) -> Vec<Snapshot> {
    let page = |(id, fans): &(&str, i64)| {
        history(now, Some(id), |day| {
            json!({
                "fan_count": fans + 2 * day, "followers_count": fans + 130 + 2 * day, "page_impressions": 700 + 9 * day,
                "page_views_total": 58 + day, "page_fan_adds": 3, "page_fan_removes": 1,
            })
        })
    };
    pages.iter().flat_map(page).collect()
}

/// Thirty snapshots, ascending, the last one some hours old; `stats` makes one from its day.
fn history(now: DateTime<Utc>, placement: Option<&str>, stats: impl Fn(i64) -> Value) -> Vec<Snapshot> {
    let newest = now - Duration::hours(4);
    let snapshot = |day: i64| {
        let age = BETWEEN_SNAPSHOTS * i32::try_from(SNAPSHOTS - 1 - day).unwrap_or_default();
        let stats = stats(day).as_object().cloned().unwrap_or_default();
        Snapshot { placement_id: placement.map(str::to_owned), stats, recorded_at: clock::seconds(newest - age) }
    };
    (0..SNAPSHOTS).map(snapshot).collect()
}
