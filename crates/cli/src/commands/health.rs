//! `health`: which connections need attention, the worst first.

use polyprofile::ListReport;
use serde::Serialize;

use super::{
    Context, Outcome,
    list::{collect, report_providers, stream},
};
use crate::{
    args::{Format, SelectionArgs},
    connections::{account, days_left, expires, reasons, records},
    exit::ExitStatus,
    grid::{Cell, Grid},
    output::{Document, Page},
};

pub(super) async fn run(args: &SelectionArgs, mut context: Context<'_>) -> Outcome {
    if context.printer.format() == Format::Ndjson {
        let streamed = stream(args, &mut context).await?;
        return Ok(streamed.exit.or(ExitStatus::of_health(&streamed.summary)));
    }
    let checkup = Checkup(collect(args, &context).await?);
    context.printer.print(&checkup)?;
    report_providers(&checkup.0, &context);
    Ok(ExitStatus::of_providers(&checkup.0.providers).or(ExitStatus::of_health(&checkup.0.summary)))
}

/// Connections, the worst first.
#[derive(Serialize)]
#[serde(transparent)]
struct Checkup(ListReport);

impl Document for Checkup {
    fn page(&self) -> Page {
        let report = &self.0;
        let mut grid = Grid::new(["verdict", "platform", "account", "expires", "days", "why", "provider", Grid::ID]);
        grid.spare = &["days", "provider", Grid::ID];
        for (profile, connection) in report.worst_first() {
            let id = &profile.profile.id;
            grid.row([
                Cell::verdict(connection.verdict()),
                Cell::from(connection.connection.platform.label()),
                Cell::from(account(profile, connection)),
                expires(connection, report.generated_at),
                days_left(connection),
                Cell::from(reasons(connection)),
                Cell::from(id.provider.as_str()),
                Cell::from(id.key.as_str()),
            ]);
        }
        let page = Page::of(grid).closed_by(format!("{}.", report.summary));
        if report.providers.iter().all(|provider| provider.ok) {
            return page;
        }
        // Without this, "0 broken" may only mean "could not look".
        page.closed_by("Not everything could be looked at.")
    }

    fn records(&self) -> Grid {
        records(self.0.worst_first())
    }
}
