//! What an account says: values, links, what breaks next, what is worth a look.

use chrono::{DateTime, TimeDelta, Utc};
use polyprofile_core::{
    AccountOverrides, Aggregate, Audience, ChoiceRule, ConnectedPlatform, ConnectionSelector, ConnectionStatus, Expiry,
    HealthPolicy, LinkRule, NextBreak, NormalizedPlatform, NormalizedProfile, NoteKind, OverrideProblem, Platform,
    Profile, ProfileId, SuggestionReason, ToldBy, UnifiedAccount, Verdict, unify,
};

use crate::support::{NOW, connection, id, overridden, partition, profile, providers, rows, unified};

fn days(days: i64) -> DateTime<Utc> {
    NOW + TimeDelta::days(days)
}

/// The only account behind these rows.
fn only(profiles: &[Profile]) -> UnifiedAccount {
    let mut accounts = unified(profiles);
    assert_eq!(accounts.accounts.len(), 1, "{}", partition(&accounts));
    accounts.accounts.remove(0)
}

/// `user=a` on Bluesky, of providers `p0`, `p1`, ..., with these ends and states.
fn connected(states: &[(ConnectionStatus, Expiry)]) -> Vec<Profile> {
    let mut profiles = rows(&vec!["bluesky; user=a"; states.len()]);
    for (profile, (status, expiry)) in profiles.iter_mut().zip(states) {
        let connection = &mut profile.connected_platforms[0];
        (connection.status, connection.expiry) = (status.clone(), expiry.clone());
    }
    profiles
}

#[test]
fn an_account_is_as_well_as_the_best_way_to_it() {
    use ConnectionStatus::{Active, Connecting, Failed};
    let account = only(&connected(&[
        (Active, Expiry::at(days(2))),
        (Active, Expiry::at(days(40))),
        (Failed, Expiry::NoDeadline),
    ]));
    assert_eq!((account.verdict, account.can_post), (Verdict::Healthy, Some(true)));
    assert_eq!(providers(&account.post_through), ["p1"]);
    let NextBreak::Known { sighting, at, days_left, untold } = account.breaks_first else { panic!("it is known") };
    assert_eq!((providers([&*sighting]), at, days_left, untold), (vec!["p0"], days(2), 2, vec![]));

    let lasting = only(&connected(&[
        (Active, Expiry::NotReported),
        (Active, Expiry::at(days(40))),
        (Active, Expiry::NoDeadline),
    ]));
    assert_eq!(providers(&lasting.post_through), ["p2"], "no deadline lasts longer than any date");
    let NextBreak::Known { untold, .. } = lasting.breaks_first else { panic!("it is known") };
    assert_eq!(providers(&untold), ["p0"]);

    let broken = only(&connected(&[(Failed, Expiry::NoDeadline), (Active, Expiry::at(days(-1)))]));
    assert_eq!((broken.verdict, broken.can_post, broken.post_through), (Verdict::Broken, Some(false), None));
    assert_eq!(broken.breaks_first, NextBreak::Broken);

    let unknown = only(&connected(&[(Failed, Expiry::NoDeadline), (Connecting, Expiry::NotReported)]));
    assert_eq!((unknown.can_post, unknown.post_through), (None, None));
    assert!(matches!(&unknown.breaks_first, NextBreak::Unknown { untold } if providers(untold) == ["p1"]));

    let never = only(&connected(&[(Active, Expiry::NoDeadline), (Failed, Expiry::at(days(3)))]));
    assert_eq!(never.breaks_first, NextBreak::Never, "what is broken already breaks no more");
}

#[test]
fn a_day_count_breaks_at_its_earliest_moment() {
    let expiry = Expiry::InDays { days: 3.5, seen_at: NOW };
    let account = only(&connected(&[(ConnectionStatus::Active, expiry)]));
    let NextBreak::Known { at, days_left, .. } = account.breaks_first else { panic!("it is known") };
    assert_eq!((at, days_left), (NOW + TimeDelta::hours(84), 3));
}

#[test]
fn the_value_that_stands_for_an_account_is_the_one_that_most_providers_tell() {
    let account = only(&rows(&[
        "twitter; user=@Kestrel; name=Kestrel Coffee; id=1",
        "twitter; user=kestrel; name=Kestrel",
        "twitter; user=KESTREL; name=Kestrel",
    ]));
    let username = account.username.expect("told");
    assert_eq!((username.value.as_str(), username.rule), ("@Kestrel", ChoiceRule::AllAgree), "three spellings of one");
    assert_eq!(username.disagreed, []);
    let name = account.display_name.expect("told");
    assert_eq!(
        (name.value.as_str(), name.rule, name.from.provider().as_str()),
        ("Kestrel", ChoiceRule::MostProviders, "p1")
    );
    assert_eq!((name.disagreed[0].value.as_str(), providers(&name.disagreed[0].from)), ("Kestrel Coffee", vec!["p0"]));
    let account_id = account.account_id.expect("told");
    assert_eq!((account_id.value.as_str(), account_id.rule), ("1", ChoiceRule::OnlyOne));
    assert_eq!(account.avatar_url, None);
}

