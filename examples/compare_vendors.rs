//! Asks every vendor at once, shows all connections in one table, then compares the vendors and says what moving from
//! one to another would cost.
//!
//! Runs without any key: a vendor whose key is not in the environment (`POSTPROXY_API_KEY`,
//! `POSTCORE_API_KEY`, `POSTPRESS_API_KEY`) is played by the emulator.
//!
//! ```sh
//! cargo run --example compare_vendors
//! ```
#![allow(clippy::print_stdout)]

mod support;

use std::time::Duration;

use chrono::{DateTime, Utc};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use polyprofile::{
    Advantage, Aggregate, Aggregator, ComparedConnection, Comparison, ConnectedPlatform, Expiry, ExpiryTelling,
    HealthPolicy, ListOptions, NormalizedPlatform as _, Profile, ProviderComparison,
};

/// How often every vendor is asked: one time says little about speed.
const SAMPLES: usize = 5;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let setup = support::setup().await?;
    println!("Asking {}.\n", setup.sources.join("; "));

    let aggregator = Aggregator::new().with_all(setup.providers)?.deadline(Duration::from_secs(30));
    let mut samples = Vec::new();
    for _ in 0..SAMPLES {
        samples.push(aggregator.collect(&ListOptions::new()).await);
    }
    let (now, policy) = (Utc::now(), HealthPolicy::default());
    let comparison = Comparison::new(&samples, &aggregator.capabilities(), now, &policy);

    if let Some(latest) = samples.last() {
        println!("{}\n", connections(latest, now, &policy));
        println!("{} connections: {}.\n", count(&comparison), latest.summary(now, &policy));
    }
    println!("{}\n", vendors(&comparison));
    println!("What would be lost by moving?\n{}", moves(&comparison));
    // A vendor that could not be asked is no vendor without problems.
    for error in comparison.providers.iter().filter_map(|provider| provider.errors.last()) {
        println!("Incomplete: {error}; {}.", error.remedy());
    }
    Ok(())
}

/// Every connection of every vendor, the most urgent first.
fn connections(aggregate: &Aggregate, now: DateTime<Utc>, policy: &HealthPolicy) -> Table {
    let mut rows: Vec<_> = aggregate
        .profiles
        .iter()
        .flat_map(|profile| profile.connected_platforms.iter().map(move |connection| (profile, connection)))
        .filter_map(|(profile, connection)| Some((profile, connection, connection.health(now, policy)?)))
        .collect();
    rows.sort_by_key(|(.., health)| (std::cmp::Reverse(health.verdict), health.days_left.unwrap_or(i64::MAX)));

    let mut table = table(["provider", "platform", "account", "expires", "days left", "verdict", "why"]);
    for (profile, connection, health) in rows {
        let reasons: Vec<String> = health.reasons.iter().map(ToString::to_string).collect();
        table.add_row([
            profile.id.provider.to_string(),
            connection.platform.label().to_owned(),
            account(profile, connection),
            expiry(&connection.expiry),
            health.days_left.map(|days| days.to_string()).unwrap_or_default(),
            health.verdict.to_string(),
            reasons.join("; "),
        ]);
    }
    align_right(&mut table, 4);
    table
}

/// What each vendor tells, and how fast.
fn vendors(comparison: &Comparison) -> Table {
    let mut table = table([
        "provider",
        "profiles",
        "connections",
        "health",
        "platforms",
        "told about expiry",
        "fields filled",
        "first row, all rows",
        "bytes",
    ]);
    for provider in &comparison.providers {
        let connected = provider.platforms.iter().filter(|one| one.connections > 0);
        let platforms: Vec<&str> = connected.map(|one| one.platform.label()).collect();
        table.add_row([
            provider.provider.to_string(),
            provider.profiles.to_string(),
            provider.connections.len().to_string(),
            provider.health.to_string().replace(", ", "\n"),
            platforms.join(", "),
            told_about_expiry(provider),
            filled(provider),
            times(provider),
            provider.size.and_then(|size| size.bytes_per_profile).map_or("?".to_owned(), |bytes| format!("{bytes:.0}")),
        ]);
    }
    for column in [1, 2, 7, 8] {
        align_right(&mut table, column);
    }
    table
}

