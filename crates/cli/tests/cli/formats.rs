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
