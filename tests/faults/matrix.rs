//! Faults times providers times operations.

use std::{any::Any, pin::Pin, time::Duration};

use polyprofile::{
    Aggregate, Aggregator, AnyProvider, Error, ErrorKind, GetOptions, ListOptions, Operation, Profile, ProfileId,
    Provider as _, ProviderId,
    http::{HttpConfig, RetryPolicy},
};

use crate::{
    MEMORY, ONE_AT_A_TIME, faults,
    server::{Reply, SLACK, Server, timed},
    support::{self, VENDORS, key, provider_at},
    vendors::{document, envelope, row, row_id},
};

/// What a hostile answer may take at most, beyond what is in use anyway.
const MOST_MEMORY: usize = 64 << 20;

/// Rows that each vendor lists here.
const ROWS: usize = 20;

/// Two waits between three attempts, each shorter than its base.
pub(crate) const QUICK: Duration = Duration::from_millis(200 + 400);
/// The same where the vendor refused for too many requests.
pub(crate) const THROTTLED: Duration = Duration::from_secs(1 + 2);

/// The setting up of a [`Place`].
type Setting = Pin<Box<dyn Future<Output = Place>>>;

/// One way to fail.
pub(crate) struct Fault {
    name: String,
    /// The one vendor that can fail so; all of them if `None`.
    vendor: Option<&'static str>,
    /// Sets up whoever answers, given the answer that would have been right.
    place: Box<dyn Fn(String) -> Setting>,
    change: fn(&mut HttpConfig),
    list: Option<Expected>,
    get: Option<Expected>,
}

/// Who answers.
pub(crate) struct Place {
    pub(crate) url: String,
    /// What the client needs to know to get there.
    pub(crate) change: Box<dyn FnOnce(&mut HttpConfig)>,
    /// How many requests came, or how many connections where none gets so far; `None` where nobody can count.
    pub(crate) seen: Box<dyn Fn() -> Option<usize>>,
    /// What has to live as long.
    pub(crate) alive: Box<dyn Any>,
}

/// What has to come of a fault.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// `None`: everything arrives.
    kind: Option<ErrorKind>,
    requests: u32,
    within: Duration,
    code: Option<String>,
    hint: Hint,
    /// Words that the message holds.
    words: &'static str,
}

/// What an error has to tell of the time to wait.
#[derive(Clone, Copy, Debug)]
enum Hint {
    Anything,
    Nothing,
    Of(Duration),
}

/// An error of this kind after one request, at once.
pub(crate) const fn once(kind: ErrorKind) -> Expected {
    Expected { kind: Some(kind), requests: 1, within: Duration::ZERO, code: None, hint: Hint::Anything, words: "" }
}

/// An error of this kind after three requests in quick succession.
pub(crate) const fn thrice(kind: ErrorKind) -> Expected {
    once(kind).after(3, QUICK)
}

/// All is well, after one request and at once.
pub(crate) const fn whole() -> Expected {
    Expected { kind: None, requests: 1, within: Duration::ZERO, code: None, hint: Hint::Anything, words: "" }
}

impl Expected {
    pub(crate) const fn after(self, requests: u32, within: Duration) -> Self {
        // Field by field: what has a destructor cannot be moved out of in a constant.
        let mut expected = self;
        expected.requests = requests;
        expected.within = within;
        expected
    }

    pub(crate) fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    pub(crate) const fn hint(self, hint: Option<Duration>) -> Self {
        let mut expected = self;
        expected.hint = match hint {
            Some(wait) => Hint::Of(wait),
            None => Hint::Nothing,
        };
        expected
    }

    pub(crate) const fn saying(self, words: &'static str) -> Self {
        let mut expected = self;
        expected.words = words;
        expected
    }
}

impl Fault {
    /// Every request is answered by what `reply` makes of the right answer.
    pub(crate) fn new(name: impl Into<String>, reply: impl Fn(&str) -> Reply + 'static) -> Self {
        Self::in_turn(name, move |body| vec![reply(body)])
    }

    /// The first request is answered by the first reply, and so on; the last one answers all that follow.
    pub(crate) fn in_turn(name: impl Into<String>, replies: impl Fn(&str) -> Vec<Reply> + 'static) -> Self {
        Self::at(name, move |body| {
            let replies = replies(&body);
            async move {
                let server = std::rc::Rc::new(Server::start(replies).await);
                let seen = std::rc::Rc::clone(&server);
                Place::new(server.url(), move || Some(seen.request_count()), server)
            }
        })
    }

