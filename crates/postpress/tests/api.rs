//! Every endpoint of Postpress, against the emulator.

use std::{sync::Arc, time::Duration};

use polyprofile_core::{
    CallbackOutcome, ConnectCredentials, ConnectLink, ConnectOutcome, ConnectRequest, ConnectTarget, ConnectionKey,
    ConnectionStatus, CreateGroup, CreateProfile, Error, ErrorKind, Expiry, FixedClock, GetOptions, GroupId, IssueKind,
    ListOptions, Listed, Operation, PersonApi, PersonQuery, Platform, Profile, ProfileId, Provider, ProviderExt as _,
    ProviderId, Relation, Remedy, StatsQuery, VendorApi,
};
use polyprofile_emulator::{Data, Emulator, Fault, FaultKind, POSTPRESS_KEY, RecordedRequest};
use polyprofile_http::RetryPolicy;
use polyprofile_postpress::{
    LINK_LIFETIME, OwnerProfile, Postpress, PostpressConfig, UserProfile, owner::ProductError,
};
use serde_json::{Value, json};

async fn emulator(data: Data) -> Emulator {
    Emulator::builder().data(data).now(Emulator::DOCUMENTS_NOW).start().await.expect("a free port")
}

/// In the envelopes of the reference pages, and in those of the quickstart.
async fn in_both_envelopes(data: Data) -> [Emulator; 2] {
    let builder = Emulator::builder().data(data).now(Emulator::DOCUMENTS_NOW);
    let quickstart = builder.clone().postpress_quickstart_envelopes(true);
    [builder.start().await.expect("a free port"), quickstart.start().await.expect("a free port")]
}

/// At the emulator's own moment; every request is sent once.
fn config(emulator: &Emulator) -> PostpressConfig {
    let mut config = PostpressConfig::new(POSTPRESS_KEY);
    config.base_url = emulator.origin();
    config.account = Some(emulator.postpress_account_id());
    config.http.clock = Arc::new(FixedClock(Emulator::DOCUMENTS_NOW));
    config.http.retry = RetryPolicy::never();
    config
}

fn postpress(emulator: &Emulator) -> Postpress {
    Postpress::new(config(emulator)).expect("a sound configuration")
}

async fn listed(postpress: &Postpress, page_size: Option<u32>) -> Vec<Profile> {
    let mut options = ListOptions::new();
    options.page_size = page_size;
    let rows = postpress.list(options).await.expect("a listing");
    rows.into_iter()
        .map(|row| match row {
            Listed::Profile(profile) => profile,
            other => panic!("a row was not kept: {other:?}"),
        })
        .collect()
}

async fn fetched(postpress: &Postpress, key: &str) -> Profile {
    postpress.profile(&postpress.profile_id(key), GetOptions::new()).await.expect("it is there")
}

async fn with_person(postpress: &Postpress, key: &str) -> Profile {
    let mut options = GetOptions::new();
    options.with_person = true;
    postpress.profile(&postpress.profile_id(key), options).await.expect("the account is there")
}

fn through(identifier: &str, account: &str) -> PersonQuery {
    let mut query = PersonQuery::new(identifier);
    query.through = Some(account.to_owned());
    query
}

fn new_account() -> ConnectTarget {
    ConnectTarget::New { group: None, profile: None }
}

fn request(target: ConnectTarget, platform: Platform) -> ConnectRequest {
    let return_url = "https://app.example.com/back?state=a%26b".to_owned();
    ConnectRequest::new(target, platform, ConnectCredentials::Link { return_url })
}

async fn link(postpress: &Postpress, target: ConnectTarget, platform: Platform) -> ConnectLink {
    match postpress.connect(request(target, platform)).await {
        Ok(ConnectOutcome::Link(link)) => link,
        other => panic!("a link: {other:?}"),
    }
}

/// Opens a link as the owner's browser would, and gives the address that it is sent back to.
async fn open(url: &str) -> String {
    let browser = polyprofile_http::hardened_builder().build().expect("a client");
    let answer = browser.get(url).send().await.expect("an answer");
    let location = answer.headers().get("location").expect("a redirect");
    location.to_str().expect("an address").to_owned()
}

