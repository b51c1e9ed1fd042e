//! A provider of your own beside the others: here, accounts that somebody keeps in a file. The tests at
//! the end run it against the rules that every provider keeps.
//!
//! ```sh
//! cargo run --example custom_provider
//! cargo test --example custom_provider
//! ```
#![allow(clippy::print_stdout)]

mod support;

use async_trait::async_trait;
use chrono::{TimeDelta, Utc};
use futures_util::stream;
use polyprofile::{
    Aggregator, Capabilities, ConnectedPlatform, ConnectionStatus, Error, ErrorKind, Expiry, ExpiryReporting,
    GetOptions, HealthPolicy, ListOptions, Listed, Operation, Platform, Profile, ProfileId, ProfileStream, Provider,
    ProviderExt as _, ProviderId, Result, Vendor, failed_stream,
};

/// Lines of `key,platform,handle,days left`.
const LEDGER: &str = "newsletter,mastodon,@acme@example.social,120\nshop,pinterest,acme-shop,2";

/// Reads accounts from lines of text.
#[derive(Debug)]
struct Ledger {
    id: ProviderId,
    capabilities: Capabilities,
    lines: &'static str,
}

impl Ledger {
    fn new(lines: &'static str) -> Self {
        let operations = [Operation::ListProfiles, Operation::GetProfile];
        let capabilities = Capabilities::new(operations, ExpiryReporting::Date);
        Self { id: ProviderId::new("ledger"), capabilities, lines }
    }

    fn read(&self, line: &str) -> Option<Profile> {
        let [key, platform, handle, days] = line.split(',').collect::<Vec<_>>().try_into().ok()?;
        let mut connection = ConnectedPlatform::new(Platform::parse(platform), ConnectionStatus::Active);
        connection.username = Some(handle.to_owned());
        connection.expiry = Expiry::at(Utc::now() + TimeDelta::days(days.parse().ok()?));
        let mut profile = Profile::new(self.profile_id(key));
        profile.connected_platforms.push(connection);
        Some(profile)
    }
}

#[async_trait]
impl Provider for Ledger {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn vendor(&self) -> Vendor {
        Vendor::from_static("ledger")
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn profiles(&self, options: ListOptions) -> ProfileStream {
        if options.group.is_some() {
            return failed_stream(self.unsupported_option(Operation::ListProfiles, "group"));
        }
        let rows: Vec<_> = self.lines.lines().filter_map(|line| self.read(line)).map(Listed::Profile).map(Ok).collect();
        Box::pin(stream::iter(rows))
    }

    async fn profile(&self, id: &ProfileId, _: GetOptions) -> Result<Profile> {
        self.check_owner(id)?;
        let found = self.lines.lines().filter_map(|line| self.read(line)).find(|profile| profile.id == *id);
        found.ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "no line of the ledger has this key")
                .with_provider(self.id.clone())
                .with_operation(Operation::GetProfile)
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let setup = support::setup().await?;

    let aggregator = Aggregator::new().with_all(setup.providers)?.with(Ledger::new(LEDGER))?;
    let aggregate = aggregator.collect(&ListOptions::new()).await;
    for outcome in &aggregate.outcomes {
        println!("{:<10} {} profiles", outcome.provider, outcome.profiles);
    }
    println!("{}", aggregate.summary(Utc::now(), &HealthPolicy::default()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{LEDGER, Ledger};

    /// The provider, and what must stay alive while it is asked: here nothing.
    #[expect(clippy::unused_async, reason = "a provider with a server would start it here")]
    async fn setup() -> (Ledger, ()) {
        (Ledger::new(LEDGER), ())
    }

    polyprofile_conformance::provider_tests!(setup);
}
