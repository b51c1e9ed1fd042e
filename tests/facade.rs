//! The facade: providers from an environment, one type for every vendor, and no key in anything that prints.

mod support;

use std::{cell::RefCell, collections::BTreeSet, error::Error as _, fmt::Debug};

use polyprofile::{
    Aggregator, Environment, Error, ErrorKind, GetOptions, GroupId, ListOptions, Listed, Operation, PersonQuery,
    Profile, ProfileId, Provider, ProviderExt as _, ProviderId, Remedy, Vendor, VendorApi,
    http::{ApiKey, HttpConfig, ProxyChoice, RetryPolicy},
    postcore::{Postcore, PostcoreConfig},
    postpress::{Postpress, PostpressConfig},
    postproxy::{Postproxy, PostproxyConfig},
};
use polyprofile_emulator::{Data, Emulator, Fault, FaultKind, POSTPROXY_SCOPED_KEY, RecordedRequest};
use support::{
    VENDORS, documents, documents_now, environment, http, key, list_path, listed, listing_error, perform, provider,
    providers,
};

/// In every value that must not be repeated. Long enough to be known by its beginning.
const SENTINEL: &str = "sentinel-0123456789-abcdefghij";

#[test]
fn a_vendor_is_on_if_its_key_is_set() {
    const KEYS: [(&str, &str); 3] =
        [("POSTPROXY_API_KEY", "one"), ("POSTCORE_API_KEY", "two"), ("POSTPRESS_API_KEY", "three")];
    for chosen in 0..8_u8 {
        let is_chosen = |place: usize| chosen & (1 << place) != 0;
        let variables: Vec<_> = (0..3).filter(|place| is_chosen(*place)).map(|place| KEYS[place]).collect();
        let expected: Vec<_> = (0..3).filter(|place| is_chosen(*place)).map(|place| VENDORS[place]).collect();
        let providers = environment(&variables).providers(&HttpConfig::new()).expect("a sound configuration");
        let ids: Vec<_> = providers.iter().map(|provider| provider.id().as_str()).collect();
        assert_eq!(ids, expected, "with {variables:?}");
    }
}

#[test]
fn exactly_the_documented_variables_are_read() {
    let read = RefCell::new(BTreeSet::new());
    let environment = Environment::of(|name| {
        read.borrow_mut().insert(name.to_owned());
        name.ends_with("_API_KEY").then(|| "key".to_owned())
    });
    environment.providers(&HttpConfig::new()).expect("a sound configuration");
    drop(environment);
    let expected = [
        "POSTCORE_API_KEY",
        "POSTCORE_BASE_URL",
        "POSTPRESS_ACCOUNT_ID",
        "POSTPRESS_API_KEY",
        "POSTPRESS_BASE_URL",
        "POSTPROXY_API_KEY",
        "POSTPROXY_BASE_URL",
        "POSTPROXY_PROFILE_GROUP_ID",
    ];
    assert_eq!(read.into_inner(), expected.map(str::to_owned).into());
}

#[test]
fn a_value_that_cannot_be_used_is_named_and_not_repeated() {
    let keys = ["", "  ", "SECRET\n", "SECRET\r\nX-Evil: 1", "SECRET with blanks", "SECRET\u{e9}"];
    let base_urls = [
        "",
        "SECRET.example.com",
        "ftp://SECRET.example.com",
        "https://user:SECRET@example.com",
        "https://SECRET@example.com",
        "https://example.com/#SECRET",
    ];
    let rows = [
        ("POSTPROXY_API_KEY", keys.as_slice()),
        ("POSTCORE_API_KEY", &keys),
        ("POSTPRESS_API_KEY", &keys),
        ("POSTPROXY_BASE_URL", &base_urls),
        ("POSTCORE_BASE_URL", &base_urls),
        ("POSTPRESS_BASE_URL", &base_urls),
        ("POSTPROXY_PROFILE_GROUP_ID", &["", " "]),
        ("POSTPRESS_ACCOUNT_ID", &["", " "]),
    ];
    for (name, values) in rows {
        for value in values {
            let value = value.replace("SECRET", SENTINEL);
            let mut variables = vec![(name, value.as_str())];
            for key in ["POSTPROXY_API_KEY", "POSTCORE_API_KEY", "POSTPRESS_API_KEY"] {
                variables.push((key, "a-sound-key"));
            }
            let error = environment(&variables).providers(&HttpConfig::new()).expect_err(&format!("{name}={value:?}"));
            assert_eq!(error.kind(), ErrorKind::Config, "{name}={value:?}: {error}");
            assert_eq!(error.remedy(), Remedy::FixConfiguration, "{name}={value:?}: {error}");
            assert!(error.message().starts_with(&format!("`{name}` ")), "{name}={value:?}: {error}");
            assert_silent_error(&error);
        }
    }
}

