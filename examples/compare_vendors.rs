//! Asks every vendor at once, shows all connections in one table, then compares the vendors.
//!
//! Runs without any key: a vendor whose key is not in the environment (`POSTPROXY_API_KEY`,
//! `POSTCORE_API_KEY`, `POSTPRESS_API_KEY`) is played by the emulator.
//!
//! ```sh
//! cargo run --example compare_vendors
//! ```
#![allow(clippy::print_stdout)]

mod support;

use std::{collections::BTreeSet, time::Duration};

use chrono::{DateTime, Utc};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use polyprofile::{
    Aggregate, Aggregator, ConnectedPlatform, Expiry, HealthPolicy, ListOptions, NormalizedPlatform as _, Profile,
    ProviderId, Relation,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let setup = support::setup().await?;
    println!("Asking {}.\n", setup.sources.join("; "));

    let aggregator = Aggregator::new().with_all(setup.providers)?.deadline(Duration::from_secs(30));
    let aggregate = aggregator.collect(&ListOptions::new()).await;
    let now = Utc::now();

    println!("{}\n", connections(&aggregate, now));
    println!("{}\n", vendors(&aggregate, now));
    println!("{} connections: {}.", count(&aggregate), aggregate.summary(now, &HealthPolicy::default()));
    // A vendor that could not be asked is no vendor without problems.
    for outcome in aggregate.outcomes.iter().filter(|outcome| !outcome.complete) {
        if let Some(error) = &outcome.error {
            println!("Incomplete: {error}; {}.", error.remedy());
        }
    }
    Ok(())
}

/// Every connection of every vendor, the most urgent first.
fn connections(aggregate: &Aggregate, now: DateTime<Utc>) -> Table {
    let policy = HealthPolicy::default();
    let mut rows: Vec<_> = aggregate
        .profiles
        .iter()
        .flat_map(|profile| profile.connected_platforms.iter().map(move |connection| (profile, connection)))
        .filter_map(|(profile, connection)| Some((profile, connection, connection.health(now, &policy)?)))
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
fn vendors(aggregate: &Aggregate, now: DateTime<Utc>) -> Table {
    let mut table = table([
        "provider",
        "profiles",
        "connections",
        "health",
        "platforms",
        "told about expiry",
        "fields filled",
        "ms",
    ]);
    for outcome in &aggregate.outcomes {
        let connections: Vec<_> = connections_of(aggregate, &outcome.provider).collect();
        let platforms: BTreeSet<&str> = connections.iter().map(|connection| connection.platform.label()).collect();
        let verdicts = connections.iter().filter_map(|connection| connection.health(now, &HealthPolicy::default()));
        let health: polyprofile::HealthSummary = verdicts.map(|health| health.verdict).collect();
        table.add_row([
            outcome.provider.to_string(),
            outcome.profiles.to_string(),
            connections.len().to_string(),
            health.to_string().replace(", ", "\n"),
            platforms.into_iter().collect::<Vec<_>>().join(", "),
            told_about_expiry(&connections),
            filled(&connections),
            format!("{:.1}", outcome.elapsed.as_secs_f64() * 1_000.0),
        ]);
    }
    for column in [1, 2, 7] {
        align_right(&mut table, column);
    }
    table
}

fn told_about_expiry(connections: &[&ConnectedPlatform]) -> String {
    let share = |name, is_one: fn(&Expiry) -> bool| {
        let count = connections.iter().filter(|connection| is_one(&connection.expiry)).count();
        (count > 0).then(|| format!("{name}: {count}"))
    };
    let parts = [
        share("date", |expiry| matches!(expiry, Expiry::At { .. })),
        share("days only", |expiry| matches!(expiry, Expiry::InDays { .. })),
        share("no deadline", |expiry| matches!(expiry, Expiry::NoDeadline)),
        share("unreadable", |expiry| matches!(expiry, Expiry::Unreadable { .. })),
        share("nothing", |expiry| matches!(expiry, Expiry::NotReported)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// For each field of a connection that a vendor may leave out: how many connections have it.
fn filled(connections: &[&ConnectedPlatform]) -> String {
    type IsFilled = fn(&ConnectedPlatform) -> bool;
    let fields: [(&str, IsFilled); 8] = [
        ("handle", |connection| connection.username.is_some()),
        ("display name", |connection| connection.display_name.is_some()),
        ("account id", |connection| connection.account_id.is_some()),
        ("avatar", |connection| connection.avatar_url.is_some()),
        ("profile URL", |connection| connection.profile_url.is_some()),
        ("connected at", |connection| connection.connected_at.is_some()),
        ("status reason", |connection| connection.status_reason.is_some()),
        ("post count", |connection| connection.post_count.is_some()),
    ];
    let shares = fields.into_iter().filter_map(|(name, is_filled)| {
        let count = connections.iter().filter(|connection| is_filled(connection)).count();
        (count > 0).then(|| format!("{name}: {count}"))
    });
    shares.collect::<Vec<_>>().join("\n")
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

fn connections_of<'a>(
    aggregate: &'a Aggregate,
    provider: &'a ProviderId,
) -> impl Iterator<Item = &'a ConnectedPlatform> {
    let profiles = aggregate.profiles.iter().filter(move |profile| profile.id.provider == *provider);
    profiles.flat_map(|profile| &profile.connected_platforms).filter(|one| one.relation == Relation::Connected)
}

fn count(aggregate: &Aggregate) -> usize {
    aggregate.outcomes.iter().map(|outcome| connections_of(aggregate, &outcome.provider).count()).sum()
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
