//! Outages: that they are not answered with a storm, who is left alone and for how long, and that nobody else is.

mod support;
#[path = "../crates/http/tests/support/mod.rs"]
mod wire;

use std::time::Duration;

use futures_util::future::join_all;
use polyprofile::{
    Aggregator, AnyProvider, ErrorKind, GetOptions, ListOptions, PersonQuery, Profile, Provider as _, ProviderExt as _,
    Result, VendorApi as _,
    http::{BreakerPolicy, HttpConfig, RetryPolicy},
};
use support::{VENDORS, http, list_path, provider_at};
use tokio::time::Instant;
use wire::{Reply, Server, timed};

const CALLS: usize = 1_000;
/// Attempts that fail before a circuit opens, and how long it then stays open: the documented defaults.
const FAILURES: usize = 10;
const OPEN: Duration = Duration::from_secs(30);

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_at_once_send_no_more_than_calls_and_budget() {
    for vendor in VENDORS {
        let server = Server::start([Reply::status(503, "")]).await;
        let provider = patient(vendor, &server, |http| {
            http.retry = RetryPolicy::default();
            http.breaker = BreakerPolicy::never();
        });
        let outcomes = join_all((0..CALLS).map(|_| get(&provider))).await;
        assert_unavailable(vendor, &outcomes);
        let retries = (RetryPolicy::default().budget / RetryPolicy::RETRY_COST) as usize;
        assert_eq!(server.request_count(), CALLS + retries, "{vendor}");

        // Listings draw on the same budget, and nothing has refilled it.
        let listings = join_all((0..100).map(|_| provider.list(ListOptions::new()))).await;
        assert!(listings.iter().all(Result::is_err), "{vendor}");
        assert_eq!(server.request_count(), CALLS + retries + 100, "{vendor}");
    }
}

