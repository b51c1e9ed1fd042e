//! Profiles as they arrive: constant memory, however many there are, and the first one at once.
//!
//! ```sh
//! cargo run --example stream_profiles
//! ```
#![allow(clippy::print_stdout)]

mod support;

use futures_util::StreamExt as _;
use polyprofile::{Aggregator, Event, ListOptions};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let setup = support::setup().await?;

    let aggregator = Aggregator::new().with_all(setup.providers)?;
    let mut events = aggregator.stream(&ListOptions::new());
    while let Some(event) = events.next().await {
        match event {
            Event::Profile(profile) => println!("{}", profile.id),
            Event::Rejected(rejected) => println!("a row of {} was rejected: {}", rejected.provider, rejected.problem),
            // Exactly one per vendor, after its last row: a list without it is not complete.
            Event::Finished(outcome) => {
                let how = outcome.error.map_or("is done".to_owned(), |error| format!("failed: {error}"));
                println!("{} {how}: {} profiles in {:?}", outcome.provider, outcome.profiles, outcome.elapsed);
            }
            _ => {}
        }
    }
    Ok(())
}
