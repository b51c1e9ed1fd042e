//! Everything that can go wrong between a request and the end of its answer: the kind of the error, how many requests
//! the vendor saw, and how long it took, for a single document and for a listing.

mod support;

use std::{sync::Arc, time::Duration};

use polyprofile_core::{Error, ErrorKind, Operation};
use polyprofile_http::{HttpClient, reqwest};
use support::{
    PROFILE, Reply, SLACK, Server, assert_error, client, client_of, client_with, fetch_profile, keys, let_time_pass,
    list, listen, rows, timed,
};

/// Rows in the listing that is broken here.
const ROWS: usize = 20;

/// One way to fail.
struct Fault {
    name: &'static str,
    /// Breaks the answer that would have had this body.
    reply: fn(&str) -> Reply,
    /// What [`HttpClient::fetch`](polyprofile_http::HttpClient::fetch) and reading the document make of it.
    fetch: Expected,
    /// What [`HttpClient::profiles`](polyprofile_http::HttpClient::profiles) makes of it.
    list: Expected,
}

/// An error of this kind after so many requests and at most so much time.
#[derive(Clone, Copy)]
struct Expected(ErrorKind, u32, Duration);

const AT_ONCE: Duration = Duration::ZERO;
/// Two waits between three attempts, each shorter than its base.
const THREE_QUICK_ATTEMPTS: Duration = Duration::from_millis(200 + 400);

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn once(kind: ErrorKind) -> Expected {
    Expected(kind, 1, AT_ONCE)
}

const fn three_times(kind: ErrorKind) -> Expected {
    Expected(kind, 3, THREE_QUICK_ATTEMPTS)
}

