//! Misbehaviour on request.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, LOCATION};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use crate::context::{Context, lock};

/// A rule that spoils the answers to some requests.
///
/// Rules are tried in the order in which they were added. A delay is waited out and the search goes on; the first
/// matching rule of any other kind decides the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Which paths: this one and everything below it, so `/api/profiles` also matches `/api/profiles/x` but not
    /// `/api/profile_groups`; and `/` matches all. With a `$` at the end it matches this one path only. The query
    /// string takes no part.
    pub path: String,
    /// Which method, in any case; `None` for every method.
    #[serde(default)]
    pub method: Option<String>,
    /// How many requests to spoil; `None` for all of them.
    #[serde(default)]
    pub times: Option<u32>,
    /// How many matching requests to let through first.
    #[serde(default)]
    pub skip: u32,
    /// What happens.
    pub kind: FaultKind,
}

impl Fault {
    /// Spoils every request to `path` (see [`Fault::path`]), whatever its method.
    pub fn new(path: impl Into<String>, kind: FaultKind) -> Self {
        Self { path: path.into(), method: None, times: None, skip: 0, kind }
    }

    /// Only requests with this method.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Only the first `times` requests (after those skipped).
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Let the first `skip` matching requests through.
    #[must_use]
    pub fn skip(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    fn matches(&self, method: &Method, path: &str) -> bool {
        let method_fits = self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method.as_str()));
        let path_fits = if let Some(exact) = self.path.strip_suffix('$') {
            path == exact
        } else {
            let base = self.path.trim_end_matches('/');
            path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        method_fits && path_fits
    }
}

/// What a [`Fault`] does. In JSON the name in snake case: `"close"`, `{"delay": {"ms": 200}}`.
///
/// [`CutAfter`](Self::CutAfter), [`Stall`](Self::Stall) and [`Trickle`](Self::Trickle) spoil the delivery of the real
/// answer: the request is carried out. [`Delay`](Self::Delay) comes before it. All others stand in for it: the request
/// is not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// An answer of the caller's making. A status that HTTP does not have becomes 500.
    Status {
        /// The status code.
        status: u16,
        /// Further headers, for example `Retry-After`.
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// The body.
        #[serde(default)]
        body: String,
        /// The body's media type.
        #[serde(default = "json_media_type")]
        content_type: String,
    },
    /// Nothing at all for a while, then the answer.
    Delay {
        /// Milliseconds of tokio's clock.
        ms: u64,
    },
    /// The headers, the first bytes of the body, then the connection is closed. With a content length that promises the
    /// full body; or, when `chunked`, without the last chunk. A streamed answer is chunked either way. A client that
    /// stops reading may miss the end of a part longer than the socket's buffers.
    CutAfter {
        /// How many bytes of the body arrive.
        bytes: u64,
        /// Whether to announce no length.
        #[serde(default)]
        chunked: bool,
    },
    /// The headers, the first bytes of the body, then silence on an open connection.
    Stall {
        /// How many bytes of the body arrive.
        after_bytes: u64,
    },
    /// The whole body, a few bytes at a time.
    Trickle {
        /// How many bytes at once; at least one.
        bytes_per_chunk: usize,
        /// Milliseconds of tokio's clock between two pieces.
        pause_ms: u64,
    },
    /// 200 and `application/json` over bytes that are none; always the same ones.
    Garbage,
    /// 200 and the page of a captive portal.
    Html,
    /// 200 with another body.
    Replace {
        /// The body.
        body: String,
        /// Its media type.
        #[serde(default = "json_media_type")]
        content_type: String,
    },
    /// An empty answer that sends the caller elsewhere.
    Redirect {
        /// The status code, for example 302.
        status: u16,
        /// The `Location` header.
        location: String,
    },
    /// The connection is closed without an answer. A router that is called in process cannot close anything: it answers
    /// 500 with a body that fails at once.
    Close,
}

/// The rules in force, each with the number of requests that it has matched.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Armed>>);

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        lock(&self.0).push(Armed { fault, matched: 0 });
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }

    /// The delays and then the other kind, if any, that meet this request.
    fn take(&self, method: &Method, path: &str) -> (Duration, Option<FaultKind>) {
        let mut delay = Duration::ZERO;
        for armed in lock(&self.0).iter_mut() {
            if !armed.fault.matches(method, path) || !armed.strikes() {
                continue;
            }
            match &armed.fault.kind {
                FaultKind::Delay { ms } => delay += Duration::from_millis(*ms),
                other => return (delay, Some(other.clone())),
            }
        }
        (delay, None)
    }
}

/// In the extensions of an answer: the server must close the connection instead of sending it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CloseConnection;

