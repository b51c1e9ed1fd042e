//! Ways to run the program.

use assert_cmd::Command;
use polyprofile_emulator::{Data, Emulator, POSTCORE_KEY, POSTPRESS_KEY, POSTPROXY_KEY};
use serde_json::Value;
use tokio::runtime::Runtime;

/// A moment that makes the demo's data the same on every day.
pub(crate) const NOW: &str = "2026-03-02T12:00:00Z";

/// The program in an empty environment.
pub(crate) fn polyprofile() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_polyprofile"));
    command.env_clear().env("HOME", env!("CARGO_TARGET_TMPDIR"));
    command
}

/// The program on the demo's data, on a day that stands still.
pub(crate) fn demo(arguments: &[&str]) -> Command {
    let mut command = polyprofile();
    command.args(["--demo", "--now", NOW]).args(arguments);
    command
}

/// An emulator in this process, for tests that want to spoil its answers or see what it was asked.
pub(crate) struct Served {
    pub(crate) emulator: Emulator,
    // It serves on threads of its own, while the test waits for the program.
    _runtime: Runtime,
}

impl Served {
    pub(crate) fn new(data: Data) -> Self {
        let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = threads.expect("a thread can be started");
        let emulator = runtime.block_on(Emulator::builder().data(data).start()).expect("some port is free");
        Self { emulator, _runtime: runtime }
    }

    /// The program, asking this emulator.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = polyprofile();
        for (vendor, key) in [("POSTPROXY", POSTPROXY_KEY), ("POSTCORE", POSTCORE_KEY), ("POSTPRESS", POSTPRESS_KEY)] {
            command.env(format!("{vendor}_API_KEY"), key).env(format!("{vendor}_BASE_URL"), self.emulator.origin());
        }
        command.env("POSTPRESS_ACCOUNT_ID", self.emulator.postpress_account_id()).args(arguments);
        command
    }
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the program runs");
        Self {
            status: output.status.code().expect("the program ends by itself"),
            stdout: String::from_utf8(output.stdout).expect("output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("talk is UTF-8"),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|problem| panic!("{problem}: {self:?}"))
    }
}

/// The output of a run that is expected to end with `status` and to say nothing beside it.
pub(crate) fn quietly(status: i32, command: &mut Command) -> String {
    let run = Run::of(command);
    assert_eq!((run.status, run.stderr.as_str()), (status, ""), "{}", run.stdout);
    run.stdout
}
