//! RFC 3339 by the letter of its grammar, and by arithmetic: another way to an instant than chrono's.

use chrono::{DateTime, Utc};

/// The instant of a timestamp as RFC 3339 has it, with the day and zone checked; `None` for anything else.
///
/// A fraction is cut past the nanosecond, and a leap second is the last nanosecond of its minute.
pub fn rfc3339(text: &str) -> Option<DateTime<Utc>> {
    let bytes = text.as_bytes();
    if bytes.len() > 64 {
        return None; // Longer than any timestamp: ours is not read either.
    }
    let number = |range: std::ops::Range<usize>| {
        let digits = bytes.get(range)?;
        digits
            .iter()
            .all(u8::is_ascii_digit)
            .then(|| digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
    };
    let is = |place: usize, expected: u8| bytes.get(place).is_some_and(|byte| byte.eq_ignore_ascii_case(&expected));
    // RFC 3339 lets a blank stand for the `T`.
    let date_ends = is(10, b'T') || is(10, b' ');
    if !(is(4, b'-') && is(7, b'-') && date_ends && is(13, b':') && is(16, b':')) {
        return None;
    }
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if !(1..=12).contains(&month)
        || !(1..=days_of(year, month)).contains(&day)
        || hour > 23
        || minute > 59
        || second > 60
    {
        return None;
    }
    let mut rest = &bytes[19..];
    let mut nanoseconds = 0;
    if let Some(fraction) = rest.strip_prefix(b".") {
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let nine = fraction[..digits].iter().chain(std::iter::repeat(&b'0')).take(9);
        nanoseconds = nine.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
        rest = &fraction[digits..];
    }
    let offset = match rest {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), hours_and_minutes @ ..] => {
            let [h, i, b':', m, n] = hours_and_minutes else { return None };
            let digit = |byte: &u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
            let (hours, minutes) = (digit(h)? * 10 + digit(i)?, digit(m)? * 10 + digit(n)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let seconds = hours * 3_600 + minutes * 60;
            if *sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    let (second, nanoseconds) = if second == 60 { (59, 999_999_999) } else { (second, nanoseconds) };
    let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset;
    DateTime::from_timestamp(seconds, nanoseconds)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let before = |year: i64| year * 365 + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
    let months = (1..month).map(|month| days_of(year, month)).sum::<i64>();
    before(year) - before(1970) + months + day - 1
}
