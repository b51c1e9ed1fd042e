//! Names that want to be more than names, and readers that stop reading.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Command, Stdio},
};

use polyprofile_emulator::{Data, Fault, FaultKind};

use crate::support::{NOW, Run, Served, polyprofile};

/// A profile whose name is a formula, steers the terminal, and turns the text around.
const NAME: &str = r"=cmd|'/c calc'!A0\u001b]0;owned\u0007\u202e\u009b2J\nnext|line";

fn with_that_name() -> Served {
    let served = Served::new(Data::Demo);
    let body = format!(
        r#"{{"data":[{{"id":"p1","name":"{NAME}","platform":"bluesky","status":"active","profile_group_id":"@g",
            "expires_at":null,"post_count":0}}]}}"#
    );
    let replaced = FaultKind::Replace { body, content_type: "application/json".to_owned() };
    served.emulator.add_fault(Fault::new("/api/profiles", replaced));
    served
}

#[test]
fn no_name_reaches_a_reader_raw() {
    let served = with_that_name();
    for command in ["list", "health"] {
        for format in ["table", "json", "ndjson", "markdown"] {
            let run = Run::of(&mut served.command(&[command, "--provider", "postproxy", "--format", format]));
            assert_eq!(run.status, 0, "{run:?}");
            assert!(run.stdout.contains("owned"), "the name is shown: {run:?}");
            let raw = |character: char| {
                (character.is_control() && character != '\n') || ('\u{202a}'..='\u{202e}').contains(&character)
            };
            assert!(!run.stdout.contains(raw) && !run.stderr.contains(raw), "{command} {format}: {run:?}");
        }
    }
}

#[test]
fn a_spreadsheet_sees_no_formula() {
    let served = with_that_name();
    let run = Run::of(&mut served.command(&["list", "--provider", "postproxy", "--format", "csv"]));
    let mut rows = csv::Reader::from_reader(run.stdout.as_bytes());
    let row = rows.records().next().expect("one row").expect("RFC 4180");
    assert!(row.iter().any(|value| value.starts_with("'=cmd|")), "{row:?}");
    assert!(row.iter().any(|value| value == "'@g"), "{row:?}");
    assert!(!row.iter().any(|value| value.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{row:?}");
}

#[test]
fn a_reader_that_stops_reading_ends_it_quietly() {
    // More than any pipe holds.
    let served = Served::new(Data::Synthetic { profiles: 20_000, seed: 1 });
    for format in ["ndjson", "csv", "table", "json"] {
        let arguments = ["list", "--provider", "postcore", "--format", format];
        let mut reading = Command::new(env!("CARGO_BIN_EXE_polyprofile"));
        reading.args(arguments).env_clear().env("POSTCORE_API_KEY", polyprofile_emulator::POSTCORE_KEY);
        reading.env("POSTCORE_BASE_URL", served.emulator.origin()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = reading.spawn().expect("the program runs");
        let mut first = String::new();
        let mut stdout = BufReader::with_capacity(1_024, running.stdout.take().expect("a pipe"));
        stdout.read_line(&mut first).expect("a line");
        assert!(!first.is_empty(), "{format}");
        drop(stdout);
        let mut talk = String::new();
        running.stderr.take().expect("a pipe").read_to_string(&mut talk).expect("talk is UTF-8");
        let status = running.wait().expect("the program ends");
        assert_eq!((status.code(), talk.as_str()), (Some(0), ""), "{format}");
    }
}

#[cfg(unix)]
#[test]
fn a_closed_standard_output_is_no_crash() {
    for redirection in [">&-", ">&- 2>&-", ">/dev/null 2>&-"] {
        let shell = format!("exec \"$0\" --demo --now {NOW} list {redirection}");
        let run = Command::new("sh").args(["-c", &shell, env!("CARGO_BIN_EXE_polyprofile")]).output();
        let output = run.expect("there is a shell");
        assert_eq!(output.status.code(), Some(0), "{redirection} {output:?}");
        assert!(output.stderr.is_empty(), "{redirection} {output:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    let shell = format!("exec \"$0\" --demo --now {NOW} list > /dev/full");
    let run = Command::new("sh").args(["-c", &shell, env!("CARGO_BIN_EXE_polyprofile")]).output();
    let output = run.expect("there is a shell");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: cannot write the output"), "{output:?}");
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_text_are_refused() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    let no_text = OsStr::from_bytes(b"\xff\xfe");
    for before in [&["list", "--format"][..], &["list", "--provider"], &["get", "postproxy"], &[], &["list", "--group"]]
    {
        let run = Run::of(polyprofile().arg("--demo").args(before).arg(no_text));
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{before:?} {run:?}");
        assert!(run.stderr.starts_with("error: "), "{before:?} {run:?}");
    }
}

#[test]
fn an_id_is_sent_as_it_is_and_shown_harmless() {
    for (id, status) in [("../../x?a=b#\u{202e}", 1), ("\u{1b}[31m", 2)] {
        for format in ["table", "json"] {
            let run = Run::of(polyprofile().args(["--demo", "get", "postproxy", id, "--format", format]));
            assert_eq!(run.status, status, "{run:?}");
            assert!(!run.stderr.contains(['\u{1b}', '\u{202e}']), "{run:?}");
        }
    }
}
