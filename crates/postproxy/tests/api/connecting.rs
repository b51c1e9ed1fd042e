//! Connecting and reconnecting, up to the return of the account's owner.

use polyprofile_core::{
    CallbackOutcome, ConnectLink, ConnectOutcome, ConnectionStatus, ErrorKind, Expiry, GetOptions, GroupId, Operation,
    Platform, Provider as _, VendorApi as _,
};
use polyprofile_emulator::{Data, Fault, FaultKind};
use polyprofile_postproxy::Postproxy;

use crate::support::{
    APP_PASSWORD, BOT_TOKEN, assert_error, by_bot, by_link, by_password, emulator, id, lines, provider, provider_with,
    renewing, to_group,
};

/// Where the owner is sent after opening `link`; `outcome` is what happens at the network.
async fn opened(link: &ConnectLink, outcome: &str) -> String {
    let browser = polyprofile_http::hardened_builder().no_proxy().tls_certs_only([]).build().expect("a browser");
    let answer = browser.get(format!("{}?outcome={outcome}", link.expose_url())).send().await.expect("a page");
    let back = answer.headers().get("location").expect("it sends the owner back");
    back.to_str().expect("a URL").to_owned()
}

async fn link(postproxy: &Postproxy, request: polyprofile_core::ConnectRequest) -> ConnectLink {
    match postproxy.connect(request).await {
        Ok(ConnectOutcome::Link(link)) => link,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_account_is_connected_by_link() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let link = link(&postproxy, by_link(to_group("grp123abc"), Platform::TikTok)).await;
    assert!(link.expose_url().ends_with("/partner_connect/inv789xyz"), "the documented one");
    let back = opened(&link, "success").await;
    let read = postproxy.connect_callback(&back).expect("a URL");
    assert_eq!(read.outcome, CallbackOutcome::Returned);
    assert_eq!(read.query, [("org".to_owned(), "123".to_owned()), ("name".to_owned(), "a b".to_owned())]);
    assert_eq!(postproxy.group(&GroupId::new("grp123abc")).await.expect("a group").profiles, Some(6));
}

#[tokio::test]
async fn a_sign_in_that_fails_is_told_by_the_return_url() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let link = link(&postproxy, by_link(to_group("grp123abc"), Platform::TikTok)).await;
    for expected in ["user_abandoned", "account_is_already_connected", "update_failed"] {
        let back = opened(&link, expected).await;
        let read = postproxy.connect_callback(&back).expect("a URL");
        let CallbackOutcome::Failed { code, .. } = read.outcome else { panic!("{back}") };
        assert_eq!(code.as_deref(), Some(expected));
        assert_eq!(read.query, [("org".to_owned(), "123".to_owned()), ("name".to_owned(), "a b".to_owned())]);
    }
    let error = postproxy.connect_callback("/callback?failure=true").expect_err("no URL");
    assert_error(&error, ErrorKind::Invalid, Operation::Connect, 0);
}

#[tokio::test]
async fn a_broken_connection_is_renewed_in_its_own_group() {
    let emulator = emulator(Data::Demo).await;
    let postproxy = provider(&emulator);
    let pinterest = id(&postproxy, "prof_fjo_pi");
    let before = postproxy.profile(&pinterest, GetOptions::new()).await.expect("a profile");
    assert_eq!(before.connected_platforms[0].status, ConnectionStatus::Expired);

    emulator.clear_requests();
    let request = by_link(renewing(pinterest.clone(), Platform::Pinterest), Platform::Pinterest);
    let link = link(&postproxy, request).await;
    let sent = lines(&emulator);
    assert_eq!(sent[0], "GET /api/profiles/prof_fjo_pi");
    assert!(sent[1].starts_with("POST /api/profile_groups/grp_fjord/initialize_connection "), "{}", sent[1]);
    assert!(sent[1].contains(r#""refresh_connection":true"#), "{}", sent[1]);
    assert_eq!(sent.len(), 2);

    let back = opened(&link, "success").await;
    assert_eq!(postproxy.connect_callback(&back).expect("a URL").outcome, CallbackOutcome::Returned);
    let after = postproxy.profile(&pinterest, GetOptions::new()).await.expect("a profile");
    assert_eq!(after.connected_platforms[0].status, ConnectionStatus::Active);
    assert_eq!(after.connected_platforms[0].expiry, Expiry::NoDeadline);
}

#[tokio::test]
async fn what_is_connected_already_is_renewed_and_not_connected_again() {
    let emulator = emulator(Data::Demo).await;
    let postproxy = provider_with(&emulator, |config| config.group = Some(GroupId::new("grp_kestrel")));
    let error = postproxy.connect(by_link(to_group("grp_kestrel"), Platform::Twitter)).await.expect_err("connected");
    assert_error(&error, ErrorKind::Conflict, Operation::Connect, 1);
    assert!(error.message().starts_with("Platform already connected: "), "{error}");

    emulator.clear_requests();
    let twitter = id(&postproxy, "prof_kes_tw");
    link(&postproxy, by_link(renewing(twitter, Platform::Twitter), Platform::Twitter)).await;
    assert_eq!(lines(&emulator).len(), 1, "the group is configured");
}

#[tokio::test]
async fn a_profile_to_renew_that_is_not_there_or_tells_no_group_is_an_error() {
    let emulator = emulator(Data::Demo).await;
    let postproxy = provider(&emulator);
    let request = by_link(renewing(id(&postproxy, "gone"), Platform::LinkedIn), Platform::LinkedIn);
    let error = postproxy.connect(request).await.expect_err("it is not there");
    assert_error(&error, ErrorKind::NotFound, Operation::Connect, 1);

    let body = r#"{"id":"p","platform":"linkedin"}"#.to_owned();
    let kind = FaultKind::Replace { body, content_type: "application/json".to_owned() };
    emulator.add_fault(Fault::new("/api/profiles", kind));
    let request = by_link(renewing(id(&postproxy, "p"), Platform::LinkedIn), Platform::LinkedIn);
    let error = postproxy.connect(request).await.expect_err("no group");
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, Some(Operation::Connect)));
    assert!(error.message().contains("`group`"), "{error}");
    assert_eq!(error.provider(), Some(postproxy.id()));
    assert!(lines(&emulator).iter().all(|line| line.starts_with("GET ")), "nothing was connected");
}

