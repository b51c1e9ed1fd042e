//! Everything that is printed as JSON is as `polyprofile schema` says.

use jsonschema::Validator;
use polyprofile_emulator::{Data, Fault, FaultKind};
use serde_json::Value;

use crate::support::{Run, Served, demo, polyprofile, quietly};

fn schema(output: &str) -> Validator {
    let text = quietly(0, polyprofile().args(["schema", output]));
    validator(&text)
}

fn validator(text: &str) -> Validator {
    let schema: Value = serde_json::from_str(text).expect("a schema is JSON");
    jsonschema::validator_for(&schema).expect("it is a proper schema")
}

#[track_caller]
fn assert_valid(validator: &Validator, document: &Value) {
    let problems: Vec<String> =
        validator.iter_errors(document).map(|problem| format!("{} at {}", problem, problem.instance_path())).collect();
    assert!(problems.is_empty(), "{problems:#?}\n{document:#}");
}

#[test]
fn every_document_is_as_its_schema_says() {
    let everything = validator(&quietly(0, polyprofile().arg("schema")));
    let cases: [(&str, &[&str]); 20] = [
        ("providers", &["providers"]),
        ("providers", &["providers", "--check"]),
        ("list", &["list"]),
        ("health", &["health"]),
        ("accounts", &["accounts"]),
        ("compare", &["compare"]),
        ("compare", &["compare", "--from", "postcore", "--provider", "postcore"]),
        ("get", &["get", "postproxy", "prof_kes_li"]),
        ("get", &["get", "postcore", "prof_2c77aa90e1f4"]),
        ("get", &["get", "postpress", "acc_linkedin_kestrel"]),
        ("person", &["person", "postpress", "jordan-walke", "--section", "*"]),
        ("stats", &["stats", "postproxy", "prof_kes_ig"]),
        ("placements", &["placements", "postproxy", "prof_kes_li"]),
        ("groups-list", &["groups", "list", "postproxy"]),
        ("groups-get", &["groups", "get", "postproxy", "grp_fjord"]),
        ("groups-create", &["groups", "create", "postproxy", "New brand"]),
        ("groups-delete", &["groups", "delete", "postproxy", "grp_fjord", "--yes"]),
        ("delete", &["delete", "postproxy", "prof_kes_li", "--yes"]),
        (
            "connect",
            &["connect", "postproxy", "tiktok", "--group", "grp_kestrel", "--return-url", "https://app.example/back"],
        ),
        (
            "connect-callback",
            &["connect", "callback", "postproxy", "https://app.example/back?failure=true&error_code=user_abandoned"],
        ),
    ];
    for (output, arguments) in cases {
        let run = Run::of(demo(arguments).args(["--format", "json"]));
        let document = run.json();
        assert_valid(&schema(output), &document);
        assert!(everything.is_valid(&document), "{arguments:?}");
    }
}

#[test]
fn every_line_of_a_stream_is_as_its_schema_says() {
    let served = Served::new(Data::Demo);
    let body = r#"{"data":[{"id":"p"},{"name":"no id"}]}"#.to_owned();
    let replaced = FaultKind::Replace { body, content_type: "application/json".to_owned() };
    served.emulator.add_fault(Fault::new("/api/profiles", replaced));
    served.emulator.add_fault(Fault::new("/profiles", FaultKind::Html));
    let run = Run::of(&mut served.command(&["list", "--format", "ndjson"]));
    assert_eq!(run.status, 5);
    let (line, notice) = (schema("list-line"), schema("list-notice"));
    for text in run.stdout.lines() {
        assert_valid(&line, &serde_json::from_str(text).expect("every line is JSON"));
    }
    assert_eq!(run.stderr.lines().count(), 4, "three ends and one rejected row: {run:?}");
    for text in run.stderr.lines() {
        assert_valid(&notice, &serde_json::from_str(text).expect("every line is JSON"));
    }
}

#[test]
fn every_error_is_as_its_schema_says() {
    let error = schema("error");
    let cases: [&[&str]; 4] = [
        &["--demo", "get", "postproxy", "nope", "--format", "json", "-v"],
        &["--demo", "get", "nope", "x", "--format=json"],
        &["list", "--format", "ndjson"],
        &["--demo", "lits", "--format", "json"],
    ];
    for arguments in cases {
        let run = Run::of(polyprofile().args(arguments));
        let document: Value = serde_json::from_str(&run.stderr).unwrap_or_else(|problem| panic!("{problem}: {run:?}"));
        assert_valid(&error, &document);
    }
}

#[test]
fn a_schema_promises_that_every_key_is_there() {
    let document = Run::of(&mut demo(&["get", "postproxy", "prof_kes_li", "--format", "json"])).json();
    let get = schema("get");
    let mut without = document.clone();
    without["profile"].as_object_mut().expect("an object").remove("group");
    assert!(get.is_valid(&document) && !get.is_valid(&without));
}
