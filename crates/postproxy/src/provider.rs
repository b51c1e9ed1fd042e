//! Postproxy's calls.

use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat, Utc};
use polyprofile_core::{
    Capabilities, ConnectCallback, ConnectOutcome, ConnectRequest, ConnectSupport, ConnectTarget, CreateGroup,
    CreateProfile, DeleteOutcome, Error, ErrorKind, ExpiryReporting, GetOptions, Group, GroupId, ListOptions, Listed,
    Normalize, Operation, PersonQuery, Placement, PlacementId, Platform, Profile, ProfileId, ProfileStream, Provider,
    ProviderExt as _, ProviderId, Result, StatsQuery, StatsSeries, Vendor, VendorApi,
};
use polyprofile_http::{
    ApiKey, BaseUrl, Document, HttpClient, Listing, Method, Request, SavedList, fresh_idempotency_key, json::RowType,
};

use crate::{PostproxyConfig, VENDOR, convert, fault, wire};

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
    /// [`ErrorKind::Config`], naming the field, for a key or base URL that cannot be used.
    pub fn new(config: PostproxyConfig) -> Result<Self> {
        let PostproxyConfig { id, api_key, base_url, group, http } = config;
        let labelled = |error: Error| error.with_provider(id.clone());
        let key = ApiKey::bearer("api_key", api_key).map_err(labelled)?;
        let base = BaseUrl::parse("base_url", &base_url).map_err(labelled)?;
        let prefix = (!base.ends_with("api")).then_some("api");
        let client = HttpClient::new(id.clone(), base, &key, fault::classify, http)?;
        Ok(Self { id, client, prefix, group, capabilities: capabilities() })
    }

    /// A `GET` of `path`.
    fn get<'a>(&self, operation: Operation, path: impl IntoIterator<Item = &'a str>) -> Request {
        Request::get(operation, self.prefix.into_iter().chain(path))
    }

    /// A write to `path`, named by `key` or a fresh one: it may be sent again without a second effect.
    fn write<'a>(
        &self,
        operation: Operation,
        method: Method,
        path: impl IntoIterator<Item = &'a str>,
        key: Option<String>,
    ) -> Result<Request> {
        let request = Request::write(operation, method, self.prefix.into_iter().chain(path));
        request.idempotent(key.unwrap_or_else(fresh_idempotency_key))
    }

    /// `request` inside the group that the call, or else the configuration, names.
    fn scoped(&self, request: Request, group: Option<&GroupId>) -> Request {
        let group = group.or(self.group.as_ref());
        request.query_if("profile_group_id", group.map(GroupId::as_str))
    }

    async fn delete(&self, request: Request) -> Result<DeleteOutcome> {
        let answer = self.client.fetch(&request).await?;
        // The document shows a body and no status. "No content" can only follow a success.
        if answer.body().is_empty() {
            return Ok(DeleteOutcome::new(None));
        }
        read::<wire::Deletion<'_>, _>(&answer)
    }

    /// The group that a connection goes to.
    async fn group_of(&self, target: &ConnectTarget, platform: &Platform) -> Result<GroupId> {
        match target {
            ConnectTarget::New { profile: Some(_), .. } => {
                // A profile is one account here: none can be put into another one.
                Err(self.unsupported_option(Operation::Connect, "profile"))
            }
            ConnectTarget::New { group, .. } => group.clone().or_else(|| self.group.clone()).ok_or_else(|| {
                let message = "`group` is missing: name the profile group that the account goes to, or configure one";
                Error::new(ErrorKind::Invalid, message)
            }),
            ConnectTarget::Reconnect(key) => {
                self.check_owner(&key.profile)?;
                if key.platform != *platform {
                    let message = format!("`platform` is {platform}, but the connection is to {}", key.platform);
                    return Err(Error::new(ErrorKind::Invalid, message));
                }
                if let Some(group) = &self.group {
                    return Ok(group.clone());
                }
                let request = self.get(Operation::Connect, ["profiles", &key.profile.key]);
                let profile = self.client.fetch(&request).await?.read_profile::<wire::Profile<'_>>()?;
                profile.group.ok_or_else(|| {
                    let message = "the answer does not tell the profile's group: configure it as `group`";
                    Error::new(ErrorKind::Decode, message)
                })
            }
            _ => Err(self.unsupported_option(Operation::Connect, "target")),
        }
    }
}

