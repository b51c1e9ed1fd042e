//! The HTTP APIs of Postproxy, Postcore and Postpress on loopback, for tests and demonstrations without keys.
//!
//! One origin serves all three, since their paths do not collide: Postproxy under `/api/...`, Postcore under
//! `/profiles...`, Postpress under `/v1/...` as well as `/api/v1/...`.
//!
//! ```
//! # async fn example() -> Result<(), polyprofile_emulator::EmulatorError> {
//! use polyprofile_emulator::{Data, Emulator, Fault, FaultKind, POSTPROXY_KEY};
//!
//! let emulator = Emulator::builder().data(Data::Documents).start().await?;
//! // Give `emulator.origin()` and `POSTPROXY_KEY` to the client under test. The first listing fails:
//! emulator.add_fault(Fault::new("/api/profiles", FaultKind::CutAfter { bytes: 100, chunked: false }).times(1));
//! # let _ = POSTPROXY_KEY;
//! # Ok(())
//! # }
//! ```
//!
//! # What it is for
//!
//! * It is written from the vendors' documents alone and shares no type with any client, so that a field name which a
//!   client gets wrong is not wrong here in the same way.
//! * It refuses what a vendor refuses: keys, scopes, missing parameters, each with the vendor's own status and body.
//! * State changes are real: what is created, connected or deleted shows in the next answer. All of it is in memory.
//! * It misbehaves on request ([`Fault`]) and remembers what it was asked ([`Emulator::requests`]).
//!
//! Where the documents are silent the code says so in a comment beside the choice it makes.
//!
//! # As a process
//!
//! The same control over HTTP, without a key, since only loopback is bound:
//!
//! | request | effect |
//! | --- | --- |
//! | `POST /__emulator/faults` | adds the [`Fault`] in the JSON body |
//! | `DELETE /__emulator/faults` | forgets all faults |
//! | `GET /__emulator/requests` | the [`RecordedRequest`]s so far, oldest first |
//! | `DELETE /__emulator/requests` | forgets them |
//! | `GET /__emulator/health` | `{"status":"ok"}` |

// Handlers are async functions because axum asks for them; most have nothing to wait for.
#![allow(clippy::unused_async)]

mod admin;
mod clock;
mod context;
mod data;
mod fault;
mod ids;
mod keys;
mod log;
mod postcore;
mod postpress;
mod postproxy;
mod reply;
mod server;

pub use data::Data;
pub use fault::{Fault, FaultKind};
pub use keys::{POSTCORE_KEY, POSTPRESS_KEY, POSTPROXY_KEY, POSTPROXY_SCOPED_KEY};
pub use log::RecordedRequest;
pub use server::{Emulator, EmulatorBuilder, EmulatorError};
