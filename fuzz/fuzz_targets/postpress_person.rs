//! A page that was looked up, and the owner of a linked account: every variant, typed and normalized.

#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use polyprofile_core::{
    Audience, ConnectedPlatform, ConnectionStatus, Expiry, FieldIssue, Normalize as _, NormalizeContext,
    NormalizedPlatform as _, Platform, Profile, ProfileId, ProviderId, Relation,
};
use polyprofile_fuzz::row::{Fields, PROVIDER, check, check_issues, now};
use polyprofile_postpress::{LookedUp, UserProfile, fuzzing};
use serde::{Serialize, de::DeserializeOwned};

fuzz_target!(|body: &[u8]| {
    let fields = std::str::from_utf8(body).ok().and_then(Fields::of);
    match fuzzing::user(body) {
        Ok((page, issues)) => {
            check_issues(&issues);
            is_written_as_read(&page);
            if let Some(fields) = &fields
                && issues.is_empty()
            {
                serde_agrees(body, &page);
                platform_agrees(fields, page.platform());
            }
            looked_up(page, fields.as_ref().filter(|_| issues.is_empty()));
        }
        Err(problem) => assert!(fields.is_none(), "an object is never unusable: {problem}"),
    }
    if let Ok((owner, issues)) = fuzzing::owner(body) {
        check_issues(&issues);
        is_written_as_read(&owner);
        if let Some(fields) = &fields
            && issues.is_empty()
        {
            serde_agrees(body, &owner);
            platform_agrees(fields, owner.platform());
        }
        add_owner(owner, issues);
    }
});

fn looked_up(page: UserProfile, fields: Option<&Fields<'_>>) {
    let mut context = NormalizeContext::new(ProviderId::new(PROVIDER), now());
    let platform = page.platform();
    let key_name = match platform {
        Some(Platform::WhatsApp | Platform::Twitter) => "id",
        _ => "provider_id",
    };
    let described = !matches!(page, UserProfile::Other { .. });
    let profile = LookedUp::new(page, "acc_1").normalize(&mut context);
    let issues = context.take_issues();
    check_issues(&issues);
    let Some(mut profile) = profile else {
        assert!(!issues.is_empty(), "no profile, and no reason");
        assert!(fields.is_none_or(|fields| !described || fields.told(key_name).is_none()), "a key that was sent");
        return;
    };
    profile.issues = issues;
    check(&profile);
    let [connection] = &profile.connected_platforms[..] else { panic!("a person is looked up on one platform") };
    assert_eq!(connection.relation, Relation::LookedUp { through: "acc_1".to_owned() });
    // None of this can be said about somebody else's account.
    assert!(connection.health(now(), &Default::default()).is_none(), "a person has no verdict");
    assert_eq!((&connection.status, &connection.expiry), (&ConnectionStatus::Unknown, &Expiry::NotReported));
    assert_eq!((connection.connected_at, connection.post_count, profile.created_at), (None, None, None));
    if key_name == "provider_id" {
        assert_eq!(connection.account_id, None, "a provider_id is the viewer's");
    }
    if let Some(fields) = fields.filter(|_| described) {
        assert_eq!(Some(&profile.id.key), fields.told(key_name).as_ref());
        counts(fields, platform, connection.audience.as_deref());
    }
}

/// The counters of the two networks whose names for them are their own.
fn counts(fields: &Fields<'_>, platform: Option<Platform>, audience: Option<&Audience>) {
    let (followers, following) = match platform {
        Some(Platform::Twitter) => ("followers_count", "friends_count"),
        Some(Platform::LinkedIn) => ("follower_count", "connections_count"),
        _ => return,
    };
    let counted =
        audience.map_or((None, None), |audience| (audience.followers, audience.following.or(audience.connections)));
    assert_eq!(counted, (fields.count(followers), fields.count(following)));
}

fn add_owner(owner: polyprofile_postpress::OwnerProfile, issues: Vec<FieldIssue>) {
    let id = ProfileId::new(ProviderId::new(PROVIDER), "acc_1");
    let mut connection = ConnectedPlatform::new(Platform::LinkedIn, ConnectionStatus::Failed);
    connection.username = Some("told before".to_owned());
    let mut profile = Profile::new(id.clone());
    profile.connected_platforms.push(connection);
    let mut context = NormalizeContext::new(id.provider.clone(), now());
    fuzzing::add_owner(&mut profile, owner, issues, &mut context);
    profile.issues = context.take_issues();
    check(&profile);

    // The owner completes the account and changes nothing of it.
    let connection = &profile.connected_platforms[0];
    assert_eq!((&profile.id, connection.username.as_deref()), (&id, Some("told before")));
    assert_eq!((&connection.platform, &connection.status), (&Platform::LinkedIn, &ConnectionStatus::Failed));
    assert_eq!((&connection.expiry, &connection.relation), (&Expiry::NotReported, &Relation::Connected));
}

fn is_written_as_read<T: Serialize + DeserializeOwned + PartialEq + Debug>(told: &T) {
    let value = serde_json::to_value(told).expect("it is JSON");
    assert_eq!(&serde_json::from_value::<T>(value).expect("it is read as it was written"), told);
}

/// What fits as a whole is what serde reads as a whole, where it can read what nobody asks for, too.
fn serde_agrees<T: DeserializeOwned + PartialEq + Debug>(body: &[u8], told: &T) {
    if serde_json::from_slice::<serde_json::Value>(body).is_err() {
        return;
    }
    assert_eq!(&serde_json::from_slice::<T>(body).expect("it fits"), told);
}

/// A provider that is no text names no platform.
fn platform_agrees(fields: &Fields<'_>, platform: Option<Platform>) {
    let is_text = fields.raw("provider").is_some_and(|raw| raw.starts_with('"'));
    let provider = fields.text("provider").filter(|_| is_text);
    assert_eq!(platform, provider.map(|provider| Platform::parse(&provider)));
}
