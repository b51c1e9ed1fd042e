//! What goes over the wire, through which proxy, how many at once, and what is left when a call is dropped.

mod support;

use std::{env, process::Command, sync::Arc, time::Duration};

use futures_util::{StreamExt as _, future::join_all};
use polyprofile_core::{ErrorKind, Operation, ProviderId};
use polyprofile_http::{ApiKey, BaseUrl, HttpClient, HttpConfig, Method, ProxyChoice, Request};
use support::{
    Always, KEY, PROFILE, PROVIDER, Reply, Row, SLACK, Server, assert_error, classify, client, client_of, client_with,
    fetch_profile, get, list, post, rows, timed,
};

#[tokio::test(start_paused = true)]
async fn identifiers_and_queries_arrive_as_they_were_said() {
    let server = Server::start([Reply::ok(PROFILE)]).await;
    let client = client_of(&format!("{}/base/?port=1", server.url()), |_| {});
    let request = Request::get(Operation::GetProfile, ["profiles", "../a/b?c#d%2e ü"])
        .query("name", "a&b=c d+ü\r\n")
        .query_if("left_out", None::<String>)
        .query_if("section", Some("x"));
    client.fetch(&request).await.expect("an answer");
    assert_eq!(
        server.requests()[0].line,
        "GET /base/profiles/..%2Fa%2Fb%3Fc%23d%252e%20%C3%BC?port=1&name=a%26b%3Dc+d%2B%C3%BC%0D%0A&section=x HTTP/1.1"
    );
}

