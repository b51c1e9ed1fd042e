//! `/api/profile_groups`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};

use super::store::{Group, Store};
use super::{Refusal, Scope};
use crate::context::Context;
use crate::reply::{json_object, text};

/// `GET /api/profile_groups`: all groups, or the one of a scoped key.
pub(super) async fn list(State(context): State<Arc<Context>>, scope: Scope) -> Response {
    let store = context.postproxy();
    let shown = store.groups.iter().filter(|group| match &scope {
        Scope::Account => group.listed,
        Scope::Group(own) => group.id == *own,
    });
    let data: Vec<Value> = shown.map(|group| shape(&store, group)).collect();
    Json(json!({"data": data})).into_response()
}

/// `GET /api/profile_groups/:id`: the bare group.
pub(super) async fn get(
    State(context): State<Arc<Context>>,
    scope: Scope,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let store = context.postproxy();
    let group = store.group(&id, &scope).ok_or_else(Refusal::not_found)?;
    Ok(Json(shape(&store, group)).into_response())
}

/// `POST /api/profile_groups`.
pub(super) async fn create(
    State(context): State<Arc<Context>>,
    scope: Scope,
    body: Bytes,
) -> Result<Response, Refusal> {
    if scope != Scope::Account {
        return Err(Refusal::no_permission());
    }
    let malformed = |message: &str| Refusal::plain(StatusCode::BAD_REQUEST, message);
    let body = json_object(&body).map_err(malformed)?;
    // The document shows no refusal of a body without a group or a name: the overview's envelopes for the two cases.
    let Some(Value::Object(members)) = body.get("profile_group") else {
        return Err(malformed("param is missing or the value is empty: profile_group"));
    };
    let name = text(members, "name").ok_or_else(|| Refusal::invalid("Name can't be blank"))?;
    let mut store = context.postproxy();
    let id = store.fresh_id("grp");
    let group = Group { id, name: name.to_owned(), listed: true, unseen_profiles: 0 };
    let reply = shape(&store, &group);
    store.groups.push(group);
    Ok((StatusCode::CREATED, Json(reply)).into_response())
}

/// `DELETE /api/profile_groups/:id`: with all its profiles. The answer says `deleted`, that of a profile `success`.
pub(super) async fn delete(
    State(context): State<Arc<Context>>,
    scope: Scope,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    if scope != Scope::Account {
        return Err(Refusal::no_permission());
    }
    let mut store = context.postproxy();
    store.group(&id, &scope).ok_or_else(Refusal::not_found)?;
    store.remove_group(&id);
    Ok(Json(json!({"deleted": true})).into_response())
}

fn shape(store: &Store, group: &Group) -> Value {
    json!({"id": group.id, "name": group.name, "profiles_count": store.profiles_count(group)})
}
