//! Postpress' calls.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use polyprofile_core::{
    Capabilities, Clock, ConnectCallback, ConnectMethod, ConnectOutcome, ConnectRequest, ConnectSupport, ConnectTarget,
    CreateGroup, CreateProfile, DeleteOutcome, Error, ErrorKind, ExpiryReporting, FieldIssue, GetOptions, Group,
    GroupId, IssueKind, ListOptions, Listed, Normalize as _, Operation, PersonApi, PersonQuery, Placement, Profile,
    ProfileId, ProfileStream, Provider, ProviderExt as _, ProviderId, Remedy, Result, StatsQuery, StatsSeries, Vendor,
    VendorApi, failed_stream,
};
use polyprofile_http::{
    ApiKey, BaseUrl, Document, HttpClient, Listing, Method, Request, SavedList, fresh_idempotency_key,
};

use crate::{LookedUp, OwnerProfile, PostpressConfig, Typed, UserProfile, VENDOR, convert, fault, wire};

/// One configured access to Postpress. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Postpress {
    id: ProviderId,
    client: HttpClient,
    /// What comes before the document's own paths: `api/v1`, unless the base URL already ends in `v1`.
    prefix: &'static [&'static str],
    /// The base URL without that: what Postpress calls the address of its API.
    api_url: String,
    account: Option<String>,
    link_lifetime: Duration,
    clock: Arc<dyn Clock>,
    capabilities: Capabilities,
}

impl Postpress {
    /// Checks the configuration; nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field, for a key, base URL or lifetime that cannot be used.
    pub fn new(config: PostpressConfig) -> Result<Self> {
        let PostpressConfig { id, api_key, base_url, account, link_lifetime, http } = config;
        let labelled = |error: Error| error.with_provider(id.clone());
        let key = ApiKey::header("api_key", "x-api-key", api_key).map_err(labelled)?;
        let base = BaseUrl::parse("base_url", &base_url).map_err(labelled)?;
        let clock = Arc::clone(&http.clock);
        if link_lifetime.is_zero() || end_of_link(clock.now(), link_lifetime).is_none() {
            let message = "`link_lifetime` must be more than nothing, and end at a date: an hour is the default";
            return Err(labelled(Error::new(ErrorKind::Config, message)));
        }
        let prefix: &[&str] = if base.ends_with("v1") { &[] } else { &["api", "v1"] };
        let api_url = base.to_string();
        let api_url = ["/api/v1", "/v1"].into_iter().find_map(|end| api_url.strip_suffix(end)).unwrap_or(&api_url);
        let api_url = api_url.trim_end_matches('/').to_owned();
        let client = HttpClient::new(id.clone(), base, &key, fault::classify, http)?;
        let capabilities = capabilities();
        Ok(Self { id, client, prefix, api_url, account, link_lifetime, clock, capabilities })
    }

    /// Looks up a person and gives the answer with every field that the vendor documents.
    ///
    /// [`VendorApi::person`] gives the same as a normalized profile.
    ///
    /// # Errors
    ///
    /// As [`VendorApi::person`].
    pub async fn user_profile(&self, query: PersonQuery) -> Result<Typed<UserProfile>> {
        let (answer, _) = self.look_up(query).await?;
        typed(&answer, UserProfile::read)
    }

    /// Fetches the owner of a linked account with every field that the vendor documents (`GET /users/me`).
    ///
    /// # Errors
    ///
    /// As [`Provider::profile`]; [`ErrorKind::ReconnectRequired`] if the account is disconnected,
    /// [`ErrorKind::Invalid`] if Postpress cannot tell the owner of such an account.
    pub async fn owner_profile(&self, account: &ProfileId) -> Result<Typed<OwnerProfile>> {
        self.check_owner(account)?;
        typed(&self.owner(account).await?, OwnerProfile::read)
    }

    /// `GET /users/me`.
    async fn owner(&self, account: &ProfileId) -> Result<Document> {
        let request = self.get(Operation::GetProfile, ["users", "me"]).query("account_id", &account.key);
        self.client.fetch(&request.through(&account.key)).await
    }

