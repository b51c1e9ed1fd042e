//! The command line of polyprofile: it asks the library, prints what came, and ends with a status that
//! scripts can rely on. It knows no vendor, no HTTP, and has no policy of its own.

mod args;
mod commands;
mod confirm;
mod connections;
mod demo;
mod exit;
mod failure;
mod grid;
mod interrupt;
mod output;
mod person_card;
mod plot;
mod session;
mod talk;
mod text;
mod when;

use std::{env, io, process::ExitCode};

use clap::Parser as _;
use polyprofile::{Error, ErrorKind};
use tracing_subscriber::{filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::{
    args::{Cli, Command},
    exit::ExitStatus,
    failure::Failure,
    output::{OutputGate, Printer},
    talk::Talk,
};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(problem) => return refuse(&problem),
    };
    log_to_stderr();
    let gate = OutputGate::default();
    // The emulator ends in its own way.
    if !matches!(cli.command, Command::Emulate(_)) {
        interrupt::watch(gate.clone());
    }
    let talk = Talk { is_json: cli.global.format.is_json(), is_verbose: cli.global.verbose };
    let mut printer = Printer::new(cli.global.format, gate);
    let outcome = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(commands::run(cli, &mut printer, &talk)),
        Err(problem) => {
            let error = Error::new(ErrorKind::Config, "the system lets no more work start").with_source(problem);
            Err(Failure::from(error))
        }
    };
    let status = outcome.unwrap_or_else(|failure| {
        talk.failure(&failure);
        failure.exit_status()
    });
    status.into()
}

/// Says what is wrong with the arguments; or prints help, which is no mistake.
fn refuse(problem: &clap::Error) -> ExitCode {
    let asked_for_json = |arguments: &[String]| {
        let formats = arguments.iter().zip(arguments.iter().skip(1).map(String::as_str).chain([""]));
        let is_json = |format: &str| ["json", "ndjson"].contains(&format);
        formats.into_iter().any(|(argument, next)| {
            argument.strip_prefix("--format=").map_or(argument == "--format" && is_json(next), is_json)
        })
    };
    let arguments: Vec<String> = env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    if problem.use_stderr() && asked_for_json(&arguments) {
        let message = problem.to_string();
        let line = message.lines().next().unwrap_or_default().trim_start_matches("error: ");
        Talk { is_json: true, is_verbose: false }.failure(&Failure::usage(line));
    } else {
        // Whoever reads may have stopped; that changes nothing.
        let _ = problem.print();
    }
    let is_help = !problem.use_stderr();
    if is_help { ExitStatus::Well.into() } else { ExitStatus::Usage.into() }
}

/// What `RUST_LOG` asks for. The library's events hold no key.
fn log_to_stderr() {
    let Some(targets) = env::var("RUST_LOG").ok().and_then(|directives| directives.parse::<Targets>().ok()) else {
        return;
    };
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(io::stderr);
    tracing_subscriber::registry().with(lines).with(targets).init();
}
