//! The exit status: the whole promise to scripts.

use polyprofile_emulator::{Data, Fault, FaultKind};

use crate::support::{Run, Served, demo, polyprofile};

/// The lists of the three vendors.
const LISTS: [&str; 3] = ["/api/profiles", "/profiles", "/api/v1/accounts"];

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
fn all_well_is_0() {
    assert_eq!(Run::of(&mut demo(&["list"])).status, 0);
    assert_eq!(Run::of(&mut demo(&["health", "--verdict", "healthy"])).status, 0);
    assert_eq!(Run::of(&mut demo(&["health", "--verdict", "unknown"])).status, 0, "unknown alone asks for nothing");
    assert_eq!(Run::of(polyprofile().arg("--help")).status, 0);
}

#[test]
fn an_id_that_nobody_knows_is_1() {
    for arguments in [&["get", "postproxy", "nope"][..], &["get", "postcore", "nope"], &["get", "postpress", "nope"]] {
        let run = Run::of(&mut demo(arguments));
        assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{run:?}");
        assert!(run.stderr.starts_with("error: ") && run.stderr.contains("not found"), "{run:?}");
    }
}

#[test]
fn usage_and_configuration_are_2() {
    let cases: [&[&str]; 8] = [
        &["--demo", "lits"],
        &["--demo", "list", "--provider", "nope"],
        &["--demo", "get", "nope", "x"],
        &["--demo", "list", "--verdict", "fine"],
        &["--demo", "health", "--within", "soon"],
        &["--demo", "list", "--timeout", "0s"],
        // What no provider could do was never asked for.
        &["--demo", "person", "postcore", "somebody"],
        // No provider at all.
        &["list"],
    ];
    for arguments in cases {
        let run = Run::of(polyprofile().args(arguments));
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{arguments:?} {run:?}");
        assert!(run.stderr.starts_with("error: "), "{arguments:?} {run:?}");
    }
    let run = Run::of(&mut demo(&["list", "--provider", "nope"]));
    assert!(run.stderr.contains("postproxy, postcore, postpress"), "the known ones are named: {run:?}");
}

#[test]
fn an_unusable_key_is_2() {
    let run = Run::of(polyprofile().env("POSTCORE_API_KEY", "").arg("list"));
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("POSTCORE_API_KEY"), "{run:?}");
}

#[test]
fn warnings_are_3_and_broken_connections_are_4() {
    assert_eq!(Run::of(&mut demo(&["health", "--verdict", "warning"])).status, 3);
    assert_eq!(Run::of(&mut demo(&["health", "--verdict", "broken"])).status, 4);
    assert_eq!(Run::of(&mut demo(&["health"])).status, 4);
    for format in ["json", "ndjson", "csv", "markdown"] {
        assert_eq!(Run::of(&mut demo(&["health", "--format", format])).status, 4, "{format}");
    }
}

#[test]
fn a_wider_warning_finds_more() {
    let healthy_for_long = ["health", "--provider", "postproxy", "--platform", "threads"];
    assert_eq!(Run::of(&mut demo(&healthy_for_long)).status, 0);
    assert_eq!(Run::of(demo(&healthy_for_long).args(["--within", "60d"])).status, 3);
}

#[test]
fn some_provider_that_fails_is_5_and_all_of_them_are_6() {
    let served = Served::new(Data::Demo);
    for path in &LISTS[..2] {
        served.emulator.add_fault(refused(path));
        let run = Run::of(&mut served.command(&["list"]));
        assert_eq!(run.status, 5);
        assert_eq!(Run::of(&mut served.command(&["accounts"])).status, 5);
        assert!(run.stderr.contains("list profiles") && run.stderr.contains("ask the vendor"), "{run:?}");
        assert!(run.stdout.contains("acc_linkedin_kestrel"), "the others are listed: {run:?}");
    }
    served.emulator.add_fault(refused(LISTS[2]));
    for format in ["table", "json", "ndjson", "csv", "markdown"] {
        assert_eq!(Run::of(&mut served.command(&["list", "--format", format])).status, 6, "{format}");
        assert_eq!(Run::of(&mut served.command(&["health", "--format", format])).status, 6, "{format}");
        assert_eq!(Run::of(&mut served.command(&["accounts", "--format", format])).status, 6, "{format}");
    }
}

