//! Health: an oracle written from the rules, compared with the library over every combination.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use polyprofile_core::{
    Aggregate, ConnectedPlatform, ConnectionStatus, Contradiction, Expiry, Health, HealthPolicy, HealthSummary,
    NormalizedPlatform, Person, Platform, Profile, ProfileId, ProviderId, Reason, ReportedDays, Verdict,
    parse_timestamp,
};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_is_judged_as_the_rules_say(case in any_case()) {
        let health = case.judge();
        let matched = case.matching_rules();
        let deciding = matched.first();

        prop_assert_eq!(health.verdict, deciding.map_or(Verdict::Healthy, |rule| rule.verdict));
        prop_assert_eq!(health.reasons.first(), deciding.map(|rule| &rule.reason));
        let expected: HashSet<_> = matched.iter().map(|rule| rule.reason.clone()).collect();
        prop_assert_eq!(health.reasons.len(), expected.len(), "no reason comes twice");
        prop_assert_eq!(health.reasons.into_iter().collect::<HashSet<_>>(), expected);
    }

    #[test]
    fn a_post_goes_out_through_an_active_connection_that_is_not_broken(case in any_case()) {
        let broken = case.matching_rules().iter().any(|rule| rule.number <= 3);
        let expected = match (broken, &case.status) {
            (true, _) => Some(false),
            (false, ConnectionStatus::Active) => Some(true),
            (false, _) => None,
        };
        prop_assert_eq!(case.judge().can_post, expected);
    }

    #[test]
    fn days_left_are_the_floor_of_the_days_to_the_earlier_end(case in any_case()) {
        let expected = case.end().map(|end| (end.earliest - nanoseconds(case.now)).div_euclid(DAY));
        prop_assert_eq!(case.judge().days_left.map(i128::from), expected);
    }

    #[test]
    fn a_verdict_only_gets_worse(case in any_case(), later in any_distance()) {
        let later = Case { now: shifted(case.now, later.abs()), ..case.clone() };
        prop_assert!(case.judge().verdict <= later.judge().verdict);
    }

    #[test]
    fn days_left_never_grow(case in any_case(), later in any_distance()) {
        let later = Case { now: shifted(case.now, later.abs()), ..case.clone() };
        prop_assert!(case.judge().days_left >= later.judge().days_left);
    }

    #[test]
    fn who_asks_for_an_earlier_warning_gets_no_better_verdict(case in any_case(), longer in any_distance()) {
        let warn_within = case.policy.warn_within + longer.abs();
        let careful = Case { policy: HealthPolicy::warn_within(warn_within), ..case.clone() };
        prop_assert!(case.judge().verdict <= careful.judge().verdict);
    }

    #[test]
    fn reported_days_are_compared_with_the_moment_of_the_answer_and_never_with_now(
        case in any_case(),
        later in any_distance(),
    ) {
        let disagrees = Reason::Contradiction { between: Contradiction::DaysDisagreeWithDate };
        let later = Case { now: shifted(case.now, later), ..case.clone() };
        prop_assert_eq!(case.judge().reasons.contains(&disagrees), later.judge().reasons.contains(&disagrees));
    }

    #[test]
    fn a_date_that_cannot_be_read_is_never_healthy(case in any_case(), raw in ".{0,20}") {
        let case = Case { expiry: Expiry::Unreadable { raw }, ..case };
        prop_assert_ne!(case.judge().verdict, Verdict::Healthy);
    }

    #[test]
    fn an_unknown_word_is_never_healthy_and_never_broken_by_itself(case in any_case(), word in ".{0,20}") {
        let case = Case { status: ConnectionStatus::Other(word), expiry: Expiry::NoDeadline, ..case };
        prop_assert_eq!(case.judge().verdict, Verdict::Unknown);
    }

    #[test]
    fn an_active_connection_without_a_deadline_is_healthy_without_a_note(case in any_case()) {
        let case = Case { status: ConnectionStatus::Active, expiry: Expiry::NoDeadline, ..case };
        let health = case.judge();
        prop_assert_eq!((health.verdict, health.can_post, health.days_left), (Verdict::Healthy, Some(true), None));
        prop_assert_eq!(health.reasons, []);
    }

    #[test]
    fn an_active_connection_of_unknown_end_is_healthy_with_a_note(case in any_case()) {
        let case = Case { status: ConnectionStatus::Active, expiry: Expiry::NotReported, ..case };
        let health = case.judge();
        prop_assert_eq!((health.verdict, health.can_post, health.days_left), (Verdict::Healthy, Some(true), None));
        prop_assert_eq!(health.reasons, [Reason::ExpiryNotReported]);
    }

    #[test]
    fn a_row_of_ones_own_gets_the_same_answers_as_the_model(case in any_case()) {
        let own = OwnRow(case.clone());
        let model = case.connection();
        prop_assert_eq!(own.health(case.now, &case.policy), Some(case.judge()));
        prop_assert_eq!(own.health(case.now, &case.policy), model.health(case.now, &case.policy));
        prop_assert_eq!(own.days_until_expiry(case.now), model.days_until_expiry(case.now));
        prop_assert_eq!(own.expires_at(), model.expires_at());
        prop_assert_eq!(own.needs_reconnect(), model.needs_reconnect());
    }

    #[test]
    fn a_person_who_was_looked_up_has_no_verdict(case in any_case()) {
        let mut person = ConnectedPlatform::looked_up(Platform::LinkedIn, "account-1");
        (person.status, person.expiry) = (case.status, case.expiry);
        prop_assert_eq!(person.health(case.now, &case.policy), None);
    }

    #[test]
    fn a_summary_counts_every_connection_once_and_nobody_who_was_looked_up(
        cases in proptest::collection::vec(any_case(), 0..12),
        people in 0_usize..4,
    ) {
        let (now, policy) = (moment("2025-01-06T12:00:00Z"), HealthPolicy::default());
        let cases: Vec<_> = cases.into_iter().map(|case| Case { now, policy, ..case }).collect();
        let mut profile = Profile::new(ProfileId::new(ProviderId::new("main"), "1"));
        profile.connected_platforms = cases.iter().map(Case::connection).collect();
        profile.connected_platforms.extend((0..people).map(|_| ConnectedPlatform::looked_up(Platform::Twitter, "1")));
        let mut aggregate = Aggregate::new();
        aggregate.profiles.push(profile);

        let summary = aggregate.summary(now, &policy);
        let count = |verdict| cases.iter().filter(|case| case.judge().verdict == verdict).count() as u64;
        prop_assert_eq!(summary.healthy, count(Verdict::Healthy));
        prop_assert_eq!(summary.unknown, count(Verdict::Unknown));
        prop_assert_eq!(summary.warning, count(Verdict::Warning));
        prop_assert_eq!(summary.broken, count(Verdict::Broken));
        prop_assert_eq!(summary.total(), cases.len() as u64);
    }

    #[test]
    fn no_date_and_no_day_count_is_too_extreme(
        status in any_status(),
        days in prop_oneof![Just(f64::MAX), Just(f64::MIN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(f64::NAN), any::<f64>()],
        moments in proptest::array::uniform3(prop_oneof![
            Just(DateTime::<Utc>::MIN_UTC),
            Just(DateTime::<Utc>::MAX_UTC),
            any_moment(),
        ]),
        warn_within in prop_oneof![Just(TimeDelta::MIN), Just(TimeDelta::MAX), any_distance()],
    ) {
        let [now, at, seen_at] = moments;
        let policy = HealthPolicy::warn_within(warn_within);
        let expiries = [Expiry::At { at, reported: Some(ReportedDays::new(days, seen_at)) }, Expiry::InDays { days, seen_at }];
        for expiry in expiries {
            let health = Health::judge(&status, None, &expiry, now, &policy);
            prop_assert!(health.days_left.is_some());
        }
    }

    #[test]
    fn an_answer_about_health_is_written_and_read_back(case in any_case()) {
        let health = case.judge();
        let json = serde_json::to_string(&health).expect("health serializes");
        prop_assert_eq!(serde_json::from_str::<Health>(&json).expect("it was written so"), health);
    }
}

