//! The emulator against the vendors' documents: one binary, a module a theme. No test waits for real time.

#![allow(missing_docs)]

mod control;
mod documents;
mod faults;
mod postcore;
mod postpress;
mod postproxy;
mod support;
mod synthetic;
