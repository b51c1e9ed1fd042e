//! What is sent for each call, and when nothing is.

use polyprofile_core::{
    ConnectCredentials, ConnectRequest, ConnectTarget, CreateGroup, CreateProfile, ErrorKind, GetOptions, GroupId,
    ListOptions, Operation, PersonQuery, PlacementId, Platform, Provider as _, ProviderExt as _, StatsQuery,
    VendorApi as _,
};
use polyprofile_emulator::{Data, RecordedRequest};

use crate::support::{
    APP_PASSWORD, BOT_TOKEN, assert_error, by_bot, by_link, by_password, emulator, foreign, id, in_group, lines,
    provider, provider_with, renewing, to_group,
};

#[tokio::test]
async fn every_call_is_sent_as_documented() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let p = |key: &str| id(&postproxy, key);
    let mut query = StatsQuery::new(p("p"));
    query.placement = Some(PlacementId::new("accounts/1/locations/2"));
    query.group = Some(GroupId::new("g"));
    query.from = "2026-04-01T02:00:00+02:00".parse().ok();
    query.to = "2026-05-01T00:00:00.250Z".parse().ok();

    // What comes back is the other tests' matter.
    let _ = postproxy.list(ListOptions::new()).await;
    let _ = postproxy.list(ListOptions::in_group(GroupId::new("a&b/c"))).await;
    let _ = postproxy.profile(&p("a/b?c ü%2F"), GetOptions::new()).await;
    let _ = postproxy.profile(&p("p"), in_group("g")).await;
    let _ = postproxy.placements(&p("-1"), GetOptions::new()).await;
    let _ = postproxy.placements(&p("p"), in_group("g")).await;
    let _ = postproxy.stats(StatsQuery::new(p("p"))).await;
    let _ = postproxy.stats(query).await;
    let _ = postproxy.delete_profile(&p("p"), GetOptions::new()).await;
    let _ = postproxy.delete_profile(&p("p"), in_group("g")).await;
    let _ = postproxy.groups().await;
    let _ = postproxy.group(&GroupId::new("g/1")).await;
    let _ = postproxy.create_group(CreateGroup::named("New Client Project")).await;
    let _ = postproxy.delete_group(&GroupId::new("g/1")).await;
    let _ = postproxy.connect(by_link(to_group("g/1"), Platform::Instagram)).await;
    let _ = postproxy.connect(by_link(to_group("g"), Platform::Other("Mastodon".to_owned()))).await;
    let _ = postproxy.connect(by_password(to_group("g"), "yourname.bsky.social", APP_PASSWORD)).await;
    let _ = postproxy.connect(by_bot(to_group("g"), BOT_TOKEN)).await;

    let expected = [
        "GET /api/profiles",
        "GET /api/profiles?profile_group_id=a%26b%2Fc",
        "GET /api/profiles/a%2Fb%3Fc%20%C3%BC%252F",
        "GET /api/profiles/p?profile_group_id=g",
        "GET /api/profiles/-1/placements",
        "GET /api/profiles/p/placements?profile_group_id=g",
        "GET /api/profiles/p/stats",
        "GET /api/profiles/p/stats?profile_group_id=g&placement_id=accounts%2F1%2Flocations%2F2\
         &from=2026-04-01T00%3A00%3A00Z&to=2026-05-01T00%3A00%3A00.250Z",
        "DELETE /api/profiles/p",
        "DELETE /api/profiles/p?profile_group_id=g",
        "GET /api/profile_groups",
        "GET /api/profile_groups/g%2F1",
        r#"POST /api/profile_groups {"profile_group":{"name":"New Client Project"}}"#,
        "DELETE /api/profile_groups/g%2F1",
        r#"POST /api/profile_groups/g%2F1/initialize_connection {"platform":"instagram","redirect_url":"https://myapp.com/callback?org=123&name=a%20b"}"#,
        r#"POST /api/profile_groups/g/initialize_connection {"platform":"Mastodon","redirect_url":"https://myapp.com/callback?org=123&name=a%20b"}"#,
        r#"POST /api/profile_groups/g/initialize_connection {"platform":"bluesky","identifier":"yourname.bsky.social","app_password":"s3cr-etpa-sswo-rd42"}"#,
        r#"POST /api/profile_groups/g/initialize_connection {"platform":"telegram","bot_token":"123456789:ABCdef-GhIJklMnOpQrStUvWxYz"}"#,
    ];
    let sent = lines(&emulator);
    for (sent, expected) in sent.iter().zip(expected) {
        assert_eq!(sent, expected);
    }
    assert_eq!(sent.len(), expected.len());

    for request in emulator.requests() {
        let write = request.method != "GET";
        assert_eq!(request.header("authorization"), Some(RecordedRequest::RIGHT_KEY));
        assert_eq!(request.header("accept"), Some("application/json"));
        assert_eq!(request.header("idempotency-key").is_some(), write, "{} {}", request.method, request.path);
        let json = (!request.body.is_empty()).then_some("application/json");
        assert_eq!(request.header("content-type"), json);
    }
}

