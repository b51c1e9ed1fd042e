//! Every endpoint of Postcore, against the emulator.

use std::{sync::Arc, time::Duration};

use polyprofile_core::{
    CallbackOutcome, Capabilities, ConnectCredentials, ConnectLink, ConnectOutcome, ConnectRequest, ConnectTarget,
    ConnectedAccount, ConnectionKey, ConnectionStatus, CreateGroup, CreateProfile, Error, ErrorKind, Expiry,
    FixedClock, GetOptions, GroupId, ListOptions, Listed, Operation, PersonQuery, Platform, Profile, ProfileId,
    Provider, ProviderExt as _, ProviderId, Remedy, StatsQuery, VendorApi,
};
use polyprofile_emulator::{Data, Emulator, Fault, FaultKind, POSTCORE_KEY, RecordedRequest};
use polyprofile_http::RetryPolicy;
use polyprofile_postcore::{Postcore, PostcoreConfig};
use serde_json::{Value, json};

const PASSWORD: &str = "abcd-efgh-ijkl-mnop";

async fn emulator(data: Data) -> Emulator {
    Emulator::builder().data(data).now(Emulator::DOCUMENTS_NOW).start().await.expect("a free port")
}

fn postcore(emulator: &Emulator) -> Postcore {
    postcore_with(emulator, POSTCORE_KEY)
}

/// At the emulator's own moment; every request is sent once.
fn postcore_with(emulator: &Emulator, key: &str) -> Postcore {
    let mut config = PostcoreConfig::new(key);
    config.base_url = emulator.origin();
    config.http.clock = Arc::new(FixedClock(Emulator::DOCUMENTS_NOW));
    config.http.retry = RetryPolicy::never();
    Postcore::new(config).expect("a sound configuration")
}

async fn listed(postcore: &Postcore) -> Vec<Profile> {
    let rows = postcore.list(ListOptions::new()).await.expect("a listing");
    rows.into_iter()
        .map(|row| match row {
            Listed::Profile(profile) => profile,
            other => panic!("a row was not kept: {other:?}"),
        })
        .collect()
}

async fn fetched(postcore: &Postcore, key: &str) -> Profile {
    postcore.profile(&postcore.profile_id(key), GetOptions::new()).await.expect("it is there")
}

fn into_new_profile() -> ConnectTarget {
    ConnectTarget::New { group: None, profile: None }
}

fn link() -> ConnectCredentials {
    ConnectCredentials::Link { return_url: "https://app.example.com/back?state=a%26b".to_owned() }
}

fn bluesky(handle: &str, password: &str) -> ConnectCredentials {
    ConnectCredentials::AppPassword { handle: handle.to_owned(), password: password.into() }
}

async fn connect_bluesky(
    postcore: &Postcore,
    target: ConnectTarget,
    password: &str,
) -> Result<ConnectedAccount, Error> {
    let request = ConnectRequest::new(target, Platform::Bluesky, bluesky("new.bsky.social", password));
    match postcore.connect(request).await? {
        ConnectOutcome::Connected(account) => Ok(account),
        other => panic!("connected at once: {other:?}"),
    }
}

async fn linkedin_link(postcore: &Postcore, target: ConnectTarget) -> ConnectLink {
    match postcore.connect(ConnectRequest::new(target, Platform::LinkedIn, link())).await {
        Ok(ConnectOutcome::Link(link)) => link,
        other => panic!("a link: {other:?}"),
    }
}

/// Opens a link as the owner's browser would, and gives the address that it is sent back to.
async fn open(link: &ConnectLink) -> String {
    let browser = polyprofile_http::hardened_builder().build().expect("a client");
    let answer = browser.get(link.expose_url()).send().await.expect("an answer");
    let location = answer.headers().get("location").expect("a redirect");
    location.to_str().expect("an address").to_owned()
}

/// The requests so far: method, path, query, body.
fn sent(emulator: &Emulator) -> Vec<(String, String, String, Value)> {
    let body = |text: &str| if text.is_empty() { Value::Null } else { serde_json::from_str(text).expect("JSON") };
    let row = |request: RecordedRequest| {
        let query = request.raw_query.unwrap_or_default();
        (request.method, request.path, query, body(&request.body))
    };
    emulator.requests().into_iter().map(row).collect()
}