    /// Adds the owner to a linked account.
    async fn add_owner(&self, profile: &mut Profile) -> Result<()> {
        let answer = self.owner(&profile.id).await?;
        let ((), issues) = answer.map_reported(|body, context| {
            let (owner, issues) = OwnerProfile::read(body)?;
            convert::add_owner(profile, owner, issues, context);
            Ok(())
        })?;
        profile.issues.extend(issues);
        Ok(())
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
            .through(&account)
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

    fn write<'a>(&self, operation: Operation, method: Method, path: impl IntoIterator<Item = &'a str>) -> Request {
        Request::write(operation, method, self.prefix.iter().copied().chain(path))
    }

    /// What the owner is asked to do on a hosted page.
    fn purpose<'a>(&self, request: &'a ConnectRequest) -> Result<wire::Purpose<'a>> {
        match &request.target {
            ConnectTarget::New { group: Some(_), .. } => Err(self.unsupported_option(Operation::Connect, "group")),
            // An account is one connection here: none can be put into another one.
            ConnectTarget::New { profile: Some(_), .. } => Err(self.unsupported_option(Operation::Connect, "profile")),
            ConnectTarget::New { .. } => {
                Ok(wire::Purpose::Create { providers: convert::providers(&request.platform)? })
            }
            ConnectTarget::Reconnect(key) => {
                self.check_owner(&key.profile)?;
                if key.platform != request.platform {
                    let (asked, known) = (&request.platform, &key.platform);
                    let message = format!("`platform` is {asked}, but the connection is to {known}");
                    return Err(Error::new(ErrorKind::Invalid, message));
                }
                Ok(wire::Purpose::Reconnect { reconnect_account: &key.profile.key })
            }
            _ => Err(self.unsupported_option(Operation::Connect, "target")),
        }
    }
}

/// What Postpress' documents offer.
fn capabilities() -> Capabilities {
    let operations = [
        Operation::ListProfiles,
        Operation::GetProfile,
        Operation::LookUpPerson,
        Operation::DeleteProfile,
        Operation::Connect,
    ];
    let mut capabilities = Capabilities::new(operations, ExpiryReporting::NotReported);
    let support = |(platform, _)| ConnectSupport::new(platform, ConnectMethod::Link, true);
    capabilities.connect = convert::PROVIDERS.into_iter().map(support).collect();
    let destroys = "the session of this one account at Postpress, which has to be linked again to be of use; \
                    the account on its platform stays as it is";
    capabilities.delete_profile_destroys = Some(destroys.to_owned());
    capabilities
}

/// Reads an answer as the vendor's own type.
fn typed<T>(
    answer: &Document,
    read: impl FnOnce(&[u8]) -> std::result::Result<(T, Vec<FieldIssue>), polyprofile_http::json::Unusable>,
) -> Result<Typed<T>> {
    let (value, issues) = answer.map_reported(|body, context| {
        let (value, issues) = read(body)?;
        context.add_issues(issues);
        Ok(value)
    })?;
    Ok(Typed { value, issues })
}

/// When a link that is made at `now` ends.
fn end_of_link(now: DateTime<Utc>, lifetime: Duration) -> Option<DateTime<Utc>> {
    // The vendor's pattern has room for years of four digits.
    let last = DateTime::from_timestamp(253_402_300_799, 0)?;
    now.checked_add_signed(chrono::TimeDelta::from_std(lifetime).ok()?).filter(|end| *end <= last)
}

