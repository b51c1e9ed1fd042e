//! Providers from environment variables.

use polyprofile_core::{Error, ErrorKind, Result, Vendor};
use polyprofile_http::HttpConfig;
use secrecy::SecretString;

use crate::AnyProvider;

/// One provider for each vendor whose key is in the environment, in the order of this table.
///
/// | vendor | key | also read |
/// | --- | --- | --- |
/// | postproxy | `POSTPROXY_API_KEY` | `POSTPROXY_BASE_URL`, `POSTPROXY_PROFILE_GROUP_ID` |
/// | postcore | `POSTCORE_API_KEY` | `POSTCORE_BASE_URL` |
/// | postpress | `POSTPRESS_API_KEY` | `POSTPRESS_BASE_URL`, `POSTPRESS_ACCOUNT_ID` |
///
/// A vendor without a key, or switched off by feature, is left out: the answer may be empty.
///
/// # Errors
///
/// [`ErrorKind::Config`], naming the variable, for a value that cannot be used: an empty key, a key
/// with a line break, a base URL that is none.
pub fn from_env() -> Result<Vec<AnyProvider>> {
    Environment::of_process().providers(&HttpConfig::new())
}

/// Where configuration is read from: the process, or anything else that maps names to values.
pub struct Environment<'a> {
    read: Box<Lookup<'a>>,
}

/// The value of a name, `None` if it is not set.
type Lookup<'a> = dyn Fn(&str) -> Result<Option<String>> + 'a;

impl<'a> Environment<'a> {
    /// The variables of this process.
    pub fn of_process() -> Self {
        Self {
            read: Box::new(|name| {
                let Some(value) = std::env::var_os(name) else { return Ok(None) };
                let text = value.into_string();
                text.map(Some)
                    .map_err(|_| Error::new(ErrorKind::Config, format!("`{name}` is not UTF-8: set it again")))
            }),
        }
    }

    /// The values that `lookup` knows.
    pub fn of(lookup: impl Fn(&str) -> Option<String> + 'a) -> Self {
        Self { read: Box::new(move |name| Ok(lookup(name))) }
    }

    /// One provider for each vendor whose key is there, as [`from_env`] says, talking as `http` says.
    ///
    /// # Errors
    ///
    /// As [`from_env`].
    pub fn providers(&self, http: &HttpConfig) -> Result<Vec<AnyProvider>> {
        let mut providers = Vec::new();
        for vendor in crate::any::VENDORS {
            providers.extend(self.provider(vendor, http)?);
        }
        Ok(providers)
    }

    /// The provider of one vendor, `None` if its key is not there.
    ///
    /// # Errors
    ///
    /// As [`from_env`]; also for a vendor that no feature switches on.
    pub fn provider(&self, vendor: &Vendor, http: &HttpConfig) -> Result<Option<AnyProvider>> {
        let name = vendor.as_str();
        let variable = |suffix: &str| format!("{}_{suffix}", name.to_uppercase());
        let Some(key) = self.value(&variable("API_KEY"))?.map(SecretString::from) else { return Ok(None) };
        let base_url = self.value(&variable("BASE_URL"))?;
        let built = match name {
            #[cfg(feature = "postproxy")]
            "postproxy" => {
                use polyprofile_core::GroupId;
                use polyprofile_postproxy::{Postproxy, PostproxyConfig};
                let mut config = PostproxyConfig::new(key);
                config.base_url = base_url.unwrap_or(config.base_url);
                config.group = self.value(&variable("PROFILE_GROUP_ID"))?.map(GroupId::new);
                config.http = http.clone();
                Postproxy::new(config).map(AnyProvider::from)
            }
            #[cfg(feature = "postcore")]
            "postcore" => {
                use polyprofile_postcore::{Postcore, PostcoreConfig};
                let mut config = PostcoreConfig::new(key);
                config.base_url = base_url.unwrap_or(config.base_url);
                config.http = http.clone();
                Postcore::new(config).map(AnyProvider::from)
            }
            #[cfg(feature = "postpress")]
            "postpress" => {
                use polyprofile_postpress::{Postpress, PostpressConfig};
                let mut config = PostpressConfig::new(key);
                config.base_url = base_url.unwrap_or(config.base_url);
                config.account = self.value(&variable("ACCOUNT_ID"))?;
                config.http = http.clone();
                Postpress::new(config).map(AnyProvider::from)
            }
            _ => return Err(unknown_vendor(vendor)),
        };
        built.map(Some).map_err(|error| in_terms_of_variables(error, variable))
    }

    /// A variable that is set. One that is set to nothing is a mistake and not an absence: a key that a
    /// script failed to fill in must not silently switch a vendor off.
    fn value(&self, name: &str) -> Result<Option<String>> {
        let Some(value) = (self.read)(name)? else { return Ok(None) };
        if value.trim().is_empty() {
            return Err(Error::new(ErrorKind::Config, format!("`{name}` is empty: set it, or unset it")));
        }
        Ok(Some(value))
    }
}

impl std::fmt::Debug for Environment<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Environment")
    }
}

fn unknown_vendor(vendor: &Vendor) -> Error {
    let known: Vec<&str> = crate::any::VENDORS.iter().map(Vendor::as_str).collect();
    let message = format!("there is no vendor `{vendor}`: this build knows {}", known.join(", "));
    Error::new(ErrorKind::Config, message)
}

/// Adapters name the fields of their configuration; who set variables wants to read the variables.
fn in_terms_of_variables(error: Error, variable: impl Fn(&str) -> String) -> Error {
    error.map_texts(|text| {
        let text = text.replace("`api_key`", &format!("`{}`", variable("API_KEY")));
        text.replace("`base_url`", &format!("`{}`", variable("BASE_URL"))).into()
    })
}
