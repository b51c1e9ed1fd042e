//! Verdicts.

use std::hint::black_box;

use chrono::{DateTime, TimeDelta, Utc};
use criterion::{Criterion, Throughput};
use polyprofile_core::{
    ConnectedPlatform, ConnectionStatus, Expiry, HealthPolicy, HealthSummary, NormalizedPlatform as _, Platform,
};

const CONNECTIONS: usize = 1_000_000;

/// A million connections of every sort.
pub(crate) fn health(criterion: &mut Criterion) {
    let now = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000);
    let connections: Vec<_> = (0..CONNECTIONS).map(|number| connection(number, now)).collect();
    let policy = HealthPolicy::default();
    let mut group = criterion.benchmark_group("health");
    group.sample_size(20).throughput(Throughput::Elements(CONNECTIONS as u64));
    group.bench_function("connections", |bencher| {
        bencher.iter(|| {
            let judged = connections.iter().filter_map(|connection| connection.health(black_box(now), &policy));
            let summary: HealthSummary = judged.map(|health| health.verdict).collect();
            assert_eq!(summary.total(), CONNECTIONS as u64);
        });
    });
    group.finish();
}

fn connection(number: usize, now: DateTime<Utc>) -> ConnectedPlatform {
    let status = match number % 10 {
        0 => ConnectionStatus::Expired,
        1 => ConnectionStatus::NeedsReconnect,
        2 => ConnectionStatus::Unknown,
        _ => ConnectionStatus::Active,
    };
    let mut connection = ConnectedPlatform::new(Platform::LinkedIn, status);
    connection.expiry = match number % 3 {
        0 => Expiry::NoDeadline,
        1 => Expiry::NotReported,
        _ => Expiry::at(now + TimeDelta::days(i64::try_from(number % 100).unwrap_or_default() - 10)),
    };
    connection
}
