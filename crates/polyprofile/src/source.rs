//! What a provider is made from, for people: everything but the key itself.

use std::{fmt, path::PathBuf};

use polyprofile_core::{GroupId, ProviderId, Vendor};

/// Where a provider comes from, for people to read. It never holds a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProviderSource {
    /// The provider's name.
    pub name: ProviderId,
    /// Whom it asks.
    pub vendor: Vendor,
    /// Where its key is looked for.
    pub key: KeySource,
    /// Whether a key is there. Only the vendor can say whether it is a good one.
    pub key_is_set: bool,
    /// Where the vendor answers; the part of a URL behind `?` is left out.
    pub base_url: String,
    /// The profile group that it keeps to, for a vendor that has groups.
    pub group: Option<GroupId>,
    /// The vendor's key of the linked account that people are looked up through, for a vendor that has them.
    pub account: Option<String>,
}

/// Where the key of a provider is looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum KeySource {
    /// In the variable of this name.
    Variable(String),
    /// In this file.
    File(PathBuf),
}

impl fmt::Display for KeySource {
    /// `POSTPROXY_API_KEY`, or a file's path.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => formatter.pad(name),
            Self::File(path) => path.display().fmt(formatter),
        }
    }
}