/// The middleware that applies the faults.
pub(crate) async fn inject(State(context): State<Arc<Context>>, request: Request, next: Next) -> Response {
    let (delay, kind) = context.faults.take(request.method(), request.uri().path());
    if !delay.is_zero() {
        sleep(delay).await;
    }
    match kind {
        None | Some(FaultKind::Delay { .. }) => next.run(request).await,
        Some(FaultKind::CutAfter { bytes, chunked }) => cut(next.run(request).await, bytes, chunked),
        Some(FaultKind::Stall { after_bytes }) => stall(next.run(request).await, after_bytes),
        Some(FaultKind::Trickle { bytes_per_chunk, pause_ms }) => {
            trickle(next.run(request).await, bytes_per_chunk.max(1), Duration::from_millis(pause_ms))
        }
        Some(FaultKind::Status { status, headers, body, content_type }) => {
            let mut response = (valid(status), body).into_response();
            set(&mut response, CONTENT_TYPE, &content_type);
            for (name, value) in headers {
                if let Ok(name) = HeaderName::try_from(name) {
                    set(&mut response, name, &value);
                }
            }
            response
        }
        Some(FaultKind::Garbage) => ([(CONTENT_TYPE, "application/json")], garbage()).into_response(),
        Some(FaultKind::Html) => ([(CONTENT_TYPE, "text/html; charset=utf-8")], CAPTIVE_PORTAL).into_response(),
        Some(FaultKind::Replace { body, content_type }) => {
            let mut response = body.into_response();
            set(&mut response, CONTENT_TYPE, &content_type);
            response
        }
        Some(FaultKind::Redirect { status, location }) => {
            let mut response = valid(status).into_response();
            set(&mut response, LOCATION, &location);
            response
        }
        Some(FaultKind::Close) => {
            let body = Body::from_stream(stream::once(async { Err::<Bytes, _>(broken()) }));
            let mut response = (StatusCode::INTERNAL_SERVER_ERROR, body).into_response();
            response.extensions_mut().insert(CloseConnection);
            response
        }
    }
}

#[derive(Debug)]
struct Armed {
    fault: Fault,
    matched: u32,
}

impl Armed {
    /// Counts a matching request and tells whether this one is spoilt.
    fn strikes(&mut self) -> bool {
        let before = self.matched;
        self.matched = self.matched.saturating_add(1);
        before >= self.fault.skip && self.fault.times.is_none_or(|times| before - self.fault.skip < times)
    }
}

const CAPTIVE_PORTAL: &str = "<!DOCTYPE html>\n<html><head><title>Welcome to the guest network</title></head>\n\
    <body><h1>Please sign in</h1><form action=\"/login\"><button>Accept</button></form></body></html>\n";

/// How much is handed to the server at once before it gets to write it out.
const SLICE: usize = 8 << 10;

fn cut(response: Response, bytes: u64, chunked: bool) -> Response {
    reshape(response, chunked, |body| {
        let rest = stream::once(async {
            flushed().await;
            Err(broken())
        });
        first_bytes(body, bytes).chain(rest)
    })
}

fn stall(response: Response, after_bytes: u64) -> Response {
    reshape(response, false, |body| first_bytes(body, after_bytes).chain(stream::pending()))
}

fn trickle(response: Response, bytes_per_chunk: usize, pause: Duration) -> Response {
    reshape(response, false, |body| {
        slices(body, bytes_per_chunk).enumerate().then(move |(index, slice)| async move {
            if index > 0 {
                sleep(pause).await;
            }
            slice
        })
    })
}

/// Replaces the body. The length of the original is announced if it was known, unless `chunked`.
fn reshape<S>(response: Response, chunked: bool, spoil: impl FnOnce(BodyDataStream) -> S) -> Response
where
    S: Stream<Item = Result<Bytes, axum::Error>> + Send + 'static,
{
    let (mut parts, body) = response.into_parts();
    match body.size_hint().exact() {
        Some(length) if !chunked => {
            parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        _ => {
            parts.headers.remove(CONTENT_LENGTH);
        }
    }
    Response::from_parts(parts, Body::from_stream(spoil(body.into_data_stream())))
}

/// The first bytes of a body in slices, with a chance for the server to write between two of them.
fn first_bytes(body: BodyDataStream, bytes: u64) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send {
    let mut left = usize::try_from(bytes).unwrap_or(usize::MAX);
    slices(body, SLICE)
        .map(move |slice| {
            slice.map(|mut slice| {
                slice.truncate(left);
                left -= slice.len();
                slice
            })
        })
        .take_while(|slice| std::future::ready(slice.as_ref().map_or(true, |slice| !slice.is_empty())))
        .then(|slice| async {
            flushed().await;
            slice
        })
}

/// A body re-cut into pieces of at most `length` bytes; empty pieces are dropped.
fn slices(body: BodyDataStream, length: usize) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send {
    body.flat_map(move |chunk| {
        let pieces: Vec<_> = match chunk {
            Ok(chunk) => {
                (0..chunk.len()).step_by(length).map(|at| Ok(chunk.slice(at..chunk.len().min(at + length)))).collect()
            }
            Err(error) => vec![Err(error)],
        };
        stream::iter(pieces)
    })
}

/// Lets the server write what it holds: hyper flushes whenever the body has nothing ready, and drops what it has not
/// flushed once the body fails.
async fn flushed() {
    tokio::task::yield_now().await;
}

fn broken() -> axum::Error {
    axum::Error::new(std::io::Error::other("broken off by a fault of the emulator"))
}

fn valid(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Sets a header; a value that HTTP cannot carry is left out.
fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Half a kibibyte of noise: a linear congruential generator, for the same bytes on every run.
fn garbage() -> Vec<u8> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(1), next).map(|state| state.to_be_bytes()[0]).take(512).collect()
}

fn json_media_type() -> String {
    "application/json".to_owned()
}