#[test]
fn of_two_values_the_healthier_sighting_tells_the_better_one_and_then_the_first() {
    let mut profiles = rows(&["twitter; user=k; name=Old", "twitter; user=k; name=New"]);
    let rule = |profiles: &[Profile]| only(profiles).display_name.map(|name| (name.value, name.rule));
    assert_eq!(rule(&profiles), Some(("Old".to_owned(), ChoiceRule::FirstByName)));
    profiles[0].connected_platforms[0].status = ConnectionStatus::Failed;
    assert_eq!(rule(&profiles), Some(("New".to_owned(), ChoiceRule::Healthiest)));
}

#[test]
fn of_counts_the_latest_stand() {
    let mut profiles = rows(&["twitter; user=k", "twitter; user=k", "twitter; user=k"]);
    for (profile, (followers, recorded_at)) in
        profiles.iter_mut().zip([(7, Some(days(-3))), (9, Some(days(-1))), (8, None)])
    {
        let mut audience = Audience::new();
        (audience.followers, audience.recorded_at) = (Some(followers), recorded_at);
        profile.connected_platforms[0].audience = Some(Box::new(audience));
    }
    let audience = only(&profiles).audience.expect("told");
    assert_eq!((audience.value.followers, audience.rule), (Some(9), ChoiceRule::Latest));
    let others: Vec<_> = audience.disagreed.iter().filter_map(|other| other.value.followers).collect();
    assert_eq!(others, [7, 8]);
}

#[test]
fn a_link_says_who_told_what_and_where() {
    let renamed = unified(&rows(&[
        "instagram; user=@kestrel; name=@kestrel",
        "instagram; id=5; url=https://instagram.com/Kestrel/",
        "instagram; id=5; user=kestrel_new",
    ]));
    assert_eq!(partition(&renamed), "p0 p1+p2");
    let links = renamed.accounts.iter().flat_map(|account| &account.because).map(ToString::to_string);
    assert_eq!(links.collect::<Vec<_>>(), ["the same id 5: p1/key, p2/key"]);
    assert_eq!(renamed.suggestions[0].reason, SuggestionReason::HandleContradicted);
    // Without the second handle, which makes the first one doubtful, it links.
    let accounts =
        unified(&rows(&["instagram; user=@kestrel; name=@kestrel", "instagram; url=https://instagram.com/Kestrel/"]));
    let link = &accounts.accounts[0].because[0];
    assert_eq!(
        link.to_string(),
        "the same handle kestrel: p0/key (by a name that starts with @), p1/key (in the address of its page)"
    );
    assert_eq!((link.rule, link.sightings[0].told_by), (LinkRule::Handle, Some(ToldBy::NameAsHandle)));
}

#[test]
fn one_handle_with_two_ids_links_nobody_and_is_worth_a_look() {
    let accounts =
        unified(&rows(&["twitter; user=k; id=1", "twitter; user=k; id=2", "twitter; user=k", "twitter; id=1"]));
    assert_eq!(partition(&accounts), "p0+p3 p1 p2");
    let [suggestion] = &accounts.suggestions[..] else { panic!("{:?}", accounts.suggestions) };
    assert_eq!((suggestion.reason, suggestion.name.as_str()), (SuggestionReason::HandleContradicted, "k"));
    assert_eq!(providers(&suggestion.sightings), ["p0", "p1", "p2"]);
}

/// `p0` and `p2` have nothing in common; `p1` would make them one, with two ids.
#[test]
fn a_chain_that_ends_in_two_ids_links_nobody() {
    let chain = [
        "twitter; id=1; user=a",
        "twitter; user=a; url=https://links.example/k",
        "twitter; id=2; url=https://links.example/k",
    ];
    let accounts = unified(&rows(&chain));
    // The handle is stronger than the page: it stands, and the page does not.
    assert_eq!(partition(&accounts), "p0+p1 p2");
    assert_eq!(accounts.suggestions[0].reason, SuggestionReason::PageContradicted);

    let equally_strong = [
        "linkedin; id=1; user=k",
        "linkedin; user=k; url=https://www.linkedin.com/company/k",
        "linkedin; id=2; url=https://www.linkedin.com/company/k",
    ];
    let accounts = unified(&rows(&equally_strong));
    assert_eq!(partition(&accounts), "p0 p1 p2");
    let suggested: Vec<_> = accounts.suggestions.iter().map(|one| providers(&one.sightings)).collect();
    assert_eq!(suggested, [["p0", "p1"], ["p1", "p2"]].map(Vec::from).to_vec());
}

