//! What a row takes before its texts. A list that is kept holds this for every row, and every row is moved a few times on
//! its way to the caller: a field that grows must be worth it.
#![cfg(target_pointer_width = "64")]

use std::mem::size_of;

use polyprofile_core::{
    ConnectedPlatform, ConnectionStatus, Error, Event, Expiry, FieldIssue, Listed, Person, Platform, Profile,
    ProfileId, Relation, StatsSnapshot,
};

/// A text, with or without an `Option` around it.
const TEXT: usize = 24;

#[test]
fn a_profile_is_its_parts_and_no_more() {
    assert!(size_of::<ProfileId>() <= 16 + TEXT, "the provider's name is shared, the key its own");
    // Id; name and group; the moment it was made; connections, statistics, members of the vendor and issues.
    assert!(size_of::<Profile>() <= 40 + 2 * TEXT + 16 + 4 * 24, "{}", size_of::<Profile>());
    assert!(size_of::<Listed>() <= size_of::<Profile>(), "a rejected row fits into the room of a profile");
    assert!(size_of::<Event>() <= size_of::<Profile>(), "so does an outcome");
    assert!(size_of::<polyprofile_core::Result<Listed>>() <= size_of::<Profile>(), "and an error");
}

#[test]
fn a_connection_holds_behind_a_pointer_what_most_lists_do_not_send() {
    assert!(size_of::<Platform>() <= TEXT && size_of::<ConnectionStatus>() <= TEXT, "a word as sent has no tag");
    assert!(size_of::<Relation>() <= TEXT, "nor has the account that looked");
    assert!(size_of::<Expiry>() <= 40, "{}", size_of::<Expiry>());
    // Five texts, the reason, three enums that may hold one; expiry; audience and person; posts; when it was connected.
    let parts = 9 * TEXT + size_of::<Expiry>() + 2 * size_of::<usize>() + 16 + 16;
    assert!(size_of::<ConnectedPlatform>() <= parts, "{}", size_of::<ConnectedPlatform>());
}

#[test]
fn what_is_rare_may_be_larger_within_reason() {
    assert!(size_of::<Error>() <= size_of::<usize>(), "every result carries one");
    assert!(size_of::<FieldIssue>() <= 3 * TEXT + 8, "{}", size_of::<FieldIssue>());
    assert!(size_of::<StatsSnapshot>() <= TEXT + 2 * 24 + 16, "{}", size_of::<StatsSnapshot>());
    assert!(size_of::<Person>() <= 672, "{}", size_of::<Person>());
}
