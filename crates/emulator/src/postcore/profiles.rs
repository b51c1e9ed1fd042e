//! `/profiles`, `/profiles/create` and `/profiles/:profileKey`.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};

use super::{Caller, Refusal};
use crate::context::Context;
use crate::data::synthetic;
use crate::reply::{json_object, text};

/// `GET /profiles`: all of them, without paging or filters.
pub(super) async fn list(State(context): State<Arc<Context>>, _caller: Caller) -> Response {
    let now = context.clock.now();
    let store = context.postcore();
    let listed = store.profiles.iter().filter(|profile| profile.listed);
    let profiles: Vec<Value> = listed.map(|profile| profile.listed_shape(now)).collect();
    let Some(rows) = store.synthetic else {
        return Json(json!({"profiles": profiles})).into_response();
    };
    let deleted = store.deleted_synthetic.clone();
    let synthetic = (0..rows.count())
        .filter(move |index| !deleted.contains(index))
        .filter_map(move |index| Some(rows.postcore_profile(index)?.listed_shape(now)));
    let body = synthetic::json_stream(r#"{"profiles":["#, synthetic.chain(profiles), "]}");
    ([(CONTENT_TYPE, "application/json")], Body::from_stream(body)).into_response()
}

/// `GET /profiles/:profileKey`.
pub(super) async fn get(
    State(context): State<Arc<Context>>,
    _caller: Caller,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let profile = context.postcore().profile(&key).ok_or_else(Refusal::profile_not_found)?;
    Ok(Json(profile.single_shape(context.clock.now())).into_response())
}

/// `POST /profiles/create`: the reply has no `createdAt`.
pub(super) async fn create(
    State(context): State<Arc<Context>>,
    _caller: Caller,
    body: Bytes,
) -> Result<Response, Refusal> {
    let body = json_object(&body).map_err(Refusal::invalid_request)?;
    let name = text(&body, "profileName").map(str::to_owned);
    let mut store = context.postcore();
    if name.is_some() && store.profiles.iter().any(|profile| profile.listed && profile.name == name) {
        let message = "A profile with this name already exists";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "PROFILE_ALREADY_EXISTS", message));
    }
    let profile = store.create(name, context.clock.now());
    let reply = json!({"profileKey": profile.key, "profileName": profile.name});
    Ok((StatusCode::CREATED, Json(reply)).into_response())
}

/// `DELETE /profiles/:profileKey`: the profile with its connections, for good.
pub(super) async fn delete(
    State(context): State<Arc<Context>>,
    _caller: Caller,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let mut store = context.postcore();
    store.profile(&key).ok_or_else(Refusal::profile_not_found)?;
    store.remove(&key);
    Ok(Json(json!({"message": "Profile deleted successfully"})).into_response())
}
