//! The one reader of timestamps, and the writer of those that every row has.

use chrono::{DateTime, NaiveDate, SecondsFormat, Timelike, Utc};
use serde::{Serialize, Serializer};

/// Why a text is no timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an RFC 3339 timestamp with a time zone, such as 2025-03-02T12:30:00Z")]
#[non_exhaustive]
pub struct TimestampProblem;

/// Reads an RFC 3339 timestamp.
///
/// Offsets, lower-case `t` and `z`, and fractions of a second are read to the same instant; digits
/// past the nanosecond are cut. A leap second (`23:59:60`) is the last nanosecond of its minute, so
/// that instants keep their order.
///
/// # Errors
///
/// [`TimestampProblem`] for anything else: a date without a time or zone, an impossible date, epoch
/// numbers, an empty text. No such text is ever read as "no expiry".
pub fn parse_timestamp(text: &str) -> Result<DateTime<Utc>, TimestampProblem> {
    // A timestamp has at least `2025-01-01T00:00:00Z`; chrono would take years beyond four digits.
    if !(20..=64).contains(&text.len()) || !text.as_bytes()[..4].iter().all(u8::is_ascii_digit) {
        return Err(TimestampProblem);
    }
    if let Some(moment) = common_form(text.as_bytes()) {
        return Ok(moment);
    }
    let moment = DateTime::parse_from_rfc3339(text).map_err(|_| TimestampProblem)?.with_timezone(&Utc);
    if moment.nanosecond() >= NANOSECONDS {
        return moment.with_nanosecond(NANOSECONDS - 1).ok_or(TimestampProblem);
    }
    Ok(moment)
}

const NANOSECONDS: u32 = 1_000_000_000;

/// Reads the form that vendors write, `2025-01-01T00:00:00Z` with or without a fraction of up to nine digits, in a
/// quarter of the time. `None` for any other text, good or bad.
fn common_form(text: &[u8]) -> Option<DateTime<Utc>> {
    let (moment, fraction) = text.split_at_checked(19)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', hour @ .., b':', n1, n2, b':', s1, s2] = moment else {
        return None;
    };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    let date = NaiveDate::from_ymd_opt(year.cast_signed(), number(&[*m1, *m2])?, number(&[*d1, *d2])?)?;
    let nanosecond = match fraction {
        b"Z" => 0,
        [b'.', digits @ .., b'Z'] if (1..=9).contains(&digits.len()) => {
            number(digits)? * 10_u32.pow(9 - u32::try_from(digits.len()).ok()?)
        }
        _ => return None,
    };
    let time = date.and_hms_nano_opt(number(hour)?, number(&[*n1, *n2])?, number(&[*s1, *s2])?, nanosecond)?;
    Some(time.and_utc())
}

/// Writes `moment` as chrono's own `Serialize` does, in a third of the time.
pub(crate) fn write<S: Serializer>(moment: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    Written(*moment).serialize(serializer)
}

/// As [`write`], where there may be none.
#[expect(clippy::ref_option, reason = "the signature that serde calls")]
pub(crate) fn write_optional<S: Serializer>(moment: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
    moment.map(Written).serialize(serializer)
}