fn told_about_expiry(provider: &ProviderComparison) -> String {
    let told = provider.expiry;
    let parts = [
        ("date", told.date),
        ("days only", told.days_only),
        ("no deadline", told.no_deadline),
        ("unreadable", told.unreadable),
        ("nothing", told.nothing),
    ];
    let parts = parts.into_iter().filter(|(_, connections)| *connections > 0);
    parts.map(|(kind, connections)| format!("{kind}: {connections}")).collect::<Vec<_>>().join("\n")
}

/// The share of profiles or connections that have a field, for those that some have.
fn filled(provider: &ProviderComparison) -> String {
    let shares = provider.fields.iter().filter(|share| share.filled > 0);
    let shares = shares.filter_map(|share| Some((share.field.label(), share.share? * 100.0)));
    shares.map(|(field, percent)| format!("{field}: {percent:.0}%")).collect::<Vec<_>>().join("\n")
}

/// The median of all samples, in milliseconds.
fn times(provider: &ProviderComparison) -> String {
    let times = [provider.latency.first_row, provider.latency.all_rows];
    let times = times.map(|spread| spread.map_or("?".to_owned(), |spread| format!("{:.1} ms", spread.median_ms)));
    times.join("\n")
}

/// For each move from one vendor to another one: what only the one to leave has.
fn moves(comparison: &Comparison) -> Table {
    let mut table = table(["from", "to", "kept", "connections lost", "and with them"]);
    for switch in comparison.switches() {
        let lost = &switch.lost;
        let names: Vec<String> = lost.connections.iter().map(connection_label).collect();
        table.add_row([
            switch.from.to_string(),
            switch.to.to_string(),
            switch.kept.to_string(),
            format!("{}: {}", names.len(), shortened(&names, 6)),
            also_lost(lost),
        ]);
    }
    align_right(&mut table, 2);
    table
}

fn also_lost(lost: &Advantage) -> String {
    let platforms: Vec<&str> = lost.platforms.iter().map(|one| one.platform.label()).collect();
    let expiry: Vec<&str> = lost.expiry.iter().map(|telling| telling_label(*telling)).collect();
    let ends: Vec<String> = lost.ends_told.iter().map(connection_label).collect();
    let fields: Vec<&str> = lost.fields.iter().map(|field| field.label()).collect();
    let operations: Vec<String> = lost.operations.iter().map(ToString::to_string).collect();
    let parts = [
        ("cannot be connected", shortened(&platforms, 6)),
        ("not told about the end", shortened(&expiry, 6)),
        ("end no longer known", shortened(&ends, 6)),
        ("fields", shortened(&fields, 6)),
        ("operations", shortened(&operations, 6)),
    ];
    let parts = parts.into_iter().filter(|(_, names)| !names.is_empty());
    parts.map(|(what, names)| format!("{what}: {names}")).collect::<Vec<_>>().join("\n")
}

fn telling_label(telling: ExpiryTelling) -> &'static str {
    match telling {
        ExpiryTelling::Date => "date",
        ExpiryTelling::DayCount => "day count",
        ExpiryTelling::NoDeadline => "that there is none",
        _ => "something else",
    }
}

/// `a, b, c and 5 more`.
fn shortened<T: AsRef<str>>(names: &[T], shown: usize) -> String {
    let first: Vec<&str> = names.iter().take(shown).map(AsRef::as_ref).collect();
    match names.len().saturating_sub(shown) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

fn connection_label(connection: &ComparedConnection) -> String {
    format!("{} {}", connection.key.platform.label(), connection.label())
}

fn expiry(expiry: &Expiry) -> String {
    match expiry {
        Expiry::At { at, .. } => at.format("%Y-%m-%d").to_string(),
        Expiry::InDays { days, .. } => format!("in {days} days"),
        Expiry::Unreadable { raw } => format!("unreadable: {raw}"),
        Expiry::NoDeadline => "never".to_owned(),
        _ => "not told".to_owned(),
    }
}

fn account(profile: &Profile, connection: &ConnectedPlatform) -> String {
    let name = connection.username.as_ref().or(connection.display_name.as_ref()).or(profile.name.as_ref());
    name.unwrap_or(&profile.id.key).clone()
}

fn count(comparison: &Comparison) -> usize {
    comparison.providers.iter().map(|provider| provider.connections.len()).sum()
}

fn table<const COLUMNS: usize>(header: [&str; COLUMNS]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_header(header);
    // As wide as the terminal; where there is none, as wide as a page.
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(150);
    }
    table
}

fn align_right(table: &mut Table, column: usize) {
    if let Some(column) = table.column_mut(column) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}
