//! Staying below rates under concurrency, and waits that are cancelled, in vain or longer than time.

mod support;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use polyprofile_core::{ErrorKind, FixedClock};
use polyprofile_http::{HttpConfig, Rate, RetryPolicy};
use support::{PROFILE, Reply, SLACK, Server, client_with, fetch_profile, keys, list, listen, rows, timed};
use tokio::time::Instant;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The wall clock, which the vendor's moments are compared with, stands still here.
fn now() -> DateTime<Utc> {
    "2026-01-02T03:04:05Z".parse().expect("a moment")
}

/// An answer that tells what is left of a hundred requests, and for how many seconds; after half a second, so that
/// several are under way at once.
fn telling(remaining: u32, reset_in: i64) -> Reply {
    let told = format!("X-RateLimit-Remaining: {remaining}\r\nX-RateLimit-Reset: {}", now().timestamp() + reset_in);
    let length = PROFILE.len();
    Reply::new().pause(Duration::from_millis(500)).write(format!(
        "HTTP/1.1 200 OK\r\nX-RateLimit-Limit: 100\r\n{told}\r\nContent-Length: {length}\r\n\r\n{PROFILE}"
    ))
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_wait_gives_its_place_back() {
    let server = Server::start([Reply::ok(PROFILE)]).await;
    let client = client_with(&server, |config| config.rate = Some(Rate::new(1, seconds(20))));
    fetch_profile(&client).await.expect("the first one goes at once");
    let started = Instant::now();
    for _ in 0..50 {
        let waiting = tokio::time::timeout(Duration::from_millis(100), fetch_profile(&client)).await;
        assert!(waiting.is_err(), "{waiting:?}");
    }
    assert_eq!(server.request_count(), 1);
    fetch_profile(&client).await.expect("there is a place");
    assert!(started.elapsed() <= seconds(20) + SLACK, "{:?}", started.elapsed());
    assert_eq!(server.request_count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_place_beyond_the_callers_time_is_refused_at_once_and_not_taken() {
    let server = Server::start([Reply::ok(rows(1))]).await;
    let client = client_with(&server, |config| {
        config.rate = Some(Rate::new(1, seconds(60)));
        config.timeouts.call = seconds(5);
        config.timeouts.listing = seconds(90);
    });
    assert_eq!(listen(&client, list()).await.keys, keys(1));
    for _ in 0..10 {
        let (outcome, elapsed) = timed(fetch_profile(&client)).await;
        let error = outcome.expect_err("the next place comes after a minute");
        assert_eq!((error.kind(), error.attempts(), elapsed), (ErrorKind::RateLimited, 0, Duration::ZERO));
        assert!(error.retry_after().is_some_and(|wait| wait > seconds(5) && wait <= seconds(60)), "{error:?}");
    }
    // Who has the time gets the very next one.
    let (listened, elapsed) = timed(listen(&client, list())).await;
    assert_eq!(listened.keys, keys(1));
    assert!(elapsed <= seconds(60) + SLACK, "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn however_many_ask_at_once_no_more_are_sent_than_are_left() {
    for left in [1, 2, 5] {
        let replies = (0..=left).rev().map(|remaining| telling(remaining, 900));
        let server = Server::start(replies).await;
        let client = client_with(&server, |config| {
            config.clock = Arc::new(FixedClock(now()));
            config.limits.concurrency = 50;
        });
        fetch_profile(&client).await.expect("nothing was told before it");
        let outcomes = join_all((0..50).map(|_| fetch_profile(&client))).await;
        let (sent, held_back): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(sent.len(), left as usize);
        for error in held_back.into_iter().map(|outcome| outcome.expect_err("it was held back")) {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 0), "{error:?}");
            assert_eq!(error.retry_after(), Some(seconds(900)));
        }
        assert_eq!(server.request_count(), 1 + left as usize, "{left}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_what_is_under_way_goes_on_as_soon_as_it_tells() {
    // One is left, and the answer to it tells of a fresh window.
    let server = Server::start([telling(1, 900), telling(99, 1_800)]).await;
    let client = client_with(&server, |config| config.clock = Arc::new(FixedClock(now())));
    fetch_profile(&client).await.expect("nothing was told before it");
    let (outcomes, elapsed) = timed(join_all((0..5).map(|_| fetch_profile(&client)))).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert!(elapsed <= seconds(1) + SLACK, "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_call_leaves_what_was_left() {
    let server = Server::start([telling(1, 900), Reply::new().hang(), telling(0, 900)]).await;
    let client = client_with(&server, |config| config.clock = Arc::new(FixedClock(now())));
    fetch_profile(&client).await.expect("nothing was told before it");
    let cancelled = tokio::time::timeout(seconds(1), fetch_profile(&client)).await;
    assert!(cancelled.is_err(), "{cancelled:?}");
    fetch_profile(&client).await.expect("as far as anybody knows one is left");
    fetch_profile(&client).await.expect_err("none is left");
    assert_eq!(server.request_count(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_open_circuit_is_told_at_once_whatever_else_there_is_to_wait_for() {
    let server = Server::start([Reply::status(503, "")]).await;
    let client = client_with(&server, |config| {
        config.retry = RetryPolicy::never();
        config.rate = Some(Rate::new(10, seconds(100)));
    });
    for _ in 0..10 {
        fetch_profile(&client).await.expect_err("an outage");
    }
    let (outcome, elapsed) = timed(fetch_profile(&client)).await;
    let error = outcome.expect_err("it is open");
    assert_eq!((error.kind(), error.attempts(), elapsed), (ErrorKind::Unavailable, 0, Duration::ZERO), "{error:?}");
    assert_eq!(server.request_count(), 10);
}

#[tokio::test(start_paused = true)]
async fn no_configured_duration_is_too_long() {
    let changes: [fn(&mut HttpConfig); 10] = [
        |config| config.timeouts.connect = Duration::MAX,
        |config| config.timeouts.headers = Duration::MAX,
        |config| config.timeouts.silence = Duration::MAX,
        |config| config.timeouts.call = Duration::MAX,
        |config| config.timeouts.listing = Duration::MAX,
        |config| config.timeouts.grace = Duration::MAX,
        |config| config.rate = Some(Rate::new(1_000, Duration::MAX)),
        |config| config.rate = Some(Rate::new(0, Duration::ZERO)),
        |config| config.breaker.open = Duration::MAX,
        |config| config.retry.longest = Duration::MAX,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let server = Server::start([Reply::ok(PROFILE), Reply::status(503, "")]).await;
        let client = client_with(&server, |config| {
            config.retry = RetryPolicy::never();
            change(config);
        });
        fetch_profile(&client).await.unwrap_or_else(|error| panic!("{number}: {error:?}"));
        for _ in 0..12 {
            let error = fetch_profile(&client).await.expect_err("an outage, or an open circuit");
            assert_eq!(error.kind(), ErrorKind::Unavailable, "{number}: {error:?}");
        }
        let listened = listen(&client, list()).await;
        assert_eq!(listened.error.map(|error| error.kind()), Some(ErrorKind::Unavailable), "{number}");
    }
}