#[tokio::test(start_paused = true)]
async fn an_identifier_that_cannot_travel_is_refused_and_nothing_is_sent() {
    let server = Server::start([Reply::ok(PROFILE)]).await;
    for identifier in ["", ".", "..", "a\r\nX-Evil: 1", "a\0"] {
        let request = Request::get(Operation::GetProfile, ["profiles", identifier]);
        let error = client(&server).fetch(&request).await.expect_err("it cannot travel");
        assert_error(&error, ErrorKind::Invalid, Operation::GetProfile, 0);
    }
    assert_eq!((server.request_count(), server.connections()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn headers_are_sent_once_and_the_body_with_its_type() {
    let server = Server::start([Reply::ok(PROFILE)]).await;
    let client = client(&server);
    client.fetch(&get()).await.expect("an answer");
    client.fetch(&post()).await.expect("an answer");
    let deleting = Request::write(Operation::DeleteGroup, Method::DELETE, ["groups", "g1"]);
    client.fetch(&deleting).await.expect("an answer");

    let [read, write, delete] = &server.requests()[..] else { panic!("three requests") };
    for request in [read, write, delete] {
        assert_eq!(request.header("x-api-key"), [KEY]);
        assert_eq!(request.header("accept"), ["application/json"]);
        assert_eq!(request.header("user-agent"), [concat!("polyprofile/", env!("CARGO_PKG_VERSION"))]);
        assert_eq!(request.header("host"), [server.url().trim_start_matches("http://")]);
        assert!(request.header("referer").is_empty() && request.header("authorization").is_empty());
    }
    assert_eq!(read.header("accept-encoding"), ["gzip,br"]);
    assert_eq!((read.line.as_str(), read.body.len()), ("GET /profiles/a1 HTTP/1.1", 0));
    assert_eq!((write.line.as_str(), &write.body[..]), ("POST /groups HTTP/1.1", &br#"{"name":"Acme"}"#[..]));
    assert_eq!(write.header("content-type"), ["application/json"]);
    assert_eq!((delete.line.as_str(), delete.header("content-type").len()), ("DELETE /groups/g1 HTTP/1.1", 0));
}

#[tokio::test(start_paused = true)]
async fn a_bearer_key_is_sent_as_such() {
    let server = Server::start([Reply::ok(PROFILE)]).await;
    let base = BaseUrl::parse("base_url", &server.url()).expect("a good base URL");
    let key = ApiKey::bearer("api_key", KEY.into()).expect("a good key");
    let client = HttpClient::new(ProviderId::new(PROVIDER), base, &key, classify, HttpConfig::new()).expect("a client");
    client.fetch(&get()).await.expect("an answer");
    assert_eq!(server.requests()[0].header("authorization"), [format!("Bearer {KEY}")]);
    assert!(!format!("{client:?} {key:?}").contains(KEY));
}

#[tokio::test(start_paused = true)]
async fn a_write_with_an_idempotency_key_is_sent_again_under_the_same_key() {
    let server = Server::start([Reply::new().reset(), Reply::status(503, ""), Reply::status(201, "{}")]).await;
    let request = post().idempotent("order-7").expect("a good key");
    assert_eq!(client(&server).fetch(&request).await.expect("the third answer").status(), 201);
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!(request.header("idempotency-key"), ["order-7"]);
        assert_eq!(request.body, br#"{"name":"Acme"}"#);
    }
}

#[test]
fn a_client_that_could_send_nothing_is_refused() {
    let changes: [fn(&mut HttpConfig); 2] =
        [|config| config.limits.concurrency = 0, |config| config.retry.attempts = 0];
    for change in changes {
        let mut config = HttpConfig::new();
        change(&mut config);
        let base = BaseUrl::parse("base_url", "http://vendor.invalid").expect("a good base URL");
        let key = ApiKey::bearer("api_key", KEY.into()).expect("a good key");
        let error = HttpClient::new(ProviderId::new(PROVIDER), base, &key, classify, config).expect_err("no use");
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.provider().map(ProviderId::as_str), Some(PROVIDER));
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_are_under_way_than_allowed() {
    let slow = Reply::new()
        .pause(Duration::from_secs(1))
        .write(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{PROFILE}", PROFILE.len()));
    let server = Server::start([slow]).await;
    let client = client_with(&server, |config| config.limits.concurrency = 4);
    let (outcomes, elapsed) = timed(join_all((0..30).map(|_| fetch_profile(&client)))).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!((server.request_count(), server.most_under_way()), (30, 4));
    assert!(elapsed >= Duration::from_secs(8) && elapsed <= Duration::from_secs(8) + SLACK, "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn who_waits_too_long_for_a_turn_is_told_so_and_sends_nothing() {
    let server = Server::start([Reply::new().hang()]).await;
    let client = client_with(&server, |config| {
        config.limits.concurrency = 1;
        config.timeouts.headers = Duration::from_secs(600);
        config.timeouts.listing = Duration::from_secs(60);
    });
    let mut holding = client.profiles::<Row<'_>>(list());
    let holding = tokio::spawn(async move { holding.next().await });
    server.asked(1).await;

    let (outcome, elapsed) = timed(fetch_profile(&client)).await;
    assert_error(&outcome.expect_err("no turn"), ErrorKind::Timeout, Operation::GetProfile, 0);
    assert!(elapsed <= Duration::from_secs(30) + SLACK, "{elapsed:?}");
    assert_eq!(server.request_count(), 1);
    holding.abort();
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_gets_no_turn_is_told_so_and_sends_nothing() {
    let server = Server::start([Reply::new().hang()]).await;
    let client = client_with(&server, |config| {
        config.limits.concurrency = 1;
        config.timeouts.headers = Duration::from_secs(600);
        config.timeouts.call = Duration::from_secs(600);
        config.timeouts.listing = Duration::from_secs(10);
    });
    let holding = client.clone();
    let holding = tokio::spawn(async move { holding.fetch(&get()).await });
    server.asked(1).await;

    let (listened, elapsed) = timed(support::listen(&client, list())).await;
    assert_error(&listened.error.expect("no turn"), ErrorKind::Timeout, Operation::ListProfiles, 0);
    assert!(elapsed <= Duration::from_secs(10) + SLACK, "{elapsed:?}");
    assert_eq!(server.request_count(), 1);
    holding.abort();
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_gives_back_its_turn_and_its_connection() {
    let whole = rows(10);
    for (reply, is_half_way) in [
        (Reply::new().hang(), true),
        (Reply::raw("HTTP/1.1 200 OK\r\n").hang(), true),
        (Reply::half_of(&whole).hang(), true),
        // Dropped while it waits to try again: nothing is under way.
        (Reply::status(503, ""), false),
    ] {
        let server = Server::start([reply, Reply::ok(PROFILE)]).await;
        let client = client_with(&server, |config| {
            config.limits.concurrency = 1;
            config.random = Arc::new(Always(0.5));
            config.retry.base = Duration::from_secs(3_600);
            config.retry.longest = Duration::from_secs(3_600);
            config.timeouts.call = Duration::from_secs(7_200);
        });
        let dropped = tokio::time::timeout(Duration::from_secs(5), fetch_profile(&client)).await;
        assert!(dropped.is_err(), "{dropped:?}");
        if is_half_way {
            server.left_by_client(1).await;
        }
        let (outcome, elapsed) = timed(fetch_profile(&client)).await;
        assert_eq!(outcome.expect("there is a turn").id.key, "a1");
        assert!(elapsed <= SLACK, "{elapsed:?}");
        tokio::time::advance(Duration::from_secs(7_200)).await;
        assert_eq!(server.request_count(), 2, "nothing goes on behind the caller's back");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_listing_gives_back_its_turn_and_its_connection() {
    let whole = rows(10);
    let server = Server::start([Reply::half_of(&whole).hang(), Reply::ok(PROFILE)]).await;
    let client = client_with(&server, |config| config.limits.concurrency = 1);
    let mut stream = client.profiles::<Row<'_>>(list());
    stream.next().await.expect("a row").expect("a row");
    drop(stream);
    server.left_by_client(1).await;
    let (outcome, elapsed) = timed(fetch_profile(&client)).await;
    outcome.expect("there is a turn");
    assert!(elapsed <= SLACK, "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_at_any_point_leaves_nothing_behind() {
    let server = Server::start([Reply::ok(PROFILE)]).await;
    let client = client_with(&server, |config| config.limits.concurrency = 1);
    for polls in 1..40 {
        let mut call = Box::pin(fetch_profile(&client));
        for _ in 0..polls {
            tokio::select! {
                biased;
                _ = &mut call => break,
                () = tokio::task::yield_now() => {}
            }
        }
    }
    let (outcome, elapsed) = timed(fetch_profile(&client)).await;
    outcome.expect("there is a turn");
    assert!(elapsed <= SLACK, "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_proxy_that_was_asked_for_gets_every_request() {
    let proxy = Server::start([Reply::ok(PROFILE)]).await;
    let client = client_of("http://vendor.invalid", |config| {
        config.proxy = ProxyChoice::Url(proxy.url().replace("http://", "http://user:secret@").into());
    });
    fetch_profile(&client).await.expect("the proxy answers");
    let request = &proxy.requests()[0];
    assert_eq!(request.line, "GET http://vendor.invalid/profiles/a1 HTTP/1.1");
    assert_eq!(request.header("host"), ["vendor.invalid"]);
    assert_eq!(request.header("proxy-authorization"), ["Basic dXNlcjpzZWNyZXQ="]);
}

#[tokio::test(start_paused = true)]
async fn an_address_that_is_no_proxy_is_refused_and_not_repeated() {
    let server = Server::start([Reply::ok(PROFILE)]).await;
    let client = client_with(&server, |config| config.proxy = ProxyChoice::Url("http://user:secret@[".into()));
    let error = fetch_profile(&client).await.expect_err("no address");
    assert_error(&error, ErrorKind::Config, Operation::GetProfile, 0);
    assert!(!support::everything_said_by(&error).contains("secret"), "{error:?}");
}

#[test]
fn the_proxy_of_the_environment_never_sees_a_key_in_clear() {
    // The environment is a process's own, so the calls are made by this test in a child of this process.
    const NAME: &str = "the_proxy_of_the_environment_never_sees_a_key_in_clear";
    const VENDOR: &str = "POLYPROFILE_TEST_VENDOR";
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all();
    if let Ok(vendor) = env::var(VENDOR) {
        return runtime.build().expect("a runtime").block_on(call_through_the_system_proxy(&vendor));
    }
    runtime.start_paused(true).build().expect("a runtime").block_on(async {
        let vendor = Server::start([Reply::ok(PROFILE)]).await;
        let proxy = Server::start([Reply::status(502, "")]).await;
        let mut child = Command::new(env::current_exe().expect("a test is a program"));
        child.args(["--exact", NAME]).env(VENDOR, vendor.url());
        for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            child.env(name, proxy.url());
        }
        for name in ["NO_PROXY", "no_proxy", "REQUEST_METHOD"] {
            child.env_remove(name);
        }
        let output = tokio::task::spawn_blocking(move || child.output()).await.expect("it ran").expect("it ran");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert_eq!(vendor.request_count(), 1);
        // Of https it sees where to, and nothing else.
        let [seen] = &proxy.requests()[..] else { panic!("one request: {:?}", proxy.requests()) };
        assert_eq!(seen.line, "CONNECT vendor.invalid:443 HTTP/1.1");
        assert!(seen.header("x-api-key").is_empty());
    });
}

async fn call_through_the_system_proxy(vendor: &str) {
    let through_system = |config: &mut HttpConfig| {
        config.proxy = ProxyChoice::System;
        config.retry.attempts = 1;
    };
    fetch_profile(&client_of(vendor, through_system)).await.expect("http goes past the proxy");
    let error = fetch_profile(&client_of("https://vendor.invalid", through_system)).await.expect_err("a refusal");
    assert_error(&error, ErrorKind::Network, Operation::GetProfile, 1);
}
