//! The comparison as rows: for people one table a question, for spreadsheets one row a figure.

use std::borrow::Cow;

use polyprofile::{
    Comparison, ConnectionStatus, HealthSummary, Operation, PlatformCoverage, ProviderComparison, Spread, Switch,
};

use super::{ComparisonDocument, words};
use crate::{
    grid::{Cell, Grid, Number, Tone},
    output::{Document, Page},
};

impl Document for ComparisonDocument {
    fn page(&self) -> Page {
        let comparison = &self.comparison;
        let connections: usize = comparison.providers.iter().map(|one| one.connections.len()).sum();
        let page = Page::default()
            .and(Some("Providers"), providers(comparison))
            .and(Some("Platforms: connections, or whether they can be connected"), platforms(comparison))
            .and(Some("Fields filled"), fields(comparison))
            .and(Some("Operations"), operations(comparison))
            .and(Some("Times"), times(comparison))
            .and(Some("Signals of health"), signals(comparison))
            .and(Some("Trouble"), trouble(comparison))
            .and(Some("Only here"), only_here(comparison))
            .and(Some("Moving"), switches(self))
            .closed_by(format!("{} providers, {connections} connections.", comparison.providers.len()));
        let page = if self.has_both_ways() && !self.switches.is_empty() {
            page.closed_by("The other way round, lost and won change places.")
        } else {
            page
        };
        if comparison.is_complete() {
            return page;
        }
        // Without this, "lost" may only mean "not seen".
        page.closed_by("Not everything could be looked at: what is missing may only not have been seen.")
    }

    fn records(&self) -> Grid {
        let mut grid = Grid::new(["provider", "topic", "name", "value", "of", "unit"]);
        for provider in &self.comparison.providers {
            for (topic, name, value, of, unit) in figures(provider) {
                let head = [provider.provider.as_str(), topic].map(Cell::from);
                grid.row(head.into_iter().chain([
                    Cell::from(name),
                    value,
                    Cell::from(of.map(Number)),
                    Cell::from(unit),
                ]));
            }
        }
        for switch in &self.switches {
            for (direction, advantage) in [("lost", &switch.lost), ("won", &switch.won)] {
                for (part, name) in
                    words::parts(advantage).iter().flat_map(|part| part.names.iter().map(move |name| (part, name)))
                {
                    grid.row([
                        Cell::from(switch.from.as_str()),
                        Cell::from(format!("{direction} by moving to {}", switch.to)),
                        Cell::from(part.what),
                        Cell::from(name.as_str()),
                        Cell::default(),
                        Cell::default(),
                    ]);
                }
            }
        }
        grid
    }
}

fn providers(comparison: &Comparison) -> Grid {
    let mut grid =
        Grid::new(["provider", "profiles", "connections", "health", "tells about the end", "all rows", "per profile"]);
    grid.spare = &["profiles", "per profile"];
    for one in &comparison.providers {
        let told: Vec<String> =
            words::told(&one.expiry).into_iter().map(|(kind, number)| format!("{kind}: {number}")).collect();
        grid.row([
            Cell::from(one.provider.as_str()),
            Cell::number(one.profiles),
            Cell::number(one.connections.len()),
            health(one),
            Cell::from(told.join(", ")),
            Cell::from(one.latency.all_rows.map(|spread| words::time(spread.median_ms))),
            Cell::from(one.size.and_then(|size| size.bytes_per_profile).map(words::bytes)),
        ]);
    }
    grid
}

fn health(provider: &ProviderComparison) -> Cell {
    let tone = match provider.health {
        _ if !provider.has_answered() => return Cell::from("not known").toned(Tone::Bad),
        HealthSummary { broken: 1.., .. } => Tone::Bad,
        HealthSummary { warning: 1.., .. } => Tone::Attention,
        HealthSummary { healthy: 1.., .. } => Tone::Good,
        _ => Tone::Quiet,
    };
    Cell::from(provider.health.to_string()).toned(tone)
}

/// One column for each provider, under its name.
fn side_by_side(comparison: &Comparison, what: &'static str) -> Grid {
    let names = comparison.providers.iter().map(|one| Cow::Owned(one.provider.to_string()));
    Grid::new(std::iter::once(Cow::Borrowed(what)).chain(names))
}

fn platforms(comparison: &Comparison) -> Grid {
    let mut grid = side_by_side(comparison, "platform");
    for platform in &comparison.platforms {
        let shares = comparison.providers.iter().map(|one| one.coverage(platform).map(coverage).unwrap_or_default());
        grid.row(std::iter::once(Cell::from(platform.label())).chain(shares));
    }
    grid
}