#[test]
fn an_interval_holds_its_start_and_not_its_end() {
    let week = TimeDelta::days(7);
    let nanosecond = TimeDelta::nanoseconds(1);
    let rows = [
        (week + nanosecond, Verdict::Healthy, Some(true), 7, vec![]),
        (week, Verdict::Warning, Some(true), 7, vec![Reason::ExpiresSoon]),
        (week - nanosecond, Verdict::Warning, Some(true), 6, vec![Reason::ExpiresSoon]),
        (TimeDelta::days(1), Verdict::Warning, Some(true), 1, vec![Reason::ExpiresSoon]),
        (TimeDelta::days(1) - nanosecond, Verdict::Warning, Some(true), 0, vec![Reason::ExpiresSoon]),
        (nanosecond, Verdict::Warning, Some(true), 0, vec![Reason::ExpiresSoon]),
        (TimeDelta::zero(), Verdict::Broken, Some(false), 0, active_past_its_date()),
        (-nanosecond, Verdict::Broken, Some(false), -1, active_past_its_date()),
        (-TimeDelta::days(1), Verdict::Broken, Some(false), -1, active_past_its_date()),
        (-TimeDelta::days(1) - nanosecond, Verdict::Broken, Some(false), -2, active_past_its_date()),
    ];
    for now in every_special_moment() {
        for (remaining, verdict, can_post, days_left, reasons) in &rows {
            let expiry = Expiry::at(now + *remaining);
            let health = Health::judge(&ConnectionStatus::Active, None, &expiry, now, &HealthPolicy::default());
            assert_eq!(
                (health.verdict, health.can_post, health.days_left, &health.reasons),
                (*verdict, *can_post, Some(*days_left), reasons),
                "{remaining} before the end, at {now}"
            );
        }
    }
}

