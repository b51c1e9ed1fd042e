//! Follower counts over time: placements first, because some platforms keep statistics for each of them.
//!
//! ```sh
//! cargo run --example profile_stats
//! ```
#![allow(clippy::print_stdout)]

mod support;

use polyprofile::{
    Aggregator, GetOptions, ListOptions, Metric, Operation, PlacementId, Provider as _, StatsQuery, StatsSeries,
    VendorApi as _,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let setup = support::setup().await?;
    // The capabilities say in advance who can be asked.
    let has_stats = |provider: &&polyprofile::AnyProvider| provider.capabilities().supports(Operation::GetStats);
    let Some(provider) = setup.providers.iter().find(has_stats) else {
        println!("None of these vendors offers statistics.");
        return Ok(());
    };

    let aggregate = Aggregator::new().with(provider.clone())?.collect(&ListOptions::new()).await;
    for profile in aggregate.profiles.iter().take(6) {
        let Some(connection) = profile.connected_platforms.first() else { continue };
        println!("{} on {}", profile.name.as_deref().unwrap_or(&profile.id.key), connection.platform.label());

        // A platform without placements says so; its statistics are those of the account.
        let placements = provider.placements(&profile.id, GetOptions::new()).await.unwrap_or_default();
        let mut query = StatsQuery::new(profile.id.clone());
        query.platform = Some(connection.platform.clone());
        let places = placements.into_iter().filter_map(|placement| Some((placement.id?, placement.name)));
        let places: Vec<(Option<PlacementId>, String)> = match places.collect::<Vec<_>>() {
            none if none.is_empty() => vec![(None, "the account".to_owned())],
            some => some.into_iter().map(|(id, name)| (Some(id), name.unwrap_or_default())).collect(),
        };
        for (placement, name) in places {
            query.placement = placement;
            match provider.stats(query.clone()).await {
                Ok(series) => println!("    {name}: {}", growth(&series)),
                Err(error) => println!("    {name}: {}; {}", error.message(), error.remedy()),
            }
        }
    }
    Ok(())
}

/// First and last follower count, as far as they were recorded.
fn growth(series: &StatsSeries) -> String {
    let counts = series.records.iter().filter_map(|record| {
        let followers = record.metrics.get(&Metric::Followers)?.as_u64()?;
        Some((record.recorded_at?.date_naive(), followers))
    });
    let counts: Vec<_> = counts.collect();
    match counts[..] {
        [] => "no follower counts recorded".to_owned(),
        [(day, only)] => format!("{only} followers on {day}"),
        [(from, first), .., (to, last)] => {
            format!("{first} followers on {from}, {last} on {to}, in {} records", counts.len())
        }
    }
}
