//! Hosted links: a page of the vendor's on which a person links an account or links it again.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use url::Url;

use super::problem::{EXPIRED_LINK, INVALID_PARAMETERS, MALFORMED_REQUEST, MISSING_PARAMETERS, Problem};
use super::{Caller, Store, accounts};
use crate::clock;
use crate::context::Context;
use crate::data::people;
use crate::reply::{self, Origin, QueryPairs, json_object, text};

/// What a link may be asked to offer, with the type of the account that comes of it: Google has two names.
const PROVIDERS: [(&str, &str); 9] = [
    ("LINKEDIN", "LINKEDIN"),
    ("WHATSAPP", "WHATSAPP"),
    ("INSTAGRAM", "INSTAGRAM"),
    ("MESSENGER", "MESSENGER"),
    ("TELEGRAM", "TELEGRAM"),
    ("GOOGLE", "GOOGLE_OAUTH"),
    ("OUTLOOK", "OUTLOOK"),
    ("TWITTER", "TWITTER"),
    ("MAIL", "MAIL"),
];

/// Selectors of several providers, with the one that a person picks here.
const SELECTORS: [(&str, &str); 4] =
    [("*", "LINKEDIN"), ("*:MESSAGING", "LINKEDIN"), ("*:MAILING", "GOOGLE"), ("*:CALENDAR", "GOOGLE")];

/// A link that was handed out.
#[derive(Clone, Debug)]
pub(crate) struct HostedLink {
    purpose: Purpose,
    expires_on: DateTime<Utc>,
    success: Option<Url>,
    failure: Option<Url>,
}

#[derive(Clone, Debug)]
enum Purpose {
    /// Link a new account of this type.
    Create { account_type: &'static str, name: Option<String> },
    /// Link this account again.
    Reconnect { account: String },
}

/// `POST /hosted/accounts/link`. The status of the reply is not documented; 201 is that of the vendor's other creations.
pub(super) async fn link(
    State(context): State<Arc<Context>>,
    _caller: Caller,
    Origin(origin): Origin,
    body: Bytes,
) -> Result<Response, Problem> {
    let body = json_object(&body).map_err(|message| Problem::new(MALFORMED_REQUEST, message))?;
    let expires_on = required(&body, "expiresOn")?;
    let expires_on = exact_moment(expires_on)
        .ok_or_else(|| Problem::new(INVALID_PARAMETERS, "expiresOn must match YYYY-MM-DDTHH:MM:SS.sssZ."))?;
    let mut store = context.postpress();
    let purpose = match required(&body, "type")? {
        "create" => {
            let account_type = provider(body.get("providers"))?;
            Purpose::Create { account_type, name: text(&body, "name").map(str::to_owned) }
        }
        "reconnect" => {
            let account = required(&body, "reconnect_account")?;
            accounts::find(&store, account)?;
            Purpose::Reconnect { account: account.to_owned() }
        }
        _ => return Err(Problem::new(INVALID_PARAMETERS, "type must be create or reconnect.")),
    };
    let success = url(&body, "success_redirect_url")?;
    let failure = url(&body, "failure_redirect_url")?;
    let token = store.ids.next("link_");
    let address = format!("{origin}/hosted/{token}");
    store.links.insert(token, HostedLink { purpose, expires_on, success, failure });
    Ok((StatusCode::CREATED, Json(json!({"object": "HostedAuthUrl", "url": address}))).into_response())
}

/// `GET /hosted/{token}`: the page itself. The person logs in at once, and the browser is sent to the caller's page;
/// `?outcome=failure` makes the login fail. Parameters on the way back are not documented, so none are added.
pub(super) async fn page(
    State(context): State<Arc<Context>>,
    Path(token): Path<String>,
    query: QueryPairs,
) -> Result<Response, Problem> {
    let now = context.clock.now();
    let mut store = context.postpress();
    let Some(link) = store.links.get(&token).cloned() else {
        return Ok(reply::page(StatusCode::NOT_FOUND, "This link is unknown or has been used."));
    };
    if link.expires_on <= now {
        return Err(Problem::new(EXPIRED_LINK, "This link has expired. Generate a new one."));
    }
    let failed = query.get("outcome") == Some("failure");
    if !failed {
        store.links.remove(&token);
        complete(&mut store, link.purpose, now);
    }
    let (target, sentence) =
        if failed { (link.failure, "The account was not linked.") } else { (link.success, "The account is linked.") };
    Ok(match target {
        Some(url) => reply::redirect_with(&url, &[]),
        None => reply::page(StatusCode::OK, sentence),
    })
}

fn complete(store: &mut Store, purpose: Purpose, now: DateTime<Utc>) {
    match purpose {
        Purpose::Create { account_type, name } => {
            let id = store.ids.next("acc_");
            let name = name.unwrap_or_else(|| "New account".to_owned());
            let source =
                if matches!(account_type, "GOOGLE_OAUTH" | "OUTLOOK" | "MAIL") { "MAILS" } else { "MESSAGING" };
            store.accounts.push(json!({
                "object": "Account",
                "type": account_type,
                "id": id,
                "name": name,
                "created_at": clock::milliseconds(now),
                "groups": [],
                "sources": [{"id": format!("{id}_{source}"), "status": "OK"}],
                "connection_params": people::connection_params(account_type, &name),
            }));
        }
        Purpose::Reconnect { account } => {
            let Some(mut renewed) = store.account(&account) else { return };
            for source in renewed["sources"].as_array_mut().into_iter().flatten() {
                source["status"] = json!("OK");
            }
            if let Some(known) = store.accounts.iter_mut().find(|known| known["id"] == *account) {
                *known = renewed;
            } else {
                // A synthetic row that changes becomes a stored one.
                store.remove(&account);
                store.accounts.push(renewed);
            }
        }
    }
}

fn required<'a>(body: &'a Map<String, Value>, name: &str) -> Result<&'a str, Problem> {
    text(body, name).ok_or_else(|| Problem::new(MISSING_PARAMETERS, format!("{name} is required.")))
}

/// The type of the account that a person links: the first provider offered.
fn provider(providers: Option<&Value>) -> Result<&'static str, Problem> {
    let unknown = || Problem::new(INVALID_PARAMETERS, "providers is not a known selector or a list of providers.");
    let first = match providers {
        None => return Err(Problem::new(MISSING_PARAMETERS, "providers is required.")),
        Some(Value::String(selector)) => {
            let known = SELECTORS.iter().find(|(name, _)| name == selector);
            known.map(|(_, provider)| *provider).ok_or_else(unknown)?
        }
        Some(Value::Array(list)) => {
            let known = |item: &Value| PROVIDERS.iter().any(|(name, _)| item == name);
            if !list.iter().all(known) {
                return Err(unknown());
            }
            list.first().and_then(Value::as_str).ok_or_else(unknown)?
        }
        Some(_) => return Err(unknown()),
    };
    let known = PROVIDERS.iter().find(|(name, _)| *name == first);
    known.map(|(_, account_type)| *account_type).ok_or_else(unknown)
}

fn url(body: &Map<String, Value>, name: &str) -> Result<Option<Url>, Problem> {
    let invalid = |_| Problem::new(INVALID_PARAMETERS, format!("{name} is not a URL."));
    text(body, name).map(Url::parse).transpose().map_err(invalid)
}

/// A moment in exactly the documented pattern: UTC, with three digits of milliseconds.
fn exact_moment(text: &str) -> Option<DateTime<Utc>> {
    clock::parse(text).filter(|moment| clock::milliseconds(*moment) == text)
}