/// Meets every fault, in a single document and in a listing, and tells all that was not as expected.
async fn check(faults: &[Fault]) {
    let mut surprises = Vec::new();
    for Fault { name, reply, fetch, list: listing } in faults {
        let server = Server::start([reply(PROFILE)]).await;
        let (outcome, elapsed) = timed(fetch_profile(&client(&server))).await;
        surprises.extend(compare(name, outcome.err(), Operation::GetProfile, *fetch, elapsed, &server));

        let server = Server::start([reply(&rows(ROWS))]).await;
        let (listened, elapsed) = timed(listen(&client(&server), list())).await;
        surprises.extend(compare(name, listened.error, Operation::ListProfiles, *listing, elapsed, &server));
        assert!(listened.rejected.is_empty(), "{name}: {:?}", listened.rejected);
        assert!(keys(ROWS).starts_with(&listened.keys), "{name}: {:?}", listened.keys);
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
}

/// What was not as expected.
fn compare(
    name: &str,
    error: Option<Error>,
    operation: Operation,
    expected: Expected,
    elapsed: Duration,
    server: &Server,
) -> Option<String> {
    let Expected(kind, requests, bound) = expected;
    let Some(error) = error else { return Some(format!("{operation}: {name}: no error")) };
    let met = (error.kind(), server.request_count());
    if met != (kind, requests as usize) || elapsed > bound + SLACK {
        return Some(format!("{operation}: {name}: {met:?} in {elapsed:?}: {error:?}"));
    }
    assert_error(&error, kind, operation, requests);
    None
}

#[tokio::test(start_paused = true)]
async fn silence_ends_by_a_deadline() {
    // A single call has 30 s in all and an attempt 15 s up to its headers, so the second attempt is the last.
    let no_headers = Expected(ErrorKind::Timeout, 2, seconds(30));
    let list_no_headers = Expected(ErrorKind::Timeout, 3, seconds(46));
    // 10 s of silence an attempt.
    let no_body = Expected(ErrorKind::Timeout, 3, seconds(30));
    let list_no_body = Expected(ErrorKind::Timeout, 3, seconds(31));
    check(&[
        Fault { name: "headers never come", reply: |_| Reply::new().hang(), fetch: no_headers, list: list_no_headers },
        Fault {
            name: "headers come byte by byte",
            reply: |_| Reply::new().drip("HTTP/1.1 200 OK\r\nX-Slow: very slow indeed\r\n\r\n", seconds(1)),
            fetch: no_headers,
            list: list_no_headers,
        },
        Fault {
            name: "an endless flood of 1xx",
            reply: |_| Reply::new().flood("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", seconds(1) / 10),
            fetch: no_headers,
            list: list_no_headers,
        },
        Fault {
            name: "the body stalls",
            reply: |body| Reply::half_of(body).hang(),
            fetch: no_body,
            list: list_no_body,
        },
        Fault {
            name: "the body never begins",
            reply: |body| Reply::promising(200, &[], body.len()).hang(),
            fetch: no_body,
            list: list_no_body,
        },
        Fault {
            name: "a byte a second, which is never silence",
            reply: |body| Reply::promising(200, &[], 1_000).drip(body.repeat(40), seconds(1)),
            // Noticed with the first byte after the grace of 10 s.
            fetch: no_body,
            list: Expected(ErrorKind::Timeout, 3, seconds(34)),
        },
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_is_asked_for_again_and_never_a_success() {
    let broken = three_times(ErrorKind::Network);
    check(&[
        Fault { name: "reset half-way", reply: |body| Reply::half_of(body).reset(), fetch: broken, list: broken },
        Fault { name: "closed half-way", reply: |body| Reply::half_of(body).close(), fetch: broken, list: broken },
        Fault {
            name: "the last byte is missing",
            reply: |body| Reply::promising(200, &[], body.len()).write(&body[..body.len() - 1]).close(),
            fetch: broken,
            list: broken,
        },
        Fault {
            name: "all of the JSON came, but not all that was promised",
            reply: |body| Reply::promising(200, &[], body.len() + 1).write(body).close(),
            fetch: broken,
            list: broken,
        },
        Fault {
            name: "no last chunk",
            reply: |body| Reply::chunked().chunk(body).close(),
            fetch: broken,
            list: broken,
        },
        Fault {
            name: "closed inside a chunk",
            reply: |body| Reply::chunked().write("ffff\r\n").write(&body[..body.len() / 2]).close(),
            fetch: broken,
            list: broken,
        },
        Fault { name: "reset before the answer", reply: |_| Reply::new().reset(), fetch: broken, list: broken },
        Fault { name: "closed before the answer", reply: |_| Reply::new().close(), fetch: broken, list: broken },
        Fault {
            name: "closed inside the headers",
            reply: |_| Reply::raw("HTTP/1.1 200 OK\r\nContent-").close(),
            fetch: broken,
            list: broken,
        },
        Fault {
            name: "cut short without any framing",
            reply: |body| Reply::raw("HTTP/1.0 200 OK\r\n\r\n").write(&body[..body.len() / 2]).close(),
            // Nothing tells a short document from a broken one; a listing knows that it has not ended.
            fetch: once(ErrorKind::Decode),
            list: broken,
        },
        Fault {
            name: "compressed and cut short",
            reply: |body| {
                let body = gzip(body.as_bytes());
                Reply::promising(200, &["Content-Encoding: gzip"], body.len()).write(&body[..body.len() / 2]).close()
            },
            fetch: broken,
            list: broken,
        },
        Fault {
            name: "compressed and reset",
            reply: |body| {
                let body = gzip(body.as_bytes());
                Reply::promising(200, &["Content-Encoding: gzip"], body.len()).write(&body[..body.len() / 2]).reset()
            },
            fetch: broken,
            list: broken,
        },
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_no_proper_http_is_not_asked_for_again() {
    let protocol = once(ErrorKind::Protocol);
    check(&[
        Fault {
            name: "no HTTP at all",
            reply: |_| Reply::raw("SSH-2.0-OpenSSH_9.6\r\n").hang(),
            fetch: protocol,
            list: protocol,
        },
        Fault {
            name: "bytes at random",
            reply: |_| Reply::raw([0, 159, 146, 150, b'\n']).hang(),
            fetch: protocol,
            list: protocol,
        },
        Fault {
            name: "two lengths",
            reply: |body| Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\n").write(body),
            fetch: protocol,
            list: protocol,
        },
        Fault {
            name: "a negative length",
            reply: |body| Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n").write(body),
            fetch: protocol,
            list: protocol,
        },
        Fault {
            name: "a length past all numbers",
            reply: |body| Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n").write(body),
            fetch: protocol,
            list: protocol,
        },
        Fault {
            name: "a chunk size that is none",
            reply: |body| Reply::chunked().write("zz\r\n").write(body).hang(),
            fetch: protocol,
            list: protocol,
        },
        Fault {
            name: "a chunk size past all numbers",
            reply: |body| Reply::chunked().write("ffffffffffffffffff\r\n").write(body).hang(),
            fetch: protocol,
            list: protocol,
        },
        Fault {
            name: "a header of a mebibyte",
            reply: |body| Reply::with_headers(200, &[&format!("X-Huge: {}", "x".repeat(1 << 20))], body),
            fetch: protocol,
            list: protocol,
        },
        Fault {
            name: "a thousand headers",
            reply: |body| Reply::with_headers(200, &["X-Many: 1"; 1_000], body),
            fetch: protocol,
            list: protocol,
        },
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_status_that_reads_do_not_document_is_no_success() {
    let protocol = once(ErrorKind::Protocol);
    let fault = |name, reply| Fault { name, reply, fetch: protocol, list: protocol };
    check(&[
        fault("204", |_| Reply::raw("HTTP/1.1 204 No Content\r\n\r\n")),
        fault("201", |body| Reply::status(201, body)),
        fault("202", |body| Reply::status(202, body)),
        fault("205", |_| Reply::status(205, "")),
        fault("206", |body| Reply::status(206, body)),
        fault("304", |_| Reply::raw("HTTP/1.1 304 Not Modified\r\n\r\n")),
        fault("600", |body| Reply::status(600, body)),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_not_the_document_is_never_an_empty_success() {
    let decode = once(ErrorKind::Decode);
    let fault = |name, reply| Fault { name, reply, fetch: decode, list: decode };
    check(&[
        fault("HTML", |_| Reply::with_headers(200, &["Content-Type: text/html"], "<!doctype html><p>Log in")),
        fault("HTML that says it is JSON", |_| Reply::ok("\r\n <html>Log in</html>")),
        fault("nothing", |_| Reply::ok("")),
        fault("nothing in chunks", |_| Reply::chunked().write("0\r\n\r\n")),
        fault("blanks", |_| Reply::ok(" \r\n\t ")),
        fault("an array", |_| Reply::ok("[]")),
        fault("an array of rows", |_| Reply::ok(r#"[{"id":"a1"}]"#)),
        fault("a string", |_| Reply::ok(r#""maintenance""#)),
        fault("a number", |_| Reply::ok("0")),
        fault("null", |_| Reply::ok("null")),
        fault("an empty object", |_| Reply::ok("{}")),
        fault("an error with status 200", |_| Reply::ok(r#"{"error":"maintenance"}"#)),
        fault("null where the rows should be", |_| Reply::ok(r#"{"data":null}"#)),
        fault("two documents", |body| Reply::ok(format!("{body}{body}"))),
        fault("a comma behind the document", |body| Reply::ok(format!("{body},"))),
        fault("UTF-16", |body| Reply::ok(body.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())),
        fault("not compressed, though it says so", |body| Reply::with_headers(200, &["Content-Encoding: gzip"], body)),
        fault("compressed and damaged", |body| {
            let mut body = gzip(body.as_bytes());
            // Of the four types of a block, this one does not exist.
            body[10] = 0b111;
            Reply::with_headers(200, &["Content-Encoding: gzip"], body)
        }),
        fault("compressed, with a wrong checksum", |body| {
            let mut body = gzip(body.as_bytes());
            let checksum = body.len() - 8;
            body[checksum] ^= 1;
            Reply::with_headers(200, &["Content-Encoding: gzip"], body)
        }),
        fault("compressed, and a mebibyte behind it", |body| {
            Reply::with_headers(200, &["Content-Encoding: gzip"], [gzip(body.as_bytes()), vec![0xff; 1 << 20]].concat())
        }),
        fault("compressed in a way that was not asked for", |body| {
            Reply::with_headers(200, &["Content-Encoding: zstd"], gzip(body.as_bytes()))
        }),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection_is_tried_again_and_ends_in_no_time() {
    tokio::spawn(let_time_pass());
    // Bound, so that nobody else gets the port, and not listening.
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("loopback has a free port");
    let client = client_of(&format!("http://{}", socket.local_addr().expect("it is bound")), |_| {});
    check_unreachable(&client, ErrorKind::Network, THREE_QUICK_ATTEMPTS).await;
}

#[tokio::test(start_paused = true)]
async fn an_unknown_host_is_tried_again_and_ends_in_no_time() {
    #[derive(Debug)]
    struct KnowsNobody;
    impl reqwest::dns::Resolve for KnowsNobody {
        fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
            Box::pin(async { Err(std::io::Error::other("no such host").into()) })
        }
    }
    tokio::spawn(let_time_pass());
    let client = client_of("http://vendor.invalid", |config| {
        let builder = polyprofile_http::hardened_builder().no_proxy().dns_resolver(Arc::new(KnowsNobody));
        config.client = Some(builder.build().expect("a client"));
    });
    check_unreachable(&client, ErrorKind::Network, THREE_QUICK_ATTEMPTS).await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_never_made_ends_by_the_connect_deadline() {
    tokio::spawn(let_time_pass());
    // The queue of connections that nobody accepts is full with one: further ones are neither made nor refused.
    let listener = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    listener.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("loopback has a free port");
    listener.listen(0).expect("a bound socket can listen");
    let address = listener.local_addr().expect("it is bound").as_socket().expect("an address of IP");
    let _queued = std::net::TcpStream::connect(address).expect("the first one is queued");

    let client = client_of(&format!("http://{address}"), |_| {});
    check_unreachable(&client, ErrorKind::Timeout, seconds(3) * 3 + THREE_QUICK_ATTEMPTS).await;
}

/// Reads and writes alike are tried three times: nothing was sent.
async fn check_unreachable(client: &HttpClient, kind: ErrorKind, bound: Duration) {
    let (outcome, elapsed) = timed(fetch_profile(client)).await;
    assert_error(&outcome.expect_err("nobody is there"), kind, Operation::GetProfile, 3);
    assert!(elapsed <= bound + SLACK, "{elapsed:?}");

    let (listened, elapsed) = timed(listen(client, list())).await;
    assert_error(&listened.error.expect("nobody is there"), kind, Operation::ListProfiles, 3);
    assert!(elapsed <= bound + SLACK, "{elapsed:?}");

    let (outcome, elapsed) = timed(client.fetch(&support::post())).await;
    assert_error(&outcome.expect_err("nobody is there"), kind, Operation::CreateGroup, 3);
    assert!(elapsed <= bound + SLACK, "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn slow_but_honest_is_a_success() {
    // 2 KiB every second, and 5 s before the headers: slower than anything usual, faster than the floor.
    let body = rows(1_000);
    let mut reply =
        Reply::new().pause(seconds(5)).write(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()));
    let pieces = body.as_bytes().chunks(2_048);
    let seconds_at_least = 5 + pieces.len() as u64 - 1;
    for piece in pieces {
        reply = reply.write(piece).pause(seconds(1));
    }
    let server = Server::start([reply]).await;
    let (listened, elapsed) = timed(listen(&client(&server), list())).await;
    assert!(listened.error.is_none(), "{:?}", listened.error);
    assert_eq!(listened.keys, keys(1_000));
    assert!(elapsed >= seconds(seconds_at_least), "{elapsed:?}");

    let mut reply = Reply::promising(200, &[], PROFILE.len());
    for byte in PROFILE.as_bytes().chunks(5) {
        reply = reply.pause(seconds(2)).write(byte);
    }
    let server = Server::start([reply]).await;
    fetch_profile(&client(&server)).await.expect("it comes within the grace");
    assert_eq!(server.request_count(), 1);
}

#[tokio::test(start_paused = true)]
async fn compressed_bodies_and_odd_framings_are_read() {
    let replies: &[fn(&str) -> Reply] = &[
        |body| Reply::with_headers(200, &["Content-Encoding: gzip"], gzip(body.as_bytes())),
        |body| Reply::with_headers(200, &["Content-Encoding: br"], brotli(body.as_bytes())),
        |body| Reply::raw("HTTP/1.0 200 OK\r\n\r\n").write(body).close(),
        |body| body.as_bytes().chunks(1).fold(Reply::chunked(), Reply::chunk).write("0\r\n\r\n"),
        |body| Reply::ok(format!("\u{feff}{body}")),
        |body| Reply::with_headers(200, &["Content-Type: text/plain; charset=latin1"], body),
        |body| {
            Reply::raw("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
                .write(body)
                .close()
        },
    ];
    for (number, reply) in replies.iter().enumerate() {
        let server = Server::start([reply(PROFILE)]).await;
        let profile = fetch_profile(&client(&server)).await.unwrap_or_else(|error| panic!("{number}: {error:?}"));
        assert_eq!((profile.id.key.as_str(), profile.name.as_deref()), ("a1", Some("Acme")), "{number}");
        assert!(profile.issues.is_empty(), "{number}: {:?}", profile.issues);

        let server = Server::start([reply(&rows(ROWS))]).await;
        let listened = listen(&client(&server), list()).await;
        assert!(listened.error.is_none(), "{number}: {:?}", listened.error);
        assert_eq!(listened.keys, keys(ROWS), "{number}");
        assert_eq!(server.request_count(), 1, "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_answer_that_nobody_asked_for_is_never_read() {
    let forged = r#"{"id":"forged","name":"Forged"}"#;
    let reply =
        Reply::ok(PROFILE).write(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{forged}", forged.len()));
    let server = Server::start([reply, Reply::ok(PROFILE)]).await;
    let client = client(&server);
    for _ in 0..2 {
        let profile = fetch_profile(&client).await.expect("an answer");
        assert_eq!(profile.id.key, "a1");
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test(start_paused = true)]
async fn bytes_that_are_no_text_cost_a_field_its_bytes_and_not_the_row() {
    let broken = b"{\"id\":\"a1\",\"name\":\"Caf\xe9\"}";
    let server = Server::start([Reply::ok(broken)]).await;
    let profile = fetch_profile(&client(&server)).await.expect("the id is fine");
    assert_eq!(profile.name.as_deref(), Some("Caf\u{fffd}"));
    assert_eq!(profile.issues.len(), 1);
    assert_eq!(profile.issues[0].kind, polyprofile_core::IssueKind::InvalidUtf8);

    let server = Server::start([Reply::ok([b"{\"data\":[", &broken[..], b"]}"].concat())]).await;
    let listened = listen(&client(&server), list()).await;
    assert_eq!(listened.profiles[0].name.as_deref(), Some("Caf\u{fffd}"));
    assert_eq!(listened.profiles[0].issues, profile.issues);
}

#[tokio::test(start_paused = true)]
async fn a_bomb_is_defused_after_the_limit() {
    // 64 MiB in some KiB, and nothing that says so beforehand.
    let blanks = vec![b' '; 64 << 20];
    let bombs =
        [("gzip", "Content-Encoding: gzip", gzip(&blanks)), ("brotli", "Content-Encoding: br", brotli(&blanks))];
    for (name, header, bomb) in bombs {
        let server = Server::start([Reply::with_headers(200, &[header], bomb)]).await;
        let client = client_with(&server, |config| config.limits.listing = 16 << 20);
        let error = fetch_profile(&client).await.expect_err(name);
        assert_error(&error, ErrorKind::TooLarge, Operation::GetProfile, 1);
        let error = listen(&client, list()).await.error.expect(name);
        assert_error(&error, ErrorKind::TooLarge, Operation::ListProfiles, 1);
        assert_eq!(server.request_count(), 2, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_past_its_limit_is_not_read_on() {
    // Whether a length is declared or not: it is what comes that counts.
    for head in ["", "Content-Length: 1099511627776\r\n"] {
        let reply = Reply::raw(format!("HTTP/1.1 200 OK\r\n{head}\r\n")).flood(" ".repeat(65_536), Duration::ZERO);
        let server = Server::start([reply]).await;
        let client = client_with(&server, |config| {
            config.limits.document = 1 << 20;
            config.limits.listing = 1 << 20;
        });
        let error = fetch_profile(&client).await.expect_err("it never ends");
        assert_error(&error, ErrorKind::TooLarge, Operation::GetProfile, 1);
        let error = listen(&client, list()).await.error.expect("it never ends");
        assert_error(&error, ErrorKind::TooLarge, Operation::ListProfiles, 1);
        server.left_by_client(2).await;
        assert_eq!(server.request_count(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_closed_between_two_calls_costs_nothing() {
    let server = Server::start([Reply::ok(PROFILE).close(), Reply::ok(PROFILE)]).await;
    let client = client(&server);
    for _ in 0..2 {
        fetch_profile(&client).await.expect("an answer");
        tokio::time::advance(seconds(1)).await;
    }
    assert_eq!(server.request_count(), 2);

    // Closed only when the next request comes: that one is lost, and sent again.
    let server = Server::start([Reply::ok(PROFILE), Reply::new().reset(), Reply::ok(PROFILE)]).await;
    let client = support::client(&server);
    for _ in 0..2 {
        fetch_profile(&client).await.expect("an answer");
    }
    assert_eq!(server.request_count(), 3);
}

/// Compresses as vendors' servers do.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

fn brotli(mut bytes: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 4, ..Default::default() };
    brotli::BrotliCompress(&mut bytes, &mut compressed, &parameters).expect("a vector takes everything");
    compressed
}
