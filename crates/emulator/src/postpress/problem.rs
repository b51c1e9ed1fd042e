//! Postpress' errors, in the envelope of its reference or in that of its quickstart.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::context::Context;

/// One of the documented error types.
#[derive(Clone, Copy, Debug)]
pub(super) struct ProblemType {
    status: StatusCode,
    /// Without the prefix `errors/`.
    name: &'static str,
    title: &'static str,
}

const fn problem_type(status: StatusCode, name: &'static str, title: &'static str) -> ProblemType {
    ProblemType { status, name, title }
}

pub(super) const MISSING_PARAMETERS: ProblemType =
    problem_type(StatusCode::BAD_REQUEST, "missing_parameters", "Missing parameters");
pub(super) const INVALID_PARAMETERS: ProblemType =
    problem_type(StatusCode::BAD_REQUEST, "invalid_parameters", "Invalid parameters");
pub(super) const LIMIT_TOO_HIGH: ProblemType =
    problem_type(StatusCode::BAD_REQUEST, "limit_too_high", "Limit too high");
pub(super) const MALFORMED_REQUEST: ProblemType =
    problem_type(StatusCode::BAD_REQUEST, "malformed_request", "Malformed request");
pub(super) const MISSING_CREDENTIALS: ProblemType =
    problem_type(StatusCode::UNAUTHORIZED, "missing_credentials", "Missing credentials");
pub(super) const DISCONNECTED_ACCOUNT: ProblemType =
    problem_type(StatusCode::UNAUTHORIZED, "disconnected_account", "Disconnected account");
pub(super) const EXPIRED_LINK: ProblemType = problem_type(StatusCode::UNAUTHORIZED, "expired_link", "Expired link");
pub(super) const FEATURE_NOT_SUBSCRIBED: ProblemType =
    problem_type(StatusCode::FORBIDDEN, "feature_not_subscribed", "Feature not subscribed");
pub(super) const RESOURCE_NOT_FOUND: ProblemType =
    problem_type(StatusCode::NOT_FOUND, "resource_not_found", "Resource not found");
pub(super) const INVALID_ACCOUNT: ProblemType =
    problem_type(StatusCode::UNPROCESSABLE_ENTITY, "invalid_account", "Invalid account");

/// An answer that is no success.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    kind: ProblemType,
    detail: String,
}

impl Problem {
    pub(super) fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }

    /// The problem in the envelope that the emulator was built with.
    fn render(&self, context: &Context) -> Response {
        let ProblemType { status, name, title } = self.kind;
        let request = context.postpress().problems.next("req_");
        let body = if context.quickstart_envelopes {
            // Of the quickstart's codes only the one for the key differs from the reference's type by more than a prefix.
            let code = if name == MISSING_CREDENTIALS.name { "key_missing" } else { name };
            json!({"error": {"code": code, "message": self.detail, "request_id": request}})
        } else {
            json!({
                "title": title,
                "type": format!("errors/{name}"),
                "status": status.as_u16(),
                "detail": self.detail,
                "instance": request,
            })
        };
        (status, Json(body)).into_response()
    }
}

impl IntoResponse for Problem {
    /// Leaves the body to [`render`], which knows the envelope.
    fn into_response(self) -> Response {
        let mut response = self.kind.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The middleware that writes the body of every problem.
pub(super) async fn render(State(context): State<Arc<Context>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    match response.extensions().get::<Problem>() {
        Some(problem) => problem.render(&context),
        None => response,
    }
}

/// The answer on a path that Postpress does not have. No document shows it; this is the nearest type.
pub(crate) fn no_such_route(context: &Context) -> Response {
    Problem::new(RESOURCE_NOT_FOUND, "No such route.").render(context)
}
