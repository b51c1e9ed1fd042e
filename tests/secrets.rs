//! Everything that the library can print, searched for everything that it must not.

mod support;
#[path = "../crates/http/tests/support/mod.rs"]
mod wire;

use std::{
    error::Error as _,
    fmt::Debug,
    io,
    net::TcpListener,
    sync::{LazyLock, Mutex, Once, PoisonError},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use polyprofile::{
    Aggregator, AnyProvider, Config, ConnectLink, Environment, Error, ErrorKind, GetOptions, ListOptions, Listed,
    Operation, PersonQuery, Provider as _, ProviderExt as _, ProviderId, Result, Vendor, VendorApi as _,
    http::{ApiKey, BaseUrl, HttpClient, HttpConfig, Listing, Method, ProxyChoice, Request, RetryPolicy, reqwest},
    postcore::PostcoreConfig,
    postpress::PostpressConfig,
    postproxy::PostproxyConfig,
};
use support::{BOT_TOKEN, ConnectBy, PASSWORD, VENDORS, connect_request, http, list_path, perform};
use wire::{Reply, Server};

/// With characters that travel differently in a query, in JSON and in base64.
const KEY: &str = "sk-sentinel/KEY+0123456789=~";
const PROXY_USER: &str = "proxy-user";
const PROXY_PASSWORD: &str = "sentinel-proxy-pass+0123456789";
/// In the link that the owner of an account signs in with.
const LINK_TOKEN: &str = "sentinel-link-token-0123456789";

/// Every secret in every spelling in which it could be printed, with its name.
static SPELLINGS: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let pair = format!("{PROXY_USER}:{PROXY_PASSWORD}");
    let secrets = [
        ("API key", KEY),
        ("app password", PASSWORD),
        ("bot token", BOT_TOKEN),
        ("proxy password", PROXY_PASSWORD),
        ("proxy credentials", &pair),
        ("link", LINK_TOKEN),
    ];
    let mut spellings = Vec::new();
    for (name, secret) in secrets {
        let escaped = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
        let as_query = url_query(secret);
        let bytes = format!("{:?}", secret.as_bytes());
        let hex = secret.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        // Its first half is enough to give it away, and what is cut ends in it.
        let half = secret[..secret.len() / 2].to_owned();
        let all = [
            secret.to_owned(),
            half,
            secret.replace('/', "\\/"),
            as_query.to_lowercase(),
            as_query,
            escaped.to_lowercase(),
            escaped,
            BASE64_STANDARD.encode(secret).trim_end_matches('=').to_owned(),
            BASE64_URL_SAFE_NO_PAD.encode(secret),
            bytes.trim_matches(['[', ']']).to_owned(),
            hex,
        ];
        spellings.extend(all.map(|spelling| (name, spelling)));
    }
    spellings
});

/// As in the query of a URL.
fn url_query(secret: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(secret, RESERVED).to_string()
}

#[track_caller]
fn assert_silent(what: &str, printed: &str) {
    if let Some((name, spelling)) = shown(printed) {
        let line = printed.lines().find(|line| line.contains(spelling)).unwrap_or(printed);
        panic!("{what} shows the {name} as {spelling}:\n{line}");
    }
}

/// The first secret in `printed`, and its spelling there.
fn shown(printed: &str) -> Option<&'static (&'static str, String)> {
    SPELLINGS.iter().find(|(_, spelling)| printed.contains(spelling))
}

/// Both forms for programmers.
#[track_caller]
fn assert_silent_debug(what: &str, value: &(impl Debug + ?Sized)) {
    assert_silent(what, &format!("{value:?}\n{value:#?}"));
}

/// All forms of an error, those of its causes and its JSON.
#[track_caller]
fn assert_silent_error(what: &str, error: &Error) {
    let mut printed = format!("{error}\n{error:?}\n{error:#?}\n{}", error.remedy());
    let mut cause = error.source();
    while let Some(current) = cause {
        printed = format!("{printed}\n{current}\n{current:?}\n{current:#?}");
        cause = current.source();
    }
    printed += &serde_json::to_string(error).expect("an error can be written");
    assert_silent(what, &printed);
}

/// All that is written to the logs of this process, and what a panic would say.
static WRITTEN: Mutex<String> = Mutex::new(String::new());

fn written() -> String {
    WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn write_down(text: &str) {
    WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).push_str(text);
}

