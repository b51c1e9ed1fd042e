//! When a connection ends, and how much of that the vendor told.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// What the vendor says about the end of a connection.
///
/// "Null" means different things at different vendors, so this is more than an optional date: a
/// connection without a deadline, one whose deadline is not told, and one whose deadline cannot be
/// read are three different things.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Expiry {
    /// It ends at a date.
    At {
        /// The first moment at which the connection has ended.
        #[serde(serialize_with = "crate::timestamp::write")]
        at: DateTime<Utc>,
        /// The day count that came with the date, kept to be compared and never used instead of it.
        reported: Option<ReportedDays>,
    },
    /// A day count came without a date: it ends between `days` and `days + 1` days after `seen_at`,
    /// because the vendors do not say how they round.
    InDays {
        /// Days left when the answer was made, as sent; fractions and negative counts are legal.
        days: f64,
        /// When the answer was read.
        #[serde(serialize_with = "crate::timestamp::write")]
        seen_at: DateTime<Utc>,
    },
    /// A date was sent and cannot be read. The connection may end at any time.
    Unreadable {
        /// The text as sent, cut to 80 characters, and then ended with `…`.
        raw: String,
    },
    /// The vendor says that the connection never ends, or renews it by itself.
    NoDeadline,
    /// The vendor says nothing about the end of the connection.
    NotReported,
}

impl Expiry {
    /// Ends at a date, with no day count beside it.
    pub const fn at(at: DateTime<Utc>) -> Self {
        Self::At { at, reported: None }
    }

    /// The date at which the connection ends, where the vendor told one.
    pub const fn date(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::At { at, .. } => Some(*at),
            _ => None,
        }
    }

    /// Whole days left at `now`: rounded down, 0 on the last day, negative once past.
    ///
    /// Computed from the date, or from the earlier end that a day count allows; `None` where
    /// neither is known.
    pub fn days_left(&self, now: DateTime<Utc>) -> Option<i64> {
        self.window().map(|window| whole_days(window.earliest.signed_duration_since(now)))
    }

    /// The moments between which the connection ends, `None` where no end is known.
    pub(crate) fn window(&self) -> Option<EndWindow> {
        match self {
            Self::At { at, .. } => Some(EndWindow { earliest: *at, latest: *at }),
            Self::InDays { days, seen_at } => {
                Some(EndWindow { earliest: add_days(*seen_at, *days), latest: add_days(*seen_at, *days + 1.0) })
            }
            Self::Unreadable { .. } | Self::NoDeadline | Self::NotReported => None,
        }
    }
}

/// A day count as a vendor reported it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ReportedDays {
    /// Days left as sent; fractions and negative counts are legal.
    pub days: f64,
    /// When the answer was read: the only moment that the count can be compared with.
    #[serde(serialize_with = "crate::timestamp::write")]
    pub seen_at: DateTime<Utc>,
}

impl ReportedDays {
    /// A count of `days` in an answer that was read at `seen_at`.
    pub const fn new(days: f64, seen_at: DateTime<Utc>) -> Self {
        Self { days, seen_at }
    }

    /// Whether the count is more than one day off the time from when it was read to `at`.
    pub(crate) fn contradicts(&self, at: DateTime<Utc>) -> bool {
        let remaining = fractional_days(at.signed_duration_since(self.seen_at));
        (self.days - remaining).abs() > 1.0
    }
}

/// The earliest and the latest moment at which a connection can end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EndWindow {
    pub(crate) earliest: DateTime<Utc>,
    pub(crate) latest: DateTime<Utc>,
}

/// `moment` plus a fractional number of days; stops at the ends of time.
fn add_days(moment: DateTime<Utc>, days: f64) -> DateTime<Utc> {
    let milliseconds = days * 86_400_000.0;
    // The ends of chrono's time are closer than what `i64` milliseconds hold.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float to integer cast saturates, and what is too far is clamped below"
    )]
    TimeDelta::try_milliseconds(milliseconds as i64)
        .and_then(|delta| moment.checked_add_signed(delta))
        .unwrap_or(if days < 0.0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC })
}

fn fractional_days(delta: TimeDelta) -> f64 {
    delta.num_milliseconds() as f64 / 86_400_000.0
}

/// Rounded down, also below zero.
fn whole_days(delta: TimeDelta) -> i64 {
    let days = delta.num_days();
    let rounded_up = TimeDelta::try_days(days).is_some_and(|whole| whole > delta);
    if rounded_up { days - 1 } else { days }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::Expiry;

    fn noon() -> DateTime<Utc> {
        crate::parse_timestamp("2025-01-06T12:00:00Z").expect("a valid timestamp")
    }

    #[test]
    fn days_left_are_rounded_down_on_both_sides_of_the_end() {
        let expiry = Expiry::at(noon());
        let rows = [
            (TimeDelta::days(2), 2),
            (TimeDelta::hours(47), 1),
            (TimeDelta::hours(1), 0),
            (TimeDelta::nanoseconds(1), 0),
            (TimeDelta::zero(), 0),
            (TimeDelta::nanoseconds(-1), -1),
            (TimeDelta::hours(-24), -1),
            (TimeDelta::hours(-25), -2),
        ];
        for (before, days) in rows {
            assert_eq!(expiry.days_left(noon() - before), Some(days), "{before}");
        }
    }

    #[test]
    fn absurd_day_counts_stop_at_the_ends_of_time() {
        for days in [1e300, -1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            let expiry = Expiry::InDays { days, seen_at: noon() };
            assert!(expiry.days_left(noon()).is_some(), "{days}");
        }
    }
}
