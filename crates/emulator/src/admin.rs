//! Control over HTTP for an emulator that runs as a process. Neither recorded nor subject to faults.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde_json::json;

use crate::context::Context;
use crate::fault::Fault;

pub(crate) fn router() -> Router<Arc<Context>> {
    Router::new()
        .route("/__emulator/faults", post(add_fault).delete(clear_faults))
        .route("/__emulator/requests", get(requests).delete(clear_requests))
        .route("/__emulator/health", get(async || Json(json!({"status": "ok"}))))
}

async fn add_fault(State(context): State<Arc<Context>>, body: Bytes) -> Response {
    match serde_json::from_slice::<Fault>(&body) {
        Ok(fault) => {
            context.faults.add(fault);
            StatusCode::CREATED.into_response()
        }
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({"error": error.to_string()}))).into_response(),
    }
}

async fn clear_faults(State(context): State<Arc<Context>>) -> StatusCode {
    context.faults.clear();
    StatusCode::NO_CONTENT
}

async fn requests(State(context): State<Arc<Context>>) -> Response {
    Json(context.log.requests()).into_response()
}

async fn clear_requests(State(context): State<Arc<Context>>) -> StatusCode {
    context.log.clear();
    StatusCode::NO_CONTENT
}
