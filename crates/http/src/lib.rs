//! The HTTP side of polyprofile: everything that talks to a vendor, and reads what it answers, goes through here.
//!
//! Adapters say a [`Request`] or a [`Listing`]; [`HttpClient`] does the rest: it shows the key, waits no
//! longer and takes in no more than the [`HttpConfig`] allows, tries again what can pass, follows no
//! redirect, reads lists as they arrive ([`json`]) and lets no secret out.

mod answer;
mod auth;
mod base_url;
mod body;
mod breaker;
mod client;
mod config;
mod document;
mod failure;
mod hint;
pub mod json;
mod listing;
mod pace;
#[cfg(test)]
mod properties;
mod random;
mod rate_limit;
mod redact;
mod request;
mod retry;
mod time;
mod transport;
mod wiped;

pub use answer::{Classify, FailedAnswer, kind_of_status};
pub use auth::ApiKey;
pub use base_url::{BaseUrl, UncheckedBaseUrl};
pub use client::HttpClient;
pub use config::{BreakerPolicy, HttpConfig, Limits, ProxyChoice, Rate, RetryPolicy, Timeouts};
pub use document::Document;
pub use http::Method;
pub use listing::{Cursor, Listing, SavedList};
pub use random::{Random, ThreadRandom, fresh_idempotency_key};
pub use rate_limit::RateLimit;
pub use request::Request;
/// The HTTP client below, for callers who bring one of their own.
pub use reqwest;
pub use transport::hardened_builder;
