//! What holds for any rows and any words of the user.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use polyprofile_core::{
    AccountOverrides, Accounts, ConnectedPlatform, ConnectionSelector, ConnectionStatus, Expiry, LinkRule,
    OverrideProblem, Platform, Profile, SightingId,
};
use proptest::prelude::*;

use crate::support::{NOW, overridden, profile, unified};

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_makes_no_difference((profiles, shuffled) in profiles_in_two_orders(), overrides in any_overrides()) {
        let (one, other) = (overridden(&profiles, &overrides), overridden(&shuffled, &overrides));
        let json = |accounts: &Accounts| serde_json::to_string(accounts).expect("it serializes");
        prop_assert_eq!(json(&one), json(&other));
    }

    #[test]
    fn every_connection_is_in_exactly_one_account(profiles in any_profiles(), overrides in any_overrides()) {
        let accounts = overridden(&profiles, &overrides);
        let connections: Vec<_> = profiles.iter().flat_map(|one| one.connected_platforms.iter().map(move |it| (one, it)))
            .filter(|(_, connection)| connection.relation == polyprofile_core::Relation::Connected).collect();
        let mut listed: Vec<_> = connections.iter().map(|(one, it)| one.connection_key(it)).collect();
        let sightings: Vec<&SightingId> = ids(&accounts).collect();
        let mut seen: Vec<_> = sightings.iter().map(|id| id.connection.clone()).collect();
        listed.sort();
        seen.sort();
        prop_assert_eq!(seen, listed);
        prop_assert_eq!(sightings.iter().collect::<BTreeSet<_>>().len(), sightings.len(), "every name is one");
        for account in &accounts.accounts {
            prop_assert!(account.sightings.iter().all(|sighting| sighting.id.connection.platform == account.platform));
        }
    }

    /// What was found, said by the user, is found again: it tells nothing new.
    #[test]
    fn it_is_idempotent(profiles in any_profiles(), overrides in any_overrides()) {
        let profiles = with_a_name_for_each(profiles);
        let mut said = overrides;
        said.together.clear();
        let first = overridden(&profiles, &said);
        said.together = first.accounts.iter().map(|account| {
            account.sightings.iter().map(|sighting| selector(&sighting.id)).collect()
        }).collect();
        prop_assert_eq!(sets(&overridden(&profiles, &said)), sets(&first));
    }

    #[test]
    fn the_user_wins(profiles in any_profiles(), overrides in any_overrides()) {
        let accounts = overridden(&profiles, &overrides);
        let number: BTreeMap<&SightingId, usize> = accounts.accounts.iter().enumerate()
            .flat_map(|(number, account)| account.sightings.iter().map(move |sighting| (&sighting.id, number))).collect();
        let named = |selector: &ConnectionSelector| number.iter().filter(|(id, _)| selects(selector, id))
            .map(|(id, number)| ((*id).clone(), *number)).collect::<Vec<_>>();
        for set in &overrides.apart {
            for (place, one) in set.iter().enumerate() {
                let earlier: Vec<_> = set[..place].iter().flat_map(&named).map(|(id, _)| id).collect();
                for (id, account) in named(one).into_iter().filter(|(id, _)| !earlier.contains(id)) {
                    for other in &set[..place] {
                        let in_one = named(other).into_iter().any(|(_, other)| other == account);
                        prop_assert!(!in_one, "{} is with {other}", id);
                    }
                }
            }
        }
        let is_unheard = accounts.override_problems.iter().any(|one| !matches!(one, OverrideProblem::NotListed { .. }));
        if !is_unheard {
            for set in &overrides.together {
                let numbers: BTreeSet<usize> = set.iter().flat_map(&named).map(|(_, number)| number).collect();
                prop_assert!(numbers.len() <= 1, "{set:?} is in {numbers:?}");
            }
        }
    }

    /// An account's links reach each of its sightings from any other, and nobody else's.
    #[test]
    fn every_account_is_explained(profiles in any_profiles(), overrides in any_overrides()) {
        for account in &overridden(&profiles, &overrides).accounts {
            let own: BTreeSet<&SightingId> = account.sightings.iter().map(|sighting| &sighting.id).collect();
            let mut reached: BTreeSet<&SightingId> = own.iter().take(1).copied().collect();
            for _ in &account.because {
                for link in &account.because {
                    let linked: BTreeSet<&SightingId> = link.sightings.iter().map(|one| &one.sighting).collect();
                    prop_assert!(linked.is_subset(&own));
                    if !linked.is_disjoint(&reached) {
                        reached.extend(linked);
                    }
                }
            }
            prop_assert_eq!(reached, own);
        }
    }

    #[test]
    fn no_account_has_two_ids_unless_the_user_says_so(profiles in any_profiles()) {
        for account in &unified(&profiles).accounts {
            let sightings = account.sightings.iter().map(|sighting| &sighting.id.connection);
            let ids: BTreeSet<&str> = sightings.filter_map(|key| key.account_id.as_deref()).filter(|id| !id.starts_with("ACoAA")).map(|id| {
                id.rsplit(':').next().unwrap_or_default()
            }).collect();
            prop_assert!(ids.len() <= 1, "{ids:?}");
        }
    }

    #[test]
    fn nothing_is_linked_or_suggested_twice_and_everything_is_read_back(
        profiles in any_profiles(), overrides in any_overrides()
    ) {
        let accounts = overridden(&profiles, &overrides);
        for suggestion in &accounts.suggestions {
            prop_assert!(suggestion.sightings.len() > 1);
            let of: BTreeSet<usize> = suggestion.sightings.iter().filter_map(|id| {
                accounts.accounts.iter().position(|account| account.sighting(id).is_some())
            }).collect();
            prop_assert_eq!(of.len(), suggestion.sightings.len(), "one of each account");
        }
        let json = serde_json::to_value(&accounts).expect("it serializes");
        let again: Accounts = serde_json::from_value(json).expect("it was written so");
        prop_assert_eq!(again, accounts);
    }

    /// Rows of another platform change nothing about these.
    #[test]
    fn another_platform_is_another_world(profiles in any_profiles()) {
        let mut more = profiles.clone();
        for one in &profiles {
            let connections = one.connected_platforms.iter().cloned().map(|mut connection| {
                connection.platform = Platform::Other("elsewhere".to_owned());
                connection
            });
            more.push(profile("elsewhere", &one.id.to_string(), connections.collect()));
        }
        let mut both = unified(&more);
        both.accounts.retain(|account| account.platform != Platform::Other("elsewhere".to_owned()));
        prop_assert_eq!(both.accounts, unified(&profiles).accounts);
    }
}

