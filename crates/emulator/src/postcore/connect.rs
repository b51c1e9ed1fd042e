//! `/profiles/connect`: LinkedIn in a browser, Bluesky with credentials.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant};
use url::Url;

use super::store::{Connection, Profile, Store};
use super::{Caller, Refusal};
use crate::context::Context;
use crate::reply::{self, QueryPairs, json_object, text};

/// How long a profile must wait between two calls to Bluesky.
const BLUESKY_PAUSE: Duration = Duration::from_secs(1);

/// `GET /profiles/connect`, opened in a browser, with the key in the query. The login at LinkedIn is done at once, and
/// the browser sent back with the `profileKey`. Parameters of a failure are not documented, so none can be provoked.
pub(super) async fn browser(State(context): State<Arc<Context>>, query: QueryPairs) -> Result<Response, Refusal> {
    Caller::with_key(query.get("apiKey"))?;
    if query.get("platform") != Some("linkedin") {
        return Err(Refusal::invalid_request("platform must be linkedin"));
    }
    let return_url = query.get("returnUrl").and_then(|url| Url::parse(url).ok());
    let return_url = return_url.ok_or_else(|| Refusal::invalid_request("returnUrl must be a URL"))?;
    let now = context.clock.now();
    let mut store = context.postcore();
    let profile = profile(&mut store, query.get("profileKey"), now)?;
    let key = profile.key.clone();
    store.connect(profile, &Connection::linkedin("New Member", "newmember", now));
    Ok(reply::redirect_with(&return_url, &[("profileKey", &key)]))
}

/// `POST /profiles/connect` with `{profileKey?, platform: "bluesky", credentials: {handle, appPassword}}`.
pub(super) async fn credentials(
    State(context): State<Arc<Context>>,
    _caller: Caller,
    body: Bytes,
) -> Result<Response, Refusal> {
    let body = json_object(&body).map_err(Refusal::invalid_request)?;
    if text(&body, "platform") != Some("bluesky") {
        return Err(Refusal::invalid_request("platform must be bluesky"));
    }
    let invalid_credentials =
        || Refusal::new(StatusCode::BAD_REQUEST, "INVALID_CREDENTIALS", "Invalid Bluesky credentials");
    let given = body.get("credentials").and_then(Value::as_object).ok_or_else(invalid_credentials)?;
    let (Some(handle), Some(password)) = (text(given, "handle"), text(given, "appPassword")) else {
        return Err(invalid_credentials());
    };
    if !reply::is_app_password(password) {
        return Err(invalid_credentials());
    }
    let now = context.clock.now();
    let mut store = context.postcore();
    let profile = profile(&mut store, text(&body, "profileKey"), now)?;
    if context.enforce_limits {
        pace(&mut store, &profile.key, now)?;
    }
    let key = profile.key.clone();
    store.connect(profile, &Connection::bluesky(handle, now));
    // This reply is not documented.
    Ok(Json(json!({"profileKey": key, "platform": "bluesky", "username": handle})).into_response())
}

/// The profile that is named, or a new one when none is.
fn profile(store: &mut Store, key: Option<&str>, now: DateTime<Utc>) -> Result<Profile, Refusal> {
    match key {
        Some(key) => store.profile(key).ok_or_else(Refusal::profile_not_found),
        None => Ok(store.create(None, now).clone()),
    }
}

/// The second shape of a 429, with the platform and the moment from which it is available. The document has it for
/// publishing, which is not emulated; connecting stands in, so that the shape can be met at all.
fn pace(store: &mut Store, key: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    let wait = store.last_connect.get(key).and_then(|last| BLUESKY_PAUSE.checked_sub(last.elapsed()));
    if let Some(wait) = wait.filter(|wait| !wait.is_zero()) {
        let next = (now + wait).to_rfc3339_opts(SecondsFormat::Millis, true);
        let refusal = Refusal::rate_limited("Too many requests to this platform");
        return Err(refusal.with("platform", "bluesky").with("next_available", next));
    }
    store.last_connect.insert(key.to_owned(), Instant::now());
    Ok(())
}
