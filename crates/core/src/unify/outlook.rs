//! What works now, and what breaks next.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use super::account::{NextBreak, Sighting, SightingId};
use crate::{expiry::Expiry, health::Verdict};

/// The sighting to post through: of those that work the healthiest, then the one that lasts longest.
pub(super) fn post_through(sightings: &[Sighting]) -> Option<&SightingId> {
    let working = sightings.iter().filter(|sighting| sighting.health.can_post == Some(true));
    working.min_by_key(|sighting| (sighting.health.verdict, Reverse(lasts(sighting)))).map(|sighting| &sighting.id)
}

/// Whether a post goes out through any of them.
pub(super) fn can_post(sightings: &[Sighting]) -> Option<bool> {
    let mut told = sightings.iter().map(|sighting| sighting.health.can_post);
    if told.clone().any(|can| can == Some(true)) {
        return Some(true);
    }
    told.all(|can| can == Some(false)).then_some(false)
}

/// What breaks first of whatever is not broken yet.
pub(super) fn next_break(sightings: &[Sighting]) -> NextBreak {
    let working = || sightings.iter().filter(|sighting| sighting.health.verdict != Verdict::Broken);
    if working().next().is_none() {
        return NextBreak::Broken;
    }
    let is_untold = |sighting: &&Sighting| matches!(sighting.expiry, Expiry::NotReported | Expiry::Unreadable { .. });
    let untold: Vec<SightingId> = working().filter(is_untold).map(|sighting| sighting.id.clone()).collect();
    let ends = working().filter_map(|sighting| Some((end(&sighting.expiry)?, sighting)));
    match ends.min_by_key(|(at, _)| *at) {
        Some((at, sighting)) => NextBreak::Known {
            sighting: Box::new(sighting.id.clone()),
            at,
            days_left: sighting.health.days_left.unwrap_or_default(),
            untold,
        },
        None if untold.is_empty() => NextBreak::Never,
        None => NextBreak::Unknown { untold },
    }
}

fn end(expiry: &Expiry) -> Option<DateTime<Utc>> {
    expiry.window().map(|window| window.earliest)
}

/// How long a connection lasts: without a deadline longer than with one; one whose end is not told, shortest.
fn lasts(sighting: &Sighting) -> (u8, Option<DateTime<Utc>>) {
    match &sighting.expiry {
        Expiry::NoDeadline => (2, None),
        expiry => (u8::from(end(expiry).is_some()), end(expiry)),
    }
}
