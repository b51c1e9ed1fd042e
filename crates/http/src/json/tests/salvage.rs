//! Rows that fit, rows that fit in part, and rows that are no rows.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::json::{Field, RowType, SalvageIssue, SalvageProblem, Unusable, read_row};

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile<'a> {
    #[serde(borrow, default)]
    id: Cow<'a, str>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default, alias = "postCount")]
    posts: Option<u8>,
    #[serde(default)]
    expires_at: Field<String>,
    #[serde(default)]
    connected_platforms: Vec<Connection>,
    #[serde(default)]
    extra: BTreeMap<String, Option<i32>>,
    #[serde(default)]
    raw: Option<Value>,
}

impl RowType for Profile<'_> {
    type Row<'de> = Profile<'de>;
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Connection {
    #[serde(default)]
    platform: Option<String>,
    #[serde(default)]
    days_until_expiry: Option<f64>,
    #[serde(default)]
    pages: Vec<u32>,
}

fn read(row: impl AsRef<[u8]>) -> Result<(Profile<'static>, Vec<SalvageIssue>), Unusable> {
    read_row::<Profile, _>(row.as_ref(), |row, issues| {
        (Profile { id: Cow::Owned(row.id.clone().into_owned()), ..owned(row) }, issues)
    })
}

fn owned(row: Profile<'_>) -> Profile<'static> {
    Profile {
        id: Cow::Borrowed(""),
        name: row.name,
        posts: row.posts,
        expires_at: row.expires_at,
        connected_platforms: row.connected_platforms,
        extra: row.extra,
        raw: row.raw,
    }
}

/// The row, and its issues as "path problem".
fn salvaged(row: impl AsRef<[u8]>) -> (Profile<'static>, Vec<String>) {
    let (row, issues) = read(row).expect("a row");
    (row, issues.iter().map(|issue| format!("{} {:?}", issue.path, issue.problem)).collect())
}

fn unusable(row: impl AsRef<[u8]>) -> String {
    read(row).expect_err("a row that is refused").message
}

fn only_issue(row: impl AsRef<[u8]>) -> SalvageIssue {
    let (_, mut issues) = read(row).expect("a row");
    assert_eq!(issues.len(), 1, "{issues:?}");
    issues.remove(0)
}

#[test]
fn a_row_that_fits_is_borrowed_from_the_bytes_and_has_no_issues() {
    let bytes = br#" {"id":"a","unknown":[1e999,{"x":"y"}],"unknown":2} "#.as_slice();
    read_row::<Profile, _>(bytes, |row, issues| {
        assert!(matches!(row.id, Cow::Borrowed("a")), "{:?}", row.id);
        assert!(bytes.as_ptr_range().contains(&row.id.as_ptr()));
        assert_eq!(issues, []);
    })
    .expect("a row");
}

#[test]
fn bad_utf8_in_an_unknown_member_is_nobodys_business() {
    let (row, issues) = salvaged(b"{\"id\":\"a\",\"x\":\"\xff\"}");
    assert_eq!((row.id.as_ref(), issues), ("a", vec![]));
}

#[test]
fn a_row_that_fits_is_parsed_once() {
    thread_local!(static PARSED: Cell<u32> = const { Cell::new(0) });

    struct Counted;
    impl<'de> Deserialize<'de> for Counted {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            PARSED.set(PARSED.get() + 1);
            serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
        }
    }
    impl RowType for Counted {
        type Row<'de> = Counted;
    }

    read_row::<Counted, _>(br#"{"id":1}"#, |_, _| ()).expect("a row");
    assert_eq!(PARSED.get(), 1);
}

#[test]
fn a_bad_field_costs_only_itself() {
    let (row, issues) = salvaged(r#"{"id":"a","name":["x"],"posts":7}"#);
    assert_eq!(row, Profile { id: "a".into(), posts: Some(7), ..Profile::default() });
    assert_eq!(issues, ["/name WrongType"]);
}

#[test]
fn a_bad_field_of_an_element_is_named_by_its_path_as_sent() {
    let (row, issues) = salvaged(
        r#"{"id":"a","connectedPlatforms":[
            {"platform":"x","daysUntilExpiry":"soon"},
            17,
            {"platform":"bluesky","daysUntilExpiry":-0.5,"pages":[1,-2,3,{},5]},
            null
        ],"name":"n"}"#,
    );
    assert_eq!((row.id.as_ref(), row.name.as_deref()), ("a", Some("n")));
    assert_eq!(
        row.connected_platforms,
        [
            Connection { platform: Some("x".into()), ..Connection::default() },
            Connection { platform: Some("bluesky".into()), days_until_expiry: Some(-0.5), pages: vec![1, 3, 5] },
        ]
    );
    assert_eq!(
        issues,
        [
            "/connectedPlatforms/0/daysUntilExpiry WrongType",
            "/connectedPlatforms/1 WrongType",
            "/connectedPlatforms/2/pages/1 WrongType",
            "/connectedPlatforms/2/pages/3 WrongType",
            "/connectedPlatforms/3 WrongType",
        ]
    );
}

