//! Three providers at once, without a network.

use std::sync::Arc;

use async_trait::async_trait;
use criterion::{Criterion, Throughput};
use futures_util::{StreamExt as _, stream};
use polyprofile_core::{
    Aggregator, Capabilities, ExpiryReporting, GetOptions, ListOptions, Listed, Operation, Profile, ProfileId,
    ProfileStream, Provider, ProviderExt as _, ProviderId, Result, Vendor,
};

use crate::data::Case;

const ROWS: usize = 1_000;

/// Three lists of a thousand rows: as events, and sorted out.
pub(crate) fn aggregate(criterion: &mut Criterion) {
    let cases = [Case::Postproxy, Case::Postcore, Case::Postpress];
    let aggregator = Aggregator::new().with_all(cases.map(Saved::new)).expect("three names");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let rows = cases.len() * ROWS;

    let mut group = criterion.benchmark_group("aggregate");
    group.throughput(Throughput::Elements(rows as u64));
    group.bench_function("stream", |bencher| {
        bencher.iter(|| {
            let events = runtime.block_on(aggregator.stream(&ListOptions::new()).count());
            assert_eq!(events, rows + cases.len());
        });
    });
    group.bench_function("collect", |bencher| {
        bencher.iter(|| {
            let aggregate = runtime.block_on(aggregator.collect(&ListOptions::new()));
            assert_eq!(aggregate.profiles.len(), rows);
            aggregate
        });
    });
    group.finish();
}

/// A provider that has its rows already: what is measured is the aggregator, and a copy of each row.
#[derive(Debug)]
struct Saved {
    id: ProviderId,
    capabilities: Capabilities,
    rows: Arc<[Listed]>,
}

impl Saved {
    fn new(case: Case) -> Self {
        let capabilities = Capabilities::new([Operation::ListProfiles], ExpiryReporting::Date);
        let rows = case.rows(&case.body(ROWS)).collect::<Result<_>>().expect("a good list");
        Self { id: ProviderId::new(case.name()), capabilities, rows }
    }
}

#[async_trait]
impl Provider for Saved {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn vendor(&self) -> Vendor {
        Vendor::from_static("saved")
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn profiles(&self, _: ListOptions) -> ProfileStream {
        let rows = Arc::clone(&self.rows);
        Box::pin(stream::iter((0..rows.len()).map(move |row| Ok(rows[row].clone()))))
    }

    async fn profile(&self, _: &ProfileId, _: GetOptions) -> Result<Profile> {
        Err(self.unsupported(Operation::GetProfile))
    }
}
