//! Postproxy's calls.

use async_trait::async_trait;
use polyprofile_core::{
    Capabilities, ConnectCallback, ConnectOutcome, ConnectRequest, CreateGroup, CreateProfile, DeleteOutcome, Error,
    ExpiryReporting, GetOptions, Group, GroupId, ListOptions, Operation, PersonQuery, Placement, Profile, ProfileId,
    ProfileStream, Provider, ProviderExt as _, ProviderId, Result, StatsQuery, StatsSeries, Vendor, VendorApi,
};
use polyprofile_http::{ApiKey, BaseUrl, HttpClient, Listing, Request};

use crate::{PostproxyConfig, VENDOR, fault, wire};

/// One configured access to Postproxy. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Postproxy {
    id: ProviderId,
    client: HttpClient,
    /// What comes before the document's own paths: `api`, unless the base URL already ends in it.
    prefix: Option<&'static str>,
    group: Option<GroupId>,
    capabilities: Capabilities,
}

impl Postproxy {
    /// Checks the configuration; nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](polyprofile_core::ErrorKind::Config), naming the field, for a key or base URL that cannot be used.
    pub fn new(config: PostproxyConfig) -> Result<Self> {
        let PostproxyConfig { id, api_key, base_url, group, http } = config;
        let labelled = |error: Error| error.with_provider(id.clone());
        let key = ApiKey::bearer("api_key", api_key).map_err(labelled)?;
        let base = BaseUrl::parse("base_url", &base_url).map_err(labelled)?;
        let prefix = (!base.ends_with("api")).then_some("api");
        let client = HttpClient::new(id.clone(), base, &key, fault::classify, http)?;
        let capabilities = Capabilities::new([Operation::ListProfiles, Operation::GetProfile], ExpiryReporting::Date);
        Ok(Self { id, client, prefix, group, capabilities })
    }

    /// A `GET` of `path` inside the group that the call, or else the configuration, names.
    fn get<'a>(
        &self,
        operation: Operation,
        path: impl IntoIterator<Item = &'a str>,
        group: Option<&GroupId>,
    ) -> Request {
        let group = group.or(self.group.as_ref());
        let path = self.prefix.into_iter().chain(path);
        Request::get(operation, path).query_if("profile_group_id", group.map(GroupId::as_str))
    }
}

#[async_trait]
impl Provider for Postproxy {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn vendor(&self) -> Vendor {
        VENDOR
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// `GET /api/profiles`. There are no pages, so `page_size` says nothing here.
    fn profiles(&self, options: ListOptions) -> ProfileStream {
        let request = self.get(Operation::ListProfiles, ["profiles"], options.group.as_ref());
        self.client.profiles::<wire::Profile<'_>>(Listing::new(request, &wire::PROFILES))
    }

    /// `GET /api/profiles/:id`, with the latest statistics.
    async fn profile(&self, id: &ProfileId, options: GetOptions) -> Result<Profile> {
        self.check_owner(id)?;
        let request = self.get(Operation::GetProfile, ["profiles", &id.key], options.group.as_ref());
        self.client.fetch(&request).await?.read_profile::<wire::Profile<'_>>()
    }
}

#[async_trait]
impl VendorApi for Postproxy {
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
