//! The aggregator with scripted providers, in paused time: every duration here is exact and none is waited for.

use std::{
    collections::{BTreeMap, VecDeque},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use async_trait::async_trait;
use futures_core::Stream;
use futures_util::{FutureExt as _, StreamExt as _};
use polyprofile_core::{
    Aggregate, Aggregator, Capabilities, ConnectedPlatform, ConnectionStatus, Error, ErrorKind, Event, ExpiryReporting,
    GetOptions, GroupId, IssueKind, ListOptions, Listed, Operation, Platform, Profile, ProfileId, ProfileStream,
    Provider, ProviderId, ProviderOutcome, Rejected, Result, Traffic, Vendor,
};
use tokio::time::{Instant, Sleep};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn the_whole_takes_as_long_as_the_slowest() {
    let aggregate = aggregator([
        Scripted::new("a", [Step::Pause(3 * SECOND), Step::Profile("1")]),
        Scripted::new("b", [Step::Pause(5 * SECOND), Step::Profile("1")]),
        Scripted::new("c", [Step::Pause(2 * SECOND), Step::Profile("1"), Step::Pause(SECOND), Step::Profile("2")]),
    ]);
    let started = Instant::now();
    let aggregate = aggregate.collect(&ListOptions::new()).await;
    assert_eq!(started.elapsed(), 5 * SECOND);
    assert_eq!(keys(&aggregate), ["a/1", "b/1", "c/1", "c/2"]);
    assert!(aggregate.is_complete());
}

#[tokio::test(start_paused = true)]
async fn an_early_failure_costs_the_others_nothing() {
    let aggregate = aggregator([
        Scripted::new("bad", [Step::Error(ErrorKind::ApiKey)]),
        Scripted::new("good", [Step::Pause(SECOND), Step::Profile("1"), Step::Profile("2")]),
    ]);
    let aggregate = aggregate.collect(&ListOptions::new()).await;
    assert_eq!(keys(&aggregate), ["good/1", "good/2"]);

    let [bad, good] = &aggregate.outcomes[..] else { panic!("one outcome each") };
    assert_eq!(error_kind(bad), Some(ErrorKind::ApiKey));
    assert_eq!((bad.complete, bad.profiles, bad.elapsed), (false, 0, Duration::ZERO));
    assert_eq!(error_kind(good), None);
    assert_eq!((good.complete, good.profiles, good.elapsed), (true, 2, SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_cuts_a_provider_that_hangs_and_leaves_the_others_alone() {
    let aggregate = aggregator([
        Scripted::new("hangs", [Step::Profile("1"), Step::Hang]),
        Scripted::new("slow", [Step::Pause(9 * SECOND), Step::Profile("1")]),
    ])
    .deadline(10 * SECOND);
    let started = Instant::now();
    let aggregate = aggregate.collect(&ListOptions::new()).await;
    assert_eq!(started.elapsed(), 10 * SECOND);
    assert_eq!(keys(&aggregate), ["hangs/1", "slow/1"]);

    let [hangs, slow] = &aggregate.outcomes[..] else { panic!("one outcome each") };
    assert_eq!((hangs.complete, hangs.profiles, hangs.elapsed), (false, 1, 10 * SECOND));
    assert_eq!((slow.complete, slow.profiles, slow.elapsed), (true, 1, 9 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn the_deadlines_error_says_who_was_doing_what_and_for_how_long() {
    let aggregate = aggregator([Scripted::new("hangs", [Step::Hang])]).deadline(10 * SECOND);
    let aggregate = aggregate.collect(&ListOptions::new()).await;
    let error = aggregate.outcomes[0].error.as_ref().expect("the deadline passed");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.provider(), Some(&ProviderId::new("hangs")));
    assert_eq!(error.operation(), Some(Operation::ListProfiles));
    assert!(error.message().contains("10s"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn each_provider_has_the_whole_deadline_for_itself() {
    let steps = || [Step::Pause(6 * SECOND), Step::Profile("1"), Step::Pause(6 * SECOND), Step::Profile("2")];
    let aggregate = aggregator([Scripted::new("a", steps()), Scripted::new("b", steps())]).deadline(13 * SECOND);
    assert!(aggregate.collect(&ListOptions::new()).await.is_complete());
}

#[tokio::test(start_paused = true)]
async fn a_deadline_also_cuts_a_provider_that_never_waits() {
    let aggregate =
        aggregator([Scripted::new("endless", [Step::WorkForever(Duration::from_millis(1))])]).deadline(SECOND);
    let aggregate = aggregate.collect(&ListOptions::new()).await;
    assert_eq!(error_kind(&aggregate.outcomes[0]), Some(ErrorKind::Timeout));
    assert_eq!(aggregate.outcomes[0].profiles, 1_000);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_never_waits_does_not_hold_up_the_others() {
    let aggregate = aggregator([
        Scripted::new("endless", [Step::WorkForever(Duration::from_millis(1))]),
        Scripted::new("fair", [Step::Pause(SECOND), Step::Profile("1")]),
    ])
    .deadline(10 * SECOND);
    let aggregate = aggregate.collect(&ListOptions::new()).await;
    let [endless, fair] = &aggregate.outcomes[..] else { panic!("one outcome each") };
    assert_eq!(error_kind(endless), Some(ErrorKind::Timeout));
    assert_eq!((error_kind(fair), fair.complete, fair.profiles), (None, true, 1));
    assert!(fair.elapsed < 2 * SECOND, "its row was due after one second and came after {:?}", fair.elapsed);
}

#[tokio::test(start_paused = true)]
async fn where_all_have_rows_nobody_is_asked_late() {
    let rows = || (0..100).map(|_| Step::Profile("1"));
    let aggregate = aggregator([Scripted::new("a", rows()), Scripted::new("b", rows()), Scripted::new("c", rows())]);
    let events: Vec<_> = aggregate.stream(&ListOptions::new()).collect().await;
    let first_of = |name: &str| {
        events.iter().position(|event| matches!(event, Event::Profile(profile) if profile.id.provider.as_str() == name))
    };
    let first = ["a", "b", "c"].map(|name| first_of(name).expect("it has rows"));
    assert!(first.iter().all(|place| *place < 50), "first rows at {first:?}");
}

#[tokio::test(start_paused = true)]
async fn rows_before_a_failure_are_kept_and_the_outcome_is_incomplete() {
    let steps = [Step::Profile("1"), Step::Rejected(1), Step::Profile("2"), Step::Error(ErrorKind::Network)];
    let aggregate = aggregator([Scripted::new("a", steps)]).collect(&ListOptions::new()).await;
    assert_eq!(keys(&aggregate), ["a/1", "a/2"]);
    assert_eq!(aggregate.rejected.len(), 1);

    let outcome = &aggregate.outcomes[0];
    assert_eq!(error_kind(outcome), Some(ErrorKind::Network));
    assert_eq!((outcome.complete, outcome.profiles, outcome.rejected), (false, 2, 1));
    assert!(!aggregate.is_complete());
}

#[tokio::test(start_paused = true)]
async fn every_provider_finishes_once_and_after_its_last_row() {
    let aggregate = aggregator([
        Scripted::new("ends", [Step::Profile("1"), Step::Pause(SECOND), Step::Rejected(1)]),
        Scripted::new("empty", []),
        Scripted::new("fails", [Step::Profile("1"), Step::Error(ErrorKind::Unavailable)]),
        Scripted::new("hangs", [Step::Pause(2 * SECOND), Step::Profile("1"), Step::Hang]),
    ])
    .deadline(10 * SECOND);
    let events: Vec<_> = aggregate.stream(&ListOptions::new()).collect().await;

    let mut events_of = BTreeMap::<_, Vec<_>>::new();
    for event in &events {
        let (provider, what) = match event {
            Event::Profile(profile) => (&profile.id.provider, "profile"),
            Event::Rejected(rejected) => (&rejected.provider, "rejected"),
            Event::Finished(outcome) => (&outcome.provider, "finished"),
            _ => panic!("an event of an unknown sort"),
        };
        events_of.entry(provider.as_str()).or_default().push(what);
    }
    let expected = BTreeMap::from([
        ("ends", vec!["profile", "rejected", "finished"]),
        ("empty", vec!["finished"]),
        ("fails", vec!["profile", "finished"]),
        ("hangs", vec!["profile", "finished"]),
    ]);
    assert_eq!(events_of, expected);
}

#[tokio::test(start_paused = true)]
async fn rows_are_passed_on_when_they_come_and_not_when_everybody_is_done() {
    let aggregate = aggregator([
        Scripted::new("slow", [Step::Pause(5 * SECOND), Step::Profile("1")]),
        Scripted::new("fast", [Step::Pause(SECOND), Step::Profile("1")]),
    ]);
    let started = Instant::now();
    let mut events = aggregate.stream(&ListOptions::new());
    let Some(Event::Profile(first)) = events.next().await else { panic!("a profile comes first") };
    assert_eq!((first.id.to_string().as_str(), started.elapsed()), ("fast/1", SECOND));
}

#[tokio::test(start_paused = true)]
async fn nobody_to_ask_ends_at_once() {
    assert!(Aggregator::new().stream(&ListOptions::new()).next().await.is_none());
    let aggregate = Aggregator::new().deadline(SECOND).collect(&ListOptions::new()).await;
    assert!(aggregate.profiles.is_empty() && aggregate.outcomes.is_empty());
    assert!(aggregate.is_complete());
}

#[tokio::test(start_paused = true)]
async fn a_provider_without_profiles_is_complete() {
    let aggregate = aggregator([Scripted::new("empty", [])]).collect(&ListOptions::new()).await;
    assert!(aggregate.is_complete());
    let outcome = &aggregate.outcomes[0];
    assert_eq!((outcome.profiles, outcome.first_row, outcome.elapsed), (0, None, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn two_accounts_at_one_vendor_are_two_providers() {
    let aggregate = aggregator([
        Scripted::new("first", [Step::Profile("same-key")]),
        Scripted::new("second", [Step::Profile("same-key")]),
    ]);
    let aggregate = aggregate.collect(&ListOptions::new()).await;
    assert_eq!(keys(&aggregate), ["first/same-key", "second/same-key"]);
    assert_eq!(aggregate.outcomes[0].vendor, aggregate.outcomes[1].vendor);
    assert!(aggregate.profiles.iter().all(|profile| profile.issues.is_empty()));
}

#[test]
fn two_providers_of_one_name_are_refused() {
    let twins = || [Scripted::new("twin", []), Scripted::new("twin", [])];
    let [first, second] = twins();
    let errors = [
        Aggregator::new().with(first).and_then(|aggregator| aggregator.with(second)).map(drop),
        Aggregator::new().with_all(twins()).map(drop),
    ];
    for result in errors {
        let error = result.expect_err("their rows could not be told apart");
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.provider(), Some(&ProviderId::new("twin")));
        assert!(error.message().contains("`twin`"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn repeated_rows_are_merged_and_the_first_one_wins() {
    let steps = [
        Step::Named("1", "the first name"),
        Step::Profile("2"),
        Step::Named("1", "another name"),
        Step::Named("1", "the first name"),
    ];
    let aggregate = aggregator([Scripted::new("a", steps)]).collect(&ListOptions::new()).await;
    assert_eq!(keys(&aggregate), ["a/1", "a/2"]);
    let [first, second] = &aggregate.profiles[..] else { panic!("two profiles") };
    assert_eq!(first.name.as_deref(), Some("the first name"));
    assert_eq!(second.issues, []);

    let [differs, same] = &first.issues[..] else { panic!("an issue for each repetition") };
    assert_eq!((differs.kind, same.kind), (IssueKind::Repeated, IssueKind::Repeated));
    assert!(differs.message.contains("differs in name"), "{differs}");
    assert!(!same.message.contains("differs"), "{same}");
    assert_eq!(aggregate.outcomes[0].profiles, 4, "repeated ones are counted, too");
    assert!(aggregate.is_complete(), "a row that came twice is not lost");
}

#[tokio::test(start_paused = true)]
async fn every_part_in_which_a_repeated_row_differs_is_named() {
    let id = || ProfileId::new(ProviderId::new("a"), "1");
    let mut changed = Profile::new(id());
    changed.name = Some("name".to_owned());
    changed.group = Some(GroupId::new("group"));
    changed.created_at = Some(chrono::DateTime::UNIX_EPOCH);
    changed.connected_platforms.push(ConnectedPlatform::new(Platform::LinkedIn, ConnectionStatus::Active));
    changed.stats.push(polyprofile_core::StatsSnapshot::new(polyprofile_core::StatsScope::Account));
    changed.vendor.insert("color".to_owned(), "blue".into());
    let steps = [Step::Row(Box::new(Profile::new(id()))), Step::Row(Box::new(changed))];

    let aggregate = aggregator([Scripted::new("a", steps)]).collect(&ListOptions::new()).await;
    assert_eq!(aggregate.profiles[0].name, None);
    let message = &aggregate.profiles[0].issues[0].message;
    for part in ["name", "group", "created_at", "connected_platforms", "stats", "vendor"] {
        assert!(message.contains(part), "{part} is missing in: {message}");
    }
}

#[tokio::test(start_paused = true)]
async fn repeated_rows_pass_through_the_stream() {
    let aggregate = aggregator([Scripted::new("a", [Step::Profile("1"), Step::Profile("1")])]);
    let events: Vec<_> = aggregate.stream(&ListOptions::new()).collect().await;
    let profiles = events.iter().filter(|event| matches!(event, Event::Profile(_)));
    assert_eq!(profiles.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_order_does_not_depend_on_who_was_faster() {
    let collect = async |pauses: [u32; 3]| {
        let providers = ["c", "a", "b"].into_iter().zip(pauses).map(|(name, pause)| {
            let pause = pause * SECOND;
            let steps = [
                Step::Pause(pause),
                Step::Profile("2"),
                Step::Rejected(1),
                Step::Pause(pause),
                Step::Profile("1"),
                Step::Rejected(3),
            ];
            Scripted::new(name, steps)
        });
        let aggregate = aggregator(providers).collect(&ListOptions::new()).await;
        let rejected: Vec<_> = aggregate.rejected.iter().map(|row| format!("{}/{}", row.provider, row.index)).collect();
        let outcomes: Vec<_> = aggregate.outcomes.iter().map(|outcome| outcome.provider.to_string()).collect();
        (keys(&aggregate), rejected, outcomes)
    };
    let orders = [[1, 2, 3], [3, 2, 1], [2, 3, 1], [0, 0, 0]];
    for pauses in orders {
        let (profiles, rejected, outcomes) = collect(pauses).await;
        assert_eq!(profiles, ["c/2", "c/1", "a/2", "a/1", "b/2", "b/1"], "{pauses:?}");
        assert_eq!(rejected, ["c/1", "c/3", "a/1", "a/3", "b/1", "b/3"], "{pauses:?}");
        assert_eq!(outcomes, ["c", "a", "b"], "{pauses:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejected_row_is_kept_with_its_place_and_makes_the_whole_incomplete() {
    let steps = [Step::Profile("1"), Step::Rejected(1), Step::Profile("2")];
    let aggregate = aggregator([Scripted::new("a", steps)]).collect(&ListOptions::new()).await;
    assert_eq!(aggregate.rejected, [rejected("a", 1)]);
    let outcome = &aggregate.outcomes[0];
    assert_eq!((outcome.profiles, outcome.rejected), (2, 1));
    assert!(outcome.complete, "the list came to its end");
    assert!(!aggregate.is_complete(), "and yet a row of it is missing");
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_before_the_stream_is_polled() {
    let provider = Scripted::new("a", [Step::Profile("1")]);
    let watch = provider.watch.clone();
    let events = aggregator([provider]).stream(&ListOptions::new());
    tokio::time::sleep(SECOND).await;
    assert_eq!(watch.polls(), 0);

    let events: Vec<_> = events.collect().await;
    let Some(Event::Finished(outcome)) = events.last() else { panic!("it finishes last") };
    assert_eq!(outcome.elapsed, Duration::ZERO, "the time before the first poll does not count");
}

#[tokio::test(start_paused = true)]
async fn dropping_the_stream_drops_every_listing() {
    let providers = [Scripted::new("a", [Step::Profile("1"), Step::Hang]), Scripted::new("b", [Step::Hang])];
    let watches = providers.each_ref().map(|provider| provider.watch.clone());
    let mut events = aggregator(providers).stream(&ListOptions::new());
    assert!(matches!(events.next().await, Some(Event::Profile(_))));
    assert_eq!(watches.each_ref().map(|watch| watch.open()), [1, 1]);
    drop(events);
    assert_eq!(watches.each_ref().map(|watch| watch.open()), [0, 0]);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_collecting_future_drops_every_listing() {
    let providers = [Scripted::new("a", [Step::Profile("1"), Step::Hang]), Scripted::new("b", [Step::Hang])];
    let watches = providers.each_ref().map(|provider| provider.watch.clone());
    let aggregate = aggregator(providers);
    let cut = tokio::time::timeout(SECOND, aggregate.collect(&ListOptions::new())).await;
    assert!(cut.is_err());
    assert!(watches.iter().all(|watch| watch.polls() > 0), "all were asked");
    assert_eq!(watches.each_ref().map(|watch| watch.open()), [0, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_listing_is_closed_as_soon_as_it_is_done_while_others_go_on() {
    for last in [Step::End, Step::Error(ErrorKind::Network), Step::Hang] {
        let provider = Scripted::new("done", [last]);
        let watch = provider.watch.clone();
        let slow = Scripted::new("slow", [Step::Pause(3 * SECOND), Step::Profile("1"), Step::Hang]);
        let mut events = aggregator([provider, slow]).deadline(5 * SECOND).stream(&ListOptions::new());
        while let Some(event) = events.next().await {
            if matches!(&event, Event::Finished(outcome) if outcome.provider.as_str() == "done") {
                break;
            }
        }
        assert_eq!(watch.open(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_row_and_the_end_are_timed() {
    let aggregate = aggregator([
        Scripted::new(
            "a",
            [Step::Pause(2 * SECOND), Step::Profile("1"), Step::Pause(SECOND), Step::Profile("2"), Step::Pause(SECOND)],
        ),
        Scripted::new("b", [Step::Pause(SECOND), Step::Rejected(0)]),
        Scripted::new("c", [Step::Pause(3 * SECOND), Step::Error(ErrorKind::Network)]),
    ]);
    let aggregate = aggregate.collect(&ListOptions::new()).await;
    let times: Vec<_> = aggregate.outcomes.iter().map(|outcome| (outcome.first_row, outcome.elapsed)).collect();
    assert_eq!(times, [(Some(2 * SECOND), 4 * SECOND), (Some(SECOND), SECOND), (None, 3 * SECOND)]);
}

#[tokio::test(start_paused = true)]
async fn the_callers_own_time_between_two_events_counts_for_nothing() {
    let steps = [Step::Profile("1"), Step::Profile("2"), Step::Pause(SECOND / 2), Step::Profile("3"), Step::Hang];
    let aggregate = aggregator([Scripted::new("a", steps), Scripted::new("b", [Step::Hang])]).deadline(SECOND);
    let mut events = aggregate.stream(&ListOptions::new());
    for _ in 0..3 {
        let event = events.next().await;
        assert!(matches!(event, Some(Event::Profile(_))), "{event:?}");
        tokio::time::sleep(60 * SECOND).await;
    }
    // Waiting, on the other hand, counts: half a second before the third row, and half a second now.
    for _ in 0..2 {
        let Some(Event::Finished(outcome)) = events.next().await else { panic!("the deadline has passed") };
        assert_eq!(error_kind(&outcome), Some(ErrorKind::Timeout));
        assert_eq!(outcome.elapsed, SECOND);
    }
    assert!(events.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_row_under_another_providers_name_is_claimed_and_the_lie_is_told() {
    let mut liar = Scripted::new("liar", [Step::Profile("1")]);
    liar.rows_say = Some(ProviderId::new("a"));
    let aggregate = aggregator([Scripted::new("a", [Step::Profile("1")]), liar]);
    let aggregate = aggregate.collect(&ListOptions::new()).await;
    let providers: Vec<_> = aggregate.profiles.iter().map(|profile| profile.id.to_string()).collect();
    assert_eq!(providers, ["a/1", "liar/1"]);
    assert_eq!(aggregate.profiles[1].issues[0].found.as_deref(), Some("a"));
}

#[tokio::test(start_paused = true)]
async fn the_largest_deadline_is_none() {
    let aggregate = aggregator([Scripted::new("a", [Step::Pause(SECOND), Step::Profile("1")])]).deadline(Duration::MAX);
    assert!(aggregate.collect(&ListOptions::new()).await.is_complete());
}

#[tokio::test(start_paused = true)]
async fn no_time_at_all_is_a_timeout_and_no_panic() {
    let aggregate = aggregator([Scripted::new("a", [Step::Hang])]).deadline(Duration::ZERO);
    let aggregate = aggregate.collect(&ListOptions::new()).await;
    assert_eq!(error_kind(&aggregate.outcomes[0]), Some(ErrorKind::Timeout));
}

#[tokio::test(start_paused = true)]
async fn rows_after_an_error_are_no_rows() {
    let steps = [Step::Profile("1"), Step::Error(ErrorKind::Decode), Step::Profile("2"), Step::Error(ErrorKind::Tls)];
    let provider = Scripted::new("a", steps);
    let aggregate = aggregator([provider]).collect(&ListOptions::new()).await;
    assert_eq!(keys(&aggregate), ["a/1"]);
    assert_eq!(aggregate.outcomes.len(), 1);
    assert_eq!(error_kind(&aggregate.outcomes[0]), Some(ErrorKind::Decode));
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_goes_on_after_its_end_is_at_its_end() {
    let provider = Scripted::new("a", [Step::Profile("1"), Step::End, Step::Profile("2"), Step::End]);
    let slow = Scripted::new("slow", [Step::Pause(SECOND), Step::Profile("1")]);
    let aggregate = aggregator([provider, slow]).collect(&ListOptions::new()).await;
    assert_eq!(keys(&aggregate), ["a/1", "slow/1"]);
    assert_eq!(aggregate.outcomes.len(), 2);
    assert!(aggregate.is_complete());
}

#[tokio::test(start_paused = true)]
async fn every_provider_gets_the_options() {
    let providers = [Scripted::new("a", []), Scripted::new("b", [])];
    let watches = providers.each_ref().map(|provider| provider.watch.clone());
    let mut options = ListOptions::in_group(GroupId::new("team"));
    options.page_size = Some(7);
    aggregator(providers).collect(&options).await;
    for watch in watches {
        let mut given = watch.options.lock().expect("nobody panicked").clone();
        // Each has a counter of its own; everything else is as it was asked for.
        assert!(given.iter_mut().all(|options| options.traffic.take().is_some()));
        assert_eq!(given, [options.clone()]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_bytes_of_each_provider_are_counted_up_to_its_end() {
    let aggregate = aggregator([
        Scripted::new("a", [Step::Bytes(300), Step::Profile("1"), Step::Bytes(41), Step::Profile("2")]),
        Scripted::new("broken", [Step::Bytes(5), Step::Error(ErrorKind::Network), Step::Bytes(7)]),
        Scripted::new("counts nothing", [Step::Profile("1")]),
    ]);
    let mut options = ListOptions::new();
    options.traffic = Some(Traffic::new());
    for _ in 0..2 {
        let outcomes = aggregate.collect(&options).await.outcomes;
        let bytes: Vec<_> = outcomes.iter().map(|outcome| outcome.bytes).collect();
        assert_eq!(bytes, [Some(341), Some(5), None], "each listing is counted from nothing");
    }
    assert_eq!(options.traffic.and_then(|traffic| traffic.received()), None, "the caller's own is left alone");
}

#[tokio::test(start_paused = true)]
async fn an_aggregator_can_be_asked_again() {
    let aggregator = aggregator([Scripted::new("a", [Step::Profile("1")])]);
    let first = aggregator.collect(&ListOptions::new()).await;
    let second = aggregator.clone().collect(&ListOptions::new()).await;
    assert_eq!(keys(&first), keys(&second));
    assert_eq!(aggregator.providers().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn everything_that_was_collected_is_written_and_read_back() {
    let aggregate = aggregator([
        Scripted::new("a", [Step::Pause(Duration::from_millis(1_500)), Step::Named("1", "Ada"), Step::Rejected(1)]),
        Scripted::new("b", [Step::Error(ErrorKind::RateLimited)]),
        Scripted::new("c", [Step::Hang]),
    ])
    .deadline(10 * SECOND);
    let aggregate = aggregate.collect(&ListOptions::new()).await;
    let json = serde_json::to_value(&aggregate).expect("an aggregate serializes");
    assert_eq!(json["outcomes"][0]["first_row_ms"], 1_500.0);
    assert_eq!(json["outcomes"][1]["first_row_ms"], serde_json::Value::Null);
    assert_eq!(json["outcomes"][2]["elapsed_ms"], 10_000.0);
    assert_eq!(json["outcomes"][2]["error"]["kind"], "timeout");

    let again: Aggregate = serde_json::from_value(json.clone()).expect("it was written so");
    assert_eq!(again.profiles, aggregate.profiles);
    assert_eq!(again.rejected, aggregate.rejected);
    assert_eq!(again.outcomes[0].first_row, Some(Duration::from_millis(1_500)));
    assert_eq!(serde_json::to_value(&again).expect("an aggregate serializes"), json);
}

/// What a scripted listing does next.
#[derive(Clone, Debug)]
enum Step {
    Profile(&'static str),
    Named(&'static str, &'static str),
    Row(Box<Profile>),
    Rejected(u64),
    Error(ErrorKind),
    /// Says that the list has ended. So does the end of the script.
    End,
    Pause(Duration),
    /// Says that so many bytes came.
    Bytes(u64),
    Hang,
    /// Rows without end, each of which costs computing time but never waits for anything.
    WorkForever(Duration),
}

/// A provider that does what its script says.
#[derive(Debug)]
struct Scripted {
    id: ProviderId,
    capabilities: Capabilities,
    steps: Vec<Step>,
    /// What its rows say instead of its own name.
    rows_say: Option<ProviderId>,
    watch: Arc<Watch>,
}

impl Scripted {
    fn new(name: &str, steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            id: ProviderId::new(name),
            capabilities: Capabilities::new([Operation::ListProfiles], ExpiryReporting::NotReported),
            steps: steps.into_iter().collect(),
            rows_say: None,
            watch: Arc::default(),
        }
    }
}

#[async_trait]
impl Provider for Scripted {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn vendor(&self) -> Vendor {
        Vendor::from_static("scripted")
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn profiles(&self, options: ListOptions) -> ProfileStream {
        let traffic = options.traffic.clone();
        self.watch.options.lock().expect("nobody panicked").push(options);
        self.watch.opened.fetch_add(1, Ordering::Relaxed);
        Box::pin(Script {
            provider: self.rows_say.clone().unwrap_or_else(|| self.id.clone()),
            steps: self.steps.clone().into(),
            pause: None,
            traffic,
            watch: Arc::clone(&self.watch),
        })
    }

    async fn profile(&self, _: &ProfileId, _: GetOptions) -> Result<Profile> {
        Err(ErrorKind::Unsupported.into())
    }
}

/// What became of a provider's listings.
#[derive(Debug, Default)]
struct Watch {
    options: Mutex<Vec<ListOptions>>,
    opened: AtomicUsize,
    dropped: AtomicUsize,
    polls: AtomicUsize,
}

impl Watch {
    fn open(&self) -> usize {
        self.opened.load(Ordering::Relaxed) - self.dropped.load(Ordering::Relaxed)
    }

    fn polls(&self) -> usize {
        self.polls.load(Ordering::Relaxed)
    }
}

/// A listing that follows its script, and goes on with it even after an error or an end.
struct Script {
    provider: ProviderId,
    steps: VecDeque<Step>,
    pause: Option<Pin<Box<Sleep>>>,
    traffic: Option<Traffic>,
    watch: Arc<Watch>,
}

impl Stream for Script {
    type Item = Result<Listed>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.watch.polls.fetch_add(1, Ordering::Relaxed);
        loop {
            if let Some(pause) = &mut self.pause {
                ready!(pause.as_mut().poll(context));
                self.pause = None;
            }
            let Some(step) = self.steps.pop_front() else { return Poll::Ready(None) };
            let profile = |key: &str| Profile::new(ProfileId::new(self.provider.clone(), key));
            let row = match step {
                Step::Profile(key) => Ok(Listed::Profile(profile(key))),
                Step::Named(key, name) => {
                    let mut profile = profile(key);
                    profile.name = Some(name.to_owned());
                    Ok(Listed::Profile(profile))
                }
                Step::Row(profile) => Ok(Listed::Profile(*profile)),
                Step::Rejected(index) => Ok(Listed::Rejected(rejected(self.provider.as_str(), index))),
                Step::Error(kind) => Err(Error::new(kind, "as the script says").with_provider(self.provider.clone())),
                Step::End => return Poll::Ready(None),
                Step::Pause(duration) => {
                    self.pause = Some(Box::pin(tokio::time::sleep(duration)));
                    continue;
                }
                Step::Bytes(bytes) => {
                    self.traffic.iter().for_each(|traffic| traffic.add(bytes));
                    continue;
                }
                Step::Hang => {
                    self.steps.push_front(Step::Hang);
                    return Poll::Pending;
                }
                Step::WorkForever(duration) => {
                    // The first poll moves the paused clock, as computing moves a real one.
                    let _ = tokio::time::advance(duration).now_or_never();
                    let row = profile("the same one");
                    self.steps.push_front(Step::WorkForever(duration));
                    Ok(Listed::Profile(row))
                }
            };
            return Poll::Ready(Some(row));
        }
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.watch.dropped.fetch_add(1, Ordering::Relaxed);
    }
}

fn aggregator(providers: impl IntoIterator<Item = Scripted>) -> Aggregator {
    Aggregator::new().with_all(providers).expect("every provider has a name of its own")
}

fn rejected(provider: &str, index: u64) -> Rejected {
    Rejected::new(ProviderId::new(provider), index, "it has no id", "{}")
}

fn keys(aggregate: &Aggregate) -> Vec<String> {
    aggregate.profiles.iter().map(|profile| profile.id.to_string()).collect()
}

fn error_kind(outcome: &ProviderOutcome) -> Option<ErrorKind> {
    outcome.error.as_ref().map(Error::kind)
}
