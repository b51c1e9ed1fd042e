//! Runs one program to its end and writes down what it took: `measure RESULT PROGRAM [ARGUMENT]...`.
//!
//! A process of its own, because Linux counts the memory of whoever starts a program as that program's: before the
//! program replaces it, its process is a copy of the starter, and the peak stays. Started from Python, `true` would
//! be charged with the interpreter's tens of MiB. This program's own peak, about 2 MiB, is the least it can report.

use std::{env, error::Error, fs, process::Command};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let (Some(result), Some(program)) = (arguments.next(), arguments.next()) else {
        return Err("usage: measure RESULT PROGRAM [ARGUMENT]...".into());
    };
    let mut command = Command::new(program);
    command.args(arguments);
    fs::write(result, measured(command)?.to_string())?;
    Ok(())
}

#[cfg(unix)]
fn measured(mut command: Command) -> Result<serde_json::Value, Box<dyn Error>> {
    use std::{os::unix::process::ExitStatusExt as _, time::Instant};

    use nix::sys::{
        resource::{UsageWho, getrusage},
        time::TimeValLike as _,
    };

    /// In which unit the system tells the peak of memory: bytes on Apple's, KiB elsewhere.
    const BYTES_PER_UNIT: i64 = if cfg!(target_vendor = "apple") { 1 } else { 1_024 };

    let start = Instant::now();
    let status = command.status()?;
    let wall = start.elapsed();

    // There was one child: what all children took together is what it took.
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let milliseconds = |microseconds: i64| microseconds as f64 / 1e3;
    Ok(serde_json::json!({
        "wall_ms": wall.as_secs_f64() * 1e3,
        "user_ms": milliseconds(usage.user_time().num_microseconds()),
        "system_ms": milliseconds(usage.system_time().num_microseconds()),
        "peak_bytes": usage.max_rss() * BYTES_PER_UNIT,
        "exit": status.code(),
        "signal": status.signal(),
    }))
}

#[cfg(not(unix))]
fn measured(_: Command) -> Result<serde_json::Value, Box<dyn Error>> {
    Err("this system does not tell what a program took".into())
}
