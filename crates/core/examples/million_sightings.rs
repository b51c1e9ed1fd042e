//! How long it takes to unify many connections: `cargo run --release -p polyprofile-core --example million_sightings`.
//!
//! Every account is connected three times: by its id and handle, by its handle, and by all that and its page. In every
//! hundredth the two ids contradict each other.
#![allow(clippy::print_stdout, reason = "it is run for what it prints")]

use std::time::Instant;

use chrono::{DateTime, TimeDelta};
use polyprofile_core::{
    AccountOverrides, ConnectedPlatform, ConnectionStatus, Expiry, HealthPolicy, Platform, Profile, ProfileId,
    ProviderId, unify,
};

fn main() {
    println!("{:>10} {:>10} {:>12} {:>9} {:>14}", "sightings", "accounts", "suggestions", "seconds", "sightings/s");
    for sightings in [10_000, 100_000, 1_000_000] {
        let profiles = profiles(sightings);
        let started = Instant::now();
        let found = unify(&profiles, DateTime::UNIX_EPOCH, &HealthPolicy::default(), &AccountOverrides::new());
        let seconds = started.elapsed().as_secs_f64();
        let (accounts, suggestions) = (found.accounts.len(), found.suggestions.len());
        let rate = profiles.len() as f64 / seconds;
        println!("{:>10} {accounts:>10} {suggestions:>12} {seconds:>9.3} {rate:>14.0}", profiles.len());
    }
}

fn profiles(count: usize) -> Vec<Profile> {
    let providers = ["first", "second", "third"].map(ProviderId::new);
    let platforms = [Platform::Twitter, Platform::Instagram, Platform::LinkedIn, Platform::Bluesky];
    let profile = |number: usize| {
        let account = number / 3;
        let platform = platforms[account % platforms.len()].clone();
        let mut connection = ConnectedPlatform::new(platform.clone(), ConnectionStatus::Active);
        connection.display_name = Some(format!("Account {account}"));
        connection.expiry =
            Expiry::at(DateTime::UNIX_EPOCH + TimeDelta::days(1 + i64::try_from(number % 60).unwrap_or(1)));
        match number % 3 {
            0 => {
                connection.account_id = Some(id(&platform, account));
                connection.username = Some(format!("Account{account}"));
            }
            1 => connection.username = Some(format!("@account{account}")),
            _ => {
                connection.account_id =
                    Some(id(&platform, if account.is_multiple_of(100) { account + count } else { account }));
                connection.username = Some(format!("account{account}"));
                connection.profile_url = Some(match platform {
                    Platform::Twitter => format!("https://x.com/account{account}"),
                    Platform::Instagram => format!("https://www.instagram.com/account{account}/"),
                    Platform::LinkedIn => format!("https://www.linkedin.com/in/account{account}"),
                    _ => format!("https://bsky.app/profile/account{account}.bsky.social"),
                });
            }
        }
        let mut profile = Profile::new(ProfileId::new(providers[number % 3].clone(), format!("prof_{number}")));
        profile.connected_platforms.push(connection);
        profile
    };
    // In no order that would help.
    (0..count).map(|place| profile((place * 7_919 + 13) % count)).collect()
}

/// In the form that the platform gives its ids.
fn id(platform: &Platform, number: usize) -> String {
    if *platform == Platform::Bluesky { format!("did:plc:{number}") } else { number.to_string() }
}
