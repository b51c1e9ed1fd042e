//! The list: its order, its growth, its size.

use polyprofile_core::{
    ConnectedPlatform, ConnectionStatus, GroupId, PackedProfiles, Platform, Profile, ProfileId, ProviderId,
};
use serde_json::json;

/// What a list takes beside its rows: the tables that they are compared with.
const TABLES: usize = 20 * 1024;
/// What is allocated at once.
const PIECE: usize = 64 * 1024;

#[test]
fn an_empty_list_takes_nothing() {
    let packed = PackedProfiles::new();
    assert_eq!((packed.len(), packed.is_empty(), packed.bytes()), (0, true, size_of::<PackedProfiles>()));
    assert_eq!((packed.get(0), packed.iter().next(), packed.into_iter().next_back()), (None, None, None));
}

#[test]
fn rows_stay_in_their_order_however_they_are_asked_for() {
    let profiles = rows(3_000);
    let packed: PackedProfiles = profiles.iter().cloned().collect();
    assert!(packed.bytes() > 3 * PIECE, "several pieces: {}", packed.bytes());
    assert_eq!((packed.len(), packed.is_empty(), packed.iter().len()), (3_000, false, 3_000));
    assert_eq!(packed.get(3_000), None);

    let got: Vec<_> = (0..3_000).filter_map(|index| packed.get(index)).collect();
    assert_eq!(got, profiles);
    assert_eq!(packed.iter().collect::<Vec<_>>(), profiles);
    assert_eq!((&packed).into_iter().rev().collect::<Vec<_>>(), reversed(&profiles));
    let skipped: Vec<_> = packed.iter().skip(7).step_by(100).collect();
    assert_eq!(skipped, profiles.iter().skip(7).step_by(100).cloned().collect::<Vec<_>>());

    assert_eq!(packed.clone().into_iter().rev().collect::<Vec<_>>(), reversed(&profiles));
    let mut both_ends = packed.into_iter();
    for place in 0..1_500 {
        assert_eq!(both_ends.len(), 3_000 - 2 * place);
        assert_eq!(both_ends.next().as_ref(), profiles.get(place));
        assert_eq!(both_ends.next_back().as_ref(), profiles.get(2_999 - place));
    }
    assert_eq!((both_ends.next(), both_ends.next_back(), both_ends.next()), (None, None, None));
}

#[test]
fn rows_of_any_length_stand_beside_each_other() {
    let mut profiles = Vec::new();
    for length in [0, 1, 65_000, 10, 65_534, 65_535, 65_536, 3, 300_000, 127, 128, 30_000, 30_000, 30_000, 0] {
        let mut profile = profile(profiles.len());
        profile.name = Some("abcdefghij".chars().cycle().take(length).collect());
        profiles.push(profile);
    }
    let mut packed: PackedProfiles = profiles.iter().cloned().collect();
    assert_eq!(packed.iter().collect::<Vec<_>>(), profiles);
    let taken: usize = profiles.iter().filter_map(|profile| profile.name.as_ref()).map(String::len).sum();
    // Only the last piece may have room left, and no long row leaves its own behind.
    assert!(packed.bytes() < taken + PIECE + TABLES, "{} for {taken}", packed.bytes());
    packed.shrink_to_fit();
    assert_eq!(packed.iter().collect::<Vec<_>>(), profiles);
    assert!(packed.bytes() < taken + 10_000, "{} for {taken}", packed.bytes());
}

#[test]
fn there_may_be_more_providers_than_are_kept_by_number() {
    let profiles: Vec<_> = (0..1_000)
        .map(|row| Profile::new(ProfileId::new(ProviderId::new(format!("provider-{}", row % 300)), row.to_string())))
        .collect();
    let packed: PackedProfiles = profiles.iter().cloned().collect();
    assert_eq!(packed.iter().collect::<Vec<_>>(), profiles);
    // As in a listing, rows of one provider share its name.
    let [one, other] = [100, 400].map(|row| packed.get(row).expect("it was pushed").id.provider);
    assert_eq!(one.as_str().as_ptr(), other.as_str().as_ptr());
}

