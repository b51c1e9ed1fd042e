//! A row of Postproxy's list, against the document's own words read by serde.

#![no_main]

use libfuzzer_sys::fuzz_target;
use polyprofile_core::{ConnectionStatus, Expiry, GroupId, Platform};
use polyprofile_fuzz::{
    row::{self, Fields, is_whole},
    time,
};
use polyprofile_postproxy::fuzzing;

fuzz_target!(|row: &[u8]| {
    let Some(profile) = row::read(row, fuzzing::row, "id") else { return };
    let Some(fields) = std::str::from_utf8(row).ok().and_then(Fields::of).filter(|_| is_whole(&profile)) else {
        return;
    };

    assert_eq!(Some(&profile.id.key), fields.told("id").as_ref());
    assert_eq!(profile.name, fields.text("name"));
    assert_eq!(profile.group, fields.text("profile_group_id").map(GroupId::new));
    assert_eq!(profile.created_at, None);

    let [connection] = &profile.connected_platforms[..] else { panic!("a profile is one account") };
    let platform = fields.text("platform").or_else(|| fields.text("network")).unwrap_or_default();
    assert_eq!(connection.platform, Platform::parse(&platform));
    assert_eq!(
        connection.status,
        match fields.text("status").as_deref() {
            Some("active") => ConnectionStatus::Active,
            Some("expired") => ConnectionStatus::Expired,
            Some("inactive") => ConnectionStatus::Inactive,
            None | Some("") => ConnectionStatus::Unknown,
            Some(other) => ConnectionStatus::Other(other.to_owned()),
        }
    );
    assert_eq!(connection.status_reason, fields.text("inactive_reason"));
    assert_eq!(connection.account_id, fields.text("platform_id"));
    assert_eq!(connection.profile_url, fields.text("platform_url"));
    assert_eq!(connection.avatar_url, fields.text("avatar_url"));
    assert_eq!(connection.post_count, fields.count("post_count"));
    assert_eq!(connection.display_name, profile.name);
    let handle = profile.name.clone().filter(|name| name.starts_with('@'));
    assert_eq!(connection.username, fields.text("username").or(handle));
    match (fields.raw("expires_at"), &connection.expiry) {
        (None, Expiry::NotReported) | (Some("null"), Expiry::NoDeadline) => {}
        (Some(raw), Expiry::At { at, reported: None }) => {
            let text: String = serde_json::from_str(raw).expect("a date is a text");
            assert_eq!(time::rfc3339(&text), Some(*at));
        }
        (Some(_), Expiry::Unreadable { .. }) => assert_eq!(fields.moment("expires_at"), None, "a date that is one"),
        (sent, expiry) => panic!("{sent:?} was read as {expiry:?}"),
    }
    if let Some(snapshots) = fields.objects("latest_stats") {
        // Figures that do not say whose they are, are nobody's.
        let says_whose =
            |sent: &&Fields| sent.raw("placement_id") == Some("null") || sent.text("placement_id").is_some();
        let told: Vec<_> = snapshots.iter().filter(says_whose).collect();
        for (sent, snapshot) in told.iter().zip(&profile.stats[..told.len()]) {
            assert_eq!(snapshot.recorded_at, sent.moment("recorded_at"));
        }
    }
});