#[test]
fn without_time_to_warn_a_connection_is_healthy_until_it_ends() {
    let now = moment("2024-02-29T00:00:00Z");
    let verdict = |at| {
        let policy = HealthPolicy::warn_within(TimeDelta::zero());
        Health::judge(&ConnectionStatus::Active, None, &Expiry::at(at), now, &policy).verdict
    };
    assert_eq!(verdict(now + TimeDelta::nanoseconds(1)), Verdict::Healthy);
    assert_eq!(verdict(now), Verdict::Broken);
}

#[test]
fn a_day_count_alone_warns_by_its_earlier_end_and_breaks_by_its_later_one() {
    let seen_at = moment("2025-01-06T12:00:00Z");
    let expiry = Expiry::InDays { days: 10.0, seen_at };
    let nanosecond = TimeDelta::nanoseconds(1);
    let rows = [
        (TimeDelta::days(3) - nanosecond, Verdict::Healthy, Some(true), 7),
        (TimeDelta::days(3), Verdict::Warning, Some(true), 7),
        (TimeDelta::days(10), Verdict::Warning, Some(true), 0),
        (TimeDelta::days(10) + nanosecond, Verdict::Warning, Some(true), -1),
        (TimeDelta::days(11) - nanosecond, Verdict::Warning, Some(true), -1),
        (TimeDelta::days(11), Verdict::Broken, Some(false), -1),
    ];
    for (passed, verdict, can_post, days_left) in rows {
        let health =
            Health::judge(&ConnectionStatus::Active, None, &expiry, seen_at + passed, &HealthPolicy::default());
        assert_eq!(
            (health.verdict, health.can_post, health.days_left),
            (verdict, can_post, Some(days_left)),
            "{passed} after the answer"
        );
    }
}

#[test]
fn fractions_of_a_day_and_negative_counts_are_legal() {
    let seen_at = moment("2025-01-06T12:00:00Z");
    let judge = |days| {
        Health::judge(
            &ConnectionStatus::Active,
            None,
            &Expiry::InDays { days, seen_at },
            seen_at,
            &HealthPolicy::default(),
        )
    };
    assert_eq!((judge(0.5).verdict, judge(0.5).days_left), (Verdict::Warning, Some(0)));
    assert_eq!((judge(-0.5).verdict, judge(-0.5).days_left), (Verdict::Warning, Some(-1)));
    assert_eq!((judge(-1.0).verdict, judge(-1.0).days_left), (Verdict::Broken, Some(-1)));
}