fn coverage(coverage: &PlatformCoverage) -> Cell {
    match (coverage.connections, coverage.can_connect) {
        (0, Some(true)) => Cell::from("can be connected").toned(Tone::Quiet),
        (0, Some(false)) => Cell::from("–").toned(Tone::Quiet),
        (0, None) => Cell::from("not told").toned(Tone::Quiet),
        (number, _) => match coverage.health.broken {
            0 => Cell::from(format!("{number}")),
            broken => Cell::from(format!("{number}, {broken} broken")).toned(Tone::Bad),
        },
    }
}

fn fields(comparison: &Comparison) -> Grid {
    let mut grid = side_by_side(comparison, "field");
    for field in polyprofile::Field::ALL {
        let shares = comparison.providers.iter().map(|one| {
            let share = one.field(*field).and_then(|share| Some((share, words::percent(share)?)));
            share.map_or_else(
                || Cell::from("–").toned(Tone::Quiet),
                |(share, percent)| {
                    let tone = if share.filled == 0 { Tone::Quiet } else { Tone::Plain };
                    Cell::from(format!("{percent} ({}/{})", share.filled, share.of)).toned(tone)
                },
            )
        });
        grid.row(std::iter::once(Cell::from(field.label())).chain(shares));
    }
    grid
}

fn operations(comparison: &Comparison) -> Grid {
    let mut grid = side_by_side(comparison, "operation");
    for operation in Operation::ALL {
        let shares = comparison.providers.iter().map(|one| match &one.capabilities {
            Some(capabilities) if capabilities.supports(operation) => Cell::from("✓ yes").toned(Tone::Good),
            Some(_) => Cell::from("– no").toned(Tone::Quiet),
            None => Cell::from("not told").toned(Tone::Quiet),
        });
        grid.row(std::iter::once(Cell::from(operation.as_str())).chain(shares));
    }
    let announced = comparison.providers.iter().map(|one| Cell::from(one.expiry.announced.map(words::reporting)));
    grid.row(std::iter::once(Cell::from("tell the end")).chain(announced));
    grid
}

fn times(comparison: &Comparison) -> Grid {
    let mut grid =
        Grid::new(["provider", "until", "samples", "median", "p95", "shortest", "longest", "bytes", "per profile"]);
    grid.spare = &["bytes", "per profile", "shortest", "longest"];
    for one in &comparison.providers {
        for (until, spread) in spreads(one) {
            // The bytes are those of the whole list.
            let size = one.size.filter(|_| until == ALL_ROWS);
            grid.row([
                Cell::from(one.provider.as_str()),
                Cell::from(until),
                Cell::number(spread.samples),
                Cell::from(words::time(spread.median_ms)),
                Cell::from(words::time(spread.p95_ms)),
                Cell::from(words::time(spread.min_ms)),
                Cell::from(words::time(spread.max_ms)),
                Cell::from(size.map(|size| words::bytes(size.bytes as f64))),
                Cell::from(size.and_then(|size| size.bytes_per_profile).map(words::bytes)),
            ]);
        }
    }
    grid
}

const FIRST_ROW: &str = "first row";
const ALL_ROWS: &str = "all rows";

fn spreads(provider: &ProviderComparison) -> impl Iterator<Item = (&'static str, Spread)> {
    let spreads = [(FIRST_ROW, provider.latency.first_row), (ALL_ROWS, provider.latency.all_rows)];
    spreads.into_iter().filter_map(|(until, spread)| Some((until, spread?)))
}

fn signals(comparison: &Comparison) -> Grid {
    let mut grid = Grid::new(["provider", "signal", "is", "connections"]);
    for one in &comparison.providers {
        let statuses = one.statuses.iter().map(|count| ("status", status(&count.status), count.connections));
        let reasons = one.reasons.iter().map(|count| ("reason", count.reason.to_string(), count.connections));
        for (signal, is, connections) in statuses.chain(reasons) {
            grid.row([
                Cell::from(one.provider.as_str()),
                Cell::from(signal),
                Cell::from(is),
                Cell::number(connections),
            ]);
        }
    }
    grid
}

fn status(status: &ConnectionStatus) -> String {
    status.as_str().to_owned()
}

fn trouble(comparison: &Comparison) -> Grid {
    let mut grid = Grid::new(["provider", "sort", "what", "times"]);
    for one in &comparison.providers {
        for (sort, what, times) in words::trouble(one) {
            grid.row([Cell::from(one.provider.as_str()), Cell::from(sort), Cell::from(what), Cell::number(times)]);
        }
    }
    grid
}

