//! `/accounts`: the linked accounts, and with them the health of each connection.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::problem::{INVALID_PARAMETERS, LIMIT_TOO_HIGH, Problem, RESOURCE_NOT_FOUND};
use super::{Caller, Store};
use crate::context::Context;
use crate::reply::QueryPairs;

const DEFAULT_LIMIT: usize = 100;
const HIGHEST_LIMIT: usize = 250;

/// `GET /accounts`, a page at a time; a null cursor is the end.
pub(super) async fn list(
    State(context): State<Arc<Context>>,
    _caller: Caller,
    query: QueryPairs,
) -> Result<Response, Problem> {
    let limit = match query.get("limit").map(str::parse) {
        None => DEFAULT_LIMIT,
        Some(Ok(limit @ 1..=HIGHEST_LIMIT)) => limit,
        Some(Ok(limit)) if limit > HIGHEST_LIMIT => {
            return Err(Problem::new(LIMIT_TOO_HIGH, "limit must not be greater than 250."));
        }
        Some(_) => return Err(Problem::new(INVALID_PARAMETERS, "limit must be a number from 1 to 250.")),
    };
    let start = match query.get("cursor") {
        None => 0,
        Some(cursor) => {
            decode_cursor(cursor).ok_or_else(|| Problem::new(INVALID_PARAMETERS, "cursor is not one of ours."))?
        }
    };
    let store = context.postpress();
    let mut rows = store.accounts_from(start);
    let items: Vec<Value> = rows.by_ref().take(limit).map(|(_, account)| account).collect();
    let cursor = rows.next().map(|(position, _)| encode_cursor(position));
    let body = if context.quickstart_envelopes {
        json!({"data": items, "next_cursor": cursor})
    } else {
        json!({"object": "AccountList", "items": items, "cursor": cursor})
    };
    Ok(Json(body).into_response())
}

/// `GET /accounts/{id}`.
pub(super) async fn get(
    State(context): State<Arc<Context>>,
    _caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    Ok(Json(find(&context.postpress(), &id)?).into_response())
}

/// `DELETE /accounts/{id}`.
pub(super) async fn delete(
    State(context): State<Arc<Context>>,
    _caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let mut store = context.postpress();
    find(&store, &id)?;
    store.remove(&id);
    Ok(Json(json!({"object": "AccountDeleted"})).into_response())
}

pub(super) fn find(store: &Store, id: &str) -> Result<Value, Problem> {
    store.account(id).ok_or_else(|| Problem::new(RESOURCE_NOT_FOUND, "The requested account was not found."))
}

/// The marker that a cursor starts with before its digits are disguised.
const CURSOR_MARK: &str = "position=";

/// A cursor holds a position, but callers shall not see that: they are to hand it back as it is.
fn encode_cursor(position: u64) -> String {
    use std::fmt::Write as _;
    format!("{CURSOR_MARK}{position}").bytes().fold(String::new(), |mut cursor, byte| {
        // Writing to a string cannot fail.
        let _ = write!(cursor, "{byte:02X}");
        cursor
    })
}

fn decode_cursor(cursor: &str) -> Option<u64> {
    let digits: Option<Vec<u32>> = cursor.chars().map(|digit| digit.to_digit(16)).collect();
    let text: Option<String> = digits?
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => char::from_u32(high * 16 + low),
            _ => None,
        })
        .collect();
    text?.strip_prefix(CURSOR_MARK)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_its_position() {
        for position in [0, 1, 250, u64::MAX] {
            assert_eq!(decode_cursor(&encode_cursor(position)), Some(position));
        }
        for foreign in ["", "2", "position=2", "706F736974696F6E3D", "zz"] {
            assert_eq!(decode_cursor(foreign), None, "{foreign}");
        }
    }
}
