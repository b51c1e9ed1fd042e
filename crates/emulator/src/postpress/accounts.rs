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

/// What a cursor says once it is decoded.
const CURSOR_MARK: &str = "position=";

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A cursor holds a position, in base64 as the vendor's are: callers are to hand it back as it is, `=` and all.
fn encode_cursor(position: u64) -> String {
    let text = format!("{CURSOR_MARK}{position}");
    let digits = |bytes: &[u8]| {
        let (length, missing) = (bytes.len(), 3 - bytes.len());
        let bits = bytes.iter().fold(0, |bits, byte| (bits << 8) | usize::from(*byte)) << (8 * missing);
        (0..4).map(move |place| if place > length { '=' } else { char::from(BASE64[(bits >> (18 - 6 * place)) & 63]) })
    };
    text.as_bytes().chunks(3).flat_map(digits).collect()
}

fn decode_cursor(cursor: &str) -> Option<u64> {
    let (mut text, mut bits, mut held) = (String::new(), 0, 0);
    for digit in cursor.trim_end_matches('=').bytes() {
        bits = (bits << 6) | BASE64.iter().position(|known| *known == digit)?;
        held += 6;
        if held >= 8 {
            held -= 8;
            text.push(char::from(u8::try_from(bits >> held).ok()?));
            bits &= (1 << held) - 1;
        }
    }
    let position = text.strip_prefix(CURSOR_MARK)?.parse().ok()?;
    // There are other ways to write the same position; none of them was handed out.
    (encode_cursor(position) == cursor).then_some(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_its_position() {
        for position in [0, 1, 10, 250, u64::MAX] {
            assert_eq!(decode_cursor(&encode_cursor(position)), Some(position));
        }
        assert_eq!(encode_cursor(10), "cG9zaXRpb249MTA=");
        for foreign in ["", "2", "position=2", "cG9zaXRpb249", "cG9zaXRpb249MTA", "cG9zaXRpb249MTA==", "zz"] {
            assert_eq!(decode_cursor(foreign), None, "{foreign}");
        }
    }
}
