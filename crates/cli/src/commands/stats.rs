//! `stats`: the figures of a profile over time, as a table and as a picture.

use std::{collections::BTreeSet, fs};

use chrono::{DateTime, Utc};
use polyprofile::{
    ListReport, Metric, Operation, Provider as _, ProviderExt as _, StatsQuery, StatsScope, StatsSeries, StatsSnapshot,
    VendorApi as _,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Outcome};
use crate::{
    args::StatsArgs,
    exit::ExitStatus,
    failure::Failure,
    grid::{Cell, Grid, Number},
    output::{Document, Page},
    plot, when,
};

pub(super) async fn run(args: StatsArgs, context: Context<'_>) -> Outcome {
    let Context { session, printer, talk } = context;
    let provider = session.provider(&args.profile.provider)?;
    let mut query = StatsQuery::new(provider.profile_id(args.profile.id));
    query.group = args.profile.group;
    query.placement = args.placement;
    query.from = args.from;
    query.to = args.to;

    let progress = talk.progress(format!("asking {}", provider.id()));
    let mut series = session.bounded(provider, Operation::GetStats, provider.stats(query)).await?;
    drop(progress);

    keep_only(&mut series, &args.metrics)?;
    if let Some(path) = &args.plot {
        let drawing = plot::svg(&series)?;
        fs::write(path, drawing).map_err(|problem| Failure::file(path, problem))?;
        talk.say(&format!("drawn into {}", path.display()));
    }
    printer.print(&StatsDocument {
        schema_version: ListReport::SCHEMA_VERSION,
        generated_at: session.now(),
        series,
    })?;
    Ok(ExitStatus::Well)
}

/// Figures as rows, a column for each metric that any of them tells.
pub(super) fn figures(records: &[StatsSnapshot], moment: fn(DateTime<Utc>) -> String) -> Grid {
    let metrics = metrics(records);
    let mut grid = Grid::new(["recorded", "about"].into_iter().chain(metrics.iter().map(|metric| metric.as_str())));
    for record in records {
        let head = [Cell::from(record.recorded_at.map(moment)), Cell::from(scope(&record.scope))];
        let told = metrics.iter().map(|metric| Cell::from(record.metrics.get(metric).map(Number)));
        grid.row(head.into_iter().chain(told));
    }
    grid
}

/// What figures are about, in words.
pub(crate) fn scope(scope: &StatsScope) -> String {
    match scope {
        StatsScope::Account => "account".to_owned(),
        StatsScope::Placement(id) => id.to_string(),
        StatsScope::Summary => "all together".to_owned(),
        _ => "other".to_owned(),
    }
}

/// Figures over time.
#[derive(Serialize, JsonSchema)]
pub(crate) struct StatsDocument {
    /// The version of this form: 1.
    schema_version: u32,
    /// When this was asked for.
    generated_at: DateTime<Utc>,
    /// The figures.
    series: StatsSeries,
}

/// Leaves the metrics that were asked for; a name that the series does not have is a mistake.
fn keep_only(series: &mut StatsSeries, names: &[String]) -> Result<(), Failure> {
    if names.is_empty() {
        return Ok(());
    }
    let told: BTreeSet<&str> = metrics(&series.records).into_iter().map(Metric::as_str).collect();
    if let Some(unknown) = names.iter().find(|name| !told.contains(name.as_str())) {
        let told: Vec<&str> = told.into_iter().collect();
        let known = if told.is_empty() { "none".to_owned() } else { told.join(", ") };
        return Err(Failure::usage(format!("nothing is told about `{unknown}`: the metrics here are {known}")));
    }
    for record in &mut series.records {
        record.metrics.retain(|metric, _| names.iter().any(|name| name == metric.as_str()));
    }
    Ok(())
}

fn metrics(records: &[StatsSnapshot]) -> BTreeSet<Metric> {
    records.iter().flat_map(|record| record.metrics.keys().copied()).collect()
}

impl Document for StatsDocument {
    fn page(&self) -> Page {
        let records = self.series.records.len();
        Page::of(figures(&self.series.records, when::minute))
            .closed_by(format!("{records} records of {}.", self.series.profile))
    }

    fn records(&self) -> Grid {
        figures(&self.series.records, when::timestamp)
    }
}