#[tokio::test]
async fn the_configured_group_is_the_scope_of_every_profile_call_that_names_none() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider_with(&emulator, |config| config.group = Some(GroupId::new("own")));
    let profile = id(&postproxy, "p");
    let _ = postproxy.list(ListOptions::new()).await;
    let _ = postproxy.profile(&profile, GetOptions::new()).await;
    let _ = postproxy.placements(&profile, GetOptions::new()).await;
    let _ = postproxy.stats(StatsQuery::new(profile.clone())).await;
    let _ = postproxy.delete_profile(&profile, GetOptions::new()).await;
    let _ = postproxy.delete_profile(&profile, in_group("other")).await;
    let _ = postproxy.groups().await;
    let target = ConnectTarget::New { group: None, profile: None };
    let _ = postproxy.connect(by_link(target, Platform::TikTok)).await;
    let _ = postproxy.connect(by_link(to_group("other"), Platform::TikTok)).await;
    let _ = postproxy.connect(by_link(renewing(profile, Platform::TikTok), Platform::TikTok)).await;
    let body = r#"{"platform":"tiktok","redirect_url":"https://myapp.com/callback?org=123&name=a%20b""#;
    assert_eq!(
        lines(&emulator),
        [
            "GET /api/profiles?profile_group_id=own",
            "GET /api/profiles/p?profile_group_id=own",
            "GET /api/profiles/p/placements?profile_group_id=own",
            "GET /api/profiles/p/stats?profile_group_id=own",
            "DELETE /api/profiles/p?profile_group_id=own",
            "DELETE /api/profiles/p?profile_group_id=other",
            "GET /api/profile_groups",
            &format!("POST /api/profile_groups/own/initialize_connection {body}}}"),
            &format!("POST /api/profile_groups/other/initialize_connection {body}}}"),
            &format!(r#"POST /api/profile_groups/own/initialize_connection {body},"refresh_connection":true}}"#),
        ]
    );
}

