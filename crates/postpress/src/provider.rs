//! Postpress' calls.

use async_trait::async_trait;
use polyprofile_core::{
    Capabilities, ConnectCallback, ConnectOutcome, ConnectRequest, CreateGroup, CreateProfile, DeleteOutcome, Error,
    ErrorKind, ExpiryReporting, GetOptions, Group, GroupId, ListOptions, Normalize as _, Operation, PersonApi,
    PersonQuery, Placement, Profile, ProfileId, ProfileStream, Provider, ProviderExt as _, ProviderId, Result,
    StatsQuery, StatsSeries, Vendor, VendorApi, failed_stream,
};
use polyprofile_http::{ApiKey, BaseUrl, Document, HttpClient, Listing, Request};

use crate::{LookedUp, PostpressConfig, UserProfile, VENDOR, fault, wire};

/// One configured access to Postpress. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Postpress {
    id: ProviderId,
    client: HttpClient,
    /// What comes before the document's own paths: `api/v1`, unless the base URL already ends in `v1`.
    prefix: &'static [&'static str],
    account: Option<String>,
    capabilities: Capabilities,
}

impl Postpress {
    /// Checks the configuration; nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field, for a key or base URL that cannot be used.
    pub fn new(config: PostpressConfig) -> Result<Self> {
        let PostpressConfig { id, api_key, base_url, account, http } = config;
        let labelled = |error: Error| error.with_provider(id.clone());
        let key = ApiKey::header("api_key", "x-api-key", api_key).map_err(labelled)?;
        let base = BaseUrl::parse("base_url", &base_url).map_err(labelled)?;
        let prefix: &[&str] = if base.ends_with("v1") { &[] } else { &["api", "v1"] };
        let client = HttpClient::new(id.clone(), base, &key, fault::classify, http)?;
        let operations = [Operation::ListProfiles, Operation::GetProfile, Operation::LookUpPerson];
        let capabilities = Capabilities::new(operations, ExpiryReporting::NotReported);
        Ok(Self { id, client, prefix, account, capabilities })
    }

    /// Looks up a person and gives the answer with every field that the vendor documents.
    ///
    /// [`VendorApi::person`] gives the same as a normalized profile.
    ///
    /// # Errors
    ///
    /// As [`VendorApi::person`].
    pub async fn user_profile(&self, query: PersonQuery) -> Result<UserProfile> {
        let (answer, _) = self.look_up(query).await?;
        answer.map(|body, _| Ok(UserProfile::read(body)?.0))
    }

    /// `GET /users/{identifier}`, and the account that looked.
    async fn look_up(&self, query: PersonQuery) -> Result<(Document, String)> {
        let Some(account) = query.through.or_else(|| self.account.clone()) else {
            let message = "`through` is missing: name the linked account to look through, or configure one";
            let error = Error::new(ErrorKind::Invalid, message).with_provider(self.id.clone());
            return Err(error.with_operation(Operation::LookUpPerson));
        };
        let mut request = self
            .get(Operation::LookUpPerson, ["users", &query.identifier])
            .query("account_id", &account)
            .query_if("linkedin_api", query.api.as_ref().map(PersonApi::as_str));
        // The document says "array of strings" and no more: one parameter per entry is OpenAPI's default.
        for section in query.sections {
            request = request.query("linkedin_sections", section);
        }
        if query.notify {
            // The person is told of every visit: such a request is not sent twice.
            request = request.query("notify", "true").not_repeatable();
        }
        Ok((self.client.fetch(&request).await?, account))
    }

    fn get<'a>(&self, operation: Operation, path: impl IntoIterator<Item = &'a str>) -> Request {
        Request::get(operation, self.prefix.iter().copied().chain(path))
    }
}

#[async_trait]
impl Provider for Postpress {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn vendor(&self) -> Vendor {
        VENDOR
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// `GET /accounts`, page by page.
    fn profiles(&self, options: ListOptions) -> ProfileStream {
        if let Err(error) = self.check_no_group(Operation::ListProfiles, options.group.as_ref()) {
            return failed_stream(error);
        }
        let limit = options.page_size.map(|size| size.to_string());
        let request = self.get(Operation::ListProfiles, ["accounts"]).query_if("limit", limit);
        let listing = Listing::new(request, &wire::ACCOUNTS).in_pages(wire::CURSORS, "cursor");
        self.client.profiles::<wire::Account<'_>>(listing)
    }

    /// `GET /accounts/{id}`.
    async fn profile(&self, id: &ProfileId, options: GetOptions) -> Result<Profile> {
        self.check_owner(id)?;
        self.check_no_group(Operation::GetProfile, options.group.as_ref())?;
        if options.with_person {
            return Err(self.unsupported_option(Operation::GetProfile, "with_person"));
        }
        let request = self.get(Operation::GetProfile, ["accounts", &id.key]);
        self.client.fetch(&request).await?.read_profile::<wire::Account<'_>>()
    }
}

#[async_trait]
impl VendorApi for Postpress {
    /// `GET /users/{identifier}`.
    async fn person(&self, query: PersonQuery) -> Result<Profile> {
        let (answer, account) = self.look_up(query).await?;
        answer.map_profile(|body, context| {
            let (page, issues) = UserProfile::read(body)?;
            context.add_issues(issues);
            Ok(LookedUp::new(page, account).normalize(context))
        })
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
