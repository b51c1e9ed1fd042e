//! Many tasks that ask three vendors at once, over an emulator that spoils every few answers.

use std::{collections::HashMap, sync::Arc, time::Duration};

use fastrand::Rng;
use futures_util::{StreamExt as _, future::join_all};
use polyprofile::{
    AnyProvider, Environment, GetOptions, ListOptions, Listed, PersonQuery, Provider as _, ProviderExt as _, Result,
    Vendor, VendorApi as _,
    http::{HttpConfig, ProxyChoice},
};
use polyprofile_emulator::{Data, Emulator, Fault, FaultKind, POSTCORE_KEY, POSTPRESS_KEY, POSTPROXY_KEY};
use tokio::task::JoinSet;

use crate::{
    growth::Sample,
    ledger::{Act, Answer, Ledger},
};

pub(crate) const VENDORS: [&str; 3] = ["postproxy", "postcore", "postpress"];

/// Rows that each vendor lists.
const ROWS: u64 = 40;
/// Inside the body of each vendor's list.
const MIDDLE: u64 = 4_000;
/// Somebody whom the emulator's Postpress knows.
const PERSON: &str = "ada-nyberg";

/// What to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) calls: u64,
    pub(crate) tasks: u64,
    /// What the choice of calls and faults is made from.
    pub(crate) seed: u64,
    /// How often to stop and measure.
    pub(crate) rounds: u64,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) ledger: Ledger,
    pub(crate) samples: Vec<Sample>,
    /// Requests that the emulator saw.
    pub(crate) requests: u64,
}

/// What every task works with.
struct Scene {
    emulator: Emulator,
    providers: HashMap<&'static str, AnyProvider>,
    /// The keys that each vendor lists when all is well.
    keys: HashMap<&'static str, Vec<String>>,
}