#[test]
fn an_issue_tells_what_was_expected_and_what_was_found() {
    let issue = only_issue(r#"{"connectedPlatforms":[{"daysUntilExpiry":"soon"}]}"#);
    assert_eq!(
        issue,
        SalvageIssue {
            path: "/connectedPlatforms/0/daysUntilExpiry".to_owned(),
            problem: SalvageProblem::WrongType,
            message: "expected f64".to_owned(),
            found: Some(r#"string "soon""#.to_owned()),
        }
    );
    assert_eq!(only_issue(r#"{"id":null}"#).found.as_deref(), Some("null"));
    assert_eq!(only_issue(r#"{"posts":true}"#).found.as_deref(), Some("boolean true"));
    assert_eq!(only_issue("{\"posts\":{\n\t\"a\":1}}").found.as_deref(), Some(r#"object {  "a":1}"#));
}

#[test]
fn an_issue_is_short_and_on_one_line_whatever_was_sent() {
    let issue = only_issue(json!({ "posts": "expected ż\u{1}\n".repeat(10_000) }).to_string());
    assert_eq!(issue.message, "expected u8");
    let found = issue.found.expect("an excerpt");
    assert!(found.chars().count() == 80 && found.ends_with('…') && !found.contains(char::is_control), "{found}");

    let long = "n".repeat(100_000);
    let issue = only_issue(format!(r#"{{"extra":{{"{long}/~":"x"}}}}"#));
    assert!(issue.path.starts_with("/extra/nnn") && issue.path.chars().count() < 100, "{}", issue.path);
    assert_eq!(only_issue(r#"{"extra":{"a/b~c\n":"x"}}"#).path, "/extra/a~1b~0c ");
}

#[test]
fn a_number_is_kept_as_text_where_text_belongs() {
    let (row, issues) = salvaged(r#"{"id":12345678901234567890123,"name":1.50,"posts":3}"#);
    assert_eq!((row.id.as_ref(), row.name.as_deref(), row.posts), ("12345678901234567890123", Some("1.50"), Some(3)));
    assert_eq!(issues, ["/id NumberKeptAsText", "/name NumberKeptAsText"]);
    assert_eq!(only_issue(r#"{"id":7}"#).message, "expected a string");
}

#[test]
fn numbers_that_do_not_fit_are_left_out_and_never_rounded() {
    for number in ["256", "-1", "1.0", "1e2", "1e999", "123456789012345678901234567890"] {
        let (row, issues) = salvaged(format!(r#"{{"id":"a","posts":{number}}}"#));
        assert_eq!(row, Profile { id: "a".into(), ..Profile::default() }, "{number}");
        assert_eq!(issues, ["/posts WrongType"], "{number}");
    }
}

#[test]
fn of_a_repeated_member_the_first_that_fits_is_kept() {
    let (row, issues) = salvaged(r#"{"id":"one","id":"two","i\u0064":"three"}"#);
    assert_eq!(row.id, "one");
    assert_eq!(issues, ["/id RepeatedMember", "/id RepeatedMember"]);

    let (row, issues) = salvaged(r#"{"posts":"many","posts":2,"posts":3}"#);
    assert_eq!(row.posts, Some(2));
    assert_eq!(issues, ["/posts WrongType", "/posts RepeatedMember"]);

    let (row, issues) = salvaged(r#"{"connectedPlatforms":[{"platform":"x","platform":"y"}]}"#);
    assert_eq!(row.connected_platforms[0].platform.as_deref(), Some("x"));
    assert_eq!(issues, ["/connectedPlatforms/0/platform RepeatedMember"]);
}

#[test]
fn two_names_of_one_field_are_a_repetition() {
    let (row, issues) = salvaged(r#"{"id":"a","posts":1,"postCount":2,"name":"n"}"#);
    assert_eq!((row.id.as_ref(), row.posts, row.name.as_deref()), ("a", Some(1), Some("n")));
    assert_eq!(issues, ["/postCount RepeatedMember"]);
}

#[test]
fn absent_and_null_stay_apart() {
    assert_eq!(salvaged(r#"{"posts":"x"}"#).0.expires_at, Field::Absent);
    assert_eq!(salvaged(r#"{"posts":"x","expiresAt":null}"#).0.expires_at, Field::Null);
    assert_eq!(salvaged(r#"{"expiresAt":["x"]}"#).0.expires_at, Field::Absent);
}

#[test]
fn bad_utf8_is_replaced_and_named() {
    let (row, issues) =
        salvaged(b"{\"id\":\"a\xff\",\"name\":\"n\",\"connectedPlatforms\":[{},{\"platform\":\"\xc3(\xe2\x82\"}]}");
    assert_eq!((row.id.as_ref(), row.name.as_deref()), ("a\u{fffd}", Some("n")));
    assert_eq!(row.connected_platforms[1].platform.as_deref(), Some("\u{fffd}(\u{fffd}"));
    assert_eq!(issues, ["/id InvalidUtf8Replaced", "/connectedPlatforms/1/platform InvalidUtf8Replaced"]);

    let (row, issues) = salvaged(b" {\"posts\":\"\xff\",\"extra\":{\"\xff\":1,\"b\":2}}");
    assert_eq!(row.extra.len(), 2);
    assert_eq!(issues, ["/posts InvalidUtf8Replaced", "/extra/\u{fffd} InvalidUtf8Replaced", "/posts WrongType"]);
}

#[test]
fn bad_utf8_deep_inside_is_named_as_far_as_paths_go() {
    let row =
        [b"{\"id\":1,\"x\":", "[".repeat(1000).as_bytes(), b"\"\xff\"", "]".repeat(1000).as_bytes(), b"}"].concat();
    let (row, issues) = salvaged(row);
    assert_eq!(row.id, "1");
    assert_eq!(issues, [format!("/x{} InvalidUtf8Replaced", "/0".repeat(31)), "/id NumberKeptAsText".to_owned()]);
}

#[test]
fn deep_nesting_in_an_unknown_member_is_read() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(
        salvaged(format!(r#"{{"x":{deep},"id":"a"}}"#)),
        (Profile { id: "a".into(), ..Profile::default() }, vec![])
    );
    let (row, issues) = salvaged(format!(r#"{{"id":"a","x":{deep},"posts":"x"}}"#));
    assert_eq!(row.id, "a");
    assert_eq!(issues, ["/posts WrongType"]);
}

#[test]
fn what_is_nested_too_deep_for_its_field_is_left_out_there() {
    let deep = format!("{}1{}", r#"{"a":"#.repeat(5_000), "}".repeat(5_000));
    let (row, issues) = salvaged(format!(r#"{{"id":"a","raw":{deep},"name":"n"}}"#));
    assert_eq!((row.id.as_ref(), row.name.as_deref()), ("a", Some("n")));
    assert!(row.raw.is_some());
    assert_eq!(issues, [format!("/raw{} TooDeep", "/a".repeat(31))]);
}

#[test]
fn a_lone_surrogate_costs_only_its_field() {
    let (row, issues) = salvaged(r#"{"id":"a","name":"\ud83d","posts":1}"#);
    assert_eq!((row.id.as_ref(), row.name, row.posts), ("a", None, Some(1)));
    assert_eq!(issues, ["/name WrongType"]);

    let (row, issues) = salvaged(r#"{"id":"a","\udc00":1,"posts":1}"#);
    assert_eq!((row.id.as_ref(), row.posts), ("a", Some(1)));
    assert_eq!(issues, [r#"/"\udc00" WrongType"#]);
}

#[test]
fn raw_control_characters_make_a_row_broken() {
    assert!(unusable("{\"id\":\"a\nb\"}").starts_with("not JSON: control character"));
}

#[test]
fn what_is_no_object_is_unusable() {
    assert_eq!(unusable("[]"), "expected an object, found array");
    assert_eq!(unusable(r#"["a","n",1]"#), "expected an object, found array");
    assert_eq!(unusable("null"), "expected an object, found null");
    assert_eq!(unusable(r#""id""#), "expected an object, found string");
    assert_eq!(unusable("12"), "expected an object, found number");
    assert_eq!(unusable("true"), "expected an object, found boolean");
}

#[test]
fn broken_json_is_unusable() {
    for row in [
        "",
        " ",
        "NaN",
        r#"{"posts":NaN}"#,
        r#"{"id":"a""#,
        r#"{"id":"a",}"#,
        r#"{"id":"a"}}"#,
        r#"{"id":'a'}"#,
        "{id:1}",
    ] {
        assert!(unusable(row).starts_with("not JSON: "), "{row}");
    }
    assert!(unusable(b"{\"id\":\"a\"\xff}").starts_with("not JSON: "));
}

#[test]
fn one_bad_among_many_is_found() {
    let platforms: Vec<Value> = (0..2_000)
        .map(|n| json!({ "platform": format!("p{n}"), "pages": [if n == 1_234 { -1 } else { n }] }))
        .collect();
    let (row, issues) = salvaged(json!({ "connectedPlatforms": platforms }).to_string());
    assert_eq!(issues, ["/connectedPlatforms/1234/pages/0 WrongType"]);
    assert_eq!(row.connected_platforms.len(), 2_000);
    assert_eq!(row.connected_platforms[1_234], Connection { platform: Some("p1234".into()), ..Connection::default() });
}

#[test]
fn issues_are_told_up_to_a_number_and_the_row_is_read_on() {
    let pages: Vec<Value> = (0..300).map(|n| if n % 2 == 0 { json!(n) } else { json!("bad") }).collect();
    let (row, issues) =
        read(json!({ "connectedPlatforms": [{ "pages": pages }], "id": "last" }).to_string()).expect("a row");
    assert_eq!(row.connected_platforms[0].pages.len(), 150);
    assert_eq!(row.id, "last");
    assert_eq!(issues.len(), 101);
    let last = &issues[100];
    assert_eq!((last.problem, last.message.as_str()), (SalvageProblem::TooManyIssues, "50 more issues"));
}

#[test]
fn a_member_that_fits_is_not_lost_to_the_work_for_another() {
    let bad = "{},".repeat(20_000);
    let (row, issues) = salvaged(format!(
        r#"{{"extra":{{"{}":[{bad}0]}},"raw":{{"{}":[{bad}1e999]}},"id":"a"}}"#,
        "k".repeat(9_999),
        "k".repeat(9_999)
    ));
    assert_eq!(row.id, "a");
    assert_eq!(issues.last().map(String::as_str), Some(" TooMuchWork"));
}

#[test]
fn hostile_rows_are_read_in_bounded_work() {
    let bad_elements = format!(r#"{{"id":"a","connectedPlatforms":[{}0]}}"#, "0,".repeat(100_000));
    let members: Vec<String> = (0..20_000).map(|n| format!(r#""{n}":"x""#)).collect();
    let bad_members = format!(r#"{{"id":"a","extra":{{{}}}}}"#, members.join(","));
    let repeated = format!(r#"{{"id":"a",{}"id":"b"}}"#, r#""posts":1,"#.repeat(20_000));
    let long_context = format!(r#"{{"id":"a","extra":{{"{}":[{}0]}}}}"#, "k".repeat(100_000), "{},".repeat(20_000));
    let wide_context = format!(r#"{{"id":"a","raw":{{"{}":[{}1e999]}}}}"#, "k".repeat(100_000), "{},".repeat(20_000));
    let deep = format!(r#"{{"id":"a","raw":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    for row in [bad_elements, bad_members, repeated, long_context, wide_context, deep] {
        let parsed = Cell::new(0);
        let reading = read_counted(&row, &parsed);
        assert_eq!(reading.0, "a", "{}", &row[..40]);
        assert!(reading.1 > 0 && reading.1 <= 102, "{} issues", reading.1);
        // The bound that is promised, and the first and the last reading of the row.
        assert!(parsed.get() <= (64 + 2) * row.len() + (64 << 10), "{} times its length", parsed.get() / row.len());
    }
}

/// Reads a row and counts the bytes that were parsed into its type.
fn read_counted(row: &str, parsed: &Cell<usize>) -> (String, usize) {
    let (profile, issues) = crate::json::salvage::read_row_with::<Profile, _>(
        row.as_bytes(),
        |row, issues| (row.id.into_owned(), issues.len()),
        |length| parsed.set(parsed.get() + length),
    )
    .expect("a row");
    (profile, issues)
}

/// A member of a row: its name, a value that fits, and one that does not.
fn members() -> Vec<(&'static str, Value, Value)> {
    vec![
        ("id", json!("a"), json!({ "x": 1 })),
        ("name", json!("n"), json!(true)),
        ("posts", json!(5), json!("five")),
        ("expiresAt", Value::Null, json!([1])),
        ("connectedPlatforms", json!([{ "platform": "x", "pages": [1, 2] }]), json!("none")),
        ("extra", json!({ "a": 1, "b": null }), json!(17)),
        ("unknown", json!([{ "a": 1 }]), json!(1e300)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn fields_that_fit_are_kept_whatever_the_others_are(
        order in Just(members()).prop_shuffle(),
        bad in prop::collection::vec(any::<bool>(), 7),
    ) {
        let text = |pick: &dyn Fn(usize) -> bool, value: &dyn Fn(usize) -> Value| {
            let members: Vec<String> = order.iter().enumerate().filter(|(index, _)| pick(*index))
                .map(|(index, (name, ..))| format!("{}:{}", json!(name), value(index))).collect();
            format!("{{{}}}", members.join(","))
        };
        let sent = text(&|_| true, &|index| if bad[index] { order[index].2.clone() } else { order[index].1.clone() });
        let expected = text(&|index| !bad[index], &|index| order[index].1.clone());

        let (row, issues) = read(&sent).expect("a row");
        let (expected, none) = read(&expected).expect("a row");
        prop_assert_eq!(none, vec![]);
        prop_assert_eq!(row, expected);
        let mut paths: Vec<String> = issues.into_iter().map(|issue| issue.path).collect();
        let mut expected: Vec<String> = order.iter().zip(&bad).filter(|((name, ..), bad)| **bad && *name != "unknown")
            .map(|((name, ..), _)| format!("/{name}")).collect();
        paths.sort();
        expected.sort();
        prop_assert_eq!(paths, expected);
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..60),
        prop::collection::vec(
            r#"("(id|name|posts|raw|extra|connectedPlatforms)":(1|"x"|\[\]|\{"a":[0-9e.]{1,3}\}|\[[0-9,]{0,6}\]|null))"#,
            0..5,
        )
        .prop_map(|members| format!("{{{}}}", members.join(",")))
            .prop_map(String::into_bytes),
    ]) {
        let object = serde_json::from_slice::<Value>(&bytes).is_ok_and(|value| value.is_object());
        prop_assert!(!object || read(&bytes).is_ok());
    }
}

#[test]
fn a_struct_is_never_read_from_an_array_by_position() {
    for (row, path) in [
        (r#"{"id":"a","connected_platforms":[["linkedin",5,[]]]}"#, "/connectedPlatforms/0"),
        (r#"{"id":"a","connectedPlatforms":[["linkedin",5,[]]]}"#, "/connectedPlatforms/0"),
        (r#"{"id":"a","connectedPlatforms":[[]]}"#, "/connectedPlatforms/0"),
    ] {
        let (read, issues) = read(row).expect("a row");
        assert_eq!(read.connected_platforms, [], "{row}");
        // The first is a member that nobody knows.
        let known = row.contains("connectedPlatforms");
        assert_eq!(issues.iter().map(|issue| issue.path.as_str()).collect::<Vec<_>>(), [path][..usize::from(known)]);
        assert!(issues.iter().all(|issue| issue.problem == SalvageProblem::WrongType), "{row}");
    }
}
