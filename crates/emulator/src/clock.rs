//! What time the emulator believes it is, and how the vendors write times.

use chrono::{DateTime, SecondsFormat, Utc};

/// The source of every date in an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Clock {
    /// The machine's clock, read again at each request.
    Wall,
    /// A moment that stands still.
    Fixed(DateTime<Utc>),
}

impl Clock {
    pub(crate) fn now(self) -> DateTime<Utc> {
        match self {
            Self::Wall => Utc::now(),
            Self::Fixed(moment) => moment,
        }
    }
}

/// `2025-01-06T12:30:00Z`: Postproxy and Postcore write whole seconds.
pub(crate) fn seconds(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// `2025-01-06T12:30:00.000Z`: Postpress demands the milliseconds, in both directions.
pub(crate) fn milliseconds(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// An ISO 8601 moment as a caller may send it: with an offset, or a bare date, which is its first moment in UTC.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.to_utc());
    }
    let date: chrono::NaiveDate = text.parse().ok()?;
    Some(date.and_hms_opt(0, 0, 0)?.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_dates_are_read() {
        assert_eq!(parse("2026-04-01T02:00:00+02:00"), parse("2026-04-01"));
        assert!(parse("2026-04-01T00:00:00.500Z") > parse("2026-04-01"));
        assert_eq!(parse("yesterday"), None);
    }
}
