//! Rows made up from their number: nothing is kept, so that a million of them cost no memory.

use std::convert::Infallible;

use bytes::Bytes;
use chrono::{DateTime, Duration, Utc};
use futures_util::{Stream, stream};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::people;
use crate::clock;
use crate::{postcore, postpress, postproxy};

/// The groups over which Postproxy's rows are spread. A bit is cleared when its group is deleted.
const GROUPS: [&str; 4] = ["grp_syn_0", "grp_syn_1", "grp_syn_2", "grp_syn_3"];

/// What ids start with; the row's number follows in digits.
const ID_PREFIX: &str = "syn";

const PLATFORMS: [&str; 12] = [
    "linkedin",
    "instagram",
    "facebook",
    "twitter",
    "bluesky",
    "threads",
    "tiktok",
    "youtube",
    "pinterest",
    "telegram",
    "google_business",
    "whatsapp",
];

const ACCOUNT_TYPES: [&str; 8] =
    ["LINKEDIN", "INSTAGRAM", "WHATSAPP", "TELEGRAM", "TWITTER", "GOOGLE_OAUTH", "OUTLOOK", "MESSENGER"];

const WORDS: [&str; 8] = ["Amber", "Birch", "Cobalt", "Dune", "Ember", "Fern", "Grove", "Haven"];

/// A vendor's made-up rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Synthetic {
    count: u64,
    seed: u64,
    /// The start of the day of the start: rows are the same all day.
    today: DateTime<Utc>,
    /// Which of [`GROUPS`] are still there, a bit each.
    groups_left: u8,
}

impl Synthetic {
    pub(crate) fn new(count: u64, seed: u64, now: DateTime<Utc>) -> Self {
        let since_midnight = now.timestamp().rem_euclid(24 * 60 * 60);
        let today = DateTime::from_timestamp(now.timestamp() - since_midnight, 0).unwrap_or(now);
        Self { count, seed, today, groups_left: u8::MAX }
    }

    pub(crate) fn count(self) -> u64 {
        self.count
    }

    /// The row's number in an id of any of the three vendors.
    pub(crate) fn index_of(self, id: &str) -> Option<u64> {
        let digits = id.strip_prefix(ID_PREFIX)?;
        let index = digits.parse().ok().filter(|index| *index < self.count)?;
        // `syn7`, `syn+7` and `syn007` are not `syn0000007`.
        (id_of(index) == id).then_some(index)
    }

    /// The groups that are still there.
    pub(crate) fn groups(self) -> impl Iterator<Item = &'static str> {
        GROUPS.into_iter().enumerate().filter(move |(bit, _)| self.groups_left & (1 << bit) != 0).map(|(_, id)| id)
    }

    pub(crate) fn group_of(index: u64) -> &'static str {
        GROUPS[group_number(index)]
    }

    /// How many rows a group has, none of them deleted one by one.
    pub(crate) fn group_size(self, group: &str) -> u64 {
        let number = self.groups().position(|id| id == group).and_then(|_| GROUPS.iter().position(|id| *id == group));
        let groups = GROUPS.len() as u64;
        number.map_or(0, |number| (self.count + groups - 1 - number as u64) / groups)
    }

    pub(crate) fn forget_group(&mut self, group: &str) {
        if let Some(bit) = GROUPS.iter().position(|id| *id == group) {
            self.groups_left &= !(1 << bit);
        }
    }

    /// A row of `GET /api/profiles`; none when its group is gone.
    pub(crate) fn postproxy_profile(self, index: u64) -> Option<postproxy::Profile> {
        let group = Self::group_of(index);
        self.groups().find(|left| *left == group)?;
        let mut dice = self.dice(index, 1);
        let platform = dice.pick(&PLATFORMS);
        let (status, expires_at) = match dice.below(10) {
            0 => ("expired", Some(self.days(-dice.days_up_to(90)))),
            1 => ("inactive", None),
            2..=4 => ("active", None),
            _ => ("active", Some(self.days(dice.days_up_to(60)))),
        };
        let mut later_fields = Map::new();
        later_fields.insert("username".to_owned(), json!(dice.handle(index)));
        Some(postproxy::Profile {
            id: id_of(index),
            name: dice.name(index),
            platform: platform.to_owned(),
            status: status.to_owned(),
            profile_group_id: group.to_owned(),
            expires_at: expires_at.map(clock::seconds),
            post_count: dice.below(500),
            avatar_url: None,
            later_fields,
        })
    }

    /// A row of `GET /profiles`.
    pub(crate) fn postcore_profile(self, index: u64) -> Option<postcore::Profile> {
        if index >= self.count {
            return None;
        }
        let mut dice = self.dice(index, 2);
        let connected_at = self.days(-dice.days_up_to(70));
        let (name, handle) = (dice.name(index), dice.handle(index));
        let linkedin = postcore::Connection::linkedin(&name, &handle, connected_at);
        let bluesky = postcore::Connection::bluesky(&format!("{handle}.bsky.social"), connected_at);
        let connections = match dice.below(10) {
            0 => Vec::new(),
            1..=3 => vec![linkedin],
            4 | 5 => vec![bluesky],
            6 => vec![linkedin, bluesky.revoked()],
            _ => vec![linkedin, bluesky],
        };
        let key = id_of(index);
        let name = (!dice.one_in(20)).then(|| format!("User: {handle}@example.com"));
        Some(postcore::Profile { key, name, created_at: connected_at, listed: true, connections })
    }

    /// A row of `GET /accounts`. The first is always a LinkedIn account in good order.
    pub(crate) fn postpress_account(self, index: u64) -> Option<Value> {
        if index >= self.count {
            return None;
        }
        let mut dice = self.dice(index, 3);
        let (account_type, status) = if index == 0 {
            ("LINKEDIN", "OK")
        } else {
            let statuses = ["OK", "OK", "OK", "OK", "CONNECTING", "CREDENTIALS", "PERMISSIONS", "STOPPED", "ERROR"];
            (dice.pick(&ACCOUNT_TYPES), dice.pick(&statuses))
        };
        let id = id_of(index);
        let handle = dice.handle(index);
        let name = dice.name(index);
        Some(json!({
            "object": "Account",
            "type": account_type,
            "id": id,
            "name": name,
            "created_at": clock::milliseconds(self.days(-dice.days_up_to(400))),
            "groups": [],
            "sources": [{"id": format!("{id}_MESSAGING"), "status": status}],
            "connection_params": people::connection_params_of(account_type, &name, &handle),
        }))
    }

    fn days(self, days: i64) -> DateTime<Utc> {
        self.today + Duration::days(days) + Duration::hours(9)
    }

    /// The dice of one row at one vendor.
    fn dice(self, index: u64, vendor: u64) -> Dice {
        Dice(self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ index.wrapping_mul(8).wrapping_add(vendor))
    }
}

