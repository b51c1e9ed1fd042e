//! Into the compact form and out of it.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use polyprofile_core::{Listed, PackedProfiles, Profile};

use crate::data::Case;

const ROWS: usize = 10_000;

/// Lists of each vendor, packed and read again, in order and here and there.
pub(crate) fn packed(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("packed");
    group.throughput(Throughput::Elements(ROWS as u64));
    for case in [Case::Postproxy, Case::Postcore, Case::Postpress] {
        let profiles = profiles(case);
        group.bench_function(format!("push {}", case.name()), |bencher| bencher.iter(|| pack(&profiles)));
        let packed = pack(&profiles);
        group.bench_function(format!("iter {}", case.name()), |bencher| {
            bencher.iter(|| assert_eq!(packed.iter().map(black_box).count(), ROWS));
        });
        group.bench_function(format!("get {}", case.name()), |bencher| {
            // Each row once, in an order without a pattern: the factor has no divisor in common with their number.
            let places = (0..ROWS).map(|row| row * 7_919 % ROWS);
            bencher.iter(|| assert_eq!(places.clone().filter_map(|row| packed.get(row)).map(black_box).count(), ROWS));
        });
    }
    group.finish();
}

fn pack(profiles: &[Profile]) -> PackedProfiles {
    let mut packed = PackedProfiles::new();
    for profile in profiles {
        packed.push(profile);
    }
    packed
}

fn profiles(case: Case) -> Vec<Profile> {
    let body = case.body(ROWS);
    let rows = case.rows(&body).map(|row| match row.expect("a good list") {
        Listed::Profile(profile) => profile,
        other => panic!("a row was not kept: {other:?}"),
    });
    rows.collect()
}
