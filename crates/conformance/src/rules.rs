//! The rules themselves.

use std::collections::HashSet;

use futures_util::StreamExt as _;
use polyprofile_core::{
    Capabilities, ConnectCredentials, ConnectRequest, ConnectTarget, ConnectedPlatform, CreateGroup, CreateProfile,
    Error, ErrorKind, Expiry, ExpiryReporting, GetOptions, GroupId, HealthPolicy, ListOptions, Listed,
    NormalizedPlatform as _, Operation, PersonQuery, Platform, Profile, ProfileId, Provider, ProviderExt as _,
    ProviderId, Relation, Result, StatsQuery, VendorApi,
    reexport::chrono::{DateTime, TimeDelta, Utc},
};

/// How many profiles are fetched one by one.
const SAMPLE: usize = 5;

/// A listing ends without an error, and asking it again gives nothing more.
///
/// # Panics
///
/// If it does not.
pub async fn the_list_ends_and_stays_ended(provider: impl Provider) {
    let mut rows = provider.profiles(ListOptions::new());
    while let Some(row) = rows.next().await {
        row.unwrap_or_else(|error| panic!("a listing gives rows, but it gave: {error}"));
    }
    assert!(rows.next().await.is_none(), "a listing that has ended stays ended");
}

/// Every row says which provider it came from: this one.
///
/// # Panics
///
/// If one does not.
pub async fn every_row_is_this_providers(provider: impl Provider) {
    for row in listed(&provider).await {
        let owner = match &row {
            Listed::Profile(profile) => &profile.id.provider,
            Listed::Rejected(rejected) => &rejected.provider,
            _ => continue,
        };
        assert_eq!(owner, provider.id(), "every row carries the name of the provider that was asked");
    }
}

/// Every profile has an id that is not empty, and no two have the same.
///
/// # Panics
///
/// If not.
pub async fn ids_are_named_and_unique(provider: impl Provider) {
    let mut seen = HashSet::new();
    for profile in profiles(&provider).await {
        assert!(!profile.id.key.is_empty(), "a row that nothing names is `Listed::Rejected`, not a profile");
        assert!(seen.insert(profile.id.clone()), "{} is listed more than once", profile.id);
    }
}

/// Asking twice gives the same profiles in the same order.
///
/// # Panics
///
/// If not.
pub async fn the_same_list_twice(provider: impl Provider) {
    let ids = |profiles: Vec<Profile>| profiles.into_iter().map(|profile| profile.id).collect::<Vec<_>>();
    let (first, second) = (ids(profiles(&provider).await), ids(profiles(&provider).await));
    assert!(!first.is_empty(), "the rules need a provider that lists something");
    assert_eq!(first, second, "a listing that breaks off is continued by what came before");
}

/// Dropping a listing after its first row leaves the provider usable.
///
/// # Panics
///
/// If not.
pub async fn a_dropped_listing_does_no_harm(provider: impl Provider) {
    for _ in 0..20 {
        let mut rows = provider.profiles(ListOptions::new());
        let first = rows.next().await.expect("the rules need a provider that lists something");
        first.unwrap_or_else(|error| {
            panic!("a listing that was dropped before must not keep others from asking: {error}")
        });
    }
}

/// A listed profile can be fetched by its id, and has the same platforms then.
///
/// # Panics
///
/// If not.
pub async fn what_is_listed_can_be_fetched(provider: impl Provider) {
    if !provider.capabilities().supports(Operation::GetProfile) {
        return;
    }
    for listed in profiles(&provider).await.into_iter().take(SAMPLE) {
        let fetched = provider.profile(&listed.id, GetOptions::new()).await;
        let fetched = fetched.unwrap_or_else(|error| panic!("{} is listed and cannot be fetched: {error}", listed.id));
        assert_eq!(fetched.id, listed.id, "a profile that is fetched has the id it was asked by");
        let platforms = |profile: &Profile| platforms_of(profile).map(|one| one.platform.clone()).collect::<Vec<_>>();
        assert_eq!(platforms(&fetched), platforms(&listed), "{} has other platforms when fetched", listed.id);
    }
}

/// A profile that does not exist is `NotFound`, by an error that says who and what.
///
/// # Panics
///
/// If not.
pub async fn an_unknown_profile_is_not_found(provider: impl Provider) {
    if !provider.capabilities().supports(Operation::GetProfile) {
        return;
    }
    let id = provider.profile_id("no-such-profile-of-the-conformance-rules");
    let error = provider.profile(&id, GetOptions::new()).await.expect_err("there is no such profile");
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert_eq!(error.provider(), Some(provider.id()), "an error says which provider it came from: {error}");
    assert_eq!(error.operation(), Some(Operation::GetProfile), "an error says what was being done: {error}");
}

/// An id of another provider is `Invalid`.
///
/// # Panics
///
/// If not.
pub async fn of_another_provider_nothing_is_fetched(provider: impl Provider) {
    let foreign = ProfileId::new(ProviderId::new(format!("not-{}", provider.id())), "key");
    let error = provider.profile(&foreign, GetOptions::new()).await.expect_err("the id is another provider's");
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
}

/// A provider that says it tells dates tells no day counts alone, and one that says it tells nothing
/// tells nothing.
///
/// # Panics
///
/// If not.
pub async fn expiry_is_told_as_the_capabilities_say(provider: impl Provider) {
    let told = provider.capabilities().expiry;
    for profile in profiles(&provider).await {
        for connection in platforms_of(&profile) {
            let agrees = match (&connection.expiry, told) {
                (Expiry::NotReported, _) => true,
                (_, ExpiryReporting::NotReported) | (Expiry::InDays { .. }, ExpiryReporting::Date) => false,
                (Expiry::At { reported, .. }, ExpiryReporting::Date) => reported.is_none(),
                _ => true,
            };
            assert!(agrees, "{} says {told:?} and tells {:?} for {}", provider.id(), connection.expiry, profile.id);
        }
    }
}