/// A moment that is written in one piece: chrono hands its text to the serializer one character at a time.
struct Written(DateTime<Utc>);

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// The number that at most nine decimal digits write.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;

    use super::{NANOSECONDS, Written, common_form, parse_timestamp};

    proptest! {
        #[test]
        fn the_common_form_is_read_as_every_other_form_is(text in nearly_the_common_form()) {
            if let Some(moment) = common_form(text.as_bytes()) {
                let by_chrono = DateTime::parse_from_rfc3339(&text).map(|moment| moment.with_timezone(&Utc));
                prop_assert_eq!(Ok(moment), by_chrono, "{}", text);
            }
        }

        #[test]
        fn whatever_chrono_writes_in_the_common_form_is_read_without_it(
            seconds in DateTime::parse_from_rfc3339("0000-01-01T00:00:00Z").expect("a date").timestamp()..253_402_300_800,
            nanosecond in 0..1_000_000_000_u32,
            precision in prop_oneof![Just(""), Just("%.3f"), Just("%.6f"), Just("%.9f")],
        ) {
            let moment = DateTime::from_timestamp(seconds, nanosecond).expect("a moment");
            let text = moment.format(&format!("%Y-%m-%dT%H:%M:%S{precision}Z")).to_string();
            let read = common_form(text.as_bytes()).expect("the common form");
            prop_assert_eq!(read.format(&format!("%Y-%m-%dT%H:%M:%S{precision}Z")).to_string(), text);
        }

        #[test]
        fn every_moment_is_written_as_chrono_writes_it(
            seconds in prop_oneof![any_second(), 0..4_102_444_800_i64],
            // Beyond a whole second of them is a leap second, which chrono takes in the last second of a minute only.
            nanosecond in prop_oneof![
                Just(0),
                (0..1_000_u32).prop_map(|milliseconds| milliseconds * 1_000_000),
                (0..1_000_000_u32).prop_map(|microseconds| microseconds * 1_000),
                0..2_000_000_000_u32,
            ],
        ) {
            let seconds = if nanosecond < NANOSECONDS { seconds } else { seconds.div_euclid(60) * 60 + 59 };
            let moment = DateTime::from_timestamp(seconds, nanosecond).expect("a moment");
            let written = serde_json::to_string(&Written(moment)).expect("a text");
            prop_assert_eq!(written, serde_json::to_string(&moment).expect("a text"));
        }
    }

    /// Between the ends of chrono's time, with a whole minute to spare.
    fn any_second() -> std::ops::Range<i64> {
        DateTime::<Utc>::MIN_UTC.timestamp() + 60..DateTime::<Utc>::MAX_UTC.timestamp() - 60
    }

    /// Digits of every sort in every place, also impossible ones, and now and then another byte.
    fn nearly_the_common_form() -> impl Strategy<Value = String> {
        let form = "[0-9]{4}-[0-3][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,12})?[Zz+]{0,2}";
        let spoiled = (form, any::<prop::sample::Index>(), any::<char>()).prop_map(|(text, place, character)| {
            let mut characters: Vec<char> = text.chars().collect();
            let place = place.index(characters.len());
            characters[place] = character;
            characters.into_iter().collect()
        });
        prop_oneof![3 => form.prop_map(String::from), 1 => spoiled]
    }

    #[test]
    fn one_instant_in_many_spellings() {
        let instant = parse_timestamp("2025-03-02T12:30:00Z").expect("the document's own form");
        for text in [
            "2025-03-02T12:30:00.000Z",
            "2025-03-02t12:30:00z",
            "2025-03-02T13:30:00+01:00",
            "2025-03-02T07:00:00-05:30",
            "2025-03-02T12:30:00.000000000000Z",
            "2025-03-02T12:30:00+00:00",
            "2025-03-02T12:30:00-00:00",
            "2025-03-03T12:29:00+23:59",
            "2025-03-01T12:31:00-23:59",
        ] {
            assert_eq!(parse_timestamp(text), Ok(instant), "{text}");
        }
    }

    #[test]
    fn fractions_of_a_second_are_read_and_cut_past_the_nanosecond() {
        for (fraction, nanoseconds) in [
            ("0", 0),
            ("5", 500_000_000),
            ("123", 123_000_000),
            ("123456", 123_456_000),
            ("123456789", 123_456_789),
            ("1234567899", 123_456_789),
            ("999999999999", 999_999_999),
        ] {
            let moment = parse_timestamp(&format!("2025-03-02T12:30:00.{fraction}Z")).expect(fraction);
            assert_eq!(moment.timestamp_subsec_nanos(), nanoseconds, "{fraction}");
        }
    }

    #[test]
    fn leap_days_exist_where_the_calendar_has_them() {
        for (day, exists) in [
            ("2024-02-29", true),
            ("2025-02-29", false),
            ("2000-02-29", true),
            ("1900-02-29", false),
            ("0000-02-29", true),
            ("2024-02-30", false),
        ] {
            assert_eq!(parse_timestamp(&format!("{day}T00:00:00Z")).is_ok(), exists, "{day}");
        }
    }

    #[test]
    fn a_leap_second_stays_in_its_minute_and_keeps_the_order() {
        let leap = parse_timestamp("2016-12-31T23:59:60Z").expect("a real leap second");
        assert!(leap > parse_timestamp("2016-12-31T23:59:59Z").expect("plain"));
        assert!(leap < parse_timestamp("2017-01-01T00:00:00Z").expect("plain"));
        for text in ["2016-12-31T23:59:60.5Z", "2017-01-01T00:59:60+01:00", "2016-12-31t18:59:60-05:00"] {
            assert_eq!(parse_timestamp(text), Ok(leap), "{text}");
        }
    }

    #[test]
    fn what_is_no_timestamp_is_refused() {
        for text in [
            "",
            " ",
            "null",
            "never",
            "2025-03-02",
            "2025-03-02T12:30:00",
            "2025-03-02T12:30Z",
            "2025-03-02T24:00:00Z",
            "2025-03-02T23:60:00Z",
            "2025-03-02T23:59:61Z",
            "2025-02-29T00:00:00Z",
            "2025-13-01T00:00:00Z",
            "2025-00-01T00:00:00Z",
            "2025-03-00T00:00:00Z",
            "2025-04-31T00:00:00Z",
            "2025-3-2T12:30:00.000Z",
            "25-03-02T12:30:00.000Z",
            "20250302T123000.000000Z",
            "2025-061T12:30:00.0000Z",
            "2025-W09-7T12:30:00.00Z",
            "02/03/2025 12:30:00 UTC",
            "Sun, 02 Mar 2025 12:30:00 GMT",
            "2025-03-02T12:30:00.Z000",
            "2025-03-02T12:30:00,500Z",
            "2025-03-02T12:30:00+25:00",
            "2025-03-02T12:30:00+24:00",
            "2025-03-02T12:30:00+01:60",
            "2025-03-02T12:30:00+01",
            "2025-03-02T12:30:00+",
            "2025-03-02T12:30:00 UTC",
            "2025-03-02T12:30:00.000Europe/Berlin",
            "1740918600",
            "1740918600000",
            "1740918600.0000000000",
            "-1740918600",
            "-001-01-01T00:00:00Z",
            "+10000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            " 2025-03-02T12:30:00Z",
            "2025-03-02T12:30:00Z\n",
            "2025-03-02T12:30:00Z\0",
            "２０２５-03-02T12:30:00Z",
            "2025-03-02T12:30:00Z trailing",
        ] {
            assert!(parse_timestamp(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_ends_of_time_are_read() {
        for text in ["0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2038-01-19T03:14:08Z", "9999-12-31T23:59:59Z"] {
            assert!(parse_timestamp(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn an_endless_text_is_refused() {
        let fraction = "0".repeat(1_000_000);
        assert!(parse_timestamp(&format!("2025-03-02T12:30:00.{fraction}Z")).is_err());
    }
}
