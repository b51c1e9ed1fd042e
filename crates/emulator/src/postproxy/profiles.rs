//! `/api/profiles` and what lies below it.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::store::{Profile, Snapshot, Store, Summary};
use super::{Refusal, Scope};
use crate::clock;
use crate::context::Context;
use crate::data::{Synthetic, synthetic};
use crate::reply::QueryPairs;

/// `GET /api/profiles`. Unknown parameters are ignored, paging ones too: the list has none.
pub(super) async fn list(
    State(context): State<Arc<Context>>,
    scope: Scope,
    query: QueryPairs,
) -> Result<Response, Refusal> {
    let store = context.postproxy();
    let wanted = query.get("profile_group_id");
    if let Some(group) = wanted {
        // The document does not say what a group out of reach gives; the `:id` calls say "Not found".
        store.group(group, &scope).ok_or_else(Refusal::not_found)?;
    }
    let shows = |group: &str| scope.reaches(group) && wanted.is_none_or(|wanted| wanted == group);
    let records = store.records.iter().filter(|record| record.listed && shows(&record.profile.profile_group_id));
    let profiles: Vec<Profile> = records.map(|record| record.profile.clone()).collect();
    let Some(rows) = store.synthetic else {
        return Ok(Json(json!({"data": profiles})).into_response());
    };
    let deleted = store.deleted_synthetic.clone();
    let groups: Vec<_> = rows.groups().filter(|group| shows(group)).collect();
    let synthetic = (0..rows.count())
        .filter(move |index| !deleted.contains(index) && groups.contains(&Synthetic::group_of(*index)))
        .filter_map(move |index| rows.postproxy_profile(index));
    let body = synthetic::json_stream(r#"{"data":["#, synthetic.chain(profiles), "]}");
    Ok(([(CONTENT_TYPE, "application/json")], Body::from_stream(body)).into_response())
}

/// `GET /api/profiles/:id`: the bare profile with the latest snapshots and their sum.
pub(super) async fn get(
    State(context): State<Arc<Context>>,
    scope: Scope,
    Path(id): Path<String>,
    query: QueryPairs,
) -> Result<Response, Refusal> {
    let record = find(&context.postproxy(), &id, &scope, &query)?;
    let detail = Detail { profile: &record.profile, latest_stats: &record.latest, summary_stats: record.summary() };
    Ok(Json(detail).into_response())
}

/// `GET /api/profiles/:id/placements`.
pub(super) async fn placements(
    State(context): State<Arc<Context>>,
    scope: Scope,
    Path(id): Path<String>,
    query: QueryPairs,
) -> Result<Response, Refusal> {
    let mut store = context.postproxy();
    let record = find(&store, &id, &scope, &query)?;
    if !record.profile.has_placements() {
        // "This endpoint is available for" five networks; what the others get is not documented here. The vendor's
        // overview lists 405 for an action that a network does not support.
        let message = format!("Placements are not supported for {} profiles", record.profile.platform);
        return Err(Refusal::plain(StatusCode::METHOD_NOT_ALLOWED, &message));
    }
    Ok(Json(json!({"data": store.poll_placements(record)})).into_response())
}

/// `GET /api/profiles/:id/stats`.
pub(super) async fn stats(
    State(context): State<Arc<Context>>,
    scope: Scope,
    Path(id): Path<String>,
    query: QueryPairs,
) -> Result<Response, Refusal> {
    let record = find(&context.postproxy(), &id, &scope, &query)?;
    let platform = &record.profile.platform;
    // An empty value is read as none. Elsewhere the parameter is ignored, and not echoed.
    let placement = query.get("placement_id").filter(|_| record.profile.placement_scoped());
    if record.profile.placement_scoped() && placement.is_none() {
        let error = format!("placement_id is required for {platform} profiles");
        return Err(Refusal::new(StatusCode::BAD_REQUEST, &error));
    }
    let from = moment(&query, "from")?;
    let to = moment(&query, "to")?;
    let wanted = |snapshot: &&Snapshot| {
        let recorded_at = snapshot.moment();
        snapshot.placement_id.as_deref() == placement
            && from.is_none_or(|from| recorded_at >= Some(from))
            && to.is_none_or(|to| recorded_at <= Some(to))
    };
    let mut records: Vec<&Snapshot> = record.history.iter().filter(wanted).collect();
    records.sort_by_key(|snapshot| snapshot.moment());
    let records: Vec<_> = records
        .into_iter()
        .map(|snapshot| TimeseriesRecord { stats: &snapshot.stats, recorded_at: &snapshot.recorded_at })
        .collect();
    let data = json!({
        "profile_id": record.profile.id,
        "platform": platform,
        "placement_id": placement,
        "records": records,
    });
    Ok(Json(json!({"data": data})).into_response())
}

/// `DELETE /api/profiles/:id`. The document does not state the status; 200 goes with a body.
pub(super) async fn delete(
    State(context): State<Arc<Context>>,
    scope: Scope,
    Path(id): Path<String>,
    query: QueryPairs,
) -> Result<Response, Refusal> {
    let mut store = context.postproxy();
    find(&store, &id, &scope, &query)?;
    store.remove(&id);
    Ok(Json(json!({"success": true})).into_response())
}

#[derive(Serialize)]
struct Detail<'a> {
    #[serde(flatten)]
    profile: &'a Profile,
    latest_stats: &'a [Snapshot],
    summary_stats: Option<Summary>,
}

#[derive(Serialize)]
struct TimeseriesRecord<'a> {
    stats: &'a Map<String, Value>,
    recorded_at: &'a str,
}

fn find(store: &Store, id: &str, scope: &Scope, query: &QueryPairs) -> Result<super::Record, Refusal> {
    store.record(id, scope, query.get("profile_group_id")).ok_or_else(Refusal::not_found)
}

/// What an unreadable time gets is not documented.
fn moment(query: &QueryPairs, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let invalid = || Refusal::plain(StatusCode::BAD_REQUEST, &format!("{name} is not an ISO 8601 timestamp"));
    clock::parse(text).map(Some).ok_or_else(invalid)
}
