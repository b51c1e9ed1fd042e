//! Postcore's calls.

use async_trait::async_trait;
use polyprofile_core::{
    Capabilities, ConnectCallback, ConnectOutcome, ConnectRequest, CreateGroup, CreateProfile, DeleteOutcome, Error,
    ExpiryReporting, GetOptions, Group, GroupId, ListOptions, Operation, PersonQuery, Placement, Profile, ProfileId,
    ProfileStream, Provider, ProviderExt as _, ProviderId, Result, StatsQuery, StatsSeries, Vendor, VendorApi,
    failed_stream,
};
use polyprofile_http::{ApiKey, BaseUrl, HttpClient, Listing, Request};

use crate::{PostcoreConfig, VENDOR, fault, wire};

/// One configured access to Postcore. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Postcore {
    id: ProviderId,
    client: HttpClient,
    capabilities: Capabilities,
}

impl Postcore {
    /// Checks the configuration; nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](polyprofile_core::ErrorKind::Config), naming the field, for a key or base
    /// URL that cannot be used.
    pub fn new(config: PostcoreConfig) -> Result<Self> {
        let PostcoreConfig { id, api_key, base_url, http } = config;
        let labelled = |error: Error| error.with_provider(id.clone());
        let key = ApiKey::header("api_key", "x-api-key", api_key).map_err(labelled)?;
        let base = BaseUrl::parse("base_url", &base_url).map_err(labelled)?;
        let client = HttpClient::new(id.clone(), base, &key, fault::classify, http)?;
        let operations = [Operation::ListProfiles, Operation::GetProfile];
        let capabilities = Capabilities::new(operations, ExpiryReporting::DateAndDays);
        Ok(Self { id, client, capabilities })
    }
}

#[async_trait]
impl Provider for Postcore {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn vendor(&self) -> Vendor {
        VENDOR
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// `GET /profiles`. There are no pages, so `page_size` says nothing here.
    fn profiles(&self, options: ListOptions) -> ProfileStream {
        if let Err(error) = self.check_no_group(Operation::ListProfiles, options.group.as_ref()) {
            return failed_stream(error);
        }
        let request = Request::get(Operation::ListProfiles, ["profiles"]);
        self.client.profiles::<wire::Profile<'_>>(Listing::new(request, &wire::PROFILES))
    }

    /// `GET /profiles/:profileKey`.
    async fn profile(&self, id: &ProfileId, options: GetOptions) -> Result<Profile> {
        self.check_owner(id)?;
        self.check_no_group(Operation::GetProfile, options.group.as_ref())?;
        let request = Request::get(Operation::GetProfile, ["profiles", &id.key]);
        self.client.fetch(&request).await?.read_profile::<wire::SingleProfile<'_>>()
    }
}

#[async_trait]
impl VendorApi for Postcore {
    async fn person(&self, _: PersonQuery) -> Result<Profile> {
        Err(self.unsupported(Operation::LookUpPerson))
    }

    async fn placements(&self, _: &ProfileId, _: GetOptions) -> Result<Vec<Placement>> {
        Err(self.unsupported(Operation::ListPlacements))
    }

    async fn stats(&self, _: StatsQuery) -> Result<StatsSeries> {
        Err(self.unsupported(Operation::GetStats))
    }

    async fn groups(&self) -> Result<Vec<Group>> {
        Err(self.unsupported(Operation::ListGroups))
    }

    async fn group(&self, _: &GroupId) -> Result<Group> {
        Err(self.unsupported(Operation::GetGroup))
    }

    async fn create_group(&self, _: CreateGroup) -> Result<Group> {
        Err(self.unsupported(Operation::CreateGroup))
    }

    async fn delete_group(&self, _: &GroupId) -> Result<DeleteOutcome> {
        Err(self.unsupported(Operation::DeleteGroup))
    }

    async fn create_profile(&self, _: CreateProfile) -> Result<Profile> {
        Err(self.unsupported(Operation::CreateProfile))
    }

    async fn delete_profile(&self, _: &ProfileId, _: GetOptions) -> Result<DeleteOutcome> {
        Err(self.unsupported(Operation::DeleteProfile))
    }

    async fn connect(&self, _: ConnectRequest) -> Result<ConnectOutcome> {
        Err(self.unsupported(Operation::Connect))
    }

    fn connect_callback(&self, _: &str) -> Result<ConnectCallback> {
        Err(self.unsupported(Operation::Connect))
    }
}
