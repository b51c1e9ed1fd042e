//! Writes: whatever happens to one, it has at most one effect.

mod support;
#[path = "../crates/http/tests/support/mod.rs"]
mod wire;

use std::{collections::BTreeSet, time::Duration};

use polyprofile::{
    AnyProvider, CreateGroup, CreateProfile, ErrorKind, GetOptions, GroupId, Operation, Provider as _,
    ProviderExt as _, Remedy, Result, VendorApi as _,
    http::{BreakerPolicy, RetryPolicy},
};
use support::{ConnectBy, VENDORS, connect_request, http, provider_at};
use wire::{Received, Reply, Server};

/// One way to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Write {
    CreateGroup,
    DeleteGroup,
    CreateProfile,
    DeleteProfile,
    Connect(ConnectBy),
}

impl Write {
    /// The writes of `vendor`, and whether it documents an idempotency key for them.
    fn of(vendor: &str) -> Vec<(Self, bool)> {
        use ConnectBy::{Link, Password, Renewal, Token};
        match vendor {
            "postproxy" => {
                let connects = [Link, Password, Token, Renewal].map(Self::Connect);
                let others = [Self::CreateGroup, Self::DeleteGroup, Self::DeleteProfile];
                connects.into_iter().chain(others).map(|write| (write, true)).collect()
            }
            "postcore" => {
                [Self::CreateProfile, Self::DeleteProfile, Self::Connect(Password)].map(|write| (write, false)).into()
            }
            _ => vec![(Self::DeleteProfile, false), (Self::Connect(Link), true), (Self::Connect(Renewal), true)],
        }
    }

    fn operation(self) -> Operation {
        match self {
            Self::CreateGroup => Operation::CreateGroup,
            Self::DeleteGroup => Operation::DeleteGroup,
            Self::CreateProfile => Operation::CreateProfile,
            Self::DeleteProfile => Operation::DeleteProfile,
            Self::Connect(_) => Operation::Connect,
        }
    }

    async fn perform(self, provider: &AnyProvider) -> Result<()> {
        let id = provider.profile_id("prof1");
        let by = match self {
            Self::CreateGroup => return provider.create_group(CreateGroup::named("A group")).await.map(drop),
            Self::DeleteGroup => return provider.delete_group(&GroupId::new("grp1")).await.map(drop),
            Self::CreateProfile => return provider.create_profile(CreateProfile::new()).await.map(drop),
            Self::DeleteProfile => return provider.delete_profile(&id, GetOptions::new()).await.map(drop),
            Self::Connect(by) => by,
        };
        provider.connect(connect_request(provider, by, &id)).await.map(drop)
    }
}

/// What may happen to a write, and what it means where the vendor gives a second one another effect.
fn troubles() -> Vec<(&'static str, Reply, ErrorKind)> {
    let half = Reply::promising(200, &["Content-Type: application/json"], 100).write("{");
    vec![
        ("reset after it was read", Reply::new().reset(), ErrorKind::Ambiguous),
        ("closed after it was read", Reply::new().close(), ErrorKind::Ambiguous),
        ("no answer", Reply::new().hang(), ErrorKind::Ambiguous),
        ("an answer that stalls", half.clone().hang(), ErrorKind::Ambiguous),
        ("an answer that breaks off", half.reset(), ErrorKind::Ambiguous),
        ("504", Reply::status(504, ""), ErrorKind::Ambiguous),
        ("503", Reply::status(503, ""), ErrorKind::Unavailable),
        ("500", Reply::status(500, ""), ErrorKind::Unavailable),
        ("429", Reply::with_headers(429, &["Retry-After: 1"], ""), ErrorKind::RateLimited),
    ]
}

