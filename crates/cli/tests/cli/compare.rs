//! The comparison as tables and as documents; `report.rs` is about the page.

use assert_cmd::Command;
use insta::assert_snapshot;
use polyprofile_emulator::{Data, Fault, FaultKind};
use serde_json::Value;

use crate::support::{Run, Served, demo, polyprofile, quietly};

/// Words without what fills up columns, and without figures that are others on every run.
fn without_times(output: &str) -> String {
    let line = |line: &str| {
        let mut words: Vec<&str> = line.split_whitespace().filter(|word| !word.starts_with('─')).collect();
        let units: Vec<usize> = (1..words.len()).filter(|place| ["ms", "s"].contains(&words[*place])).collect();
        for place in units {
            words[place - 1] = "…";
        }
        words.join(" ")
    };
    output.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn refused(path: &str) -> Fault {
    let status = FaultKind::Status {
        status: 403,
        headers: Vec::new(),
        body: "{}".to_owned(),
        content_type: "application/json".to_owned(),
    };
    Fault::new(path, status)
}

#[test]
fn side_by_side() {
    let output = quietly(0, demo(&["compare"]).env("COLUMNS", "150"));
    assert!(output.lines().all(|line| line.chars().count() <= 150), "{output}");
    assert_snapshot!("compare", without_times(&output));
    assert_snapshot!("help_compare", quietly(0, polyprofile().args(["compare", "--help"])));
}

#[test]
fn one_move_in_markdown() {
    let arguments = ["compare", "--from", "postpress", "--to", "postcore", "--samples", "1", "--format", "markdown"];
    let output = quietly(0, &mut demo(&arguments));
    let moving = output.split("## Moving").nth(1).expect("it is the last section");
    assert_snapshot!("compare_one_move_in_markdown", moving);
}

#[test]
fn a_document_has_every_figure_and_every_move() {
    let run = Run::of(&mut demo(&["compare", "--format", "json", "--samples", "2"]));
    let document = run.json();
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(document["schema_version"], 1);
    assert_eq!(document["generated_at"], crate::support::NOW);
    let providers = document["providers"].as_array().expect("a list");
    let names: Vec<_> = providers.iter().filter_map(|one| one["provider"].as_str()).collect();
    assert_eq!(names, ["postproxy", "postcore", "postpress"]);
    for provider in providers {
        assert_eq!((&provider["listings"], &provider["complete_listings"]), (&2.into(), &2.into()));
        // Every vendor's adapter has its bytes counted: its list is nothing but JSON.
        let bytes = provider["size"]["bytes"].as_u64().expect("bytes were counted");
        assert!(bytes > 500 && bytes < 50_000, "{bytes}");
        assert_eq!(provider["latency"]["all_rows"]["samples"], 2);
    }
    let moves: Vec<(&Value, &Value)> =
        document["switches"].as_array().into_iter().flatten().map(|one| (&one["from"], &one["to"])).collect();
    assert_eq!(moves.len(), 6);
    // The vendors' documents: only Postpress looks up people, only Postcore has a day count.
    assert_eq!(providers[2]["only_here"]["operations"], serde_json::json!(["look_up_person"]));
    assert_eq!(providers[1]["only_here"]["expiry"], serde_json::json!(["day_count"]));
    assert_eq!(providers[2]["expiry"]["announced"], "not_reported");
}

#[test]
fn moves_can_be_chosen_by_either_end() {
    let moves = |arguments: &[&str]| -> Vec<String> {
        let run = Run::of(demo(&["compare", "--samples", "1", "--format", "json"]).args(arguments));
        let switches = run.json()["switches"].clone();
        let pair =
            |one: &Value| format!("{} {}", one["from"].as_str().unwrap_or("?"), one["to"].as_str().unwrap_or("?"));
        switches.as_array().into_iter().flatten().map(pair).collect()
    };
    assert_eq!(moves(&["--from", "postcore"]), ["postcore postproxy", "postcore postpress"]);
    assert_eq!(moves(&["--to", "postcore"]), ["postproxy postcore", "postpress postcore"]);
    assert_eq!(moves(&["--from", "postcore", "--to", "postpress"]), ["postcore postpress"]);
}

#[test]
fn a_spreadsheet_has_one_row_a_figure() {
    let output = quietly(0, &mut demo(&["compare", "--samples", "1", "--format", "csv"]));
    let mut rows = csv::Reader::from_reader(output.as_bytes());
    assert_eq!(rows.headers().expect("a head"), ["provider", "topic", "name", "value", "of", "unit"].as_slice());
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().expect("RFC 4180");
    let has = |expected: [&str; 6]| rows.iter().any(|row| row == expected.as_slice());
    assert!(has(["postpress", "health", "broken", "5", "12", "connections"]));
    assert!(has(["postproxy", "told about the end", "date", "6", "15", "connections"]));
    assert!(has(["postcore", "field", "connection.connected_at", "7", "7", "connections"]));
    assert!(has(["postcore", "lost by moving to postpress", "operations", "create profile", "", ""]));
}

#[test]
fn every_provider_is_asked_as_often_as_was_said() {
    let served = Served::new(Data::Demo);
    let asked = |served: &Served| served.emulator.requests().len();
    assert_eq!(Run::of(&mut served.command(&["compare", "--samples", "4"])).status, 0);
    assert_eq!(asked(&served), 12);
    assert_eq!(Run::of(&mut served.command(&["compare", "--provider", "postcore"])).status, 0);
    assert_eq!(asked(&served), 15, "three times by default");
}

#[test]
fn a_provider_that_fails_costs_the_others_nothing_and_says_so() {
    let served = Served::new(Data::Demo);
    served.emulator.add_fault(refused("/profiles"));
    let run = Run::of(&mut served.command(&["compare", "--samples", "4"]));
    assert_eq!(run.status, 5, "{run:?}");
    assert!(run.stdout.contains("Not everything could be looked at"), "{run:?}");
    assert!(run.stderr.contains("incomplete: postcore: list profiles"), "{run:?}");
    // What is refused for good is not asked for again.
    assert_eq!(served.emulator.requests().len(), 9);

    let document = Run::of(&mut served.command(&["compare", "--samples", "1", "--format", "json"])).json();
    let failed = &document["providers"][1];
    assert_eq!(
        (&failed["profiles"], &failed["size"], &failed["errors"][0]["status"]),
        (&0.into(), &Value::Null, &403.into())
    );
    let away = &document["switches"][0];
    assert_eq!(
        (&away["from"], &away["to"], &away["complete"]),
        (&"postproxy".into(), &"postcore".into(), &false.into())
    );
    assert_eq!(away["lost"]["connections"], serde_json::json!([]), "nobody knows what it connects");
    assert_ne!(away["lost"]["operations"], serde_json::json!([]));
}

#[test]
fn where_every_provider_fails_the_status_is_6() {
    let served = Served::new(Data::Demo);
    served.emulator.add_fault(refused("/"));
    for format in ["table", "json", "ndjson", "csv", "markdown"] {
        assert_eq!(Run::of(&mut served.command(&["compare", "--format", format])).status, 6, "{format}");
    }
}

#[test]
fn a_rejected_row_and_one_failed_sample_are_5() {
    let served = Served::new(Data::Demo);
    let body = r#"{"data":[{"id":"p"},{"name":"no id"}]}"#.to_owned();
    let replaced = FaultKind::Replace { body, content_type: "application/json".to_owned() };
    served.emulator.add_fault(Fault::new("/api/profiles", replaced));
    let run = Run::of(&mut served.command(&["compare", "--provider", "postproxy"]));
    assert_eq!(run.status, 5, "{run:?}");

    let served = Served::new(Data::Demo);
    served.emulator.add_fault(refused("/profiles").skip(1).times(1));
    let run = Run::of(&mut served.command(&["compare", "--provider", "postcore", "--format", "json"]));
    assert_eq!(run.status, 5, "{run:?}");
    let postcore = &run.json()["providers"][0];
    assert_eq!((&postcore["listings"], &postcore["complete_listings"]), (&2.into(), &1.into()));
    assert_eq!(postcore["profiles"], 5, "the complete list is described");
}

#[test]
fn the_time_of_a_provider_is_for_all_its_samples() {
    let served = Served::new(Data::Demo);
    served.emulator.add_fault(Fault::new("/profiles", FaultKind::Delay { ms: 60_000 }));
    let run = Run::of(&mut served.command(&["compare", "--timeout", "1s", "--format", "json"]));
    assert_eq!(run.status, 5, "{run:?}");
    let document = run.json();
    assert_eq!(document["providers"][1]["listings"], 1, "there was no time left for another one");
    assert_eq!(document["providers"][1]["errors"][0]["kind"], "timeout");
    assert_eq!(document["providers"][2]["complete_listings"], 3);
}

#[test]
fn a_sample_for_which_there_was_no_time_left_is_no_failure_of_the_vendor() {
    let served = Served::new(Data::Demo);
    served.emulator.add_fault(Fault::new("/profiles", FaultKind::Delay { ms: 60_000 }).skip(1));
    let arguments = ["compare", "--provider", "postcore", "--timeout", "2s", "--format", "json"];
    let run = Run::of(&mut served.command(&arguments));
    assert_eq!(run.status, 0, "{run:?}");
    let postcore = &run.json()["providers"][0];
    assert_eq!((&postcore["listings"], &postcore["complete_listings"]), (&1.into(), &1.into()));
}

#[test]
fn what_cannot_be_compared_is_2_before_anybody_is_asked() {
    let served = Served::new(Data::Demo);
    let refuses = |command: &mut Command, said: &str| {
        let run = Run::of(command);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.contains(said), "{run:?}");
    };
    refuses(&mut served.command(&["compare", "--from", "nope"]), "there is no provider `nope`");
    refuses(&mut served.command(&["compare", "--from", "postcore", "--to", "postcore"]), "the same provider");
    refuses(&mut served.command(&["compare", "--samples", "0"]), "--samples");
    refuses(&mut served.command(&["compare", "--provider", "postcore", "--to", "postpress"]), "`postpress`");
    assert_eq!(served.emulator.requests().len(), 0);
    refuses(&mut served.command(&["compare", "--html", "/nowhere/report.html"]), "cannot write `/nowhere/report.html`");
}