#[test]
fn a_display_name_only_suggests_and_only_where_nothing_tells_them_apart() {
    let suggested = |texts: &[&str]| {
        let accounts = unified(&rows(texts));
        assert!(accounts.accounts.iter().all(|account| account.sightings.len() == 1), "{}", partition(&accounts));
        accounts
            .suggestions
            .into_iter()
            .map(|one| (one.reason, providers(&one.sightings).join("+")))
            .collect::<Vec<_>>()
    };
    let by_name = |of: &str| vec![(SuggestionReason::DisplayName, of.to_owned())];
    assert_eq!(
        suggested(&["linkedin; name=Jonas  Eide", "linkedin; name=jonas eide; user=jonaseide"]),
        by_name("p0+p1")
    );
    assert_eq!(suggested(&["facebook; name=K; id=1", "facebook; name=K; user=kestrel"]), by_name("p0+p1"));
    assert_eq!(
        suggested(&["linkedin; name=J; user=a", "linkedin; name=J; user=b"]),
        [],
        "two handles are two accounts"
    );
    assert_eq!(suggested(&["facebook; name=K; id=1", "facebook; name=K; id=2"]), [], "two ids are two accounts");
    assert_eq!(suggested(&["linkedin; name=K", "facebook; name=K"]), [], "two platforms");
    assert_eq!(suggested(&["linkedin; name= ", "linkedin; name= "]), []);
}

#[test]
fn an_identifier_without_its_holder_suggests() {
    let accounts = unified(&rows(&["linkedin; user=k", "linkedin; url=https://www.linkedin.com/company/k"]));
    assert_eq!(accounts.suggestions[0].reason, SuggestionReason::HolderUntold);
    let apart = unified(&rows(&["linkedin; user=in/k", "linkedin; user=company/k"]));
    assert_eq!(apart.suggestions, [], "both say whose they are");
}

#[test]
fn what_a_reader_should_know_about_names_is_noted() {
    let notes = |text: &str| -> Vec<(NoteKind, ToldBy)> {
        only(&rows(&[text])).sightings[0].notes.iter().map(|note| (note.kind, note.field)).collect()
    };
    assert_eq!(notes("twitter; user=kestrel; id=1; url=https://x.com/kestrel"), []);
    assert_eq!(notes("twitter; user=ｋestrel"), [(NoteKind::NotAscii, ToldBy::Username)]);
    assert_eq!(notes("twitter; user=a; url=https://x.com/b"), [(NoteKind::Contradiction, ToldBy::ProfileUrl)]);
    assert_eq!(notes("linkedin; id=ACoAAb1"), [(NoteKind::Scoped, ToldBy::AccountId)]);
    assert_eq!(notes("twitter; user=Kestrel Coffee"), [(NoteKind::NoName, ToldBy::Username)]);
}

#[test]
fn the_user_knows_better() {
    let profiles = rows(&[
        "linkedin; user=a",
        "linkedin; user=b",
        "linkedin; user=b",
        "linkedin; user=c; name=C",
        "linkedin; name=C",
    ]);
    let one = |place: usize| ConnectionSelector::profile(profiles[place].id.clone());
    assert_eq!(partition(&unified(&profiles)), "p0 p1+p2 p3 p4");

    let overrides = AccountOverrides::new().together([one(0), one(1)]).apart([one(1), one(2)]).apart([one(3), one(4)]);
    let accounts = overridden(&profiles, &overrides);
    assert_eq!(partition(&accounts), "p0+p1 p2 p3 p4");
    assert_eq!(accounts.override_problems, []);
    assert_eq!(accounts.suggestions, [], "what is kept apart is not suggested");
    let account = &accounts.accounts[0];
    assert_eq!(account.because[0].to_string(), "you say so: p0/key, p1/key");
    assert_eq!(providers(&account.kept_apart_from), ["p2"]);
    // Its two handles are one account's now: who has either is that account, too.
    let mut more = profiles.clone();
    more.push(profile("p5", "key", vec![connection("linkedin; user=a")]));
    assert_eq!(partition(&overridden(&more, &AccountOverrides::new().together([one(0), one(1)]))), "p0+p1+p2+p5 p3 p4");
}

