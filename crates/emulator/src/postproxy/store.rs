//! Postproxy's objects and the account that holds them.

use std::collections::{BTreeSet, HashMap};
use std::mem;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};
use url::Url;

use super::Scope;
use super::idempotency::Replays;
use crate::clock;
use crate::data::Synthetic;
use crate::ids::Ids;

/// The networks whose stats the document calls placement-scoped: per page, per organization, per channel.
const PLACEMENT_SCOPED: [&str; 3] = ["facebook", "linkedin", "telegram"];

/// The networks that have placements to list.
const WITH_PLACEMENTS: [&str; 5] = ["facebook", "linkedin", "pinterest", "telegram", "google_business"];

/// The profile object, field by field as documented.
#[expect(clippy::struct_field_names, reason = "the field is called so in the vendor's document")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Profile {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) platform: String,
    pub(crate) status: String,
    pub(crate) profile_group_id: String,
    /// Kept as text: the document writes it with milliseconds, and other times without.
    pub(crate) expires_at: Option<String>,
    pub(crate) post_count: u64,
    pub(crate) avatar_url: Option<String>,
    /// Fields that the vendor's SDKs know and its document does not: `username`, `inactive_reason`, `platform_id`,
    /// `platform_url`, `placements_sync_status`.
    #[serde(flatten)]
    pub(crate) later_fields: Map<String, Value>,
}

impl Profile {
    /// Whether the stats of this profile are kept for each placement.
    pub(crate) fn placement_scoped(&self) -> bool {
        PLACEMENT_SCOPED.contains(&self.platform.as_str())
    }

    pub(crate) fn has_placements(&self) -> bool {
        WITH_PLACEMENTS.contains(&self.platform.as_str())
    }
}

/// Where a profile can publish. The personal page of a LinkedIn member has no id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Placement {
    pub(crate) id: Option<String>,
    pub(crate) name: String,
}

/// One snapshot of a placement's metrics (or of the profile's, where `placement_id` is null).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    pub(crate) placement_id: Option<String>,
    pub(crate) stats: Map<String, Value>,
    pub(crate) recorded_at: String,
}

impl Snapshot {
    pub(crate) fn moment(&self) -> Option<DateTime<Utc>> {
        clock::parse(&self.recorded_at)
    }
}

/// The sum over the latest snapshots.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    stats: Map<String, Value>,
    recorded_at: String,
}

/// A profile with what hangs on it.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) profile: Profile,
    /// Whether listings show it. The documents' examples of single profiles are in none of their listings.
    pub(crate) listed: bool,
    /// The account on the network, by which a second connection of the same one is recognised.
    pub(crate) account: String,
    pub(crate) placements: Vec<Placement>,
    /// How many more times the placements are asked for in vain: Telegram's channels appear with a delay.
    pub(crate) polls_until_placements: u32,
    /// Every snapshot, ascending by time within a placement.
    pub(crate) history: Vec<Snapshot>,
    /// The latest snapshot of each placement.
    pub(crate) latest: Vec<Snapshot>,
}

impl Record {
    /// A listed profile that has never been polled for stats.
    pub(crate) fn new(profile: Profile, account: impl Into<String>) -> Self {
        Self {
            profile,
            listed: true,
            account: account.into(),
            placements: Vec::new(),
            polls_until_placements: 0,
            history: Vec::new(),
            latest: Vec::new(),
        }
    }

    pub(crate) fn with_placements(mut self, placements: Vec<Placement>) -> Self {
        self.placements = placements;
        self
    }

    /// Takes a history, ascending by time, and with it the latest snapshot of each placement.
    pub(crate) fn with_history(mut self, history: Vec<Snapshot>) -> Self {
        for snapshot in &history {
            match self.latest.iter_mut().find(|latest| latest.placement_id == snapshot.placement_id) {
                Some(latest) => latest.clone_from(snapshot),
                None => self.latest.push(snapshot.clone()),
            }
        }
        self.history.extend(history);
        self
    }

    /// The documented rollup: numeric values summed across the latest snapshot of every placement, the time of the most
    /// recent one; null for networks without placement-scoped stats and while there is no snapshot.
    pub(crate) fn summary(&self) -> Option<Summary> {
        if !self.profile.placement_scoped() {
            return None;
        }
        let newest = self.latest.iter().max_by_key(|snapshot| snapshot.moment())?;
        let mut sums = Map::new();
        for (key, value) in self.latest.iter().flat_map(|snapshot| &snapshot.stats) {
            if let Value::Number(number) = value {
                let sum = match sums.get(key) {
                    Some(Value::Number(before)) => add(before, number),
                    _ => number.clone(),
                };
                sums.insert(key.clone(), Value::Number(sum));
            }
        }
        Some(Summary { stats: sums, recorded_at: newest.recorded_at.clone() })
    }
}

