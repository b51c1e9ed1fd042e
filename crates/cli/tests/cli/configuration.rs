//! Where providers come from.

use std::{
    fs,
    path::{Path, PathBuf},
};

use polyprofile_emulator::{Data, POSTCORE_KEY};

use crate::support::{NOW, Run, Served, polyprofile, quietly};

/// A folder of this test's own, with a configuration of two providers at one vendor.
fn folder(name: &str, served: &Served) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(folder.join("polyprofile")).expect("a folder can be made");
    let origin = served.emulator.origin();
    let provider = |name: &str, key: &str| {
        format!(
            "[[provider]]\nvendor = \"postcore\"\nname = \"{name}\"\nkey_env = \"{key}\"\nbase_url = \"{origin}\"\n"
        )
    };
    let text = provider("first", "FIRST_KEY") + &provider("second", "SECOND_KEY");
    fs::write(folder.join("polyprofile/config.toml"), text).expect("a file can be written");
    folder
}

#[test]
fn a_file_names_several_providers_of_one_vendor() {
    let served = Served::new(Data::Demo);
    let file = folder("several", &served).join("polyprofile/config.toml");
    let mut command = polyprofile();
    command.env("FIRST_KEY", POSTCORE_KEY).env("SECOND_KEY", POSTCORE_KEY).arg("--config").arg(&file);
    let output = quietly(0, command.args(["--now", NOW, "list"]));
    assert!(output.contains(" first ") && output.contains(" second "), "{output}");

    let mut command = polyprofile();
    command.env("FIRST_KEY", POSTCORE_KEY).env("SECOND_KEY", POSTCORE_KEY).arg("--config").arg(&file);
    let output = quietly(0, command.args(["--now", NOW, "list", "--provider", "second"]));
    assert!(!output.contains(" first ") && output.contains(" second "), "{output}");
}

#[test]
fn the_file_in_the_configuration_folder_comes_before_the_environment() {
    let served = Served::new(Data::Demo);
    let folder = folder("folder", &served);
    let mut command = polyprofile();
    command.env("XDG_CONFIG_HOME", &folder).env("FIRST_KEY", POSTCORE_KEY).env("POSTPROXY_API_KEY", "unused");
    let run = Run::of(command.args(["providers", "--format", "csv"]));
    assert_eq!(run.status, 0, "a missing key is shown, not a failure: {run:?}");
    assert!(run.stdout.contains("first,postcore,off,set,FIRST_KEY"), "{run:?}");
    assert!(run.stdout.contains("second,postcore,off,not set,SECOND_KEY"), "{run:?}");
    assert!(!run.stdout.contains("postproxy"), "{run:?}");

    let mut command = polyprofile();
    let run = Run::of(command.env("XDG_CONFIG_HOME", &folder).env("FIRST_KEY", POSTCORE_KEY).arg("list"));
    assert_eq!(run.status, 2, "{run:?}");
    assert!(run.stderr.contains("SECOND_KEY"), "{run:?}");
}

#[test]
fn the_file_says_better_which_connections_are_one_account() {
    let served = Served::new(Data::Demo);
    let file = folder("accounts", &served).join("polyprofile/config.toml");
    let mut text = fs::read_to_string(&file).expect("it was written");
    let connection =
        |provider: &str, profile: &str| format!("{{ provider = \"{provider}\", profile = \"{profile}\" }}");
    let set = |word: &str, one: &str, other: &str| format!("[[accounts.{word}]]\nconnections = [{one}, {other}]\n");
    let mira = |provider: &str| connection(provider, "prof_mira51d08e2b");
    text += &set("apart", &mira("first"), &mira("second"));
    text += &set("together", &connection("first", "prof_gone"), &mira("first"));
    fs::write(&file, text).expect("a file can be written");
    let accounts = |arguments: &[&str]| {
        let mut command = polyprofile();
        command.env("FIRST_KEY", POSTCORE_KEY).env("SECOND_KEY", POSTCORE_KEY).arg("--config").arg(&file);
        Run::of(command.args(["accounts", "--platform", "linkedin"]).args(arguments))
    };
    let run = accounts(&["--format", "json"]);
    let document = run.json();
    let seen: Vec<usize> = document["accounts"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|account| account["username"]["value"] == "miralindqvist")
        .filter_map(|account| account["sightings"].as_array().map(Vec::len))
        .collect();
    assert_eq!(seen, [1, 1], "{document:#}");
    assert_eq!(document["override_problems"][0]["connection"], "first/prof_gone");
    let table = accounts(&[]);
    assert_eq!(
        (table.status, table.stderr.as_str()),
        (0, "configuration: no connection `first/prof_gone` was listed\n")
    );
    // Of a provider that is not asked nothing can be listed: that is no mistake in the file.
    assert_eq!(accounts(&["--provider", "second"]).stderr, "");
}

#[test]
fn a_file_that_is_not_there_is_said() {
    let run = Run::of(polyprofile().args(["--config", "/no/such/file.toml", "list"]));
    assert_eq!(run.status, 2, "{run:?}");
    assert!(run.stderr.contains("/no/such/file.toml"), "{run:?}");
    let both = Run::of(polyprofile().args(["--config", "/no/such/file.toml", "--demo", "list"]));
    assert_eq!(both.status, 2, "{both:?}");
}
