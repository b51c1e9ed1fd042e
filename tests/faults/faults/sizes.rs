//! Compression that is broken, and bodies that are too much.

use std::{io::Write as _, time::Duration};

use polyprofile::{ErrorKind, http::HttpConfig};

use crate::{
    matrix::{Fault, once},
    seconds,
    server::Reply,
};

const MEBIBYTE: usize = 1 << 20;

/// So much is allowed, and so much comes out of a bomb.
const LIMIT: usize = MEBIBYTE;
const BOMB: usize = 8 * LIMIT;

pub(crate) fn damaged_compression() -> Vec<Fault> {
    let labelled = |name: &str, label: &'static str, body: fn(&str) -> Vec<u8>| {
        let reply = move |right: &str| Reply::with_headers(200, &[&format!("Content-Encoding: {label}")], body(right));
        Fault::new(name, reply).is(once(ErrorKind::Decode))
    };
    vec![
        labelled("not compressed, though it says gzip", "gzip", |body| body.as_bytes().to_vec()),
        labelled("not compressed, though it says brotli", "br", |body| body.as_bytes().to_vec()),
        labelled("brotli that says it is gzip", "gzip", |body| brotli(body.as_bytes())),
        labelled("gzip that says it is brotli", "br", |body| gzip(body.as_bytes())),
        labelled("gzip that says nothing", "identity", |body| gzip(body.as_bytes())),
        labelled("brotli that says nothing", "identity", |body| brotli(body.as_bytes())),
        labelled("compressed in a way that was not asked for", "zstd", |body| gzip(body.as_bytes())),
        labelled("compressed in another way that was not asked for", "deflate", |body| gzip(body.as_bytes())),
        labelled("compressed twice, and it says so", "gzip, gzip", |body| gzip(&gzip(body.as_bytes()))),
        labelled("compressed twice, and it does not say so", "gzip", |body| gzip(&gzip(body.as_bytes()))),
        labelled("compressed by both ways", "br, gzip", |body| gzip(&brotli(body.as_bytes()))),
        labelled("gzip with a block of a sort that does not exist", "gzip", |body| {
            let mut body = gzip(body.as_bytes());
            body[10] = 0b111;
            body
        }),
        labelled("gzip with a wrong checksum", "gzip", |body| {
            let mut body = gzip(body.as_bytes());
            let checksum = body.len() - 8;
            body[checksum] ^= 1;
            body
        }),
        labelled("gzip with a wrong length", "gzip", |body| {
            let mut body = gzip(body.as_bytes());
            let length = body.len() - 4;
            body[length] ^= 1;
            body
        }),
        labelled("gzip and a mebibyte behind it", "gzip", |body| {
            [gzip(body.as_bytes()), vec![0xff; MEBIBYTE]].concat()
        }),
        labelled("gzip of HTML", "gzip", |_| gzip(b"<html>Log in</html>")),
        labelled("gzip of nothing", "gzip", |_| gzip(b"")),
        labelled("brotli of nothing", "br", |_| brotli(b"")),
    ]
}

pub(crate) fn too_much() -> Vec<Fault> {
    let limits = |http: &mut HttpConfig| {
        http.limits.document = LIMIT;
        http.limits.listing = LIMIT as u64;
    };
    let bomb = |name: &str, label: &'static str, bomb: fn() -> Vec<u8>| {
        let reply = move |_: &str| Reply::with_headers(200, &[&format!("Content-Encoding: {label}")], bomb());
        Fault::new(format!("a bomb of {name}"), reply).with(limits)
    };
    let flood = |name: &str, start: &'static str, piece: &'static str| {
        let piece = piece.repeat(65_536 / piece.len());
        let reply = move |_: &str| Reply::raw(format!("HTTP/1.1 200 OK\r\n{start}")).flood(&piece, Duration::ZERO);
        Fault::new(format!("a flood of {name}"), reply).with(limits).is(once(ErrorKind::TooLarge))
    };
    let too_large = once(ErrorKind::TooLarge);
    vec![
        bomb("blanks", "gzip", || gzip_of(b"", b' ')).is(too_large.clone()),
        bomb("blanks by brotli", "br", || brotli_of(b' ')).is(too_large.clone()),
        bomb("blanks, twice compressed", "gzip", || gzip(&gzip_of(b"", b' '))).is(once(ErrorKind::Decode)),
        bomb("a member that is one text", "gzip", || gzip_of(br#"{"x":""#, b'x')).is(too_large.clone()),
        bomb("a member that is one number", "gzip", || gzip_of(br#"{"x":"#, b'9')).is(too_large.clone()),
        bomb("a member that is only nested", "gzip", || gzip_of(br#"{"x":"#, b'[')).is(too_large.clone()),
        bomb("one name", "gzip", || gzip_of(br#"{""#, b'x')).is(too_large),
        bomb("zeros", "gzip", || gzip_of(b"", 0)).lists(once(ErrorKind::Decode)).gets(once(ErrorKind::TooLarge)),
        bomb("brackets", "gzip", || gzip_of(b"", b'[')).lists(once(ErrorKind::Decode)).gets(once(ErrorKind::TooLarge)),
        flood("blanks, of a length that says so", "Content-Length: 1099511627776\r\n\r\n", " "),
        flood("blanks, of no length", "\r\n", " "),
        flood("line ends", "\r\n", "\r\n"),
        flood("one text", "\r\n{\"x\":\"", "x"),
        flood("one number", "\r\n{\"x\":1", "0"),
        flood("one name of a member", "\r\n{\"", "x"),
        flood("nested arrays", "\r\n{\"x\":", "["),
        flood("nested objects", "\r\n{\"x\":", r#"{"x":"#),
        flood("members", "\r\n{", r#""x":1,"#),
        // The clock moves on a little with each round of a flood.
        Fault::new("a document past the usual limit", |_| {
            Reply::raw("HTTP/1.1 200 OK\r\n\r\n{\"x\":\"").flood("x".repeat(65_536), Duration::ZERO)
        })
        .gets(once(ErrorKind::TooLarge).after(1, seconds(10))),
    ]
}

/// Compresses as vendors' servers do.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

pub(crate) fn brotli(mut bytes: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut compressed, &quick()).expect("a vector takes everything");
    compressed
}

/// `start`, and the same byte over and over; never all of it in memory.
fn gzip_of(start: &[u8], byte: u8) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(start_of_bomb(), flate2::Compression::fast());
    encoder.write_all(start).expect("a vector takes everything");
    let piece = vec![byte; MEBIBYTE];
    for _ in 0..BOMB / MEBIBYTE {
        encoder.write_all(&piece).expect("a vector takes everything");
    }
    encoder.finish().expect("a vector takes everything")
}

fn brotli_of(byte: u8) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::with_params(start_of_bomb(), 4_096, &quick());
    let piece = vec![byte; MEBIBYTE];
    for _ in 0..BOMB / MEBIBYTE {
        encoder.write_all(&piece).expect("a vector takes everything");
    }
    encoder.into_inner()
}

fn start_of_bomb() -> Vec<u8> {
    Vec::with_capacity(512 << 10)
}

fn quick() -> brotli::enc::BrotliEncoderParams {
    brotli::enc::BrotliEncoderParams { quality: 1, lgwin: 18, ..Default::default() }
}
