//! Asking several providers at once.

use std::{
    collections::{BTreeMap, HashMap},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, Sleep};

use crate::{
    capabilities::{Capabilities, Operation},
    error::{Error, ErrorKind, Result},
    health::{HealthPolicy, HealthSummary},
    ids::{ProfileId, ProviderId, Vendor},
    issue::{FieldIssue, IssueKind},
    normalize::{NormalizedPlatform, NormalizedProfile},
    operations::ListOptions,
    profile::Profile,
    provider::{Listed, ProfileStream, Provider, Rejected},
    traffic::Traffic,
};

/// What happens while providers are asked, in the order in which it happens.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A provider sent a profile.
    Profile(Profile),
    /// A provider sent a row that could not be kept.
    Rejected(Rejected),
    /// A provider is done: exactly once for each, after its last row.
    Finished(ProviderOutcome),
}

/// Events as they happen. It ends by itself when every provider is done; dropping it stops all traffic.
pub type EventStream = Pin<Box<dyn Stream<Item = Event> + Send + 'static>>;

/// Asks several providers at once, so that the whole takes as long as the slowest of them.
///
/// One provider that fails, hangs or talks rubbish costs the others nothing: its outcome says what
/// went wrong, and the rows that came before are kept.
///
/// ```no_run
/// # async fn example(first: impl polyprofile_core::Provider + 'static, second: impl polyprofile_core::Provider + 'static)
/// # -> polyprofile_core::Result<()> {
/// use std::time::Duration;
///
/// use polyprofile_core::{Aggregator, ListOptions};
///
/// let aggregate = Aggregator::new()
///     .with(first)?
///     .with(second)?
///     .deadline(Duration::from_secs(20))
///     .collect(&ListOptions::new())
///     .await;
/// for outcome in &aggregate.outcomes {
///     if let Some(error) = &outcome.error {
///         eprintln!("{error}; {}", error.remedy());
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Aggregator {
    providers: Vec<Arc<dyn Provider>>,
    deadline: Option<Duration>,
}

impl Aggregator {
    /// Asks nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks `provider` too.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if there is one of that name: their rows could not be told apart.
    pub fn with(mut self, provider: impl Provider + 'static) -> Result<Self> {
        if self.providers.iter().any(|known| known.id() == provider.id()) {
            let message = format!("two providers are named `{}`: give each a name of its own", provider.id());
            return Err(Error::new(ErrorKind::Config, message).with_provider(provider.id().clone()));
        }
        self.providers.push(Arc::new(provider));
        Ok(self)
    }

    /// Asks all of `providers` too.
    ///
    /// # Errors
    ///
    /// As [`Self::with`].
    pub fn with_all<P: Provider + 'static>(self, providers: impl IntoIterator<Item = P>) -> Result<Self> {
        providers.into_iter().try_fold(self, Self::with)
    }

    /// Ends each provider's work after `deadline`, with [`ErrorKind::Timeout`] and the rows that came.
    ///
    /// Time that the caller takes between two events does not count: a list that waits in a pager is not
    /// cut. Without a deadline, each provider's own limits hold.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The providers, in the order in which they were added.
    pub fn providers(&self) -> &[Arc<dyn Provider>] {
        &self.providers
    }

    /// What each provider says that it can do.
    pub fn capabilities(&self) -> BTreeMap<ProviderId, Capabilities> {
        let told = |provider: &Arc<dyn Provider>| (provider.id().clone(), provider.capabilities().clone());
        self.providers.iter().map(told).collect()
    }

    /// Lists everything as it arrives: rows of all providers mixed, each provider's in its own order.
    ///
    /// Rows that a provider repeats are passed on as they come.
    pub fn stream(&self, options: &ListOptions) -> EventStream {
        Box::pin(Joint::new(&self.providers, options, self.deadline))
    }

    /// Lists everything and sorts it out.
    ///
    /// A row that a provider repeats is merged: the first one wins, and what differs is an issue of it.
    ///
    /// Every row is kept in memory, rejected ones too: where nobody knows how long a list may be, take
    /// [`Self::stream`], and [`PackedProfiles`](crate::PackedProfiles) for the rows that have to stay.
    pub async fn collect(&self, options: &ListOptions) -> Aggregate {
        let mut aggregate = Aggregate::new();
        let mut known = HashMap::new();
        let mut events = self.stream(options);
        while let Some(event) = events.next().await {
            match event {
                Event::Profile(profile) => aggregate.add(profile, &mut known),
                Event::Rejected(rejected) => aggregate.rejected.push(rejected),
                Event::Finished(outcome) => aggregate.outcomes.push(outcome),
            }
        }
        // The same call gives the same order, whoever was faster today. Each provider's own order stays.
        let place: HashMap<_, _> =
            self.providers.iter().enumerate().map(|(place, provider)| (provider.id().clone(), place)).collect();
        aggregate.profiles.sort_by_key(|profile| place.get(&profile.id.provider));
        aggregate.rejected.sort_by_key(|rejected| place.get(&rejected.provider));
        aggregate.outcomes.sort_by_key(|outcome| place.get(&outcome.provider));
        aggregate
    }
}

