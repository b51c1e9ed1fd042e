//! An emulator, and providers that ask it.

use std::{error::Error as _, fmt::Write as _, time::Duration};

use polyprofile_core::{
    ConnectCredentials, ConnectRequest, ConnectTarget, ConnectionKey, Error, ErrorKind, GetOptions, GroupId, Operation,
    Platform, ProfileId, Provider as _, ProviderExt as _,
};
use polyprofile_emulator::{Data, Emulator, POSTPROXY_KEY, RecordedRequest};
use polyprofile_postproxy::{Postproxy, PostproxyConfig};

/// The moment at which every emulator here stands.
const NOW: &str = "2026-05-12T08:00:00Z";

pub(crate) async fn emulator(data: Data) -> Emulator {
    let now = NOW.parse().expect("a moment");
    Emulator::builder().data(data).now(now).start().await.expect("a free port")
}

/// A provider with the key of the whole account that waits no longer than it must before it tries again.
pub(crate) fn provider(emulator: &Emulator) -> Postproxy {
    provider_with(emulator, |_| {})
}

pub(crate) fn provider_with(emulator: &Emulator, change: impl FnOnce(&mut PostproxyConfig)) -> Postproxy {
    let mut config = PostproxyConfig::new(POSTPROXY_KEY);
    config.base_url = emulator.origin();
    config.http.retry.base = Duration::ZERO;
    change(&mut config);
    Postproxy::new(config).expect("a good configuration")
}

pub(crate) fn in_group(group: &str) -> GetOptions {
    let mut options = GetOptions::new();
    options.group = Some(GroupId::new(group));
    options
}

pub(crate) fn to_group(group: &str) -> ConnectTarget {
    ConnectTarget::New { group: Some(GroupId::new(group)), profile: None }
}

pub(crate) fn renewing(profile: ProfileId, platform: Platform) -> ConnectTarget {
    ConnectTarget::Reconnect(ConnectionKey::new(profile, platform, None))
}

pub(crate) fn by_link(target: ConnectTarget, platform: Platform) -> ConnectRequest {
    let return_url = "https://myapp.com/callback?org=123&name=a%20b".to_owned();
    ConnectRequest::new(target, platform, ConnectCredentials::Link { return_url })
}

pub(crate) const APP_PASSWORD: &str = "s3cr-etpa-sswo-rd42";

pub(crate) fn by_password(target: ConnectTarget, handle: &str, password: &str) -> ConnectRequest {
    let credentials = ConnectCredentials::AppPassword { handle: handle.to_owned(), password: password.into() };
    ConnectRequest::new(target, Platform::Bluesky, credentials)
}

pub(crate) const BOT_TOKEN: &str = "123456789:ABCdef-GhIJklMnOpQrStUvWxYz";

pub(crate) fn by_bot(target: ConnectTarget, token: &str) -> ConnectRequest {
    ConnectRequest::new(target, Platform::Telegram, ConnectCredentials::BotToken(token.into()))
}

pub(crate) fn id(provider: &Postproxy, key: &str) -> ProfileId {
    provider.profile_id(key)
}

/// What the emulator was asked, each as one line without the host: `GET /api/profiles?a=b {"body":1}`.
pub(crate) fn lines(emulator: &Emulator) -> Vec<String> {
    emulator.requests().iter().map(line).collect()
}

fn line(request: &RecordedRequest) -> String {
    let mut line = format!("{} {}", request.method, request.path);
    if let Some(query) = &request.raw_query {
        write!(line, "?{query}").expect("a string takes it");
    }
    if !request.body.is_empty() {
        write!(line, " {}", request.body).expect("a string takes it");
    }
    line
}

/// An error that names its provider, the operation and how many requests were sent.
#[track_caller]
pub(crate) fn assert_error(error: &Error, kind: ErrorKind, operation: Operation, attempts: u32) {
    assert_eq!(error.kind(), kind, "{error}");
    assert_eq!(error.operation(), Some(operation), "{error}");
    assert_eq!(error.attempts(), attempts, "{error}");
    assert_eq!(error.provider().map(ToString::to_string).as_deref(), Some("postproxy"), "{error}");
}

/// Everything that anybody could print of an error.
pub(crate) fn everything_shown(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {:?} {:?}", error.code(), error.request_id());
    let mut cause = error.source();
    while let Some(next) = cause {
        write!(shown, " {next} {next:?}").expect("a string takes it");
        cause = next.source();
    }
    shown
}

/// Moves a paused clock on, a little at a time, with time for the sockets in between. Left to itself such a clock
/// jumps whenever nobody is ready to run, even while bytes are on their way, and deadlines pass that nobody missed.
pub(crate) fn let_the_clock_run() {
    tokio::spawn(async {
        loop {
            for _ in 0..4 {
                tokio::task::yield_now().await;
            }
            std::thread::yield_now();
            tokio::time::advance(Duration::from_millis(20)).await;
        }
    });
}

/// The provider's name, for tests that make ids of another one.
pub(crate) fn foreign(provider: &Postproxy) -> ProfileId {
    let other = format!("not-{}", provider.id());
    ProfileId::new(polyprofile_core::ProviderId::new(other), "prof123abc")
}