/// The rows of a saved answer to `GET /accounts` that was read at `observed_at`, as [`Postpress`] lists them. Of a list in pages it reads one. Nothing is
/// sent.
///
/// An error ends it: a body that is not such a list, or that was cut.
pub fn saved_profiles(
    provider: ProviderId,
    observed_at: DateTime<Utc>,
    body: &[u8],
) -> impl Iterator<Item = Result<Listed>> + '_ {
    SavedList::<wire::Account<'_>>::new(provider, observed_at, &wire::ACCOUNTS, body)
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
        let listing = listing.counted_by(options.traffic);
        self.client.profiles::<wire::Account<'_>>(listing)
    }

    /// `GET /accounts/{id}`; with [`GetOptions::with_person`] also `GET /users/me`, the account's owner.
    ///
    /// The owner's card is the `person` of the connected platform; what the card has no place for is under `owner` in
    /// [`Profile::vendor`].
    ///
    /// The account is told even if its owner is not, as for an account that is disconnected: the profile then comes
    /// without a person, and an issue at `/owner` says why. [`Postpress::owner_profile`] gives the error itself.
    async fn profile(&self, id: &ProfileId, options: GetOptions) -> Result<Profile> {
        self.check_owner(id)?;
        self.check_no_group(Operation::GetProfile, options.group.as_ref())?;
        let request = self.get(Operation::GetProfile, ["accounts", &id.key]);
        let mut profile = self.client.fetch(&request).await?.read_profile_of::<wire::Account<'_>>(&id.key, "/id")?;
        if options.with_person
            && let Err(error) = self.add_owner(&mut profile).await
        {
            let message = format!("the account's owner could not be fetched: {error}");
            profile.issues.push(FieldIssue::new(format!("/{}", convert::OWNER), IssueKind::Missing, message));
        }
        Ok(profile)
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

    /// Unsupported: an account comes into being by linking it.
    async fn create_profile(&self, _: CreateProfile) -> Result<Profile> {
        Err(self.unsupported(Operation::CreateProfile))
    }

    /// `DELETE /accounts/{id}`.
    async fn delete_profile(&self, id: &ProfileId, options: GetOptions) -> Result<DeleteOutcome> {
        self.check_owner(id)?;
        self.check_no_group(Operation::DeleteProfile, options.group.as_ref())?;
        let request = self.write(Operation::DeleteProfile, Method::DELETE, ["accounts", &id.key]);
        let answer = self.client.fetch(&request).await.map_err(check_first)?;
        // "No content" can only follow a success.
        if answer.body().trim_ascii().is_empty() {
            return Ok(DeleteOutcome::new(None));
        }
        answer.read::<wire::Deletion<'_>, _>(|sent, context| sent.normalize(context)).map_err(check_first)
    }

    /// `POST /hosted/accounts/link`, with an idempotency key: a page of Postpress on which the owner signs in, for a
    /// new account or one that is linked.
    ///
    /// The link ends after [`PostpressConfig::link_lifetime`], and in any case at Postpress' daily restart, which ends
    /// all links: make it when it is needed, and a new one when it has ended. Postpress documents no parameters for the
    /// way back, but an address of its own for a failure: there the return URL has `failure=true` added, which
    /// [`VendorApi::connect_callback`] looks for.
    async fn connect(&self, request: ConnectRequest) -> Result<ConnectOutcome> {
        const OPERATION: Operation = Operation::Connect;
        let labelled = |error: Error| error.or_from(&self.id, OPERATION);
        let purpose = self.purpose(&request).map_err(labelled)?;
        let Some(expires_on) = end_of_link(self.clock.now(), self.link_lifetime) else {
            return Err(labelled(Error::new(ErrorKind::Config, "`link_lifetime` ends at no date")));
        };
        let key = request.idempotency_key.clone().unwrap_or_else(fresh_idempotency_key);
        let call = convert::hosted_link(purpose, &request.credentials, &self.api_url, expires_on)
            .and_then(|body| self.write(OPERATION, Method::POST, ["hosted", "accounts", "link"]).json(&body))
            .and_then(|call| call.idempotent(key))
            .map_err(labelled)?;
        self.client.fetch(&call).await?.read::<wire::HostedUrl<'_>, _>(|sent, context| sent.normalize(context))
    }

    /// Reads the marker that [`VendorApi::connect`] puts into the address for failures. Postpress tells neither the
    /// reason nor the account: list the accounts to find a new one.
    fn connect_callback(&self, url: &str) -> Result<ConnectCallback> {
        convert::callback(url).map_err(|error| error.or_from(&self.id, Operation::Connect))
    }
}

/// A write whose answer cannot be read was carried out all the same.
fn check_first(error: Error) -> Error {
    if error.kind() == ErrorKind::Decode { error.with_remedy(Remedy::CheckFirst) } else { error }
}
