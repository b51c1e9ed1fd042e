//! `/users`: somebody's page on a network, seen through a linked account.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::problem::{
    DISCONNECTED_ACCOUNT, FEATURE_NOT_SUBSCRIBED, INVALID_ACCOUNT, INVALID_PARAMETERS, MISSING_PARAMETERS, Problem,
    RESOURCE_NOT_FOUND,
};
use super::sections::Wanted;
use super::{Caller, Store, accounts};
use crate::context::Context;
use crate::data::people;
use crate::reply::QueryPairs;

/// The networks whose people can be looked up, in the words of account types and of profiles alike.
const NETWORKS: [&str; 5] = ["LINKEDIN", "WHATSAPP", "INSTAGRAM", "TELEGRAM", "TWITTER"];

/// The values of `linkedin_api`. The document has none; these are the vendor's elsewhere.
const LINKEDIN_APIS: [&str; 2] = ["recruiter", "sales_navigator"];

/// `GET /users/me`: the owner of a linked account.
pub(super) async fn me(
    State(context): State<Arc<Context>>,
    _caller: Caller,
    query: QueryPairs,
) -> Result<Response, Problem> {
    let store = context.postpress();
    let account = viewer(&store, &query)?;
    let text = |name: &str| account[name].as_str().unwrap_or_default();
    // Not every type of account has a documented variant.
    let owner = people::owner(text("type"), text("name")).ok_or_else(not_designed)?;
    Ok(Json(owner).into_response())
}

/// `GET /users/{identifier}`.
pub(super) async fn person(
    State(context): State<Arc<Context>>,
    _caller: Caller,
    Path(identifier): Path<String>,
    query: QueryPairs,
) -> Result<Response, Problem> {
    let store = context.postpress();
    let account = viewer(&store, &query)?;
    let network = account["type"].as_str().unwrap_or_default();
    if !NETWORKS.contains(&network) {
        return Err(not_designed());
    }
    let invalid = |detail: String| Problem::new(INVALID_PARAMETERS, detail);
    let wanted = Wanted::from_query(&query)
        .map_err(|section| invalid(format!("linkedin_sections: unknown section {section}.")))?;
    if let Some(notify) = query.get("notify").filter(|value| !matches!(*value, "true" | "false")) {
        return Err(invalid(format!("notify: {notify} is not a boolean.")));
    }
    if network == "LINKEDIN"
        && let Some(api) = query.get("linkedin_api")
    {
        subscribed(&account, api)?;
    }
    let known = store.people.iter().find(|person| person.provider() == Some(network) && person.answers_to(&identifier));
    let person = known.ok_or_else(|| Problem::new(RESOURCE_NOT_FOUND, "The requested user was not found."))?;
    let profile = if person.verbatim || network != "LINKEDIN" { person.profile.clone() } else { wanted.apply(person) };
    Ok(Json(profile).into_response())
}

/// The linked account through which the request is made.
fn viewer(store: &Store, query: &QueryPairs) -> Result<Value, Problem> {
    let id = query.get("account_id").ok_or_else(|| Problem::new(MISSING_PARAMETERS, "account_id is required."))?;
    let account = accounts::find(store, id)?;
    let sources = account["sources"].as_array();
    if sources.is_some_and(|sources| sources.iter().any(|source| source["status"] == "CREDENTIALS")) {
        let detail = "The account is disconnected from the provider service.";
        return Err(Problem::new(DISCONNECTED_ACCOUNT, detail));
    }
    Ok(account)
}

/// "Requires the corresponding subscription on the linked account."
fn subscribed(account: &Value, api: &str) -> Result<(), Problem> {
    if !LINKEDIN_APIS.contains(&api) {
        return Err(Problem::new(INVALID_PARAMETERS, format!("linkedin_api: unknown value {api}.")));
    }
    let features = account["connection_params"]["im"]["premiumFeatures"].as_array();
    if features.is_some_and(|features| features.iter().any(|feature| feature == api)) {
        return Ok(());
    }
    let detail = "The requested feature has not been subscribed or authenticated properly.";
    Err(Problem::new(FEATURE_NOT_SUBSCRIBED, detail))
}

fn not_designed() -> Problem {
    Problem::new(INVALID_ACCOUNT, "The provided account is not designed for this feature.")
}