#[tokio::test(start_paused = true)]
async fn every_call_is_what_the_documents_say() {
    let emulator = emulator(Data::Documents).await;
    let postcore = postcore(&emulator);
    let id = postcore.profile_id("prof_abc123def456");
    let into = ConnectTarget::New { group: None, profile: Some(id.clone()) };

    listed(&postcore).await;
    fetched(&postcore, "prof_abc123").await;
    let create = |name: Option<&str>| {
        let mut create = CreateProfile::new();
        create.name = name.map(str::to_owned);
        create
    };
    postcore.create_profile(create(Some("Acme"))).await.expect("created");
    postcore.create_profile(create(None)).await.expect("created");
    connect_bluesky(&postcore, into, PASSWORD).await.expect("connected");
    connect_bluesky(&postcore, into_new_profile(), PASSWORD).await.expect("connected");
    postcore.delete_profile(&id, GetOptions::new()).await.expect("deleted");

    let credentials = json!({"handle": "new.bsky.social", "appPassword": PASSWORD});
    let expected = [
        ("GET", "/profiles", Value::Null),
        ("GET", "/profiles/prof_abc123", Value::Null),
        ("POST", "/profiles/create", json!({"profileName": "Acme"})),
        ("POST", "/profiles/create", json!({})),
        (
            "POST",
            "/profiles/connect",
            json!({"profileKey": "prof_abc123def456", "platform": "bluesky", "credentials": credentials}),
        ),
        ("POST", "/profiles/connect", json!({"platform": "bluesky", "credentials": credentials})),
        ("DELETE", "/profiles/prof_abc123def456", Value::Null),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(method, path, body)| (method.to_owned(), path.to_owned(), String::new(), body))
        .collect();
    assert_eq!(sent(&emulator), expected);
    for request in emulator.requests() {
        assert_eq!(request.header("x-api-key"), Some(RecordedRequest::RIGHT_KEY));
        assert_eq!(request.header("idempotency-key"), None, "Postcore documents none");
    }
}

#[tokio::test(start_paused = true)]
async fn a_profile_is_created_listed_and_deleted_for_good() {
    for data in [Data::Documents, Data::Demo] {
        let emulator = emulator(data).await;
        let postcore = postcore(&emulator);
        let before = listed(&postcore).await.len();

        let mut create = CreateProfile::new();
        create.name = Some("Acme".to_owned());
        let created = postcore.create_profile(create.clone()).await.expect("created");
        assert_eq!((created.name.as_deref(), created.created_at), (Some("Acme"), None));
        assert_eq!((created.connected_platforms.len(), created.issues.len()), (0, 0));

        let error = postcore.create_profile(create).await.expect_err("there is one of that name");
        assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, Some("PROFILE_ALREADY_EXISTS")));
        assert_eq!(listed(&postcore).await.len(), before + 1);
        assert_eq!(fetched(&postcore, &created.id.key).await.created_at, Some(Emulator::DOCUMENTS_NOW));

        let deleted = postcore.delete_profile(&created.id, GetOptions::new()).await.expect("deleted");
        assert_eq!(deleted.message.as_deref(), Some("Profile deleted successfully"));
        let gone = [
            postcore.profile(&created.id, GetOptions::new()).await.map(drop),
            postcore.delete_profile(&created.id, GetOptions::new()).await.map(drop),
            connect_bluesky(&postcore, ConnectTarget::New { group: None, profile: Some(created.id) }, PASSWORD)
                .await
                .map(drop),
        ];
        for outcome in gone {
            let error = outcome.expect_err("it is gone");
            assert_eq!((error.kind(), error.code()), (ErrorKind::NotFound, Some("PROFILE_NOT_FOUND")));
        }
        assert_eq!(listed(&postcore).await.len(), before);
    }
}

