//! Moments, however they are written, wherever the clock is and whatever the calendar does: properties.

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, TimeDelta, Utc};
use polyprofile_core::{
    ConnectionStatus, Expiry, Health, HealthPolicy, NormalizeContext, ProviderId, Reason, Verdict, parse_timestamp,
};
use proptest::prelude::*;

const DAY: i128 = 86_400_000_000_000;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_moment_is_read_alike_from_every_offset(moment in any_moment(), offset in any_offset()) {
        let text = moment.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::Nanos, true);
        prop_assert_eq!(parse_timestamp(&text), Ok(moment), "{}", text);
    }

    #[test]
    fn a_date_is_read_exactly_if_the_calendar_has_it(year in 0_i32..10_000, month in 0_u32..14, day in 0_u32..33) {
        let text = format!("{year:04}-{month:02}-{day:02}T00:00:00Z");
        let exists = NaiveDate::from_ymd_opt(year, month, day).is_some();
        prop_assert_eq!(parse_timestamp(&text).is_ok(), exists, "{}", text);
    }

    #[test]
    fn a_text_that_is_read_is_written_as_the_same_moment(text in prop_oneof![
        ".{0,40}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,12})?([Zz]|[+-][0-9]{2}:[0-9]{2})?",
        "-?[0-9]{1,20}",
    ]) {
        if let Ok(moment) = parse_timestamp(&text) {
            let again = parse_timestamp(&moment.to_rfc3339_opts(SecondsFormat::Nanos, true));
            // At the ends of the calendar an offset leads out of the years of four digits.
            let is_inside = (0..10_000).contains(&chrono::Datelike::year(&moment));
            prop_assert!(again == Ok(moment) || !is_inside, "{}", text);
        }
    }

    #[test]
    fn the_offset_in_which_an_end_is_written_changes_no_verdict(
        end in any_moment(),
        offsets in (any_offset(), any_offset()),
        now in any_moment(),
    ) {
        let written = |offset| end.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::Nanos, true);
        let judged = |text: String| judge(parse_timestamp(&text).expect("a timestamp"), now, HealthPolicy::default());
        prop_assert_eq!(judged(written(offsets.0)), judged(written(offsets.1)));
    }

    #[test]
    fn days_left_are_the_floor_of_what_remains_between_any_two_moments(end in any_instant(), now in any_instant()) {
        let days = (nanoseconds(end) - nanoseconds(now)).div_euclid(DAY);
        prop_assert_eq!(judge(end, now, HealthPolicy::default()).days_left.map(i128::from), Some(days));
    }

    #[test]
    fn an_end_is_warned_of_for_exactly_as_long_as_was_asked(
        end in any_instant(),
        now in any_instant(),
        warn_within in any_delta(),
    ) {
        let left = nanoseconds(end) - nanoseconds(now);
        let warned = delta_nanoseconds(warn_within);
        let expected = match left {
            ..=0 => Verdict::Broken,
            left if left <= warned => Verdict::Warning,
            _ => Verdict::Healthy,
        };
        prop_assert_eq!(judge(end, now, HealthPolicy::warn_within(warn_within)).verdict, expected);
    }

    #[test]
    fn a_clock_that_is_off_is_wrong_only_near_a_boundary(
        end in any_moment(),
        now in any_moment(),
        skew in -86_400_i64..86_400,
    ) {
        let policy = HealthPolicy::default();
        let skewed = now + TimeDelta::seconds(skew);
        let boundaries = [end, end - policy.warn_within];
        let crosses = boundaries.iter().any(|boundary| (now.min(skewed)..=now.max(skewed)).contains(boundary));
        let (right, wrong) = (judge(end, now, policy), judge(end, skewed, policy));
        prop_assert!(crosses || right.verdict == wrong.verdict);
        let days = right.days_left.zip(wrong.days_left).map(|(right, wrong)| (right - wrong).abs());
        prop_assert!(days.is_some_and(|days| days <= 1));
    }

    #[test]
    fn a_verdict_never_gets_better_at_any_instant(end in any_instant(), moments in (any_instant(), any_instant())) {
        let (earlier, later) = (moments.0.min(moments.1), moments.0.max(moments.1));
        let (first, second) = (judge(end, earlier, HealthPolicy::default()), judge(end, later, HealthPolicy::default()));
        prop_assert!(first.verdict <= second.verdict);
        prop_assert!(first.days_left >= second.days_left);
        prop_assert_eq!(second.reasons.contains(&Reason::Expired), end <= later);
    }

    #[test]
    fn milliseconds_since_1970_are_a_moment_or_an_issue(milliseconds in prop_oneof![
        any::<f64>(),
        any::<i64>().prop_map(|number| number as f64),
        (-62_167_219_200_000_i64..253_402_300_800_000).prop_map(|number| number as f64),
    ]) {
        let mut context = context();
        let moment = context.epoch_milliseconds("at", Some(milliseconds));
        prop_assert_eq!(context.take_issues().len(), usize::from(moment.is_none()));
        if let Some(moment) = moment {
            prop_assert!((moment.timestamp_millis() as f64 - milliseconds).abs() < 1.0 + milliseconds.abs() * 1e-15);
        }
    }

    #[test]
    fn a_text_where_an_end_belongs_is_a_date_or_unreadable(text in prop_oneof![".{0,100}", any_moment().prop_map(|moment| moment.to_rfc3339())]) {
        let mut context = context();
        let expiry = context.expiry("expires_at", Some(&text)).expect("something was sent");
        match (parse_timestamp(&text), expiry) {
            (Ok(at), Expiry::At { at: read, reported: None }) => prop_assert_eq!(at, read),
            (Err(_), Expiry::Unreadable { .. }) => prop_assert_eq!(context.take_issues().len(), 1),
            (_, other) => prop_assert!(false, "{}: {:?}", text, other),
        }
    }
}

