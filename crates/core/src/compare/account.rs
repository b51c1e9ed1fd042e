//! Which connections are one account, whichever provider they came through.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::{
    health::HealthPolicy,
    ids::ProfileId,
    normalize::NormalizedProfile,
    profile::{ConnectedPlatform, Profile},
    unify::{AccountOverrides, unify},
};

/// For each provider's connections the numbers of their accounts, by the rules of [`unify`].
pub(super) fn accounts(
    connections: &[Vec<(&Profile, &ConnectedPlatform)>],
    now: DateTime<Utc>,
    policy: &HealthPolicy,
) -> Vec<Vec<u64>> {
    let all: Vec<Numbered<'_>> = connections.iter().flat_map(|own| own.iter().enumerate().map(numbered)).collect();
    let found = unify(&all, now, policy, &AccountOverrides::new());
    let mut numbers: HashMap<ProfileId, u64> = HashMap::with_capacity(all.len());
    for (number, account) in (0..).zip(found.accounts) {
        numbers.extend(account.sightings.into_iter().map(|sighting| (sighting.id.connection.profile, number)));
    }
    // Every connection is in one account.
    let number = |connection| numbers.get(&numbered(connection).id).copied().unwrap_or_default();
    connections.iter().map(|own| own.iter().enumerate().map(number).collect()).collect()
}

fn numbered<'a>((place, (profile, connection)): (usize, &(&'a Profile, &'a ConnectedPlatform))) -> Numbered<'a> {
    Numbered { id: ProfileId::new(profile.id.provider.clone(), place.to_string()), connection }
}

/// One connection as a profile of its own, named by its place in its provider's list: keys of connections may be equal,
/// places are not.
struct Numbered<'a> {
    id: ProfileId,
    connection: &'a ConnectedPlatform,
}

impl NormalizedProfile for Numbered<'_> {
    type Platform = ConnectedPlatform;

    fn id(&self) -> &ProfileId {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        None
    }

    fn connected_platforms(&self) -> &[ConnectedPlatform] {
        std::slice::from_ref(self.connection)
    }
}