/// Everything that all providers listed, and how each of them fared.
#[derive(Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Aggregate {
    /// The profiles: providers in the order in which they were added, each provider's in its own order.
    pub profiles: Vec<Profile>,
    /// Rows that could not be kept, in the same order.
    pub rejected: Vec<Rejected>,
    /// One outcome per provider, in the order in which they were added.
    pub outcomes: Vec<ProviderOutcome>,
}

impl Aggregate {
    /// Nothing listed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether every provider answered in full and every row was kept.
    ///
    /// Without this, "no broken connections" may only mean "could not look".
    pub fn is_complete(&self) -> bool {
        self.rejected.is_empty() && self.outcomes.iter().all(|outcome| outcome.complete)
    }

    /// How many connections have which verdict at `now`.
    pub fn summary(&self, now: chrono::DateTime<chrono::Utc>, policy: &HealthPolicy) -> HealthSummary {
        let connections = self.profiles.iter().flat_map(NormalizedProfile::connected_platforms);
        connections.filter_map(|connection| connection.health(now, policy)).map(|health| health.verdict).collect()
    }

    fn add(&mut self, profile: Profile, known: &mut HashMap<ProfileId, usize>) {
        if let Some(&first) = known.get(&profile.id) {
            note_repetition(&mut self.profiles[first], &profile);
        } else {
            known.insert(profile.id.clone(), self.profiles.len());
            self.profiles.push(profile);
        }
    }
}

/// How one provider fared.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProviderOutcome {
    /// The provider.
    pub provider: ProviderId,
    /// The company behind it.
    pub vendor: Vendor,
    /// Profiles that came, repeated ones included.
    pub profiles: u64,
    /// Rows that could not be kept.
    pub rejected: u64,
    /// Whether the list came to its end. If not, there are profiles that nobody has seen.
    pub complete: bool,
    /// Time until the first row, if one came.
    #[serde(rename = "first_row_ms", with = "milliseconds::optional")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub first_row: Option<Duration>,
    /// Time until the provider was done.
    #[serde(rename = "elapsed_ms", with = "milliseconds")]
    #[cfg_attr(feature = "schema", schemars(with = "f64"))]
    pub elapsed: Duration,
    /// Bytes of the answers that were read, after decompression and with what had to be asked for again;
    /// `None` if the provider does not count them, or none came.
    pub bytes: Option<u64>,
    /// Why the list did not come to its end.
    pub error: Option<Error>,
}

/// All listings as one stream, which gives way now and then: a provider whose rows never wait would
/// otherwise keep the runtime from serving the others.
struct Joint {
    /// Those that are not done.
    listings: Vec<Listing>,
    /// The place of the one that is asked first.
    first: usize,
    in_a_row: u32,
    away: Away,
    left_at: Option<Instant>,
}

impl Joint {
    /// Events after which the runtime gets a turn.
    const TURN: u32 = 128;
    /// Events of one listing after which another one is asked first: so many that it costs next to nothing to ask
    /// those again that wait for their vendor, and so few that nobody is asked late.
    const SHARE: u32 = 16;