fn only_here(comparison: &Comparison) -> Grid {
    let mut grid = Grid::new(["provider", "what", "which"]);
    for one in &comparison.providers {
        for part in words::parts(&one.only_here).iter().filter(|part| !part.names.is_empty()) {
            grid.row([Cell::from(one.provider.as_str()), Cell::from(part.what), Cell::from(part.summary())]);
        }
    }
    grid
}

fn switches(document: &ComparisonDocument) -> Grid {
    let mut grid = Grid::new(["from", "to", "what", "lost", "won"]);
    for switch in document.shown_switches() {
        let Switch { from, to, kept, lost, won, .. } = switch;
        let head = || [from, to].map(|provider| Cell::from(provider.as_str()));
        let kept = words::count(*kept, "connection has", "connections have");
        grid.row(head().into_iter().chain([
            Cell::from("kept"),
            Cell::from(format!("{kept} the account there too")).toned(Tone::Good),
            Cell::default(),
        ]));
        for (lost, won) in words::parts(lost).iter().zip(&words::parts(won)) {
            if lost.names.is_empty() && won.names.is_empty() {
                continue;
            }
            grid.row(head().into_iter().chain([
                Cell::from(lost.what),
                Cell::from(lost.summary()).toned(Tone::Attention),
                Cell::from(won.summary()).toned(Tone::Good),
            ]));
        }
    }
    grid
}

type Figure = (&'static str, String, Cell, Option<u64>, &'static str);

/// Every figure about one provider.
fn figures(provider: &ProviderComparison) -> Vec<Figure> {
    let connections = provider.connections.len() as u64;
    let number = |topic, name: &str, value: u64, of, unit| (topic, name.to_owned(), Cell::number(value), of, unit);
    let mut figures = vec![
        number("listings", "asked", provider.listings, None, "listings"),
        number("listings", "complete", provider.complete_listings, Some(provider.listings), "listings"),
        number("rows", "profiles", provider.profiles, None, "profiles"),
        number("rows", "rejected", provider.rejected, None, "rows"),
        number("rows", "connections", connections, None, "connections"),
    ];
    let HealthSummary { healthy, warning, broken, unknown, .. } = provider.health;
    for (name, value) in [("healthy", healthy), ("warning", warning), ("broken", broken), ("unknown", unknown)] {
        figures.push(number("health", name, value, Some(connections), "connections"));
    }
    figures.extend(
        words::told(&provider.expiry)
            .into_iter()
            .map(|(name, value)| number("told about the end", name, value, Some(connections), "connections")),
    );
    for one in provider.platforms.iter().filter(|one| one.connections > 0) {
        figures.push(number("platform", one.platform.as_str(), one.connections, Some(connections), "connections"));
    }
    for one in provider.platforms.iter().filter(|one| one.can_connect == Some(true)) {
        figures.push(("can connect", one.platform.as_str().to_owned(), Cell::from(true), None, ""));
    }
    for share in &provider.fields {
        let unit = if share.field.is_of_profile() { "profiles" } else { "connections" };
        figures.push(number("field", share.field.as_str(), share.filled, Some(share.of), unit));
    }
    for operation in provider.capabilities.iter().flat_map(|capabilities| &capabilities.operations) {
        figures.push(("operation", operation.to_string(), Cell::from(true), None, ""));
    }
    for (until, spread) in spreads(provider) {
        for (name, value) in
            [("min", spread.min_ms), ("median", spread.median_ms), ("p95", spread.p95_ms), ("max", spread.max_ms)]
        {
            figures.push((until, name.to_owned(), Cell::number(value), Some(spread.samples), "milliseconds"));
        }
    }
    if let Some(size) = provider.size {
        figures.push(number("size", "list", size.bytes, None, "bytes"));
        let per_profile = size.bytes_per_profile.map(Number);
        figures.push(("size", "profile".to_owned(), Cell::from(per_profile), None, "bytes"));
    }
    for count in &provider.statuses {
        figures.push(number("status", count.status.as_str(), count.connections, Some(connections), "connections"));
    }
    for count in &provider.reasons {
        figures.push(number("reason", &count.reason.to_string(), count.connections, Some(connections), "connections"));
    }
    for (sort, what, times) in words::trouble(provider) {
        figures.push(number(sort, &what, times, None, "times"));
    }
    figures
}