#[test]
fn a_reported_count_may_be_a_day_off_its_date_and_no_more() {
    let seen_at = moment("2025-01-06T12:00:00Z");
    let at = seen_at + TimeDelta::days(30);
    for (days, agrees) in [
        (28.999_999, false),
        (29.0, true),
        (29.5, true),
        (30.0, true),
        (31.0, true),
        (31.000_001, false),
        (-30.0, false),
    ] {
        let expiry = Expiry::At { at, reported: Some(ReportedDays::new(days, seen_at)) };
        let health = Health::judge(&ConnectionStatus::Active, None, &expiry, seen_at, &HealthPolicy::default());
        let expected = if agrees { Verdict::Healthy } else { Verdict::Warning };
        assert_eq!(health.verdict, expected, "{days} days");
        assert_eq!(health.days_left, Some(30), "computed from the date, never copied");
    }
}

#[test]
fn a_connection_called_expired_before_its_date_is_broken_and_a_contradiction() {
    let now = moment("2025-01-06T12:00:00Z");
    let expiry = Expiry::at(now + TimeDelta::days(30));
    let health = Health::judge(&ConnectionStatus::Expired, None, &expiry, now, &HealthPolicy::default());
    assert_eq!((health.verdict, health.can_post), (Verdict::Broken, Some(false)));
    assert_eq!(
        health.reasons,
        [Reason::Expired, Reason::Contradiction { between: Contradiction::ExpiredBeforeExpiry }]
    );
}

#[test]
fn the_vendors_own_reason_is_kept() {
    let vendor_reason = Some("token revoked".to_owned());
    for (status, reason) in [
        (ConnectionStatus::NeedsReconnect, Reason::NeedsReconnect { vendor_reason: vendor_reason.clone() }),
        (ConnectionStatus::Inactive, Reason::Inactive { vendor_reason: vendor_reason.clone() }),
        (ConnectionStatus::Failed, Reason::Failed { vendor_reason: vendor_reason.clone() }),
    ] {
        let mut connection = ConnectedPlatform::new(Platform::LinkedIn, status);
        connection.status_reason.clone_from(&vendor_reason);
        let health = connection.health(moment("2025-01-06T12:00:00Z"), &HealthPolicy::default());
        assert_eq!(health.expect("it is a connection").reasons, [reason]);
    }
}

#[test]
fn every_verdict_and_every_reason_has_words_of_its_own() {
    let verdicts = [Verdict::Healthy, Verdict::Unknown, Verdict::Warning, Verdict::Broken];
    assert_eq!(
        verdicts.map(|verdict| format!("[{verdict:>8}]")),
        ["[ healthy]", "[ unknown]", "[ warning]", "[  broken]"]
    );

    let told = || Some("token revoked".to_owned());
    let contradiction = |between| Reason::Contradiction { between };
    let rows = [
        (Reason::Expired, "expired"),
        (Reason::NeedsReconnect { vendor_reason: None }, "needs to be reconnected"),
        (Reason::NeedsReconnect { vendor_reason: told() }, "needs to be reconnected (token revoked)"),
        (Reason::Inactive { vendor_reason: None }, "disconnected or suspended on the platform"),
        (Reason::Inactive { vendor_reason: told() }, "disconnected or suspended on the platform (token revoked)"),
        (Reason::Failed { vendor_reason: None }, "the vendor failed to keep it up"),
        (Reason::Failed { vendor_reason: told() }, "the vendor failed to keep it up (token revoked)"),
        (Reason::ExpiresSoon, "expires soon"),
        (contradiction(Contradiction::ActivePastExpiry), "said to be active past its expiry date"),
        (contradiction(Contradiction::ExpiredBeforeExpiry), "said to be expired before its expiry date"),
        (contradiction(Contradiction::DaysDisagreeWithDate), "its day count disagrees with its expiry date"),
        (
            Reason::StatusUnknown { status: ConnectionStatus::Other("PAUSED".to_owned()) },
            "the vendor says neither good nor bad (PAUSED)",
        ),
        (
            Reason::StatusUnknown { status: ConnectionStatus::Connecting },
            "the vendor says neither good nor bad (connecting)",
        ),
        (Reason::ExpiryUnreadable, "its expiry date cannot be read"),
        (Reason::ExpiryNotReported, "the vendor does not tell when it expires"),
    ];
    for (reason, words) in rows {
        assert_eq!(reason.to_string(), words);
    }
}