/// Reads an answer that maps into something other than a profile.
fn read<R, T>(answer: &Document) -> Result<T>
where
    R: RowType,
    for<'de> R::Row<'de>: Normalize<Output = Result<T>>,
{
    answer.read::<R, _>(|sent, context| sent.normalize(context))
}

/// What the two documents offer. A key for one group may do less: its refusals come from Postproxy.
fn capabilities() -> Capabilities {
    let not_offered = [Operation::LookUpPerson, Operation::CreateProfile];
    let operations = Operation::ALL.into_iter().filter(|operation| !not_offered.contains(operation));
    let mut capabilities = Capabilities::new(operations, ExpiryReporting::Date);
    // The list of the connect call leaves out Google Business; but it is a documented platform of profiles, and all
    // profiles "cannot be created directly" but only by this call. WhatsApp, which only the SDK knows, takes a choice of
    // its own ("onboarding") that no document describes: it is not promised here, and may be asked for all the same.
    let platforms = [
        Platform::Facebook,
        Platform::Instagram,
        Platform::TikTok,
        Platform::LinkedIn,
        Platform::YouTube,
        Platform::Twitter,
        Platform::Threads,
        Platform::Pinterest,
        Platform::Bluesky,
        Platform::Telegram,
        Platform::GoogleBusiness,
    ];
    // "The user needs to reconnect the profile: use the Initialize Connection endpoint", whatever the platform.
    let support = |platform| {
        let method = convert::method(&platform);
        ConnectSupport::new(platform, method, true)
    };
    capabilities.connect = platforms.into_iter().map(support).collect();
    let destroys = "the connection to this one account, which has to be connected again to be of use; \
                    posts that are already published stay";
    capabilities.delete_profile_destroys = Some(destroys.to_owned());
    capabilities.delete_group_destroys = Some("the group and every profile in it".to_owned());
    capabilities
}

/// The rows of a saved answer to `GET /api/profiles` that was read at `observed_at`, as [`Postproxy`] lists them. Nothing is
/// sent.
///
/// An error ends it: a body that is not such a list, or that was cut.
pub fn saved_profiles(
    provider: ProviderId,
    observed_at: DateTime<Utc>,
    body: &[u8],
) -> impl Iterator<Item = Result<Listed>> + '_ {
    SavedList::<wire::Profile<'_>>::new(provider, observed_at, &wire::PROFILES, body)
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
        let request = self.scoped(self.get(Operation::ListProfiles, ["profiles"]), options.group.as_ref());
        self.client.profiles::<wire::Profile<'_>>(Listing::new(request, &wire::PROFILES).counted_by(options.traffic))
    }

    /// `GET /api/profiles/:id`, with the latest statistics.
    async fn profile(&self, id: &ProfileId, options: GetOptions) -> Result<Profile> {
        self.check_owner(id)?;
        let request = self.get(Operation::GetProfile, ["profiles", &id.key]);
        let request = self.scoped(request, options.group.as_ref());
        self.client.fetch(&request).await?.read_profile_of::<wire::Profile<'_>>(&id.key, "/id")
    }
}

#[async_trait]
impl VendorApi for Postproxy {
    async fn person(&self, _: PersonQuery) -> Result<Profile> {
        Err(self.unsupported(Operation::LookUpPerson))
    }

    /// `GET /api/profiles/:id/placements`, which Facebook, LinkedIn, Pinterest, Telegram and Google Business
    /// profiles have.
    ///
    /// A row that nothing names is left out, with a warning in the log.
    async fn placements(&self, profile: &ProfileId, options: GetOptions) -> Result<Vec<Placement>> {
        self.check_owner(profile)?;
        let request = self.get(Operation::ListPlacements, ["profiles", &profile.key, "placements"]);
        let request = self.scoped(request, options.group.as_ref());
        read::<wire::Placements<'_>, _>(&self.client.fetch(&request).await?)
    }

    /// `GET /api/profiles/:id/stats`.
    ///
    /// Facebook, LinkedIn and Telegram require a placement. LinkedIn's personal page has no id, so its
    /// statistics cannot be asked for.
    async fn stats(&self, query: StatsQuery) -> Result<StatsSeries> {
        const OPERATION: Operation = Operation::GetStats;
        self.check_owner(&query.profile)?;
        if let (Some(platform @ (Platform::Facebook | Platform::LinkedIn | Platform::Telegram)), None) =
            (&query.platform, &query.placement)
        {
            let message = format!(
                "`placement` (placement_id) is missing, and {} profiles require it: \
                 list the profile's placements and give the id of one",
                platform.label()
            );
            return Err(Error::new(ErrorKind::Invalid, message).or_from(&self.id, OPERATION));
        }
        let moment = |moment: chrono::DateTime<_>| moment.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let request = self
            .scoped(self.get(OPERATION, ["profiles", &query.profile.key, "stats"]), query.group.as_ref())
            .query_if("placement_id", query.placement.as_ref().map(PlacementId::as_str))
            .query_if("from", query.from.map(moment))
            .query_if("to", query.to.map(moment));
        let answer = self.client.fetch(&request).await?;
        answer.read::<wire::Stats<'_>, _>(|sent, context| convert::series(sent, &query, context))
    }

