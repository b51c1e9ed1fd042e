//! One account, whatever vendors it came through.
//!
//! The same page is often connected through two vendors at once: one connection ends in two days, the
//! other is in good order. [`unify`] finds that out, says why it thinks so, and what that means.
//!
//! | file | holds |
//! | --- | --- |
//! | `page.rs` | the parts of an address |
//! | `naming.rs` | ids, handles and pages in one spelling, by each platform's own rules |
//! | `identity.rs` | everything that names one connection's account |
//! | `linking.rs` | which connections are one account, in rounds; `union_find.rs` holds the sets |
//! | `choice.rs`, `outlook.rs` | which value stands for an account; what works now and what breaks next |
//! | `suggesting.rs` | accounts that may be one |
//! | `overrides.rs`, `account.rs`, `report.rs` | what the user says; what comes out, alone and with all around it |

mod account;
mod choice;
mod identity;
mod linking;
mod naming;
mod outlook;
mod overrides;
mod page;
mod report;
mod suggesting;
mod union_find;

use std::collections::HashMap;

use chrono::{DateTime, Utc};

pub use account::{
    AccountLink, Accounts, Choice, ChoiceRule, Disagreement, LinkRule, LinkedSighting, NextBreak, Note, NoteKind,
    Sighting, SightingId, Suggestion, SuggestionReason, ToldBy, UnifiedAccount,
};
pub use overrides::{AccountOverrides, ConnectionSelector, OverrideProblem};
pub use report::{AccountFilter, AccountsReport};

use self::{
    choice::{Field, Told, choose, choose_audience, spelling_of},
    identity::Identity,
    linking::{Facts, Linking, Place},
};
use crate::{
    aggregate::Aggregate,
    health::HealthPolicy,
    ids::ConnectionKey,
    normalize::{NormalizedPlatform, NormalizedProfile},
};

/// Finds the accounts behind `profiles`, judged at `now`. Rows of your own take part like any others.
///
/// Connections are one account if they share, on one platform, the strongest first: the platform's own id; the
/// handle in the platform's own spelling; the address of the page. A display name alone never links: it gives a
/// [`Suggestion`]. So does everything that contradicts itself, such as one handle with two ids. What `overrides`
/// say wins over all of it.
///
/// The order of the rows makes no difference. The cost grows with the number of rows, and little more.
pub fn unify<'a, P: NormalizedProfile + 'a>(
    profiles: impl IntoIterator<Item = &'a P>,
    now: DateTime<Utc>,
    policy: &HealthPolicy,
    overrides: &AccountOverrides,
) -> Accounts {
    let rows = rows(profiles, now, policy);
    let mut problems = Vec::new();
    let facts = Facts {
        platforms: rows.iter().map(|row| row.connection.platform()).collect(),
        identities: rows.iter().map(|row| Identity::of(row.connection)).collect(),
        together: together(&rows, overrides, &mut problems),
        apart: apart(&rows, overrides, &mut problems),
    };
    let mut linking = Linking::of(&facts);
    for (group, set) in linking.groups().iter().zip(&facts.together) {
        if !group.is_link && set.len() > 1 {
            let connections = set.iter().map(|place| rows[*place as usize].sighting.id.to_string()).collect();
            problems.push(OverrideProblem::Contradiction { connections });
        }
    }
    problems.sort();
    problems.dedup();
    let suggestions = suggesting::suggestions(&rows, &facts, &mut linking);
    Accounts { accounts: accounts(&rows, &facts, &mut linking), suggestions, override_problems: problems }
}

impl Aggregate {
    /// The accounts behind everything that was listed, as [`unify`] says.
    pub fn accounts(&self, now: DateTime<Utc>, policy: &HealthPolicy, overrides: &AccountOverrides) -> Accounts {
        unify(&self.profiles, now, policy, overrides)
    }
}

/// One connection, as it was listed and as it is shown.
struct Row<'a, C> {
    connection: &'a C,
    sighting: Sighting,
}

