//! What a provider does: the traits that adapters, and users' own providers, implement.

use std::{fmt::Debug, pin::Pin, sync::Arc};

use async_trait::async_trait;
use futures_core::Stream;
use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use crate::{
    capabilities::{Capabilities, Operation},
    error::{Error, ErrorKind, Result},
    ids::{GroupId, ProfileId, ProviderId, Vendor},
    operations::{
        ConnectCallback, ConnectOutcome, ConnectRequest, CreateGroup, CreateProfile, DeleteOutcome, GetOptions, Group,
        ListOptions, PersonQuery, Placement, StatsQuery, StatsSeries, WaitOptions,
    },
    packed::PackedProfiles,
    profile::Profile,
};

/// Rows as they arrive. An `Err` ends the stream; the rows before it are good.
///
/// Dropping the stream stops all traffic.
pub type ProfileStream = Pin<Box<dyn Stream<Item = Result<Listed>> + Send + 'static>>;

/// One configured access to a vendor: all that aggregation, health and comparison need, and all that
/// a provider of your own has to write.
///
/// No method has a default body: a wrapper that forgot one would lose it silently. Conveniences are
/// in [`ProviderExt`].
#[async_trait]
pub trait Provider: Debug + Send + Sync {
    /// The name of this instance; every row carries it.
    fn id(&self) -> &ProviderId;

    /// The company behind it.
    fn vendor(&self) -> Vendor;

    /// What works, said before it is asked for.
    fn capabilities(&self) -> &Capabilities;

    /// Lists the profiles, as they arrive. Nothing is sent before the stream is polled.
    ///
    /// A row without an id comes as [`Listed::Rejected`] and the list goes on. The stream ends after
    /// the first `Err`; a list that ends without one is complete.
    fn profiles(&self, options: ListOptions) -> ProfileStream;

    /// Fetches one profile.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] if the vendor knows no such profile; [`ErrorKind::Invalid`], with
    /// nothing sent, for an id of another provider.
    async fn profile(&self, id: &ProfileId, options: GetOptions) -> Result<Profile>;
}

/// Everything else that vendors offer. What [`Provider::capabilities`] denies returns
/// [`ErrorKind::Unsupported`] and sends nothing.
#[async_trait]
pub trait VendorApi: Provider {
    /// Looks up a person: a [`Profile`] with one looked-up platform.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] for nobody of that name, [`ErrorKind::ReconnectRequired`] if the
    /// account that looks is disconnected, [`ErrorKind::Invalid`] without an account to look through.
    async fn person(&self, query: PersonQuery) -> Result<Profile>;

    /// The pages, organizations, boards, channels or locations under a profile.
    ///
    /// # Errors
    ///
    /// As [`Provider::profile`].
    async fn placements(&self, profile: &ProfileId, options: GetOptions) -> Result<Vec<Placement>>;

    /// Statistics over time.
    ///
    /// # Errors
    ///
    /// As [`Provider::profile`]; [`ErrorKind::Invalid`] where the platform requires a placement and none was given.
    async fn stats(&self, query: StatsQuery) -> Result<StatsSeries>;

    /// Every group that the key can see.
    ///
    /// # Errors
    ///
    /// Those of any call.
    async fn groups(&self) -> Result<Vec<Group>>;

    /// One group.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] for a group that the key cannot see.
    async fn group(&self, id: &GroupId) -> Result<Group>;

    /// Makes a group. Never sent twice, unless the vendor takes a key that keeps the second time from having an effect.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Permission`] for a key that may not, [`ErrorKind::Ambiguous`] if it is unknown whether it was made.
    async fn create_group(&self, request: CreateGroup) -> Result<Group>;

    /// Deletes a group and what [`Capabilities::delete_group_destroys`] says.
    ///
    /// # Errors
    ///
    /// As [`VendorApi::create_group`].
    async fn delete_group(&self, id: &GroupId) -> Result<DeleteOutcome>;

    /// Makes an empty profile.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Conflict`] if there is one of that name; otherwise as [`VendorApi::create_group`].
    async fn create_profile(&self, request: CreateProfile) -> Result<Profile>;

    /// Deletes a profile and what [`Capabilities::delete_profile_destroys`] says.
    ///
    /// # Errors
    ///
    /// As [`Provider::profile`] and [`VendorApi::create_group`].
    async fn delete_profile(&self, id: &ProfileId, options: GetOptions) -> Result<DeleteOutcome>;

    /// Connects an account, or renews a connection.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ReconnectRequired`] if the account's credentials were refused,
    /// [`ErrorKind::Conflict`] if the account is connected elsewhere.
    async fn connect(&self, request: ConnectRequest) -> Result<ConnectOutcome>;

    /// Reads the URL that an account's owner came back to after opening a
    /// [`ConnectLink`](crate::ConnectLink). Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for what is no URL.
    fn connect_callback(&self, url: &str) -> Result<ConnectCallback>;
}

/// Conveniences for every [`VendorApi`].
#[async_trait]
pub trait VendorApiExt: VendorApi {
    /// Asks for the placements of a profile until there are some, or the time is up: those of a
    /// Telegram bot appear when the bot is added to a channel.
    ///
    /// An empty list means that none appeared in time.
    ///
    /// # Errors
    ///
    /// As [`VendorApi::placements`]; one that can pass is waited out.
    async fn wait_for_placements(
        &self,
        profile: &ProfileId,
        options: GetOptions,
        wait: WaitOptions,
    ) -> Result<Vec<Placement>> {
        let started = Instant::now();
        let is_time_for_another = || started.elapsed().saturating_add(wait.every) < wait.at_most;
        loop {
            let placements = match self.placements(profile, options.clone()).await {
                Err(error) if error.is_retryable() && is_time_for_another() => Vec::new(),
                outcome => outcome?,
            };
            if !placements.is_empty() || !is_time_for_another() {
                return Ok(placements);
            }
            sleep(wait.every).await;
        }
    }
}

