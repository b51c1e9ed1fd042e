//! One program for any vendor. Which one is decided outside of it: by the features it is built with, or by a name.
//!
//! ```sh
//! cargo run --example switch_by_feature
//! VENDOR=postpress cargo run --example switch_by_feature
//! cargo run -p polyprofile-examples --example switch_by_feature --no-default-features --features postcore
//! ```
//!
//! In your own program the feature is a word in `Cargo.toml`, and what is switched off is not even built:
//!
//! ```toml
//! polyprofile = { version = "0.1", default-features = false, features = ["postcore"] }
//! ```
#![allow(clippy::print_stdout)]

mod support;

use chrono::Utc;
use polyprofile::{
    Aggregator, HealthPolicy, ListOptions, Operation, Provider, ProviderExt as _, VENDORS, Vendor, VendorApi,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let switched_on: Vec<&str> = VENDORS.iter().map(Vendor::as_str).collect();
    println!("This build knows {}.", switched_on.join(", "));

    let name = std::env::var("VENDOR").unwrap_or_else(|_| switched_on[0].to_owned());
    // In your own program: `Environment::of_process().provider(&Vendor::new(name), &HttpConfig::new())?`.
    let setup = support::setup().await?;
    let found = setup.providers.iter().find(|provider| provider.vendor().as_str() == name);
    let provider = found.ok_or_else(|| format!("VENDOR is {name}: this build has no such vendor"))?;

    // From here on nothing says which vendor it is. `AnyProvider` is an enum of those that are switched on.
    introduce(provider);
    look_around(provider).await?;
    let aggregate = Aggregator::new().with(provider.clone())?.collect(&ListOptions::new()).await;
    println!("All of it: {}.", aggregate.summary(Utc::now(), &HealthPolicy::default()));
    Ok(())
}

/// What the vendors differ in is data, not types: a program asks, and needs no branch for each of them.
fn introduce(provider: &impl Provider) {
    let capabilities = provider.capabilities();
    println!("{} was chosen. About expiry it tells: {:?}.", provider.id(), capabilities.expiry);
    for operation in [Operation::ListGroups, Operation::GetStats, Operation::LookUpPerson] {
        let answer = if capabilities.supports(operation) { "yes" } else { "no" };
        println!("    {operation}: {answer}");
    }
}

/// Where a vendor lacks something, the same call says so, and nothing is sent.
async fn look_around(provider: &impl VendorApi) -> polyprofile::Result<()> {
    let rows = provider.list(ListOptions::new()).await?;
    println!("{} rows; groups:", rows.len());
    match provider.groups().await {
        Ok(groups) => groups.iter().for_each(|group| println!("    {}", group.id)),
        Err(error) => println!("    {error}"),
    }
    Ok(())
}
