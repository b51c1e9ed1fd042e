//! `providers`: which providers are on, and from where.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, future::join_all};
use polyprofile::{
    AnyProvider, Capabilities, Error, GroupId, ListOptions, ListReport, Operation, Provider as _, ProviderId,
    ProviderSource, Vendor,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Outcome};
use crate::{
    args::ProvidersArgs,
    exit::ExitStatus,
    grid::{Cell, Grid, Tone},
    output::{Document, Page},
    session::Session,
};

pub(super) async fn run(args: &ProvidersArgs, context: Context<'_>) -> Outcome {
    let Context { session, printer, talk } = context;
    if args.check {
        session.all()?;
    }
    let progress = args.check.then(|| talk.progress("calling each provider once"));
    let providers = join_all(session.sources().map(|source| status(session, source, args.check))).await;
    drop(progress);

    let exit = exit_status(&providers);
    let document = ProvidersDocument { schema_version: ListReport::SCHEMA_VERSION, providers };
    printer.print(&document)?;
    if !printer.format().is_json() {
        for error in document.providers.iter().filter_map(|one| one.check.as_ref()?.error.as_ref()) {
            talk.error("failed", error);
        }
    }
    Ok(exit)
}

/// Every provider, those without a key too.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ProvidersDocument {
    /// The version of this form: 1.
    schema_version: u32,
    /// The providers, in the order in which they are asked.
    providers: Vec<ProviderStatus>,
}

/// One access to a vendor.
#[derive(Serialize, JsonSchema)]
struct ProviderStatus {
    /// The provider's name.
    provider: ProviderId,
    /// The company behind it.
    vendor: Vendor,
    /// Whether it is asked.
    on: bool,
    /// Where its key is looked for: a variable or a file.
    key_from: String,
    /// Whether its key is set. Keys themselves are never shown.
    key_set: bool,
    /// Where the vendor answers.
    base_url: String,
    /// The group that it keeps to.
    group: Option<GroupId>,
    /// The linked account that people are looked up through.
    account: Option<String>,
    /// What it can do; null for a provider that is off.
    capabilities: Option<Capabilities>,
    /// How a call went; null unless one was asked for with `--check`.
    check: Option<Check>,
}

/// How one call went.
#[derive(Serialize, JsonSchema)]
struct Check {
    /// Whether an answer came that could be read.
    ok: bool,
    /// Milliseconds until it came.
    elapsed_ms: f64,
    /// Why none came.
    error: Option<Error>,
}

async fn status(session: &Session, source: &ProviderSource, is_checked: bool) -> ProviderStatus {
    let ProviderSource { name, vendor, key, key_is_set, base_url, group, account, .. } = source.clone();
    let provider = session.find(name.as_str());
    let check = match provider {
        Some(provider) if is_checked => Some(check(session, provider).await),
        _ => None,
    };
    ProviderStatus {
        provider: name,
        vendor,
        on: provider.is_some(),
        key_from: session.key_from(&key),
        key_set: key_is_set,
        base_url,
        group,
        account,
        capabilities: provider.map(|provider| provider.capabilities().clone()),
        check,
    }
}

/// Asks for a list and reads its first row: dropping the rest stops it.
async fn check(session: &Session, provider: &AnyProvider) -> Check {
    let started = Instant::now();
    let mut options = ListOptions::new();
    options.page_size = Some(1);
    let first = async { provider.profiles(options).next().await.transpose() };
    let error = session.bounded(provider, Operation::ListProfiles, first).await.err();
    Check { ok: error.is_none(), elapsed_ms: milliseconds(started.elapsed()), error }
}

fn milliseconds(elapsed: Duration) -> f64 {
    elapsed.as_secs_f64() * 1_000.0
}

fn exit_status(statuses: &[ProviderStatus]) -> ExitStatus {
    let mut checks = statuses.iter().filter_map(|status| status.check.as_ref()).peekable();
    if checks.peek().is_none() {
        return ExitStatus::Well;
    }
    match checks.fold((true, false), |(all, any), check| (all && check.ok, any || check.ok)) {
        (true, _) => ExitStatus::Well,
        (false, true) => ExitStatus::Incomplete,
        (false, false) => ExitStatus::Failed,
    }
}

impl ProvidersDocument {
    fn grid(&self) -> Grid {
        let is_checked = self.providers.iter().any(|one| one.check.is_some());
        let columns = ["provider", "vendor", "state", "key", "from", "asks", "platforms to connect"];
        let mut grid = Grid::new(columns.into_iter().chain(is_checked.then_some("check")));
        grid.spare = &["platforms to connect", "asks", "vendor", "from"];
        for one in &self.providers {
            let platforms = one.capabilities.iter().flat_map(|can| &can.connect);
            let platforms: Vec<&str> = platforms.map(|support| support.platform.as_str()).collect();
            let (state, tone) = if one.on { ("on", Tone::Good) } else { ("off", Tone::Quiet) };
            grid.row(
                [
                    Cell::from(one.provider.as_str()),
                    Cell::from(one.vendor.as_str()),
                    Cell::from(state).toned(tone),
                    Cell::from(if one.key_set { "set" } else { "not set" }),
                    Cell::from(one.key_from.as_str()),
                    Cell::from(one.base_url.as_str()),
                    Cell::from(platforms.join(", ")),
                ]
                .into_iter()
                .chain(is_checked.then(|| one.check.as_ref().map(Check::cell).unwrap_or_default())),
            );
        }
        grid
    }
}

impl Check {
    fn cell(&self) -> Cell {
        match &self.error {
            None => Cell::from(format!("✓ answered in {:.0} ms", self.elapsed_ms)).toned(Tone::Good),
            Some(error) => Cell::from(format!("✗ {}", error.kind())).toned(Tone::Bad),
        }
    }
}

impl Document for ProvidersDocument {
    fn page(&self) -> Page {
        Page::of(self.grid())
    }

    fn records(&self) -> Grid {
        self.grid()
    }
}
