//! One bad row among a thousand: 999 arrive, and the bad one is reported.

use polyprofile::{Aggregate, Aggregator, IssueKind, ListOptions, Profile, Rejected};
use serde_json::{Value, json};

use crate::{
    ONE_AT_A_TIME,
    matrix::{defaults, list_of, provider},
    server::{Reply, Server},
    support::VENDORS,
    vendors::{id_member, name_member, row, row_id},
};

const ROWS: usize = 1_000;
const PLACE: usize = 500;

/// A way to break a row, given the row and the names of its members for the id and the name.
struct Broken {
    name: &'static str,
    row: fn(&str, &str, &str) -> Vec<u8>,
    becomes: Becomes,
}

/// What has to become of it.
#[derive(Clone, Copy)]
enum Becomes {
    /// Nothing names it: it is told as it was sent, with this among what was wrong.
    Rejected(&'static str),
    /// It is kept, with an issue of this sort at the member that was broken.
    Kept(IssueKind),
    /// It is kept, and there is nothing to say.
    Sound,
}

use Becomes::{Kept, Sound};

const fn rejected(name: &'static str, row: fn(&str, &str, &str) -> Vec<u8>, problem: &'static str) -> Broken {
    Broken { name, row, becomes: Becomes::Rejected(problem) }
}

const fn kept(name: &'static str, row: fn(&str, &str, &str) -> Vec<u8>, kind: IssueKind) -> Broken {
    Broken { name, row, becomes: Kept(kind) }
}

/// `row` with `value` for the member `name`.
fn with(row: &str, name: &str, value: &str) -> Vec<u8> {
    let mut members: serde_json::Map<String, Value> = serde_json::from_str(row).expect("a sound row");
    members.insert(name.to_owned(), json!("the place"));
    Value::from(members).to_string().replacen("\"the place\"", value, 1).into_bytes()
}

/// `row` with a member more at its end.
fn and(row: &str, member: &str) -> Vec<u8> {
    format!("{},{member}}}", &row[..row.len() - 1]).into_bytes()
}

fn nested(open: &str, close: &str) -> String {
    format!("{}1{}", open.repeat(10_000), close.repeat(10_000))
}

const BROKEN: &[Broken] = &[
    // Nothing names it.
    rejected("null", |_, _, _| b"null".into(), "null"),
    rejected("a boolean", |_, _, _| b"true".into(), "boolean"),
    rejected("a number", |_, _, _| b"17".into(), "number"),
    rejected("a number past all numbers", |_, _, _| b"1e999".into(), "number"),
    rejected("a text", |_, _, _| b"\"row-0500\"".into(), "string"),
    rejected("an empty array", |_, _, _| b"[]".into(), "array"),
    rejected("its members in an array", |row, _, _| format!("[{row}]").into_bytes(), "array"),
    rejected("its values in an array", |_, _, _| br#"["row-0500","My Company Page"]"#.into(), "array"),
    rejected("an empty object", |_, _, _| b"{}".into(), "promises"),
    rejected("null for an id", |row, id, _| with(row, id, "null"), "promises"),
    rejected("no text for an id", |row, id, _| with(row, id, "\"\""), "promises"),
    rejected("an object for an id", |row, id, _| with(row, id, "{}"), "expected"),
    rejected("an array for an id", |row, id, _| with(row, id, "[\"row-0500\"]"), "expected"),
    rejected("a boolean for an id", |row, id, _| with(row, id, "true"), "expected"),
    rejected("an id nested 10,000 deep", |row, id, _| with(row, id, &nested("[", "]")), "expected"),
    // Not JSON inside, where the list can still be told apart.
    rejected("a comma too many", |row, _, _| format!("{},}}", &row[..row.len() - 1]).into_bytes(), "not JSON"),
    rejected("two commas", |row, _, _| row.replacen(',', ",,", 1).into_bytes(), "not JSON"),
    rejected("no colon", |row, _, _| row.replacen("\":", "\" ", 1).into_bytes(), "not JSON"),
    rejected("a word that is none", |row, _, name| with(row, name, "nul"), "not JSON"),
    rejected("NaN", |row, _, name| with(row, name, "NaN"), "not JSON"),
    rejected("a number with a zero first", |row, _, name| with(row, name, "007"), "not JSON"),
    rejected("a line end in a text", |row, _, name| with(row, name, "\"a\nb\""), "not JSON"),
    rejected("an escape that is none", |row, _, name| with(row, name, "\"\\x\""), "not JSON"),
    rejected("a remark", |row, _, _| row.replacen('{', "{/* new */", 1).into_bytes(), "not JSON"),
    rejected(
        "an item past the limit",
        |row, _, name| with(row, name, &format!("\"{}\"", "x".repeat(2 << 20))),
        "limit",
    ),
    // The id is there, so it is kept without what does not fit.
    kept("null for a name that is promised", |row, _, name| with(row, name, "null"), IssueKind::Missing),
    kept("an object for a name", |row, _, name| with(row, name, "{}"), IssueKind::WrongType),
    kept("an array for a name", |row, _, name| with(row, name, "[]"), IssueKind::WrongType),
    kept("a boolean for a name", |row, _, name| with(row, name, "false"), IssueKind::WrongType),
    kept("a number for a name", |row, _, name| with(row, name, "17"), IssueKind::Coerced),
    kept(
        "a number past 64 bits for a name",
        |row, _, name| with(row, name, "340282366920938463463374607431768211456"),
        IssueKind::Coerced,
    ),
    kept("a number past all numbers for a name", |row, _, name| with(row, name, "1e999"), IssueKind::Coerced),
    kept(
        "objects nested 10,000 deep for a name",
        |row, _, name| with(row, name, &nested("{\"x\":", "}")),
        IssueKind::WrongType,
    ),
    kept(
        "arrays nested 10,000 deep for a name",
        |row, _, name| with(row, name, &nested("[", "]")),
        IssueKind::WrongType,
    ),
    kept(
        "bytes that are no UTF-8",
        |row, _, name| {
            let row = with(row, name, "\"Caf#\"");
            row.into_iter().map(|byte| if byte == b'#' { 0xe9 } else { byte }).collect()
        },
        IssueKind::InvalidUtf8,
    ),
    kept("half a surrogate", |row, _, name| with(row, name, "\"\\ud83d\""), IssueKind::WrongType),
    kept("a name twice", |row, _, name| and(row, &format!("\"{name}\":\"Another\"")), IssueKind::Repeated),
    kept("a name twice, once null", |row, _, name| and(row, &format!("\"{name}\":null")), IssueKind::Repeated),
    // Nobody reads that.
    Broken {
        name: "members that nobody knows",
        row: |row, _, _| and(row, r#""x":1e999,"y":{"x":1,"x":2}"#),
        becomes: Sound,
    },
    Broken {
        name: "a member nested 10,000 deep that nobody knows",
        row: |row, _, _| and(row, &format!("\"x\":{}", nested("[", "]"))),
        becomes: Sound,
    },
    Broken {
        name: "a text of half a mebibyte that nobody knows",
        row: |row, _, _| and(row, &format!("\"x\":\"{}\"", "x".repeat(512 << 10))),
        becomes: Sound,
    },
];

#[tokio::test(start_paused = true)]
async fn of_a_thousand_rows_999_arrive_and_the_bad_one_is_told() {
    let _alone = ONE_AT_A_TIME.lock().await;
    for vendor in VENDORS {
        let list = list_of(vendor, ROWS);
        let good = row(vendor, PLACE).to_string();
        let all = listed(vendor, list.clone().into_bytes()).await;
        assert!(all.is_complete(), "{vendor}: {:?}", all.outcomes);
        let all = all.profiles;
        assert_eq!(all.len(), ROWS, "{vendor}");
        let place = list.find(&good).expect("the row is in the list");
        let (before, after) = (&list[..place], &list[place + good.len()..]);

        for Broken { name, row: make, becomes } in BROKEN {
            let case = format!("{vendor}: {name}");
            let bad = make(&good, id_member(vendor), name_member(vendor));
            let aggregate = listed(vendor, [before.as_bytes(), &bad, after.as_bytes()].concat()).await;
            let outcome = &aggregate.outcomes[0];
            // The list came to its end, whatever was in it.
            assert!(outcome.complete && outcome.error.is_none(), "{case}: {outcome:?}");
            let others =
                |rows: &[Profile]| rows.iter().filter(|row| row.id.key != row_id(PLACE)).cloned().collect::<Vec<_>>();
            assert!(others(&aggregate.profiles) == others(&all), "{case}: the others are as they are without it");
            match becomes {
                Becomes::Rejected(problem) => assert_rejected(&case, &aggregate.rejected, problem, &bad),
                Kept(kind) => {
                    assert!(aggregate.rejected.is_empty(), "{case}: {:?}", aggregate.rejected);
                    let profile = &aggregate.profiles[PLACE];
                    assert_eq!(profile.id.key, row_id(PLACE), "{case}");
                    let issues: Vec<_> = profile.issues.iter().map(|issue| (issue.path.as_str(), issue.kind)).collect();
                    let path = format!("/{}", name_member(vendor));
                    // Postcore documents its name as nullable.
                    if !(*kind == IssueKind::Missing && vendor == "postcore") {
                        assert_eq!(issues, [(path.as_str(), *kind)], "{case}");
                    }
                }
                Sound => assert!(aggregate.profiles == all, "{case}: {:?}", aggregate.profiles[PLACE].issues),
            }
        }
    }
}

fn assert_rejected(case: &str, rejected: &[Rejected], problem: &str, bad: &[u8]) {
    let [rejected] = rejected else { panic!("{case}: {} rows were rejected", rejected.len()) };
    assert_eq!(rejected.index, PLACE as u64, "{case}");
    assert!(rejected.problem.contains(problem), "{case}: {}", rejected.problem);
    let sent = String::from_utf8_lossy(bad);
    // Of an item past the limit only its beginning was ever kept.
    assert!(!rejected.raw.is_empty() && sent.starts_with(&rejected.raw), "{case}: {}", rejected.raw);
    assert!(rejected.raw.len() == sent.len() || problem == "limit", "{case}: {}", rejected.raw);
}

/// What `vendor` lists when it answers with `body`.
async fn listed(vendor: &'static str, body: Vec<u8>) -> Aggregate {
    let server = Server::start([Reply::ok(body)]).await;
    let one = Aggregator::new().with(provider(vendor, &server.url(), &defaults())).expect("one name");
    one.collect(&ListOptions::new()).await
}
