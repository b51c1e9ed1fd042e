//! Which connections are one account, as the user says: `[[accounts.together]]` and `[[accounts.apart]]`.

use polyprofile_core::{AccountOverrides, ConnectionSelector, Platform, ProfileId, ProviderId, Result};

use super::document::{Section, shown};

/// What the document says; `providers` are the names of those in it.
pub(super) fn overrides(root: &Section<'_>, providers: &[&str]) -> Result<AccountOverrides> {
    let mut overrides = AccountOverrides::new();
    let form = "[[accounts.together]] or [[accounts.apart]]";
    let Some(accounts) = root.section("accounts", form)? else { return Ok(overrides) };
    accounts.refuse_others(&["together", "apart"], |_| None)?;
    for (name, sets) in [("together", &mut overrides.together), ("apart", &mut overrides.apart)] {
        let form = format!("[[accounts.{name}]], with two brackets on each side");
        for section in accounts.sections(name, &form)? {
            sets.push(set(&section, providers)?);
        }
    }
    Ok(overrides)
}

/// The connections of one set.
fn set(section: &Section<'_>, providers: &[&str]) -> Result<Vec<ConnectionSelector>> {
    section.refuse_others(&["connections"], |_| None)?;
    let form = "connections = [{ provider = \"NAME\", profile = \"KEY\" }, ...]";
    let connections = section.sections("connections", form)?;
    if connections.len() < 2 {
        return Err(section.error_here(format_args!("two connections or more make a set: write {form}")));
    }
    connections.iter().map(|connection| selector(connection, providers)).collect()
}

fn selector(section: &Section<'_>, providers: &[&str]) -> Result<ConnectionSelector> {
    section.refuse_others(&["provider", "profile", "platform", "account_id"], |_| None)?;
    let missing = |name: &str, what: &str| section.error_here(format_args!("`{name}` is missing: name {what}"));
    let (provider, place) =
        section.text("provider")?.ok_or_else(|| missing("provider", "the provider of the connection"))?;
    if !providers.contains(&provider) {
        let provider = shown(provider).map_or_else(|| "of that name".to_owned(), |name| format!("`{name}`"));
        let known = providers.join(", ");
        return Err(
            section.error_at(place, format_args!("there is no provider {provider} in this file: there are {known}"))
        );
    }
    let (profile, _) = section.text("profile")?.ok_or_else(|| missing("profile", "the vendor's key of the profile"))?;
    let mut selector = ConnectionSelector::profile(ProfileId::new(ProviderId::new(provider), profile));
    selector.platform = section.text("platform")?.map(|(platform, _)| Platform::parse(platform));
    selector.account_id = section.text("account_id")?.map(|(id, _)| id.to_owned());
    Ok(selector)
}