/// Every connection in an order that depends on nothing but what is told.
fn rows<'a, P: NormalizedProfile + 'a>(
    profiles: impl IntoIterator<Item = &'a P>,
    now: DateTime<Utc>,
    policy: &HealthPolicy,
) -> Vec<Row<'a, P::Platform>> {
    let mut rows = Vec::new();
    for profile in profiles {
        for connection in profile.connected_platforms().iter().filter(|connection| connection.is_connection()) {
            let Some(health) = connection.health(now, policy) else { continue };
            let account_id = connection.account_id().map(str::to_owned);
            let key = ConnectionKey::new(profile.id().clone(), connection.platform().clone(), account_id);
            let (status, expiry) = (connection.status().clone(), connection.expiry().clone());
            let mut sighting = Sighting::new(SightingId::new(key), status, expiry, health);
            sighting.profile_name = profile.name().map(str::to_owned);
            sighting.group = profile.group().cloned();
            rows.push(Row { connection, sighting });
        }
    }
    rows.sort_by(|one, other| {
        let texts = |row: &Row<'a, P::Platform>| {
            let connection = row.connection;
            [connection.username(), connection.display_name(), connection.profile_url(), connection.avatar_url()]
                .map(|text| text.map(str::to_owned))
        };
        // What is in one profile under one key is rare, and told apart by whatever it tells.
        let rest = |row: &Row<'a, P::Platform>| {
            let Sighting { profile_name, group, status, expiry, .. } = &row.sighting;
            format!(
                "{:?}",
                (profile_name, group, status, row.connection.status_reason(), expiry, row.connection.audience())
            )
        };
        let by_key = one.sighting.id.cmp(&other.sighting.id);
        by_key.then_with(|| texts(one).cmp(&texts(other))).then_with(|| rest(one).cmp(&rest(other)))
    });
    for place in 1..rows.len() {
        let before = &rows[place - 1].sighting.id;
        if before.connection == rows[place].sighting.id.connection {
            rows[place].sighting.id.nth = before.nth + 1;
        }
    }
    rows
}