fn ids(accounts: &Accounts) -> impl Iterator<Item = &SightingId> {
    accounts.accounts.iter().flat_map(|account| account.sightings.iter().map(|sighting| &sighting.id))
}

fn sets(accounts: &Accounts) -> BTreeSet<Vec<SightingId>> {
    let sets = accounts.accounts.iter();
    sets.map(|account| account.sightings.iter().map(|sighting| sighting.id.clone()).collect()).collect()
}

fn selects(selector: &ConnectionSelector, id: &SightingId) -> bool {
    selector.profile == id.connection.profile
        && selector.platform.as_ref().is_none_or(|platform| *platform == id.connection.platform)
        && selector.account_id.as_ref().is_none_or(|account| Some(account) == id.connection.account_id.as_ref())
}

fn selector(id: &SightingId) -> ConnectionSelector {
    ConnectionSelector::new(id.connection.profile.clone(), id.connection.platform.clone())
}

/// At most one connection of a platform in a profile: then a selector names one.
fn with_a_name_for_each(mut profiles: Vec<Profile>) -> Vec<Profile> {
    for profile in &mut profiles {
        let mut known = BTreeSet::new();
        profile.connected_platforms.retain(|connection| known.insert(connection.platform.clone()));
    }
    profiles
}

fn any_connection() -> impl Strategy<Value = ConnectedPlatform> {
    let platform =
        prop_oneof![4 => Just(Platform::LinkedIn), 1 => Just(Platform::Twitter), 1 => Just(Platform::YouTube)];
    let text = |values: &'static [&'static str]| prop_oneof![1 => Just(None), 2 => prop::sample::select(values).prop_map(|text| Some(text.to_owned()))];
    let ids = text(&["1", "2", "urn:li:organization:1", "urn:li:member:2", "ACoAAx"]);
    let users = text(&["a", "@A", "b", "c", "in/a", "company/a", "has blanks", "ü"]);
    let names = text(&["Ann", "ann ", "@b", "Bob"]);
    let urls = text(&[
        "https://www.linkedin.com/in/a",
        "https://www.linkedin.com/company/b/",
        "https://x.com/A",
        "https://example.com/c",
        "nonsense",
    ]);
    let ends = prop_oneof![
        Just(Expiry::NotReported),
        Just(Expiry::NoDeadline),
        (-3_i64..30).prop_map(|days| Expiry::at(NOW + TimeDelta::days(days))),
        Just(Expiry::InDays { days: 2.0, seen_at: NOW }),
    ];
    let states =
        prop::sample::select(vec![ConnectionStatus::Active, ConnectionStatus::Unknown, ConnectionStatus::Failed]);
    (platform, ids, users, names, urls, ends, states, 0..20).prop_map(
        |(platform, id, user, name, url, expiry, status, chance)| {
            let mut connection = ConnectedPlatform::new(platform, status);
            if chance == 0 {
                connection = ConnectedPlatform::looked_up(connection.platform, "through");
            }
            connection.account_id = id;
            connection.username = user;
            connection.display_name = name;
            connection.profile_url = url;
            connection.expiry = expiry;
            connection
        },
    )
}