/// There are more texts that come again than the tables have room for.
#[test]
fn tables_that_are_full_cost_no_row() {
    let profiles: Vec<_> = (0..20_000)
        .map(|row| {
            let mut profile = profile(row);
            profile.group = Some(GroupId::new(format!("a group with a rather long name {:05}", row % 7_000)));
            profile
        })
        .collect();
    let packed: PackedProfiles = profiles.iter().cloned().collect();
    assert!(packed.iter().eq(profiles));
}

#[test]
fn a_text_that_comes_again_takes_its_room_once() {
    let of_group = |group: usize| {
        let mut profile = Profile::new(ProfileId::new(ProviderId::new("main"), "1"));
        profile.group = Some(GroupId::new(format!("the same text in every row, as long as it is: {group}")));
        profile.vendor.insert("a member of every row".to_owned(), json!({ "kept by": ["vendor", "vendor"] }));
        profile
    };
    let mut packed: PackedProfiles = (0..10_000).map(|row| of_group(row % 20)).collect();
    packed.shrink_to_fit();
    assert!(packed.bytes() < 10_000 * 40, "{}", packed.bytes());
    assert!(packed.iter().enumerate().all(|(row, read)| read == of_group(row % 20)));
}

#[test]
fn the_name_of_a_profile_and_of_its_connection_are_kept_once() {
    let named = |display_name: &str| {
        let profiles = (0..1_000).map(|row| {
            let mut profile = profile(row);
            let name = format!("A company with a rather long name of its own, {row:04}");
            profile.connected_platforms[0].display_name = Some(display_name.replace('*', &name));
            profile.name = Some(name);
            profile
        });
        let mut packed: PackedProfiles = profiles.collect();
        packed.shrink_to_fit();
        packed.bytes()
    };
    let (equal, different) = (named("*"), named("*!"));
    assert!(equal + 1_000 * 40 < different, "{equal} and {different}");
}

#[test]
fn no_growth_takes_more_than_a_piece() {
    let mut packed = PackedProfiles::new();
    let mut most = 0;
    for profile in rows(20_000) {
        let before = packed.bytes();
        packed.push(&profile);
        most = most.max(packed.bytes() - before);
    }
    assert!(packed.bytes() > 20 * PIECE, "{}", packed.bytes());
    assert!(most < PIECE + TABLES, "{most} bytes at once");
}

#[test]
fn a_complete_list_gives_back_what_is_left_over_and_can_still_grow() {
    let profiles = rows(100);
    let mut packed: PackedProfiles = profiles.iter().cloned().collect();
    let before = packed.bytes();
    packed.shrink_to_fit();
    let written: usize = profiles.iter().map(|profile| serde_json::to_vec(profile).expect("it serializes").len()).sum();
    assert!(packed.bytes() + 16 * 1024 < before, "{} of {before}", packed.bytes());
    assert!(packed.bytes() < written / 3, "{} for {written}", packed.bytes());

    packed.extend(rows(200));
    assert!(packed.iter().eq(profiles.into_iter().chain(rows(200))));
}

#[test]
fn a_list_is_printed_as_one() {
    let packed: PackedProfiles = rows(2).into_iter().collect();
    assert_eq!(format!("{packed:?}"), format!("{:?}", rows(2)));
}

fn rows(count: usize) -> Vec<Profile> {
    (0..count).map(profile).collect()
}

/// A profile that shares little with others.
fn profile(row: usize) -> Profile {
    let mixed = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut profile = Profile::new(ProfileId::new(ProviderId::new("main"), format!("profile-{mixed:x}")));
    profile.group = Some(GroupId::new(format!("group-{}", row % 50)));
    let mut connection = ConnectedPlatform::new(Platform::Bluesky, ConnectionStatus::NeedsReconnect);
    connection.avatar_url = Some(format!("https://cdn.example/uploads/{mixed:x}.png"));
    connection.post_count = Some(mixed % 10_000);
    profile.connected_platforms = vec![connection];
    profile
}

fn reversed(profiles: &[Profile]) -> Vec<Profile> {
    profiles.iter().rev().cloned().collect()
}
