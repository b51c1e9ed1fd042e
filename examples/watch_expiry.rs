//! Warns about connections before they die: what Postcore's documentation shows as a daily job, for
//! every vendor, and with the last day counted. There, `daysUntilExpiry && daysUntilExpiry < 7` says
//! nothing on day 0, because 0 is false.
//!
//! Exits with 1 if something needs attention and with 2 if somebody could not be asked: "no warnings"
//! and "could not look" are different things.
//!
//! ```sh
//! cargo run --example watch_expiry
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod support;

use std::process::ExitCode;

use chrono::{TimeDelta, Utc};
use polyprofile::{Aggregator, HealthPolicy, ListOptions, NormalizedPlatform as _, Verdict};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let setup = support::setup().await?;
    let aggregate = Aggregator::new().with_all(setup.providers)?.collect(&ListOptions::new()).await;

    let (now, policy) = (Utc::now(), HealthPolicy::warn_within(TimeDelta::days(7)));
    let mut needs_attention = false;
    for profile in &aggregate.profiles {
        for connection in &profile.connected_platforms {
            let Some(health) = connection.health(now, &policy) else { continue };
            if !matches!(health.verdict, Verdict::Warning | Verdict::Broken) {
                continue;
            }
            needs_attention = true;
            let who = connection.username.as_deref().or(profile.name.as_deref()).unwrap_or("an account");
            let reasons: Vec<String> = health.reasons.iter().map(ToString::to_string).collect();
            let left = match health.days_left {
                Some(0) => ", today is its last day".to_owned(),
                Some(days) if days > 0 => format!(", {days} days left"),
                _ => String::new(),
            };
            println!(
                "{:<8} {} of {who} ({}): {}{left}",
                health.verdict,
                connection.platform.label(),
                profile.id,
                reasons.join("; ")
            );
        }
    }
    for error in aggregate.outcomes.iter().filter_map(|outcome| outcome.error.as_ref()) {
        eprintln!("could not look: {error}; {}", error.remedy());
    }
    Ok(match (aggregate.is_complete(), needs_attention) {
        (false, _) => ExitCode::from(2),
        (true, true) => ExitCode::from(1),
        (true, false) => ExitCode::SUCCESS,
    })
}
