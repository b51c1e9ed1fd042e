//! Odd, and good enough: everything arrives, and nobody is asked twice.

use polyprofile::ErrorKind;

use super::{brotli, gzip, html};
use crate::{
    matrix::{Fault, once, whole},
    seconds,
    server::Reply,
};

pub(crate) fn odd_but_sound() -> Vec<Fault> {
    let fault = |name: &str, reply: fn(&str) -> Reply| Fault::new(name, reply).is(whole());
    let typed = |name: &str, header: &'static str| {
        Fault::new(name, move |body| Reply::with_headers(200, &[header], body)).is(whole())
    };
    vec![
        typed("it says that it is HTML", "Content-Type: text/html"),
        typed("it says that it is text", "Content-Type: text/plain; charset=latin1"),
        typed("it says that it is a picture", "Content-Type: image/png"),
        typed("it says that it is nothing", "Content-Type:"),
        typed("it does not say what it is", "X-Nothing: 1"),
        typed("it says that it is UTF-16", "Content-Type: application/json; charset=utf-16"),
        typed("a cookie", "Set-Cookie: session=1; Secure"),
        typed("a refresh", "Refresh: 0; url=http://elsewhere.example/"),
        typed("a place to go", "Location: http://elsewhere.example/"),
        typed("a time to wait", "Retry-After: 3600"),
        typed("a header that is no text", "X-Odd: \u{e9}\u{ff}"),
        fault("a byte-order mark before it", |body| Reply::ok(format!("\u{feff}{body}"))),
        fault("blanks around it", |body| Reply::ok(format!("\r\n\t {body} \r\n\r\n"))),
        fault("compressed by gzip", |body| {
            Reply::with_headers(200, &["Content-Encoding: gzip"], gzip(body.as_bytes()))
        }),
        fault("compressed by brotli", |body| {
            Reply::with_headers(200, &["Content-Encoding: br"], brotli(body.as_bytes()))
        }),
        fault("in chunks with remarks and trailers", |body| {
            let length = format!("{:x};remark=\"x\"\r\n", body.len());
            Reply::chunked().write(length).write(body).write("\r\n0\r\nX-Trailer: 1\r\n\r\n")
        }),
        fault("HTTP/1.0 without a length", |body| Reply::raw("HTTP/1.0 200 OK\r\n\r\n").write(body).close()),
        fault("line ends without carriage returns", |body| {
            Reply::raw(format!("HTTP/1.1 200 OK\nContent-Length: {}\n\n{body}", body.len()))
        }),
        fault("a blank line first", |body| {
            Reply::raw(format!("\r\nHTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
        }),
        fault("a hint first", |body| Reply::raw("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n").write_ok(body)),
        fault("a hundred hints first", |body| {
            Reply::raw("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(100)).write_ok(body)
        }),
        fault("an interim answer first", |body| Reply::raw("HTTP/1.1 100 Continue\r\n\r\n").write_ok(body)),
        fault("closed afterwards", |body| Reply::ok(body).close()),
        fault("reset long afterwards", |body| Reply::ok(body).pause(seconds(1)).reset()),
        fault("bytes behind its length", |body| Reply::ok(body).write("{\"id\":\"forged\"}")),
        fault("a second answer that nobody asked for", |body| {
            Reply::ok(body)
                .write_ok(r#"{"id":"forged","profile":{"profileKey":"forged"},"data":[],"items":[],"profiles":[]}"#)
        }),
        fault("members that nobody knows", |body| {
            Reply::ok(format!(r#"{{"x":null,"y":[{{}}],"total":3,"next":"\ud83d\ude00",{}"#, &body[1..]))
        }),
        fault("a member nested 10,000 deep that nobody knows", |body| {
            Reply::ok(format!(r#"{{"x":{}{},{}"#, "[".repeat(10_000), "]".repeat(10_000), &body[1..]))
        }),
        fault("a number past all numbers in a member that nobody knows", |body| {
            Reply::ok(format!(r#"{{"x":1e999,"y":123456789012345678901234567890,{}"#, &body[1..]))
        }),
        fault("escapes in every text", |body| Reply::ok(body.replace("row-", "\\u0072ow\\u002d"))),
        fault("escapes in names", |body| {
            Reply::ok(body.replacen("\"data\":", "\"d\\u0061ta\":", 1).replace("\"id\":", "\"\\u0069d\":"))
        }),
        // The clock moves on a little with each of them.
        Fault::new("in chunks of one byte", |body| {
            body.as_bytes().chunks(1).fold(Reply::chunked(), Reply::chunk).write("0\r\n\r\n")
        })
        .is(whole().after(1, seconds(25))),
        Fault::new("slow before its headers", |body| Reply::new().pause(seconds(14)).write_ok(body))
            .is(whole().after(1, seconds(14))),
        Fault::new("slow in its middle", |body| Reply::half_of(body).pause(seconds(9)).write(&body[body.len() / 2..]))
            .is(whole().after(1, seconds(9))),
        // The answer that would be fine is never asked for.
        Fault::in_turn("a redirect that is not followed, and would be fine", |body| {
            vec![html(302, "moved"), Reply::ok(body)]
        })
        .is(once(ErrorKind::Protocol)),
    ]
}