/// Every row survives being written as JSON and read back.
///
/// # Panics
///
/// If one does not.
pub async fn rows_are_written_and_read_back(provider: impl Provider) {
    for row in listed(&provider).await {
        let json = serde_json::to_string(&row).expect("a row can be written as JSON");
        let again: Listed = serde_json::from_str(&json).expect("a row that was written can be read");
        assert_eq!(again, row, "a row is the same after it was written and read");
    }
}

/// As time goes on, the verdict about a connection only gets worse; a person who was looked up has none.
///
/// # Panics
///
/// If not.
pub async fn verdicts_only_get_worse(provider: impl Provider) {
    let moments: Vec<DateTime<Utc>> = (0..800)
        .filter_map(|days| DateTime::from_timestamp(0, 0)?.checked_add_signed(TimeDelta::days(days * 50)))
        .collect();
    let policy = HealthPolicy::default();
    for profile in profiles(&provider).await {
        for connection in platforms_of(&profile) {
            let verdicts = moments.iter().map(|now| connection.health(*now, &policy).map(|health| health.verdict));
            let verdicts: Vec<_> = verdicts.collect();
            assert!(verdicts.is_sorted(), "the verdict about {} gets better by waiting", profile.id);
            let is_connection = connection.relation == Relation::Connected;
            assert!(
                verdicts.iter().all(|verdict| verdict.is_some() == is_connection),
                "only connections have verdicts"
            );
        }
    }
}

/// What the capabilities deny is `Unsupported`, and what they promise is not. Operations that change
/// something are only asked for where they are denied.
///
/// # Panics
///
/// If capabilities and operations disagree.
pub async fn operations_agree_with_the_capabilities(provider: impl VendorApi) {
    let capabilities = provider.capabilities().clone();
    let profile = profiles(&provider).await.into_iter().next().map(|profile| profile.id);
    let profile = profile.expect("the rules need a provider that lists something");
    let group = GroupId::new("no-such-group-of-the-conformance-rules");
    for operation in Operation::ALL {
        let changes_something = matches!(
            operation,
            Operation::CreateGroup
                | Operation::DeleteGroup
                | Operation::CreateProfile
                | Operation::DeleteProfile
                | Operation::Connect
        );
        if changes_something && capabilities.supports(operation) {
            continue;
        }
        let outcome = attempt(&provider, operation, &profile, &group).await;
        check_agreement(&capabilities, operation, outcome);
    }
}

async fn attempt(
    provider: &impl VendorApi,
    operation: Operation,
    profile: &ProfileId,
    group: &GroupId,
) -> Result<(), Error> {
    let nobody = PersonQuery::new("no-such-person-of-the-conformance-rules");
    match operation {
        Operation::ListProfiles => {
            let first = provider.profiles(ListOptions::new()).next().await;
            first.map_or(Ok(()), |row| row.map(drop))
        }
        Operation::GetProfile => provider.profile(profile, GetOptions::new()).await.map(drop),
        Operation::LookUpPerson => provider.person(nobody).await.map(drop),
        Operation::ListPlacements => provider.placements(profile, GetOptions::new()).await.map(drop),
        Operation::GetStats => provider.stats(StatsQuery::new(profile.clone())).await.map(drop),
        Operation::ListGroups => provider.groups().await.map(drop),
        Operation::GetGroup => provider.group(group).await.map(drop),
        Operation::CreateGroup => provider.create_group(CreateGroup::named("denied")).await.map(drop),
        Operation::DeleteGroup => provider.delete_group(group).await.map(drop),
        Operation::CreateProfile => provider.create_profile(CreateProfile::new()).await.map(drop),
        Operation::DeleteProfile => provider.delete_profile(profile, GetOptions::new()).await.map(drop),
        Operation::Connect => {
            let target = ConnectTarget::New { group: None, profile: None };
            let link = ConnectCredentials::Link { return_url: "https://example.com/".to_owned() };
            provider.connect(ConnectRequest::new(target, Platform::LinkedIn, link)).await.map(drop)
        }
        other => panic!("the rules do not know how to ask for {other}"),
    }
}

fn check_agreement(capabilities: &Capabilities, operation: Operation, outcome: Result<(), Error>) {
    let denied = !capabilities.supports(operation);
    let refused = matches!(&outcome, Err(error) if error.kind() == ErrorKind::Unsupported && error.status().is_none());
    assert_eq!(refused, denied, "`{operation}`: capabilities and outcome disagree: {outcome:?}");
    if let Err(error) = outcome {
        assert_eq!(error.operation(), Some(operation), "an error says what was being done: {error}");
        assert!(error.provider().is_some(), "an error says which provider it came from: {error}");
        assert!(!denied || error.attempts() == 0, "what is denied sends nothing: {error}");
    }
}

async fn listed(provider: &impl Provider) -> Vec<Listed> {
    let rows = provider.list(ListOptions::new()).await;
    rows.unwrap_or_else(|error| panic!("the rules need a provider that lists without an error: {error}"))
}

async fn profiles(provider: &impl Provider) -> Vec<Profile> {
    let rows = listed(provider).await.into_iter();
    rows.filter_map(|row| if let Listed::Profile(profile) = row { Some(profile) } else { None }).collect()
}

fn platforms_of(profile: &Profile) -> impl Iterator<Item = &ConnectedPlatform> {
    profile.connected_platforms.iter()
}