#[test]
fn broken_connections_are_reported_before_an_incomplete_list_and_that_before_warnings() {
    let served = Served::new(Data::Demo);
    served.emulator.add_fault(refused(LISTS[0]));
    assert_eq!(Run::of(&mut served.command(&["health"])).status, 4);
    assert_eq!(Run::of(&mut served.command(&["health", "--verdict", "warning"])).status, 5);
    let run = Run::of(&mut served.command(&["health"]));
    assert!(run.stdout.contains("Not everything could be looked at."), "{run:?}");
}

#[test]
fn a_list_that_breaks_off_is_5() {
    let served = Served::new(Data::Demo);
    served.emulator.add_fault(Fault::new(LISTS[0], FaultKind::CutAfter { bytes: 900, chunked: false }));
    let run = Run::of(&mut served.command(&["list", "--provider", "postproxy", "--timeout", "5s"]));
    assert_eq!(run.status, 5, "{run:?}");
    assert!(run.stdout.contains("prof_kes_li"), "what came is kept: {run:?}");
}

#[test]
fn a_rejected_row_is_5_and_is_told() {
    let served = Served::new(Data::Demo);
    let body = r#"{"data":[{"name":"nobody \u001b[31m knows its id"}]}"#;
    let replaced = FaultKind::Replace { body: body.to_owned(), content_type: "application/json".to_owned() };
    served.emulator.add_fault(Fault::new(LISTS[0], replaced));
    let run = Run::of(&mut served.command(&["list", "--provider", "postproxy"]));
    assert_eq!(run.status, 5, "{run:?}");
    assert!(run.stderr.contains("rejected: postproxy: row 0"), "{run:?}");
    let run = Run::of(&mut served.command(&["list", "--provider", "postproxy", "--format", "ndjson"]));
    assert_eq!((run.status, run.stdout.as_str()), (5, ""), "{run:?}");
    assert!(run.stderr.contains(r#""kind":"rejected""#) && !run.stderr.contains('\u{1b}'), "{run:?}");
}

#[test]
fn the_one_provider_that_was_asked_and_failed_is_6() {
    let served = Served::new(Data::Demo);
    served.emulator.add_fault(refused("/"));
    let run = Run::of(&mut served.command(&["get", "postproxy", "prof_kes_li"]));
    assert_eq!((run.status, run.stdout.as_str()), (6, ""), "{run:?}");
    let run = Run::of(&mut served.command(&["person", "postpress", "me", "--format", "json"]));
    assert_eq!(run.status, 6);
    let error: serde_json::Value = serde_json::from_str(&run.stderr).expect("the error is JSON too");
    assert_eq!(error["error"]["status"], 403);
    assert_eq!(error["error"]["provider"], "postpress");
}

#[test]
fn the_time_of_every_provider_is_bounded() {
    let served = Served::new(Data::Demo);
    served.emulator.add_fault(Fault::new(LISTS[1], FaultKind::Delay { ms: 60_000 }));
    let run = Run::of(&mut served.command(&["list", "--timeout", "500ms"]));
    assert_eq!(run.status, 5, "{run:?}");
    assert!(run.stderr.contains("postcore") && run.stderr.contains("no answer in time"), "{run:?}");
    let run = Run::of(&mut served.command(&["get", "postcore", "x", "--timeout", "200ms"]));
    assert_eq!(run.status, 6, "{run:?}");
}

#[test]
fn a_check_calls_every_provider_once() {
    let served = Served::new(Data::Demo);
    assert_eq!(Run::of(&mut served.command(&["providers", "--check"])).status, 0);
    assert_eq!(served.emulator.requests().len(), 3);
    served.emulator.add_fault(refused(LISTS[0]));
    assert_eq!(Run::of(&mut served.command(&["providers", "--check"])).status, 5);
    served.emulator.add_fault(refused("/"));
    assert_eq!(Run::of(&mut served.command(&["providers", "--check"])).status, 6);
    assert_eq!(Run::of(&mut served.command(&["providers"])).status, 0, "without it nobody is asked");
}