#[test]
fn what_cannot_be_followed_is_said() {
    let profiles = vec![
        profile("p0", "key", vec![connection("linkedin; user=a"), connection("bluesky; user=a")]),
        profile("p1", "key", vec![connection("linkedin; user=b")]),
    ];
    let linkedin = |provider: &str| ConnectionSelector::new(id(provider, "key"), Platform::LinkedIn);
    let overrides = AccountOverrides::new()
        .together([ConnectionSelector::profile(id("p0", "key")), linkedin("p1")])
        .together([linkedin("p0"), linkedin("p1")])
        .apart([linkedin("p1"), linkedin("p0")])
        .together([linkedin("p1"), ConnectionSelector::new(id("p1", "key"), Platform::TikTok)]);
    let accounts = overridden(&profiles, &overrides);
    assert_eq!(accounts.accounts.len(), 3);
    let said: Vec<String> = accounts.override_problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "no connection `p1/key tiktok` was listed",
            "p0/key, p1/key linkedin are on different platforms, and cannot be one account",
            "p0/key, p1/key are said to be one account and not to be",
        ]
    );
    assert!(matches!(accounts.override_problems[2], OverrideProblem::Contradiction { .. }));
}

#[test]
fn people_who_were_looked_up_are_no_accounts() {
    let mut seen = ConnectedPlatform::looked_up(Platform::LinkedIn, "acc_1");
    seen.username = Some("a".to_owned());
    let profiles = vec![profile("p0", "a", vec![seen]), profile("p1", "b", vec![connection("linkedin; user=a")])];
    assert_eq!(partition(&unified(&profiles)), "p1");
}

#[test]
fn connections_of_one_profile_under_one_key_keep_names_of_their_own() {
    let twice = vec![connection("linkedin; user=b"), connection("linkedin; user=a")];
    let accounts = unified(&[profile("p0", "key", twice)]);
    let names: Vec<_> =
        accounts.accounts.iter().map(|account| (account.label(), account.sightings[0].id.nth)).collect();
    assert_eq!(names, [("a", 0), ("b", 1)]);
}

/// Rows of a program's own, which know nothing but the traits.
struct OwnRow {
    id: ProfileId,
    accounts: [OwnAccount; 1],
}

struct OwnAccount {
    platform: Platform,
    handle: &'static str,
}

impl NormalizedProfile for OwnRow {
    type Platform = OwnAccount;

    fn id(&self) -> &ProfileId {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        None
    }

    fn connected_platforms(&self) -> &[OwnAccount] {
        &self.accounts
    }
}

impl NormalizedPlatform for OwnAccount {
    fn platform(&self) -> &Platform {
        &self.platform
    }

    fn status(&self) -> &ConnectionStatus {
        &ConnectionStatus::Active
    }

    fn expiry(&self) -> &Expiry {
        &Expiry::NoDeadline
    }

    fn person(&self) -> Option<&polyprofile_core::Person> {
        None
    }

    fn username(&self) -> Option<&str> {
        Some(self.handle)
    }
}

#[test]
fn rows_of_ones_own_take_part() {
    let row = |provider: &str, handle| OwnRow {
        id: id(provider, "key"),
        accounts: [OwnAccount { platform: Platform::Bluesky, handle }],
    };
    let rows = [row("p0", "kestrel"), row("p1", "@Kestrel.bsky.social"), row("p2", "other")];
    let accounts = unify(&rows, NOW, &HealthPolicy::default(), &AccountOverrides::new());
    assert_eq!(partition(&accounts), "p0+p1 p2");
}

#[test]
fn an_aggregate_knows_its_accounts_and_writes_every_key() {
    let mut aggregate = Aggregate::new();
    aggregate.profiles = rows(&["linkedin; user=a", "linkedin; user=a"]);
    let accounts = aggregate.accounts(NOW, &HealthPolicy::default(), &AccountOverrides::new());
    assert_eq!(accounts.summary().to_string(), "1 healthy, 0 warning, 0 broken, 0 unknown");
    let json = serde_json::to_value(&accounts).expect("it serializes");
    let account = &json["accounts"][0];
    assert_eq!(account["platform"], "linkedin");
    assert_eq!(account["account_id"], serde_json::Value::Null);
    assert_eq!(account["sightings"][0]["provider"], "p0");
    assert_eq!(account["sightings"][0]["profile"]["key"], "key");
    assert_eq!(account["breaks_first"]["kind"], "unknown");
    assert_eq!(account["because"][0]["rule"], "handle");
}

#[cfg(feature = "schema")]
#[test]
fn accounts_are_as_their_schema_says() {
    let accounts = unified(&rows(&[
        "twitter; user=k; id=1; name=@k",
        "twitter; user=k; id=2",
        "twitter; user=ｋ",
        "twitter; user=k",
    ]));
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<polyprofile_core::Accounts>().to_value();
    let validator = jsonschema::validator_for(&schema).expect("a proper schema");
    let json = serde_json::to_value(&accounts).expect("it serializes");
    assert!(validator.is_valid(&json), "{json:#}");
}
