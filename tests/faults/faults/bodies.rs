//! Bodies that break off, stall, or are not what was asked for.

use polyprofile::ErrorKind;

use super::{gzip, html};
use crate::{
    matrix::{Expected, Fault, QUICK, once, thrice},
    seconds,
    server::Reply,
    support::VENDORS,
    vendors::envelope,
};

/// All of `body` is promised, and what comes is `sent`.
fn cut(body: &str, sent: impl AsRef<[u8]>) -> Reply {
    Reply::promising(200, &["Content-Type: application/json"], body.len()).write(sent)
}

/// `body` up to a place inside its last id.
fn up_to_a_text(body: &str) -> &str {
    &body[..body.rfind("row-").expect("each row has an id") + 4]
}

pub(crate) fn breaking_off() -> Vec<Fault> {
    let broken = thrice(ErrorKind::Network);
    let fault = |name: &str, reply: fn(&str) -> Reply| Fault::new(name, reply).is(broken.clone());
    vec![
        fault("closed before the answer", |_| Reply::new().close()),
        fault("reset before the answer", |_| Reply::new().reset()),
        fault("closed inside the first line", |_| Reply::raw("HTTP/1.1 2").close()),
        fault("closed inside the headers", |_| Reply::raw("HTTP/1.1 200 OK\r\nContent-").close()),
        fault("reset inside the headers", |_| Reply::raw("HTTP/1.1 200 OK\r\nContent-").reset()),
        fault("closed after the headers", |body| cut(body, "").close()),
        fault("reset after the headers", |body| cut(body, "").reset()),
        fault("closed after the first byte", |body| cut(body, &body[..1]).close()),
        fault("closed half-way", |body| Reply::half_of(body).close()),
        fault("reset half-way", |body| Reply::half_of(body).reset()),
        fault("closed inside a text", |body| cut(body, up_to_a_text(body)).close()),
        fault("closed inside a letter", |body| cut(body, [up_to_a_text(body).as_bytes(), b"\xc3"].concat()).close()),
        fault("closed inside an escape", |body| cut(body, up_to_a_text(body).to_owned() + "\\").close()),
        fault("closed inside a code", |body| cut(body, up_to_a_text(body).to_owned() + "\\u00").close()),
        fault("closed between surrogates", |body| cut(body, up_to_a_text(body).to_owned() + "\\ud83d").close()),
        fault("the last byte is missing", |body| cut(body, &body[..body.len() - 1]).close()),
        fault("reset before the last byte", |body| cut(body, &body[..body.len() - 1]).reset()),
        fault("all came, but not all that was promised", |body| {
            Reply::promising(200, &[], body.len() + 1).write(body).close()
        }),
        fault("all came but the last chunk", |body| Reply::chunked().chunk(body).close()),
        fault("reset before the last chunk", |body| Reply::chunked().chunk(body).reset()),
        fault("closed inside the last chunk", |body| Reply::chunked().chunk(body).write("0\r\n").close()),
        fault("closed inside a chunk's size", |body| Reply::chunked().chunk(&body[..9]).write("ff").close()),
        fault("closed inside a chunk", |body| {
            Reply::chunked().write("ffff\r\n").write(&body[..body.len() / 2]).close()
        }),
        fault("reset inside a chunk", |body| Reply::chunked().write("ffff\r\n").write(&body[..body.len() / 2]).reset()),
        fault("compressed and closed half-way", |body| compressed_half(body).close()),
        fault("compressed and reset half-way", |body| compressed_half(body).reset()),
        fault("compressed in chunks and closed half-way", |body| {
            let body = gzip(body.as_bytes());
            let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";
            Reply::raw(head).chunk(&body[..body.len() / 2]).close()
        }),
        Fault::new("cut short without any framing", |body| {
            Reply::raw("HTTP/1.0 200 OK\r\n\r\n").write(&body[..body.len() / 2]).close()
        })
        // Nothing tells a short document from a broken one; a listing knows that it has not ended.
        .gets(once(ErrorKind::Decode))
        .lists(thrice(ErrorKind::Network)),
        Fault::new("cut short by whoever wrote the length", |body| Reply::ok(&body[..body.len() - 1]))
            .gets(once(ErrorKind::Decode))
            .lists(thrice(ErrorKind::Network)),
    ]
}

