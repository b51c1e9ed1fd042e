//! One account, whatever vendor it came through: which of its connections to post through, and what breaks first.
//!
//! The same LinkedIn page is connected through two vendors; one of the connections ends in two days, the other is in
//! good order. Where the library is wrong about who is who, say so, as the last part does.
//!
//! ```sh
//! cargo run --example unify_accounts
//! ```
#![allow(clippy::print_stdout, reason = "examples talk to whoever runs them")]

mod support;

use chrono::Utc;
use polyprofile::{
    AccountOverrides, Aggregator, ConnectionSelector, HealthPolicy, ListOptions, NextBreak, UnifiedAccount,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let setup = support::setup().await?;
    let aggregate = Aggregator::new().with_all(setup.providers)?.collect(&ListOptions::new()).await;
    let (now, policy) = (Utc::now(), HealthPolicy::default());

    let found = aggregate.accounts(now, &policy, &AccountOverrides::new());
    println!("{} accounts behind {} profiles", found.accounts.len(), aggregate.profiles.len());
    for account in found.accounts.iter().filter(|account| account.sightings.len() > 1) {
        show(account);
    }

    for suggestion in &found.suggestions {
        let accounts: Vec<String> = suggestion.sightings.iter().map(ToString::to_string).collect();
        println!("\nmay be one: {}: {} ({})", accounts.join(", "), suggestion.name, suggestion.reason.words());
    }

    // Somebody has looked: the first two that may be one are one.
    if let Some(suggestion) = found.suggestions.first() {
        let both = suggestion.sightings.iter().map(|sighting| {
            ConnectionSelector::new(sighting.connection.profile.clone(), sighting.connection.platform.clone())
        });
        let known = aggregate.accounts(now, &policy, &AccountOverrides::new().together(both));
        println!("\nwith that said, {} accounts", known.accounts.len());
    }
    Ok(())
}

fn show(account: &UnifiedAccount) {
    println!("\n{} {}: {}", account.platform.label(), account.label(), account.verdict);
    for link in &account.because {
        println!("  {link}");
    }
    match &account.post_through {
        Some(sighting) => println!("  post through {sighting}"),
        None => println!("  no connection works"),
    }
    match &account.breaks_first {
        NextBreak::Known { sighting, at, days_left, .. } => {
            println!("  {sighting} ends first, in {days_left} days: {}", at.format("%Y-%m-%d"));
        }
        NextBreak::Unknown { .. } => println!("  nobody tells when it ends"),
        NextBreak::Never => println!("  nothing that works has a deadline"),
        _ => println!("  nothing is left to break"),
    }
    if let Some(name) = account.display_name.as_ref().filter(|name| !name.disagreed.is_empty()) {
        let others: Vec<&str> = name.disagreed.iter().map(|other| other.value.as_str()).collect();
        println!("  called {:?} ({:?}), and {:?} elsewhere", name.value, name.rule, others);
    }
}
