//! Postcore as a [`Provider`](polyprofile_core::Provider).
//!
//! A Postcore *profile* is a container for the accounts of one of your users: any number of connected
//! platforms, none included. A connection tells `expiresAt`, `daysUntilExpiry` and `needsReconnect`;
//! on the last day the count is 0, which the health of a [`Profile`](polyprofile_core::Profile) counts
//! as a warning.
//!
//! ```no_run
//! # async fn example() -> polyprofile_core::Result<()> {
//! use polyprofile_core::{ListOptions, ProviderExt};
//! use polyprofile_postcore::{Postcore, PostcoreConfig};
//!
//! let postcore = Postcore::new(PostcoreConfig::new("the key from the dashboard"))?;
//! for row in postcore.list(ListOptions::new()).await? {
//!     println!("{row:?}");
//! }
//! # Ok(())
//! # }
//! ```

mod convert;
mod fault;
mod provider;
mod wire;

use std::fmt;

use polyprofile_core::{ProviderId, Vendor};
use polyprofile_http::{HttpConfig, UncheckedBaseUrl};
use secrecy::SecretString;

pub use fault::classify;
pub use provider::{Postcore, saved_profiles};

/// The vendor's name.
pub const VENDOR: Vendor = Vendor::from_static("postcore");

/// Where Postcore answers, unless told otherwise.
pub const BASE_URL: &str = "https://api.postcore.dev";

/// One configured access to Postcore.
#[derive(Clone)]
#[non_exhaustive]
pub struct PostcoreConfig {
    /// The name of this access: `postcore`, unless there are several.
    pub id: ProviderId,
    /// The key from the dashboard.
    pub api_key: SecretString,
    /// The origin that all paths start from.
    pub base_url: String,
    /// Deadlines, limits, retries.
    pub http: HttpConfig,
}

impl PostcoreConfig {
    /// Everything that `api_key` can see, with the defaults.
    pub fn new(api_key: impl Into<SecretString>) -> Self {
        Self {
            id: ProviderId::new(VENDOR.as_str()),
            api_key: api_key.into(),
            base_url: BASE_URL.to_owned(),
            http: HttpConfig::new(),
        }
    }
}

impl fmt::Debug for PostcoreConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PostcoreConfig")
            .field("id", &self.id)
            .field("api_key", &self.api_key)
            .field("base_url", &UncheckedBaseUrl(&self.base_url))
            .field("http", &self.http)
            .finish()
    }
}

/// Doors for the fuzz targets to the decoders; there only in their builds.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing {
    use polyprofile_core::{
        ConnectCallback, ConnectOutcome, DeleteOutcome, Error, NormalizeContext, Platform, Profile, ProfileId,
        ProviderId, Result,
    };
    use polyprofile_http::{
        FailedAnswer,
        fuzzing::read,
        json::{Unusable, read_row},
    };

    use crate::{VENDOR, convert, wire};

    pub fn row(bytes: &[u8], context: &mut NormalizeContext) -> Result<Option<Profile>, Unusable> {
        read::<wire::Profile<'_>, _>(bytes, context)
    }

    pub fn single(bytes: &[u8], context: &mut NormalizeContext) -> Result<Option<Profile>, Unusable> {
        read::<wire::SingleProfile<'_>, _>(bytes, context)
    }

    pub fn created(bytes: &[u8], context: &mut NormalizeContext) -> Result<Option<Profile>, Unusable> {
        read::<wire::CreatedProfile<'_>, _>(bytes, context)
    }

    pub fn deleted(bytes: &[u8], context: &mut NormalizeContext) -> Result<DeleteOutcome> {
        read::<wire::Deletion<'_>, _>(bytes, context)?
    }

    pub fn connected(bytes: &[u8], platform: &Platform, context: &mut NormalizeContext) -> Result<ConnectOutcome> {
        read_row::<wire::Connection<'_>, _>(bytes, |sent, _| convert::connect_outcome(sent, platform, None, context))?
    }

    pub fn callback(url: &str) -> Result<ConnectCallback> {
        convert::callback(url, |key| ProfileId::new(ProviderId::new(VENDOR.as_str()), key))
    }

    pub fn fault(answer: &FailedAnswer<'_>) -> Error {
        crate::fault::classify(answer)
    }
}