    /// `GET /api/profile_groups`. A key for one group sees that one.
    ///
    /// A row that nothing names is left out, with a warning in the log.
    async fn groups(&self) -> Result<Vec<Group>> {
        let request = self.get(Operation::ListGroups, ["profile_groups"]);
        read::<wire::Groups<'_>, _>(&self.client.fetch(&request).await?)
    }

    /// `GET /api/profile_groups/:id`.
    async fn group(&self, id: &GroupId) -> Result<Group> {
        let request = self.get(Operation::GetGroup, ["profile_groups", id.as_str()]);
        read::<wire::Group<'_>, _>(&self.client.fetch(&request).await?)
    }

    /// `POST /api/profile_groups`, with an idempotency key.
    async fn create_group(&self, request: CreateGroup) -> Result<Group> {
        const OPERATION: Operation = Operation::CreateGroup;
        let body = wire::CreateGroup { profile_group: wire::GroupName { name: &request.name } };
        let request = self
            .write(OPERATION, Method::POST, ["profile_groups"], request.idempotency_key)
            .and_then(|request| request.json(&body))
            .map_err(|error| error.or_from(&self.id, OPERATION))?;
        read::<wire::Group<'_>, _>(&self.client.fetch(&request).await?)
    }

    /// `DELETE /api/profile_groups/:id`, with an idempotency key.
    async fn delete_group(&self, id: &GroupId) -> Result<DeleteOutcome> {
        let path = ["profile_groups", id.as_str()];
        self.delete(self.write(Operation::DeleteGroup, Method::DELETE, path, None)?).await
    }

    /// Unsupported: a profile comes into being by connecting an account.
    async fn create_profile(&self, _: CreateProfile) -> Result<Profile> {
        Err(self.unsupported(Operation::CreateProfile))
    }

    /// `DELETE /api/profiles/:id`, with an idempotency key.
    async fn delete_profile(&self, id: &ProfileId, options: GetOptions) -> Result<DeleteOutcome> {
        self.check_owner(id)?;
        let request = self.write(Operation::DeleteProfile, Method::DELETE, ["profiles", &id.key], None)?;
        self.delete(self.scoped(request, options.group.as_ref())).await
    }

    /// `POST /api/profile_groups/:id/initialize_connection`, with an idempotency key.
    ///
    /// Bluesky takes a handle and an app password, Telegram a bot's token, every other platform a return URL.
    /// A connection is renewed by its group and platform, for that is all that Postproxy can be told: where a
    /// group holds several accounts of one platform, the one that the owner signs in with decides. The group is
    /// the configured one; without one the profile is asked for it first.
    async fn connect(&self, request: ConnectRequest) -> Result<ConnectOutcome> {
        const OPERATION: Operation = Operation::Connect;
        let labelled = |error: Error| error.or_from(&self.id, OPERATION);
        let body = convert::connect_body(&request).map_err(labelled)?;
        let group = self.group_of(&request.target, &request.platform).await.map_err(labelled)?;
        let path = ["profile_groups", group.as_str(), "initialize_connection"];
        let mut call = self
            .write(OPERATION, Method::POST, path, request.idempotency_key.clone())
            .and_then(|call| call.json(&body))
            .map_err(labelled)?;
        if let Some(secret) = convert::secret(&request.credentials) {
            call = call.hiding(secret);
        }
        let answer = self.client.fetch(&call).await?;
        answer
            .read::<wire::Connection<'_>, _>(|sent, context| convert::connect_outcome(sent, &request.platform, context))
    }

    /// Postproxy appends `failure=true` and `error_code` when it failed, and nothing that a document names when it
    /// did not.
    fn connect_callback(&self, url: &str) -> Result<ConnectCallback> {
        convert::callback(url).map_err(|error| error.or_from(&self.id, Operation::Connect))
    }
}
