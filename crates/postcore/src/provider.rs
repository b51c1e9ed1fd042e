//! Postcore's calls.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use polyprofile_core::{
    Capabilities, ConnectCallback, ConnectMethod, ConnectOutcome, ConnectRequest, ConnectSupport, ConnectTarget,
    CreateGroup, CreateProfile, DeleteOutcome, Error, ErrorKind, ExpiryReporting, GetOptions, Group, GroupId,
    ListOptions, Listed, Normalize as _, Operation, PersonQuery, Placement, Platform, Profile, ProfileId,
    ProfileStream, Provider, ProviderExt as _, ProviderId, Remedy, Result, StatsQuery, StatsSeries, Vendor, VendorApi,
    failed_stream,
};
use polyprofile_http::{ApiKey, BaseUrl, Document, HttpClient, Listing, Method, RateLimit, Request, SavedList};

use crate::{PostcoreConfig, VENDOR, convert, fault, wire};

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
    /// [`ErrorKind::Config`], naming the field, for a key or base URL that cannot be used.
    pub fn new(config: PostcoreConfig) -> Result<Self> {
        let PostcoreConfig { id, api_key, base_url, http } = config;
        let labelled = |error: Error| error.with_provider(id.clone());
        let key = ApiKey::header("api_key", "x-api-key", api_key).map_err(labelled)?;
        let base = BaseUrl::parse("base_url", &base_url).map_err(labelled)?;
        let client = HttpClient::new(id.clone(), base, &key, fault::classify, http)?;
        Ok(Self { id, client, capabilities: capabilities() })
    }

    /// What Postcore's latest answer told about its limit; `None` before the first answer.
    ///
    /// The general limit, 100 requests in 15 minutes, is counted per address and not per key: whoever else asks from
    /// the same network takes from it too.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.client.rate_limit()
    }

    /// The key of the profile that a connection goes into; `None` for a new one.
    fn profile_of<'a>(&self, target: &'a ConnectTarget, platform: &Platform) -> Result<Option<&'a str>> {
        let profile = match target {
            ConnectTarget::New { group, profile } => {
                self.check_no_group(Operation::Connect, group.as_ref())?;
                profile.as_ref()
            }
            ConnectTarget::Reconnect(key) => {
                if key.platform != *platform {
                    let message = format!("`platform` is {platform}, but the connection is to {}", key.platform);
                    return Err(Error::new(ErrorKind::Invalid, message));
                }
                Some(&key.profile)
            }
            _ => return Err(self.unsupported_option(Operation::Connect, "target")),
        };
        let Some(profile) = profile else { return Ok(None) };
        self.check_owner(profile)?;
        if profile.key.is_empty() {
            // To Postcore, no key means a new profile.
            return Err(Error::new(
                ErrorKind::Invalid,
                "the key of the profile is empty: pass it as the vendor sent it",
            ));
        }
        Ok(Some(&profile.key))
    }
}

/// What Postcore's documents offer.
fn capabilities() -> Capabilities {
    let operations = [
        Operation::ListProfiles,
        Operation::GetProfile,
        Operation::CreateProfile,
        Operation::DeleteProfile,
        Operation::Connect,
    ];
    let mut capabilities = Capabilities::new(operations, ExpiryReporting::DateAndDays);
    capabilities.connect = vec![
        ConnectSupport::new(Platform::LinkedIn, ConnectMethod::Link, true),
        ConnectSupport::new(Platform::Bluesky, ConnectMethod::AppPassword, true),
    ];
    let destroys = "the profile with all its connections, on every platform, and its pending posts; for good";
    capabilities.delete_profile_destroys = Some(destroys.to_owned());
    capabilities
}

