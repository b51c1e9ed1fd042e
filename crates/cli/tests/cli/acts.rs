//! Commands that change something, or wait for somebody.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use polyprofile_emulator::{Data, POSTCORE_KEY};

use crate::support::{NOW, Run, Served, demo, polyprofile, quietly};

#[test]
fn nothing_is_deleted_unattended_without_a_yes() {
    let served = Served::new(Data::Demo);
    for arguments in [&["delete", "postproxy", "prof_kes_li"][..], &["groups", "delete", "postproxy", "grp_fjord"]] {
        // An answer from a pipe is nobody at a terminal.
        let run = Run::of(served.command(arguments).write_stdin("prof_kes_li\ngrp_fjord\ny\n"));
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.contains("--yes") && run.stderr.contains("cannot be undone"), "{run:?}");
    }
    assert!(served.emulator.requests().is_empty(), "nothing was sent");
}

#[test]
fn with_a_yes_it_is_deleted_and_said_what_goes_with_it() {
    let served = Served::new(Data::Demo);
    let run = Run::of(&mut served.command(&["delete", "postproxy", "prof_kes_li", "--yes"]));
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stderr.starts_with("Deleting profile postproxy/prof_kes_li: "), "{run:?}");
    assert_eq!(Run::of(&mut served.command(&["get", "postproxy", "prof_kes_li"])).status, 1);

    let run = Run::of(&mut served.command(&["groups", "delete", "postproxy", "grp_fjord", "--yes"]));
    assert_eq!(run.status, 0, "{run:?}");
    let left = Run::of(&mut served.command(&["groups", "list", "postproxy"]));
    assert!(left.stdout.contains("grp_kestrel") && !left.stdout.contains("grp_fjord"), "{left:?}");
}

#[test]
fn a_group_is_made_and_read_back() {
    let served = Served::new(Data::Demo);
    let made = Run::of(&mut served.command(&["groups", "create", "postproxy", "New brand", "--format", "json"])).json();
    let id = made["group"]["id"].as_str().expect("it has an id").to_owned();
    let read = Run::of(&mut served.command(&["groups", "get", "postproxy", &id, "--format", "json"])).json();
    assert_eq!(read["group"]["name"], "New brand");
}

#[test]
fn a_link_is_alone_in_its_line() {
    let output = quietly(
        0,
        &mut demo(&[
            "connect",
            "postproxy",
            "tiktok",
            "--group",
            "grp_kestrel",
            "--return-url",
            "https://app.example/x",
        ]),
    );
    assert!(output.starts_with("http") && output.lines().count() == 1, "{output}");
    let run = Run::of(&mut demo(&["connect", "postproxy", "linkedin"]));
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("--return-url"), "{run:?}");
}

#[test]
fn credentials_come_from_standard_input_and_are_not_repeated() {
    let served = Served::new(Data::Demo);
    let connect = ["connect", "postproxy", "bluesky", "--group", "grp_kestrel", "--handle", "new.bsky.social", "-v"];
    let run = Run::of(served.command(&connect).env("RUST_LOG", "trace").write_stdin("abcd-efgh-ijkl-mnop\n"));
    assert_eq!(run.status, 0, "{run:?}");
    assert!(!format!("{run:?}").contains("abcd-efgh"), "{run:?}");
    assert!(run.stdout.contains("new.bsky.social"), "{run:?}");

    let run = Run::of(served.command(&connect).write_stdin(""));
    assert_eq!(run.status, 2, "{run:?}");
    assert!(run.stderr.contains("no app password was given"), "{run:?}");
}

#[test]
fn a_bot_is_connected_and_its_channels_are_waited_for() {
    let served = Served::new(Data::Demo);
    let connect = ["connect", "postproxy", "telegram", "--group", "grp_kestrel", "--timeout", "10s"];
    let run = Run::of(served.command(&connect).write_stdin("123456789:AAF-some_bot_token_of_thirty_five_ch\n"));
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.contains("Placements"), "{run:?}");
    assert!(!format!("{run:?}").contains("AAF-some_bot"), "{run:?}");
}

#[test]
fn a_callback_is_explained() {
    let url = "https://app.example/back?failure=true&error_code=user_abandoned";
    let run = Run::of(&mut demo(&["connect", "callback", "postproxy", url]));
    assert_eq!(run.status, 1, "signing in failed: {run:?}");
    assert!(run.stdout.contains("failed") && run.stdout.contains("user_abandoned"), "{run:?}");
    let run = Run::of(&mut demo(&["connect", "callback", "postproxy", "https://app.example/back"]));
    assert_eq!(run.status, 0, "{run:?}");
}

#[test]
fn figures_are_shown_and_drawn() {
    let plot = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures.svg");
    let _ = fs::remove_file(&plot);
    let run = Run::of(demo(&["stats", "postproxy", "prof_kes_ig", "--metric", "followers", "--plot"]).arg(&plot));
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.contains("followers") && run.stdout.contains("18406"), "{run:?}");
    let drawing = fs::read_to_string(&plot).expect("it was drawn");
    assert!(drawing.starts_with("<svg") && drawing.contains("followers") && drawing.contains("2026-02-"));

    let run = Run::of(&mut demo(&["stats", "postproxy", "prof_kes_ig", "--metric", "flowers"]));
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("followers"), "the known ones are named: {run:?}");
    let run = Run::of(&mut demo(&["stats", "postproxy", "prof_kes_ig", "--plot", "/no/such/folder/x.svg"]));
    assert_eq!(run.status, 2, "{run:?}");
}

#[test]
fn placements_and_groups_are_listed() {
    let placements = quietly(0, &mut demo(&["placements", "postproxy", "prof_kes_li"]));
    assert!(placements.contains("Kestrel Academy") && placements.contains("the account itself"), "{placements}");
    let groups = quietly(0, &mut demo(&["groups", "list", "postproxy"]));
    assert!(groups.contains("Fjord Outdoor"), "{groups}");
    assert_eq!(Run::of(&mut demo(&["groups", "list", "postcore"])).status, 2, "no such thing there");
}

#[test]
fn the_emulator_is_served_until_it_is_stopped() {
    let mut serving = Command::new(env!("CARGO_BIN_EXE_polyprofile"));
    serving.args(["emulate", "--format", "ndjson", "--now", NOW]).env_clear();
    let mut running = serving.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
    let mut line = String::new();
    let mut stdout = BufReader::new(running.stdout.take().expect("a pipe"));
    stdout.read_line(&mut line).expect("it says where it answers");
    let document: serde_json::Value = serde_json::from_str(&line).expect("a document");
    let origin = document["origin"].as_str().expect("an origin");

    let mut asking = polyprofile();
    asking.env("POSTCORE_API_KEY", POSTCORE_KEY).env("POSTCORE_BASE_URL", origin).args(["list", "--now", NOW]);
    assert!(quietly(0, &mut asking).contains("prof_kestrel7f3a9c"));
    running.kill().expect("it is ours to stop");
    running.wait().expect("it ends");
}