#[tokio::test]
async fn a_base_url_may_end_in_the_path_that_all_calls_start_with() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider_with(&emulator, |config| config.base_url.push_str("/api/"));
    postproxy.groups().await.expect("the documented groups");
    postproxy.create_group(CreateGroup::named("G")).await.expect("a group");
    assert_eq!(lines(&emulator)[1], r#"POST /api/profile_groups {"profile_group":{"name":"G"}}"#);
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_and_nothing_is_sent() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let profile = id(&postproxy, "prof123abc");
    let foreign = foreign(&postproxy);
    let options = GetOptions::new();

    let connect = async |request: ConnectRequest, field: &str| {
        let error = postproxy.connect(request).await.expect_err(field);
        assert_error(&error, ErrorKind::Invalid, Operation::Connect, 0);
        assert!(error.message().contains(field), "{error}");
    };
    connect(by_link(ConnectTarget::New { group: None, profile: None }, Platform::LinkedIn), "`group`").await;
    connect(by_link(renewing(foreign.clone(), Platform::LinkedIn), Platform::LinkedIn), "`not-postproxy`").await;
    connect(by_link(renewing(profile.clone(), Platform::LinkedIn), Platform::TikTok), "`platform`").await;
    connect(by_link(to_group("g"), Platform::Bluesky), "`credentials`").await;
    let bot = ConnectCredentials::BotToken(BOT_TOKEN.into());
    connect(ConnectRequest::new(to_group("g"), Platform::Bluesky, bot), "`credentials`").await;
    connect(by_link(to_group(""), Platform::LinkedIn), "identifier").await;
    let mut badly_named = by_link(to_group("g"), Platform::LinkedIn);
    badly_named.idempotency_key = Some("a\r\nb".to_owned());
    connect(badly_named, "`idempotency_key`").await;

    for platform in [Platform::Facebook, Platform::LinkedIn, Platform::Telegram] {
        let mut query = StatsQuery::new(profile.clone());
        query.platform = Some(platform);
        let error = postproxy.stats(query).await.expect_err("it needs a placement");
        assert_error(&error, ErrorKind::Invalid, Operation::GetStats, 0);
        assert!(error.message().contains("`placement`") && error.message().contains("placement_id"), "{error}");
        assert!(error.message().contains("list the profile's placements"), "{error}");
    }
    let mut request = CreateGroup::named("G");
    request.idempotency_key = Some("x".repeat(256));
    let error = postproxy.create_group(request).await.expect_err("the key is too long");
    assert_error(&error, ErrorKind::Invalid, Operation::CreateGroup, 0);

    for error in [
        postproxy.profile(&foreign, options.clone()).await.expect_err("foreign"),
        postproxy.placements(&foreign, options.clone()).await.expect_err("foreign"),
        postproxy.stats(StatsQuery::new(foreign.clone())).await.expect_err("foreign"),
        postproxy.delete_profile(&foreign, options.clone()).await.expect_err("foreign"),
        postproxy.delete_profile(&id(&postproxy, ".."), options.clone()).await.expect_err("no id"),
        postproxy.delete_group(&GroupId::new("")).await.expect_err("no id"),
        postproxy.group(&GroupId::new("a\nb")).await.expect_err("no id"),
    ] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{error}");
        assert_eq!(error.provider(), Some(postproxy.id()));
    }
    assert_eq!(lines(&emulator), [""; 0]);
}

#[tokio::test]
async fn what_postproxy_does_not_offer_is_unsupported_and_nothing_is_sent() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let into = ConnectTarget::New { group: Some(GroupId::new("g")), profile: Some(id(&postproxy, "p")) };
    for (error, operation) in [
        (postproxy.person(PersonQuery::new("x")).await.expect_err("no people"), Operation::LookUpPerson),
        (postproxy.create_profile(CreateProfile::new()).await.expect_err("no containers"), Operation::CreateProfile),
        (postproxy.connect(by_link(into, Platform::LinkedIn)).await.expect_err("no containers"), Operation::Connect),
    ] {
        assert_error(&error, ErrorKind::Unsupported, operation, 0);
    }
    let capabilities = postproxy.capabilities();
    for operation in Operation::ALL {
        let denied = matches!(operation, Operation::LookUpPerson | Operation::CreateProfile);
        assert_eq!(capabilities.supports(operation), !denied, "{operation}");
    }
    assert_eq!(lines(&emulator), [""; 0]);
}

#[tokio::test]
async fn the_platforms_that_can_be_connected_are_the_documented_ones() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let capabilities = postproxy.capabilities();
    let support = |platform: &str| {
        let known = capabilities.connect.iter().find(|support| support.platform.as_str() == platform);
        known.map(|support| (format!("{:?}", support.method), support.reconnect))
    };
    let links = ["facebook", "instagram", "tiktok", "linkedin", "youtube", "twitter", "threads", "pinterest"];
    for platform in links.into_iter().chain(["google_business"]) {
        assert_eq!(support(platform), Some(("Link".to_owned(), true)), "{platform}");
    }
    assert_eq!(support("bluesky"), Some(("AppPassword".to_owned(), true)));
    assert_eq!(support("telegram"), Some(("BotToken".to_owned(), true)));
    assert_eq!(support("whatsapp"), None);
    assert_eq!(capabilities.connect.len(), 11);
    assert!(capabilities.delete_profile_destroys.as_deref().is_some_and(|words| words.contains("published stay")));
    assert!(capabilities.delete_group_destroys.as_deref().is_some_and(|words| words.contains("every profile")));
}