fn any_profiles() -> impl Strategy<Value = Vec<Profile>> {
    let rows = prop::collection::vec(prop::collection::vec(any_connection(), 0..3), 0..9);
    rows.prop_map(|rows| {
        let named = rows.into_iter().enumerate();
        named
            .map(|(place, connections)| profile(["p", "q", "r"][place % 3], &format!("k{place}"), connections))
            .collect()
    })
}

fn profiles_in_two_orders() -> impl Strategy<Value = (Vec<Profile>, Vec<Profile>)> {
    any_profiles().prop_flat_map(|profiles| {
        let turned = profiles.iter().cloned().map(|mut profile| {
            profile.connected_platforms.reverse();
            profile
        });
        let turned: Vec<Profile> = turned.collect();
        (Just(profiles), Just(turned).prop_shuffle())
    })
}

fn any_overrides() -> impl Strategy<Value = AccountOverrides> {
    let selector = (0..10_usize, prop::bool::weighted(0.7)).prop_map(|(place, has_platform)| {
        let profile = crate::support::id(["p", "q", "r"][place % 3], &format!("k{place}"));
        if has_platform {
            ConnectionSelector::new(profile, Platform::LinkedIn)
        } else {
            ConnectionSelector::profile(profile)
        }
    });
    let sets = prop::collection::vec(prop::collection::vec(selector, 2..4), 0..3);
    (sets.clone(), sets).prop_map(|(together, apart)| {
        let mut overrides = AccountOverrides::new();
        (overrides.together, overrides.apart) = (together, apart);
        overrides
    })
}

/// The generator must reach what the properties are about.
#[test]
fn the_rows_of_the_properties_are_of_every_sort() {
    use proptest::{strategy::ValueTree as _, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut rules = BTreeSet::new();
    let (mut reasons, mut unheard) = (BTreeSet::new(), 0);
    for _ in 0..400 {
        let profiles = any_profiles().new_tree(&mut runner).expect("rows").current();
        let overrides = any_overrides().new_tree(&mut runner).expect("words").current();
        let accounts = overridden(&profiles, &overrides);
        rules.extend(accounts.accounts.iter().flat_map(|account| &account.because).map(|link| link.rule));
        reasons.extend(accounts.suggestions.iter().map(|suggestion| suggestion.reason));
        unheard += accounts.override_problems.len();
    }
    assert_eq!(rules, BTreeSet::from([LinkRule::User, LinkRule::PlatformId, LinkRule::Handle, LinkRule::ProfileUrl]));
    assert!(reasons.len() >= 4, "{reasons:?}");
    assert!(unheard > 0);
}
