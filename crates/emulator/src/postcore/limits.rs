//! Postcore's limits and the headers that report them.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::{Duration, Instant};

use super::Refusal;
use crate::context::Context;

const WINDOW: Duration = Duration::from_secs(15 * 60);

/// The windows of the one address that can reach a loopback server.
#[derive(Debug)]
pub(crate) struct Windows {
    /// "General": 100 requests in 15 minutes.
    general: Window,
    /// "OAuth": 10 in 15 minutes.
    oauth: Window,
}

impl Default for Windows {
    fn default() -> Self {
        Self { general: Window::new(100), oauth: Window::new(10) }
    }
}

/// The middleware around Postcore's routes: every answer tells the limit, what is left of it, and when (in Unix seconds)
/// it is whole again. `Retry-After` is not documented and not sent.
pub(super) async fn count(State(context): State<Arc<Context>>, request: Request, next: Next) -> Response {
    let oauth = request.method() == Method::GET && request.uri().path() == "/profiles/connect";
    let taken = {
        let windows = &mut context.postcore().windows;
        let window = if oauth { &mut windows.oauth } else { &mut windows.general };
        window.take(context.enforce_limits)
    };
    let mut response = if taken.granted {
        next.run(request).await
    } else {
        let refusal = Refusal::rate_limited("Too many requests, please try again later");
        refusal.with("retry_after", taken.reset_in.as_secs().max(1)).into_response()
    };
    let reset = context.clock.now().timestamp().saturating_add_unsigned(taken.reset_in.as_secs());
    let headers = response.headers_mut();
    set(headers, "x-ratelimit-limit", taken.limit.into());
    set(headers, "x-ratelimit-remaining", taken.remaining.into());
    set(headers, "x-ratelimit-reset", reset.into());
    response
}

/// A fixed window that starts with its first request.
#[derive(Debug)]
struct Window {
    limit: u32,
    used: u32,
    started: Option<Instant>,
}

/// The outcome of one request.
struct Taken {
    granted: bool,
    limit: u32,
    remaining: u32,
    reset_in: Duration,
}

impl Window {
    fn new(limit: u32) -> Self {
        Self { limit, used: 0, started: None }
    }

    /// Counts a request. Where limits are not enforced a window that is used up begins anew: a caller that heeds the
    /// headers must not be stopped by them.
    fn take(&mut self, enforced: bool) -> Taken {
        let over = self.started.is_none_or(|started| started.elapsed() >= WINDOW);
        if over || (!enforced && self.used + 1 >= self.limit) {
            self.started = Some(Instant::now());
            self.used = 0;
        }
        let granted = self.used < self.limit;
        self.used = self.used.saturating_add(1).min(self.limit);
        let elapsed = self.started.map_or(Duration::ZERO, |started| started.elapsed());
        Taken {
            granted,
            limit: self.limit,
            remaining: self.limit - self.used,
            reset_in: WINDOW.saturating_sub(elapsed),
        }
    }
}

fn set(headers: &mut HeaderMap, name: &'static str, value: HeaderValue) {
    headers.insert(name, value);
}
