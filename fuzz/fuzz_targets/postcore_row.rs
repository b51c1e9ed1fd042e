//! A row of Postcore's list, against the document's own words read by serde.

#![no_main]

use libfuzzer_sys::fuzz_target;
use polyprofile_core::{ConnectedPlatform, ConnectionStatus, Expiry, Platform};
use polyprofile_fuzz::row::{self, Fields, is_whole, now};
use polyprofile_postcore::fuzzing;

fuzz_target!(|row: &[u8]| {
    let Some(profile) = row::read(row, fuzzing::row, "profileKey") else { return };
    let Some(fields) = std::str::from_utf8(row).ok().and_then(Fields::of).filter(|_| is_whole(&profile)) else {
        return;
    };

    assert_eq!(Some(&profile.id.key), fields.told("profileKey").as_ref());
    assert_eq!(profile.name, fields.text("profileName"));
    assert_eq!(profile.created_at, fields.moment("createdAt"));
    assert!(profile.stats.is_empty() && profile.group.is_none(), "nothing is made up");
    let Some(sent) = fields.objects("connectedPlatforms") else { return };
    assert_eq!(profile.connected_platforms.len(), sent.len());
    for (connection, sent) in profile.connected_platforms.iter().zip(&sent) {
        agrees(connection, sent);
    }
});

fn agrees(connection: &ConnectedPlatform, sent: &Fields<'_>) {
    assert_eq!(connection.platform, Platform::parse(&sent.text("platform").unwrap_or_default()));
    assert_eq!(connection.display_name, sent.text("displayName"));
    assert_eq!(connection.username, sent.text("username"));
    assert_eq!(connection.connected_at, sent.moment("connectedAt"));
    assert_eq!(
        connection.status,
        match sent.flag("needsReconnect") {
            Some(true) => ConnectionStatus::NeedsReconnect,
            Some(false) => ConnectionStatus::Active,
            None => ConnectionStatus::Unknown,
        }
    );

    let date = sent.moment("expiresAt");
    let count = sent.raw("daysUntilExpiry").and_then(|raw| serde_json::from_str::<f64>(raw).ok());
    match (sent.raw("expiresAt"), date, &connection.expiry) {
        (Some(_), Some(date), Expiry::At { at, reported }) => {
            assert_eq!((*at, reported.map(|reported| reported.days)), (date, count));
            assert!(reported.is_none_or(|reported| reported.seen_at == now()));
        }
        (None | Some("null"), None, Expiry::InDays { days, seen_at }) => {
            assert_eq!((Some(*days), *seen_at), (count, now()));
        }
        // Only Bluesky's connections are documented to have no end.
        (Some("null"), None, Expiry::NoDeadline) => {
            assert_eq!((&connection.platform, count), (&Platform::Bluesky, None));
        }
        (None | Some("null"), None, Expiry::NotReported) => assert_eq!(count, None),
        (Some(_), None, Expiry::Unreadable { .. }) => {}
        // A day count that cannot be read is no silence about the end.
        (None, None, Expiry::Unreadable { .. }) => {
            assert!(count.is_none() && sent.raw("daysUntilExpiry").is_some_and(|raw| raw != "null"));
        }
        (raw, _, expiry) => panic!("{raw:?} was read as {expiry:?}"),
    }
}
