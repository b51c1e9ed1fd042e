//! Rows to unify.

use chrono::{DateTime, Utc};
use polyprofile_core::{
    AccountOverrides, Accounts, ConnectedPlatform, ConnectionStatus, HealthPolicy, Platform, Profile, ProfileId,
    ProviderId, SightingId, unify,
};

/// The moment at which everything is judged.
pub(crate) const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

pub(crate) fn id(provider: &str, key: &str) -> ProfileId {
    ProfileId::new(ProviderId::new(provider), key)
}

pub(crate) fn profile(provider: &str, key: &str, connections: Vec<ConnectedPlatform>) -> Profile {
    let mut profile = Profile::new(id(provider, key));
    profile.connected_platforms = connections;
    profile
}

/// A connection from `platform; id=..; user=..; name=..; url=..`.
pub(crate) fn connection(text: &str) -> ConnectedPlatform {
    let mut parts = text.split("; ");
    let platform = Platform::parse(parts.next().unwrap_or_default().trim());
    let mut connection = ConnectedPlatform::new(platform, ConnectionStatus::Active);
    for part in parts {
        let (field, value) = part.split_once('=').unwrap_or_else(|| panic!("`{part}` is no field: {text}"));
        let field = match field {
            "id" => &mut connection.account_id,
            "user" => &mut connection.username,
            "name" => &mut connection.display_name,
            "url" => &mut connection.profile_url,
            _ => panic!("there is no field `{field}`: {text}"),
        };
        *field = Some(value.to_owned());
    }
    connection
}

/// One profile a row, of providers named by their place: `p0`, `p1`.
pub(crate) fn rows(rows: &[&str]) -> Vec<Profile> {
    let profiles =
        rows.iter().enumerate().map(|(place, row)| profile(&format!("p{place}"), "key", vec![connection(row)]));
    profiles.collect()
}

pub(crate) fn unified(profiles: &[Profile]) -> Accounts {
    overridden(profiles, &AccountOverrides::new())
}

pub(crate) fn overridden(profiles: &[Profile], overrides: &AccountOverrides) -> Accounts {
    unify(profiles, NOW, &HealthPolicy::default(), overrides)
}

/// Who is together, by provider: `p0+p2 p1`.
pub(crate) fn partition(accounts: &Accounts) -> String {
    let mut sets: Vec<String> = accounts
        .accounts
        .iter()
        .map(|account| providers(account.sightings.iter().map(|sighting| &sighting.id)).join("+"))
        .collect();
    sets.sort();
    sets.join(" ")
}

pub(crate) fn providers<'a>(ids: impl IntoIterator<Item = &'a SightingId>) -> Vec<&'a str> {
    ids.into_iter().map(|id| id.provider().as_str()).collect()
}
