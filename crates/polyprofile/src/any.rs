//! Whichever vendors are switched on, as one type that dispatches without a table of pointers.
//!
//! `enum_dispatch` does not link a trait and an enum across crates. So it reads private copies of the
//! traits' signatures here, and what it generates lands on core's traits, which are the ones imported
//! below: a copy that drifts from its original no longer compiles, because neither has default bodies.

use enum_dispatch::enum_dispatch;
use polyprofile_core::{
    Capabilities, ConnectCallback, ConnectOutcome, ConnectRequest, CreateGroup, CreateProfile, DeleteOutcome,
    GetOptions, Group, GroupId, ListOptions, PersonQuery, Placement, Profile, ProfileId, ProfileStream, Provider,
    ProviderId, Result, StatsQuery, StatsSeries, Vendor, VendorApi,
};
#[cfg(feature = "postcore")]
use polyprofile_postcore::Postcore;
#[cfg(feature = "postpress")]
use polyprofile_postpress::Postpress;
#[cfg(feature = "postproxy")]
use polyprofile_postproxy::Postproxy;

#[expect(dead_code, reason = "only enum_dispatch reads these copies")]
const _: () = {
    use async_trait::async_trait;

    #[async_trait]
    #[enum_dispatch]
    trait Provider {
        fn id(&self) -> &ProviderId;
        fn vendor(&self) -> Vendor;
        fn capabilities(&self) -> &Capabilities;
        fn profiles(&self, options: ListOptions) -> ProfileStream;
        async fn profile(&self, id: &ProfileId, options: GetOptions) -> Result<Profile>;
    }

    #[async_trait]
    #[enum_dispatch]
    trait VendorApi {
        async fn person(&self, query: PersonQuery) -> Result<Profile>;
        async fn placements(&self, profile: &ProfileId, options: GetOptions) -> Result<Vec<Placement>>;
        async fn stats(&self, query: StatsQuery) -> Result<StatsSeries>;
        async fn groups(&self) -> Result<Vec<Group>>;
        async fn group(&self, id: &GroupId) -> Result<Group>;
        async fn create_group(&self, request: CreateGroup) -> Result<Group>;
        async fn delete_group(&self, id: &GroupId) -> Result<DeleteOutcome>;
        async fn create_profile(&self, request: CreateProfile) -> Result<Profile>;
        async fn delete_profile(&self, id: &ProfileId, options: GetOptions) -> Result<DeleteOutcome>;
        async fn connect(&self, request: ConnectRequest) -> Result<ConnectOutcome>;
        fn connect_callback(&self, url: &str) -> Result<ConnectCallback>;
    }
};

/// A provider of any vendor that is switched on by feature.
#[enum_dispatch(Provider, VendorApi)]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AnyProvider {
    /// One configured access to Postproxy.
    #[cfg(feature = "postproxy")]
    Postproxy,
    /// One configured access to Postcore.
    #[cfg(feature = "postcore")]
    Postcore,
    /// One configured access to Postpress.
    #[cfg(feature = "postpress")]
    Postpress,
}

/// The vendors that are switched on, in the order in which they are asked.
pub const VENDORS: &[Vendor] = &[
    #[cfg(feature = "postproxy")]
    polyprofile_postproxy::VENDOR,
    #[cfg(feature = "postcore")]
    polyprofile_postcore::VENDOR,
    #[cfg(feature = "postpress")]
    polyprofile_postpress::VENDOR,
];
