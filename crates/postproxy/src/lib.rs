//! Postproxy as a [`Provider`](polyprofile_core::Provider).
//!
//! A Postproxy *profile* is one connected social account. It tells a status (`active`, `expired`,
//! `inactive`) and, where the account's permission ends, the date: `expires_at`. Null there means that
//! it does not expire, or that Postproxy renews it by itself.
//!
//! ```no_run
//! # async fn example() -> polyprofile_core::Result<()> {
//! use polyprofile_core::{ListOptions, ProviderExt};
//! use polyprofile_postproxy::{Postproxy, PostproxyConfig};
//!
//! let postproxy = Postproxy::new(PostproxyConfig::new("the key from the dashboard"))?;
//! for row in postproxy.list(ListOptions::new()).await? {
//!     println!("{row:?}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What follows a broken connection: a link that its owner opens, and the URL that the owner comes back to.
//!
//! ```no_run
//! # use polyprofile_core::{ConnectOutcome, ProfileId, Result};
//! # use polyprofile_postproxy::Postproxy;
//! # async fn example(postproxy: &Postproxy, broken: ProfileId) -> Result<()> {
//! use polyprofile_core::{ConnectCredentials, ConnectRequest, ConnectTarget, ConnectionKey, Platform, VendorApi};
//!
//! let target = ConnectTarget::Reconnect(ConnectionKey::new(broken, Platform::LinkedIn, None));
//! let credentials = ConnectCredentials::Link { return_url: "https://myapp.com/callback?org=123".to_owned() };
//! let request = ConnectRequest::new(target, Platform::LinkedIn, credentials);
//! if let ConnectOutcome::Link(link) = postproxy.connect(request).await? {
//!     println!("Please open {}", link.expose_url());
//! }
//! let came_back = "https://myapp.com/callback?org=123&failure=true&error_code=user_abandoned";
//! println!("{:?}", postproxy.connect_callback(came_back)?.outcome);
//! # Ok(())
//! # }
//! ```
//!
//! Profiles live in *profile groups*; a key is for the whole account or for one group. Writes carry an
//! idempotency key, so that one which got no answer is sent again without a second effect.

mod convert;
mod fault;
mod provider;
mod wire;

use std::fmt;

use polyprofile_core::{GroupId, ProviderId, Vendor};
use polyprofile_http::{HttpConfig, UncheckedBaseUrl};
use secrecy::SecretString;

pub use fault::classify;
pub use provider::{Postproxy, saved_profiles};

/// The vendor's name.
pub const VENDOR: Vendor = Vendor::from_static("postproxy");

/// Where Postproxy answers, unless told otherwise.
pub const BASE_URL: &str = "https://api.postproxy.dev";

/// One configured access to Postproxy.
#[derive(Clone)]
#[non_exhaustive]
pub struct PostproxyConfig {
    /// The name of this access: `postproxy`, unless there are several.
    pub id: ProviderId,
    /// The key from the dashboard: for the whole account, or for one profile group.
    pub api_key: SecretString,
    /// The origin, with or without the `/api` that all paths start with.
    pub base_url: String,
    /// Everything is asked for inside this profile group, where a call names no other.
    pub group: Option<GroupId>,
    /// Deadlines, limits, retries.
    pub http: HttpConfig,
}

impl PostproxyConfig {
    /// Everything that `api_key` can see, with the defaults.
    pub fn new(api_key: impl Into<SecretString>) -> Self {
        Self {
            id: ProviderId::new(VENDOR.as_str()),
            api_key: api_key.into(),
            base_url: BASE_URL.to_owned(),
            group: None,
            http: HttpConfig::new(),
        }
    }
}

impl fmt::Debug for PostproxyConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PostproxyConfig")
            .field("id", &self.id)
            .field("api_key", &self.api_key)
            .field("base_url", &UncheckedBaseUrl(&self.base_url))
            .field("group", &self.group)
            .field("http", &self.http)
            .finish()
    }
}

/// Doors for the fuzz targets to the decoders; there only in their builds.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing {
    use polyprofile_core::{
        ConnectCallback, ConnectOutcome, DeleteOutcome, Error, Group, NormalizeContext, Placement, Platform, Profile,
        Result, StatsQuery, StatsSeries,
    };
    use polyprofile_http::{
        FailedAnswer,
        fuzzing::read,
        json::{Unusable, read_row},
    };

    use crate::{convert, wire};

    pub fn row(bytes: &[u8], context: &mut NormalizeContext) -> Result<Option<Profile>, Unusable> {
        read::<wire::Profile<'_>, _>(bytes, context)
    }

    pub fn placements(bytes: &[u8], context: &mut NormalizeContext) -> Result<Vec<Placement>> {
        read::<wire::Placements<'_>, _>(bytes, context)?
    }

    pub fn groups(bytes: &[u8], context: &mut NormalizeContext) -> Result<Vec<Group>> {
        read::<wire::Groups<'_>, _>(bytes, context)?
    }

    pub fn group(bytes: &[u8], context: &mut NormalizeContext) -> Result<Group> {
        read::<wire::Group<'_>, _>(bytes, context)?
    }

    pub fn deleted(bytes: &[u8], context: &mut NormalizeContext) -> Result<DeleteOutcome> {
        read::<wire::Deletion<'_>, _>(bytes, context)?
    }

    pub fn stats(bytes: &[u8], query: &StatsQuery, context: &mut NormalizeContext) -> Result<StatsSeries> {
        read_row::<wire::Stats<'_>, _>(bytes, |sent, _| convert::series(sent, query, context))?
    }

    pub fn connected(bytes: &[u8], platform: &Platform, context: &mut NormalizeContext) -> Result<ConnectOutcome> {
        read_row::<wire::Connection<'_>, _>(bytes, |sent, _| convert::connect_outcome(sent, platform, context))?
    }

    pub fn callback(url: &str) -> Result<ConnectCallback> {
        convert::callback(url)
    }

    pub fn fault(answer: &FailedAnswer<'_>) -> Error {
        crate::fault::classify(answer)
    }
}
