//! A row of Postpress's list, against the document's own words read by serde.

#![no_main]

use libfuzzer_sys::fuzz_target;
use polyprofile_core::{ConnectionStatus, Expiry, Platform};
use polyprofile_fuzz::row::{self, Fields, is_whole};
use polyprofile_postpress::fuzzing;

fuzz_target!(|row: &[u8]| {
    let Some(profile) = row::read(row, fuzzing::row, "id") else { return };
    let [connection] = &profile.connected_platforms[..] else { panic!("a linked account is one account") };
    assert_eq!(connection.expiry, Expiry::NotReported, "no end is told");
    // However much was wrong with the row: what does not say of each source that it works does not work.
    let fields = std::str::from_utf8(row).ok().and_then(Fields::of);
    if let Some(sources) = fields.as_ref().and_then(|fields| fields.raw("sources")) {
        let all_work = serde_json::from_str::<Vec<serde_json::Value>>(sources)
            .is_ok_and(|sources| sources.iter().all(|source| source["status"] == "OK"));
        assert!(all_work || has_odd_source(sources) || connection.status != ConnectionStatus::Active, "{sources}");
    }
    let Some(fields) = fields.filter(|_| is_whole(&profile)) else { return };

    assert_eq!(Some(&profile.id.key), fields.told("id").as_ref());
    assert_eq!(profile.name, fields.told("name"));
    assert_eq!(connection.display_name, profile.name);
    assert_eq!(connection.platform, Platform::parse(&fields.text("type").unwrap_or_default()));
    assert_eq!(profile.created_at, fields.moment("created_at"));
    assert_eq!((&connection.audience, &connection.post_count), (&None, &None), "nothing is made up");
    if connection.platform == Platform::LinkedIn {
        assert_eq!(connection.account_id, None, "the ids are the viewer's");
    }

    let Some(sources) = fields.objects("sources") else { return };
    let words = sources.iter().map(|source| source.text("status"));
    let worst = words.clone().map(severity).max();
    assert_eq!(worst.unwrap_or(2), severity_of(&connection.status), "not the worst of the sources");
    if let Some(reason) = &connection.status_reason {
        assert!(words.clone().any(|word| word.as_ref() == Some(reason)), "a reason that no source gives");
    }
});

/// The order of the design: whatever is unknown stands between "connecting" and "stopped".
fn severity(word: Option<String>) -> u8 {
    match word.as_deref() {
        Some("OK") => 0,
        Some("CONNECTING") => 1,
        Some("STOPPED") => 3,
        Some("ERROR") => 4,
        Some("PERMISSIONS" | "CREDENTIALS") => 5,
        _ => 2,
    }
}

fn severity_of(status: &ConnectionStatus) -> u8 {
    match status {
        ConnectionStatus::Active => 0,
        ConnectionStatus::Connecting => 1,
        ConnectionStatus::Unknown | ConnectionStatus::Other(_) => 2,
        ConnectionStatus::Inactive => 3,
        ConnectionStatus::Failed => 4,
        ConnectionStatus::NeedsReconnect => 5,
        other => panic!("Postpress has no word for {other}"),
    }
}

/// A source that is a list is read by position, and one with a name twice has no one word: neither is judged here.
fn has_odd_source(sources: &str) -> bool {
    let sources: Vec<&serde_json::value::RawValue> = serde_json::from_str(sources).unwrap_or_default();
    sources.iter().any(|source| {
        let text = source.get();
        text.starts_with('[') || (text.starts_with('{') && Fields::of(text).is_none())
    })
}