/// The sets that the user wants together, as far as they are listed and on one platform.
fn together<C: NormalizedPlatform>(
    rows: &[Row<'_, C>],
    overrides: &AccountOverrides,
    problems: &mut Vec<OverrideProblem>,
) -> Vec<Vec<Place>> {
    let sets = overrides.together.iter().filter_map(|set| {
        let mut places: Vec<Place> = set.iter().flat_map(|one| places_of(rows, one, problems)).collect();
        places.sort_unstable();
        places.dedup();
        let is_one_platform = places
            .windows(2)
            .all(|pair| rows[pair[0] as usize].connection.platform() == rows[pair[1] as usize].connection.platform());
        if !is_one_platform {
            let connections = set.iter().map(ToString::to_string).collect();
            problems.push(OverrideProblem::AcrossPlatforms { connections });
        }
        is_one_platform.then_some(places)
    });
    sets.collect()
}

/// The sets that the user keeps apart: each connection with the number of what named it first.
fn apart<C>(
    rows: &[Row<'_, C>],
    overrides: &AccountOverrides,
    problems: &mut Vec<OverrideProblem>,
) -> Vec<Vec<(Place, u32)>> {
    let sets = overrides.apart.iter().map(|set| {
        let mut named: Vec<(Place, u32)> = Vec::new();
        for (selector, number) in set.iter().zip(0..) {
            for place in places_of(rows, selector, problems) {
                if !named.iter().any(|(known, _)| *known == place) {
                    named.push((place, number));
                }
            }
        }
        named
    });
    sets.collect()
}

/// The connections that a user means.
fn places_of<C>(rows: &[Row<'_, C>], selector: &ConnectionSelector, problems: &mut Vec<OverrideProblem>) -> Vec<Place> {
    // Rows are sorted by profile.
    let profile_of = |row: &Row<'_, C>| row.sighting.id.connection.profile.clone();
    let start = rows.partition_point(|row| profile_of(row) < selector.profile);
    let inside = rows[start..].iter().take_while(|row| row.sighting.id.connection.profile == selector.profile);
    let places: Vec<Place> = inside
        .zip(start..)
        .filter(|(row, _)| selector.is_of(&row.sighting.id))
        .filter_map(|(_, place)| Place::try_from(place).ok())
        .collect();
    if places.is_empty() {
        problems.push(OverrideProblem::NotListed { connection: selector.to_string() });
    }
    places
}

fn accounts<C: NormalizedPlatform>(
    rows: &[Row<'_, C>],
    facts: &Facts<'_>,
    linking: &mut Linking,
) -> Vec<UnifiedAccount> {
    let mut accounts: Vec<UnifiedAccount> = Vec::new();
    let mut numbers: HashMap<Place, usize> = HashMap::new();
    let mut members: Vec<Vec<Place>> = Vec::new();
    for place in (0..).take(rows.len()) {
        let number = *numbers.entry(linking.account_of(place)).or_insert_with(|| {
            members.push(Vec::new());
            members.len() - 1
        });
        members[number].push(place);
    }
    accounts.extend(members.iter().map(|places| account(rows, facts, places)));
    let link_accounts: Vec<Option<Place>> = linking
        .groups()
        .iter()
        .map(|group| group.members.first().filter(|_| group.is_link).map(|member| member.0))
        .collect();
    for (place, group) in link_accounts.into_iter().zip(0..) {
        let Some(number) = place.and_then(|place| numbers.get(&linking.account_of(place)).copied()) else { continue };
        let group = &linking.groups()[group];
        let sightings = group
            .members
            .iter()
            .map(|(place, told_by)| LinkedSighting::new(rows[*place as usize].sighting.id.clone(), *told_by));
        accounts[number].because.push(AccountLink::new(group.rule, group.name.clone(), sightings.collect()));
    }
    for (account, other) in linking.apart_accounts(facts) {
        if let Some(number) = numbers.get(&account) {
            accounts[*number].kept_apart_from.push(rows[other as usize].sighting.id.clone());
        }
    }
    for account in &mut accounts {
        account.because.sort_by(|one, other| (one.rule, &one.name).cmp(&(other.rule, &other.name)));
        account.kept_apart_from.sort();
        account.kept_apart_from.dedup();
    }
    accounts.sort_by_cached_key(|account| {
        let label = choice::spelling_of_display_name(account.label().trim_start_matches('@'));
        (account.platform.clone(), label, account.sightings.first().map(|sighting| sighting.id.clone()))
    });
    accounts
}

/// Puts together what the connections at `places` tell; there is at least one.
fn account<C: NormalizedPlatform>(rows: &[Row<'_, C>], facts: &Facts<'_>, places: &[Place]) -> UnifiedAccount {
    let seen: Vec<&Row<'_, C>> = places.iter().map(|place| &rows[*place as usize]).collect();
    let platform = seen[0].connection.platform();
    let text = |field: Field, of: fn(&C) -> Option<&str>| {
        let told = seen.iter().filter_map(|row| {
            let value = of(row.connection).filter(|text| !text.trim().is_empty())?;
            let spelling = spelling_of(field, platform, value);
            Some(Told { value: value.to_owned(), spelling, by: &row.sighting })
        });
        choose(told.collect())
    };
    let audiences = seen.iter().filter_map(|row| {
        let audience = row.connection.audience().filter(|audience| !audience.is_empty())?;
        Some(Told { value: audience.clone(), spelling: format!("{audience:?}"), by: &row.sighting })
    });
    let sightings: Vec<Sighting> = places
        .iter()
        .zip(&seen)
        .map(|(place, row)| Sighting { notes: facts.identities[*place as usize].notes.clone(), ..row.sighting.clone() })
        .collect();
    let verdict = sightings.iter().map(|sighting| sighting.health.verdict).min();
    // Every set of the union has a member.
    let verdict = verdict.unwrap_or(crate::Verdict::Unknown);
    let mut account = UnifiedAccount::new(platform.clone(), verdict, outlook::next_break(&sightings));
    account.account_id = text(Field::AccountId, C::account_id);
    account.username = text(Field::Username, C::username);
    account.display_name = text(Field::DisplayName, C::display_name);
    account.avatar_url = text(Field::AvatarUrl, C::avatar_url);
    account.profile_url = text(Field::ProfileUrl, C::profile_url);
    account.audience = choose_audience(audiences.collect());
    account.can_post = outlook::can_post(&sightings);
    account.post_through = outlook::post_through(&sightings).cloned();
    account.sightings = sightings;
    account
}
