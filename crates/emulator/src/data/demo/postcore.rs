//! The agency's account at Postcore.

use chrono::{DateTime, Duration, Utc};

use crate::postcore::{Connection, Profile, Store};

/// How long a LinkedIn connection lasts, from which the moment of connecting follows.
const LIFETIME: Duration = Duration::days(60);

pub(in crate::data) fn account(now: DateTime<Utc>) -> Store {
    let linkedin =
        |name: &str, username: &str, left: Duration| Connection::linkedin(name, username, now + left - LIFETIME);
    let bluesky = |handle: &str, days_ago: i64| Connection::bluesky(handle, now - Duration::days(days_ago));
    let profile = |key: &str, name: Option<&str>, days_ago: i64, connections: Vec<Connection>| Profile {
        key: key.to_owned(),
        name: name.map(str::to_owned),
        created_at: now - Duration::days(days_ago),
        listed: true,
        connections,
    };
    let profiles = vec![
        profile(
            "prof_kestrel7f3a9c",
            Some("Kestrel Coffee"),
            310,
            vec![
                linkedin("Kestrel Coffee Roasters", "kestrel-coffee", Duration::days(48)),
                bluesky("kestrelcoffee.bsky.social", 300),
            ],
        ),
        // Ends within the day: `daysUntilExpiry` is 0, which the document's own sample takes for "not set".
        profile(
            "prof_mira51d08e2b",
            Some("User: mira@lumen.example"),
            120,
            vec![linkedin("Mira Lindqvist", "miralindqvist", Duration::hours(7))],
        ),
        profile(
            "prof_fjord90b64d1e",
            Some("Fjord Outdoor"),
            200,
            vec![
                linkedin("Fjord Outdoor", "fjord-outdoor", -Duration::hours(54)),
                bluesky("fjordoutdoor.bsky.social", 90),
            ],
        ),
        // No name; and a Bluesky app password that was revoked, which no date tells.
        profile(
            "prof_2c77aa90e1f4",
            None,
            57,
            vec![
                linkedin("Jonas Eide", "jonaseide", Duration::days(3) + Duration::hours(2)),
                bluesky("jonaseide.bsky.social", 40).revoked(),
            ],
        ),
        profile("prof_new0d5e8b33", Some("New client"), 1, Vec::new()),
    ];
    Store { profiles, ..Store::default() }
}