fn status(status: u16, body: impl Into<String>) -> FaultKind {
    FaultKind::Status { status, headers: vec![], body: body.into(), content_type: "application/json".to_owned() }
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
    let postpress = postpress(&emulator);
    let account = emulator.postpress_account_id();
    let id = postpress.profile_id(&account);

    listed(&postpress, Some(250)).await;
    fetched(&postpress, &account).await;
    with_person(&postpress, &account).await;
    let mut query = PersonQuery::new("jordan-walke");
    query.sections = vec!["*_preview".to_owned(), "experience".to_owned()];
    query.notify = true;
    query.api = Some(PersonApi::SalesNavigator);
    postpress.person(query).await.expect("somebody");
    postpress.user_profile(PersonQuery::new("jordan-walke")).await.expect("somebody");
    postpress.owner_profile(&id).await.expect("an owner");
    link(&postpress, new_account(), Platform::Google).await;
    link(
        &postpress,
        ConnectTarget::Reconnect(ConnectionKey::new(id.clone(), Platform::LinkedIn, None)),
        Platform::LinkedIn,
    )
    .await;
    postpress.delete_profile(&id, GetOptions::new()).await.expect("deleted");

    let me = format!("account_id={account}");
    let one = format!("/api/v1/accounts/{account}");
    let hosted = |more: Value| {
        let mut body = json!({
            "api_url": emulator.origin(),
            "expiresOn": "2025-01-06T13:30:00.000Z",
            "success_redirect_url": "https://app.example.com/back?state=a%26b",
            "failure_redirect_url": "https://app.example.com/back?state=a%26b&failure=true",
        });
        body.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
        body
    };
    let person = format!(
        "account_id={account}&linkedin_api=sales_navigator&linkedin_sections=*_preview&linkedin_sections=experience\
         &notify=true"
    );
    let expected = [
        ("GET", "/api/v1/accounts", "limit=250", Value::Null),
        ("GET", &one, "", Value::Null),
        ("GET", &one, "", Value::Null),
        ("GET", "/api/v1/users/me", &me, Value::Null),
        ("GET", "/api/v1/users/jordan-walke", &person, Value::Null),
        ("GET", "/api/v1/users/jordan-walke", &me, Value::Null),
        ("GET", "/api/v1/users/me", &me, Value::Null),
        ("POST", "/api/v1/hosted/accounts/link", "", hosted(json!({"type": "create", "providers": ["GOOGLE"]}))),
        (
            "POST",
            "/api/v1/hosted/accounts/link",
            "",
            hosted(json!({"type": "reconnect", "reconnect_account": account})),
        ),
        ("DELETE", &one, "", Value::Null),
    ];
    let text = str::to_owned;
    let expected: Vec<_> =
        expected.into_iter().map(|(method, path, query, body)| (text(method), text(path), text(query), body)).collect();
    assert_eq!(sent(&emulator), expected);
    for request in emulator.requests() {
        assert_eq!(request.header("x-api-key"), Some(RecordedRequest::RIGHT_KEY));
        assert_eq!(request.header("idempotency-key").is_some(), request.method == "POST", "{}", request.path);
    }
}