    fn new(providers: &[Arc<dyn Provider>], options: &ListOptions, time_allowed: Option<Duration>) -> Self {
        let away = Away::default();
        let listings = providers.iter().map(|provider| Listing::new(provider, options, time_allowed, away.clone()));
        Self { listings: listings.collect(), first: 0, in_a_row: 0, away, left_at: None }
    }

    /// Asks one listing after the other until one has something.
    fn poll_listings(&mut self, now: Instant, context: &mut Context<'_>) -> Poll<Option<Event>> {
        for _ in 0..self.listings.len() {
            self.first %= self.listings.len();
            match self.listings[self.first].poll(now, context) {
                Poll::Pending => self.first += 1,
                Poll::Ready(event) => {
                    if matches!(event, Event::Finished(_)) {
                        // Its connection is closed at once, while other providers go on.
                        self.listings.remove(self.first);
                    }
                    return Poll::Ready(Some(event));
                }
            }
        }
        if self.listings.is_empty() { Poll::Ready(None) } else { Poll::Pending }
    }
}

impl Stream for Joint {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        let now = Instant::now();
        if let Some(left_at) = self.left_at.take() {
            self.away.add(now - left_at);
        }
        if self.in_a_row == Self::TURN {
            self.in_a_row = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let event = self.poll_listings(now, context);
        self.in_a_row = if event.is_ready() { self.in_a_row + 1 } else { 0 };
        if self.in_a_row.is_multiple_of(Self::SHARE) {
            self.first += 1;
        }
        self.left_at = event.is_ready().then(Instant::now);
        event
    }
}

/// How long the caller was busy with events instead of waiting for more, in all.
#[derive(Clone, Default)]
struct Away(Arc<AtomicU64>);

