//! Leaves the library running: many tasks, many calls, an emulator that spoils every few answers.
//!
//! ```sh
//! cargo run --release -p polyprofile-tests --bin soak -- --calls 100000 --tasks 32 --seed 1
//! ```
//!
//! It prints what came of every call, and memory, open files and tasks over time. It fails if an answer cannot be
//! explained by what the emulator did, or if the last quarter held more than the second one by more than the tolerance.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

mod growth;
mod ledger;
mod run;

use std::process::ExitCode;

use growth::{Growth, TOLERANCE, growth};
use run::{Plan, Report, run};

/// How often the process is measured. A hundred means have a small error, and each round is long enough to matter.
const ROUNDS: u64 = 100;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let plan = match plan(std::env::args().skip(1)) {
        Ok(plan) => plan,
        Err(problem) => {
            eprintln!("{problem}\nusage: soak [--calls N] [--tasks N] [--seed N]");
            return ExitCode::from(2);
        }
    };
    let started = tokio::time::Instant::now();
    let report = run(plan).await;
    print(&report);
    println!("{} calls in {:.1} s", report.ledger.calls(), started.elapsed().as_secs_f64());
    let grown = growth(&report.samples);
    let is_sound = report.ledger.unaccounted_count == 0
        && report.ledger.accounted() == plan.calls
        && grown.iter().all(Growth::is_within_tolerance);
    println!("{}", if is_sound { "sound" } else { "NOT SOUND" });
    if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn plan(mut arguments: impl Iterator<Item = String>) -> Result<Plan, String> {
    let mut plan = Plan { calls: 100_000, tasks: 32, seed: 1, rounds: ROUNDS };
    while let Some(name) = arguments.next() {
        let field = match name.as_str() {
            "--calls" => &mut plan.calls,
            "--tasks" => &mut plan.tasks,
            "--seed" => &mut plan.seed,
            _ => return Err(format!("there is no argument {name}")),
        };
        let value = arguments.next().and_then(|value| value.parse().ok());
        *field = value.filter(|value| *value > 0).ok_or_else(|| format!("{name} takes a whole number above 0"))?;
    }
    Ok(plan)
}

fn print(report: &Report) {
    println!("{}", report.ledger);
    let (requests, sent) = (report.requests, report.ledger.sent());
    println!("{requests} requests for {sent} calls that were sent: {} retries and further pages", requests - sent);
    println!("{} of {} calls accounted for", report.ledger.accounted(), report.ledger.calls());
    for what in &report.ledger.unaccounted {
        println!("  cannot be explained: {what}");
    }
    println!("\n{:>9} {:>12} {:>10} {:>6}", "calls", "memory (KiB)", "open files", "tasks");
    for sample in report.samples.iter().step_by(report.samples.len().div_ceil(10).max(1)).chain(report.samples.last()) {
        println!("{:>9} {:>12} {:>10} {:>6}", sample.calls, sample.memory, sample.files, sample.tasks);
    }
    println!(
        "\n{:<14} {:>12} {:>12} {:>8}  (at most +{TOLERANCE} %)",
        "mean of", "2nd quarter", "last quarter", "change"
    );
    for grown in growth(&report.samples) {
        let (what, second, last, percent) = (grown.what, grown.second_quarter, grown.last_quarter, grown.percent());
        println!("{what:<14} {second:>12.1} {last:>12.1} {percent:>+7.2}%");
    }
}

#[cfg(test)]
mod tests {
    use super::{Plan, plan, run};

    fn arguments(text: &str) -> Result<Plan, String> {
        plan(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn arguments_are_numbers_above_nothing() {
        let plan = arguments("--seed 3 --calls 7").expect("two numbers");
        assert_eq!((plan.calls, plan.tasks, plan.seed), (7, 32, 3));
        for wrong in ["--calls", "--calls 0", "--calls many", "--call 1", "7"] {
            assert!(arguments(wrong).is_err(), "{wrong}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_few_hundred_calls_are_all_accounted_for() {
        let report = run(Plan { calls: 500, tasks: 8, seed: 1, rounds: 5 }).await;
        let ledger = &report.ledger;
        assert_eq!(ledger.unaccounted, Vec::<String>::new());
        assert_eq!((ledger.calls(), ledger.accounted()), (500, 500), "\n{ledger}");
        assert!(report.requests >= ledger.sent(), "\n{ledger}");
        // Something went wrong and something went well, or nothing was shown.
        assert!(ledger.sent() < report.requests && ledger.sent() > 250, "\n{ledger}");
    }
}