fn compressed_half(body: &str) -> Reply {
    let body = gzip(body.as_bytes());
    Reply::promising(200, &["Content-Encoding: gzip"], body.len()).write(&body[..body.len() / 2])
}

pub(crate) fn silence() -> Vec<Fault> {
    let timeout = |requests, within: u64| once(ErrorKind::Timeout).after(requests, seconds(within));
    // A single call has 30 s in all and an attempt 15 s up to its headers, so the second attempt is the last.
    let no_headers = |fault: Fault| fault.gets(timeout(2, 30)).lists(timeout(3, 46));
    // 10 s of silence an attempt.
    let no_body = |fault: Fault| fault.gets(timeout(3, 30)).lists(timeout(3, 31));
    vec![
        no_headers(Fault::blunt("connected and silent", Reply::new().hang())),
        no_headers(Fault::new("headers never come", |_| Reply::new().hang())),
        no_headers(Fault::new("the last header never comes", |_| Reply::raw("HTTP/1.1 200 OK\r\nX: 1\r\n").hang())),
        no_headers(Fault::new("headers come byte by byte", |_| {
            Reply::new().drip("HTTP/1.1 200 OK\r\nX-Slow: very slow indeed\r\n\r\n", seconds(1))
        })),
        no_headers(Fault::new("an endless flood of 1xx", |_| {
            Reply::new().flood("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", seconds(1) / 10)
        })),
        no_body(Fault::new("the body never begins", |body| Reply::promising(200, &[], body.len()).hang())),
        no_body(Fault::new("the body stalls half-way", |body| Reply::half_of(body).hang())),
        no_body(Fault::new("the last byte never comes", |body| cut(body, &body[..body.len() - 1]).hang())),
        no_body(Fault::new("a chunk stalls", |body| Reply::chunked().write("ffff\r\n").write(&body[..9]).hang())),
        no_body(Fault::new("the last chunk never comes", |body| Reply::chunked().chunk(body).hang())),
        no_body(Fault::new("compressed, it stalls half-way", |body| compressed_half(body).hang())),
        // Noticed with the first byte after the grace of 10 s, ...
        Fault::new("a byte a second", |body| Reply::promising(200, &[], 1_000).drip(body.repeat(40), seconds(1)))
            .gets(timeout(3, 30))
            .lists(timeout(3, 34)),
        Fault::new("a byte in nine seconds", |body| {
            Reply::promising(200, &[], 1_000).drip(body.repeat(40), seconds(9))
        })
        .gets(timeout(2, 30))
        .lists(timeout(3, 55)),
        // ... or once what came too soon is used up: after 20 s at half the speed.
        Fault::new("half a kibibyte a second", |_| Reply::chunked().flood(blanks(512), seconds(1)))
            .gets(timeout(2, 30))
            .lists(timeout(3, 65)),
        // Fast enough, and never done: the time for all of it ends it.
        Fault::new("blanks without end at two kibibytes a second", |_| {
            Reply::chunked().flood(blanks(2_048), seconds(1))
        })
        .gets(timeout(1, 30))
        .lists(timeout(1, 120)),
        Fault::new("each attempt fails in its own way", |body| Reply::half_of(body).pause(seconds(5)).reset())
            .is(thrice(ErrorKind::Network).after(3, seconds(15) + QUICK)),
    ]
}

/// A chunk of so many blanks.
fn blanks(count: usize) -> String {
    format!("{count:x}\r\n{}\r\n", " ".repeat(count))
}

