//! Connects an account, and renews a broken connection: the act that follows every "broken".
//!
//! The same request works at every vendor; what one does not offer, its capabilities say beforehand.
//!
//! ```sh
//! cargo run --example connect_account
//! ```
#![allow(clippy::print_stdout)]

mod support;

use chrono::Utc;
use polyprofile::{
    Aggregator, CallbackOutcome, ConnectCredentials, ConnectMethod, ConnectOutcome, ConnectRequest, ConnectTarget,
    HealthPolicy, ListOptions, NormalizedPlatform as _, Platform, Provider as _, VendorApi as _, Verdict,
};

/// Where the account's owner comes back to, with a parameter of our own.
const RETURN_URL: &str = "https://your-service.example/connected?customer=42";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let setup = support::setup().await?;
    for provider in &setup.providers {
        println!("{}", provider.id());
        let by_link = provider.capabilities().connect.iter().filter(|one| one.method == ConnectMethod::Link);
        let platforms: Vec<&str> = by_link.map(|one| one.platform.label()).collect();
        println!("    connects by link: {}", platforms.join(", "));

        // The first broken connection that this vendor lists, to be renewed.
        let aggregate = Aggregator::new().with(provider.clone())?.collect(&ListOptions::new()).await;
        let broken = aggregate.profiles.iter().find_map(|profile| {
            let connection = profile.connected_platforms.iter().find(|connection| {
                let health = connection.health(Utc::now(), &HealthPolicy::default());
                connection.platform == Platform::LinkedIn
                    && health.is_some_and(|health| health.verdict == Verdict::Broken)
            })?;
            Some((profile, connection))
        });
        let Some((profile, connection)) = broken else {
            println!("    no broken LinkedIn connection");
            continue;
        };
        println!("    broken: {} of {}", connection.platform.label(), profile.id);

        let target = ConnectTarget::Reconnect(profile.connection_key(connection));
        let credentials = ConnectCredentials::Link { return_url: RETURN_URL.to_owned() };
        let request = ConnectRequest::new(target, connection.platform.clone(), credentials);
        match provider.connect(request).await {
            // Only its owner may see the link: it may hold a key. So here it is not printed.
            Ok(ConnectOutcome::Link(link)) => {
                println!("    its owner opens a link of {} letters", link.expose_url().len());
            }
            Ok(outcome) => println!("    {outcome:?}"),
            Err(error) => println!("    {error}; {}", error.remedy()),
        }

        // What the return URL says, when the owner comes back after having closed the page.
        let url = format!("{RETURN_URL}&failure=true&error_code=user_abandoned");
        let callback = provider.connect_callback(&url)?;
        match callback.outcome {
            CallbackOutcome::Failed { explanation, .. } => println!("    came back: {explanation}"),
            _ => println!("    came back: nothing says that it failed"),
        }
        println!("    our own parameters: {:?}", callback.query);
    }
    Ok(())
}