/// The rows of a saved answer to `GET /profiles` that was read at `observed_at`, as [`Postcore`] lists them. Nothing is
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
        self.client.profiles::<wire::Profile<'_>>(Listing::new(request, &wire::PROFILES).counted_by(options.traffic))
    }

    /// `GET /profiles/:profileKey`.
    async fn profile(&self, id: &ProfileId, options: GetOptions) -> Result<Profile> {
        self.check_owner(id)?;
        self.check_no_group(Operation::GetProfile, options.group.as_ref())?;
        let request = Request::get(Operation::GetProfile, ["profiles", &id.key]);
        self.client.fetch(&request).await?.read_profile_of::<wire::SingleProfile<'_>>(&id.key, "/profile/profileKey")
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

    /// `POST /profiles/create`. The answer does not tell when the profile was made.
    ///
    /// Postcore takes no idempotency key, so it is sent once.
    async fn create_profile(&self, request: CreateProfile) -> Result<Profile> {
        const OPERATION: Operation = Operation::CreateProfile;
        let body = wire::CreateProfile { profile_name: request.name.as_deref() };
        let call = Request::write(OPERATION, Method::POST, ["profiles", "create"]).json(&body);
        let call = call.map_err(|error| error.or_from(&self.id, OPERATION))?;
        let answer = self.client.fetch(&call).await.map_err(check_first)?;
        answer.read_profile::<wire::CreatedProfile<'_>>().map_err(check_first)
    }

    /// `DELETE /profiles/:profileKey`, for good.
    async fn delete_profile(&self, id: &ProfileId, options: GetOptions) -> Result<DeleteOutcome> {
        self.check_owner(id)?;
        self.check_no_group(Operation::DeleteProfile, options.group.as_ref())?;
        let call = Request::write(Operation::DeleteProfile, Method::DELETE, ["profiles", &id.key]);
        let answer = self.client.fetch(&call).await.map_err(check_first)?;
        if is_empty(&answer) {
            return Ok(DeleteOutcome::new(None));
        }
        answer.read::<wire::Deletion<'_>, _>(|sent, context| sent.normalize(context)).map_err(check_first)
    }

    /// LinkedIn by a link (`GET /profiles/connect`, for a browser), Bluesky by a handle and an app password
    /// (`POST /profiles/connect`).
    ///
    /// For a link nothing is sent: it is put together here. **It holds the API key**, because that is how Postcore
    /// takes it; whoever gets the link has the key, and so do the history and the logs that it passes through. A
    /// redirect from your own server is the better place for it than a page or a message.
    ///
    /// A connection is renewed by connecting again into the same profile, which replaces it.
    async fn connect(&self, request: ConnectRequest) -> Result<ConnectOutcome> {
        const OPERATION: Operation = Operation::Connect;
        let labelled = |error: Error| error.or_from(&self.id, OPERATION);
        let profile = self.profile_of(&request.target, &request.platform).map_err(labelled)?;
        let path = ["profiles", "connect"];
        match convert::way(&request, profile).map_err(labelled)? {
            convert::Way::Link(return_url) => {
                let call = Request::get(OPERATION, path)
                    .query(wire::link::PLATFORM, request.platform.as_str())
                    .query_if(wire::link::PROFILE, profile)
                    .query(wire::link::RETURN_URL, return_url);
                self.client.link_with_key(&call, wire::link::KEY).map(ConnectOutcome::Link)
            }
            convert::Way::Body(body, password) => {
                let call = Request::write(OPERATION, Method::POST, path).json(&body).map_err(labelled)?;
                let answer = self.client.fetch(&call.hiding(password)).await.map_err(check_first)?;
                if is_empty(&answer) {
                    return answer.map(|_, context| {
                        convert::connect_outcome(wire::Connection::default(), &request.platform, profile, context)
                    });
                }
                let outcome = answer.read::<wire::Connection<'_>, _>(|sent, context| {
                    convert::connect_outcome(sent, &request.platform, profile, context)
                });
                outcome.map_err(check_first)
            }
        }
    }

    /// Postcore appends `profileKey`. How it tells a failure is not documented: parameters that look like one
    /// (`error`, `error_code`, `failure=true`) are taken for one.
    fn connect_callback(&self, url: &str) -> Result<ConnectCallback> {
        convert::callback(url, |key| self.profile_id(key)).map_err(|error| error.or_from(&self.id, Operation::Connect))
    }
}

/// "No content" can only follow a success.
fn is_empty(answer: &Document) -> bool {
    answer.body().trim_ascii().is_empty()
}

/// A write whose answer cannot be read was carried out all the same.
fn check_first(error: Error) -> Error {
    if error.kind() == ErrorKind::Decode { error.with_remedy(Remedy::CheckFirst) } else { error }
}