struct Notebook;

impl io::Write for Notebook {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        write_down(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl log::Log for Notebook {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        write_down(&format!("{} {} {}\n", record.level(), record.target(), record.args()));
    }

    fn flush(&self) {}
}

/// Listens to both ways of logging, at the most talkative level.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Notebook).expect("nobody else listens");
        log::set_max_level(log::LevelFilter::Trace);
        let all = tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::TRACE);
        all.with_writer(|| Notebook).with_ansi(false).init();
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            write_down(&format!("{panic}\n"));
            hook(panic);
        }));
    });
}

/// A provider with the sentinel key, at whoever listens at `base`.
fn provider(vendor: &str, base: &str, http: &HttpConfig) -> AnyProvider {
    let environment = Environment::of(|name| match name.rsplit_once('_')? {
        (_, "KEY") => Some(KEY.to_owned()),
        (_, "URL") => Some(base.to_owned()),
        (_, "ID") if vendor == "postpress" => Some("acc_1".to_owned()),
        _ => None,
    });
    environment.provider(&Vendor::new(vendor.to_owned()), http).expect("a sound configuration").expect("its key is set")
}

/// Every call there is, with all that comes back searched.
async fn make_every_call(case: &str, provider: &AnyProvider) -> Vec<Error> {
    let id = provider.profile_id("prof1");
    let mut errors = Vec::new();
    let mut judge = |what: &str, outcome: Result<()>| {
        if let Err(error) = outcome {
            assert_silent_error(&format!("{case}: {what}"), &error);
            errors.push(error);
        }
    };
    for operation in Operation::ALL {
        judge(operation.as_str(), perform(provider, operation, &id).await);
    }
    let mut options = GetOptions::new();
    options.with_person = true;
    judge("with its person", provider.profile(&id, options).await.map(drop));
    judge("person", provider.person(PersonQuery::new("somebody")).await.map(drop));
    for by in [ConnectBy::Link, ConnectBy::Password, ConnectBy::Token, ConnectBy::Renewal] {
        judge("connect", connect(case, provider, by).await);
    }
    let aggregate = Aggregator::new().with(provider.clone()).expect("one name").collect(&ListOptions::new()).await;
    assert_silent_debug(&format!("{case}: outcomes"), &aggregate.outcomes);
    assert_silent_debug(&format!("{case}: rejected"), &aggregate.rejected);
    assert_silent(&format!("{case}: JSON"), &serde_json::to_string(&aggregate.outcomes).expect("JSON"));
    for profile in &aggregate.profiles {
        assert_silent_debug(&format!("{case}: issues"), &profile.issues);
    }
    assert_silent_debug(case, provider);
    errors
}

/// Connects an account, with all that is printed on the way searched.
async fn connect(case: &str, provider: &AnyProvider, by: ConnectBy) -> Result<()> {
    let case = format!("{case}: connect by {by:?}");
    let request = connect_request(provider, by, &provider.profile_id("prof1"));
    assert_silent_debug(&case, &request);
    let outcome = provider.connect(request).await;
    assert_silent_debug(&case, &outcome);
    outcome.map(drop).inspect_err(|error| assert_silent_error(&case, error))
}

/// Text in which somebody repeats what every call sends, in the spellings in which it is sent, and `also`.
fn echo(also: &str) -> String {
    let basic = BASE64_STANDARD.encode(format!("{PROXY_USER}:{PROXY_PASSWORD}"));
    let (query, also_in_query) = (url_query(KEY), url_query(also));
    format!("no {KEY} and {also} and {also_in_query} and {PROXY_PASSWORD} and {basic} and ?apiKey={query} here")
}

/// An answer that repeats it wherever a vendor has a place for words.
fn echoing(status: u16, echo: &str) -> Reply {
    let members = ["error", "error_code", "message", "title", "type", "detail", "instance", "code"];
    let members = members.into_iter().map(|name| (name.to_owned(), serde_json::Value::from(echo)));
    let body = serde_json::Value::Object(members.collect()).to_string();
    let headers = [format!("X-Request-Id: {echo}"), format!("Content-Type: application/json; {echo}")];
    Reply::with_headers(status, &[&headers[0], &headers[1]], body)
}

