//! What is no proper HTTP: no second request would change it.

use std::time::Duration;

use polyprofile::ErrorKind;

use crate::{
    matrix::{Fault, once},
    server::Reply,
};

const OK: &str = "HTTP/1.1 200 OK\r\n";

pub(crate) fn no_http() -> Vec<Fault> {
    let said = |name: &str, bytes: &[u8]| {
        let bytes = bytes.to_vec();
        Fault::new(name, move |_| Reply::raw(&bytes).hang()).is(once(ErrorKind::Protocol))
    };
    let head = |name: &str, lines: &str| {
        let lines = lines.to_owned();
        let answer = move |body: &str| Reply::raw(format!("{lines}Content-Length: {}\r\n\r\n{body}", body.len()));
        Fault::new(name, answer).is(once(ErrorKind::Protocol))
    };
    vec![
        said("an SSH server", b"SSH-2.0-OpenSSH_9.6\r\n"),
        said("a mail server", b"220 mail.example ESMTP ready\r\n"),
        said("an FTP server", b"220 (vsFTPd 3.0.5)\r\n"),
        said("a Redis server", b"-ERR unknown command 'GET'\r\n"),
        said("bytes at random", &[0, 159, 146, 150, b'\n']),
        said("a TLS alert", &[21, 3, 3, 0, 2, 2, 40]),
        said("HTTP/2", &[0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100]),
        said("blanks where the first line should be", b"    \r\n\r\n"),
        Fault::new("a body without a head", |body| Reply::raw(body).close()).is(once(ErrorKind::Protocol)),
        head("another version", "HTTP/9.9 200 OK\r\n"),
        head("another protocol", "ICY 200 OK\r\n"),
        head("a status in words", "HTTP/1.1 fine OK\r\n"),
        head("a status of two digits", "HTTP/1.1 20 OK\r\n"),
        head("a status of four digits", "HTTP/1.1 2000 OK\r\n"),
        head("a status below all others", "HTTP/1.1 099 OK\r\n"),
        head("no status", "HTTP/1.1\r\n"),
        head("a header without a colon", "HTTP/1.1 200 OK\r\nno colon here\r\n"),
        head("a header without a name", "HTTP/1.1 200 OK\r\n: nameless\r\n"),
        head("a header whose name has a blank", "HTTP/1.1 200 OK\r\nX Odd: 1\r\n"),
        head("a header with a NUL", "HTTP/1.1 200 OK\r\nX-Odd: a\0b\r\n"),
        head("a header on two lines", "HTTP/1.1 200 OK\r\nX-Odd: a\r\n  b\r\n"),
        head("a header of a mebibyte", &format!("{OK}X-Huge: {}\r\n", "x".repeat(1 << 20))),
        head("a thousand headers", &format!("{OK}{}", "X-Many: 1\r\n".repeat(1_000))),
        Fault::new("headers without end", |_| Reply::raw(OK).flood("X-Flood: x\r\n".repeat(1_000), Duration::ZERO))
            .is(once(ErrorKind::Protocol)),
        Fault::new("a first line without end", |_| {
            Reply::raw("HTTP/1.1 200 ").flood("O".repeat(8_192), Duration::ZERO)
        })
        .is(once(ErrorKind::Protocol)),
        Fault::new("another protocol is switched to", |_| {
            Reply::raw("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n").hang()
        })
        .is(once(ErrorKind::Protocol)),
    ]
}

pub(crate) fn bad_framing() -> Vec<Fault> {
    let lengths = [
        ("two lengths", "Content-Length: 5\r\nContent-Length: 9"),
        ("a negative length", "Content-Length: -5"),
        ("a length with a sign", "Content-Length: +5"),
        ("a length past all numbers", "Content-Length: 99999999999999999999999"),
        ("a length in words", "Content-Length: many"),
        ("a hexadecimal length", "Content-Length: 0x20"),
        ("a fractional length", "Content-Length: 5.5"),
        ("two lengths in one line", "Content-Length: 5, 9"),
    ];
    let chunks: [(&str, &[u8]); 9] = [
        ("a chunk size that is none", b"zz\r\n"),
        ("a negative chunk size", b"-5\r\n"),
        ("a chunk size past all numbers", b"ffffffffffffffffff\r\n"),
        ("no chunk size", b"\r\n"),
        ("a chunk size with a prefix", b"0x5\r\n"),
        ("a chunk size without a carriage return", b"5\n"),
        ("a chunk that is longer than it says", b"5\r\n{\"x\": 1\r\n"),
        ("a byte after a chunk", b"1\r\n{x\r\n"),
        ("bytes at random for a chunk", &[0xff, 0xfe, 0]),
    ];
    let lengths = lengths.map(|(name, line)| {
        Fault::new(name, move |body| Reply::raw(format!("{OK}{line}\r\n\r\n{body}"))).is(once(ErrorKind::Protocol))
    });
    let chunks = chunks.map(|(name, bytes)| {
        Fault::new(name, move |body| Reply::chunked().write(bytes).write(body).hang()).is(once(ErrorKind::Protocol))
    });
    let others = [
        Fault::new("a length and chunks at once", |body| {
            Reply::raw(format!("{OK}Content-Length: {}\r\nTransfer-Encoding: chunked\r\n\r\n", body.len()))
                .chunk(body)
                .write("0\r\n\r\n")
        })
        .is(once(ErrorKind::Protocol)),
        Fault::new("a chunk's remarks without end", |_| {
            Reply::chunked().write("5;").flood("remark=".repeat(1_000), Duration::ZERO)
        })
        .is(once(ErrorKind::Protocol)),
        Fault::new("trailers without end", |body| {
            Reply::chunked().chunk(body).write("0\r\n").flood("X-Flood: x\r\n".repeat(1_000), Duration::ZERO)
        })
        .is(once(ErrorKind::Protocol)),
    ];
    lengths.into_iter().chain(chunks).chain(others).collect()
}