impl Away {
    fn add(&self, time: Duration) {
        // One task polls all listings, so nothing is ordered by this.
        self.0.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn total(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }
}

/// One provider's listing inside the joint stream.
struct Listing {
    rows: ProfileStream,
    watch: Option<Watch>,
    time_allowed: Option<Duration>,
    away: Away,
    traffic: Traffic,
    outcome: ProviderOutcome,
}

/// The time of one listing, from its first poll on: a stream that nobody polls has asked nobody.
struct Watch {
    started: Instant,
    /// What the caller had been away for when it started.
    away_before: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Listing {
    fn new(provider: &Arc<dyn Provider>, options: &ListOptions, time_allowed: Option<Duration>, away: Away) -> Self {
        let outcome = ProviderOutcome {
            provider: provider.id().clone(),
            vendor: provider.vendor(),
            profiles: 0,
            rejected: 0,
            complete: false,
            first_row: None,
            elapsed: Duration::ZERO,
            bytes: None,
            error: None,
        };
        let traffic = Traffic::new();
        let rows = provider.profiles(ListOptions { traffic: Some(traffic.clone()), ..options.clone() });
        Self { rows, watch: None, time_allowed, away, traffic, outcome }
    }

    /// Its next event; the last one is [`Event::Finished`].
    fn poll(&mut self, now: Instant, context: &mut Context<'_>) -> Poll<Event> {
        let (elapsed, is_over) = self.time(now, context);
        if is_over {
            let error = self.out_of_time();
            return Poll::Ready(self.finish(Some(error), elapsed));
        }
        self.rows.as_mut().poll_next(context).map(|row| match row {
            Some(Ok(row)) => self.count(row, elapsed),
            Some(Err(error)) => self.finish(Some(error), elapsed),
            None => self.finish(None, elapsed),
        })
    }

    /// Time since the first poll without what the caller took for itself, and whether it is more than allowed.
    fn time(&mut self, now: Instant, context: &mut Context<'_>) -> (Duration, bool) {
        let away = self.away.total();
        let watch = self.watch.get_or_insert_with(|| Watch {
            started: now,
            away_before: away,
            deadline: self.time_allowed.map(|allowed| Box::pin(tokio::time::sleep(allowed))),
        });
        let away = away.saturating_sub(watch.away_before);
        let elapsed = (now - watch.started).saturating_sub(away);
        let (Some(allowed), Some(deadline)) = (self.time_allowed, &mut watch.deadline) else { return (elapsed, false) };
        if let Some(until) = watch.started.checked_add(allowed.saturating_add(away))
            && deadline.deadline() < until
        {
            deadline.as_mut().reset(until);
        }
        // A timer fires only when the runtime gets a turn, and rows that never wait give it none.
        let is_over = deadline.as_mut().poll(context).is_ready() || elapsed >= allowed;
        (elapsed, is_over)
    }

    fn count(&mut self, mut row: Listed, elapsed: Duration) -> Event {
        self.outcome.first_row.get_or_insert(elapsed);
        match &mut row {
            Listed::Profile(profile) => {
                self.outcome.profiles += 1;
                claim(profile, &self.outcome.provider);
            }
            Listed::Rejected(_) => self.outcome.rejected += 1,
        }
        match row {
            Listed::Profile(profile) => Event::Profile(profile),
            Listed::Rejected(rejected) => Event::Rejected(rejected),
        }
    }

    fn finish(&mut self, error: Option<Error>, elapsed: Duration) -> Event {
        let unfinished = ProviderOutcome {
            provider: self.outcome.provider.clone(),
            vendor: self.outcome.vendor.clone(),
            bytes: self.traffic.received(),
            error: error.map(|error| error.or_from(&self.outcome.provider, Operation::ListProfiles)),
            ..self.outcome
        };
        Event::Finished(ProviderOutcome { complete: unfinished.error.is_none(), elapsed, ..unfinished })
    }

    fn out_of_time(&self) -> Error {
        let allowed = self.time_allowed.unwrap_or_default();
        Error::new(ErrorKind::Timeout, format!("not done after {allowed:?}, the time allowed for it"))
    }
}

/// Puts a row under the provider that sent it, whatever it says: rows are told apart by this.
fn claim(profile: &mut Profile, provider: &ProviderId) {
    if profile.id.provider == *provider {
        return;
    }
    let named = std::mem::replace(&mut profile.id.provider, provider.clone());
    let issue =
        FieldIssue::new("/id", IssueKind::Contradiction, "the row names another provider than the one that sent it");
    profile.issues.push(issue.with_found(named.as_str()));
}

/// Keeps the first of two rows with one id, and says in which parts the second one differed.
fn note_repetition(first: &mut Profile, second: &Profile) {
    let differs = [
        ("name", first.name != second.name),
        ("group", first.group != second.group),
        ("created_at", first.created_at != second.created_at),
        ("connected_platforms", first.connected_platforms != second.connected_platforms),
        ("stats", first.stats != second.stats),
        ("vendor", first.vendor != second.vendor),
    ];
    let parts: Vec<_> = differs.into_iter().filter_map(|(part, differs)| differs.then_some(part)).collect();
    let message = if parts.is_empty() {
        "the row came more than once".to_owned()
    } else {
        format!("the row came more than once; kept the first, another one differs in {}", parts.join(", "))
    };
    let issue = FieldIssue::new("", IssueKind::Repeated, message);
    // However often a row comes: one issue for each way in which it differed.
    if !first.issues.contains(&issue) {
        first.issues.push(issue);
    }
}

/// Durations as fractional milliseconds.
mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(duration.as_secs_f64() * 1_000.0)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        f64::deserialize(deserializer).map(from_milliseconds)
    }

    fn from_milliseconds(milliseconds: f64) -> Duration {
        Duration::try_from_secs_f64(milliseconds / 1_000.0).unwrap_or_default()
    }

    pub(super) mod optional {
        use std::time::Duration;

        use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

        #[expect(clippy::ref_option, reason = "the signature that serde calls")]
        pub(in super::super) fn serialize<S: Serializer>(
            duration: &Option<Duration>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            duration.map(|duration| duration.as_secs_f64() * 1_000.0).serialize(serializer)
        }

        pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<Duration>, D::Error> {
            Ok(Option::<f64>::deserialize(deserializer)?.map(super::from_milliseconds))
        }
    }
}