#[tokio::test(start_paused = true)]
async fn without_an_idempotency_key_a_write_is_sent_once_whatever_happens() {
    for (vendor, write) in writes(false) {
        for (name, reply, kind) in troubles() {
            let case = format!("{vendor} {write:?} {name}");
            let server = Server::start([reply]).await;
            let error = write.perform(&provider(vendor, &server)).await.expect_err(&case);
            assert_eq!((error.kind(), error.attempts()), (kind, 1), "{case}: {error:?}");
            assert_eq!(error.operation(), Some(write.operation()), "{case}: {error:?}");
            assert_eq!(error.remedy() == Remedy::CheckFirst, kind == ErrorKind::Ambiguous, "{case}: {error:?}");
            tokio::time::advance(Duration::from_secs(3_600)).await;
            assert_eq!(sent(&server).len(), 1, "{case}");
            assert!(sent(&server)[0].header("idempotency-key").is_empty(), "{case}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn with_an_idempotency_key_every_attempt_is_the_same_act() {
    for (vendor, write) in writes(true) {
        for (name, reply, _) in troubles() {
            let case = format!("{vendor} {write:?} {name}");
            let server = Server::start(reads(vendor, write).into_iter().chain([reply])).await;
            let error = write.perform(&provider(vendor, &server)).await.expect_err(&case);
            assert_eq!(error.attempts(), 3, "{case}: {error:?}");
            let sent = sent(&server);
            assert_eq!(sent.len(), 3, "{case}");
            let acts: BTreeSet<_> = sent.iter().map(|one| (one.line.clone(), one.body.clone(), act(one))).collect();
            assert_eq!(acts.len(), 1, "{case}: {acts:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn two_acts_have_two_idempotency_keys() {
    for (vendor, write) in writes(true) {
        let once: Vec<_> = reads(vendor, write).into_iter().chain([Reply::status(422, "")]).collect();
        let server = Server::start([once.clone(), once].concat()).await;
        let provider = provider(vendor, &server);
        for _ in 0..2 {
            write.perform(&provider).await.expect_err("no success");
        }
        let acts: BTreeSet<_> = sent(&server).iter().map(act).collect();
        assert_eq!(acts.len(), 2, "{vendor} {write:?}: {acts:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_kept_alive_connection_that_is_closed_under_a_write_does_not_send_it_twice() {
    for vendor in VENDORS {
        for (write, is_idempotent) in Write::of(vendor) {
            // Closed at once after the answer: known before the write is sent, which then goes over a new one. And closed
            // only when the write has come: it may have been carried out.
            let closed_between = [Reply::ok(PROFILE).close()];
            let closed_under_it = [Reply::ok(PROFILE)];
            for (is_under_it, first) in [(false, closed_between), (true, closed_under_it)] {
                let case = format!("{vendor} {write:?}, under it: {is_under_it}");
                let mut replies: Vec<_> = first.into();
                replies.extend(reads(vendor, write));
                replies.extend(is_under_it.then(|| Reply::new().close()));
                replies.push(Reply::status(422, ""));
                let server = Server::start(replies).await;
                let provider = provider(vendor, &server);
                provider.profile(&provider.profile_id("prof1"), GetOptions::new()).await.expect("the first answer");
                tokio::time::advance(Duration::from_secs(1)).await;

                let error = write.perform(&provider).await.expect_err("no success");
                let (times, kind) = match (is_under_it, is_idempotent) {
                    (true, false) => (1, ErrorKind::Ambiguous),
                    (true, true) => (2, ErrorKind::Invalid),
                    (false, _) => (1, ErrorKind::Invalid),
                };
                assert_eq!((error.kind(), sent(&server).len()), (kind, times), "{case}: {error:?}");
            }
        }
    }
}

/// A profile that every vendor's adapter can read.
const PROFILE: &str =
    r#"{"id":"prof1","profile":{"profileKey":"prof1"},"profile_group_id":"grp1","platform":"linkedin"}"#;

/// Every vendor's writes, with or without an idempotency key.
fn writes(idempotent: bool) -> Vec<(&'static str, Write)> {
    let of = |vendor| Write::of(vendor).into_iter().map(move |(write, is_idempotent)| (vendor, write, is_idempotent));
    let all: Vec<_> = VENDORS.into_iter().flat_map(of).collect();
    assert_eq!(all.len(), 7 + 3 + 3);
    all.into_iter().filter(|(.., one)| *one == idempotent).map(|(vendor, write, _)| (vendor, write)).collect()
}

/// Answers to what is read before: Postproxy renews a connection by its profile's group, and asks for that first.
fn reads(vendor: &str, write: Write) -> Option<Reply> {
    (vendor == "postproxy" && write == Write::Connect(ConnectBy::Renewal)).then(|| Reply::ok(PROFILE))
}

/// The defaults, and no circuit breaker: each of these fails again and again.
fn provider(vendor: &str, server: &Server) -> AnyProvider {
    let mut http = http();
    http.retry = RetryPolicy::default();
    http.breaker = BreakerPolicy::never();
    http.timeouts.call = Duration::from_secs(120);
    provider_at(vendor, &server.url(), "acc_1", &http)
}

/// The writes that came, reads left out.
fn sent(server: &Server) -> Vec<Received> {
    server.requests().into_iter().filter(|request| !request.line.starts_with("GET ")).collect()
}

/// The one name of the act.
#[track_caller]
fn act(request: &Received) -> String {
    match request.header("idempotency-key")[..] {
        [key] if key.len() >= 16 => key.to_owned(),
        ref other => panic!("one long key: {other:?}"),
    }
}