#[tokio::test(start_paused = true)]
async fn a_base_url_with_and_without_a_version_is_one() {
    let emulator = emulator(Data::Documents).await;
    for (end, prefix) in
        [("", "/api/v1"), ("/", "/api/v1"), ("/v1", "/v1"), ("/api/v1", "/api/v1"), ("/api/v1/", "/api/v1")]
    {
        emulator.clear_requests();
        let mut config = config(&emulator);
        config.base_url = format!("{}{end}", emulator.origin());
        let postpress = Postpress::new(config).expect("a sound configuration");
        listed(&postpress, None).await;
        link(&postpress, new_account(), Platform::LinkedIn).await;
        let sent = sent(&emulator);
        assert_eq!(sent[0].1, format!("{prefix}/accounts"), "{end}");
        assert_eq!(sent[1].3["api_url"], emulator.origin(), "{end}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_account_is_listed_in_either_envelope_and_any_page_size() {
    for data in [Data::Documents, Data::Demo] {
        let [reference, quickstart] = in_both_envelopes(data).await;
        let whole = listed(&postpress(&reference), None).await;
        assert_eq!(whole.len(), if data == Data::Demo { 12 } else { 5 });
        assert!(whole.iter().all(|account| account.issues.is_empty() && account.connected_platforms.len() == 1));
        let expiries = whole.iter().map(|account| &account.connected_platforms[0].expiry);
        assert!(expiries.into_iter().all(|expiry| *expiry == Expiry::NotReported), "never \"does not expire\"");
        for emulator in [&reference, &quickstart] {
            for page_size in [1, 2, 5, 12, 250] {
                assert_eq!(listed(&postpress(emulator), Some(page_size)).await, whole, "{page_size}");
            }
            assert_eq!(listed(&postpress(emulator), None).await, whole);
        }
        emulator_pages(&quickstart).await;
        for account in &whole {
            assert_eq!(&fetched(&postpress(&reference), &account.id.key).await, account);
        }
    }
}

/// A cursor is handed back as it came, and none is asked for after the last page.
async fn emulator_pages(emulator: &Emulator) {
    emulator.clear_requests();
    let rows = listed(&postpress(emulator), Some(4)).await.len();
    let requests = emulator.requests();
    assert_eq!(requests.len(), rows.div_ceil(4));
    let cursors = requests.iter().map(|request| request.query_value("cursor"));
    assert!(cursors.enumerate().all(|(page, cursor)| cursor.is_some() == (page > 0)));
}

#[tokio::test(start_paused = true)]
async fn the_owner_comes_with_the_account_on_request() {
    let emulator = emulator(Data::Demo).await;
    let postpress = postpress(&emulator);
    let rows = [
        ("acc_linkedin_kestrel", Some("sigridhalvorsen"), Some("sigridhalvorsen@example.com")),
        ("acc_telegram_sigrid", Some("sigridhalvorsen"), None),
        ("acc_twitter_kestrel", Some("kestrelcoffee"), None),
        ("acc_google_office", Some("kestreloffice@example.com"), Some("kestreloffice@example.com")),
        ("acc_outlook_fjord", Some("fjordoutdoor@example.com"), Some("fjordoutdoor@example.com")),
        ("acc_mail_archive", Some("archive@example.com"), Some("archive@example.com")),
    ];
    for (key, username, email) in rows {
        let alone = fetched(&postpress, key).await;
        assert_eq!(alone.connected_platforms[0].person, None, "it takes a request of its own");
        let profile = with_person(&postpress, key).await;
        assert_eq!(profile.issues, [], "{key}");
        let connection = &profile.connected_platforms[0];
        assert_eq!(connection.relation, Relation::Connected, "{key}");
        assert_eq!(connection.status, alone.connected_platforms[0].status, "{key}");
        assert_eq!(connection.username.as_deref(), username, "{key}");
        let contact = connection.person.as_deref().expect("a person").contact.as_ref();
        assert_eq!(contact.and_then(|contact| contact.emails.first()).map(String::as_str), email, "{key}");
        assert!(profile.vendor.contains_key("owner"), "{key}");
    }
    let member = with_person(&postpress, "acc_linkedin_kestrel").await;
    assert_eq!(member.vendor["owner"]["recruiter"], json!({"error": "MULTIPLE_SESSIONS"}));
    assert_eq!(member.connected_platforms[0].status, ConnectionStatus::Active, "the account works all the same");

    let typed = postpress.owner_profile(&postpress.profile_id("acc_linkedin_kestrel")).await.expect("an owner");
    assert_eq!(typed.issues, []);
    let OwnerProfile::LinkedIn(member) = typed.value else { panic!("a LinkedIn member") };
    assert_eq!(member.recruiter.and_then(|product| product.error), Some(ProductError::MultipleSessions));
    assert_eq!(member.sales_navigator.and_then(|product| product.owner_seat_id).as_deref(), Some("seat_1"));
}

#[tokio::test(start_paused = true)]
async fn an_account_is_told_even_if_its_owner_is_not() {
    let emulator = emulator(Data::Demo).await;
    let postpress = postpress(&emulator);
    // Disconnected; and sorts of accounts whose owner Postpress cannot tell.
    for (key, kind) in [
        ("acc_linkedin_jonas", ErrorKind::ReconnectRequired),
        ("acc_whatsapp_studio", ErrorKind::Invalid),
        ("acc_instagram_kestrel", ErrorKind::Invalid),
        ("acc_messenger_fjord", ErrorKind::Invalid),
    ] {
        let mut profile = with_person(&postpress, key).await;
        let issue = profile.issues.pop().expect("it is said");
        assert_eq!((issue.path.as_str(), issue.kind), ("/owner", IssueKind::Missing), "{key}");
        assert!(issue.message.starts_with("the account's owner could not be fetched: postpress"), "{issue}");
        assert_eq!(profile, fetched(&postpress, key).await, "{key}");
        let error = postpress.owner_profile(&profile.id).await.expect_err("there is no owner");
        assert_eq!((error.kind(), error.operation()), (kind, Some(Operation::GetProfile)), "{error}");
    }
    let emulated = &emulator;
    let secret_in_issue = async |body: String| {
        emulated.add_fault(Fault::new("/api/v1/users/me", status(500, body)).times(1));
        format!("{:?}", with_person(&postpress, "acc_linkedin_kestrel").await.issues)
    };
    let echo = json!({"title": "t", "type": "errors/unexpected_error", "status": 500, "detail": POSTPRESS_KEY});
    let told = secret_in_issue(echo.to_string()).await;
    assert!(told.contains("errors/unexpected_error") && !told.contains(POSTPRESS_KEY), "{told}");
    // An account that is not there has no owner to ask for.
    emulator.clear_requests();
    let mut options = GetOptions::new();
    options.with_person = true;
    let error = postpress.profile(&postpress.profile_id("nobody"), options).await.expect_err("not there");
    assert_eq!((error.kind(), emulator.requests().len()), (ErrorKind::NotFound, 1));
}

#[tokio::test(start_paused = true)]
async fn people_are_found_on_every_network() {
    let emulator = emulator(Data::Demo).await;
    let postpress = postpress(&emulator);
    let rows = [
        ("jordan-walke", "acc_linkedin_kestrel", Platform::LinkedIn),
        ("kestrelcoffee", "acc_instagram_kestrel", Platform::Instagram),
        ("kestrelcoffee", "acc_twitter_kestrel", Platform::Twitter),
    ];
    for (identifier, account, platform) in rows {
        let person = postpress.person(through(identifier, account)).await.expect(identifier);
        assert_eq!(person.issues, [], "{platform}");
        let connection = &person.connected_platforms[0];
        assert_eq!(connection.platform, platform);
        assert_eq!(connection.relation, Relation::LookedUp { through: account.to_owned() });
        let typed = postpress.user_profile(through(identifier, account)).await.expect(identifier);
        assert_eq!((typed.value.platform(), typed.issues), (Some(platform), vec![]));
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_is_told_beside_the_typed_answer() {
    let emulator = emulator(Data::Documents).await;
    let postpress = postpress(&emulator);
    let page =
        r#"{"object":"UserProfile","provider":"LINKEDIN","provider_id":"p","first_name":"J","is_premium":"yes"}"#;
    emulator.add_fault(Fault::new("/api/v1/users", status(200, page)));
    let typed = postpress.user_profile(PersonQuery::new("j")).await.expect("most of it");
    let UserProfile::LinkedIn(member) = typed.value else { panic!("a LinkedIn member") };
    assert_eq!((member.first_name.as_deref(), member.is_premium), (Some("J"), None));
    assert_eq!(typed.issues.iter().map(|issue| issue.path.as_str()).collect::<Vec<_>>(), ["/is_premium"]);
    let owner = postpress.owner_profile(&postpress.profile_id("acc_1")).await.expect("most of it");
    assert!(matches!(owner.value, OwnerProfile::LinkedIn(_)));
}

#[tokio::test(start_paused = true)]
async fn each_documented_refusal_is_read_in_both_envelopes() {
    type Row = (&'static str, ErrorKind, Remedy, Result<(), Error>);
    for (emulator, prefix) in in_both_envelopes(Data::Demo).await.iter().zip(["errors/", ""]) {
        let postpress = postpress(emulator);
        let mut keyless = config(emulator);
        keyless.api_key = "a-wrong-key".into();
        let keyless = Postpress::new(keyless).expect("a sound configuration");
        let page = |size| {
            let mut options = ListOptions::new();
            options.page_size = Some(size);
            options
        };
        let recruiter = || {
            let mut query = PersonQuery::new("jordan-walke");
            query.api = Some(PersonApi::Recruiter);
            query
        };
        let section = || {
            let mut query = PersonQuery::new("jordan-walke");
            query.sections = vec!["hobbies".to_owned()];
            query
        };
        let renew =
            ConnectTarget::Reconnect(ConnectionKey::new(postpress.profile_id("nobody"), Platform::LinkedIn, None));
        let missing = if prefix.is_empty() { "key_missing" } else { "missing_credentials" };
        let rows: [Row; 11] = [
            (missing, ErrorKind::ApiKey, Remedy::FixKey, keyless.list(ListOptions::new()).await.map(drop)),
            ("limit_too_high", ErrorKind::Invalid, Remedy::FixRequest, postpress.list(page(251)).await.map(drop)),
            ("invalid_parameters", ErrorKind::Invalid, Remedy::FixRequest, postpress.list(page(0)).await.map(drop)),
            ("invalid_parameters", ErrorKind::Invalid, Remedy::FixRequest, postpress.person(section()).await.map(drop)),
            (
                "resource_not_found",
                ErrorKind::NotFound,
                Remedy::FixRequest,
                postpress.profile(&postpress.profile_id("nobody"), GetOptions::new()).await.map(drop),
            ),
            (
                "resource_not_found",
                ErrorKind::NotFound,
                Remedy::FixRequest,
                postpress.delete_profile(&postpress.profile_id("nobody"), GetOptions::new()).await.map(drop),
            ),
            (
                "resource_not_found",
                ErrorKind::NotFound,
                Remedy::FixRequest,
                postpress.person(PersonQuery::new("nobody")).await.map(drop),
            ),
            (
                "resource_not_found",
                ErrorKind::NotFound,
                Remedy::FixRequest,
                postpress.connect(request(renew, Platform::LinkedIn)).await.map(drop),
            ),
            (
                "disconnected_account",
                ErrorKind::ReconnectRequired,
                Remedy::ReconnectAccount,
                postpress.person(through("jordan-walke", "acc_linkedin_jonas")).await.map(drop),
            ),
            (
                "feature_not_subscribed",
                ErrorKind::Permission,
                Remedy::AskVendor,
                postpress.person(recruiter()).await.map(drop),
            ),
            (
                "invalid_account",
                ErrorKind::Invalid,
                Remedy::FixRequest,
                postpress.person(through("j", "acc_outlook_fjord")).await.map(drop),
            ),
        ];
        for (code, kind, remedy, outcome) in rows {
            let error = outcome.expect_err(code);
            assert_eq!((error.kind(), error.remedy()), (kind, remedy), "{error}");
            assert_eq!(error.code(), Some(format!("{prefix}{code}").as_str()));
            assert!(error.request_id().is_some_and(|id| id.starts_with("req_")), "{error}");
            assert!(!error.message().is_empty() && !error.is_retryable(), "{error}");
            assert!(!format!("{error:?}").contains("a-wrong-key"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_account_is_linked_on_a_hosted_page() {
    for emulator in in_both_envelopes(Data::Demo).await {
        let postpress = postpress(&emulator);
        let before = listed(&postpress, None).await;
        let link = link(&postpress, new_account(), Platform::Telegram).await;
        assert!(!format!("{link:?}").contains("hosted"));

        // The owner gives up first.
        let callback = postpress.connect_callback(&open(&format!("{}?outcome=failure", link.expose_url())).await);
        let callback = callback.expect("a URL");
        assert!(matches!(callback.outcome, CallbackOutcome::Failed { code: None, .. }));
        assert_eq!(callback.query, [("state".to_owned(), "a&b".to_owned())]);
        assert_eq!(listed(&postpress, None).await, before);

        let callback = postpress.connect_callback(&open(link.expose_url()).await).expect("a URL");
        assert_eq!((callback.outcome, callback.profile), (CallbackOutcome::Returned, None));
        assert_eq!(callback.query, [("state".to_owned(), "a&b".to_owned())]);
        let after = listed(&postpress, None).await;
        let new: Vec<&Profile> = after.iter().filter(|account| !before.contains(account)).collect();
        let [new] = new.as_slice() else { panic!("one more account: {new:?}") };
        assert_eq!(new.connected_platforms[0].platform, Platform::Telegram);
        assert_eq!(new.created_at, Some(Emulator::DOCUMENTS_NOW));
    }
}

#[tokio::test(start_paused = true)]
async fn every_broken_account_is_linked_again() {
    let emulator = emulator(Data::Demo).await;
    let postpress = postpress(&emulator);
    let broken = [
        ("acc_linkedin_jonas", Platform::LinkedIn, ConnectionStatus::NeedsReconnect),
        ("acc_google_office", Platform::Google, ConnectionStatus::NeedsReconnect),
        ("acc_outlook_fjord", Platform::Outlook, ConnectionStatus::Inactive),
        ("acc_messenger_fjord", Platform::Messenger, ConnectionStatus::Failed),
    ];
    for (account, platform, status) in broken {
        let before = fetched(&postpress, account).await;
        assert_eq!(before.connected_platforms[0].status, status, "{account}");
        let key = before.connection_key(&before.connected_platforms[0]);
        let link = link(&postpress, ConnectTarget::Reconnect(key), platform).await;
        postpress.connect_callback(&open(link.expose_url()).await).expect("a URL");
        let after = fetched(&postpress, account).await;
        assert_eq!(after.connected_platforms[0].status, ConnectionStatus::Active, "{account}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_link_ends_when_the_configuration_says_and_is_made_once() {
    let emulator = emulator(Data::Documents).await;
    let mut config = config(&emulator);
    assert_eq!((config.link_lifetime, LINK_LIFETIME), (LINK_LIFETIME, Duration::from_secs(3_600)));
    config.link_lifetime = Duration::from_millis(90_500);
    config.http.retry = RetryPolicy::default();
    let postpress = Postpress::new(config.clone()).expect("a sound configuration");
    // Lost on the way back: the same key makes the second request no second act.
    emulator.add_fault(Fault::new("/api/v1/hosted", FaultKind::Close).times(1));
    link(&postpress, new_account(), Platform::LinkedIn).await;
    let requests = emulator.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].header("idempotency-key"), requests[1].header("idempotency-key"));
    assert_eq!(sent(&emulator)[1].3["expiresOn"], "2025-01-06T12:31:30.500Z");

    emulator.clear_requests();
    link(&postpress, new_account(), Platform::LinkedIn).await;
    let mut own = request(new_account(), Platform::LinkedIn);
    own.idempotency_key = Some("my-act-1".to_owned());
    postpress.connect(own).await.expect("a link");
    let keys: Vec<Option<String>> =
        emulator.requests().iter().map(|request| request.header("idempotency-key").map(str::to_owned)).collect();
    assert_ne!(keys[0].as_deref(), requests[0].header("idempotency-key"), "each act has a key of its own");
    assert_eq!(keys[1].as_deref(), Some("my-act-1"));

    for lifetime in [Duration::ZERO, Duration::MAX, Duration::from_secs(300_000_000_000)] {
        config.link_lifetime = lifetime;
        let error = Postpress::new(config.clone()).expect_err("no such moment");
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().starts_with("`link_lifetime`"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_deleted_is_gone() {
    for data in [Data::Documents, Data::Demo] {
        for emulator in in_both_envelopes(data).await {
            let postpress = postpress(&emulator);
            let id = postpress.profile_id(emulator.postpress_account_id());
            let before = listed(&postpress, None).await.len();
            assert_eq!(postpress.delete_profile(&id, GetOptions::new()).await.expect("deleted").message, None);
            assert_eq!(listed(&postpress, None).await.len(), before - 1);
            let key = ConnectionKey::new(id.clone(), Platform::LinkedIn, None);
            for outcome in [
                postpress.profile(&id, GetOptions::new()).await.map(drop),
                postpress.delete_profile(&id, GetOptions::new()).await.map(drop),
                postpress.owner_profile(&id).await.map(drop),
                postpress.person(PersonQuery::new("jordan-walke")).await.map(drop),
                postpress.connect(request(ConnectTarget::Reconnect(key), Platform::LinkedIn)).await.map(drop),
            ] {
                assert_eq!(outcome.expect_err("it is gone").kind(), ErrorKind::NotFound);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_is_not_confirmed_asks_to_look_first() {
    let emulator = emulator(Data::Documents).await;
    let postpress = postpress(&emulator);
    let id = postpress.profile_id(emulator.postpress_account_id());
    let delete = async || postpress.delete_profile(&id, GetOptions::new()).await;
    for body in [r#"{"object":"AccountFailedToDelete"}"#, "[]", "", "<html>"] {
        emulator.add_fault(Fault::new("/api/v1/accounts", status(200, body)).times(1));
        let error = delete().await.expect_err("not confirmed");
        assert_eq!((error.kind(), error.remedy()), (ErrorKind::Decode, Remedy::CheckFirst), "{body}: {error}");
    }
    emulator.add_fault(Fault::new("/api/v1/accounts", FaultKind::Close).times(1));
    assert_eq!(delete().await.expect_err("nobody knows").kind(), ErrorKind::Ambiguous);
    emulator.add_fault(Fault::new("/api/v1/accounts", status(204, "")).times(1));
    delete().await.expect("no content is a success");
    emulator.clear_faults();
    delete().await.expect("a write was never sent twice, so the account was still there");
}

#[tokio::test(start_paused = true)]
async fn a_visit_that_is_told_is_made_once() {
    let emulator = emulator(Data::Documents).await;
    let mut config = config(&emulator);
    config.http.retry = RetryPolicy::default();
    let postpress = Postpress::new(config).expect("a sound configuration");
    let problem = json!({"title": "t", "type": "errors/service_unavailable", "status": 503});
    for (notify, requests) in [(true, 1), (false, 2)] {
        emulator.clear_requests();
        emulator.clear_faults();
        emulator.add_fault(Fault::new("/api/v1/users", status(503, problem.to_string())).times(1));
        let mut query = PersonQuery::new("jordan-walke");
        query.notify = notify;
        assert_eq!(postpress.person(query).await.is_err(), notify);
        assert_eq!(emulator.requests().len(), requests);
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_asked_for_is_refused_and_nothing_is_sent() {
    let emulator = emulator(Data::Documents).await;
    let postpress = postpress(&emulator);
    let own = postpress.profile_id(emulator.postpress_account_id());
    let foreign = ProfileId::new(ProviderId::new("another"), "acc_1");
    let group = || GroupId::new("g");
    let in_group = || {
        let mut options = GetOptions::new();
        options.group = Some(group());
        options
    };
    let mut accountless = config(&emulator);
    accountless.account = None;
    let accountless = Postpress::new(accountless).expect("a sound configuration");
    let connect = async |target, platform| postpress.connect(request(target, platform)).await.map(drop);
    let renew =
        |profile: &ProfileId, platform| ConnectTarget::Reconnect(ConnectionKey::new(profile.clone(), platform, None));
    let app_password = ConnectCredentials::AppPassword { handle: "h".to_owned(), password: "abcd-efgh".into() };
    let refusals = [
        (
            Operation::ListProfiles,
            ErrorKind::Unsupported,
            postpress.list(ListOptions::in_group(group())).await.map(drop),
        ),
        (Operation::GetProfile, ErrorKind::Unsupported, postpress.profile(&own, in_group()).await.map(drop)),
        (Operation::DeleteProfile, ErrorKind::Unsupported, postpress.delete_profile(&own, in_group()).await.map(drop)),
        (Operation::LookUpPerson, ErrorKind::Invalid, accountless.person(PersonQuery::new("j")).await.map(drop)),
        (
            Operation::Connect,
            ErrorKind::Unsupported,
            connect(ConnectTarget::New { group: Some(group()), profile: None }, Platform::LinkedIn).await,
        ),
        (
            Operation::Connect,
            ErrorKind::Unsupported,
            connect(ConnectTarget::New { group: None, profile: Some(own.clone()) }, Platform::LinkedIn).await,
        ),
        (Operation::Connect, ErrorKind::Unsupported, connect(new_account(), Platform::Bluesky).await),
        (
            Operation::Connect,
            ErrorKind::Invalid,
            connect(renew(&foreign, Platform::LinkedIn), Platform::LinkedIn).await,
        ),
        (Operation::Connect, ErrorKind::Invalid, connect(renew(&own, Platform::LinkedIn), Platform::Telegram).await),
        (
            Operation::Connect,
            ErrorKind::Invalid,
            postpress.connect(ConnectRequest::new(new_account(), Platform::LinkedIn, app_password)).await.map(drop),
        ),
        (Operation::Connect, ErrorKind::Invalid, postpress.connect_callback("nonsense").map(drop)),
        (
            Operation::ListPlacements,
            ErrorKind::Unsupported,
            postpress.placements(&own, GetOptions::new()).await.map(drop),
        ),
        (Operation::GetStats, ErrorKind::Unsupported, postpress.stats(StatsQuery::new(own.clone())).await.map(drop)),
        (Operation::ListGroups, ErrorKind::Unsupported, postpress.groups().await.map(drop)),
        (Operation::GetGroup, ErrorKind::Unsupported, postpress.group(&group()).await.map(drop)),
        (
            Operation::CreateGroup,
            ErrorKind::Unsupported,
            postpress.create_group(CreateGroup::named("g")).await.map(drop),
        ),
        (Operation::DeleteGroup, ErrorKind::Unsupported, postpress.delete_group(&group()).await.map(drop)),
        (
            Operation::CreateProfile,
            ErrorKind::Unsupported,
            postpress.create_profile(CreateProfile::new()).await.map(drop),
        ),
    ];
    for (operation, kind, outcome) in refusals {
        let error = outcome.expect_err("it is refused");
        assert_eq!((error.kind(), error.operation(), error.attempts()), (kind, Some(operation), 0), "{error}");
        assert_eq!(error.provider().map(ProviderId::as_str), Some("postpress"), "{error}");
    }
    for outcome in [
        postpress.profile(&foreign, GetOptions::new()).await.map(drop),
        postpress.delete_profile(&foreign, GetOptions::new()).await.map(drop),
        postpress.owner_profile(&foreign).await.map(drop),
        postpress.delete_profile(&postpress.profile_id(""), GetOptions::new()).await.map(drop),
    ] {
        assert_eq!(outcome.expect_err("it is refused").kind(), ErrorKind::Invalid);
    }
    assert_eq!(emulator.requests(), []);
}

#[tokio::test(start_paused = true)]
async fn no_answer_can_make_the_key_print() {
    let emulator = emulator(Data::Documents).await;
    let postpress = postpress(&emulator);
    let id = postpress.profile_id(emulator.postpress_account_id());
    for status_code in [200, 401, 422, 500] {
        let echo = json!({
            "title": POSTPRESS_KEY, "type": POSTPRESS_KEY, "detail": POSTPRESS_KEY, "instance": POSTPRESS_KEY,
            "object": POSTPRESS_KEY, "url": POSTPRESS_KEY, "provider": 7, "status": status_code,
        });
        emulator.clear_faults();
        emulator.add_fault(Fault::new("/", status(status_code, echo.to_string())));
        let errors = [
            postpress.delete_profile(&id, GetOptions::new()).await.map(drop),
            postpress.connect(request(new_account(), Platform::LinkedIn)).await.map(drop),
            postpress.profile(&id, GetOptions::new()).await.map(drop),
            postpress.person(PersonQuery::new("j")).await.map(drop),
        ];
        for outcome in errors {
            let error = outcome.expect_err("it is no answer");
            let printed = format!("{error} {error:?} {}", serde_json::to_string(&error).expect("JSON"));
            assert!(!printed.contains(POSTPRESS_KEY), "{printed}");
        }
    }
    assert!(!format!("{postpress:?} {:?}", config(&emulator)).contains(POSTPRESS_KEY));
}

#[test]
fn what_can_be_done_is_said_in_advance() {
    let postpress = Postpress::new(PostpressConfig::new("k")).expect("a sound configuration");
    let capabilities = postpress.capabilities();
    let offered = [
        Operation::ListProfiles,
        Operation::GetProfile,
        Operation::LookUpPerson,
        Operation::DeleteProfile,
        Operation::Connect,
    ];
    for operation in Operation::ALL {
        assert_eq!(capabilities.supports(operation), offered.contains(&operation), "{operation}");
    }
    assert_eq!(capabilities.connect.len(), 9);
    assert!(capabilities.connect.iter().all(|support| support.reconnect));
    assert!(capabilities.delete_profile_destroys.as_deref().is_some_and(|what| what.contains("session")));
}