/// The account at Postproxy with made-up rows.
pub(super) fn postproxy(rows: Synthetic) -> postproxy::Store {
    let group = |id: &str| postproxy::Group {
        id: id.to_owned(),
        name: format!("Group {id}"),
        listed: true,
        unseen_profiles: 0,
    };
    postproxy::Store {
        groups: GROUPS.map(group).into(),
        bound_group: GROUPS[0].to_owned(),
        synthetic: Some(rows),
        ..postproxy::Store::default()
    }
}

/// The account at Postpress with made-up rows, and the people of the other data sets.
pub(super) fn postpress(rows: Synthetic) -> postpress::Store {
    postpress::Store {
        people: people::all(false),
        linkedin_account: id_of(0),
        synthetic: Some(rows),
        ..postpress::Store::default()
    }
}

/// Rows as a JSON list between `head` and `tail`, written a few at a time while the body is being sent.
pub(crate) fn json_stream<T: Serialize>(
    head: &'static str,
    rows: impl Iterator<Item = T>,
    tail: &'static str,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    /// How much is written before it is handed on.
    const PIECE: usize = 32 << 10;
    let mut rows = rows.peekable();
    let mut started = false;
    let mut ended = false;
    stream::iter(std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let mut piece = Vec::with_capacity(PIECE + PIECE / 8);
        if !started {
            started = true;
            piece.extend_from_slice(head.as_bytes());
        }
        while piece.len() < PIECE {
            let Some(row) = rows.next() else { break };
            // Rows are plain structs and values: they have no keys but strings, and a vector takes every write.
            let _ = serde_json::to_writer(&mut piece, &row);
            if rows.peek().is_some() {
                piece.push(b',');
            }
        }
        if rows.peek().is_none() {
            ended = true;
            piece.extend_from_slice(tail.as_bytes());
        }
        Some(Ok(Bytes::from(piece)))
    }))
}

/// The generator `SplitMix64`: small, and good enough for names.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// From one day to `limit` days.
    fn days_up_to(&mut self, limit: u32) -> i64 {
        let day = self.below(u64::from(limit)) + 1;
        i64::try_from(day).unwrap_or(1)
    }

    fn one_in(&mut self, limit: u64) -> bool {
        self.below(limit) == 0
    }

    fn pick(&mut self, choices: &[&'static str]) -> &'static str {
        let index = self.below(choices.len() as u64);
        choices[usize::try_from(index).unwrap_or_default()]
    }

    fn name(&mut self, index: u64) -> String {
        format!("{} {} {index}", self.pick(&WORDS), self.pick(&WORDS))
    }

    fn handle(&mut self, index: u64) -> String {
        format!("{}{index}", self.pick(&WORDS).to_lowercase())
    }
}

fn id_of(index: u64) -> String {
    format!("{ID_PREFIX}{index:07}")
}

fn group_number(index: u64) -> usize {
    usize::try_from(index % GROUPS.len() as u64).unwrap_or_default()
}