#[test]
fn a_vendor_that_nobody_knows_is_refused_whether_it_has_a_key_or_not() {
    for variables in [&[][..], &[("POSTPIGEON_API_KEY", SENTINEL)]] {
        let outcome = environment(variables).provider(&Vendor::new("postpigeon"), &HttpConfig::new());
        let error = outcome.expect_err("there is no such vendor");
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        for name in ["postpigeon"].iter().chain(&VENDORS) {
            assert!(error.message().contains(name), "the message names {name}: {error}");
        }
        assert_silent_error(&error);
    }
}

#[tokio::test]
async fn one_type_for_every_vendor_does_what_each_adapter_does() {
    let emulator = documents().await;
    let adapters = adapters(&emulator, &http(), |vendor| key(vendor).to_owned());
    for (any, adapter) in providers(&emulator).into_iter().zip(adapters) {
        assert_eq!(any.id(), adapter.id());
        assert_eq!(any.vendor(), adapter.vendor());
        assert_eq!(any.capabilities(), adapter.capabilities());
        assert_eq!(any.vendor().as_str(), any.id().as_str(), "without another name a provider has its vendor's");

        let of_any = listed(&any).await;
        assert!(!of_any.is_empty(), "the documents list something");
        assert_eq!(of_any, listed(&*adapter).await);

        let id = &of_any[0].id;
        let (one, other) = (any.profile(id, GetOptions::new()).await, adapter.profile(id, GetOptions::new()).await);
        assert_eq!(one.expect("it is listed"), other.expect("it is listed"));

        let query = || PersonQuery::new("jordan-walke");
        let outcome = |person: polyprofile::Result<Profile>| person.map_err(|error| error.to_string());
        let (one, other) = (outcome(any.person(query()).await), outcome(adapter.person(query()).await));
        assert_eq!(one.is_ok(), any.capabilities().supports(Operation::LookUpPerson));
        assert_eq!(one, other);
    }
}

#[tokio::test]
async fn what_the_capabilities_deny_is_unsupported_and_sends_nothing() {
    let emulator = documents().await;
    for provider in providers(&emulator) {
        let profile = provider.profile_id("prof123abc");
        let capabilities = provider.capabilities();
        for operation in Operation::ALL.into_iter().filter(|operation| !capabilities.supports(*operation)) {
            let error = perform(&provider, operation, &profile).await.expect_err("the capabilities deny it");
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            assert_eq!((error.provider(), error.operation()), (Some(provider.id()), Some(operation)), "{error}");
        }
    }
    assert_eq!(emulator.requests(), []);
}

#[tokio::test]
async fn an_id_of_another_provider_is_invalid_and_nothing_is_sent() {
    let emulator = documents().await;
    let takes_a_profile =
        [Operation::GetProfile, Operation::ListPlacements, Operation::GetStats, Operation::DeleteProfile];
    for provider in providers(&emulator) {
        let foreign = ProfileId::new(ProviderId::new("somebody-else"), "prof123abc");
        for operation in takes_a_profile.into_iter().filter(|one| provider.capabilities().supports(*one)) {
            let error = perform(&provider, operation, &foreign).await.expect_err("the id is not this provider's");
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{operation}: {error}");
            assert!(error.message().contains("`somebody-else`"), "{operation}: {error}");
        }
    }
    assert_eq!(emulator.requests(), []);
}

#[tokio::test]
async fn two_providers_of_one_name_are_refused_before_anything_is_sent() {
    let emulator = documents().await;
    for vendor in VENDORS {
        let twice = [provider(vendor, &emulator), provider(vendor, &emulator)];
        let error = Aggregator::new().with_all(twice).expect_err("their rows could not be told apart");
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        assert!(error.message().contains(&format!("`{vendor}`")), "{error}");
    }
    assert_eq!(emulator.requests(), []);
}

#[tokio::test]
async fn a_wrong_key_is_the_keys_fault_and_is_shown_only_once() {
    let emulator = documents().await;
    for vendor in VENDORS {
        emulator.clear_requests();
        let mut patient = http();
        patient.retry = RetryPolicy::default();
        let error = listing_error(&with_key(vendor, SENTINEL, &emulator, &patient)).await;
        assert_eq!((error.kind(), error.remedy()), (ErrorKind::ApiKey, Remedy::FixKey), "{vendor}: {error}");
        assert_eq!((error.status(), error.attempts()), (Some(401), 1), "{vendor}: {error}");
        assert!(!error.is_retryable(), "{vendor}: {error}");
        assert_silent_error(&error);

        let requests = emulator.requests();
        assert_eq!(requests.len(), 1, "{vendor}");
        let key_header = if vendor == "postproxy" { "authorization" } else { "x-api-key" };
        assert_eq!(requests[0].header(key_header), Some(RecordedRequest::WRONG_KEY), "{vendor}");
    }
}

