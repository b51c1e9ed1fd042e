//! What a mapping reports: paths, what is missing, and what cannot be read.

use chrono::{DateTime, Utc};
use polyprofile_core::{Expiry, FieldIssue, IssueKind, NormalizeContext, ProviderId, parse_timestamp};

#[test]
fn paths_of_issues_follow_the_nesting() {
    let mut context = context();
    let doubled = context.within("data", |context| {
        context.each("accounts", [1, 2, 3], |context, number| {
            if number == 2 {
                context.within("owner", |context| context.report("name", IssueKind::WrongType, "a text", Some("[]")));
            }
            number * 2
        })
    });
    context.report("status", IssueKind::Missing, "promised", None);
    assert_eq!(doubled, [2, 4, 6]);

    let issues: Vec<_> = context.take_issues().into_iter().map(|issue| (issue.path, issue.found)).collect();
    assert_eq!(
        issues,
        [("/data/accounts/1/owner/name".to_owned(), Some("[]".to_owned())), ("/status".to_owned(), None)]
    );
    assert_eq!(context.take_issues(), [], "the next row starts anew");
}

#[test]
fn what_the_reader_of_the_row_dropped_is_found_by_its_path() {
    let mut context = context();
    context.add_issues([FieldIssue::new("/sources/0/status", IssueKind::WrongType, "expected a text")]);
    assert!(context.dropped("status").is_none());
    context.each("sources", [(), ()], |context, ()| {
        let is_first = context.dropped("status").is_some();
        context.report(if is_first { "first" } else { "second" }, IssueKind::Coerced, "", None);
    });
    let paths: Vec<_> = context.take_issues().into_iter().map(|issue| issue.path).collect();
    assert_eq!(paths, ["/sources/0/status", "/sources/0/first", "/sources/1/second"]);
}

#[test]
fn an_absent_member_that_is_required_is_reported_once() {
    let mut context = context();
    assert_eq!(context.required("name", Some("Ada")), Some("Ada"));
    assert_eq!(context.required::<&str>("status", None), None);
    assert_eq!(context.required::<&str>("status", None), None);
    context.add_issues([FieldIssue::new("/platform", IssueKind::WrongType, "expected a text")]);
    assert_eq!(context.required::<&str>("platform", None), None);

    let issues: Vec<_> = context.take_issues().into_iter().map(|issue| (issue.path, issue.kind)).collect();
    assert_eq!(
        issues,
        [("/status".to_owned(), IssueKind::Missing), ("/platform".to_owned(), IssueKind::WrongType)],
        "one that was dropped is not missing"
    );
}

#[test]
fn of_a_row_full_of_trouble_a_part_is_told_and_how_much_more_there_was() {
    let mut context = context();
    context.each("connections", 0..100_000, |context, _| context.required::<&str>("platform", None));
    let issues = context.take_issues();
    assert_eq!(issues.len(), 101);
    let last = issues.last().expect("there are 101");
    assert_eq!((last.path.as_str(), last.kind), ("", IssueKind::Truncated));
    assert_eq!(last.message, "99900 more issues");

    context.report("name", IssueKind::Missing, "promised", None);
    assert_eq!(context.take_issues().len(), 1, "the next row starts anew");
}

#[test]
fn what_the_reader_does_not_tell_may_be_any_absent_member() {
    let mut context = context();
    let note = FieldIssue::new("", IssueKind::Truncated, "7 more issues");
    context.add_issues([note.clone()]);
    assert_eq!(context.expiry("expires_at", None), Some(Expiry::Unreadable { raw: String::new() }));
    assert_eq!(context.dropped("status"), Some(&note));
    assert_eq!(context.required::<&str>("status", None), None);
    assert_eq!(context.take_issues(), [note], "who knows whether it is missing");
    assert_eq!(context.expiry("expires_at", None), None);
}

#[test]
fn a_timestamp_is_read_or_reported() {
    let mut context = context();
    assert_eq!(context.timestamp("at", None), None);
    assert_eq!(context.timestamp("at", Some("2025-03-02T12:30:00Z")), Some(moment("2025-03-02T12:30:00Z")));
    assert_eq!(context.take_issues(), []);

    assert_eq!(context.timestamp("at", Some("")), None);
    assert_eq!(context.timestamp("at", Some("1740918600")), None);
    let issues = context.take_issues();
    assert!(issues.iter().all(|issue| issue.kind == IssueKind::Unreadable && issue.path == "/at"));
    assert_eq!(issues[1].found.as_deref(), Some("1740918600"));
}