/// Other JSON, other text, or nothing: never an empty success.
pub(crate) fn not_the_document() -> Vec<Fault> {
    let fault = |name: &str, reply: fn(&str) -> Reply| Fault::new(name, reply).is(once(ErrorKind::Decode));
    let body = |name: &str, body: &'static str| Fault::new(name, move |_| Reply::ok(body)).is(once(ErrorKind::Decode));
    let mut faults = vec![
        fault("HTML", |_| html(200, "<!doctype html><p>Log in")),
        fault("HTML that says it is JSON", |_| Reply::ok("\r\n <html>Log in</html>")),
        fault("HTML after a byte-order mark", |_| Reply::ok("\u{feff}<html>Log in</html>")),
        fault("XML", |_| Reply::with_headers(200, &["Content-Type: text/xml"], "<?xml version='1.0'?><error/>")),
        fault("a line of text", |_| Reply::with_headers(200, &["Content-Type: text/plain"], "OK")),
        fault("a form", |_| {
            Reply::with_headers(200, &["Content-Type: application/x-www-form-urlencoded"], "data=%5B%5D")
        }),
        fault("a picture", |_| {
            Reply::with_headers(200, &["Content-Type: image/png"], b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
        }),
        fault("nothing", |_| Reply::ok("")),
        fault("nothing in chunks", |_| Reply::chunked().write("0\r\n\r\n")),
        fault("nothing up to the end of the connection", |_| Reply::raw("HTTP/1.0 200 OK\r\n\r\n").close()),
        fault("events", |_| Reply::with_headers(200, &["Content-Type: text/event-stream"], "data: {}\n\n")),
        body("blanks", " \r\n\t "),
        body("a byte-order mark", "\u{feff}"),
        body("null", "null"),
        body("true", "true"),
        body("false", "false"),
        body("a number", "0"),
        body("a string", r#""maintenance""#),
        body("an empty string", r#""""#),
        body("an empty array", "[]"),
        body("an array of rows", r#"[{"id":"row-0000","profileKey":"row-0000"}]"#),
        body("an array of arrays", "[[[]]]"),
        body("an empty object", "{}"),
        body("an error with status 200", r#"{"error":"maintenance"}"#),
        body("an error with a code and status 200", r#"{"error":"INVALID_API_KEY","message":"Invalid API key"}"#),
        body("a problem with status 200", r#"{"type":"errors/missing_credentials","title":"No key","status":401}"#),
        body("an error in an object with status 200", r#"{"error":{"code":"key_missing","message":"No key"}}"#),
        body("a success without anything", r#"{"success":true}"#),
        body("a message", r#"{"message":"ok"}"#),
        body("a list under another name", r#"{"rows":[]}"#),
        body("a list one level down", r#"{"result":{"data":[],"profiles":[],"items":[]}}"#),
        body("a list under a name in another case", r#"{"Data":[],"Profiles":[],"Items":[]}"#),
        body("a GraphQL error", r#"{"errors":[{"message":"no"}]}"#),
    ];
    for vendor in VENDORS {
        let empty = envelope(vendor, &[]);
        for other in ["null", "{}", r#""""#, "0", "true", r#"{"0":{}}"#] {
            let body = empty.replacen("[]", other, 1);
            let name = format!("{other} where the rows should be");
            faults.push(Fault::new(name, move |_| Reply::ok(&body)).lists(once(ErrorKind::Decode)).only(vendor));
        }
        let twice = empty.replacen('{', &format!("{{{},", &empty[1..empty.len() - 1]), 1);
        let fault = Fault::new("the list twice", move |_| Reply::ok(&twice));
        faults.push(fault.lists(once(ErrorKind::Decode)).only(vendor));
        // Postpress is documented with two envelopes, and the other one is Postproxy's.
        for other in
            VENDORS.into_iter().filter(|other| *other != vendor && (vendor, *other) != ("postpress", "postproxy"))
        {
            let body = envelope(other, &[]);
            let fault = Fault::new(format!("the list of {other}"), move |_| Reply::ok(&body));
            faults.push(fault.lists(once(ErrorKind::Decode)).only(vendor));
        }
    }
    for id in ["null", r#""""#, "{}", "[]", "true"] {
        let answer = move |body: &str| Reply::ok(body.replacen(r#""row-0000""#, id, 1));
        faults.push(Fault::new(format!("{id} for an id"), answer).gets(once(ErrorKind::Decode)));
    }
    faults
}

/// Nearly the right document.
pub(crate) fn damaged_json() -> Vec<Fault> {
    const DEEP: usize = 10_000;
    let with =
        |expected: Expected| move |name: &str, reply: fn(&str) -> Reply| Fault::new(name, reply).is(expected.clone());
    let fault = with(once(ErrorKind::Decode));
    let encoded =
        |body: &str, unit: fn(u16) -> [u8; 2]| Reply::ok(body.encode_utf16().flat_map(unit).collect::<Vec<_>>());
    vec![
        fault("two documents", |body| Reply::ok(format!("{body}{body}"))),
        fault("a comma behind the document", |body| Reply::ok(format!("{body},"))),
        fault("a bracket behind the document", |body| Reply::ok(format!("{body}}}"))),
        fault("text behind the document", |body| Reply::ok(format!("{body}\nDone."))),
        fault("a NUL behind the document", |body| Reply::ok(format!("{body}\0"))),
        fault("HTML behind the document", |body| Reply::ok(format!("{body}<!-- 12 ms -->"))),
        fault("a warning before the document", |body| Reply::ok(format!("Warning: deprecated\n{body}"))),
        fault("a guard before the document", |body| Reply::ok(format!(")]}}',\n{body}"))),
        fault("a call around the document", |body| Reply::ok(format!("callback({body});"))),
        fault("brackets around the document", |body| Reply::ok(format!("[{body}]"))),
        fault("quotes around the document", |body| Reply::ok(format!("{body:?}"))),
        fault("a remark before the document", |body| Reply::ok(format!("/* v2 */{body}"))),
        fault("a NUL before the document", |body| Reply::ok(format!("\0{body}"))),
        fault("single quotes", |body| Reply::ok(body.replace('"', "'"))),
        fault("names without quotes", |body| Reply::ok(body.replacen("{\"", "{", 1).replacen("\":", ":", 1))),
        fault("no colon", |body| Reply::ok(body.replacen("\":", "\" ", 1))),
        fault("a member without a value", |body| Reply::ok(format!("{{\"x\":,{}", &body[1..]))),
        fault("a comma too many", |body| Reply::ok(format!("{{,{}", &body[1..]))),
        fault("the wrong bracket at the end", |body| Reply::ok(format!("{}]", &body[..body.len() - 1]))),
        fault("NaN", |_| Reply::ok("NaN")),
        fault("lines of JSON", |body| Reply::ok(format!("{body}\n{body}\n"))),
        Fault::new("UTF-16, the low byte first", move |body| encoded(body, u16::to_le_bytes))
            .is(once(ErrorKind::Decode)),
        Fault::new("UTF-16, the high byte first", move |body| encoded(body, u16::to_be_bytes))
            .is(once(ErrorKind::Decode)),
        fault("UTF-16 with its mark", |body| {
            Reply::ok(format!("\u{feff}{body}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())
        }),
        fault("UTF-32", |body| Reply::ok(body.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect::<Vec<_>>())),
        fault("two byte-order marks", |body| Reply::ok(format!("\u{feff}\u{feff}{body}"))),
        fault("objects nested 10,000 deep", |_| {
            Reply::ok(format!("{}1{}", r#"{"data":"#.repeat(DEEP), "}".repeat(DEEP)))
        }),
        fault("arrays nested 10,000 deep", |_| Reply::ok(format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP)))),
        fault("arrays nested a million deep in an object", |_| {
            Reply::ok(format!(r#"{{"x":{}{}}}"#, "[".repeat(1_000_000), "]".repeat(1_000_000)))
        }),
    ]
}
