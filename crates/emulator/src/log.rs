//! The memory of what was asked. Credentials are judged, not kept.

use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::context::{Context, lock};
use crate::keys::{Vendor, X_API_KEY, token_of_bearer};
use crate::reply::QueryPairs;

/// One request as it arrived, whether a fault or a handler answered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method in upper case.
    pub method: String,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// The query decoded into pairs, in order and with repetitions. The value of Postcore's `apiKey` is a marker, see
    /// [`RIGHT_KEY`](Self::RIGHT_KEY).
    pub query: Vec<(String, String)>,
    /// The query as sent, apart from that marker; `None` when the target has no `?`.
    pub raw_query: Option<String>,
    /// The headers with names in lower case. The value of a header that carries credentials is a marker.
    pub headers: Vec<(String, String)>,
    /// The body as text; bytes that are not UTF-8 are replaced. Passwords of social accounts in it are *not* masked.
    pub body: String,
}

impl RecordedRequest {
    /// Stands for a credential that the vendor behind the path accepts.
    pub const RIGHT_KEY: &str = "(the right key)";
    /// Stands for any other credential.
    pub const WRONG_KEY: &str = "(a wrong key)";

    /// The first value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }

    /// The first decoded value of a query parameter.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }
}

/// The requests in the order of their arrival.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Vec<RecordedRequest>>);

impl Log {
    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.0).clone()
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }
}

/// The middleware that records a request with its body and passes it on.
pub(crate) async fn record(State(context): State<Arc<Context>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "The emulator takes bodies up to 4 MiB.\n").into_response();
    };
    lock(&context.log.0).push(recorded(&parts, &body));
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// No documented request comes near this.
const LONGEST_BODY: usize = 4 << 20;

/// Where Postcore's browser link carries the key.
const KEY_PARAMETER: &str = "apiKey";

fn recorded(parts: &Parts, body: &[u8]) -> RecordedRequest {
    let path = parts.uri.path();
    let vendor = Vendor::of(path);
    let raw_query = parts.uri.query().map(|raw| mask_raw(raw, vendor));
    let header = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let value = match name.as_str() {
            "authorization" => judge(vendor, token_of_bearer(&value)),
            X_API_KEY => judge(vendor, Some(&value)),
            "proxy-authorization" | "cookie" => RecordedRequest::WRONG_KEY.to_owned(),
            _ => value,
        };
        (name.as_str().to_owned(), value)
    };
    RecordedRequest {
        method: parts.method.to_string(),
        path: path.to_owned(),
        query: QueryPairs::parse(raw_query.as_deref().unwrap_or_default()).0,
        raw_query,
        headers: parts.headers.iter().map(header).collect(),
        body: String::from_utf8_lossy(body).into_owned(),
    }
}

fn judge(vendor: Option<Vendor>, key: Option<&str>) -> String {
    let accepted = vendor.zip(key).is_some_and(|(vendor, key)| vendor.accepts(key));
    if accepted { RecordedRequest::RIGHT_KEY } else { RecordedRequest::WRONG_KEY }.to_owned()
}

/// Replaces the values of `apiKey` and leaves every other byte as it was sent.
fn mask_raw(raw: &str, vendor: Option<Vendor>) -> String {
    let mask = |pair: &str| {
        let decoded = QueryPairs::parse(pair);
        match decoded.0.first() {
            Some((name, value)) if name == KEY_PARAMETER => format!("{KEY_PARAMETER}={}", judge(vendor, Some(value))),
            _ => pair.to_owned(),
        }
    };
    raw.split('&').map(mask).collect::<Vec<_>>().join("&")
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
