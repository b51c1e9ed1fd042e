//! Listings that are decoded on another thread: the same rows, the same errors, in bounded memory, and nothing left
//! behind.

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::StreamExt as _;
use polyprofile_core::{ErrorKind, Normalize, NormalizeContext, Operation, Profile, SystemClock};
use polyprofile_http::{HttpClient, json::RowType};
use support::{
    Listened, Reply, Row, Server, assert_error, client_with, keys, list, list_in_pages, listen, rows, rows_from,
};

fn parallel(server: &Server) -> HttpClient {
    client_with(server, |config| config.parallel_decode = true)
}

/// A long list with every sort of row in it.
fn motley() -> String {
    let rows: Vec<_> = (0..3_000)
        .map(|number| match number % 100 {
            7 => r#"{"name":"nobody"}"#.to_owned(),
            20 => format!(r#"{{"id":{number},"name":"numeric"}}"#),
            40 => "7".to_owned(),
            60 => format!(r#"{{"id":"ü{number}","name":["odd"]}}"#),
            80 => format!(r#"{{"id":"large{number}","name":"{}"}}"#, "x".repeat(5_000)),
            _ => format!(r#"{{"id":"a{number}","name":"Acme € ünï"}}"#),
        })
        .collect();
    format!(r#"{{"data":[{}],"cursor":null}}"#, rows.join(" , "))
}

/// The reply, in pieces of so many bytes, each of them sent by itself.
fn in_pieces(mut reply: Reply, body: &[u8], length: usize) -> Reply {
    for piece in body.chunks(length) {
        reply = reply.write(piece).pause(Duration::from_millis(1));
    }
    reply
}

async fn both(replies: &[Reply], change: impl Fn(&mut polyprofile_http::HttpConfig)) -> [Listened; 2] {
    let mut listened = Vec::new();
    for is_parallel in [false, true] {
        let server = Server::start(replies.iter().cloned()).await;
        let client = client_with(&server, |config| {
            change(config);
            config.parallel_decode = is_parallel;
        });
        listened.push(listen(&client, list_in_pages()).await);
        assert_eq!(server.request_count(), replies.len());
    }
    listened.try_into().expect("two of them")
}

fn assert_same([here, ahead]: &[Listened; 2], case: &str) {
    assert_eq!(here.keys, ahead.keys, "{case}");
    assert_eq!(here.profiles, ahead.profiles, "{case}");
    assert_eq!(here.rejected, ahead.rejected, "{case}");
    let said = |listened: &Listened| listened.error.as_ref().map(ToString::to_string);
    assert_eq!(said(here), said(ahead), "{case}");
}

#[tokio::test(start_paused = true)]
async fn every_sort_of_row_comes_as_it_does_without() {
    let body = motley();
    for length in [1_009, 16_384, body.len()] {
        let reply = in_pieces(Reply::promising(200, &[], body.len()), body.as_bytes(), length);
        let listened = both(&[reply], |config| config.limits.item = 4_096).await;
        assert_eq!(listened[1].keys.len(), 3_000 - 90, "{:?}", listened[1].error);
        assert_eq!(listened[1].rejected.len(), 90);
        assert!(listened[1].error.is_none());
        assert_same(&listened, &format!("pieces of {length}"));
    }
}

#[tokio::test(start_paused = true)]
async fn errors_come_after_the_rows_before_them_and_are_the_same() {
    let long = rows(2_000);
    let cut = &long[..long.len() - 1_000];
    let broken = format!("{cut} oops");
    for (case, reply) in [
        ("cut short", Reply::promising(200, &[], long.len()).write(cut).close()),
        ("no JSON from here on", Reply::ok(broken.replace("a1500\"", "a1500\"}}"))),
        ("trailing data", Reply::ok(format!("{long}{{}}"))),
        ("no list", Reply::ok(r#"{"rows":[]}"#)),
        ("nothing", Reply::ok("")),
    ] {
        let listened = both(&[reply], |config| config.retry.attempts = 1).await;
        assert!(listened[1].error.is_some(), "{case}");
        assert_same(&listened, case);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_breaks_off_is_mended() {
    let long = rows(2_000);
    let broken = Reply::promising(200, &[], long.len()).write(&long[..long.len() / 2]).pause(Duration::from_secs(1));
    let server = Server::start([broken.reset(), Reply::ok(&long)]).await;
    let listened = listen(&parallel(&server), list()).await;
    assert!(listened.error.is_none(), "{:?}", listened.error);
    assert_eq!(listened.keys, keys(2_000));
}

#[tokio::test(start_paused = true)]
async fn pages_are_turned() {
    let page = |first, tail: &str| Reply::ok(rows_from(first, 700).replace("]}", &format!("],{tail}}}")));
    let server = Server::start([page(0, r#""cursor":"next""#), page(700, r#""cursor":null"#)]).await;
    let listened = listen(&parallel(&server), list_in_pages()).await;
    assert!(listened.error.is_none(), "{:?}", listened.error);
    assert_eq!(listened.keys, keys(1_400));
}

#[tokio::test(start_paused = true)]
async fn a_silent_vendor_is_not_waited_for_longer_than_without() {
    let long = rows(2_000);
    let reply = Reply::promising(200, &[], long.len()).write(&long[..long.len() / 2]).hang();
    let server = Server::start([reply]).await;
    let client = client_with(&server, |config| {
        config.parallel_decode = true;
        config.retry.attempts = 1;
    });
    let (listened, waited) = support::timed(listen(&client, list())).await;
    assert_error(&listened.error.expect("silence"), ErrorKind::Timeout, Operation::ListProfiles, 1);
    assert!(waited >= client_silence() && waited < client_silence() + support::SLACK, "{waited:?}");
}

fn client_silence() -> Duration {
    polyprofile_http::Timeouts::default().silence
}

/// A row that counts how many were mapped, and that takes its time.
struct Counted;

static MAPPED: AtomicUsize = AtomicUsize::new(0);

impl RowType for Counted {
    type Row<'de> = CountedRow<'de>;
}

#[derive(Default, serde::Deserialize)]
#[serde(default, transparent)]
struct CountedRow<'a>(#[serde(borrow)] Row<'a>);

impl Normalize for CountedRow<'_> {
    type Output = Option<Profile>;

    fn normalize(self, context: &mut NormalizeContext) -> Self::Output {
        MAPPED.fetch_add(1, Ordering::SeqCst);
        std::thread::yield_now();
        self.0.normalize(context)
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_bounded_and_a_dropped_stream_leaves_nothing_behind() {
    let server = Server::start([Reply::ok(rows(100_000))]).await;
    let clock = Arc::new(SystemClock);
    let watched = Arc::downgrade(&clock);
    let client = client_with(&server, |config| {
        config.parallel_decode = true;
        config.clock = clock;
    });
    let mut stream = client.profiles::<Counted>(list());
    for _ in 0..10 {
        stream.next().await.expect("a row").expect("a good one");
    }
    // However long the caller takes, no more is decoded than is said.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert!(MAPPED.load(Ordering::SeqCst) <= 1_024, "{}", MAPPED.load(Ordering::SeqCst));

    // In the middle of a job, or right after one.
    for _ in 0..2_000 {
        stream.next().await.expect("a row").expect("a good one");
    }
    drop(stream);
    drop(client);
    let mapped = MAPPED.load(Ordering::SeqCst);
    // Whatever still works for a listing has a client, and with it the clock.
    while watched.strong_count() > 0 {
        tokio::task::yield_now().await;
    }
    assert!(MAPPED.load(Ordering::SeqCst) <= mapped + 1);
    server.left_by_client(1).await;
}
