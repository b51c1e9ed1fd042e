//! Calls that are dropped at every point at which they wait: nothing of them is left.

mod support;
#[path = "../crates/http/tests/support/mod.rs"]
mod wire;

use std::{
    future::{Future, poll_fn},
    task::Poll,
    time::Duration,
};

use futures_util::StreamExt as _;
use polyprofile::{
    Aggregator, AnyProvider, GetOptions, ListOptions, Operation, ProfileId, Provider as _, ProviderExt as _, Result,
    VendorApi as _,
    http::{HttpConfig, RetryPolicy},
};
use polyprofile_emulator::{Fault, FaultKind};
use support::{ConnectBy, VENDORS, connect_request, documents, http, perform, provider_with};

/// More polls than any call here takes.
const MOST_POLLS: usize = 1_000;

/// What is done and dropped.
#[derive(Clone, Copy, Debug)]
enum Call {
    Perform(Operation),
    GetWithPerson,
    Connect(ConnectBy),
    /// A row at a time, from a stream.
    Stream,
    /// Through the aggregator, all at once and event by event.
    Collect,
    Events,
}

impl Call {
    /// All that `provider` can be asked for.
    fn of(provider: &AnyProvider) -> Vec<Self> {
        let supports = |operation: &Operation| provider.capabilities().supports(*operation);
        let operations = Operation::ALL.into_iter().filter(|operation| *operation != Operation::Connect);
        let mut calls: Vec<_> = operations.filter(supports).map(Self::Perform).collect();
        calls.extend([Self::GetWithPerson, Self::Stream, Self::Collect, Self::Events]);
        // Who cannot be connected so is refused without a request, and that is dropped as well.
        let ways = [ConnectBy::Link, ConnectBy::Password, ConnectBy::Token, ConnectBy::Renewal];
        calls.extend(ways.map(Self::Connect));
        calls
    }

    async fn make(self, provider: &AnyProvider) -> Result<()> {
        let id = known(provider);
        match self {
            Self::Connect(by) => provider.connect(connect_request(provider, by, &id)).await.map(drop),
            Self::Perform(operation) => perform(provider, operation, &id).await,
            Self::GetWithPerson => {
                let mut options = GetOptions::new();
                options.with_person = true;
                provider.profile(&id, options).await.map(drop)
            }
            Self::Stream => {
                let mut rows = provider.profiles(in_small_pages());
                while rows.next().await.transpose()?.is_some() {}
                Ok(())
            }
            Self::Collect => {
                let aggregator = Aggregator::new().with(provider.clone())?;
                aggregator.collect(&in_small_pages()).await;
                Ok(())
            }
            Self::Events => {
                let mut events = Aggregator::new().with(provider.clone())?.stream(&in_small_pages());
                while events.next().await.is_some() {}
                Ok(())
            }
        }
    }
}

/// How the emulator answers while a call is dropped.
fn conditions() -> [(&'static str, Option<FaultKind>); 3] {
    let unavailable = FaultKind::Status {
        status: 503,
        headers: Vec::new(),
        body: String::new(),
        content_type: "application/json".to_owned(),
    };
    [
        ("at once", None),
        ("in pieces", Some(FaultKind::Trickle { bytes_per_chunk: 150, pause_ms: 10 })),
        ("only the second time", Some(unavailable)),
    ]
}

#[tokio::test(start_paused = true)]
async fn postproxy_calls_dropped_at_any_point_leave_nothing_behind() {
    check("postproxy").await;
}

#[tokio::test(start_paused = true)]
async fn postcore_calls_dropped_at_any_point_leave_nothing_behind() {
    check("postcore").await;
}

#[tokio::test(start_paused = true)]
async fn postpress_calls_dropped_at_any_point_leave_nothing_behind() {
    check("postpress").await;
}

#[test]
fn there_is_a_test_for_every_vendor() {
    assert_eq!(VENDORS, ["postproxy", "postcore", "postpress"]);
}

async fn check(vendor: &'static str) {
    // The clock moves in small steps, so that no deadline passes while bytes are on their way.
    let clock = tokio::spawn(wire::let_time_pass()).abort_handle();
    let emulator = documents().await;
    let calls = Call::of(&provider_with(vendor, &emulator, &one_at_a_time()));
    for (condition, fault) in conditions() {
        for call in &calls {
            let case = format!("{vendor} {call:?}, answered {condition}");
            let mut polls = 1;
            while !drop_after(*call, polls, vendor, fault.as_ref(), &case).await {
                polls += 1;
                assert!(polls < MOST_POLLS, "{case}: it is never done");
            }
        }
    }
    clock.abort();
}

/// Drops the call after so many polls, and looks for what is left of it. Tells whether it was done before.
async fn drop_after(call: Call, polls: usize, vendor: &str, fault: Option<&FaultKind>, case: &str) -> bool {
    let emulator = documents().await;
    if let Some(kind) = fault {
        let fault = Fault::new("/", kind.clone());
        emulator.add_fault(if matches!(kind, FaultKind::Status { .. }) { fault.times(1) } else { fault });
    }
    let tasks_before = tasks();
    let provider = provider_with(vendor, &emulator, &one_at_a_time());
    let is_done = poll_times(call.make(&provider), polls).await;

    // What was written to the socket before the drop may still be read.
    settle().await;
    let requests = emulator.requests().len();
    tokio::time::advance(Duration::from_secs(3_600)).await;
    settle().await;
    assert_eq!(emulator.requests().len(), requests, "{case}, {polls} polls: something was sent later");

    // The only permit is free.
    emulator.clear_faults();
    let started = tokio::time::Instant::now();
    // There may be no such profile any more; that is an answer too.
    let id = known(&provider);
    let outcome = provider.profile(&id, GetOptions::new()).await;
    let is_answered = outcome.as_ref().map_or_else(|error| error.status().is_some(), |_| true);
    assert!(is_answered, "{case}, {polls} polls: {outcome:?}");
    assert!(started.elapsed() < Duration::from_secs(1), "{case}, {polls} polls: {:?}", started.elapsed());

    // With the provider its connections end, on both sides, and with them every task.
    drop(provider);
    let waiting = async {
        while tasks() > tasks_before {
            tokio::task::yield_now().await;
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(10), waiting).await;
    assert!(ended.is_ok(), "{case}, {polls} polls: {} tasks, {tasks_before} before", tasks());
    is_done
}

/// Polls `future` so many times, each time that it wants to be, and drops it. Tells whether it was done by then.
async fn poll_times(future: impl Future, polls: usize) -> bool {
    let (mut future, mut left) = (Box::pin(future), polls);
    let polling = poll_fn(|context| {
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending if left == 0 => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    });
    polling.await
}

/// Lets bytes arrive.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

fn one_at_a_time() -> HttpConfig {
    let mut http = http();
    http.limits.concurrency = 1;
    http.retry = RetryPolicy::default();
    http
}

fn in_small_pages() -> ListOptions {
    let mut options = ListOptions::new();
    options.page_size = Some(1);
    options
}

/// A profile of the documents.
fn known(provider: &AnyProvider) -> ProfileId {
    provider.profile_id(match provider.vendor().as_str() {
        "postproxy" => "prof_li_001",
        "postcore" => "prof_abc123",
        _ => "acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR",
    })
}
