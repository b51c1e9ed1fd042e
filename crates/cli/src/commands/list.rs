//! `list`: every profile of every provider.

use futures_util::{FutureExt as _, StreamExt as _};
use polyprofile::{
    ConnectionFilter, ConnectionReport, Event, HealthPolicy, HealthSummary, ListOptions, ListReport, ProfileReport,
    ProviderReport, Rejected,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Outcome};
use crate::{
    args::{Format, SelectionArgs},
    connections::{account, days_left, expires, records},
    exit::ExitStatus,
    failure::Failure,
    grid::{Cell, Grid, Tone},
    output::{Document, Page},
};

pub(super) async fn run(args: &SelectionArgs, mut context: Context<'_>) -> Outcome {
    if context.printer.format() == Format::Ndjson {
        return stream(args, &mut context).await.map(|streamed| streamed.exit);
    }
    let listing = Listing(collect(args, &context).await?);
    context.printer.print(&listing)?;
    report_providers(&listing.0, &context);
    Ok(ExitStatus::of_providers(&listing.0.providers))
}

/// Asks everybody and judges what came.
pub(super) async fn collect(args: &SelectionArgs, context: &Context<'_>) -> Result<ListReport, Failure> {
    let aggregator = context.session.aggregator()?;
    let asked = aggregator.providers().len();
    let progress = context.talk.progress(format!("asking {asked} provider{}", if asked == 1 { "" } else { "s" }));
    let aggregate = aggregator.collect(&ListOptions::new()).await;
    drop(progress);
    Ok(ListReport::new(aggregate, context.session.now(), &policy(args), &filter(args)))
}

/// What a stream left behind.
pub(super) struct Streamed {
    pub(super) exit: ExitStatus,
    pub(super) summary: HealthSummary,
}

/// Prints profiles as they arrive, in the memory of one: however many there are, nothing is kept.
pub(super) async fn stream(args: &SelectionArgs, context: &mut Context<'_>) -> Result<Streamed, Failure> {
    let (policy, filter) = (policy(args), filter(args));
    let aggregator = context.session.aggregator()?;
    let mut events = aggregator.stream(&ListOptions::new());
    let mut providers = Vec::new();
    let mut summary = HealthSummary::new();
    let mut now = context.session.now();
    loop {
        let event = match events.next().now_or_never() {
            Some(event) => event,
            // Nothing is ready: whoever reads gets what there is before we wait.
            None => {
                context.printer.flush()?;
                let event = events.next().await;
                // Rows that come together are judged at one moment.
                now = context.session.now();
                event
            }
        };
        match event {
            None => break,
            Some(Event::Profile(profile)) => {
                let judged = ProfileReport::new(profile, now, &policy);
                if let Some(profile) = filter.apply(judged) {
                    summary.extend(profile.connected_platforms.iter().filter_map(ConnectionReport::verdict));
                    context.printer.line(&profile)?;
                }
            }
            Some(Event::Rejected(rejected)) => context.talk.json(&Notice::Rejected { rejected }),
            Some(Event::Finished(outcome)) => {
                let provider = ProviderReport::from(outcome);
                context.talk.json(&Notice::Provider { provider: &provider });
                providers.push(provider);
            }
            Some(_) => {}
        }
    }
    context.printer.flush()?;
    Ok(Streamed { exit: ExitStatus::of_providers(&providers), summary })
}

/// What goes to standard error beside a stream of profiles.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Notice<'a> {
    /// A row that could not be kept.
    Rejected {
        /// The row.
        rejected: Rejected,
    },
    /// A provider is done.
    Provider {
        /// How it fared.
        provider: &'a ProviderReport,
    },
}

/// Says who could not be asked, and what could not be kept: JSON has both in the document.
pub(super) fn report_providers(report: &ListReport, context: &Context<'_>) {
    if context.printer.format().is_json() {
        return;
    }
    for provider in &report.providers {
        if let Some(error) = &provider.error {
            context.talk.error("incomplete", error);
        }
    }
    for Rejected { provider, index, problem, .. } in &report.rejected {
        context.talk.say(&format!("rejected: {provider}: row {index}: {problem}"));
    }
}

pub(super) fn policy(args: &SelectionArgs) -> HealthPolicy {
    HealthPolicy::warn_within(args.within)
}

pub(super) fn filter(args: &SelectionArgs) -> ConnectionFilter {
    let mut filter = ConnectionFilter::new();
    filter.platforms.clone_from(&args.platforms);
    filter.verdicts.clone_from(&args.verdicts);
    filter.groups.clone_from(&args.groups);
    filter
}

/// Profiles in the order of their providers.
#[derive(Serialize)]
#[serde(transparent)]
struct Listing(ListReport);

impl Document for Listing {
    fn page(&self) -> Page {
        let report = &self.0;
        let mut grid = Grid::new(["provider", Grid::ID, "account", "platform", "status", "verdict", "expires", "days"]);
        grid.spare = &["days", "status", "provider"];
        for profile in &report.profiles {
            let id = &profile.profile.id;
            let head = [Cell::from(id.provider.as_str()), Cell::from(id.key.as_str())];
            for connection in &profile.connected_platforms {
                grid.row(head.clone().into_iter().chain([
                    Cell::from(account(profile, connection)),
                    Cell::from(connection.connection.platform.label()),
                    Cell::from(connection.connection.status.as_str()),
                    Cell::verdict(connection.verdict()),
                    expires(connection, report.generated_at),
                    days_left(connection),
                ]));
            }
            if profile.connected_platforms.is_empty() {
                let name = Cell::from(profile.profile.name.as_deref());
                let none = Cell::from("nothing connected").toned(Tone::Quiet);
                let rest = [Cell::default(), Cell::default(), Cell::default(), Cell::default()];
                grid.row(head.into_iter().chain([name, none]).chain(rest));
            }
        }
        let (profiles, connections) = (report.profiles.len(), report.summary.total());
        Page::of(grid).closed_by(format!("{profiles} profiles, {connections} connections: {}.", report.summary))
    }

    fn records(&self) -> Grid {
        let profiles = self.0.profiles.iter();
        records(profiles.flat_map(|profile| profile.connected_platforms.iter().map(move |one| (profile, one))))
    }
}
