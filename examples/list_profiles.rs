//! The shortest use: every profile of every vendor, in one list.
//!
//! ```sh
//! cargo run --example list_profiles
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod support;

use polyprofile::{Aggregator, ListOptions};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // In your own program, with the vendors' keys in the environment: `polyprofile::from_env()?`.
    let setup = support::setup().await?;

    let aggregate = Aggregator::new().with_all(setup.providers)?.collect(&ListOptions::new()).await;
    for profile in &aggregate.profiles {
        println!("{}  {}", profile.id, profile.name.as_deref().unwrap_or("(no name)"));
        for connection in &profile.connected_platforms {
            let username = connection.username.as_deref().unwrap_or("(no handle)");
            println!("    {:<16} {username:<28} {}", connection.platform.label(), connection.status);
        }
    }
    for outcome in aggregate.outcomes.iter().filter(|outcome| !outcome.complete) {
        eprintln!("{} is incomplete: {:?}", outcome.provider, outcome.error);
    }
    Ok(())
}