    /// Whoever connects is told this at once.
    pub(crate) fn blunt(name: impl Into<String>, reply: Reply) -> Self {
        Self::at(name, move |_| {
            let reply = reply.clone();
            async move {
                let server = std::rc::Rc::new(Server::blunt(reply).await);
                let seen = std::rc::Rc::clone(&server);
                Place::new(server.url(), move || Some(seen.connections()), server)
            }
        })
    }

    pub(crate) fn at<F: Future<Output = Place> + 'static>(
        name: impl Into<String>,
        place: impl Fn(String) -> F + 'static,
    ) -> Self {
        let place = Box::new(move |body| -> Setting { Box::pin(place(body)) });
        Self { name: name.into(), vendor: None, place, change: |_| {}, list: None, get: None }
    }

    /// What both operations make of it.
    pub(crate) fn is(self, expected: Expected) -> Self {
        self.lists(expected.clone()).gets(expected)
    }

    pub(crate) fn lists(mut self, expected: Expected) -> Self {
        self.list = Some(expected);
        self
    }

    pub(crate) fn gets(mut self, expected: Expected) -> Self {
        self.get = Some(expected);
        self
    }

    pub(crate) fn only(mut self, vendor: &'static str) -> Self {
        self.vendor = Some(vendor);
        self
    }

    pub(crate) fn with(mut self, change: fn(&mut HttpConfig)) -> Self {
        self.change = change;
        self
    }

    fn vendors(&self) -> impl Iterator<Item = &'static str> {
        VENDORS.into_iter().filter(|vendor| self.vendor.is_none_or(|only| only == *vendor))
    }

    fn operations(&self) -> usize {
        usize::from(self.list.is_some()) + usize::from(self.get.is_some())
    }
}

impl Place {
    pub(crate) fn new(url: String, seen: impl Fn() -> Option<usize> + 'static, alive: impl Any) -> Self {
        Self { url, change: Box::new(|_| {}), seen: Box::new(seen), alive: Box::new(alive) }
    }

    pub(crate) fn known_by(mut self, change: impl FnOnce(&mut HttpConfig) + 'static) -> Self {
        self.change = Box::new(change);
        self
    }
}

/// The retries and deadlines that a user gets without asking, and the documents' moment.
pub(crate) fn defaults() -> HttpConfig {
    let mut http = support::http();
    http.retry = RetryPolicy::default();
    http
}

/// A provider of `vendor` at `url`.
pub(crate) fn provider(vendor: &str, url: &str, http: &HttpConfig) -> AnyProvider {
    provider_at(vendor, url, "acc_1", http)
}

/// The list that `vendor` would answer.
pub(crate) fn list_of(vendor: &str, rows: usize) -> String {
    envelope(vendor, &(0..rows).map(|number| row(vendor, number)).collect::<Vec<_>>())
}

/// The document that `vendor` would answer.
pub(crate) fn document_of(vendor: &str) -> String {
    document(vendor, &row(vendor, 0)).to_string()
}

/// Asks for the first row of `provider` by itself.
pub(crate) async fn get(provider: &AnyProvider) -> polyprofile::Result<Profile> {
    let id = ProfileId::new(provider.id().clone(), row_id(0));
    provider.profile(&id, GetOptions::new()).await
}

/// Three sound vendors, and what comes of them without any fault.
struct Sound {
    servers: Vec<Server>,
    /// Each vendor's rows, in JSON.
    lists: Vec<Vec<String>>,
    /// Each vendor's single profile, in JSON.
    documents: Vec<String>,
}

impl Sound {
    async fn set() -> Self {
        let (mut servers, mut lists, mut documents) = (Vec::new(), Vec::new(), Vec::new());
        for vendor in VENDORS {
            let server = Server::start([Reply::ok(document_of(vendor))]).await;
            let profile = get(&provider(vendor, &server.url(), &defaults())).await.expect("a sound answer");
            assert_eq!(profile.issues, [], "{vendor}");
            documents.push(json(&profile));
            servers.push(Server::beside([Reply::ok(list_of(vendor, ROWS))]).await);
        }
        let urls: Vec<String> = servers.iter().map(Server::url).collect();
        let aggregator = aggregator(|vendor| provider(vendor, &urls[place_of(vendor)], &defaults()));
        let aggregate = aggregator.collect(&ListOptions::new()).await;
        assert!(aggregate.is_complete(), "{:?}", aggregate.outcomes);
        for vendor in VENDORS {
            lists.push(rows_of(&aggregate, vendor));
            assert_eq!(lists[lists.len() - 1].len(), ROWS, "{vendor}");
        }
        Self { servers, lists, documents }
    }
}

