//! What programs read.

use polyprofile_emulator::Data;
use serde_json::Value;

use crate::support::{Run, Served, demo, quietly};

#[test]
fn a_list_is_one_document() {
    let document = Run::of(&mut demo(&["list", "--format", "json"])).json();
    assert_eq!(document["schema_version"], 1);
    assert_eq!(document["generated_at"], "2026-03-02T12:00:00Z");
    let providers: Vec<&str> =
        document["providers"].as_array().into_iter().flatten().filter_map(|one| one["provider"].as_str()).collect();
    assert_eq!(providers, ["postproxy", "postcore", "postpress"]);
    let first = &document["profiles"][0];
    assert_eq!(first["id"]["key"], "prof_kes_li");
    assert_eq!(first["connected_platforms"][0]["health"]["verdict"], "warning");
    assert_eq!(first["created_at"], Value::Null, "what is not told is null, not absent");
}

#[test]
fn accounts_are_one_document_or_one_a_line() {
    let document = Run::of(&mut demo(&["accounts", "--format", "json"])).json();
    assert_eq!((&document["schema_version"], &document["generated_at"]), (&1.into(), &"2026-03-02T12:00:00Z".into()));
    let accounts = document["accounts"].as_array().expect("a list");
    let kestrel = accounts.iter().find(|account| account["account_id"]["value"] == "90210001").expect("it is listed");
    let sightings: Vec<_> = kestrel["sightings"].as_array().into_iter().flatten().map(|one| &one["provider"]).collect();
    assert_eq!(sightings, ["postcore", "postproxy"]);
    assert_eq!(kestrel["post_through"]["profile"]["provider"], "postcore");
    assert_eq!(kestrel["breaks_first"]["sighting"]["profile"]["key"], "prof_kes_li");
    assert_eq!(kestrel["display_name"]["disagreed"].as_array().map(Vec::len), Some(1));
    assert_eq!(kestrel["kept_apart_from"], Value::Array(Vec::new()), "what there is none of is there all the same");
    let seen: usize = accounts.iter().filter_map(|account| account["sightings"].as_array()).map(Vec::len).sum();
    let list = Run::of(&mut demo(&["list", "--format", "json"])).json();
    let listed = list["profiles"].as_array().into_iter().flatten();
    assert_eq!(seen, listed.filter_map(|one| one["connected_platforms"].as_array()).map(Vec::len).sum::<usize>());
    let suggestion = &document["suggestions"][0];
    assert_eq!((&suggestion["reason"], &suggestion["name"]), (&"display_name".into(), &"Mira Lindqvist".into()));

    let run = Run::of(&mut demo(&["accounts", "--format", "ndjson"]));
    let lines = run.stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("every line is JSON"));
    assert!(lines.eq(accounts.iter().cloned()), "the same accounts in the same order");
    let kinds: Vec<Value> = run
        .stderr
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("every line is JSON")["kind"].clone())
        .collect();
    assert_eq!(kinds, ["suggestion", "provider", "provider", "provider"]);
}

#[test]
fn the_same_call_prints_the_same_document() {
    let print = || {
        let mut document = Run::of(&mut demo(&["list", "--format", "json"])).json();
        for provider in document["providers"].as_array_mut().into_iter().flatten() {
            provider["elapsed_ms"] = Value::Null;
        }
        document
    };
    assert_eq!(print(), print());
}

#[test]
fn a_stream_has_one_profile_a_line_and_says_how_it_ended_beside_it() {
    let document = Run::of(&mut demo(&["list", "--format", "json"])).json();
    let run = Run::of(&mut demo(&["list", "--format", "ndjson"]));
    assert_eq!(run.status, 0);
    let lines: Vec<Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect();
    let profiles = document["profiles"].as_array().expect("a list");
    assert_eq!(lines.len(), profiles.len());
    assert!(profiles.iter().all(|profile| lines.contains(profile)));
    let ends: Vec<Value> =
        run.stderr.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect();
    assert_eq!(ends.len(), 3);
    assert!(ends.iter().all(|end| end["kind"] == "provider" && end["provider"]["complete"] == true));
}

#[test]
fn csv_has_one_row_per_connected_platform() {
    let output = quietly(0, &mut demo(&["list", "--format", "csv"]));
    let mut rows = csv::Reader::from_reader(output.as_bytes());
    let columns = rows.headers().expect("a head").len();
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().expect("RFC 4180");
    assert!(rows.iter().all(|row| row.len() == columns));
    let document = Run::of(&mut demo(&["list", "--format", "json"])).json();
    let profiles = document["profiles"].as_array().into_iter().flatten();
    let connections: usize =
        profiles.map(|profile| profile["connected_platforms"].as_array().map_or(0, Vec::len)).sum();
    assert_eq!(rows.len(), connections);
    assert!(output.ends_with("\r\n"));
}

#[test]
fn a_long_stream_is_counted_to_its_end() {
    let served = Served::new(Data::Synthetic { profiles: 2_000, seed: 7 });
    let run = Run::of(&mut served.command(&["list", "--format", "ndjson", "--provider", "postcore"]));
    assert_eq!((run.status, run.stdout.lines().count()), (0, 2_000), "{}", run.stderr);
}

#[test]
fn no_format_is_coloured_where_nobody_looks() {
    for format in ["table", "json", "ndjson", "csv", "markdown"] {
        let run = Run::of(demo(&["health", "--format", format]).env("TERM", "xterm-256color"));
        assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'), "{format}");
    }
}
