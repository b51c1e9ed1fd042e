//! The examples of the vendors' documents, kept as the documents write them.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::people;
use crate::clock;
use crate::postcore;
use crate::postpress::{self, Person};
use crate::postproxy::{self, Group, Placement, Profile, Record, Snapshot};

/// The group of every profile in Postproxy's examples. It is not among the groups of its other document.
const PROFILES_GROUP: &str = "grp456xyz";

/// The linked account in Postpress' example request.
const LINKEDIN_ACCOUNT: &str = "acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR";

/// A reply of the form `{"data": ...}`.
#[derive(Deserialize)]
struct Enveloped<T> {
    data: T,
}

/// The reply of `GET /api/profiles/:id/stats`, inside its envelope.
#[derive(Deserialize)]
struct Timeseries {
    placement_id: Option<String>,
    records: Vec<TimeseriesRecord>,
}

#[derive(Deserialize)]
struct TimeseriesRecord {
    stats: Map<String, Value>,
    recorded_at: String,
}

pub(super) fn postproxy() -> postproxy::Store {
    let listed: Enveloped<Vec<Profile>> = example(include_str!("documents/postproxy_profiles.json"));
    let mut records: Vec<Record> = listed
        .data
        .into_iter()
        .map(|profile| {
            let account = profile.name.clone();
            Record::new(profile, account)
        })
        .collect();
    records.push(single_profile());
    let groups: Enveloped<Vec<Value>> = example(include_str!("documents/postproxy_profile_groups.json"));
    let mut groups: Vec<Group> = groups
        .data
        .iter()
        .map(|group| Group {
            id: text(group, "id"),
            name: text(group, "name"),
            listed: true,
            unseen_profiles: group["profiles_count"].as_u64().unwrap_or_default(),
        })
        .collect();
    groups.push(Group {
        id: PROFILES_GROUP.to_owned(),
        name: "Profiles of the examples".to_owned(),
        listed: false,
        unseen_profiles: 0,
    });
    let ids = [("grp", "grp999xyz"), ("prof", "prof321zyx"), ("inv", "inv789xyz")];
    postproxy::Store {
        groups,
        records,
        bound_group: PROFILES_GROUP.to_owned(),
        documented_ids: ids.map(|(prefix, id)| (prefix, id.to_owned())).into(),
        ..postproxy::Store::default()
    }
}

pub(super) fn postcore() -> postcore::Store {
    let list: Value = example(include_str!("documents/postcore_profiles.json"));
    let single: Value = example(include_str!("documents/postcore_profile.json"));
    let listed = list["profiles"].as_array().into_iter().flatten();
    let mut profiles: Vec<_> =
        listed.map(|profile| postcore_profile(profile, &profile["connectedPlatforms"], true)).collect();
    profiles.push(postcore_profile(&single["profile"], &single["connectedPlatforms"], false));
    postcore::Store { profiles, ..postcore::Store::default() }
}

pub(super) fn postpress() -> postpress::Store {
    let example = Person {
        profile: example(include_str!("documents/postpress_person.json")),
        verbatim: true,
        throttled: Vec::new(),
    };
    let mut people = vec![example];
    people.extend(people::all(false));
    let accounts = [
        ("LINKEDIN", LINKEDIN_ACCOUNT, "John Doe"),
        ("WHATSAPP", "acc_whatsapp_01HXYZ4QK3WJ8FN3M6QH7TZ8GS", "+1 555 0100"),
        ("INSTAGRAM", "acc_instagram_01HXYZ4QK3WJ8FN3M6QH7TZ8GT", "johndoe"),
        ("TELEGRAM", "acc_telegram_01HXYZ4QK3WJ8FN3M6QH7TZ8GU", "John Doe"),
        ("TWITTER", "acc_twitter_01HXYZ4QK3WJ8FN3M6QH7TZ8GV", "johndoe"),
    ];
    postpress::Store {
        accounts: accounts.iter().map(|(kind, id, name)| account(kind, id, name)).collect(),
        people,
        linkedin_account: LINKEDIN_ACCOUNT.to_owned(),
        ..postpress::Store::default()
    }
}

/// The profile `prof_li_001`, of which the document shows the single reply, the placements and the stats.
fn single_profile() -> Record {
    let mut detail: Map<String, Value> = example(include_str!("documents/postproxy_profile.json"));
    let latest: Vec<Snapshot> = parsed(detail.remove("latest_stats").unwrap_or_default());
    // The sum is computed, like that of every other profile; a test compares it with the document's.
    detail.remove("summary_stats");
    let profile: Profile = parsed(Value::Object(detail));
    let placements: Enveloped<Vec<Placement>> = example(include_str!("documents/postproxy_placements.json"));
    let stats: Enveloped<Timeseries> = example(include_str!("documents/postproxy_stats.json"));
    let Timeseries { placement_id, records } = stats.data;
    let mut history: Vec<Snapshot> = records
        .into_iter()
        .map(|TimeseriesRecord { stats, recorded_at }| Snapshot {
            placement_id: placement_id.clone(),
            stats,
            recorded_at,
        })
        .collect();
    history.extend(latest.iter().filter(|snapshot| snapshot.placement_id != placement_id).cloned());
    let account = profile.name.clone();
    let mut record = Record::new(profile, account).with_placements(placements.data).with_history(history);
    record.listed = false;
    // The two examples show the same snapshot of one placement with nine and with four keys: each is kept for its reply.
    record.latest = latest;
    record
}

fn postcore_profile(profile: &Value, connections: &Value, listed: bool) -> postcore::Profile {
    postcore::Profile {
        key: text(profile, "profileKey"),
        name: profile["profileName"].as_str().map(str::to_owned),
        created_at: moment(&profile["createdAt"]).unwrap_or_default(),
        listed,
        connections: connections.as_array().into_iter().flatten().map(connection).collect(),
    }
}

fn connection(connection: &Value) -> postcore::Connection {
    postcore::Connection {
        platform: text(connection, "platform"),
        display_name: text(connection, "displayName"),
        username: text(connection, "username"),
        connected_at: moment(&connection["connectedAt"]).unwrap_or_default(),
        expires_at: moment(&connection["expiresAt"]),
        revoked: connection["needsReconnect"] == true,
    }
}

fn account(account_type: &str, id: &str, name: &str) -> Value {
    json!({
        "object": "Account",
        "type": account_type,
        "id": id,
        "name": name,
        "created_at": "2025-01-01T12:00:00.000Z",
        "groups": [],
        "sources": [{"id": format!("{id}_MESSAGING"), "status": "OK"}],
        "connection_params": people::connection_params(account_type, name),
    })
}

fn moment(value: &Value) -> Option<DateTime<Utc>> {
    clock::parse(value.as_str()?)
}

fn text(object: &Value, name: &str) -> String {
    object[name].as_str().unwrap_or_default().to_owned()
}

fn example<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("the examples are part of this crate and a test reads them all")
}

fn parsed<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("the examples are part of this crate and a test reads them all")
}
