//! Pages, which only Postpress has.

use polyprofile::ErrorKind;
use serde_json::{Value, json};

use super::html;
use crate::{
    matrix::{Fault, QUICK, THROTTLED, once, whole},
    server::Reply,
};

/// Pages of five rows, each with one of these for a cursor; what comes after them answers all further requests.
fn in_pages(body: &str, cursors: &[Value], then: Option<Reply>) -> Vec<Reply> {
    let list: Value = serde_json::from_str(body).expect("the right answer is JSON");
    let rows = list["items"].as_array().expect("a list");
    let page = |(rows, cursor): (&[Value], &Value)| Reply::ok(json!({"items": rows, "cursor": cursor}).to_string());
    rows.chunks(5).zip(cursors).map(page).chain(then).collect()
}

pub(crate) fn pages() -> Vec<Fault> {
    let fault = |name: &str, replies: fn(&str) -> Vec<Reply>| Fault::in_turn(name, replies).only("postpress");
    let second = |name: &str, second: fn() -> Reply| {
        let replies = move |body: &str| in_pages(body, &[json!("2")], Some(second()));
        Fault::in_turn(format!("a second page that is {name}"), replies).only("postpress")
    };
    let cursor = |cursor: Value| {
        let name = format!("the cursor {cursor}");
        let replies = move |body: &str| in_pages(body, &[cursor.clone(), json!("3"), json!("4"), Value::Null], None);
        Fault::in_turn(name, replies).only("postpress")
    };
    vec![
        fault("a cursor that repeats at once", |body| in_pages(body, &[json!("x"), json!("x")], None))
            .lists(once(ErrorKind::Protocol).after(2, QUICK)),
        fault("a cursor that repeats later", |body| in_pages(body, &[json!("x"), json!("y"), json!("x")], None))
            .lists(once(ErrorKind::Protocol).after(3, QUICK)),
        fault("a cursor that never ends", |body| in_pages(body, &[json!("1"), json!("2"), json!("3")], None))
            .with(|http| http.limits.pages = 3)
            .lists(once(ErrorKind::TooLarge).after(3, QUICK)),
        fault("a cursor past its limit", |body| in_pages(body, &[json!("x".repeat(70_000))], None))
            .lists(once(ErrorKind::TooLarge)),
        fault("pages that are more than a listing may be", |body| {
            in_pages(body, &[json!("1"), json!("2"), json!("3")], None)
        })
        .with(|http| http.limits.listing = 3_000)
        .lists(once(ErrorKind::TooLarge).after(3, QUICK)),
        second("unavailable", || Reply::status(503, "")).lists(once(ErrorKind::Unavailable).after(4, QUICK)),
        second("refused for too many requests", || Reply::status(429, ""))
            .lists(once(ErrorKind::RateLimited).after(4, THROTTLED)),
        second("not found", || Reply::status(404, "")).lists(once(ErrorKind::NotFound).after(2, QUICK)),
        second("HTML", || html(200, "<html>")).lists(once(ErrorKind::Decode).after(2, QUICK)),
        second("empty", || Reply::ok("")).lists(once(ErrorKind::Decode).after(2, QUICK)),
        second("an empty object", || Reply::ok("{}")).lists(once(ErrorKind::Decode).after(2, QUICK)),
        second("null", || Reply::ok("null")).lists(once(ErrorKind::Decode).after(2, QUICK)),
        second("reset", || Reply::new().reset()).lists(once(ErrorKind::Network).after(4, QUICK)),
        second("cut short", || Reply::half_of(r#"{"items":[],"cursor":null}"#).close())
            .lists(once(ErrorKind::Network).after(4, QUICK)),
        second("a redirect", || Reply::status(302, "")).lists(once(ErrorKind::Protocol).after(2, QUICK)),
        // Whatever it is, it is sent back as it came.
        cursor(json!("a b&c=d/../%2f")).lists(whole().after(4, QUICK)),
        cursor(json!("\r\nX-Injected: 1")).lists(whole().after(4, QUICK)),
        cursor(json!(17)).lists(whole().after(4, QUICK)),
        cursor(json!(true)).lists(whole().after(4, QUICK)),
        cursor(json!({"after": "x"})).lists(whole().after(4, QUICK)),
    ]
}
