//! Moments and times in words.

use chrono::{DateTime, TimeDelta, Utc};
use polyprofile::Expiry;

/// When a connection ends, both as a date and as seen from `now`.
pub(crate) fn expiry(expiry: &Expiry, now: DateTime<Utc>) -> String {
    match expiry {
        Expiry::At { at, .. } => format!("{} ({})", date(*at), relative(at.signed_duration_since(now))),
        Expiry::InDays { days, seen_at } => format!("{days} days after {}", date(*seen_at)),
        Expiry::Unreadable { raw } => format!("unreadable: {raw}"),
        Expiry::NoDeadline => "never".to_owned(),
        _ => "not told".to_owned(),
    }
}

/// The sort of an expiry, as JSON names it.
pub(crate) fn expiry_kind(expiry: &Expiry) -> &'static str {
    match expiry {
        Expiry::At { .. } => "at",
        Expiry::InDays { .. } => "in_days",
        Expiry::Unreadable { .. } => "unreadable",
        Expiry::NoDeadline => "no_deadline",
        _ => "not_reported",
    }
}

pub(crate) fn date(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d").to_string()
}

pub(crate) fn minute(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M").to_string()
}

/// For programs: RFC 3339 in UTC.
pub(crate) fn timestamp(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// `in 5 hours`, `3 days ago`: rounded down, so that it never promises more than there is.
fn relative(remaining: TimeDelta) -> String {
    let is_past = remaining <= TimeDelta::zero();
    let length = remaining.abs();
    let (count, unit) = match (length.num_days(), length.num_hours()) {
        (2.., _) => (length.num_days(), "day"),
        (_, 1..) => (length.num_hours(), "hour"),
        _ => (length.num_minutes(), "minute"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if is_past { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::relative;

    #[test]
    fn it_never_promises_more_than_there_is() {
        for (seconds, words) in [
            (0, "0 minutes ago"),
            (59, "in 0 minutes"),
            (3_600, "in 1 hour"),
            (86_400, "in 24 hours"),
            (3 * 86_400 - 1, "in 2 days"),
            (-5 * 86_400, "5 days ago"),
        ] {
            assert_eq!(relative(TimeDelta::seconds(seconds)), words);
        }
    }
}
