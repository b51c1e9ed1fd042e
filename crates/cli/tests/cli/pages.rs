//! What people see, line by line.

use insta::assert_snapshot;
use polyprofile_emulator::{Data, Emulator};

use crate::support::{Run, Served, demo, polyprofile, quietly};

#[test]
fn health() {
    assert_snapshot!(quietly(4, &mut demo(&["health"])));
}

#[test]
fn health_in_markdown() {
    assert_snapshot!(quietly(3, &mut demo(&["health", "--verdict", "warning", "--format", "markdown"])));
}

#[test]
fn health_on_40_columns() {
    let output = quietly(4, demo(&["health", "--provider", "postcore"]).env("COLUMNS", "40"));
    assert!(output.lines().all(|line| line.chars().count() <= 40), "{output}");
    assert_snapshot!(output);
}

#[test]
fn health_on_100_columns() {
    let output = quietly(4, demo(&["health"]).env("COLUMNS", "100"));
    assert!(output.lines().all(|line| line.chars().count() <= 100), "{output}");
    assert_snapshot!(output);
}

#[test]
fn health_on_80_columns() {
    let output = quietly(4, demo(&["health"]).env("COLUMNS", "80"));
    assert!(output.lines().all(|line| line.chars().count() <= 80), "{output}");
    assert_snapshot!(output);
}

#[test]
fn list() {
    assert_snapshot!(quietly(0, &mut demo(&["list"])));
}

#[test]
fn list_with_filters() {
    let filters = ["list", "--group", "grp_kestrel", "--platform", "LinkedIn", "--platform", "x"];
    assert_snapshot!(quietly(0, &mut demo(&filters)));
}

#[test]
fn list_as_csv() {
    assert_snapshot!(quietly(0, &mut demo(&["list", "--format", "csv"])).replace("\r\n", "\n"));
}

#[test]
fn accounts() {
    assert_snapshot!(quietly(0, &mut demo(&["accounts"])));
}

#[test]
fn accounts_in_markdown() {
    assert_snapshot!(quietly(0, &mut demo(&["accounts", "--shared", "--format", "markdown"])));
}

#[test]
fn accounts_as_csv() {
    let filters = ["accounts", "--platform", "linkedin", "--format", "csv"];
    assert_snapshot!(quietly(0, &mut demo(&filters)).replace("\r\n", "\n"));
}

#[test]
fn accounts_on_80_columns() {
    let output = quietly(0, demo(&["accounts"]).env("COLUMNS", "80"));
    assert!(output.lines().all(|line| line.chars().count() <= 80), "{output}");
}

#[test]
fn the_documents_own_examples() {
    let served = Served::new(Data::Documents);
    let now = Emulator::DOCUMENTS_NOW.to_rfc3339();
    assert_snapshot!("documents_list", quietly(0, &mut served.command(&["list", "--now", &now])));
    assert_snapshot!("documents_health", quietly(4, &mut served.command(&["health", "--now", &now])));
    assert_snapshot!(
        "documents_get",
        quietly(0, &mut served.command(&["get", "postcore", "prof_abc123", "--now", &now]))
    );
    assert_snapshot!(
        "documents_person",
        quietly(0, &mut served.command(&["person", "postpress", "jordan-walke", "--section", "*", "--now", &now]))
    );
}

#[test]
fn get() {
    assert_snapshot!(quietly(0, &mut demo(&["get", "postproxy", "prof_kes_li"])));
}

#[test]
fn get_with_two_platforms() {
    assert_snapshot!(quietly(0, &mut demo(&["get", "postcore", "prof_2c77aa90e1f4"])));
}

#[test]
fn person() {
    assert_snapshot!(quietly(0, &mut demo(&["person", "postpress", "jordan-walke"])));
}

#[test]
fn providers() {
    let served = Served::new(Data::Demo);
    // The emulator answers on any free port, and columns are as wide as their longest text.
    let without_port = |output: String| {
        let words =
            |line: &str| line.split_whitespace().filter(|word| !word.starts_with('─')).collect::<Vec<_>>().join(" ");
        let lines = output.lines().map(|line| words(line.split("127.0.0.1:").next().unwrap_or_default()));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!("providers_demo", without_port(quietly(0, &mut demo(&["providers"]))));
    assert_snapshot!("providers_none", quietly(0, polyprofile().arg("providers")));
    let mut one = polyprofile();
    one.env("POSTCORE_API_KEY", "k").env("POSTCORE_BASE_URL", served.emulator.origin()).arg("providers");
    assert_snapshot!("providers_one", without_port(quietly(0, &mut one)));
}

#[test]
fn help() {
    assert_snapshot!("help", quietly(0, polyprofile().arg("--help")));
    assert_snapshot!("help_health", quietly(0, polyprofile().args(["health", "--help"])));
    assert_snapshot!("help_connect", quietly(0, polyprofile().args(["connect", "--help"])));
}

#[test]
fn errors_say_what_and_what_to_do() {
    let run = Run::of(&mut demo(&["get", "postcore", "nope"]));
    assert_snapshot!(run.stderr);
}

#[test]
fn completions_and_the_manual_page_know_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let script = quietly(0, polyprofile().args(["completions", shell]));
        assert!(script.contains("health") && script.contains("placements"), "{shell}");
    }
    let manual = quietly(0, polyprofile().arg("man"));
    assert!(manual.contains(".TH polyprofile 1") && manual.contains("PLACEMENTS"));
}
