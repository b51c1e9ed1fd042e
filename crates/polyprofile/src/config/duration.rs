//! Lengths of time as people write them: `250ms`, `30s`, `2m`, `1h`.

use std::time::Duration;

/// Longer than any wait that makes sense, and short enough to be added to a clock.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads a whole number and its unit. The error goes on where the field's name ends, and does not repeat `text`.
pub(super) fn parse(text: &str) -> Result<Duration, &'static str> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let milliseconds: u64 = match unit.trim_start() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err("is no length of time: write a whole number and ms, s, m or h, such as \"30s\""),
    };
    if number.is_empty() {
        return Err("is no length of time: write the number in front of its unit, such as \"30s\"");
    }
    // Digits alone: what does not fit is too long.
    let number = number.parse::<u64>().unwrap_or(u64::MAX);
    let duration = Duration::from_millis(number.saturating_mul(milliseconds));
    if duration.is_zero() {
        return Err("is no time at all: write at least \"1ms\"");
    }
    if duration > LONGEST {
        return Err("is too long: write at most \"24h\"");
    }
    Ok(duration)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse;

    #[test]
    fn a_number_and_its_unit() {
        let rows = [
            ("250ms", 250),
            ("1ms", 1),
            ("30s", 30_000),
            (" 30 s ", 30_000),
            ("2m", 120_000),
            ("007s", 7_000),
            ("24h", 86_400_000),
        ];
        for (text, milliseconds) in rows {
            assert_eq!(parse(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_what_to_write() {
        let rows = [
            ("", "is no length of time"),
            ("30", "is no length of time"),
            ("s", "is no length of time"),
            ("1.5s", "is no length of time"),
            ("-1s", "is no length of time"),
            ("+1s", "is no length of time"),
            ("30 seconds", "is no length of time"),
            ("30S", "is no length of time"),
            ("1m30s", "is no length of time"),
            ("٣s", "is no length of time"),
            ("0s", "is no time at all"),
            ("25h", "is too long"),
            ("18446744073709551615h", "is too long"),
            ("99999999999999999999999999ms", "is too long"),
        ];
        for (text, problem) in rows {
            let refused = parse(text).expect_err(text);
            assert!(refused.starts_with(problem) && refused.contains(": write"), "{text}: {refused}");
        }
    }
}
