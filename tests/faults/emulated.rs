//! Three vendors asked at once through the emulator, one of them in trouble: what comes of it, and that it costs the
//! others nothing.

use std::{io, net::TcpListener, time::Duration};

use futures_util::StreamExt as _;
use polyprofile::{
    Aggregate, Aggregator, AnyProvider, ConnectionStatus, ErrorKind, Event, HealthPolicy, IssueKind, ListOptions,
    NormalizedPlatform as _, Operation, PersonQuery, Profile, Provider as _, ProviderOutcome, Rejected, Remedy, Vendor,
    VendorApi as _, Verdict,
    http::{HttpConfig, RetryPolicy},
};
use polyprofile_emulator::{Data, Emulator, Fault, FaultKind, POSTPROXY_SCOPED_KEY};
use serde_json::{Value, json};

use crate::{
    seconds,
    support::{VENDORS, documents, documents_now, http, key, list_path, provider, provider_with},
    vendors::{envelope, id_member, name_member, row, row_id},
};

/// Rows that each vendor lists.
const ROWS: usize = 40;
/// Inside the body of each vendor's list, some rows from its beginning and some from its end.
const MIDDLE: u64 = 4_000;

/// Three vendors with rows of the same ids, and what they list when all is well.
struct Scene {
    emulator: Emulator,
    whole: Vec<Profile>,
}

/// What came of the vendor in trouble.
struct Faulty {
    profiles: Vec<Profile>,
    rejected: Vec<Rejected>,
    outcome: ProviderOutcome,
    /// Whether the aggregate calls itself complete.
    all_complete: bool,
    /// How long the slower one of the others took.
    others_took: Duration,
}

impl Scene {
    async fn set() -> Self {
        let emulator =
            Emulator::builder().data(Data::Synthetic { profiles: ROWS as u64, seed: 7 }).now(documents_now());
        let emulator = emulator.start().await.expect("a free port on loopback");
        let aggregate = aggregator(&emulator, &http()).collect(&ListOptions::new()).await;
        assert!(aggregate.is_complete(), "{:?}", aggregate.outcomes);
        assert_eq!(aggregate.profiles.len(), VENDORS.len() * ROWS);
        emulator.clear_requests();
        Self { emulator, whole: aggregate.profiles }
    }

    /// What `vendor` lists when all is well.
    fn whole_of(&self, vendor: &str) -> Vec<Profile> {
        self.whole.iter().filter(|profile| profile.id.provider.as_str() == vendor).cloned().collect()
    }

    /// Lets `vendor` meet `kind`, as often as it asks.
    async fn meet(&self, vendor: &str, kind: FaultKind) -> Faulty {
        self.meet_with(vendor, Fault::new(list_path(vendor), kind), aggregator(&self.emulator, &http())).await
    }

    /// Lets `vendor` meet `fault` while `aggregator` asks all, and checks that the others are as without it.
    async fn meet_with(&self, vendor: &str, fault: Fault, aggregator: Aggregator) -> Faulty {
        let case = format!("{vendor} meets {:?}", fault.kind);
        self.emulator.clear_faults();
        self.emulator.clear_requests();
        self.emulator.add_fault(fault);
        let aggregate = aggregator.collect(&ListOptions::new()).await;
        let all_complete = aggregate.is_complete();
        let Aggregate { profiles, rejected, outcomes, .. } = aggregate;

        let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.provider.as_str()).collect();
        assert_eq!(names, VENDORS, "{case}: exactly one outcome each");
        let (mut own, others): (Vec<_>, Vec<_>) =
            outcomes.into_iter().partition(|outcome| outcome.provider.as_str() == vendor);
        for other in &others {
            assert!(other.complete && other.error.is_none(), "{case}: {other:?}");
            assert_eq!((other.profiles, other.rejected), (ROWS as u64, 0), "{case}: {other:?}");
            assert_eq!(requests(&self.emulator, other.provider.as_str()), 1, "{case}: {other:?}");
        }
        let others_took = others.iter().map(|other| other.elapsed).max().expect("there are two others");
        let outcome = own.remove(0);