/// Meets `faults` with every provider, listing and getting, and tells all that was not as expected.
#[expect(clippy::print_stdout, reason = "figures for whoever asks for them")]
async fn check(theme: &str, faults: Vec<Fault>) {
    let _alone = ONE_AT_A_TIME.lock().await;
    let sound = Sound::set().await;
    let (mut surprises, mut cells, mut most) = (Vec::new(), 0, 0);
    for fault in &faults {
        for vendor in fault.vendors() {
            let operations = [(Operation::ListProfiles, &fault.list), (Operation::GetProfile, &fault.get)];
            for (operation, expected) in operations {
                let Some(expected) = expected else { continue };
                let case = format!("{theme}: {}: {vendor}: {operation}", fault.name);
                let met = match operation {
                    Operation::ListProfiles => check_list(&case, fault, vendor, expected, &sound).await,
                    _ => check_get(&case, fault, vendor, expected, &sound).await,
                };
                match met {
                    Ok(memory) if memory <= MOST_MEMORY => most = memory.max(most),
                    Ok(memory) => surprises.push(format!("{case}: {memory} bytes were in use")),
                    Err(surprise) => surprises.push(surprise),
                }
                cells += 1;
            }
        }
    }
    println!("{theme}: {cells} cells, at most {} KiB in use", most >> 10);
    assert!(surprises.is_empty(), "{} surprises: {surprises:#?}", surprises.len());
}

/// What was in use at most since `before` was.
fn memory_since(before: usize) -> usize {
    MEMORY.peak_usage().saturating_sub(before)
}

/// What is in use now, from which on the most is counted.
fn memory_now() -> usize {
    MEMORY.reset_peak_usage();
    MEMORY.current_usage()
}

/// Gives the memory that the cell took.
async fn check_list(
    case: &str,
    fault: &Fault,
    vendor: &'static str,
    expected: &Expected,
    sound: &Sound,
) -> Result<usize, String> {
    let mut http = defaults();
    (fault.change)(&mut http);
    let Place { url, change, seen, alive } = (fault.place)(list_of(vendor, ROWS)).await;
    change(&mut http);
    let asked_before: Vec<usize> = sound.servers.iter().map(Server::request_count).collect();
    let aggregator = aggregator(|name| {
        if name == vendor {
            return provider(name, &url, &http);
        }
        provider(name, &sound.servers[place_of(name)].url(), &defaults())
    });
    let before = memory_now();
    let aggregate = aggregator.collect(&ListOptions::new()).await;
    let memory = memory_since(before);

    for (place, other) in VENDORS.into_iter().enumerate().filter(|(_, other)| *other != vendor) {
        let outcome = &aggregate.outcomes[place];
        assert!(outcome.complete && outcome.error.is_none() && outcome.rejected == 0, "{case}: {outcome:?}");
        assert!(
            rows_of(&aggregate, other) == sound.lists[place],
            "{case}: {other} gives what it gives without a fault"
        );
        assert_eq!(sound.servers[place].request_count() - asked_before[place], 1, "{case}: {other}");
        assert!(outcome.elapsed <= SLACK, "{case}: {other} took {:?}", outcome.elapsed);
    }

    let outcome = &aggregate.outcomes[place_of(vendor)];
    assert_eq!(outcome.provider.as_str(), vendor, "{case}: exactly one outcome each");
    let (rows, all) = (rows_of(&aggregate, vendor), &sound.lists[place_of(vendor)]);
    assert!(all.starts_with(&rows), "{case}: {} rows came that are not the first ones of the list", rows.len());
    assert!(aggregate.rejected.is_empty(), "{case}: {:?}", aggregate.rejected);
    assert_eq!(outcome.complete, outcome.error.is_none(), "{case}");
    assert_eq!(aggregate.is_complete(), outcome.complete, "{case}");
    if expected.kind.is_none() && rows.len() < all.len() {
        return Err(format!("{case}: {} rows came: {outcome:?}", rows.len()));
    }
    let verdict = compare(case, outcome.error.as_ref(), Operation::ListProfiles, expected, outcome.elapsed, seen());
    drop(alive);
    verdict.map(|()| memory)
}

