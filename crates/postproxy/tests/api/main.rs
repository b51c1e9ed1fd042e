//! Every endpoint of Postproxy's documents, asked through the emulator.

mod connecting;
mod failing;
mod groups;
mod reading;
mod requests;
mod support;