/// A profile group.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Whether the listing shows it to the account's key.
    pub(crate) listed: bool,
    /// Profiles that count without being there: the documents' groups have five, three and two of them.
    pub(crate) unseen_profiles: u64,
}

/// A connect link that was handed out and not yet used.
#[derive(Clone, Debug)]
pub(crate) struct Invitation {
    pub(crate) group: String,
    pub(crate) platform: String,
    /// `None` when the caller wished no redirect.
    pub(crate) redirect_url: Option<Url>,
}

/// The account at Postproxy.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) groups: Vec<Group>,
    pub(crate) records: Vec<Record>,
    /// The group of the scoped key.
    pub(crate) bound_group: String,
    /// Rows made up while they are read, before those in `records`.
    pub(crate) synthetic: Option<Synthetic>,
    pub(crate) deleted_synthetic: BTreeSet<u64>,
    pub(crate) invitations: HashMap<String, Invitation>,
    pub(crate) replays: Replays,
    /// The ids in the documents' examples, which the first new objects get.
    pub(crate) documented_ids: HashMap<&'static str, String>,
    pub(crate) ids: Ids,
}

impl Store {
    /// An id that was never given before.
    pub(crate) fn fresh_id(&mut self, prefix: &'static str) -> String {
        if let Some(id) = self.documented_ids.remove(prefix) {
            return id;
        }
        self.ids.next(prefix)
    }

    pub(crate) fn group(&self, id: &str, scope: &Scope) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id && scope.reaches(&group.id))
    }

    /// How many profiles a group shows.
    pub(crate) fn profiles_count(&self, group: &Group) -> u64 {
        let records = self.records.iter().filter(|record| record.listed && record.profile.profile_group_id == group.id);
        let synthetic = self.synthetic.map_or(0, |rows| {
            let deleted = self.deleted_synthetic.iter().filter(|index| Synthetic::group_of(**index) == group.id);
            rows.group_size(&group.id) - deleted.count() as u64
        });
        group.unseen_profiles + synthetic + records.count() as u64
    }

    /// The profile by the documented resolution rule: within `group` when the request names one, else within every group
    /// that the key reaches.
    pub(crate) fn record(&self, id: &str, scope: &Scope, group: Option<&str>) -> Option<Record> {
        self.position(id).map(|index| self.records[index].clone()).or_else(|| self.synthetic_record(id)).filter(
            |record| {
                let own = &record.profile.profile_group_id;
                scope.reaches(own) && group.is_none_or(|group| group == own)
            },
        )
    }

    /// The placements as this poll sees them.
    pub(crate) fn poll_placements(&mut self, record: Record) -> Vec<Placement> {
        if let Some(index) = self.position(&record.profile.id) {
            let polls = &mut self.records[index].polls_until_placements;
            if *polls > 0 {
                *polls -= 1;
                return Vec::new();
            }
        }
        record.placements
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.records.retain(|record| record.profile.id != id);
        if let Some(index) = self.synthetic.and_then(|rows| rows.index_of(id)) {
            self.deleted_synthetic.insert(index);
        }
    }

    /// Deletes a group and all its profiles.
    pub(crate) fn remove_group(&mut self, id: &str) {
        self.groups.retain(|group| group.id != id);
        self.records.retain(|record| record.profile.profile_group_id != id);
        if let Some(rows) = &mut self.synthetic {
            rows.forget_group(id);
        }
        let invitations = mem::take(&mut self.invitations);
        self.invitations = invitations.into_iter().filter(|(_, invitation)| invitation.group != id).collect();
    }

    fn position(&self, id: &str) -> Option<usize> {
        self.records.iter().position(|record| record.profile.id == id)
    }

    fn synthetic_record(&self, id: &str) -> Option<Record> {
        let rows = self.synthetic?;
        let index = rows.index_of(id).filter(|index| !self.deleted_synthetic.contains(index))?;
        let profile = rows.postproxy_profile(index)?;
        let account = profile.id.clone();
        Some(Record::new(profile, account))
    }
}

/// Whole numbers stay whole; a sum with a fraction has one.
fn add(left: &Number, right: &Number) -> Number {
    if let (Some(left), Some(right)) = (left.as_i64(), right.as_i64()) {
        return left.saturating_add(right).into();
    }
    let sum = left.as_f64().unwrap_or_default() + right.as_f64().unwrap_or_default();
    Number::from_f64(sum).unwrap_or_else(|| 0.into())
}
