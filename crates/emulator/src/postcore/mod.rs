//! Postcore, from the vendor's documents "List Profiles", "Connect", "Errors" and "Rate limits".

mod connect;
mod limits;
mod profiles;
mod store;

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::context::Context;
use crate::keys::{POSTCORE_KEY, api_key_header};

pub(crate) use store::{Connection, Profile, Store};

pub(crate) fn router(context: &Arc<Context>) -> Router<Arc<Context>> {
    Router::new()
        .route("/profiles", get(profiles::list))
        .route("/profiles/create", post(profiles::create))
        .route("/profiles/connect", get(connect::browser).merge(post(connect::credentials)))
        .route("/profiles/{key}", get(profiles::get).merge(delete(profiles::delete)))
        .layer(from_fn_with_state(Arc::clone(context), limits::count))
}

/// Proof that the request carried the right key.
pub(crate) struct Caller;

impl Caller {
    fn with_key(key: Option<&str>) -> Result<Self, Refusal> {
        match key {
            Some(POSTCORE_KEY) => Ok(Self),
            Some(_) => Err(Refusal::new(StatusCode::UNAUTHORIZED, "INVALID_API_KEY", "Invalid API key")),
            None => Err(Refusal::new(StatusCode::UNAUTHORIZED, "MISSING_API_KEY", "API key is required")),
        }
    }
}

impl FromRequestParts<Arc<Context>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _context: &Arc<Context>) -> Result<Self, Refusal> {
        Self::with_key(api_key_header(&parts.headers))
    }
}

/// An answer that is no success: `{"error": CODE, "message": text, ...}`.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    body: Value,
}

impl Refusal {
    fn new(status: StatusCode, code: &str, message: &str) -> Self {
        Self { status, body: json!({"error": code, "message": message}) }
    }

    /// Adds a member beside code and message.
    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.body[name] = value.into();
        self
    }

    fn profile_not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "PROFILE_NOT_FOUND", "Profile not found")
    }

    fn rate_limited(message: &str) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMIT_EXCEEDED", message)
    }

    /// The documents have no code for a malformed request; this one follows their style.
    fn invalid_request(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}