#[tokio::test(start_paused = true)]
async fn linkedin_is_connected_by_a_link_that_never_prints() {
    let emulator = emulator(Data::Documents).await;
    let postcore = postcore(&emulator);
    let link = linkedin_link(&postcore, into_new_profile()).await;
    assert_eq!(emulator.requests(), [], "a link is put together, not asked for");
    let origin = emulator.origin();
    assert_eq!(
        link.expose_url(),
        format!(
            "{origin}/profiles/connect?platform=linkedin&returnUrl=https%3A%2F%2Fapp.example.com%2Fback%3Fstate%3Da%2526b\
             &apiKey={POSTCORE_KEY}"
        )
    );
    assert!(!format!("{link:?}").contains(POSTCORE_KEY));

    let back = open(&link).await;
    let asked = emulator.requests().remove(0);
    assert_eq!(asked.query_value("apiKey"), Some(RecordedRequest::RIGHT_KEY));

    let callback = postcore.connect_callback(&back).expect("a URL");
    assert_eq!(callback.outcome, CallbackOutcome::Returned);
    assert_eq!(callback.query, [("state".to_owned(), "a&b".to_owned())]);
    let id = callback.profile.expect("the profile that was made");
    let connections = fetched(&postcore, &id.key).await.connected_platforms;
    assert_eq!(connections.len(), 1);
    assert_eq!((&connections[0].platform, &connections[0].status), (&Platform::LinkedIn, &ConnectionStatus::Active));
    assert!(matches!(connections[0].expiry, Expiry::At { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_link_keeps_the_rules_of_the_base_url() {
    for (base, start) in [
        ("https://proxy.example.com/postcore/", "https://proxy.example.com/postcore/profiles/connect?platform="),
        ("https://api.postcore.dev?port=8443", "https://api.postcore.dev/profiles/connect?port=8443&platform="),
    ] {
        let mut config = PostcoreConfig::new("a&key=b/c");
        config.base_url = base.to_owned();
        let postcore = Postcore::new(config).expect("a sound configuration");
        let id = postcore.profile_id("p/1");
        let link = linkedin_link(&postcore, ConnectTarget::New { group: None, profile: Some(id) }).await;
        assert!(link.expose_url().starts_with(start), "{}", link.expose_url());
        assert!(link.expose_url().contains("&profileKey=p%2F1&"), "{}", link.expose_url());
        assert!(link.expose_url().ends_with("&apiKey=a%26key%3Db%2Fc"), "{}", link.expose_url());
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_renewed_in_its_profile() {
    let emulator = emulator(Data::Demo).await;
    let postcore = postcore(&emulator);
    let broken = listed(&postcore).await;
    let broken = broken.iter().flat_map(|profile| profile.connected_platforms.iter().map(move |one| (profile, one)));
    let broken: Vec<(ConnectionKey, Platform)> = broken
        .filter(|(_, connection)| connection.status == ConnectionStatus::NeedsReconnect)
        .map(|(profile, connection)| (profile.connection_key(connection), connection.platform.clone()))
        .collect();
    let platforms: Vec<&Platform> = broken.iter().map(|(_, platform)| platform).collect();
    assert_eq!(platforms, [&Platform::LinkedIn, &Platform::Bluesky], "one that ran out, one that was revoked");

    for (key, platform) in broken {
        let before = fetched(&postcore, &key.profile.key).await;
        let target = ConnectTarget::Reconnect(key.clone());
        if platform == Platform::LinkedIn {
            let callback = postcore.connect_callback(&open(&linkedin_link(&postcore, target).await).await);
            assert_eq!(callback.expect("a URL").profile.as_ref(), Some(&key.profile));
        } else {
            let account = connect_bluesky(&postcore, target, PASSWORD).await.expect("connected");
            assert_eq!(account.profile.as_ref(), Some(&key.profile));
            assert_eq!(account.username.as_deref(), Some("new.bsky.social"));
        }
        let after = fetched(&postcore, &key.profile.key).await;
        assert_eq!(after.connected_platforms.len(), before.connected_platforms.len(), "replaced, not added");
        let renewed = after.connected_platforms.iter().find(|connection| connection.platform == platform);
        assert_eq!(renewed.expect("it is there").status, ConnectionStatus::Active);
        assert_eq!(after.connection_key(renewed.expect("it is there")), key, "the same name after a renewal");
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_asked_for_is_refused_and_nothing_is_sent() {
    let emulator = emulator(Data::Documents).await;
    let postcore = postcore(&emulator);
    let own = postcore.profile_id("prof_abc123");
    let foreign = ProfileId::new(ProviderId::new("another"), "prof_abc123");
    let group = || Some(GroupId::new("g"));
    let in_group = || {
        let mut options = GetOptions::new();
        options.group = group();
        options
    };
    let connect = async |target, platform, credentials| {
        postcore.connect(ConnectRequest::new(target, platform, credentials)).await.map(drop)
    };
    let into = |profile: &ProfileId| ConnectTarget::New { group: None, profile: Some(profile.clone()) };
    let renew =
        |profile: &ProfileId| ConnectTarget::Reconnect(ConnectionKey::new(profile.clone(), Platform::LinkedIn, None));
    let refusals = [
        (Operation::GetProfile, ErrorKind::Unsupported, postcore.profile(&own, in_group()).await.map(drop)),
        (Operation::DeleteProfile, ErrorKind::Unsupported, postcore.delete_profile(&own, in_group()).await.map(drop)),
        (
            Operation::Connect,
            ErrorKind::Unsupported,
            connect(ConnectTarget::New { group: group(), profile: None }, Platform::LinkedIn, link()).await,
        ),
        (Operation::Connect, ErrorKind::Unsupported, connect(into_new_profile(), Platform::Facebook, link()).await),
        (Operation::Connect, ErrorKind::Invalid, connect(into_new_profile(), Platform::Bluesky, link()).await),
        (Operation::Connect, ErrorKind::Invalid, connect(into(&foreign), Platform::LinkedIn, link()).await),
        (Operation::Connect, ErrorKind::Invalid, connect(renew(&foreign), Platform::LinkedIn, link()).await),
        (
            Operation::Connect,
            ErrorKind::Invalid,
            connect(renew(&own), Platform::Bluesky, bluesky("j.bsky.social", PASSWORD)).await,
        ),
        // To Postcore an empty key would mean a new profile.
        (
            Operation::Connect,
            ErrorKind::Invalid,
            connect(into(&postcore.profile_id("")), Platform::LinkedIn, link()).await,
        ),
        (Operation::LookUpPerson, ErrorKind::Unsupported, postcore.person(PersonQuery::new("j")).await.map(drop)),
        (
            Operation::ListPlacements,
            ErrorKind::Unsupported,
            postcore.placements(&own, GetOptions::new()).await.map(drop),
        ),
        (Operation::GetStats, ErrorKind::Unsupported, postcore.stats(StatsQuery::new(own.clone())).await.map(drop)),
        (Operation::ListGroups, ErrorKind::Unsupported, postcore.groups().await.map(drop)),
        (Operation::GetGroup, ErrorKind::Unsupported, postcore.group(&GroupId::new("g")).await.map(drop)),
        (
            Operation::CreateGroup,
            ErrorKind::Unsupported,
            postcore.create_group(CreateGroup::named("g")).await.map(drop),
        ),
        (Operation::DeleteGroup, ErrorKind::Unsupported, postcore.delete_group(&GroupId::new("g")).await.map(drop)),
    ];
    for (operation, kind, outcome) in refusals {
        let error = outcome.expect_err("it is refused");
        assert_eq!((error.kind(), error.operation(), error.attempts()), (kind, Some(operation), 0), "{error}");
        assert_eq!(error.provider().map(ProviderId::as_str), Some("postcore"), "{error}");
    }
    for outcome in [
        postcore.profile(&foreign, GetOptions::new()).await.map(drop),
        postcore.delete_profile(&foreign, GetOptions::new()).await.map(drop),
        postcore.delete_profile(&postcore.profile_id(""), GetOptions::new()).await.map(drop),
        postcore.connect_callback("nonsense").map(drop),
    ] {
        assert_eq!(outcome.expect_err("it is refused").kind(), ErrorKind::Invalid);
    }
    assert_eq!(emulator.requests(), []);
}

#[tokio::test(start_paused = true)]
async fn the_errors_of_keys_and_credentials_are_told_apart() {
    let emulator = emulator(Data::Documents).await;
    let error = postcore_with(&emulator, "sk-wrong-secret").list(ListOptions::new()).await;
    let error = error.expect_err("the key is wrong");
    assert_eq!(
        (error.kind(), error.code(), error.remedy()),
        (ErrorKind::ApiKey, Some("INVALID_API_KEY"), Remedy::FixKey)
    );
    assert!(!format!("{error} {error:?}").contains("sk-wrong-secret"));

    let error = connect_bluesky(&postcore(&emulator), into_new_profile(), "my-real-password").await;
    let error = error.expect_err("no app password");
    assert_eq!((error.kind(), error.code()), (ErrorKind::ReconnectRequired, Some("INVALID_CREDENTIALS")));
    assert_eq!(error.remedy(), Remedy::ReconnectAccount);
}

#[tokio::test(start_paused = true)]
async fn no_answer_can_make_a_secret_print() {
    let emulator = emulator(Data::Documents).await;
    let echo = format!(r#"{{"error":"{PASSWORD}","message":"bad: {PASSWORD} {POSTCORE_KEY}"}}"#);
    for (status, body) in [(400, echo.clone()), (500, echo.clone()), (200, echo), (200, format!("<b>{PASSWORD}</b>"))] {
        let answer = FaultKind::Status { status, headers: vec![], body, content_type: "application/json".to_owned() };
        emulator.add_fault(Fault::new("/profiles/connect", answer).times(1));
        let error = connect_bluesky(&postcore(&emulator), into_new_profile(), PASSWORD).await.expect_err("refused");
        let printed = format!("{error} {error:?} {}", serde_json::to_string(&error).expect("JSON"));
        assert!(!printed.contains(PASSWORD) && !printed.contains(POSTCORE_KEY), "{printed}");
    }
    let request = ConnectRequest::new(into_new_profile(), Platform::Bluesky, bluesky("h", PASSWORD));
    assert!(!format!("{request:?} {:?}", postcore(&emulator)).contains(PASSWORD));
    assert!(!format!("{:?}", postcore(&emulator)).contains(POSTCORE_KEY));
}

#[tokio::test(start_paused = true)]
async fn a_write_whose_answer_cannot_be_read_asks_to_look_first() {
    let emulator = emulator(Data::Documents).await;
    let postcore = postcore(&emulator);
    let id = postcore.profile_id("prof_abc123");
    for body in ["[]", "", "<html>", "{", "true"] {
        let answer = FaultKind::Status {
            status: 200,
            headers: vec![],
            body: body.to_owned(),
            content_type: "application/json".to_owned(),
        };
        emulator.clear_faults();
        emulator.add_fault(Fault::new("/profiles", answer));
        for outcome in [
            postcore.create_profile(CreateProfile::new()).await.map(drop),
            postcore.delete_profile(&id, GetOptions::new()).await.map(drop),
            connect_bluesky(&postcore, into_new_profile(), PASSWORD).await.map(drop),
        ] {
            let error = outcome.expect_err("unreadable");
            assert_eq!((error.kind(), error.remedy()), (ErrorKind::Decode, Remedy::CheckFirst), "{body}: {error}");
            assert_eq!(error.attempts(), 1, "a write is sent once");
        }
    }
    let nothing = FaultKind::Status { status: 204, headers: vec![], body: String::new(), content_type: String::new() };
    emulator.clear_faults();
    emulator.add_fault(Fault::new("/profiles", nothing));
    assert_eq!(postcore.delete_profile(&id, GetOptions::new()).await.expect("deleted").message, None);
    let target = ConnectTarget::New { group: None, profile: Some(id.clone()) };
    assert_eq!(connect_bluesky(&postcore, target, PASSWORD).await.expect("connected").profile, Some(id));
}

#[tokio::test(start_paused = true)]
async fn the_limit_is_told_with_every_answer() {
    let emulator = emulator(Data::Documents).await;
    let postcore = postcore(&emulator);
    assert_eq!(postcore.rate_limit(), None);
    listed(&postcore).await;
    let told = postcore.rate_limit().expect("the headers tell it");
    assert_eq!((told.limit, told.remaining), (Some(100), Some(99)));
    assert_eq!(told.resets_at, Some(Emulator::DOCUMENTS_NOW + Duration::from_secs(15 * 60)));

    let missing = postcore.profile_id("nobody");
    postcore.profile(&missing, GetOptions::new()).await.expect_err("there is no such profile");
    assert_eq!(postcore.rate_limit().and_then(|told| told.remaining), Some(98), "an error tells it too");
}

#[tokio::test(start_paused = true)]
async fn both_bodies_of_too_many_requests_say_how_long_to_wait() {
    let emulator = Emulator::builder().data(Data::Documents).enforce_limits(true).start().await.expect("a free port");
    // Per platform: the moment from which it is available.
    let into = || ConnectTarget::New { group: None, profile: Some(postcore(&emulator).profile_id("prof_abc123")) };
    connect_bluesky(&postcore(&emulator), into(), PASSWORD).await.expect("connected");
    let error = connect_bluesky(&postcore(&emulator), into(), PASSWORD).await.expect_err("too soon");
    assert_eq!((error.kind(), error.code()), (ErrorKind::RateLimited, Some("RATE_LIMIT_EXCEEDED")));
    let wait = error.retry_after().expect("a moment was named");
    assert!(wait > Duration::ZERO && wait <= Duration::from_secs(1), "{wait:?}");

    // In all: seconds. Each request comes from a provider that saw no headers yet: another one would wait by itself.
    let mut limited = None;
    for _ in 0..100 {
        match postcore(&emulator).profile(&postcore(&emulator).profile_id("prof_abc123"), GetOptions::new()).await {
            Ok(_) => {}
            Err(error) => {
                limited = Some(error);
                break;
            }
        }
    }
    let error = limited.expect("the 101st request is one too many");
    assert_eq!((error.kind(), error.remedy()), (ErrorKind::RateLimited, Remedy::Wait));
    let wait = error.retry_after().expect("seconds were named");
    assert!(wait > Duration::from_secs(890) && wait <= Duration::from_secs(900), "{wait:?}");
}

#[tokio::test(start_paused = true)]
async fn the_older_shapes_of_another_page_are_told_clearly() {
    let emulator = emulator(Data::Documents).await;
    let postcore = postcore(&emulator);
    let answer = |body: &str| FaultKind::Status {
        status: 200,
        headers: vec![],
        body: body.to_owned(),
        content_type: "application/json".to_owned(),
    };
    // A bare array is no list with nothing in it.
    emulator.add_fault(Fault::new("/profiles", answer(r#"[{"id":"p","platform":"linkedin"}]"#)).times(1));
    let error = postcore.list(ListOptions::new()).await.expect_err("no such list is documented");
    assert_eq!(error.kind(), ErrorKind::Decode);
    // Names in the older spelling name nothing.
    let row = r#"{"profiles":[{"profile_key":"p","created_at":"2025-01-01T12:00:00Z","needs_reconnect":true}]}"#;
    emulator.add_fault(Fault::new("/profiles", answer(row)).times(1));
    let rows = postcore.list(ListOptions::new()).await.expect("a list");
    let [Listed::Rejected(rejected)] = rows.as_slice() else { panic!("nothing names the row: {rows:?}") };
    assert!(rejected.problem.contains("/profileKey"), "{}", rejected.problem);
    // A single profile has its connections beside it, not inside.
    let nested = r#"{"profile":{"profileKey":"p","createdAt":"2025-01-01T12:00:00Z","connectedPlatforms":[]}}"#;
    emulator.add_fault(Fault::new("/profiles/p", answer(nested)).times(1));
    let issues = fetched(&postcore, "p").await.issues;
    assert_eq!(issues.iter().map(|issue| issue.path.as_str()).collect::<Vec<_>>(), ["/connectedPlatforms"]);
}

#[test]
fn what_can_be_done_is_said_in_advance() {
    let postcore = Postcore::new(PostcoreConfig::new("k")).expect("a sound configuration");
    let capabilities: &Capabilities = postcore.capabilities();
    let offered = [
        Operation::ListProfiles,
        Operation::GetProfile,
        Operation::CreateProfile,
        Operation::DeleteProfile,
        Operation::Connect,
    ];
    for operation in Operation::ALL {
        assert_eq!(capabilities.supports(operation), offered.contains(&operation), "{operation}");
    }
    assert!(capabilities.connect.iter().all(|support| support.reconnect));
    let destroys = capabilities.delete_profile_destroys.as_deref().expect("it destroys much");
    assert!(destroys.contains("connections") && destroys.contains("pending posts") && destroys.contains("for good"));
}
