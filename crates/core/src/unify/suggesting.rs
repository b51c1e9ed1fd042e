//! Accounts that may be one, where nothing makes that sure.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    Row,
    account::{Suggestion, SuggestionReason},
    choice::spelling_of_display_name,
    identity::Identity,
    linking::{Facts, Linking, Place},
    naming::Space,
};
use crate::{normalize::NormalizedPlatform, platform::Platform};

/// Everything that is worth a look: what was shared and contradicted, and equal display names. Accounts that the
/// user keeps apart are not suggested again.
pub(super) fn suggestions<C: NormalizedPlatform>(
    rows: &[Row<'_, C>],
    facts: &Facts<'_>,
    linking: &mut Linking,
) -> Vec<Suggestion> {
    let mut found = Found { rows, facts, linking, known: HashSet::new(), suggestions: Vec::new() };
    let contradicted: Vec<_> = found.linking.groups().iter().filter(|group| !group.is_link).collect();
    let contradicted: Vec<(SuggestionReason, String, Vec<Place>)> = contradicted
        .into_iter()
        .filter_map(|group| {
            let places = group.members.iter().map(|member| member.0).collect();
            Some((group.reason()?, group.name.clone()?, places))
        })
        .collect();
    for (reason, name, places) in contradicted {
        found.add(reason, name, &places);
    }
    // A name that is suggested for a stronger reason needs no weaker one.
    let known: HashSet<String> = found.suggestions.iter().map(|suggestion| suggestion.name.clone()).collect();
    for (name, places) in untold_holders(facts).into_iter().filter(|(name, _)| !known.contains(name)) {
        found.add(SuggestionReason::HolderUntold, name, &places);
    }
    for places in same_display_name(rows, facts).into_values() {
        found.add_by_name(&places);
    }
    let mut suggestions = found.suggestions;
    suggestions.sort_by(|one, other| {
        let key = |one: &Suggestion| (one.platform.clone(), one.reason, one.name.clone());
        key(one).cmp(&key(other)).then_with(|| one.sightings.cmp(&other.sightings))
    });
    suggestions
}

struct Found<'a, 'b, C> {
    rows: &'a [Row<'b, C>],
    facts: &'a Facts<'a>,
    linking: &'a mut Linking,
    /// Sets of accounts that are suggested already, for a stronger reason.
    known: HashSet<Vec<Place>>,
    suggestions: Vec<Suggestion>,
}

impl<C: NormalizedPlatform> Found<'_, '_, C> {
    /// Suggests the accounts of `places`, if they are several.
    fn add(&mut self, reason: SuggestionReason, name: String, places: &[Place]) {
        let mut first: BTreeMap<Place, Place> = BTreeMap::new();
        for place in places {
            let account = self.linking.account_of(*place);
            let first = first.entry(account).or_insert(*place);
            *first = (*first).min(*place);
        }
        let accounts: Vec<Place> = first.keys().copied().collect();
        if accounts.len() < 2 || self.linking.are_kept_apart(&accounts) || !self.known.insert(accounts) {
            return;
        }
        let mut places: Vec<Place> = first.into_values().collect();
        places.sort_unstable();
        let platform = self.facts.platforms[places[0] as usize].clone();
        let sightings = places.iter().map(|place| self.rows[*place as usize].sighting.id.clone()).collect();
        self.suggestions.push(Suggestion::new(platform, reason, name, sightings));
    }

    /// The same for accounts of one display name, unless each of them tells another id or handle: then they are
    /// known to be several.
    fn add_by_name(&mut self, places: &[Place]) {
        let mut told: HashMap<Place, (bool, bool)> = HashMap::new();
        for place in places {
            // What one sighting of an account does not tell, another may.
            let (has_id, has_handle) = told.entry(self.linking.account_of(*place)).or_default();
            let identity = &self.facts.identities[*place as usize];
            *has_id |= identity.has_id();
            *has_handle |= identity.has_handle();
        }
        if told.values().all(|(has_id, _)| *has_id) || told.values().all(|(_, has_handle)| *has_handle) {
            return;
        }
        let name = places.iter().find_map(|place| self.rows[*place as usize].connection.display_name());
        self.add(SuggestionReason::DisplayName, name.unwrap_or_default().trim().to_owned(), places);
    }
}

/// Identifiers that may be a person's or an organization's, with everybody who has them.
fn untold_holders(facts: &Facts<'_>) -> Vec<(String, Vec<Place>)> {
    let mut shared: BTreeMap<(bool, &str), Vec<(Place, &Identity)>> = BTreeMap::new();
    let linkedin = (0..).zip(&facts.identities).zip(&facts.platforms);
    for ((place, identity), _) in linkedin.filter(|(_, platform)| **platform == &Platform::LinkedIn) {
        for (name, _) in identity.names.iter().filter(|(name, _)| name.space != Space::Address) {
            shared.entry((name.space.is_id(), &name.text)).or_default().push((place, identity));
        }
    }
    let is_untold = |members: &[(Place, &Identity)]| members.iter().any(|(_, identity)| identity.holder.is_none());
    let shared = shared.into_iter().filter(|(_, members)| is_untold(members));
    shared.map(|((_, name), members)| (name.to_owned(), members.into_iter().map(|member| member.0).collect())).collect()
}

fn same_display_name<'a, C: NormalizedPlatform>(
    rows: &[Row<'_, C>],
    facts: &Facts<'a>,
) -> BTreeMap<(&'a Platform, String), Vec<Place>> {
    let mut shared: BTreeMap<(&Platform, String), Vec<Place>> = BTreeMap::new();
    for ((row, platform), place) in rows.iter().zip(&facts.platforms).zip(0..) {
        let name = spelling_of_display_name(row.connection.display_name().unwrap_or_default());
        if !name.is_empty() && !name.starts_with('@') {
            shared.entry((*platform, name)).or_default().push(place);
        }
    }
    shared.retain(|_, places| places.len() > 1);
    shared
}