        let is_own = |profile: &Profile| profile.id.provider.as_str() == vendor;
        let (profiles, of_others): (Vec<Profile>, Vec<Profile>) = profiles.into_iter().partition(is_own);
        let expected: Vec<Profile> = self.whole.iter().filter(|profile| !is_own(profile)).cloned().collect();
        assert!(of_others == expected, "{case}: the others' profiles are those of a run without faults");
        assert_eq!(outcome.profiles, profiles.len() as u64, "{case}");
        Faulty { profiles, rejected, outcome, all_complete, others_took }
    }
}

impl Faulty {
    /// It failed with an error of `kind` after `rows` rows, and everybody can see that it did.
    #[track_caller]
    fn assert_failed(&self, case: &str, kind: ErrorKind, rows: &[Profile]) {
        let outcome = &self.outcome;
        let error = outcome.error.as_ref().unwrap_or_else(|| panic!("{case}: it did not fail: {outcome:?}"));
        assert_eq!(error.kind(), kind, "{case}: {error:?}");
        assert_eq!(error.provider(), Some(&outcome.provider), "{case}: {error:?}");
        assert_eq!(error.operation(), Some(Operation::ListProfiles), "{case}: {error:?}");
        assert!(!outcome.complete && !self.all_complete, "{case}: a failure is never complete");
        assert!(self.rejected.is_empty(), "{case}: {:?}", self.rejected);
        assert!(self.profiles == rows, "{case}: {} rows came, {} were expected", self.profiles.len(), rows.len());
    }

    /// As [`Self::assert_failed`], after some of the rows of `whole` and not all of them.
    #[track_caller]
    fn assert_broke_off(&self, case: &str, kind: ErrorKind, whole: &[Profile]) {
        let count = self.profiles.len();
        assert!(0 < count && count < whole.len(), "{case}: {count} rows came, which is none or all");
        self.assert_failed(case, kind, &whole[..count]);
    }

    /// All is well.
    #[track_caller]
    fn assert_complete(&self, case: &str, whole: &[Profile]) {
        assert!(self.outcome.complete && self.all_complete, "{case}: {:?}", self.outcome);
        assert!(self.outcome.error.is_none(), "{case}: {:?}", self.outcome);
        assert!(self.profiles == whole, "{case}: {} rows came, {} were expected", self.profiles.len(), whole.len());
    }
}

