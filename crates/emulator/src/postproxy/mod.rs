//! Postproxy, from the vendor's two documents "Profiles API Reference" and "Profile Groups API Reference".

mod connect;
mod groups;
mod idempotency;
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
use crate::keys::{POSTPROXY_KEY, POSTPROXY_SCOPED_KEY, bearer_token};

pub(crate) use store::{Group, Placement, Profile, Record, Snapshot, Store};

pub(crate) fn router(context: &Arc<Context>) -> Router<Arc<Context>> {
    Router::new()
        .route("/api/profiles", get(profiles::list))
        .route("/api/profiles/{id}", get(profiles::get).merge(delete(profiles::delete)))
        .route("/api/profiles/{id}/placements", get(profiles::placements))
        .route("/api/profiles/{id}/stats", get(profiles::stats))
        .route("/api/profile_groups", get(groups::list).merge(post(groups::create)))
        .route("/api/profile_groups/{id}", get(groups::get).merge(delete(groups::delete)))
        .route("/api/profile_groups/{id}/initialize_connection", post(connect::initialize))
        .layer(from_fn_with_state(Arc::clone(context), idempotency::replay))
        .route("/partner_connect/{token}", get(connect::page))
}

/// What a key may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The whole account.
    Account,
    /// One profile group.
    Group(String),
}

impl Scope {
    /// Whether a key of this scope reaches the group.
    fn reaches(&self, group: &str) -> bool {
        match self {
            Self::Account => true,
            Self::Group(own) => own == group,
        }
    }
}

impl FromRequestParts<Arc<Context>> for Scope {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, context: &Arc<Context>) -> Result<Self, Refusal> {
        match bearer_token(&parts.headers) {
            Some(POSTPROXY_KEY) => Ok(Self::Account),
            Some(POSTPROXY_SCOPED_KEY) => Ok(Self::Group(context.postproxy().bound_group.clone())),
            _ => Err(Refusal::new(StatusCode::UNAUTHORIZED, "Invalid API key")),
        }
    }
}

/// An answer that is no success, in one of Postproxy's envelopes.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    body: Value,
}

impl Refusal {
    /// `{"error": text}`, the envelope of the vendor's documents.
    fn new(status: StatusCode, error: &str) -> Self {
        Self { status, body: json!({"error": error}) }
    }

    /// The same with an `error_code`, as the document shows it for Bluesky and Telegram.
    fn coded(status: StatusCode, error: &str, code: &str) -> Self {
        Self { status, body: json!({"error": error, "error_code": code}) }
    }

    /// `{"errors": [text]}`, the envelope of failed validations in the vendor's API overview.
    fn invalid(error: &str) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, body: json!({"errors": [error]}) }
    }

    /// `{"status", "error", "message"}`, the envelope of malformed and unsupported requests in the overview.
    fn plain(status: StatusCode, message: &str) -> Self {
        let error = status.canonical_reason();
        Self { status, body: json!({"status": status.as_u16(), "error": error, "message": message}) }
    }

    /// The documented 404. It also answers for what lies outside the key's or the request's group.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found")
    }

    /// What a group's key gets for creating or deleting groups: 422, not 403.
    fn no_permission() -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Your API key has no such permission")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}
