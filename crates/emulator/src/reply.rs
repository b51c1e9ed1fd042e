//! The parts of requests and answers that the vendors have in common.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::header::{CONTENT_TYPE, HOST, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use url::Url;

use crate::context::Context;
use crate::keys::Vendor;
use crate::{postpress, postproxy};

/// The decoded pairs of a query string, in order and with repetitions.
#[derive(Debug, Default)]
pub(crate) struct QueryPairs(pub(crate) Vec<(String, String)>);

impl QueryPairs {
    pub(crate) fn parse(raw: &str) -> Self {
        Self(url::form_urlencoded::parse(raw.as_bytes()).into_owned().collect())
    }

    /// The first value of `name` that is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// Every value of `name`.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl<S: Sync> FromRequestParts<S> for QueryPairs {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

/// The origin under which the caller reached the emulator: links in answers must lead back here.
pub(crate) struct Origin(pub(crate) String);

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(origin(&parts.headers)))
    }
}

/// The members of a JSON object in a body; none of an empty body; an error for anything else.
pub(crate) fn json_object(body: &[u8]) -> Result<Map<String, Value>, &'static str> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("the body is not a JSON object"),
        Err(_) => Err("the body is not valid JSON"),
    }
}

/// A member that is a string with something in it.
pub(crate) fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name)?.as_str().filter(|text| !text.trim().is_empty())
}

/// 302 to `target` with `pairs` appended; the query that `target` already has is kept.
pub(crate) fn redirect_with(target: &Url, pairs: &[(&str, &str)]) -> Response {
    let mut target = target.clone();
    if !pairs.is_empty() {
        target.query_pairs_mut().extend_pairs(pairs);
    }
    (StatusCode::FOUND, [(LOCATION, String::from(target))]).into_response()
}

/// A page for a browser.
pub(crate) fn page(status: StatusCode, sentence: &str) -> Response {
    let html = format!("<!doctype html>\n<title>Emulator</title>\n<p>{sentence}</p>\n");
    (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

/// Each vendor's words for a path that it does not have.
pub(crate) async fn no_such_route(State(context): State<Arc<Context>>, uri: Uri) -> Response {
    match Vendor::of(uri.path()) {
        Some(Vendor::Postproxy) => postproxy::Refusal::not_found().into_response(),
        // No document shows this case: Postcore's envelope with a code in its style.
        Some(Vendor::Postcore) => {
            let body = json!({"error": "NOT_FOUND", "message": "Route not found"});
            (StatusCode::NOT_FOUND, Json(body)).into_response()
        }
        Some(Vendor::Postpress) => postpress::no_such_route(&context),
        None => (StatusCode::NOT_FOUND, "The emulator serves /api, /profiles, /v1 and /api/v1.\n").into_response(),
    }
}

/// Whether this has the form of a Bluesky app password, `xxxx-xxxx-xxxx-xxxx`. Any such one is right.
pub(crate) fn is_app_password(password: &str) -> bool {
    let parts: Vec<&str> = password.split('-').collect();
    let fits = |part: &&str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    parts.len() == 4 && parts.iter().all(fits)
}

fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    format!("http://{host}")
}