#[tokio::test]
async fn an_error_status_has_the_kind_that_its_body_says() {
    use ErrorKind::{ApiKey, NotFound, Permission, RateLimited, ReconnectRequired, Unavailable};
    let rows = [
        ("postproxy", 401, r#"{"error":"Invalid API key"}"#, ApiKey),
        ("postproxy", 403, r#"{"error":"Account is past due"}"#, Permission),
        ("postproxy", 404, r#"{"error":"Not found"}"#, NotFound),
        ("postproxy", 422, r#"{"error":"Your API key has no such permission"}"#, Permission),
        ("postproxy", 429, r#"{"error":"Too many requests"}"#, RateLimited),
        ("postproxy", 500, r#"{"error":"Internal Server Error"}"#, Unavailable),
        ("postproxy", 503, "", Unavailable),
        ("postcore", 401, r#"{"error":"INVALID_API_KEY","message":"Invalid API key"}"#, ApiKey),
        ("postcore", 403, r#"{"error":"FORBIDDEN","message":"Not allowed"}"#, Permission),
        ("postcore", 404, r#"{"error":"PROFILE_NOT_FOUND","message":"Profile not found"}"#, NotFound),
        ("postcore", 429, r#"{"error":"RATE_LIMIT_EXCEEDED","message":"Slow down","retry_after":60}"#, RateLimited),
        ("postcore", 500, r#"{"error":"INTERNAL_ERROR","message":"Something broke"}"#, Unavailable),
        ("postcore", 503, "", Unavailable),
        ("postpress", 401, r#"{"title":"No key","type":"errors/missing_credentials","status":401}"#, ApiKey),
        ("postpress", 401, r#"{"title":"Gone","type":"errors/disconnected_account","status":401}"#, ReconnectRequired),
        ("postpress", 403, r#"{"title":"No","type":"errors/insufficient_permissions","status":403}"#, Permission),
        ("postpress", 404, r#"{"title":"No","type":"errors/resource_not_found","status":404}"#, NotFound),
        ("postpress", 429, r#"{"title":"Slow","type":"errors/too_many_requests","status":429}"#, RateLimited),
        ("postpress", 500, r#"{"title":"Broke","type":"errors/provider_error","status":500}"#, Unavailable),
        ("postpress", 503, r#"{"title":"Down","type":"errors/network_down","status":503}"#, Unavailable),
    ];
    let scene = Scene::set().await;
    for (vendor, code, body, kind) in rows {
        let faulty = scene.meet(vendor, status(code, body)).await;
        let case = format!("{vendor} {code} {body}");
        faulty.assert_failed(&case, kind, &[]);
        let error = faulty.outcome.error.expect("it failed");
        assert_eq!((error.status(), error.attempts()), (Some(code), 1), "{case}");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_the_list_is_an_error_and_never_an_empty_list() {
    let bodies =
        ["{}", "[]", "null", "\"\"", "0", "true", "", " ", r#"{"error":"x"}"#, r#"{"message":"ok"}"#, r#"{"rows":[]}"#];
    let lists = [
        // The right member with something else in it, and the list of another vendor.
        ("postproxy", [r#"{"data":null}"#, r#"{"data":{}}"#, r#"{"data":""}"#, r#"{"profiles":[]}"#]),
        ("postcore", [r#"{"profiles":null}"#, r#"{"profiles":{}}"#, r#"{"profiles":""}"#, r#"{"data":[]}"#]),
        ("postpress", [r#"{"items":null}"#, r#"{"items":{}}"#, r#"{"items":""}"#, r#"{"profiles":[]}"#]),
    ];
    let scene = Scene::set().await;
    for (vendor, own) in lists {
        for body in bodies.into_iter().chain(own) {
            let faulty = scene.meet(vendor, replace(body)).await;
            faulty.assert_failed(&format!("{vendor} {body:?}"), ErrorKind::Decode, &[]);
        }
        for kind in [FaultKind::Html, FaultKind::Garbage] {
            let case = format!("{vendor} {kind:?}");
            scene.meet(vendor, kind).await.assert_failed(&case, ErrorKind::Decode, &[]);
        }
        // An error body must not come with a success; a success must not come without the documented status.
        for code in [201, 202, 204, 206] {
            let faulty = scene.meet(vendor, status(code, &envelope(vendor, &[]))).await;
            faulty.assert_failed(&format!("{vendor} {code}"), ErrorKind::Protocol, &[]);
        }
    }
}

#[tokio::test]
async fn the_documented_empty_list_is_a_success() {
    let scene = Scene::set().await;
    for vendor in VENDORS {
        scene.meet(vendor, replace(&envelope(vendor, &[]))).await.assert_complete(vendor, &[]);
    }
}

#[tokio::test]
async fn a_list_that_breaks_off_keeps_its_rows_and_is_incomplete() {
    let scene = Scene::set().await;
    for vendor in VENDORS {
        let whole = scene.whole_of(vendor);
        scene.meet(vendor, FaultKind::Close).await.assert_failed(vendor, ErrorKind::Network, &[]);
        for chunked in [false, true] {
            let case = format!("{vendor}, chunked: {chunked}");
            let at_once = scene.meet(vendor, FaultKind::CutAfter { bytes: 0, chunked }).await;
            at_once.assert_failed(&case, ErrorKind::Network, &[]);
            let midway = scene.meet(vendor, FaultKind::CutAfter { bytes: MIDDLE, chunked }).await;
            midway.assert_broke_off(&case, ErrorKind::Network, &whole);
        }
    }
}

#[tokio::test]
async fn a_redirect_is_followed_nowhere() {
    let scene = Scene::set().await;
    let elsewhere = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    elsewhere.set_nonblocking(true).expect("a socket can be polled");
    let address = elsewhere.local_addr().expect("it is bound");
    for vendor in VENDORS {
        for code in [301, 302, 303, 307, 308] {
            let location = format!("http://{address}{}", list_path(vendor));
            let faulty = scene.meet(vendor, FaultKind::Redirect { status: code, location }).await;
            faulty.assert_failed(&format!("{vendor} {code}"), ErrorKind::Protocol, &[]);
            let knock = elsewhere.accept().map_err(|nobody| nobody.kind());
            assert!(matches!(knock, Err(io::ErrorKind::WouldBlock)), "{vendor} {code}: {knock:?}");
            assert_eq!(requests(&scene.emulator, vendor), 1, "{vendor} {code}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_the_aggregator_cuts_whoever_hangs() {
    let scene = Scene::set().await;
    for vendor in VENDORS {
        let whole = scene.whole_of(vendor);
        let hang = [
            (FaultKind::Delay { ms: 60_000 }, false),
            (FaultKind::Stall { after_bytes: 0 }, false),
            (FaultKind::Stall { after_bytes: MIDDLE }, true),
            (FaultKind::Trickle { bytes_per_chunk: 1_000, pause_ms: 2_000 }, true),
        ];
        for (kind, some_rows) in hang {
            let case = format!("{vendor} {kind:?}");
            let aggregator = aggregator(&scene.emulator, &http()).deadline(seconds(5));
            let faulty = scene.meet_with(vendor, Fault::new(list_path(vendor), kind), aggregator).await;
            if some_rows {
                faulty.assert_broke_off(&case, ErrorKind::Timeout, &whole);
            } else {
                faulty.assert_failed(&case, ErrorKind::Timeout, &[]);
            }
            assert_took(&case, faulty.outcome.elapsed, seconds(5)..seconds(6));
            assert_took(&case, faulty.others_took, Duration::ZERO..seconds(1));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_deadline_of_the_aggregator_each_providers_own_hold() {
    let scene = Scene::set().await;
    for vendor in VENDORS {
        let whole = scene.whole_of(vendor);
        let hang = [
            // The headers of one attempt; silence between two pieces; 1 KiB/s after a grace of 10 s.
            (FaultKind::Delay { ms: 3_600_000 }, false, seconds(15)..seconds(16)),
            (FaultKind::Stall { after_bytes: MIDDLE }, true, seconds(10)..seconds(11)),
            (FaultKind::Trickle { bytes_per_chunk: 100, pause_ms: 1_000 }, true, seconds(10)..seconds(13)),
        ];
        for (kind, some_rows, time) in hang {
            let case = format!("{vendor} {kind:?}");
            let faulty = scene.meet(vendor, kind).await;
            if some_rows {
                faulty.assert_broke_off(&case, ErrorKind::Timeout, &whole);
            } else {
                faulty.assert_failed(&case, ErrorKind::Timeout, &[]);
            }
            assert_took(&case, faulty.outcome.elapsed, time);
            assert_took(&case, faulty.others_took, Duration::ZERO..seconds(1));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn slow_but_honest_is_complete() {
    let scene = Scene::set().await;
    for vendor in VENDORS {
        let whole = scene.whole_of(vendor);
        for kind in [FaultKind::Delay { ms: 14_000 }, FaultKind::Trickle { bytes_per_chunk: 300, pause_ms: 250 }] {
            let case = format!("{vendor} {kind:?}");
            let faulty = scene.meet(vendor, kind).await;
            faulty.assert_complete(&case, &whole);
            assert!(faulty.outcome.elapsed > seconds(4), "{case}: it was slow");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_failure_that_passes_costs_one_more_request_and_nothing_else() {
    let scene = Scene::set().await;
    let failures = [
        status(503, ""),
        status(429, ""),
        status(500, "<html>"),
        FaultKind::Close,
        FaultKind::Stall { after_bytes: MIDDLE },
        FaultKind::CutAfter { bytes: 0, chunked: false },
        FaultKind::CutAfter { bytes: MIDDLE, chunked: false },
        FaultKind::CutAfter { bytes: MIDDLE, chunked: true },
    ];
    for vendor in VENDORS {
        let whole = scene.whole_of(vendor);
        for kind in &failures {
            let case = format!("{vendor} {kind:?}");
            let fault = Fault::new(list_path(vendor), kind.clone()).times(1);
            let faulty = scene.meet_with(vendor, fault, aggregator(&scene.emulator, &with_retries())).await;
            faulty.assert_complete(&case, &whole);
            assert_eq!(requests(&scene.emulator, vendor), 2, "{case}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_does_not_pass_is_asked_three_times_and_no_more() {
    let scene = Scene::set().await;
    let failures = [
        (status(503, ""), ErrorKind::Unavailable, 3),
        (FaultKind::Close, ErrorKind::Network, 3),
        (status(404, ""), ErrorKind::NotFound, 1),
        (FaultKind::Html, ErrorKind::Decode, 1),
        (replace("{}"), ErrorKind::Decode, 1),
    ];
    for vendor in VENDORS {
        for (kind, expected, count) in &failures {
            let case = format!("{vendor} {kind:?}");
            let fault = Fault::new(list_path(vendor), kind.clone());
            let faulty = scene.meet_with(vendor, fault, aggregator(&scene.emulator, &with_retries())).await;
            faulty.assert_failed(&case, *expected, &[]);
            assert_eq!(requests(&scene.emulator, vendor), *count, "{case}");
            assert_eq!(faulty.outcome.error.map(|error| error.attempts() as usize), Some(*count), "{case}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_breaks_off_every_time_keeps_each_row_once() {
    let scene = Scene::set().await;
    for vendor in VENDORS {
        let whole = scene.whole_of(vendor);
        let fault = Fault::new(list_path(vendor), FaultKind::CutAfter { bytes: MIDDLE, chunked: false });
        let faulty = scene.meet_with(vendor, fault, aggregator(&scene.emulator, &with_retries())).await;
        faulty.assert_broke_off(vendor, ErrorKind::Network, &whole);
        assert_eq!(requests(&scene.emulator, vendor), 3, "{vendor}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_longer_than_the_time_that_is_left_is_not_waited_out() {
    let scene = Scene::set().await;
    for vendor in VENDORS {
        let mut kind = status(429, "");
        if let FaultKind::Status { headers, .. } = &mut kind {
            headers.push(("Retry-After".to_owned(), "3600".to_owned()));
        }
        let fault = Fault::new(list_path(vendor), kind);
        let faulty = scene.meet_with(vendor, fault, aggregator(&scene.emulator, &with_retries())).await;
        faulty.assert_failed(vendor, ErrorKind::RateLimited, &[]);
        assert!(faulty.outcome.elapsed < seconds(1), "{vendor}: {:?}", faulty.outcome.elapsed);
        let error = faulty.outcome.error.expect("it failed");
        assert_eq!((error.retry_after(), error.remedy()), (Some(seconds(3_600)), Remedy::Wait), "{vendor}: {error}");
    }
}

#[tokio::test]
async fn when_all_vendors_are_out_three_errors_say_so() {
    let scene = Scene::set().await;
    scene.emulator.add_fault(Fault::new("/", status(503, "")));
    let aggregate = aggregator(&scene.emulator, &http()).collect(&ListOptions::new()).await;
    assert!(!aggregate.is_complete());
    assert_eq!(aggregate.profiles, []);
    let kinds: Vec<_> =
        aggregate.outcomes.iter().map(|outcome| outcome.error.as_ref().map(polyprofile::Error::kind)).collect();
    assert_eq!(kinds, [Some(ErrorKind::Unavailable); 3]);
}

#[tokio::test]
async fn a_row_that_nothing_names_is_rejected_and_the_other_999_arrive() {
    const PLACE: usize = 500;
    let scene = Scene::set().await;
    for vendor in VENDORS {
        let (name, good) = (id_member(vendor), row(vendor, PLACE));
        let with_id = |id: Value| {
            let mut row = good.clone();
            row[name] = id;
            row
        };
        let mut without_id = good.clone();
        without_id.as_object_mut().expect("a row is an object").remove(name);
        for bad in [without_id, with_id(Value::Null), with_id(json!("")), with_id(json!({})), json!(null), json!("x")] {
            let case = format!("{vendor} {bad}");
            let mut rows: Vec<Value> = (0..1_000).map(|number| row(vendor, number)).collect();
            rows[PLACE] = bad;
            let faulty = scene.meet(vendor, replace(&envelope(vendor, &rows))).await;
            let [rejected] = faulty.rejected.as_slice() else { panic!("{case}: {:?}", faulty.rejected) };
            assert_eq!((rejected.provider.as_str(), rejected.index), (vendor, PLACE as u64), "{case}");
            assert!(!rejected.problem.is_empty(), "{case}");
            assert_eq!(rejected.raw, rows[PLACE].to_string(), "{case}");
            let expected: Vec<String> = (0..1_000).filter(|number| *number != PLACE).map(row_id).collect();
            assert_eq!(keys(&faulty.profiles), expected, "{case}");
            // The list came to its end; that one of its rows is lost is for the whole to say.
            assert!(faulty.outcome.complete && faulty.outcome.error.is_none(), "{case}: {:?}", faulty.outcome);
            assert_eq!(faulty.outcome.rejected, 1, "{case}");
            assert!(!faulty.all_complete, "{case}: a rejected row is somebody whom nobody watches");
        }
    }
}

#[tokio::test]
async fn a_row_with_a_field_of_another_type_is_kept_without_that_field() {
    const PLACE: usize = 500;
    // Each one is what the verdict rests on, so that a lost field must not read as "healthy".
    let fields = [
        ("postproxy", "/status", json!({"is": "active"})),
        ("postcore", "/connectedPlatforms/0/needsReconnect", json!("no")),
        ("postpress", "/sources/0/status", json!(["OK"])),
    ];
    let scene = Scene::set().await;
    for (vendor, path, value) in fields {
        let mut rows: Vec<Value> = (0..1_000).map(|number| row(vendor, number)).collect();
        *rows[PLACE].pointer_mut(path).expect("the row has the field") = value;
        let faulty = scene.meet(vendor, replace(&envelope(vendor, &rows))).await;

        assert_eq!(keys(&faulty.profiles), (0..1_000).map(row_id).collect::<Vec<_>>(), "{vendor}");
        assert!(faulty.outcome.complete && faulty.all_complete, "{vendor}: {:?}", faulty.outcome);
        let troubled: Vec<_> = faulty.profiles.iter().filter(|profile| !profile.issues.is_empty()).collect();
        let [profile] = troubled.as_slice() else { panic!("{vendor}: {} rows have issues", troubled.len()) };
        assert_eq!(profile.id.key, row_id(PLACE), "{vendor}");
        let issues: Vec<_> = profile.issues.iter().map(|issue| (issue.path.as_str(), issue.kind)).collect();
        assert_eq!(issues, [(path, IssueKind::WrongType)], "{vendor}");

        let (connection, sound) = (&profile.connected_platforms[0], &faulty.profiles[0].connected_platforms[0]);
        assert_eq!(
            (&connection.platform, &connection.display_name),
            (&sound.platform, &sound.display_name),
            "{vendor}"
        );
        assert_eq!((&sound.status, &connection.status), (&ConnectionStatus::Active, &ConnectionStatus::Unknown));
        let health = connection.health(documents_now(), &HealthPolicy::default()).expect("it is a connection");
        assert_eq!((health.verdict, health.can_post), (Verdict::Unknown, None), "{vendor}");
    }
}

#[tokio::test]
async fn a_row_that_a_vendor_repeats_is_collected_once_and_streamed_twice() {
    let scene = Scene::set().await;
    for vendor in VENDORS {
        let mut rows: Vec<Value> = (0..5).map(|number| row(vendor, number)).collect();
        let mut renamed = row(vendor, 1);
        renamed[name_member(vendor)] = json!("Another name");
        rows.extend([row(vendor, 0), renamed]);
        let body = envelope(vendor, &rows);
        let aggregator = aggregator(&scene.emulator, &http());

        scene.emulator.clear_faults();
        scene.emulator.add_fault(Fault::new(list_path(vendor), replace(&body)));
        let aggregate = aggregator.collect(&ListOptions::new()).await;
        let own = |profile: &&Profile| profile.id.provider.as_str() == vendor;
        let collected: Vec<Profile> = aggregate.profiles.iter().filter(own).cloned().collect();
        assert_eq!(keys(&collected), (0..5).map(row_id).collect::<Vec<_>>(), "{vendor}");
        let repeated = |profile: &Profile| profile.issues.iter().filter(|one| one.kind == IssueKind::Repeated).count();
        assert_eq!(collected.iter().map(repeated).collect::<Vec<_>>(), [1, 1, 0, 0, 0], "{vendor}");
        assert_eq!(collected[1].name, collected[2].name, "{vendor}: the first one wins");
        assert!(collected[1].issues[0].message.contains("name"), "{vendor}: {:?}", collected[1].issues);

        let events: Vec<Event> = aggregator.stream(&ListOptions::new()).collect().await;
        let streamed = events.iter().filter(|event| matches!(event, Event::Profile(profile) if own(&profile)));
        assert_eq!(streamed.count(), 7, "{vendor}");
    }
}

#[tokio::test]
async fn equal_ids_at_three_vendors_are_three_profiles() {
    let scene = Scene::set().await;
    let of_first = keys(&scene.whole_of(VENDORS[0]));
    for vendor in VENDORS {
        assert_eq!(keys(&scene.whole_of(vendor)), of_first, "the scene gives each vendor the same ids");
    }
    assert_eq!(scene.whole.len(), VENDORS.len() * of_first.len());
    assert!(
        scene.whole.iter().all(|profile| profile.issues.is_empty()),
        "no row was taken for another one's repetition"
    );
}

#[tokio::test]
async fn two_keys_at_one_vendor_are_two_providers() {
    use polyprofile::postproxy::{Postproxy, PostproxyConfig};
    let emulator = Emulator::builder().data(Data::Demo).now(documents_now()).start().await.expect("a free port");
    let named = |name: &str, key: &str| {
        let mut config = PostproxyConfig::new(key);
        config.id = polyprofile::ProviderId::new(name);
        config.base_url = emulator.origin();
        config.http = http();
        AnyProvider::from(Postproxy::new(config).expect("a sound configuration"))
    };
    let both = [named("agency", key("postproxy")), named("client", POSTPROXY_SCOPED_KEY)];
    let aggregator = Aggregator::new().with_all(both).expect("two names");

    let aggregate = aggregator.collect(&ListOptions::new()).await;
    assert!(aggregate.is_complete());
    let of = |name: &str| -> Vec<&Profile> {
        aggregate.profiles.iter().filter(|profile| profile.id.provider.as_str() == name).collect()
    };
    let (agency, client) = (of("agency"), of("client"));
    assert_eq!(agency.len() + client.len(), aggregate.profiles.len());
    assert!(!client.is_empty() && client.len() < agency.len(), "the client's key sees a part");
    for profile in &client {
        let seen_by_agency = agency.iter().find(|other| other.id.key == profile.id.key).expect("the agency sees all");
        assert_eq!(seen_by_agency.connected_platforms, profile.connected_platforms);
        assert_ne!(seen_by_agency.id, profile.id);
    }

    // A fault meets both; each has its own outcome.
    emulator.add_fault(Fault::new("/api/profiles", status(503, "")).times(1));
    let aggregate = aggregator.collect(&ListOptions::new()).await;
    let vendors: Vec<&Vendor> = aggregate.outcomes.iter().map(|outcome| &outcome.vendor).collect();
    assert_eq!(vendors, [&Vendor::new("postproxy"); 2]);
    assert_eq!(aggregate.outcomes.iter().filter(|outcome| outcome.complete).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_stops_listening_causes_no_further_request() {
    let scene = Scene::set().await;
    let long_after = || tokio::time::sleep(seconds(3_600));
    let two_at_a_time = || {
        let mut options = ListOptions::new();
        options.page_size = Some(2);
        options
    };

    // While every page takes its time: dropped during the third one.
    scene.emulator.add_fault(Fault::new(list_path("postpress"), FaultKind::Delay { ms: 1_000 }));
    let aggregator = aggregator(&scene.emulator, &with_retries());
    let dropped = tokio::time::timeout(Duration::from_millis(2_500), aggregator.collect(&two_at_a_time())).await;
    assert!(dropped.is_err(), "twenty pages take twenty seconds");
    assert_eq!(requests(&scene.emulator, "postpress"), 3);
    long_after().await;
    assert_eq!(requests(&scene.emulator, "postpress"), 3);

    // Between two pages: nobody asks for the next one before the caller wants its rows.
    scene.emulator.clear_faults();
    scene.emulator.clear_requests();
    let mut rows = provider("postpress", &scene.emulator).profiles(two_at_a_time());
    for _ in 0..2 {
        rows.next().await.expect("forty rows").expect("no fault");
    }
    long_after().await;
    drop(rows);
    long_after().await;
    assert_eq!(requests(&scene.emulator, "postpress"), 1);

    // While waiting to ask again.
    for vendor in VENDORS {
        scene.emulator.clear_faults();
        scene.emulator.clear_requests();
        let mut kind = status(503, "");
        if let FaultKind::Status { headers, .. } = &mut kind {
            headers.push(("Retry-After".to_owned(), "10".to_owned()));
        }
        scene.emulator.add_fault(Fault::new(list_path(vendor), kind));
        let dropped = tokio::time::timeout(seconds(5), aggregator.collect(&ListOptions::new())).await;
        assert!(dropped.is_err(), "{vendor}: the vendor asked to wait ten seconds");
        long_after().await;
        assert_eq!(requests(&scene.emulator, vendor), 1, "{vendor}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_visit_that_the_person_is_told_of_is_made_once() {
    for (notify, expected) in [(false, 2), (true, 1)] {
        for kind in [status(503, ""), FaultKind::Close] {
            let case = format!("notify: {notify}, {kind:?}");
            let emulator = documents().await;
            emulator.add_fault(Fault::new("/api/v1/users", kind).times(1));
            let mut query = PersonQuery::new("jordan-walke");
            query.notify = notify;
            let outcome = provider_with("postpress", &emulator, &with_retries()).person(query).await;
            assert_eq!(emulator.requests().len(), expected, "{case}");
            assert_eq!(outcome.is_err(), notify, "{case}: {outcome:?}");
        }
    }
}

/// All three vendors, asked as `http` says.
fn aggregator(emulator: &Emulator, http: &HttpConfig) -> Aggregator {
    let providers = VENDORS.map(|vendor| provider_with(vendor, emulator, http));
    Aggregator::new().with_all(providers).expect("three names")
}

/// The retries that a user gets without asking.
fn with_retries() -> HttpConfig {
    let mut http = http();
    http.retry = RetryPolicy::default();
    http
}

/// How often `vendor` was asked for its list.
fn requests(emulator: &Emulator, vendor: &str) -> usize {
    emulator.requests().iter().filter(|request| request.path == list_path(vendor)).count()
}

#[track_caller]
fn assert_took(case: &str, elapsed: Duration, expected: std::ops::Range<Duration>) {
    assert!(expected.contains(&elapsed), "{case}: it took {elapsed:?} and not {expected:?}");
}

fn status(status: u16, body: &str) -> FaultKind {
    let content_type = if body.starts_with('<') { "text/html" } else { "application/json" };
    FaultKind::Status { status, headers: Vec::new(), body: body.to_owned(), content_type: content_type.to_owned() }
}

fn replace(body: &str) -> FaultKind {
    FaultKind::Replace { body: body.to_owned(), content_type: "application/json".to_owned() }
}

fn keys(profiles: &[Profile]) -> Vec<String> {
    profiles.iter().map(|profile| profile.id.key.clone()).collect()
}
