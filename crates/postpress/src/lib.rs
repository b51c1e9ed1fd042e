//! Postpress as a [`Provider`](polyprofile_core::Provider).
//!
//! Postpress lists linked *accounts*: sessions on a network, each made of one or more *sources* with a
//! status of their own. The worst of them decides, and all are kept. When a connection ends is not told
//! ([`Expiry::NotReported`](polyprofile_core::Expiry::NotReported)), which never means "never".
//!
//! What Postpress calls a *profile* is somebody's page on a network, looked up through a linked account:
//! [`VendorApi::person`](polyprofile_core::VendorApi::person) gives it normalized,
//! [`Postpress::user_profile`] with every documented field ([`UserProfile`]). The owner of a linked account comes with
//! [`profile`](polyprofile_core::Provider::profile) on request
//! ([`GetOptions::with_person`](polyprofile_core::GetOptions::with_person)), or from [`Postpress::owner_profile`].
//!
//! Accounts are linked, and linked again, on a page of Postpress: see
//! [`VendorApi::connect`](polyprofile_core::VendorApi::connect).
//!
//! ```no_run
//! # async fn example() -> polyprofile_core::Result<()> {
//! use polyprofile_core::{PersonQuery, VendorApi};
//! use polyprofile_postpress::{Postpress, PostpressConfig};
//!
//! let mut config = PostpressConfig::new("the key from the dashboard");
//! config.account = Some("acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR".to_owned());
//! let postpress = Postpress::new(config)?;
//! let person = postpress.person(PersonQuery::new("jordan-walke")).await?;
//! println!("{person:?}");
//! # Ok(())
//! # }
//! ```

mod convert;
mod fault;
mod provider;
mod wire;

use std::{fmt, time::Duration};

use polyprofile_core::{FieldIssue, ProviderId, Vendor};
use polyprofile_http::{HttpConfig, UncheckedBaseUrl};
use secrecy::SecretString;

pub use convert::LookedUp;
pub use fault::classify;
pub use provider::{Postpress, saved_profiles};
pub use wire::{OwnerProfile, UserProfile, instagram, linkedin, owner, telegram, twitter, whatsapp};

/// The vendor's name.
pub const VENDOR: Vendor = Vendor::from_static("postpress");

/// Where Postpress answers, unless told otherwise.
pub const BASE_URL: &str = "https://api.postpress.ai";

/// How long a link to connect an account can be opened, unless told otherwise: 1 hour.
///
/// All links end at a daily restart of Postpress, whatever was asked for: more than a day is of no use.
pub const LINK_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// One configured access to Postpress.
#[derive(Clone)]
#[non_exhaustive]
pub struct PostpressConfig {
    /// The name of this access: `postpress`, unless there are several.
    pub id: ProviderId,
    /// The key from the dashboard.
    pub api_key: SecretString,
    /// The origin, with or without what the paths start with. `/api/v1` is added unless it ends in `/v1`.
    pub base_url: String,
    /// The linked account that people are looked up through, where a query names no other.
    pub account: Option<String>,
    /// How long a link to connect an account can be opened: [`LINK_LIFETIME`].
    pub link_lifetime: Duration,
    /// Deadlines, limits, retries.
    pub http: HttpConfig,
}

impl PostpressConfig {
    /// Everything that `api_key` can see, with the defaults.
    pub fn new(api_key: impl Into<SecretString>) -> Self {
        Self {
            id: ProviderId::new(VENDOR.as_str()),
            api_key: api_key.into(),
            base_url: BASE_URL.to_owned(),
            account: None,
            link_lifetime: LINK_LIFETIME,
            http: HttpConfig::new(),
        }
    }
}

impl fmt::Debug for PostpressConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PostpressConfig")
            .field("id", &self.id)
            .field("api_key", &self.api_key)
            .field("base_url", &UncheckedBaseUrl(&self.base_url))
            .field("account", &self.account)
            .field("link_lifetime", &self.link_lifetime)
            .field("http", &self.http)
            .finish()
    }
}

/// An answer of Postpress as one of its own types, and what of it did not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Typed<T> {
    /// Everything that fits.
    pub value: T,
    /// What did not fit, and so is not in [`Self::value`]: a member that is missing there may have been sent.
    pub issues: Vec<FieldIssue>,
}

/// Doors for the fuzz targets to the decoders; there only in their builds.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing {
    use polyprofile_core::{
        ConnectCallback, ConnectOutcome, DeleteOutcome, Error, FieldIssue, NormalizeContext, Profile, Result,
    };
    use polyprofile_http::{FailedAnswer, fuzzing::read, json::Unusable};

    use crate::{OwnerProfile, UserProfile, convert, wire};

    pub fn row(bytes: &[u8], context: &mut NormalizeContext) -> Result<Option<Profile>, Unusable> {
        read::<wire::Account<'_>, _>(bytes, context)
    }

    pub fn user(bytes: &[u8]) -> Result<(UserProfile, Vec<FieldIssue>), Unusable> {
        UserProfile::read(bytes)
    }

    pub fn owner(bytes: &[u8]) -> Result<(OwnerProfile, Vec<FieldIssue>), Unusable> {
        OwnerProfile::read(bytes)
    }

    pub fn add_owner(profile: &mut Profile, owner: OwnerProfile, issues: Vec<FieldIssue>, to: &mut NormalizeContext) {
        convert::add_owner(profile, owner, issues, to);
    }

    pub fn hosted(bytes: &[u8], context: &mut NormalizeContext) -> Result<ConnectOutcome> {
        read::<wire::HostedUrl<'_>, _>(bytes, context)?
    }

    pub fn deleted(bytes: &[u8], context: &mut NormalizeContext) -> Result<DeleteOutcome> {
        read::<wire::Deletion<'_>, _>(bytes, context)?
    }

    pub fn callback(url: &str) -> Result<ConnectCallback> {
        convert::callback(url)
    }

    pub fn fault(answer: &FailedAnswer<'_>) -> Error {
        crate::fault::classify(answer)
    }
}