#[tokio::test]
async fn bluesky_is_connected_at_once_and_again() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let request = by_password(to_group("grp123abc"), "yourname.bsky.social", APP_PASSWORD);
    let made = postproxy.connect(request).await.expect("an account");
    let ConnectOutcome::Connected(account) = made else { panic!("{made:?}") };
    assert_eq!((account.platform, account.name.as_deref()), (Platform::Bluesky, Some("Your Display Name")));
    assert_eq!(account.username.as_deref(), Some("yourname.bsky.social"));
    let profile = account.profile.expect("the document tells it");
    assert_eq!(profile, id(&postproxy, "prof321zyx"));

    let again = by_password(renewing(profile.clone(), Platform::Bluesky), "yourname", APP_PASSWORD);
    let renewed = postproxy.connect(again).await.expect("an account");
    let ConnectOutcome::Connected(account) = renewed else { panic!("{renewed:?}") };
    assert_eq!(account.profile, Some(profile));
}

#[tokio::test]
async fn a_bot_is_connected_again_with_a_new_token() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let made = postproxy.connect(by_bot(to_group("grp123abc"), BOT_TOKEN)).await.expect("a bot");
    let ConnectOutcome::Pending { account, .. } = made else { panic!("{made:?}") };
    let profile = account.profile.expect("the document tells it");
    let again = by_bot(renewing(profile.clone(), Platform::Telegram), "123456789:Another-Token_0123456789");
    let renewed = postproxy.connect(again).await.expect("a bot");
    let ConnectOutcome::Pending { account, .. } = renewed else { panic!("{renewed:?}") };
    assert_eq!(account.profile, Some(profile));
}

#[tokio::test]
async fn platforms_beyond_the_document_are_the_vendors_to_decide() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    for platform in [Platform::GoogleBusiness, Platform::WhatsApp] {
        link(&postproxy, by_link(to_group("grp123abc"), platform)).await;
    }
    let unknown = by_link(to_group("grp123abc"), Platform::Other("mastodon".to_owned()));
    let error = postproxy.connect(unknown).await.expect_err("the vendor does not know it");
    assert_error(&error, ErrorKind::Invalid, Operation::Connect, 1);
    assert_eq!(error.message(), "Platform is not included in the list");
}

#[tokio::test]
async fn a_link_is_never_made_twice_for_one_act() {
    let emulator = emulator(Data::Documents).await;
    let postproxy = provider(&emulator);
    let mut request = by_link(to_group("grp123abc"), Platform::TikTok);
    request.idempotency_key = Some("invite-7".to_owned());
    emulator.add_fault(Fault::new("/api", FaultKind::CutAfter { bytes: 20, chunked: false }).times(1));
    let first = link(&postproxy, request.clone()).await;
    let second = link(&postproxy, request).await;
    assert_eq!(first.expose_url(), second.expose_url());
    let requests = emulator.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|request| request.header("idempotency-key") == Some("invite-7")));
}