#[test]
fn verdicts_are_ordered_from_best_to_worst() {
    let mut verdicts = [Verdict::Broken, Verdict::Healthy, Verdict::Warning, Verdict::Unknown];
    verdicts.sort();
    assert_eq!(verdicts, [Verdict::Healthy, Verdict::Unknown, Verdict::Warning, Verdict::Broken]);
}

#[test]
fn the_default_policy_warns_a_week_ahead() {
    assert_eq!(HealthPolicy::default().warn_within, TimeDelta::days(7));
}

#[test]
fn a_summary_can_be_collected_and_extended() {
    let mut summary: HealthSummary = [Verdict::Broken, Verdict::Broken, Verdict::Unknown].into_iter().collect();
    summary.extend([Verdict::Healthy]);
    summary.add(Verdict::Warning);
    assert_eq!(summary.to_string(), "1 healthy, 1 warning, 2 broken, 1 unknown");
    assert_eq!(summary.total(), 5);
}

/// Everything that a verdict may depend on.
#[derive(Clone, Debug)]
struct Case {
    status: ConnectionStatus,
    status_reason: Option<String>,
    expiry: Expiry,
    now: DateTime<Utc>,
    policy: HealthPolicy,
}

/// One row of the rules' table that matches.
struct Rule {
    number: u8,
    verdict: Verdict,
    reason: Reason,
}

/// The moments between which a connection ends, in nanoseconds since 1970.
#[derive(Clone, Copy)]
struct End {
    earliest: i128,
    latest: i128,
}

const DAY: i128 = 86_400_000_000_000;

impl Case {
    fn judge(&self) -> Health {
        Health::judge(&self.status, self.status_reason.as_deref(), &self.expiry, self.now, &self.policy)
    }

    fn connection(&self) -> ConnectedPlatform {
        let mut connection = ConnectedPlatform::new(Platform::LinkedIn, self.status.clone());
        connection.status_reason.clone_from(&self.status_reason);
        connection.expiry = self.expiry.clone();
        connection
    }

    /// The table, row by row, in whole nanoseconds: nothing in here is shared with the library.
    fn matching_rules(&self) -> Vec<Rule> {
        use ConnectionStatus as Status;

        let now = nanoseconds(self.now);
        let ended = self.end().is_some_and(|end| end.latest <= now);
        let vendor_reason = self.status_reason.clone();
        let contradiction = |between| Reason::Contradiction { between };
        let table = [
            (1, self.status == Status::Expired || ended, Verdict::Broken, Reason::Expired),
            (
                2,
                self.status == Status::NeedsReconnect,
                Verdict::Broken,
                Reason::NeedsReconnect { vendor_reason: vendor_reason.clone() },
            ),
            (
                3,
                self.status == Status::Inactive,
                Verdict::Broken,
                Reason::Inactive { vendor_reason: vendor_reason.clone() },
            ),
            (3, self.status == Status::Failed, Verdict::Broken, Reason::Failed { vendor_reason }),
            (
                4,
                self.end().is_some_and(|end| !ended && end.earliest - now <= self.warn_within()),
                Verdict::Warning,
                Reason::ExpiresSoon,
            ),
            (
                5,
                self.status == Status::Active && ended,
                Verdict::Warning,
                contradiction(Contradiction::ActivePastExpiry),
            ),
            (
                5,
                self.status == Status::Expired && self.end().is_some_and(|end| now < end.earliest),
                Verdict::Warning,
                contradiction(Contradiction::ExpiredBeforeExpiry),
            ),
            (5, self.days_disagree(), Verdict::Warning, contradiction(Contradiction::DaysDisagreeWithDate)),
            (
                6,
                matches!(self.status, Status::Connecting | Status::Unknown | Status::Other(_)),
                Verdict::Unknown,
                Reason::StatusUnknown { status: self.status.clone() },
            ),
            (
                6,
                self.status == Status::Active && matches!(self.expiry, Expiry::Unreadable { .. }),
                Verdict::Unknown,
                Reason::ExpiryUnreadable,
            ),
            (
                7,
                self.status == Status::Active && self.expiry == Expiry::NotReported,
                Verdict::Healthy,
                Reason::ExpiryNotReported,
            ),
        ];
        let matching = table.into_iter().filter(|(_, matches, ..)| *matches);
        matching.map(|(number, _, verdict, reason)| Rule { number, verdict, reason }).collect()
    }

