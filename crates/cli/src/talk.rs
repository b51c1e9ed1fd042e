//! What is said on standard error: errors, hints, progress. Never data.

use std::{
    error::Error as _,
    fmt::Write as _,
    io::{self, IsTerminal as _, Write as _},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use polyprofile::{Error, Remedy};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{failure::Failure, output::json_line, text::printable};

/// Standard error.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    pub(crate) is_json: bool,
    pub(crate) is_verbose: bool,
}

/// An error on standard error, for programs.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ErrorDocument<'a> {
    /// What is wrong and what to do.
    error: &'a Error,
    /// The causes behind it, if they were asked for with `--verbose`.
    causes: Vec<String>,
}

impl Talk {
    /// Says why a command ended early. Nothing is said to whoever stopped reading.
    pub(crate) fn failure(&self, failure: &Failure) {
        match failure {
            Failure::Error(error) => self.error("error", error),
            Failure::Output(problem) if problem.kind() == io::ErrorKind::BrokenPipe => {}
            Failure::Output(problem) => self.say(&format!("error: cannot write the output: {problem}")),
            Failure::Declined => self.say("nothing was deleted"),
        }
    }

    /// Says what is wrong in one line, and what to do in the next.
    pub(crate) fn error(&self, severity: &str, error: &Error) {
        let causes = if self.is_verbose { causes(error) } else { Vec::new() };
        if self.is_json {
            return self.json(&ErrorDocument { error, causes });
        }
        self.say(&format!("{severity}: {error}"));
        self.say(&format!("  {}", what_to_do(error)));
        for cause in causes {
            self.say(&format!("  because: {cause}"));
        }
    }

    /// One line of JSON.
    #[expect(clippy::unused_self, reason = "all talk goes through one place")]
    pub(crate) fn json(&self, value: &impl Serialize) {
        write_line(&json_line(value));
    }

    /// One line for people.
    #[expect(clippy::unused_self, reason = "all talk goes through one place")]
    pub(crate) fn say(&self, line: &str) {
        write_line(&printable(line));
    }

    /// Shows that something is going on, only to people who are looking.
    #[expect(clippy::unused_self, reason = "all talk goes through one place")]
    pub(crate) fn progress(&self, doing: impl Into<String>) -> Progress {
        let bar = if io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(doing.into());
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar)
    }
}

/// A moving line on standard error. It is gone once this is dropped.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn what_to_do(error: &Error) -> String {
    let mut line = match error.remedy() {
        Remedy::FixRequest if error.provider().is_none() => "change the arguments; see --help".to_owned(),
        remedy => remedy.to_string(),
    };
    // Writing to a string cannot fail.
    if let Some(wait) = error.retry_after() {
        let _ = write!(line, "; the vendor asks to wait {}", humantime::format_duration(wait));
    }
    if let Some(request_id) = error.request_id() {
        let _ = write!(line, " (request id {request_id})");
    }
    line
}

fn causes(error: &Error) -> Vec<String> {
    std::iter::successors(error.source(), |cause| (*cause).source()).map(ToString::to_string).collect()
}

/// Nobody can be told that standard error is gone.
fn write_line(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