#[tokio::test]
async fn a_scoped_postproxy_key_lists_its_group_and_finds_no_other() {
    let emulator = Emulator::builder().data(Data::Demo).now(documents_now()).start().await.expect("a free port");
    let bound = GroupId::new(emulator.postproxy_group_id());
    let everything = listed(&provider("postproxy", &emulator)).await;
    let scoped = with_key("postproxy", POSTPROXY_SCOPED_KEY, &emulator, &http());

    let of_group: Vec<_> = everything.iter().filter(|profile| profile.group.as_ref() == Some(&bound)).collect();
    let seen = listed(&scoped).await;
    assert_eq!(seen.iter().collect::<Vec<_>>(), of_group);
    assert!(!seen.is_empty() && seen.len() < everything.len(), "the group is a part of the whole");

    let hidden = everything.iter().find(|profile| profile.group.as_ref() != Some(&bound)).expect("another group");
    let error = scoped.profile(&hidden.id, GetOptions::new()).await.expect_err("it is out of reach");
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    let other = hidden.group.clone().expect("every profile is in a group");
    let error = scoped.list(ListOptions::in_group(other)).await.expect_err("it is out of reach");
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
}

#[tokio::test]
async fn whatever_is_printed_holds_no_key() {
    let emulator = documents().await;
    let mut http = http();
    http.proxy = ProxyChoice::Url(format!("http://user:{SENTINEL}@127.0.0.1:1").into());

    assert_silent(&http);
    assert_silent(&PostproxyConfig::new(SENTINEL));
    assert_silent(&PostcoreConfig::new(SENTINEL));
    assert_silent(&PostpressConfig::new(SENTINEL));
    assert_silent(&ApiKey::bearer("api_key", SENTINEL.into()));
    assert_silent(&ApiKey::header("api_key", "x-api-key", SENTINEL.into()));
    assert_silent(&adapters(&emulator, &http, |_| SENTINEL.to_owned()));

    let variables = [("POSTPROXY_API_KEY", SENTINEL), ("POSTCORE_API_KEY", SENTINEL), ("POSTPRESS_API_KEY", SENTINEL)];
    let environment = environment(&variables);
    let providers = environment.providers(&http).expect("a sound configuration");
    assert_silent(&environment);
    assert_silent(&providers);
    // They have sent something by now, so that whatever is made at the first request is there to be printed.
    for provider in &providers {
        assert_silent_error(&listing_error(provider).await);
    }
    assert_silent(&providers);
    assert_silent(&Aggregator::new().with_all(providers).expect("three names"));
}

