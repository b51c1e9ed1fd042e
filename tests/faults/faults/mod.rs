//! The faults, theme by theme, and what has to come of each: from the design and the vendors' documents.
//!
//! In every table, `once` is an error that a second request would not change, `thrice` one that passes by itself and so
//! is asked for as often as the policy allows.

mod bodies;
mod connecting;
mod explained;
mod framing;
mod pages;
mod sizes;
mod sound;
mod statuses;

pub(crate) use bodies::{breaking_off, damaged_json, not_the_document, silence};
pub(crate) use connecting::{no_connection, no_trust};
pub(crate) use explained::{explained_refusals, throttling};
pub(crate) use framing::{bad_framing, no_http};
pub(crate) use pages::pages;
pub(crate) use sizes::{brotli, damaged_compression, gzip, too_much};
pub(crate) use sound::odd_but_sound;
pub(crate) use statuses::{other_successes, redirects, refusals};

use crate::server::Reply;

/// A whole answer that says it is HTML.
fn html(status: u16, body: &str) -> Reply {
    Reply::with_headers(status, &["Content-Type: text/html"], body)
}
