//! The emulator as a process, for programs in other languages: all three vendors on one loopback port.
//!
//! Prints where it is and what it accepts, one `NAME=value` a line and under the names that the environment of a client
//! has; then serves until it is killed. `--data documents` holds the examples of the vendors' documents, `--data demo`,
//! the default, a small agency; without `--port` any free one is taken.
//!
//! ```sh
//! cargo run --example emulator -- --data documents --port 8080
//! ```
#![allow(clippy::print_stdout)]

use polyprofile_emulator::{
    Data, Emulator, EmulatorBuilder, POSTCORE_KEY, POSTPRESS_KEY, POSTPROXY_KEY, POSTPROXY_SCOPED_KEY,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let emulator = builder(std::env::args().skip(1))?.start().await?;
    let origin = emulator.origin();
    for (name, value) in [
        ("POSTPROXY_BASE_URL", origin.as_str()),
        ("POSTPROXY_API_KEY", POSTPROXY_KEY),
        // A key that sees this one group only. (`POSTPROXY_PROFILE_GROUP_ID` would restrict every client that reads it.)
        ("POSTPROXY_SCOPED_API_KEY", POSTPROXY_SCOPED_KEY),
        ("POSTPROXY_SCOPED_GROUP_ID", &emulator.postproxy_group_id()),
        ("POSTCORE_BASE_URL", &origin),
        ("POSTCORE_API_KEY", POSTCORE_KEY),
        ("POSTPRESS_BASE_URL", &origin),
        ("POSTPRESS_API_KEY", POSTPRESS_KEY),
        ("POSTPRESS_ACCOUNT_ID", &emulator.postpress_account_id()),
        // Last, so that who waits for it has all the others: faults are added under `/__emulator`, see the crate.
        ("EMULATOR_ORIGIN", &origin),
    ] {
        println!("{name}={value}");
    }
    // Served by a task of this runtime; the emulator lives as long as this function.
    std::future::pending().await
}

fn builder(mut arguments: impl Iterator<Item = String>) -> Result<EmulatorBuilder, String> {
    let mut builder = Emulator::builder();
    while let Some(option) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{option} needs a value"))?;
        builder = match (option.as_str(), value.as_str()) {
            ("--data", "documents") => builder.data(Data::Documents),
            ("--data", "demo") => builder.data(Data::Demo),
            ("--data", _) => return Err(format!("--data is documents or demo, not {value}")),
            ("--port", _) => builder.port(value.parse().map_err(|_| format!("--port is a number, not {value}"))?),
            _ => return Err(format!("unknown option {option}; there are --data and --port")),
        };
    }
    Ok(builder)
}