fn judge(end: DateTime<Utc>, now: DateTime<Utc>, policy: HealthPolicy) -> Health {
    Health::judge(&ConnectionStatus::Active, None, &Expiry::at(end), now, &policy)
}

fn context() -> NormalizeContext {
    NormalizeContext::new(ProviderId::new("any"), DateTime::UNIX_EPOCH)
}

/// In the years that a timestamp can name, whatever its offset.
fn any_moment() -> impl Strategy<Value = DateTime<Utc>> {
    let of = |(seconds, nanoseconds)| DateTime::from_timestamp(seconds, nanoseconds).expect("a year of four digits");
    // A day from both ends; and around the leap day and the clock changes of a year.
    prop_oneof![
        (-62_167_132_800_i64..253_402_214_400, 0_u32..1_000_000_000).prop_map(of),
        (1_709_164_800_i64 - 90_000..1_709_164_800 + 90_000, Just(0)).prop_map(of),
        (1_743_296_400_i64 - 7_200..1_743_296_400 + 7_200, Just(0)).prop_map(of),
    ]
}

/// Anything that chrono can hold, its ends among them.
fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    prop_oneof![
        1 => Just(first),
        1 => Just(last),
        4 => (first.timestamp()..=last.timestamp(), 0_u32..1_000_000_000)
            .prop_map(move |(seconds, nanoseconds)| DateTime::from_timestamp(seconds, nanoseconds).unwrap_or(last)),
        4 => any_moment(),
    ]
}

/// Up to a day in either direction, in minutes: what RFC 3339 can write.
fn any_offset() -> impl Strategy<Value = FixedOffset> {
    (-1_439_i32..1_440).prop_map(|minutes| FixedOffset::east_opt(minutes * 60).expect("less than a day"))
}

fn any_delta() -> impl Strategy<Value = TimeDelta> {
    prop_oneof![
        Just(TimeDelta::MIN),
        Just(TimeDelta::MAX),
        any::<i64>().prop_map(TimeDelta::nanoseconds),
        (-4_000_000_i64..4_000_000).prop_map(TimeDelta::days),
    ]
}

fn nanoseconds(moment: DateTime<Utc>) -> i128 {
    i128::from(moment.timestamp()) * 1_000_000_000 + i128::from(moment.timestamp_subsec_nanos())
}

fn delta_nanoseconds(delta: TimeDelta) -> i128 {
    i128::from(delta.num_seconds()) * 1_000_000_000 + i128::from(delta.subsec_nanos())
}
