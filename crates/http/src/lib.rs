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

/// Doors for the fuzz targets to what is not public; there only in their builds.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing {
    use std::time::Duration;

    use chrono::{DateTime, Utc};
    use http::HeaderMap;
    use polyprofile_core::{Error, Normalize, NormalizeContext, Result};
    use url::Url;

    use crate::{
        BaseUrl, RateLimit,
        document::read_reported,
        json::{RowType, Unusable},
        redact::Redactor,
    };

    pub fn waiting_time(headers: &HeaderMap, throttled: bool, now: DateTime<Utc>) -> Option<Duration> {
        crate::hint::waiting_time(headers, throttled, now)
    }

    pub fn rate_limit(headers: &HeaderMap, seen_at: DateTime<Utc>) -> Option<RateLimit> {
        RateLimit::read(headers, seen_at)
    }

    pub fn redacted(secrets: &[&str], error: Error) -> Error {
        Redactor::new(secrets.iter().map(|secret| (*secret).into())).error(error)
    }

    pub fn join<'a>(
        base: &BaseUrl,
        segments: impl IntoIterator<Item = &'a str>,
        query: &[(&'static str, String)],
    ) -> Result<Url> {
        base.join(segments, query)
    }

    /// What the parser of rows that fit reads at the beginning of `text`, and where that ends.
    pub fn leading<R: RowType>(text: &str) -> Option<(R::Row<'_>, usize)> {
        crate::json::read_leading_row::<R>(text)
    }

    pub fn read<R, T>(bytes: &[u8], context: &mut NormalizeContext) -> Result<T, Unusable>
    where
        R: RowType,
        for<'de> R::Row<'de>: Normalize<Output = T>,
    {
        read_reported::<R, _>(bytes, context, |row, context| row.normalize(context))
    }
}
