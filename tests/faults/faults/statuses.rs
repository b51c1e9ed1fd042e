//! Answers with another status than the documented one.

use std::time::Duration;

use polyprofile::ErrorKind::{
    self, ApiKey, Conflict, Invalid, NotFound, Permission, Protocol, RateLimited, Timeout, Unavailable, Unsupported,
};

use super::html;
use crate::{
    matrix::{Expected, Fault, Place, QUICK, THROTTLED, once, thrice},
    seconds,
    server::{Reply, Server},
    support::VENDORS,
};

/// Successes that the documents of reads do not know.
pub(crate) fn other_successes() -> Vec<Fault> {
    let with_body = [201, 202, 203, 206, 207, 208, 226, 299]
        .map(|status| Fault::new(format!("{status} with the right body"), move |body| Reply::status(status, body)));
    let without = [201, 202, 204, 205, 206, 304]
        .map(|status| Fault::new(format!("{status} with no body"), move |_| Reply::status(status, "")));
    let beyond = [600, 700, 999]
        .map(|status| Fault::new(format!("{status}, which is no status"), move |body| Reply::status(status, body)));
    with_body.into_iter().chain(without).chain(beyond).map(|fault| fault.is(once(Protocol))).collect()
}

/// No redirect is followed, wherever it leads.
pub(crate) fn redirects() -> Vec<Fault> {
    type Location = fn(&str) -> Option<String>;
    let places: [(&str, Location); 9] = [
        ("to another path", |_| Some("/elsewhere".to_owned())),
        ("to itself", |_| Some(String::new())),
        ("to another host", |other| Some(format!("{other}/api/profiles"))),
        ("to another host with a password", |other| Some(other.replace("//", "//user:password@"))),
        ("to another host by its scheme", |other| Some(other.replace("http:", ""))),
        ("to https", |other| Some(other.replace("http:", "https:"))),
        ("to a file", |_| Some("file:///etc/passwd".to_owned())),
        ("to an address that is none", |_| Some("http://[".to_owned())),
        ("to nowhere", |_| None),
    ];
    let mut faults = Vec::new();
    for status in [300, 301, 302, 303, 305, 307, 308] {
        for (name, location) in places {
            let place = move |body: String| async move {
                let other = Server::beside([Reply::ok(&body)]).await;
                let header = location(&other.url()).map(|location| format!("Location: {location}"));
                let headers: Vec<&str> = header.as_deref().into_iter().collect();
                let server = Server::start([Reply::with_headers(status, &headers, &body)]).await;
                let both = std::rc::Rc::new((server, other));
                let seen = std::rc::Rc::clone(&both);
                // Whoever knocks at the other one has followed.
                Place::new(both.0.url(), move || Some(seen.0.request_count() + seen.1.connections()), both)
            };
            faults.push(Fault::at(format!("{status} {name}"), place).is(once(Protocol)));
        }
    }
    faults
}

/// How an answer goes on after its head.
type End = fn(Reply) -> Reply;

/// What a status means by itself, whoever answers it: a page of a proxy, nothing, or JSON that no document shows.
pub(crate) fn refusals() -> Vec<Fault> {
    let mut faults = Vec::new();
    let bodies =
        [("", "no body"), ("<html>Sorry</html>", "HTML"), ("Sorry", "text"), ("[]", "an array"), ("{}", "an object")];
    for status in [400, 401, 403, 404, 405, 409, 422, 429, 500, 501, 502, 503, 504] {
        for (body, name) in bodies {
            let fault = || {
                let reply = move |_: &str| match name {
                    "HTML" => html(status, body),
                    _ => Reply::status(status, body),
                };
                Fault::new(format!("{status} with {name}"), reply)
            };
            if status == 401 {
                faults.extend(VENDORS.map(|vendor| fault().is(once(kind_of_401(vendor))).only(vendor)));
            } else {
                faults.push(fault().is(met_with(kind_of(status))));
            }
        }
    }
    let others = [
        402, 406, 407, 408, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 423, 424, 425, 426, 428, 431, 444, 451,
        499, 505, 506, 507, 508, 510, 511, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 598, 599,
    ];
    faults.extend(others.map(|status| {
        Fault::new(format!("{status} with no body"), move |_| Reply::status(status, "")).is(met_with(kind_of(status)))
    }));

    // The status is known by then: trouble with what explains it must neither hide it nor take long.
    let bodies: [(&str, End, Duration); 5] = [
        ("stalls", |head| head.write(r#"{"message":"#).hang(), seconds(2)),
        ("comes byte by byte", |head| head.flood(" ", Duration::from_millis(100)), seconds(2)),
        ("never ends", |head| head.flood(" ".repeat(65_536), Duration::ZERO), Duration::ZERO),
        ("is reset", |head| head.write("{").reset(), Duration::ZERO),
        ("is cut short", |head| head.write("{").close(), Duration::ZERO),
    ];
    for (name, end, within) in bodies {
        let reply = move |status: u16| move |_: &str| end(Reply::promising(status, &[], 64 << 20));
        faults.push(Fault::new(format!("404 whose body {name}"), reply(404)).is(once(NotFound).after(1, within)));
        let thrice = thrice(Unavailable).after(3, 3 * within + QUICK);
        faults.push(Fault::new(format!("503 whose body {name}"), reply(503)).is(thrice));
    }
    let nonsense = |_: &str| Reply::with_headers(404, &["Content-Encoding: gzip"], "nope");
    faults.push(Fault::new("404 whose body is not compressed as it says", nonsense).is(once(NotFound)));
    faults
}

/// By RFC 9110, and what is common beyond it.
fn kind_of(status: u16) -> ErrorKind {
    match status {
        402 | 403 => Permission,
        404 | 410 => NotFound,
        405 | 501 => Unsupported,
        408 | 504 => Timeout,
        409 | 423 => Conflict,
        429 => RateLimited,
        400..=499 => Invalid,
        _ => Unavailable,
    }
}

/// All that Postcore refuses with 401 is a key. So is all of Postproxy's that has no code of its own. Most of Postpress's
/// is not, so that nobody is accused there.
fn kind_of_401(vendor: &str) -> ErrorKind {
    if vendor == "postpress" { Permission } else { ApiKey }
}

fn met_with(kind: ErrorKind) -> Expected {
    match kind {
        RateLimited => thrice(kind).after(3, THROTTLED),
        Timeout | Unavailable => thrice(kind),
        _ => once(kind),
    }
}
