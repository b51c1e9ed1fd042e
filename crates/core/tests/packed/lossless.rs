//! What is read is what was pushed, in every field of every profile.

use polyprofile_core::{
    ConnectedPlatform, ConnectionStatus, Expiry, PackedProfiles, Platform, Profile, ProfileId, ProviderId, ReportedDays,
};
use proptest::{collection::vec, prelude::*};

use crate::any_profile::{any_expiry, any_profile};

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_profiles_are_read_as_they_were_pushed(profiles in vec(any_profile(), 1..6)) {
        // Twice: the second time much of it has been there before.
        let twice: Vec<Profile> = profiles.iter().chain(&profiles).cloned().collect();
        let mut packed: PackedProfiles = twice.iter().cloned().collect();
        prop_assert_eq!(packed.len(), twice.len());
        for (place, profile) in twice.iter().enumerate() {
            assert_same(&packed.get(place).expect("it was pushed"), profile);
        }
        packed.shrink_to_fit();
        packed.extend(twice.clone());
        for (read, profile) in packed.iter().zip(twice.iter().cycle()) {
            assert_same(&read, profile);
        }
        for (read, profile) in packed.into_iter().zip(twice.iter().cycle()) {
            assert_same(&read, profile);
        }
    }

    #[test]
    fn any_end_is_kept_to_the_bit(expiry in any_expiry()) {
        let mut profile = Profile::new(ProfileId::new(ProviderId::new("main"), "1"));
        profile.connected_platforms = vec![ConnectedPlatform::new(Platform::LinkedIn, ConnectionStatus::Active)];
        profile.connected_platforms[0].expiry = expiry;
        let packed: PackedProfiles = std::iter::repeat_n(profile.clone(), 3).collect();
        for read in &packed {
            assert_same(&read, &profile);
        }
    }
}

/// A day count that is no number is equal to none, and how a value prints does not tell all of its bits: it takes all
/// three to see that two profiles are the same.
fn assert_same(read: &Profile, pushed: &Profile) {
    assert_eq!(format!("{read:?}"), format!("{pushed:?}"));
    assert_eq!(bits(read), bits(pushed));
    assert_eq!(without_days(read), without_days(pushed));
}

fn bits(profile: &Profile) -> Vec<u64> {
    let days = profile.connected_platforms.iter().filter_map(|connection| match connection.expiry {
        Expiry::InDays { days, .. } | Expiry::At { reported: Some(ReportedDays { days, .. }), .. } => Some(days),
        _ => None,
    });
    days.map(f64::to_bits).collect()
}

fn without_days(profile: &Profile) -> Profile {
    let mut profile = profile.clone();
    for connection in &mut profile.connected_platforms {
        if let Expiry::InDays { days, .. } | Expiry::At { reported: Some(ReportedDays { days, .. }), .. } =
            &mut connection.expiry
        {
            *days = 0.0;
        }
    }
    profile
}
