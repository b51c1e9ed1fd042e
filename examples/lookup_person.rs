//! Somebody's page on a network, seen through a linked account: a short card, the same for every platform, and which
//! of its lists hold less than there is.
//!
//! ```sh
//! cargo run --example lookup_person
//! cargo run --example lookup_person -- jordan-walke
//! ```
#![allow(clippy::print_stdout)]

mod support;

use polyprofile::{Operation, Person, PersonQuery, Profile, Provider as _, VendorApi as _};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let setup = support::setup().await?;
    // The capabilities say in advance who can be asked.
    let looks_up = |provider: &&polyprofile::AnyProvider| provider.capabilities().supports(Operation::LookUpPerson);
    let Some(provider) = setup.providers.iter().find(looks_up) else {
        println!("None of these vendors looks up people.");
        return Ok(());
    };

    let mut identifiers: Vec<String> = std::env::args().skip(1).collect();
    if identifiers.is_empty() {
        identifiers = ["ada-nyberg", "tomas-herrera", "nobody-of-that-name"].map(str::to_owned).to_vec();
    }
    for identifier in identifiers {
        // It goes through the linked account that is configured (POSTPRESS_ACCOUNT_ID), unless `through` names one.
        // Nobody is told about the visit, unless `notify` says so.
        let mut query = PersonQuery::new(&identifier);
        // Without sections the vendor sends the head of the page alone.
        query.sections = vec!["*".to_owned()];
        match provider.person(query).await {
            Ok(profile) => show(&profile),
            Err(error) => println!("{identifier}: {error}; {}\n", error.remedy()),
        }
    }
    Ok(())
}

/// A person comes as a profile with one platform: looked up, so that it can neither expire nor break.
fn show(profile: &Profile) {
    for platform in &profile.connected_platforms {
        let Some(person) = &platform.person else { continue };
        println!("{} on {}", name(person), platform.platform.label());
        for line in [&person.headline, &person.location, &platform.profile_url].into_iter().flatten() {
            println!("    {line}");
        }
        if let Some(followers) = platform.audience.as_ref().and_then(|audience| audience.followers) {
            println!("    {followers} followers");
        }
        for position in &person.positions {
            let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "(not told)".to_owned());
            let year = |date: &Option<polyprofile::PartialDate>| date.as_ref().and_then(|date| date.year);
            let from = year(&position.start).map_or_else(String::new, |year| format!(", from {year}"));
            let to = year(&position.end).map_or_else(String::new, |year| format!(" to {year}"));
            println!("    {} at {}{from}{to}", text(&position.title), text(&position.organization));
        }
        // An empty list that is named here means "not known", and not "none".
        for list in &person.incomplete {
            let total = list.total.map_or_else(|| "more".to_owned(), |total| total.to_string());
            let why = if list.throttled { ", because it was asked too often" } else { "" };
            println!("    incomplete: {} of {total} in {}{why}", list.received, list.list);
        }
        println!();
    }
}

fn name(person: &Person) -> String {
    let parts = [&person.first_name, &person.last_name].into_iter().flatten().map(String::as_str);
    person.full_name.clone().unwrap_or_else(|| parts.collect::<Vec<_>>().join(" "))
}