#[tokio::test(start_paused = true)]
async fn with_a_circuit_breaker_a_thousand_calls_send_next_to_nothing() {
    for vendor in VENDORS {
        let server = Server::start([Reply::status(503, "")]).await;
        let provider = patient(vendor, &server, |http| http.retry = RetryPolicy::default());
        let outcomes = join_all((0..CALLS).map(|_| get(&provider))).await;
        assert_unavailable(vendor, &outcomes);
        // Besides those that open it, those that were under way when it opened.
        let most = FAILURES + HttpConfig::new().limits.concurrency - 1;
        assert!((FAILURES..=most).contains(&server.request_count()), "{vendor}: {}", server.request_count());
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_hundred_calls_at_once_one_is_the_probe() {
    for vendor in VENDORS {
        // Slow, so that all of them ask while the probe is out.
        let slow = |status: u16| Reply::new().pause(Duration::from_secs(1)).write(answer(status));
        let failing = (0..FAILURES).map(|_| Reply::status(503, ""));
        let server = Server::start(failing.chain([slow(503), slow(404), Reply::status(404, "")])).await;
        let provider = patient(vendor, &server, |_| {});
        open_circuit(vendor, &provider, &server).await;

        for (number, probe) in [(1, ErrorKind::Unavailable), (2, ErrorKind::NotFound)] {
            tokio::time::advance(OPEN).await;
            let outcomes = join_all((0..100).map(|_| get(&provider))).await;
            let (sent, held_back): (Vec<_>, Vec<_>) =
                outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).partition(|error| error.attempts() > 0);
            assert_eq!(sent.iter().map(|error| error.kind()).collect::<Vec<_>>(), [probe], "{vendor}");
            assert_eq!(held_back.len(), 99, "{vendor}");
            assert!(held_back.iter().all(|error| error.kind() == ErrorKind::Unavailable), "{vendor}");
            assert_eq!(server.request_count(), FAILURES + number, "{vendor}");
        }
        // "No such profile" is an answer: the vendor works.
        let outcomes = join_all((0..100).map(|_| get(&provider))).await;
        assert!(outcomes.iter().all(|outcome| kind(outcome) == Some(ErrorKind::NotFound)), "{vendor}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_vendor_says_itself_leaves_the_circuit_closed() {
    let rows = [
        ("postproxy", 401, r#"{"error":"Invalid API key"}"#),
        ("postproxy", 404, r#"{"error":"Not found"}"#),
        ("postproxy", 422, r#"{"error":"No","error_code":"bluesky_login_failed"}"#),
        ("postproxy", 429, r#"{"error":"Too many requests"}"#),
        ("postcore", 401, r#"{"error":"INVALID_API_KEY","message":"no"}"#),
        ("postcore", 429, r#"{"error":"RATE_LIMIT_EXCEEDED","message":"no"}"#),
        ("postcore", 500, r#"{"error":"INTERNAL_ERROR","message":"no"}"#),
        ("postpress", 401, r#"{"title":"No","type":"errors/disconnected_account","status":401}"#),
        ("postpress", 429, r#"{"title":"No","type":"errors/too_many_requests","status":429}"#),
        ("postpress", 500, r#"{"title":"No","type":"errors/provider_error","status":500}"#),
        ("postpress", 503, r#"{"title":"No","type":"errors/network_down","status":503}"#),
        ("postpress", 504, r#"{"title":"No","type":"errors/request_timeout","status":504}"#),
    ];
    for (vendor, status, body) in rows {
        let server = Server::start([Reply::status(status, body)]).await;
        let provider = patient(vendor, &server, |_| {});
        for _ in 0..3 * FAILURES {
            get(&provider).await.expect_err("no profile");
        }
        assert_eq!(server.request_count(), 3 * FAILURES, "{vendor} {status} {body}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_stands_between_us_and_the_vendor_opens_the_circuit() {
    let replies: [fn() -> Reply; 7] = [
        || Reply::new().reset(),
        || Reply::new().close(),
        || Reply::new().hang(),
        || Reply::half_of(r#"{"profileKey":"a","id":"a"}"#).reset(),
        || Reply::status(500, ""),
        || Reply::with_headers(502, &["Content-Type: text/html"], "<html>Bad gateway</html>"),
        || Reply::status(504, ""),
    ];
    for vendor in VENDORS {
        for (number, reply) in replies.iter().enumerate() {
            let server = Server::start([reply()]).await;
            let provider = patient(vendor, &server, |_| {});
            for _ in 0..3 * FAILURES {
                get(&provider).await.expect_err("no profile");
            }
            // A stalled answer takes half a minute for two of them: each probe in between is one more.
            let most = FAILURES + usize::from(number == 2) * 2 * FAILURES;
            assert!(
                (FAILURES..=most).contains(&server.request_count()),
                "{vendor} {number}: {}",
                server.request_count()
            );
            let outcome = get(&provider).await;
            assert_eq!(kind(&outcome), Some(ErrorKind::Unavailable), "{vendor} {number}: {outcome:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_linked_account_that_is_dead_holds_back_itself_alone() {
    let dead = Reply::status(503, r#"{"title":"No","type":"errors/no_client_session","status":503}"#);
    let missing = Reply::status(404, r#"{"title":"No","type":"errors/resource_not_found","status":404}"#);
    let server = Server::start((0..FAILURES).map(|_| dead.clone()).chain([missing])).await;
    let provider = patient("postpress", &server, |_| {});
    let look = |account: &str| {
        let mut query = PersonQuery::new("somebody");
        query.through = Some(account.to_owned());
        provider.person(query)
    };
    for _ in 0..FAILURES {
        let error = look("dead").await.expect_err("the account is dead");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unavailable, 1), "{error:?}");
    }
    let (outcome, elapsed) = timed(look("dead")).await;
    let error = outcome.expect_err("it is held back");
    assert_eq!((error.kind(), error.attempts(), elapsed), (ErrorKind::Unavailable, 0, Duration::ZERO), "{error:?}");
    // Its owner is asked for through it as well: told in an issue, with the account itself fetched.
    assert_eq!(server.request_count(), FAILURES);

    for _ in 0..3 {
        let error = look("alive").await.expect_err("nobody of that name");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotFound, 1), "{error:?}");
    }
    assert_eq!(kind(&get(&provider).await), Some(ErrorKind::NotFound));
    assert_eq!(kind(&provider.list(ListOptions::new()).await), Some(ErrorKind::NotFound));
    assert_eq!(server.request_count(), FAILURES + 5);

    tokio::time::advance(OPEN).await;
    assert_eq!(kind(&look("dead").await), Some(ErrorKind::NotFound), "the probe is let through");
}

#[tokio::test(start_paused = true)]
async fn the_aggregator_tells_an_open_circuit_at_once_and_the_others_in_full() {
    for broken in VENDORS {
        let mut servers = Vec::new();
        let mut aggregator = Aggregator::new();
        for vendor in VENDORS {
            let reply = if vendor == broken { Reply::status(503, "") } else { Reply::ok(listing(vendor)) };
            let server = Server::start([reply]).await;
            let provider = patient(vendor, &server, |_| {});
            if vendor == broken {
                open_circuit(vendor, &provider, &server).await;
            }
            aggregator = aggregator.with(provider).expect("three names");
            servers.push(server);
        }
        let aggregate = aggregator.collect(&ListOptions::new()).await;
        assert!(!aggregate.is_complete(), "{broken}");
        for (outcome, (vendor, server)) in aggregate.outcomes.iter().zip(VENDORS.iter().zip(&servers)) {
            if *vendor != broken {
                assert!(outcome.complete && outcome.profiles == 1, "{broken}: {outcome:?}");
                assert_eq!(server.request_count(), 1, "{broken}: {vendor}");
                continue;
            }
            let error = outcome.error.as_ref().expect("its circuit is open");
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unavailable, 0), "{error:?}");
            assert_eq!((outcome.elapsed, outcome.profiles), (Duration::ZERO, 0), "{outcome:?}");
            assert!(error.retry_after().is_some_and(|wait| wait <= OPEN), "{error:?}");
            assert_eq!(server.request_count(), FAILURES, "{broken}: nothing was sent");
        }
    }
}

/// A provider with the default circuit breaker, no retries, and time enough for a thousand calls.
fn patient(vendor: &str, server: &Server, change: impl FnOnce(&mut HttpConfig)) -> AnyProvider {
    let mut http = http();
    http.timeouts.call = Duration::from_secs(3_600);
    change(&mut http);
    provider_at(vendor, &server.url(), "acc_1", &http)
}

async fn get(provider: &AnyProvider) -> Result<Profile> {
    provider.profile(&provider.profile_id("a"), GetOptions::new()).await
}

/// Fails as often as it takes.
async fn open_circuit(vendor: &str, provider: &AnyProvider, server: &Server) {
    for _ in 0..FAILURES {
        get(provider).await.expect_err("an outage");
    }
    let started = Instant::now();
    let error = get(provider).await.expect_err("it is open");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unavailable, 0), "{vendor}: {error:?}");
    assert_eq!((server.request_count(), started.elapsed()), (FAILURES, Duration::ZERO), "{vendor}");
}

#[track_caller]
fn assert_unavailable(vendor: &str, outcomes: &[Result<Profile>]) {
    assert!(outcomes.iter().all(|outcome| kind(outcome) == Some(ErrorKind::Unavailable)), "{vendor}");
}

fn kind<T>(outcome: &Result<T>) -> Option<ErrorKind> {
    outcome.as_ref().err().map(polyprofile::Error::kind)
}

/// An empty answer as bytes.
fn answer(status: u16) -> String {
    format!("HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n")
}

/// What `vendor` answers where it lists one profile.
fn listing(vendor: &str) -> &'static str {
    match list_path(vendor) {
        "/api/profiles" => r#"{"data":[{"id":"a"}]}"#,
        "/profiles" => r#"{"profiles":[{"profileKey":"a"}]}"#,
        _ => r#"{"items":[{"id":"a"}],"cursor":null}"#,
    }
}
