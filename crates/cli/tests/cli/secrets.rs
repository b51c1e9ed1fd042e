//! Keys are never shown, however much is asked to be shown.

use polyprofile_emulator::{Data, POSTCORE_KEY, POSTPRESS_KEY, POSTPROXY_KEY};

use crate::support::{Run, Served};

const SENTINEL: &str = "sk-live-SENTINEL-0123456789abcdef";

#[test]
fn no_key_is_shown_by_any_command() {
    let served = Served::new(Data::Demo);
    let commands: [&[&str]; 8] = [
        &["providers", "--check"],
        &["list"],
        &["list", "--format", "ndjson"],
        &["get", "postproxy", "prof_kes_li"],
        &["get", "postcore", "nope"],
        &["person", "postpress", "me"],
        &["groups", "list", "postproxy"],
        &["health", "--format", "json"],
    ];
    for arguments in commands {
        let accepted = Run::of(served.command(arguments).arg("-v").env("RUST_LOG", "trace"));
        for key in [POSTPROXY_KEY, POSTCORE_KEY, POSTPRESS_KEY] {
            assert!(!format!("{accepted:?}").contains(key), "{arguments:?} shows {key}");
        }
        assert!(accepted.stderr.contains("TRACE") || accepted.stderr.contains("DEBUG"), "the log is on: {accepted:?}");

        let mut command = served.command(arguments);
        for name in ["POSTPROXY_API_KEY", "POSTCORE_API_KEY", "POSTPRESS_API_KEY"] {
            command.env(name, SENTINEL);
        }
        let refused = Run::of(command.arg("-v").env("RUST_LOG", "trace"));
        assert!(!format!("{refused:?}").contains(&SENTINEL[..16]), "{arguments:?}: {refused:?}");
    }
}

#[test]
fn a_key_in_the_wrong_place_is_not_repeated() {
    let served = Served::new(Data::Demo);
    // A key with a line break cannot be sent; a base URL may hold one by mistake.
    let broken = Run::of(served.command(&["list", "-v"]).env("POSTCORE_API_KEY", format!("{SENTINEL}\n")));
    let url = format!("http://user:{SENTINEL}@127.0.0.1:9/");
    let in_url = Run::of(served.command(&["list", "-v"]).env("POSTCORE_BASE_URL", url));
    for run in [broken, in_url] {
        assert!(!format!("{run:?}").contains(SENTINEL), "{run:?}");
    }
}
