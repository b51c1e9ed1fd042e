//! What a list takes that is kept in the compact form, measured against the JSON which it came in.

#[path = "../benches/data.rs"]
#[allow(unreachable_pub, reason = "the benchmarks share it")]
mod data;

use data::Case;
use polyprofile::{Listed, PackedProfiles, Profile};

/// Whatever a vendor sends and however odd it is: a row never takes more than its JSON, tables and all.
#[test]
fn a_packed_list_takes_less_than_its_json() {
    for case in Case::ALL {
        let body = case.body(5_000);
        let profiles = profiles(case, &body);
        let mut packed: PackedProfiles = profiles.iter().cloned().collect();
        assert_eq!(packed.len(), 5_000);
        assert!(packed.bytes() <= body.len(), "{}: {} of {}", case.name(), packed.bytes(), body.len());
        packed.shrink_to_fit();
        assert!(packed.iter().eq(profiles), "{}", case.name());
    }
}

/// Half of it, where the rows are as the document says. What is left are texts that no two rows share.
#[test]
fn a_packed_row_of_postproxy_takes_about_half_of_its_json() {
    let body = Case::Postproxy.body(50_000);
    let packed: PackedProfiles = profiles(Case::Postproxy, &body).into_iter().collect();
    assert!(packed.bytes() <= body.len() * 55 / 100, "{} of {}", packed.bytes(), body.len());
}

fn profiles(case: Case, body: &[u8]) -> Vec<Profile> {
    let rows = case.rows(body).map(|row| match row.expect("a good list") {
        Listed::Profile(profile) => profile,
        other => panic!("a row was not kept: {other:?}"),
    });
    rows.collect()
}
