//! Everything that can go wrong between three vendors and their caller, for each vendor and each way to read.
//!
//! * [`matrix`] meets every fault of the tables in [`faults`] with each provider, once listing and once getting, over raw
//!   sockets: the error, the requests, the time, the memory, and what the other two providers give meanwhile.
//! * [`healing`] meets faults that pass.
//! * [`rows`] breaks one row among a thousand, [`fields`] one field of every row, in every way.
//! * [`emulated`] asks the emulator instead, for what needs vendors that hold data.

mod emulated;
mod faults;
mod fields;
mod healing;
mod matrix;
mod rows;
#[path = "../../crates/http/tests/support/server.rs"]
mod server;
#[path = "../support/mod.rs"]
mod support;
#[path = "../../crates/http/tests/support/tls.rs"]
mod tls;
mod vendors;

use std::time::Duration;

use peak_alloc::PeakAlloc;
use tokio::sync::Mutex;

/// Counts what is in use, so that a hostile answer can be seen to take no more than its share.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Held by whoever counts memory or takes much of it, so that what is in use is known to be in use for one test.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
