//! Answers that are no success: what their status means, how long they ask to wait, and that no redirect is followed.

mod support;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use polyprofile_core::{ErrorKind, FixedClock, Operation, Remedy};
use polyprofile_http::{BreakerPolicy, Method, Rate, Request, RetryPolicy};
use support::{
    Always, KEY, PROFILE, Reply, SLACK, Server, assert_error, client, client_with, everything_said_by, fetch_profile,
    get, list, listen, post, rows, timed,
};
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn every_status_has_its_kind_and_only_what_can_pass_is_tried_again() {
    use ErrorKind::{
        ApiKey, Conflict, Invalid, NotFound, Permission, Protocol, RateLimited, Timeout, Unavailable, Unsupported,
    };
    for (status, kind, requests) in [
        (300, Protocol, 1),
        (400, Invalid, 1),
        (401, ApiKey, 1),
        (402, Permission, 1),
        (403, Permission, 1),
        (404, NotFound, 1),
        (405, Unsupported, 1),
        (406, Invalid, 1),
        (407, Invalid, 1),
        (408, Timeout, 3),
        (409, Conflict, 1),
        (410, NotFound, 1),
        (422, Invalid, 1),
        (429, RateLimited, 3),
        (451, Invalid, 1),
        (500, Unavailable, 3),
        (501, Unsupported, 1),
        (502, Unavailable, 3),
        (503, Unavailable, 3),
        (504, Timeout, 3),
        (529, Unavailable, 3),
    ] {
        let server = Server::start([Reply::status(status, "")]).await;
        let error = fetch_profile(&client(&server)).await.expect_err("no success");
        assert_error(&error, kind, Operation::GetProfile, requests);
        assert_eq!(error.status(), Some(status));
        assert_eq!(server.request_count(), requests as usize, "{status}");

        let server = Server::start([Reply::status(status, "")]).await;
        let error = listen(&client(&server), list()).await.error.expect("no success");
        assert_error(&error, kind, Operation::ListProfiles, requests);
        assert_eq!(error.status(), Some(status));
        assert_eq!(server.request_count(), requests as usize, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_a_success_in_the_end() {
    let server = Server::start([Reply::status(503, ""), Reply::status(429, ""), Reply::ok(PROFILE)]).await;
    assert_eq!(fetch_profile(&client(&server)).await.expect("the third answer").id.key, "a1");
    assert_eq!(server.request_count(), 3);
}

#[tokio::test(start_paused = true)]
async fn message_code_and_request_id_of_an_answer_are_told() {
    let headers = ["Content-Type: application/json", "X-Request-Id: req-7"];
    let body = r#"{"message":"Not\nfound","code":"PROFILE_NOT_FOUND"}"#;
    let server = Server::start([Reply::with_headers(404, &headers, body)]).await;
    let error = fetch_profile(&client(&server)).await.expect_err("no success");
    assert_eq!(
        (error.message(), error.code(), error.request_id()),
        ("Not found", Some("PROFILE_NOT_FOUND"), Some("req-7"))
    );
    assert_eq!(error.to_string(), "scripted: get profile: not found (404 PROFILE_NOT_FOUND): Not found");
}

#[tokio::test(start_paused = true)]
async fn of_an_undocumented_body_only_type_and_length_are_told() {
    let server = Server::start([Reply::with_headers(403, &["Content-Type: text/html"], "<p>private</p>")]).await;
    let error = fetch_profile(&client(&server)).await.expect_err("no success");
    assert_eq!(error.message(), "an undocumented answer: 14 bytes of text/html");
}

#[tokio::test(start_paused = true)]
async fn a_waiting_time_is_waited_out_and_a_little_more() {
    // With the clock standing at this moment, the date is seven seconds away.
    let now: DateTime<Utc> = "2026-01-02T03:04:05Z".parse().expect("a moment");
    let seven = Duration::from_secs(7);
    for (status, header, hint, base) in [
        (429, "Retry-After: 7", seven, 1_000),
        (429, "Retry-After: Fri, 02 Jan 2026 03:04:12 GMT", seven, 1_000),
        (429, "Retry-After: Friday, 02-Jan-26 03:04:12 GMT", seven, 1_000),
        (429, "Retry-After: Fri Jan  2 03:04:12 2026", seven, 1_000),
        (503, "Retry-After: 7", seven, 200),
        (500, "Retry-After: 7", seven, 200),
        (429, "Retry-After: 7\r\nRetry-After: 9", seven, 1_000),
        (429, "X-RateLimit-Reset: 1767323052", seven, 1_000),
        (429, "Retry-After: 7\r\nX-RateLimit-Reset: 1767323999", seven, 1_000),
        // Nothing to wait for, or nothing that can be read: our own time, and never none at all.
        (429, "Retry-After: 0", Duration::ZERO, 1_000),
        (429, "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT", Duration::ZERO, 1_000),
        (429, "Retry-After: soon", Duration::ZERO, 1_000),
        (429, "Retry-After: -7", Duration::ZERO, 1_000),
        (429, "Retry-After: 1.5", Duration::ZERO, 1_000),
        (429, "Retry-After:", Duration::ZERO, 1_000),
        (503, "X-RateLimit-Reset: 1767323052", Duration::ZERO, 200),
    ] {
        for chance in [0.0, 0.5, 0.999] {
            let server = Server::start([Reply::with_headers(status, &[header], ""), Reply::ok(PROFILE)]).await;
            let client = client_with(&server, |config| {
                config.clock = Arc::new(FixedClock(now));
                config.random = Arc::new(Always(chance));
            });
            fetch_profile(&client).await.expect("the second answer");
            let requests = server.requests();
            let waited = requests[1].at.duration_since(requests[0].at);
            let expected = (hint + Duration::from_millis(base).mul_f64(chance)).max(Duration::from_millis(10));
            assert!(waited >= expected && waited <= expected + SLACK, "{status} {header} {chance}: {waited:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_does_not_fit_fails_at_once_and_says_how_long() {
    for (value, hint) in [
        ("31", Duration::from_secs(31)),
        ("1000000", Duration::from_secs(1_000_000)),
        ("99999999999999999999999", Duration::from_secs(u64::MAX)),
    ] {
        let server = Server::start([Reply::with_headers(429, &[&format!("Retry-After: {value}")], "")]).await;
        let (outcome, elapsed) = timed(fetch_profile(&client(&server))).await;
        let error = outcome.expect_err("no success");
        assert_error(&error, ErrorKind::RateLimited, Operation::GetProfile, 1);
        assert_eq!((error.retry_after(), error.remedy()), (Some(hint), Remedy::Wait));
        assert!(elapsed <= SLACK, "{elapsed:?}");
        assert_eq!(server.request_count(), 1);
    }
    // A listing has more time.
    let server = Server::start([Reply::with_headers(429, &["Retry-After: 31"], ""), Reply::ok(rows(1))]).await;
    let (listened, elapsed) = timed(listen(&client(&server), list())).await;
    assert_eq!((listened.keys.len(), listened.error.is_none()), (1, true));
    assert!(elapsed >= Duration::from_secs(31), "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn the_waits_are_spread() {
    let mut waits = Vec::new();
    for _ in 0..50 {
        let server = Server::start([Reply::with_headers(429, &[], ""), Reply::ok(PROFILE)]).await;
        fetch_profile(&client(&server)).await.expect("the second answer");
        let requests = server.requests();
        waits.push(requests[1].at.duration_since(requests[0].at).as_secs_f64());
    }
    let mean = waits.iter().sum::<f64>() / waits.len() as f64;
    let deviation = (waits.iter().map(|wait| (wait - mean).powi(2)).sum::<f64>() / waits.len() as f64).sqrt();
    // Of an even spread over one second the deviation is 0.29; that of 50 is this small once in 10^9 runs.
    assert!(deviation > 0.2 * mean.min(0.5), "mean {mean}, deviation {deviation}");
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_not_answered_with_a_storm() {
    const CALLS: usize = 1_000;
    let server = Server::start([Reply::status(503, "")]).await;
    let client = client_with(&server, |config| config.breaker = BreakerPolicy::never());
    for _ in 0..CALLS {
        let error = fetch_profile(&client).await.expect_err("an outage");
        assert_eq!(error.kind(), ErrorKind::Unavailable);
    }
    let retries = (RetryPolicy::default().budget / RetryPolicy::RETRY_COST) as usize;
    assert_eq!(server.request_count(), CALLS + retries);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_at_once_send_no_more_than_calls_and_budget() {
    const CALLS: usize = 1_000;
    let server = Server::start([Reply::status(503, "")]).await;
    let client = client_with(&server, |config| config.timeouts.call = Duration::from_secs(3_600));
    let outcomes = join_all((0..CALLS).map(|_| fetch_profile(&client))).await;
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::Unavailable)));
    let retries = (RetryPolicy::default().budget / RetryPolicy::RETRY_COST) as usize;
    assert!(server.request_count() <= CALLS + retries, "{}", server.request_count());
}

#[tokio::test(start_paused = true)]
async fn who_fails_too_often_is_left_alone_until_a_probe_succeeds() {
    let mut replies = vec![Reply::status(503, ""); 10];
    replies.push(Reply::status(503, ""));
    replies.push(Reply::ok(PROFILE));
    let server = Server::start(replies).await;
    let client = client_with(&server, |config| config.retry = RetryPolicy::never());
    for _ in 0..10 {
        fetch_profile(&client).await.expect_err("an outage");
    }

    let held_back = fetch_profile(&client).await.expect_err("it is open");
    assert_eq!((held_back.kind(), held_back.attempts()), (ErrorKind::Unavailable, 0));
    assert_eq!(held_back.retry_after(), Some(Duration::from_secs(30)));
    assert!(held_back.is_retryable());
    assert_eq!(server.request_count(), 10);

    tokio::time::advance(Duration::from_secs(30)).await;
    fetch_profile(&client).await.expect_err("the probe fails");
    fetch_profile(&client).await.expect_err("it is open again");
    assert_eq!(server.request_count(), 11);

    tokio::time::advance(Duration::from_secs(30)).await;
    fetch_profile(&client).await.expect("the probe succeeds");
    fetch_profile(&client).await.expect("it is closed");
    assert_eq!(server.request_count(), 13);
}

#[tokio::test(start_paused = true)]
async fn an_open_circuit_is_told_at_once_also_by_a_listing() {
    let server = Server::start([Reply::status(503, "")]).await;
    let client = client_with(&server, |config| config.retry = RetryPolicy::never());
    for _ in 0..10 {
        fetch_profile(&client).await.expect_err("an outage");
    }
    let started = Instant::now();
    let listened = listen(&client, list()).await;
    assert_eq!(listened.error.map(|error| error.kind()), Some(ErrorKind::Unavailable));
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(server.request_count(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_used_up_rate_limit_is_not_asked_again_and_a_low_one_is_spread() {
    // The wall clock, which the vendor's moments are compared with, stands still here.
    let now: DateTime<Utc> = "2026-01-02T03:04:05Z".parse().expect("a moment");
    let told = |remaining: u32, seconds: i64| {
        let remaining = format!("X-RateLimit-Remaining: {remaining}");
        let reset = format!("X-RateLimit-Reset: {}", now.timestamp() + seconds);
        Reply::with_headers(200, &["X-RateLimit-Limit: 100", &remaining, &reset], PROFILE)
    };
    let server = Server::start([told(4, 50), told(0, 900), told(99, 900)]).await;
    let client = client_with(&server, |config| config.clock = Arc::new(FixedClock(now)));
    fetch_profile(&client).await.expect("nothing was told before it");
    let started = Instant::now();
    fetch_profile(&client).await.expect("four are left for fifty seconds");
    assert!(started.elapsed() >= Duration::from_secs(10), "{:?}", started.elapsed());

    let refused = fetch_profile(&client).await.expect_err("nothing is left for fifteen minutes");
    assert_eq!((refused.kind(), refused.attempts()), (ErrorKind::RateLimited, 0));
    assert_eq!(refused.retry_after(), Some(Duration::from_secs(900)));
    assert_eq!(server.request_count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_configured_rate_is_kept_and_waiting_for_it_can_be_cancelled() {
    let server = Server::start([Reply::ok(PROFILE)]).await;
    let client = client_with(&server, |config| config.rate = Some(Rate::new(2, Duration::from_secs(20))));
    let started = Instant::now();
    for _ in 0..3 {
        fetch_profile(&client).await.expect("it waits its turn");
    }
    assert!(started.elapsed() >= Duration::from_secs(10), "{:?}", started.elapsed());

    let waiting = tokio::time::timeout(Duration::from_secs(1), fetch_profile(&client)).await;
    assert!(waiting.is_err(), "it waits for its turn");
    assert_eq!(server.request_count(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_body_of_an_error_can_neither_stall_nor_flood() {
    let head = "HTTP/1.1 404 Not Found\r\nContent-Length: 67108864\r\n\r\n";
    for (reply, bound) in [
        (Reply::raw(head).flood(" ".repeat(65_536), Duration::ZERO), SLACK),
        (Reply::raw(head).write(r#"{"message":"#).hang(), Duration::from_secs(2) + SLACK),
        (Reply::raw(head).flood(" ", Duration::from_millis(100)), Duration::from_secs(2) + SLACK),
        (Reply::raw(head).write("{").reset(), SLACK),
        (Reply::raw("HTTP/1.1 404 Not Found\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"), SLACK),
    ] {
        let server = Server::start([reply]).await;
        let (outcome, elapsed) = timed(fetch_profile(&client(&server))).await;
        let error = outcome.expect_err("no success");
        assert_error(&error, ErrorKind::NotFound, Operation::GetProfile, 1);
        assert_eq!(error.status(), Some(404));
        assert!(elapsed <= bound, "{elapsed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stalled_error_body_does_not_outlast_the_call() {
    let head = "HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\n";
    let server = Server::start([Reply::new().pause(Duration::from_millis(4_500)).write(head).hang()]).await;
    let client = client_with(&server, |config| config.timeouts.call = Duration::from_secs(5));
    let (outcome, elapsed) = timed(fetch_profile(&client)).await;
    assert_error(&outcome.expect_err("no success"), ErrorKind::NotFound, Operation::GetProfile, 1);
    assert!(elapsed <= Duration::from_secs(5) + SLACK, "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn no_redirect_is_followed_and_the_key_stays_here() {
    let other = Server::start([Reply::ok(PROFILE)]).await;
    let elsewhere = other.url();
    for status in [301, 302, 303, 307, 308] {
        for location in [
            Some(format!("{elsewhere}/profiles/a1")),
            Some(elsewhere.replace("http:", "")),
            Some(elsewhere.replace("127.0.0.1", "localhost")),
            Some(elsewhere.replace("//", "//user:password@")),
            Some("/profiles/a2".to_owned()),
            // The request itself, again and again.
            Some("/profiles/a1".to_owned()),
            Some("file:///etc/passwd".to_owned()),
            Some("http://[".to_owned()),
            None,
        ] {
            let header = location.map(|location| format!("Location: {location}"));
            let headers: Vec<_> = header.as_deref().into_iter().collect();
            let server = Server::start([Reply::with_headers(status, &headers, "")]).await;
            let client = client(&server);

            let error = fetch_profile(&client).await.expect_err("a redirect");
            assert_error(&error, ErrorKind::Protocol, Operation::GetProfile, 1);
            assert_eq!(error.status(), Some(status));
            assert!(error.message().contains("redirect"), "{error}");

            let error = listen(&client, list()).await.error.expect("a redirect");
            assert_error(&error, ErrorKind::Protocol, Operation::ListProfiles, 1);

            let error = client.fetch(&post()).await.expect_err("a redirect");
            assert_error(&error, ErrorKind::Ambiguous, Operation::CreateGroup, 1);
            assert_eq!(error.status(), Some(status));
            assert_eq!(server.request_count(), 3, "{status} {header:?}");
        }
    }
    assert_eq!((other.request_count(), other.connections()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_write_may_succeed_with_any_status_that_says_so() {
    for status in [200, 201, 202, 204] {
        let body = if status == 204 { "" } else { "{}" };
        let server = Server::start([Reply::status(status, body)]).await;
        let document = client(&server).fetch(&post()).await.expect("a success");
        assert_eq!((document.status(), document.body()), (status, body.as_bytes()));
    }
    for status in [203, 205, 206] {
        let server = Server::start([Reply::status(status, "{}")]).await;
        let error = client(&server).fetch(&post()).await.expect_err("no document mentions it");
        assert_error(&error, ErrorKind::Ambiguous, Operation::CreateGroup, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_have_had_an_effect_is_never_sent_twice() {
    let notifying = Request::get(Operation::LookUpPerson, ["users", "ada"]).query("notify", "true").not_repeatable();
    let deleting = Request::write(Operation::DeleteGroup, Method::DELETE, ["groups", "g1"]);
    for request in [post(), deleting, notifying] {
        for (reply, kind) in [
            (Reply::new().reset(), ErrorKind::Ambiguous),
            (Reply::new().close(), ErrorKind::Ambiguous),
            (Reply::new().hang(), ErrorKind::Ambiguous),
            (Reply::half_of(PROFILE).reset(), ErrorKind::Ambiguous),
            (Reply::raw("nonsense\r\n\r\n"), ErrorKind::Ambiguous),
            (Reply::status(504, ""), ErrorKind::Ambiguous),
            (Reply::status(503, ""), ErrorKind::Unavailable),
            (Reply::status(429, ""), ErrorKind::RateLimited),
            (Reply::status(422, ""), ErrorKind::Invalid),
        ] {
            let server = Server::start([reply.clone()]).await;
            let error = client(&server).fetch(&request).await.expect_err("no success");
            assert_error(&error, kind, request.operation(), 1);
            assert_eq!(server.request_count(), 1, "{reply:?}");
            let remedy = error.remedy();
            assert_eq!(remedy == Remedy::CheckFirst, kind == ErrorKind::Ambiguous, "{reply:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_met_a_refused_connection_is_sent_once_somebody_listens() {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("loopback has a free port");
    let base = format!("http://{}", socket.local_addr().expect("it is bound"));
    let client = support::client_of(&base, |config| config.random = Arc::new(Always(0.5)));
    let opening = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Server::on(socket.listen(8).expect("a bound socket can listen"), [Reply::status(201, "{}")])
    };
    let clock = tokio::spawn(support::let_time_pass());
    let request = post();
    let (outcome, server) = tokio::join!(client.fetch(&request), opening);
    clock.abort();
    assert_eq!(outcome.expect("the second attempt").status(), 201);
    assert_eq!(server.request_count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_echoed_key_is_seen_nowhere() {
    // As it is, in a code, at the place where a long message is cut, and with a status that becomes a cause.
    let cut = format!(r#"{{"message":"{}{KEY}"}}"#, "x".repeat(485));
    let plain = format!(r#"{{"message":"bad key {KEY}","code":"{KEY}"}}"#);
    for body in [&cut, &plain] {
        for status in [401, 504] {
            let header = format!("X-Request-Id: {KEY}");
            let server = Server::start([Reply::with_headers(status, &[&header], body)]).await;
            let client = client(&server);
            for request in [get(), post()] {
                let error = client.fetch(&request).await.expect_err("no success");
                let said = everything_said_by(&error);
                assert!(!said.contains(&KEY[..12]), "{said}");
                assert!(said.contains("[redacted]"), "{said}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_echoed_credential_of_the_request_is_seen_nowhere() {
    let password = "app-password-of-ada";
    let body = format!(r#"{{"message":"cannot sign in with {password}"}}"#);
    for status in [422, 504] {
        let server = Server::start([Reply::status(status, &body)]).await;
        let request = post().hiding(&password.into());
        let error = client(&server).fetch(&request).await.expect_err("no success");
        let said = everything_said_by(&error);
        assert!(!said.contains(password) && said.contains("cannot sign in with [redacted]"), "{said}");
    }
}
