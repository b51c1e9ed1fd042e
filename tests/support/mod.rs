//! What the test binaries share.
#![allow(dead_code, reason = "each test binary uses a part of this")]

use std::sync::Arc;

use chrono::{DateTime, Utc};
use polyprofile::{
    AnyProvider, ConnectCredentials, ConnectRequest, ConnectTarget, ConnectionKey, CreateGroup, CreateProfile,
    Environment, Error, FixedClock, GetOptions, GroupId, ListOptions, Listed, Operation, PersonQuery, Platform,
    Profile, ProfileId, Provider, ProviderExt as _, Result, StatsQuery, Vendor, VendorApi as _,
    http::{HttpConfig, RetryPolicy},
};
use polyprofile_emulator::{Data, Emulator, POSTCORE_KEY, POSTPRESS_KEY, POSTPROXY_KEY};

/// The vendors, in the order in which the facade asks them.
pub(crate) const VENDORS: [&str; 3] = ["postproxy", "postcore", "postpress"];

/// An emulator with the documents' own examples, at the documents' own moment.
pub(crate) async fn documents() -> Emulator {
    Emulator::builder()
        .data(Data::Documents)
        .now(Emulator::DOCUMENTS_NOW)
        .start()
        .await
        .expect("a free port on loopback")
}

/// The moment at which the documents' day counts are right.
pub(crate) fn documents_now() -> DateTime<Utc> {
    Emulator::DOCUMENTS_NOW
}

/// A provider of `vendor` that asks `emulator`, as a user's environment would configure it.
pub(crate) fn provider(vendor: &str, emulator: &Emulator) -> AnyProvider {
    provider_with(vendor, emulator, &http())
}

/// [`provider`] with its own deadlines and retries.
pub(crate) fn provider_with(vendor: &str, emulator: &Emulator, http: &HttpConfig) -> AnyProvider {
    provider_at(vendor, &emulator.origin(), &emulator.postpress_account_id(), http)
}

/// A provider of `vendor` that asks whoever listens at `origin`.
pub(crate) fn provider_at(vendor: &str, origin: &str, account: &str, http: &HttpConfig) -> AnyProvider {
    let environment = Environment::of(|name| {
        let (_, what) = name.split_once('_')?;
        match what {
            "API_KEY" => Some(key(vendor).to_owned()),
            "BASE_URL" => Some(origin.to_owned()),
            "ACCOUNT_ID" => Some(account.to_owned()),
            _ => None,
        }
    });
    let provider = environment.provider(&Vendor::new(vendor.to_owned()), http);
    provider.expect("a sound configuration").expect("its key is set")
}

/// All three vendors at one emulator.
pub(crate) fn providers(emulator: &Emulator) -> Vec<AnyProvider> {
    VENDORS.map(|vendor| provider(vendor, emulator)).into()
}

/// The documents' moment as "now", and no retries, so that one fault is one answer.
pub(crate) fn http() -> HttpConfig {
    let mut http = HttpConfig::new();
    http.clock = Arc::new(FixedClock(documents_now()));
    http.retry = RetryPolicy::never();
    http
}

/// The key that the emulator takes for `vendor`.
pub(crate) fn key(vendor: &str) -> &'static str {
    match vendor {
        "postproxy" => POSTPROXY_KEY,
        "postcore" => POSTCORE_KEY,
        _ => POSTPRESS_KEY,
    }
}

/// Where `vendor` lists.
pub(crate) fn list_path(vendor: &str) -> &'static str {
    match vendor {
        "postproxy" => "/api/profiles",
        "postcore" => "/profiles",
        _ => "/api/v1/accounts",
    }
}

/// The environment of a user who set these variables and no others.
pub(crate) fn environment<'a>(variables: &'a [(&'a str, &'a str)]) -> Environment<'a> {
    Environment::of(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
}

/// All that `provider` lists, none of it rejected.
pub(crate) async fn listed(provider: &(impl Provider + ?Sized)) -> Vec<Profile> {
    let rows = provider.list(ListOptions::new()).await.expect("a listing that comes to its end");
    let profile = |row| match row {
        Listed::Profile(profile) => profile,
        other => panic!("a row was not kept: {other:?}"),
    };
    rows.into_iter().map(profile).collect()
}

/// The error behind the listing of `provider`, which must have one.
pub(crate) async fn listing_error(provider: &(impl Provider + ?Sized)) -> Error {
    provider.list(ListOptions::new()).await.expect_err("a listing that fails")
}

/// What accounts are connected with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectBy {
    Link,
    Password,
    Token,
    /// A link again, for a connection that is there.
    Renewal,
}

/// The app password of the account that is connected.
pub(crate) const PASSWORD: &str = "sentinel-pass/word+0123456789";
/// The token of the bot that is connected.
pub(crate) const BOT_TOKEN: &str = "1234567890:AAsentinel_token-0123456789abc";

/// A request to connect an account, in the documents' group where the vendor has groups.
pub(crate) fn connect_request(provider: &AnyProvider, by: ConnectBy, profile: &ProfileId) -> ConnectRequest {
    let link = || ConnectCredentials::Link { return_url: "https://example.com/".to_owned() };
    let (platform, credentials) = match by {
        ConnectBy::Link | ConnectBy::Renewal => (Platform::LinkedIn, link()),
        ConnectBy::Password => {
            let handle = "new.bsky.social".to_owned();
            (Platform::Bluesky, ConnectCredentials::AppPassword { handle, password: PASSWORD.into() })
        }
        ConnectBy::Token => (Platform::Telegram, ConnectCredentials::BotToken(BOT_TOKEN.into())),
    };
    let has_groups = provider.capabilities().supports(Operation::ListGroups);
    let target = match by {
        ConnectBy::Renewal => ConnectTarget::Reconnect(ConnectionKey::new(profile.clone(), platform.clone(), None)),
        _ => ConnectTarget::New { group: has_groups.then(|| GroupId::new("grp456xyz")), profile: None },
    };
    ConnectRequest::new(target, platform, credentials)
}

/// Asks `provider` for `operation`, with `profile` where it takes one.
pub(crate) async fn perform(provider: &AnyProvider, operation: Operation, profile: &ProfileId) -> Result<()> {
    let group = GroupId::new("grp456xyz");
    match operation {
        Operation::ListProfiles => provider.list(ListOptions::new()).await.map(drop),
        Operation::GetProfile => provider.profile(profile, GetOptions::new()).await.map(drop),
        Operation::LookUpPerson => provider.person(PersonQuery::new("jordan-walke")).await.map(drop),
        Operation::ListPlacements => provider.placements(profile, GetOptions::new()).await.map(drop),
        Operation::GetStats => provider.stats(StatsQuery::new(profile.clone())).await.map(drop),
        Operation::ListGroups => provider.groups().await.map(drop),
        Operation::GetGroup => provider.group(&group).await.map(drop),
        Operation::CreateGroup => provider.create_group(CreateGroup::named("A group")).await.map(drop),
        Operation::DeleteGroup => provider.delete_group(&group).await.map(drop),
        Operation::CreateProfile => provider.create_profile(CreateProfile::new()).await.map(drop),
        Operation::DeleteProfile => provider.delete_profile(profile, GetOptions::new()).await.map(drop),
        Operation::Connect => {
            let target = ConnectTarget::New { group: None, profile: None };
            let link = ConnectCredentials::Link { return_url: "https://example.com/".to_owned() };
            provider.connect(ConnectRequest::new(target, Platform::LinkedIn, link)).await.map(drop)
        }
        other => panic!("nobody told these tests how to ask for {other}"),
    }
}