async fn check_get(
    case: &str,
    fault: &Fault,
    vendor: &'static str,
    expected: &Expected,
    sound: &Sound,
) -> Result<usize, String> {
    let mut http = defaults();
    (fault.change)(&mut http);
    let Place { url, change, seen, alive } = (fault.place)(document_of(vendor)).await;
    change(&mut http);
    let before = memory_now();
    let (outcome, elapsed) = timed(get(&provider(vendor, &url, &http))).await;
    let memory = memory_since(before);
    if let Ok(profile) = &outcome {
        assert_eq!(json(profile), sound.documents[place_of(vendor)], "{case}");
    }
    let verdict = compare(case, outcome.as_ref().err(), Operation::GetProfile, expected, elapsed, seen());
    drop(alive);
    verdict.map(|()| memory)
}

/// An error of what was not as expected.
fn compare(
    case: &str,
    error: Option<&Error>,
    operation: Operation,
    expected: &Expected,
    elapsed: Duration,
    seen: Option<usize>,
) -> Result<(), String> {
    let Expected { kind, requests, within, code, hint, words } = expected;
    let kind_met = error.map(Error::kind);
    let requests_met = seen.is_none_or(|seen| seen == *requests as usize);
    if kind_met != *kind || !requests_met || elapsed > *within + SLACK {
        return Err(format!("{case}: {kind_met:?} after {seen:?} requests in {elapsed:?}: {error:?}"));
    }
    let Some(error) = error else { return Ok(()) };
    let vendor = error.provider().map(ProviderId::as_str);
    let told = (error.operation(), error.attempts(), error.code());
    let hint_met = match hint {
        Hint::Anything => true,
        Hint::Nothing => error.retry_after().is_none(),
        Hint::Of(wait) => error.retry_after() == Some(*wait),
    };
    let code_met = code.is_none() || code.as_deref() == error.code();
    if told.0 != Some(operation) || told.1 != *requests || !code_met || !hint_met || !error.message().contains(words) {
        return Err(format!("{case}: {told:?}, {:?}: {error:?}", error.retry_after()));
    }
    let said = format!("{error} {error:?} {}", json(error));
    assert!(vendor.is_some_and(|vendor| case.contains(vendor) && !said.contains(key(vendor))), "{case}: {said}");
    Ok(())
}

pub(crate) fn aggregator(provider: impl Fn(&'static str) -> AnyProvider) -> Aggregator {
    Aggregator::new().with_all(VENDORS.map(provider)).expect("three names")
}

/// The rows of one vendor, in JSON.
pub(crate) fn rows_of(aggregate: &Aggregate, vendor: &str) -> Vec<String> {
    aggregate.profiles.iter().filter(|profile| profile.id.provider.as_str() == vendor).map(json).collect()
}

pub(crate) fn place_of(vendor: &str) -> usize {
    VENDORS.iter().position(|known| *known == vendor).expect("one of the three")
}

pub(crate) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("it serializes")
}

/// One test for each table, and all tables for whoever counts them.
macro_rules! themes {
    ($($name:ident),+ $(,)?) => {
        $(
            #[tokio::test(start_paused = true)]
            async fn $name() {
                check(stringify!($name), faults::$name()).await;
            }
        )+

        fn all() -> Vec<Fault> {
            [$(faults::$name()),+].into_iter().flatten().collect()
        }
    };
}

themes!(
    no_connection,
    no_trust,
    no_http,
    bad_framing,
    breaking_off,
    silence,
    other_successes,
    redirects,
    refusals,
    explained_refusals,
    throttling,
    not_the_document,
    damaged_json,
    damaged_compression,
    too_much,
    pages,
    odd_but_sound,
);

#[test]
#[expect(clippy::print_stdout, reason = "the count is what this test tells")]
fn the_matrix_is_as_large_as_it_is_said_to_be() {
    // What any vendor can show; on top of it comes what only one of them says.
    const COMMON: usize = 450;
    const CELLS: usize = 3_100;
    let all = all();
    let common = all.iter().filter(|fault| fault.vendor.is_none()).count();
    let cells: usize = all.iter().map(|fault| fault.vendors().count() * fault.operations()).sum();
    println!("{} faults, {common} of them x {} providers x 2 operations: {cells} cells", all.len(), VENDORS.len());
    let mut names: Vec<_> = all.iter().map(|fault| (&fault.name, fault.vendor)).collect();
    names.sort_unstable();
    let repeated: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    assert!(repeated.is_empty(), "each fault has a name of its own: {repeated:?}");
    assert!(common >= COMMON, "{common}");
    assert!(cells >= CELLS, "{cells}");
}