#[tokio::test]
async fn a_vendor_that_echoes_the_key_puts_it_into_no_error() {
    for vendor in VENDORS {
        for status in [400, 401, 403, 404, 409, 422, 429, 500, 503] {
            let emulator = documents().await;
            let body = match vendor {
                "postproxy" => format!(r#"{{"error":"no {SENTINEL} here","error_code":"{SENTINEL}"}}"#),
                "postcore" => format!(r#"{{"error":"{SENTINEL}","message":"no {SENTINEL} here"}}"#),
                _ => format!(
                    r#"{{"title":"No","type":"{SENTINEL}","detail":"no {SENTINEL} here","instance":"{SENTINEL}"}}"#
                ),
            };
            emulator.add_fault(Fault::new("/", echo(status, body, "application/json")));
            let error = listing_error(&with_key(vendor, SENTINEL, &emulator, &http())).await;
            assert_silent_error(&error);
            assert_eq!(error.message(), "no [redacted] here", "{vendor} {status}");
            assert_eq!(error.code(), Some("[redacted]"), "{vendor} {status}");
            assert_eq!(error.request_id(), Some("[redacted]"), "{vendor} {status}");
        }
    }
}

#[tokio::test]
async fn of_an_error_page_nothing_but_its_type_and_length_is_told() {
    for vendor in VENDORS {
        for status in [401, 403, 404, 429, 500, 502, 503] {
            let emulator = documents().await;
            let page = format!("<html><title>{SENTINEL}</title><p>A page of somebody in between</html>");
            let length = format!("{} bytes of text/html", page.len());
            emulator.add_fault(Fault::new("/", echo(status, page, "text/html")));
            let error = listing_error(&with_key(vendor, SENTINEL, &emulator, &http())).await;
            assert_silent_error(&error);
            assert!(error.message().ends_with(&length), "{vendor} {status}: {error}");
        }
    }
}

#[tokio::test]
async fn a_vendor_that_echoes_the_key_puts_it_into_no_rejected_row_and_no_issue() {
    // One row that nothing names, and one with a field of another type than documented.
    let rows = [
        ("postproxy", r#"{"data":[{"name":"KEY"},{"id":"a","status":["KEY"]}]}"#),
        ("postcore", r#"{"profiles":[{"profileName":"KEY"},{"profileKey":"a","createdAt":["KEY"]}]}"#),
        ("postpress", r#"{"items":[{"name":"KEY"},{"id":"a","created_at":["KEY"]}],"cursor":null}"#),
    ];
    for (vendor, body) in rows {
        let emulator = documents().await;
        let body = body.replace("KEY", SENTINEL);
        emulator.add_fault(Fault::new(list_path(vendor), echo(200, body, "application/json")));
        let listed = with_key(vendor, SENTINEL, &emulator, &http()).list(ListOptions::new()).await;
        let listed = listed.expect("a listing with trouble in its rows");
        assert!(
            matches!(listed.as_slice(), [Listed::Rejected(_), Listed::Profile(profile)] if !profile.issues.is_empty()),
            "{vendor}: {listed:?}"
        );
        assert_silent(&listed);
    }
}

#[tokio::test]
async fn an_answer_that_never_came_puts_no_key_into_its_error() {
    // A port that was free a moment ago and that nobody listens on.
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let refused = format!("http://{}", free.expect("a free port"));
    for vendor in VENDORS {
        let variables = [(variable(vendor, "API_KEY"), SENTINEL), (variable(vendor, "BASE_URL"), refused.as_str())];
        let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let provider = environment(&variables).provider(&Vendor::new(vendor), &http());
        let provider = provider.expect("a sound configuration").expect("its key is set");
        let error = listing_error(&provider).await;
        assert_eq!(error.kind(), ErrorKind::Network, "{error}");
        assert_silent_error(&error);
    }
}

/// Fails if a form in which `value` is printed for a programmer holds the key.
#[track_caller]
fn assert_silent(value: &(impl Debug + ?Sized)) {
    for printed in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!printed.contains(SENTINEL), "the key is in {printed}");
    }
}

/// Fails if `error` holds the key in any form: printed for anybody, written as JSON, or in a cause.
#[track_caller]
fn assert_silent_error(error: &Error) {
    assert_silent(error);
    let json = serde_json::to_string(error).expect("an error can be written");
    let mut printed = vec![error.to_string(), json];
    let mut cause = error.source();
    while let Some(current) = cause {
        printed.push(current.to_string());
        cause = current.source();
    }
    for printed in printed {
        assert!(!printed.contains(SENTINEL), "the key is in {printed}");
    }
}

/// An answer that holds the key wherever an answer can.
fn echo(status: u16, body: String, content_type: &str) -> FaultKind {
    let headers = vec![("x-request-id".to_owned(), SENTINEL.to_owned())];
    FaultKind::Status { status, headers, body, content_type: content_type.to_owned() }
}

/// A provider that shows the emulator a key of the test's choice.
fn with_key(vendor: &str, key: &str, emulator: &Emulator, http: &HttpConfig) -> polyprofile::AnyProvider {
    let variables = [(variable(vendor, "API_KEY"), key.to_owned()), (variable(vendor, "BASE_URL"), emulator.origin())];
    let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let provider = environment(&variables).provider(&Vendor::new(vendor.to_owned()), http);
    provider.expect("a sound configuration").expect("its key is set")
}

fn variable(vendor: &str, suffix: &str) -> String {
    format!("{}_{suffix}", vendor.to_uppercase())
}

/// The vendors' adapters, made without the facade.
fn adapters(emulator: &Emulator, http: &HttpConfig, key: impl Fn(&str) -> String) -> Vec<Box<dyn VendorApi>> {
    let mut postproxy = PostproxyConfig::new(key("postproxy"));
    postproxy.base_url = emulator.origin();
    postproxy.http = http.clone();
    let mut postcore = PostcoreConfig::new(key("postcore"));
    postcore.base_url = emulator.origin();
    postcore.http = http.clone();
    let mut postpress = PostpressConfig::new(key("postpress"));
    postpress.base_url = emulator.origin();
    postpress.account = Some(emulator.postpress_account_id());
    postpress.http = http.clone();
    vec![
        Box::new(Postproxy::new(postproxy).expect("a sound configuration")),
        Box::new(Postcore::new(postcore).expect("a sound configuration")),
        Box::new(Postpress::new(postpress).expect("a sound configuration")),
    ]
}