    fn end(&self) -> Option<End> {
        match &self.expiry {
            Expiry::At { at, .. } => Some(End { earliest: nanoseconds(*at), latest: nanoseconds(*at) }),
            Expiry::InDays { days, seen_at } => {
                let ends_of_time = nanoseconds(DateTime::<Utc>::MIN_UTC)..=nanoseconds(DateTime::<Utc>::MAX_UTC);
                let after = |days| {
                    let moment = nanoseconds(*seen_at).saturating_add(days_as_nanoseconds(days));
                    moment.clamp(*ends_of_time.start(), *ends_of_time.end())
                };
                Some(End { earliest: after(*days), latest: after(*days + 1.0) })
            }
            _ => None,
        }
    }

    fn days_disagree(&self) -> bool {
        match &self.expiry {
            Expiry::At { at, reported: Some(reported) } => {
                let remaining = nanoseconds(*at) - nanoseconds(reported.seen_at);
                days_as_nanoseconds(reported.days).saturating_sub(remaining).saturating_abs() > DAY
            }
            _ => false,
        }
    }

    fn warn_within(&self) -> i128 {
        i128::from(self.policy.warn_within.num_seconds()) * 1_000_000_000
            + i128::from(self.policy.warn_within.subsec_nanos())
    }
}

/// A user's own row, which only says what the trait requires and its vendor's reason.
struct OwnRow(Case);

impl NormalizedPlatform for OwnRow {
    fn platform(&self) -> &Platform {
        &Platform::LinkedIn
    }

    fn status(&self) -> &ConnectionStatus {
        &self.0.status
    }

    fn expiry(&self) -> &Expiry {
        &self.0.expiry
    }

    fn person(&self) -> Option<&Person> {
        None
    }

    fn status_reason(&self) -> Option<&str> {
        self.0.status_reason.as_deref()
    }
}

fn any_case() -> impl Strategy<Value = Case> {
    let policy =
        prop_oneof![Just(0), Just(7), Just(400)].prop_map(|days| HealthPolicy::warn_within(TimeDelta::days(days)));
    (any_status(), proptest::option::of("[a-z ]{1,8}"), any_moment(), policy).prop_flat_map(
        |(status, status_reason, now, policy)| {
            any_expiry(now, policy).prop_map(move |expiry| Case {
                status: status.clone(),
                status_reason: status_reason.clone(),
                expiry,
                now,
                policy,
            })
        },
    )
}

fn any_status() -> impl Strategy<Value = ConnectionStatus> {
    prop_oneof![
        3 => Just(ConnectionStatus::Active),
        1 => Just(ConnectionStatus::Expired),
        1 => Just(ConnectionStatus::Inactive),
        1 => Just(ConnectionStatus::NeedsReconnect),
        1 => Just(ConnectionStatus::Connecting),
        1 => Just(ConnectionStatus::Failed),
        1 => Just(ConnectionStatus::Unknown),
        1 => "[A-Z]{1,8}!".prop_map(ConnectionStatus::Other),
    ]
}

/// Every sort of end, most of them near a boundary of the rules at `now`.
fn any_expiry(now: DateTime<Utc>, policy: HealthPolicy) -> impl Strategy<Value = Expiry> {
    let near = (any_distance(), prop_oneof![Just(TimeDelta::zero()), Just(policy.warn_within)])
        .prop_map(move |(distance, boundary)| shifted(shifted(now, boundary), distance));
    let at = (near, proptest::option::of((any_distance_in_quarter_days(), any_disagreement()))).prop_map(
        |(at, reported)| Expiry::At {
            at,
            reported: reported.map(|(quarters, disagreement)| {
                let seen_at = at - TimeDelta::hours(6) * quarters;
                ReportedDays::new(f64::from(quarters) / 4.0 + disagreement, seen_at)
            }),
        },
    );
    let in_days = (any_distance(), any_day_count())
        .prop_map(move |(distance, days)| Expiry::InDays { days, seen_at: shifted(now, distance) });
    prop_oneof![
        6 => at,
        6 => in_days,
        1 => ".{0,12}".prop_map(|raw| Expiry::Unreadable { raw }),
        1 => Just(Expiry::NoDeadline),
        1 => Just(Expiry::NotReported),
    ]
}