impl<P: VendorApi + ?Sized> VendorApiExt for P {}

/// One row of a listing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Listed {
    /// A profile.
    Profile(Profile),
    /// A row that could not be kept.
    Rejected(Rejected),
}

/// A row that could not be kept, because nothing names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Rejected {
    /// The provider that sent it.
    pub provider: ProviderId,
    /// Its place in the list, counted from 0 over all pages.
    pub index: u64,
    /// What was wrong.
    pub problem: String,
    /// The row as it was sent, cut if it is very long. It may hold anything, control characters
    /// included: escape it before it reaches a terminal.
    pub raw: String,
}

impl Rejected {
    /// The row at `index` was rejected for `problem`.
    pub fn new(provider: ProviderId, index: u64, problem: impl Into<String>, raw: impl Into<String>) -> Self {
        Self { provider, index, problem: problem.into(), raw: raw.into() }
    }
}

/// Everything that a provider listed, its profiles in the compact form: [`ProviderExt::list_packed`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PackedList {
    /// The profiles, in the order listed.
    pub profiles: PackedProfiles,
    /// Rows that could not be kept; each knows its own place in the list.
    pub rejected: Vec<Rejected>,
}

impl PackedList {
    /// Nothing listed.
    pub fn new() -> Self {
        Self::default()
    }
}

/// Conveniences for every [`Provider`].
#[async_trait]
pub trait ProviderExt: Provider {
    /// Names the profile that this provider lists under `key`.
    fn profile_id(&self, key: impl Into<String>) -> ProfileId {
        ProfileId::new(self.id().clone(), key)
    }

    /// Everything listed, in one go.
    ///
    /// # Errors
    ///
    /// The listing's error; the rows that came before it are lost, so an
    /// [`Aggregator`](crate::Aggregator) of one provider is the better choice where they matter.
    async fn list(&self, options: ListOptions) -> Result<Vec<Listed>> {
        self.profiles(options).try_collect().await
    }

    /// Everything listed, in one go and in little memory: each profile is packed as it arrives, and
    /// never kept otherwise.
    ///
    /// # Errors
    ///
    /// As [`Self::list`].
    async fn list_packed(&self, options: ListOptions) -> Result<PackedList> {
        let mut list = PackedList::new();
        let mut rows = self.profiles(options);
        while let Some(row) = rows.try_next().await? {
            match row {
                Listed::Profile(profile) => list.profiles.push(&profile),
                Listed::Rejected(rejected) => list.rejected.push(rejected),
            }
        }
        Ok(list)
    }

    /// Refuses an id of another provider.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`], naming both providers.
    fn check_owner(&self, id: &ProfileId) -> Result<()> {
        if id.provider == *self.id() {
            return Ok(());
        }
        let message = format!(
            "`id` names a profile of provider `{}`, not of `{}`: ask that provider for it",
            id.provider,
            self.id()
        );
        Err(Error::new(ErrorKind::Invalid, message).with_provider(self.id().clone()))
    }

    /// Refuses an operation that the capabilities deny.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`], naming the vendor and the operation.
    fn check_supported(&self, operation: Operation) -> Result<()> {
        if self.capabilities().supports(operation) {
            return Ok(());
        }
        Err(self.unsupported(operation))
    }

    /// Refuses to look inside a group, for a vendor without groups: to ask for one and get everything
    /// would be a wrong answer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`], naming the option.
    fn check_no_group(&self, operation: Operation, group: Option<&GroupId>) -> Result<()> {
        match group {
            None => Ok(()),
            Some(_) => Err(self.unsupported_option(operation, "group")),
        }
    }

    /// The error of an operation that this vendor does not offer.
    fn unsupported(&self, operation: Operation) -> Error {
        Error::new(ErrorKind::Unsupported, format!("{} does not offer this", self.vendor()))
            .with_provider(self.id().clone())
            .with_operation(operation)
    }

    /// The error of an option that this vendor cannot honour: to leave it out would be a wrong answer.
    fn unsupported_option(&self, operation: Operation, option: &str) -> Error {
        let message = format!("{} cannot honour `{option}`: leave it out", self.vendor());
        Error::new(ErrorKind::Unsupported, message).with_provider(self.id().clone()).with_operation(operation)
    }
}

impl<P: Provider + ?Sized> ProviderExt for P {}

/// A listing that ends at once with `error`: for a request that must not be sent.
pub fn failed_stream(error: Error) -> ProfileStream {
    Box::pin(futures_util::stream::once(std::future::ready(Err(error))))
}

#[async_trait]
impl<P: Provider + ?Sized> Provider for Arc<P> {
    fn id(&self) -> &ProviderId {
        (**self).id()
    }

    fn vendor(&self) -> Vendor {
        (**self).vendor()
    }

    fn capabilities(&self) -> &Capabilities {
        (**self).capabilities()
    }

    fn profiles(&self, options: ListOptions) -> ProfileStream {
        (**self).profiles(options)
    }

    async fn profile(&self, id: &ProfileId, options: GetOptions) -> Result<Profile> {
        (**self).profile(id, options).await
    }
}