/// Makes the calls of `plan`, round by round: between two rounds nothing is under way, so that what is held then is held
/// for good.
pub(crate) async fn run(plan: Plan) -> Report {
    let scene = Arc::new(Scene::set(plan.seed).await);
    let mut report = Report { ledger: Ledger::default(), samples: Vec::new(), requests: 0 };
    for round in 0..plan.rounds {
        let calls = plan.calls * (round + 1) / plan.rounds - plan.calls * round / plan.rounds;
        let mut tasks = JoinSet::new();
        for task in 0..plan.tasks {
            let share = calls * (task + 1) / plan.tasks - calls * task / plan.tasks;
            let rng = Rng::with_seed(plan.seed ^ (round * plan.tasks + task).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            tasks.spawn(work(Arc::clone(&scene), share, rng));
        }
        while let Some(outcome) = tasks.join_next().await {
            match outcome {
                Ok(answers) => answers.iter().for_each(|answer| report.ledger.enter(answer)),
                Err(panic) => report.ledger.cannot_be(format!("a task ended: {panic}")),
            }
        }
        report.requests += scene.emulator.requests().len() as u64;
        // Spent faults and the log are the emulator's own growth.
        scene.emulator.clear_requests();
        scene.emulator.clear_faults();
        scene.level().await;
        report.samples.extend(Sample::take(report.ledger.calls()));
    }
    scene.check_recovery(&mut report.ledger).await;
    report
}

impl Scene {
    async fn set(seed: u64) -> Self {
        let emulator = Emulator::builder().data(Data::Synthetic { profiles: ROWS, seed });
        let emulator = emulator.start().await.expect("a free port on loopback");
        let providers: HashMap<_, _> = VENDORS.map(|vendor| (vendor, provider(vendor, &emulator))).into();
        let mut keys = HashMap::new();
        for vendor in VENDORS {
            let rows = providers[vendor].list(ListOptions::new()).await.expect("a list without faults");
            let key = |row| match row {
                Listed::Profile(profile) => profile.id.key,
                other => panic!("a row without faults was not kept: {other:?}"),
            };
            keys.insert(vendor, rows.into_iter().map(key).collect());
        }
        emulator.clear_requests();
        Self { emulator, providers, keys }
    }

    async fn list(&self, vendor: &'static str) -> Answer {
        let mut rows = self.providers[vendor].profiles(ListOptions::new());
        let (mut keys, mut rejected, mut error) = (Vec::new(), 0, None);
        while let Some(row) = rows.next().await {
            match row {
                Ok(Listed::Profile(profile)) => keys.push(profile.id.key),
                Ok(_) => rejected += 1,
                Err(problem) => error = Some(problem),
            }
        }
        let whole = &self.keys[vendor];
        // In order, none missing and none twice, up to where it broke off; or the one nameless row of a fault.
        let is_whole = keys == *whole && rejected == 0;
        let is_nameless = keys.is_empty() && rejected == 1;
        let is_right = if error.is_some() { whole.starts_with(&keys) } else { is_whole || is_nameless };
        let wrong = (!is_right).then(|| format!("{rejected} rejected, error {error:?}, keys {keys:?}"));
        Answer { vendor, act: Act::List, rows: keys.len() as u64, rejected, error, wrong }
    }

    async fn get(&self, vendor: &'static str, rng: &mut Rng) -> Answer {
        let (provider, keys) = (&self.providers[vendor], &self.keys[vendor]);
        let id = provider.profile_id(&keys[rng.usize(..keys.len())]);
        let outcome = provider.profile(&id, GetOptions::new()).await;
        let wrong =
            outcome.as_ref().ok().filter(|profile| profile.id != id).map(|profile| format!("{id}: {profile:?}"));
        single(vendor, Act::Get, outcome, wrong)
    }

    async fn person(&self, vendor: &'static str) -> Answer {
        let outcome = self.providers[vendor].person(PersonQuery::new(PERSON)).await;
        let person = |profile: &polyprofile::Profile| profile.connected_platforms.first()?.person.clone();
        let wrong = outcome.as_ref().ok().filter(|profile| person(profile).is_none());
        let wrong = wrong.map(|profile| format!("nobody in {profile:?}"));
        single(vendor, Act::Person, outcome, wrong)
    }

    /// Adds a fault of a random kind, which meets whoever comes next to `vendor`.
    fn disturb(&self, vendor: &str, rng: &mut Rng) {
        let status = |status: u16, headers: &[(&str, &str)]| FaultKind::Status {
            status,
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: String::new(),
            content_type: "application/json".to_owned(),
        };
        let replace =
            |body: &str| FaultKind::Replace { body: body.to_owned(), content_type: "application/json".to_owned() };
        let kind = match rng.u8(..16) {
            0 => FaultKind::Close,
            1 => FaultKind::CutAfter { bytes: 0, chunked: false },
            2 => FaultKind::CutAfter { bytes: MIDDLE, chunked: false },
            3 => FaultKind::CutAfter { bytes: MIDDLE, chunked: true },
            4 => FaultKind::Garbage,
            5 => FaultKind::Html,
            6 => FaultKind::Stall { after_bytes: MIDDLE },
            7 => FaultKind::Trickle { bytes_per_chunk: 2_000, pause_ms: 1 },
            8 => FaultKind::Delay { ms: rng.u64(1..10) },
            9 => FaultKind::Redirect { status: 302, location: "http://127.0.0.1:1/".to_owned() },
            10 => status(429, &[("Retry-After", "0")]),
            11 => status(503, &[]),
            12 => status(*rng.choice(&[500, 502, 504]).unwrap_or(&500), &[]),
            13 => status(*rng.choice(&[401, 404]).unwrap_or(&404), &[]),
            14 => replace("[]"),
            _ => replace(r#"{"data":[{}],"profiles":[{}],"items":[{}],"cursor":null}"#),
        };
        self.emulator.add_fault(Fault::new(root(vendor), kind).times(1));
    }

    /// Brings the pools to one and the same size, so that what differs between two samples is growth: how many connections
    /// are idle after a round depends on which of them the faults closed.
    async fn level(&self) {
        // Longer than any circuit stays open; the first call then closes it.
        tokio::time::sleep(2 * OPEN).await;
        for vendor in VENDORS {
            self.list(vendor).await;
        }
        // Slow enough that as many are under way at once as there may be.
        self.emulator.add_fault(Fault::new("/", FaultKind::Delay { ms: 30 }));
        let at_once = HttpConfig::new().limits.concurrency;
        let calls = VENDORS.into_iter().flat_map(|vendor| (0..at_once).map(move |_| self.list(vendor)));
        join_all(calls).await;
        self.emulator.clear_faults();
        self.emulator.clear_requests();
    }

    /// Whether every vendor gives everything once nothing is spoilt any more.
    async fn check_recovery(&self, ledger: &mut Ledger) {
        self.level().await;
        for vendor in VENDORS {
            let answer = self.list(vendor).await;
            if answer.error.is_some() || answer.rows != ROWS {
                ledger.cannot_be(format!("{vendor} has not recovered: {answer:?}"));
            }
        }
    }
}

/// Makes `calls` calls, one after another.
async fn work(scene: Arc<Scene>, calls: u64, mut rng: Rng) -> Vec<Answer> {
    let mut answers = Vec::new();
    for _ in 0..calls {
        let vendor = VENDORS[rng.usize(..VENDORS.len())];
        if rng.u8(..5) == 0 {
            scene.disturb(vendor, &mut rng);
        }
        answers.push(match rng.u8(..10) {
            0..5 => scene.list(vendor).await,
            5..8 => scene.get(vendor, &mut rng).await,
            _ => scene.person(vendor).await,
        });
    }
    answers
}

fn single(vendor: &'static str, act: Act, outcome: Result<polyprofile::Profile>, wrong: Option<String>) -> Answer {
    Answer { vendor, act, rows: u64::from(outcome.is_ok()), rejected: 0, error: outcome.err(), wrong }
}

/// How long a circuit stays open.
const OPEN: Duration = Duration::from_millis(100);

/// A provider whose every wait is short, so that a stalled answer costs a moment.
fn provider(vendor: &'static str, emulator: &Emulator) -> AnyProvider {
    let mut http = HttpConfig::new();
    http.proxy = ProxyChoice::Direct;
    http.timeouts.silence = Duration::from_millis(200);
    http.timeouts.headers = Duration::from_secs(5);
    http.timeouts.call = Duration::from_secs(10);
    http.timeouts.listing = Duration::from_secs(10);
    http.retry.base = Duration::from_millis(2);
    http.retry.base_throttled = Duration::from_millis(2);
    http.breaker.open = OPEN;
    let environment = Environment::of(|name| match name.rsplit_once('_')? {
        (_, "KEY") => Some(key(vendor).to_owned()),
        (_, "URL") => Some(emulator.origin()),
        (_, "ID") if vendor == "postpress" => Some(emulator.postpress_account_id()),
        _ => None,
    });
    let provider = environment.provider(&Vendor::new(vendor), &http);
    provider.expect("a sound configuration").expect("its key is set")
}

fn key(vendor: &str) -> &'static str {
    match vendor {
        "postproxy" => POSTPROXY_KEY,
        "postcore" => POSTCORE_KEY,
        _ => POSTPRESS_KEY,
    }
}

/// The path below which all of a vendor's paths are.
fn root(vendor: &str) -> &'static str {
    match vendor {
        "postproxy" => "/api/profiles",
        "postcore" => "/profiles",
        _ => "/api/v1",
    }
}