#[tokio::test(start_paused = true)]
async fn a_vendor_that_repeats_all_that_was_sent_is_not_repeated() {
    listen();
    for vendor in VENDORS {
        for status in [200, 201, 204, 302, 400, 401, 403, 404, 405, 409, 422, 429, 500, 502, 503, 504] {
            let case = format!("{vendor} {status}");
            let server = Server::start([echoing(status, &echo(""))]).await;
            let errors = make_every_call(&case, &provider(vendor, &server.url(), &proxied(&server.url()))).await;
            let is_told = errors.iter().any(|error| error.message().contains("[redacted]"));
            assert!(is_told || status < 400, "{case}: {errors:?}");

            // What one call sends, only that call can know.
            for (by, secret) in [(ConnectBy::Password, PASSWORD), (ConnectBy::Token, BOT_TOKEN)] {
                let server = Server::start([echoing(status, &echo(secret))]).await;
                let provider = provider(vendor, &server.url(), &proxied(&server.url()));
                let outcome = connect(&case, &provider, by).await;
                assert!(outcome.is_err() || status < 300, "{case}: {by:?}");
            }
        }
    }
    assert_silent("the log", &written());
}

#[tokio::test(start_paused = true)]
async fn rows_that_cannot_be_read_are_not_repeated() {
    listen();
    let echo = serde_json::Value::from(echo(""));
    // Rows that nothing names, and fields of other types than documented.
    let bodies = [
        format!(r#"{{"data":[{{"name":{echo}}},{{"id":"a","status":[{echo}],"expires_at":{echo}}}]}}"#),
        format!(r#"{{"profiles":[{{"profileName":{echo}}},{{"profileKey":"a","createdAt":[{echo}]}}]}}"#),
        format!(r#"{{"items":[{{"name":{echo}}},{{"id":"a","created_at":[{echo}]}}],"cursor":null}}"#),
        format!(r#"{{"id":[{echo}],"url":[{echo}],"profile":{{"profileKey":[{echo}]}}}}"#),
        echo.to_string(),
        format!("<html>{echo}</html>"),
    ];
    for vendor in VENDORS {
        for (number, body) in bodies.iter().enumerate() {
            let server = Server::start([Reply::ok(body)]).await;
            let provider = provider(vendor, &server.url(), &proxied(&server.url()));
            make_every_call(&format!("{vendor} {number}"), &provider).await;
        }
    }
    assert_silent("the log", &written());
}

#[tokio::test(start_paused = true)]
async fn a_link_to_sign_in_with_is_not_shown_wherever_it_stands() {
    listen();
    let link = format!("https://vendor.example/sign-in?token={LINK_TOKEN}");
    let places = [
        r#"{"url":"LINK"}"#,
        r#"{"url":["LINK"]}"#,
        r#"{"url":{"link":"LINK"}}"#,
        r#"{"url":5,"success":"LINK"}"#,
        r#"{"url":"LINK","url":"LINK"}"#,
        r#"{"success":false,"url":"LINK"}"#,
        r#"{"data":{"url":"LINK"}}"#,
        r#"{"data":["LINK"],"links":{"self":"LINK"}}"#,
        r#"{"url":"LINK"#,
        r#"["LINK"]"#,
        r#""LINK""#,
    ];
    let mut links = 0;
    for vendor in VENDORS {
        for place in places {
            let server = Server::start([Reply::ok(place.replace("LINK", &link))]).await;
            let provider = provider(vendor, &server.url(), &quick());
            for by in [ConnectBy::Link, ConnectBy::Password, ConnectBy::Token, ConnectBy::Renewal] {
                let case = format!("{vendor} {place}");
                links += usize::from(connect(&case, &provider, by).await.is_ok());
            }
        }
    }
    assert!(links > 0, "some of these are links");
    assert_silent("the log", &written());
}

#[tokio::test(start_paused = true)]
async fn trouble_on_the_way_says_nothing_of_what_was_on_it() {
    listen();
    let nobody = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a free port");
    let echo = echo("");
    let replies = [
        Reply::new().reset(),
        Reply::new().close(),
        Reply::new().hang(),
        Reply::raw(format!("{echo}\r\n\r\n")),
        Reply::raw(format!("HTTP/1.1 200 OK\r\n{echo}\r\n\r\n")),
        Reply::half_of(format!(r#"{{"data":[{{"id":"{echo}"#)).reset(),
        Reply::half_of(format!(r#"{{"data":[{{"id":"{echo}"#)).hang(),
        Reply::with_headers(
            302,
            &[&format!("Location: http://{PROXY_USER}:{PROXY_PASSWORD}@{nobody}/?apiKey={KEY}")],
            "",
        ),
        Reply::with_headers(200, &["Content-Encoding: gzip"], &echo),
        Reply::with_headers(407, &[&format!("Proxy-Authenticate: Basic realm=\"{echo}\"")], &echo),
    ];
    for vendor in VENDORS {
        for (number, reply) in replies.iter().enumerate() {
            let server = Server::start([reply.clone()]).await;
            let url = server.url();
            // Straight, through a proxy that can read along, and through one that is asked for a tunnel.
            let ways = [
                (url.as_str(), quick()),
                ("http://vendor.invalid", proxied(&url)),
                ("https://vendor.invalid", proxied(&url)),
            ];
            for (way, (base, http)) in ways.into_iter().enumerate() {
                let case = format!("{vendor} {number} {way}");
                let errors = make_every_call(&case, &provider(vendor, base, &http)).await;
                assert!(!errors.is_empty(), "{case}");
            }
        }
        let nobody = format!("http://{nobody}");
        let clock = tokio::spawn(wire::let_time_pass());
        for http in [quick(), proxied(&nobody), proxied("http://proxy.invalid")] {
            let errors = make_every_call(&format!("{vendor}, nobody there"), &provider(vendor, &nobody, &http)).await;
            assert!(errors.iter().any(|error| error.kind() == ErrorKind::Network), "{vendor}: {errors:?}");
        }
        clock.abort();
    }
    let written = written();
    // Otherwise nobody listened.
    assert!(written.contains("trying again") || written.contains("answered"), "{written}");
    assert!(written.contains("reqwest") || written.contains("hyper"), "{written}");
    assert_silent("the log", &written);
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_of_a_secret_does_not_print() {
    let server = Server::start([Reply::ok("{}")]).await;
    let url = server.url();
    let http = proxied(&url);
    assert_silent_debug("HttpConfig", &http);

    // Whatever the caller's own client prints.
    let mut own = HttpConfig::new();
    let mut header = reqwest::header::HeaderMap::new();
    header.insert("x-api-key", KEY.parse().expect("a header value"));
    let proxy = reqwest::Proxy::all(proxy_address(&url)).expect("a proxy's address");
    own.client = Some(reqwest::Client::builder().default_headers(header).proxy(proxy).build().expect("a client"));
    assert_silent_debug("HttpConfig", &own);

    let mut postproxy = PostproxyConfig::new(KEY);
    let mut postcore = PostcoreConfig::new(KEY);
    let mut postpress = PostpressConfig::new(KEY);
    for base_url in [&mut postproxy.base_url, &mut postcore.base_url, &mut postpress.base_url] {
        *base_url = format!("https://user:{KEY}@example.com/?key={KEY}");
    }
    for config in [&mut postproxy.http, &mut postcore.http, &mut postpress.http] {
        *config = own.clone();
    }
    assert_silent_debug("PostproxyConfig", &postproxy);
    assert_silent_debug("PostcoreConfig", &postcore);
    assert_silent_debug("PostpressConfig", &postpress);
    assert_silent_error("Postproxy", &polyprofile::postproxy::Postproxy::new(postproxy).expect_err("a password"));
    assert_silent_error("Postcore", &polyprofile::postcore::Postcore::new(postcore).expect_err("a password"));
    assert_silent_error("Postpress", &polyprofile::postpress::Postpress::new(postpress).expect_err("a password"));

    let key = ApiKey::header("api_key", "x-api-key", KEY.into()).expect("a good key");
    assert_silent_debug("ApiKey", &key);
    assert_silent_debug("ApiKey", &ApiKey::bearer("api_key", KEY.into()).expect("a good key"));
    let base = BaseUrl::parse("base_url", &format!("{url}/?key={}", url_query(KEY))).expect("a good base URL");
    assert_silent_debug("BaseUrl", &base);
    assert_silent("BaseUrl", &base.to_string());
    let request = Request::write(Operation::Connect, Method::POST, ["connect", LINK_TOKEN])
        .query("apiKey", KEY)
        .json(&serde_json::json!({ "password": PASSWORD, "token": BOT_TOKEN }))
        .expect("JSON")
        .hiding(&PASSWORD.into())
        .through(LINK_TOKEN);
    assert_silent_debug("Request", &request);
    assert_silent_debug("Listing", &Listing::new(request.clone(), &wire::ENVELOPE));
    let client =
        HttpClient::new(ProviderId::new(wire::PROVIDER), base, &key, wire::classify, http.clone()).expect("a client");
    assert_silent_debug("HttpClient", &client);
    assert_silent_debug("ConnectLink", &client.link_with_key(&request, "apiKey").expect("a link"));
    assert_silent_debug("ConnectLink", &ConnectLink::new(format!("https://vendor.example/?{LINK_TOKEN}")));
    let body = format!(r#"{{"url":"https://vendor.example/?{LINK_TOKEN}"}}"#);
    let answering = Server::start([Reply::ok(body)]).await;
    let document = wire::client(&answering).fetch(&wire::get()).await.expect("an answer");
    assert!(document.body().windows(LINK_TOKEN.len()).any(|bytes| bytes == LINK_TOKEN.as_bytes()));
    assert_silent_debug("Document", &document);

    let environment = Environment::of(|_| Some(KEY.to_owned()));
    assert_silent_debug("Environment", &environment);
    let text = "[[provider]]\nvendor = \"postcore\"\nkey_env = \"KEY\"\n";
    let config = Config::parse(text, "").expect("a good file");
    assert_silent_debug("Config", &config);
    assert_silent_debug("ProviderSource", &config.sources(&environment));
    let providers = config.providers(&environment, &http).expect("a key");
    assert_silent_debug("AnyProvider", &providers);
    assert_silent_debug("Aggregator", &Aggregator::new().with_all(providers).expect("one name"));
}

#[test]
fn a_key_that_is_no_header_value_is_refused_when_it_is_set() {
    for vendor in VENDORS {
        for ending in ["\n", "\r\nX-Evil: 1", "\0", " ", "\t", "\u{7f}", "é", "\u{202e}", "🔑", &"k".repeat(5_000)] {
            for key in [format!("{KEY}{ending}"), format!("{ending}{KEY}")] {
                let environment = Environment::of(|name| name.ends_with("_KEY").then(|| key.clone()));
                let error =
                    environment.provider(&Vendor::new(vendor), &HttpConfig::new()).expect_err("no header value");
                assert_eq!(error.kind(), ErrorKind::Config, "{vendor} {ending:?}: {error}");
                let variable = format!("`{}_API_KEY`", vendor.to_uppercase());
                assert!(error.message().starts_with(&variable), "{vendor} {ending:?}: {error}");
                assert_silent_error(vendor, &error);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_search_finds_what_is_there() {
    // In a listing, key and all: whatever a vendor writes into a name is the caller's to see.
    let server = Server::start([Reply::ok(format!(r#"{{"data":[{{"id":"a","name":"{KEY}"}}]}}"#))]).await;
    assert_eq!(list_path("postproxy"), "/api/profiles");
    let rows = provider("postproxy", &server.url(), &quick()).list(ListOptions::new()).await.expect("one row");
    let [Listed::Profile(profile)] = &rows[..] else { panic!("one row: {rows:?}") };
    assert!(shown(&format!("{profile:?}")).is_some_and(|(name, _)| *name == "API key"));
    for (_, spelling) in SPELLINGS.iter() {
        assert!(shown(&format!("x{spelling}y")).is_some(), "{spelling} is not found");
    }
}

/// Failures are final, and whoever hangs is given up on soon.
fn quick() -> HttpConfig {
    let mut http = http();
    http.retry = RetryPolicy::never();
    http.breaker = polyprofile::http::BreakerPolicy::never();
    http.timeouts.headers = Duration::from_secs(1);
    http.timeouts.silence = Duration::from_secs(1);
    http.proxy = ProxyChoice::Direct;
    http
}

/// Through a proxy that wants a password.
fn proxied(proxy: &str) -> HttpConfig {
    let mut http = quick();
    http.retry.attempts = 2;
    http.proxy = ProxyChoice::Url(proxy_address(proxy).into());
    http
}

fn proxy_address(proxy: &str) -> String {
    let password = url_query(PROXY_PASSWORD);
    proxy.replace("http://", &format!("http://{PROXY_USER}:{password}@"))
}
