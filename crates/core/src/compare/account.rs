//! Which connections of two providers are one account.

use std::collections::HashMap;

use super::ComparedConnection;
use crate::platform::Platform;

/// For each of `connections`, the places in `others` of those that are the same account: the same platform, and
/// there the same id or the same handle, without regard to case or a leading `@`.
pub(super) fn same_accounts(connections: &[ComparedConnection], others: &[&ComparedConnection]) -> Vec<Vec<usize>> {
    let mut known: HashMap<(&Platform, Name<'_>), Vec<usize>> = HashMap::new();
    for (place, other) in others.iter().enumerate() {
        for name in names(other) {
            known.entry((&other.key.platform, name)).or_default().push(place);
        }
    }
    let places = connections.iter().map(|connection| {
        let places = names(connection).filter_map(|name| known.get(&(&connection.key.platform, name)));
        let mut places: Vec<usize> = places.flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        places
    });
    places.collect()
}

/// What an account goes by on its platform.
#[derive(PartialEq, Eq, Hash)]
enum Name<'a> {
    Id(&'a str),
    Handle(String),
}

fn names(connection: &ComparedConnection) -> impl Iterator<Item = Name<'_>> {
    let id = connection.key.account_id.as_deref().filter(|id| !id.is_empty()).map(Name::Id);
    let handle = connection.username.as_deref().map(|handle| handle.strip_prefix('@').unwrap_or(handle).to_lowercase());
    id.into_iter().chain(handle.filter(|handle| !handle.is_empty()).map(Name::Handle))
}
