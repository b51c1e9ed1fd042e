//! `Idempotency-Key` on writes: successes are kept for 24 hours and given again.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tokio::time::Instant;

use super::Refusal;
use crate::context::Context;

/// What was answered under which key.
pub(crate) type Replays = HashMap<(HeaderValue, HeaderValue), Replay>;

/// A success that is given again.
#[derive(Clone, Debug)]
pub(crate) struct Replay {
    kept_since: Instant,
    request: Fingerprint,
    status: StatusCode,
    body: Bytes,
}

/// What makes a request the same one: method, path with query, body.
type Fingerprint = (Method, String, Bytes);

const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);
const LONGEST_KEY: usize = 255;

/// The middleware around Postproxy's routes. A request is carried out in one step, so that none is ever found in flight
/// and the vendor's 409 for that case cannot occur.
pub(super) async fn replay(State(context): State<Arc<Context>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let (Some(key), Some(caller)) = (headers.get("idempotency-key").cloned(), headers.get(AUTHORIZATION).cloned())
    else {
        return next.run(request).await;
    };
    if request.method() == Method::GET {
        return next.run(request).await;
    }
    if key.len() > LONGEST_KEY {
        // The limit is documented, the answer beyond it is not.
        return Refusal::plain(StatusCode::BAD_REQUEST, "Idempotency-Key is longer than 255 characters")
            .into_response();
    }
    let (parts, body) = request.into_parts();
    // The log has read the body from the network and bounded it.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let fingerprint = (parts.method.clone(), parts.uri.to_string(), body.clone());
    let kept = context.postproxy().replays.get(&(caller.clone(), key.clone())).cloned();
    if let Some(kept) = kept.filter(|kept| kept.kept_since.elapsed() < KEPT_FOR) {
        if kept.request == fingerprint {
            return (kept.status, [(CONTENT_TYPE, "application/json")], kept.body).into_response();
        }
        let error = "Idempotency-Key was already used with a different request";
        return Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, error).into_response();
    }
    let (head, answer) = next.run(Request::from_parts(parts, Body::from(body))).await.into_parts();
    let answer = to_bytes(answer, usize::MAX).await.unwrap_or_default();
    if head.status.is_success() {
        let replay =
            Replay { kept_since: Instant::now(), request: fingerprint, status: head.status, body: answer.clone() };
        context.postproxy().replays.insert((caller, key), replay);
    }
    Response::from_parts(head, Body::from(answer))
}