fn any_moment() -> impl Strategy<Value = DateTime<Utc>> {
    let years_0_to_9999 = -62_167_219_200_i64..253_402_300_800;
    prop_oneof![
        proptest::sample::select(every_special_moment()),
        (years_0_to_9999, 0_u32..1_000_000_000).prop_map(|(seconds, nanoseconds)| {
            DateTime::from_timestamp(seconds, nanoseconds).expect("a moment between the years 0 and 9999")
        }),
    ]
}

fn every_special_moment() -> Vec<DateTime<Utc>> {
    let texts = [
        "0000-01-01T00:00:00Z",
        "0000-02-29T23:59:59.999999999Z",
        "1900-02-28T23:59:59Z",
        "1969-12-31T23:59:59.999999999Z",
        "1970-01-01T00:00:00Z",
        "2016-12-31T23:59:60Z",
        "2024-02-29T00:00:00Z",
        "2025-01-06T12:00:00Z",
        "2038-01-19T03:14:08Z",
        "9999-12-31T23:59:59.999999999Z",
    ];
    texts.map(moment).to_vec()
}

/// From nothing over a nanosecond and a few days to thousands of years, both ways.
fn any_distance() -> impl Strategy<Value = TimeDelta> {
    let magnitude = prop_oneof![
        Just(TimeDelta::zero()),
        Just(TimeDelta::nanoseconds(1)),
        Just(TimeDelta::days(1) - TimeDelta::nanoseconds(1)),
        Just(TimeDelta::days(1) + TimeDelta::nanoseconds(1)),
        (0_i32..80).prop_map(|quarters| TimeDelta::hours(6) * quarters),
        (0_i64..80_000_000).prop_map(TimeDelta::seconds),
        (0_i64..1_000_000).prop_map(TimeDelta::days),
    ];
    (magnitude, any::<bool>()).prop_map(|(distance, forward)| if forward { distance } else { -distance })
}

fn any_distance_in_quarter_days() -> impl Strategy<Value = i32> {
    prop_oneof![-40_i32..400, -1_000_000_i32..1_000_000]
}

/// How far a reported count is off its date, in days that a float holds exactly.
fn any_disagreement() -> impl Strategy<Value = f64> {
    let beyond_a_day = 1.0 + 1.0 / 1024.0;
    proptest::sample::select(vec![0.0, 0.5, -0.5, 1.0, -1.0, beyond_a_day, -beyond_a_day, 30.0, -30.0, 1e300, -1e300])
}

/// Counts in quarters of a day, which a float holds exactly, and some that reach past the ends of time.
fn any_day_count() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (-60_i32..60).prop_map(|quarters| f64::from(quarters) / 4.0),
        2 => (-4_000_000_i32..4_000_000).prop_map(|quarters| f64::from(quarters) / 4.0),
        1 => proptest::sample::select(vec![1e12, -1e12, 1e300, -1e300, f64::MAX, f64::MIN]),
    ]
}

fn active_past_its_date() -> Vec<Reason> {
    vec![Reason::Expired, Reason::Contradiction { between: Contradiction::ActivePastExpiry }]
}

fn moment(text: &str) -> DateTime<Utc> {
    parse_timestamp(text).expect("a valid timestamp")
}

fn shifted(moment: DateTime<Utc>, distance: TimeDelta) -> DateTime<Utc> {
    moment.checked_add_signed(distance).expect("a few thousand years are far from the ends of time")
}

fn nanoseconds(moment: DateTime<Utc>) -> i128 {
    i128::from(moment.timestamp()) * 1_000_000_000 + i128::from(moment.timestamp_subsec_nanos())
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, which is what the ends of time need")]
fn days_as_nanoseconds(days: f64) -> i128 {
    (days * 86_400_000_000_000.0) as i128
}