#[test]
fn trouble_with_a_date_never_looks_like_a_connection_without_an_end() {
    let mut context = context();
    assert_eq!(context.expiry("expires_at", None), None, "nothing was sent");
    let at = moment("2025-03-02T12:30:00Z");
    assert_eq!(context.expiry("expires_at", Some("2025-03-02T12:30:00Z")), Some(Expiry::at(at)));
    assert_eq!(context.take_issues(), []);

    for text in ["", "never", "2025-02-29T00:00:00Z", "2025-03-02T12:30:00"] {
        let expected = Expiry::Unreadable { raw: text.to_owned() };
        assert_eq!(context.expiry("expires_at", Some(text)), Some(expected));
        assert_eq!(context.take_issues().len(), 1, "{text}");
    }

    context.add_issues([FieldIssue::new("/expires_at", IssueKind::WrongType, "expected a text").with_found("true")]);
    assert_eq!(context.expiry("expires_at", None), Some(Expiry::Unreadable { raw: "true".to_owned() }));
    assert_eq!(context.take_issues().len(), 1, "it was reported already");
}

#[test]
fn an_unreadable_date_is_kept_as_a_short_printable_excerpt() {
    let sent = format!("\u{1b}[31m{}", "x".repeat(10_000));
    let Some(Expiry::Unreadable { raw }) = context().expiry("expires_at", Some(&sent)) else {
        panic!("that is no date");
    };
    assert!(raw.starts_with(" [31mxx") && raw.ends_with('…'), "{raw}");
    assert_eq!(raw.chars().count(), FieldIssue::EXCERPT + 1);
}

#[test]
fn milliseconds_since_1970_are_read_or_reported() {
    let mut context = context();
    assert_eq!(context.epoch_milliseconds("at", None), None);
    let rows = [
        (0.0, "1970-01-01T00:00:00Z"),
        (-1.0, "1969-12-31T23:59:59.999Z"),
        (1_740_918_600_000.0, "2025-03-02T12:30:00Z"),
        (2_147_483_648_000.0, "2038-01-19T03:14:08Z"),
    ];
    for (milliseconds, expected) in rows {
        assert_eq!(context.epoch_milliseconds("at", Some(milliseconds)), Some(moment(expected)));
    }
    assert_eq!(context.take_issues(), []);

    for milliseconds in [1e300, -1e300, f64::INFINITY, f64::NAN] {
        assert_eq!(context.epoch_milliseconds("at", Some(milliseconds)), None, "{milliseconds}");
        let issues = context.take_issues();
        assert_eq!(issues.iter().map(|issue| issue.kind).collect::<Vec<_>>(), [IssueKind::OutOfRange]);
    }
}

#[test]
fn a_count_is_whole_and_not_negative_or_reported() {
    let mut context = context();
    let mut count = |text: &str| {
        let number = serde_json::from_str(text).expect("a JSON number");
        (context.count("followers", Some(&number)), context.take_issues().len())
    };
    assert_eq!(count("0"), (Some(0), 0));
    assert_eq!(count("18446744073709551615"), (Some(u64::MAX), 0));
    assert_eq!(count("-1"), (None, 1));
    assert_eq!(count("0.5"), (None, 1));
    assert_eq!(count("18446744073709551616"), (None, 1), "no wrap and no rounding");
    assert_eq!(context.count("followers", None), None);
    assert_eq!(context.take_issues(), []);
}

#[test]
fn an_issues_excerpt_cannot_forge_a_line() {
    let issue = FieldIssue::new("/name", IssueKind::Unreadable, "a name").with_found("a\r\nb\u{1b}\u{202e}c");
    assert_eq!(issue.to_string(), "/name: a name, found a  b  c");
}

fn context() -> NormalizeContext {
    NormalizeContext::new(ProviderId::new("main"), moment("2025-01-06T12:00:00Z"))
}

fn moment(text: &str) -> DateTime<Utc> {
    parse_timestamp(text).expect("a valid timestamp")
}
