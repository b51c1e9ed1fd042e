//! Providers from environment variables.

use polyprofile_core::{Error, ErrorKind, Result, Vendor};
use polyprofile_http::HttpConfig;
use secrecy::SecretString;

use crate::{
    AnyProvider, KeySource, ProviderSource,
    settings::{KNOWN, Known, Settings, unknown_vendor},
};

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
        for known in KNOWN {
            providers.extend(self.provider_of(known, http)?);
        }
        Ok(providers)
    }

    /// The provider of one vendor, `None` if its key is not there.
    ///
    /// # Errors
    ///
    /// As [`from_env`]; also for a vendor that no feature switches on.
    pub fn provider(&self, vendor: &Vendor, http: &HttpConfig) -> Result<Option<AnyProvider>> {
        // A misspelt name must not read as "its key is not there".
        let known = Known::of(vendor.as_str()).ok_or_else(|| unknown_vendor(Some(vendor.as_str())))?;
        self.provider_of(known, http)
    }

    /// Where the providers come from: one row for each vendor that is switched on, whether its key is set or not.
    ///
    /// # Errors
    ///
    /// As [`from_env`], for everything but the keys.
    pub fn sources(&self) -> Result<Vec<ProviderSource>> {
        KNOWN.iter().map(|known| Ok(self.source(known)?.0)).collect()
    }

    fn provider_of(&self, known: &Known, http: &HttpConfig) -> Result<Option<AnyProvider>> {
        let Some(key) = self.value(&variable(known, "API_KEY"))?.map(SecretString::from) else { return Ok(None) };
        let (source, base_url) = self.source(known)?;
        let label = |field: &str| {
            let own = known.fields.iter().find(|own| own.name == field).map(|own| own.variable);
            format!("`{}`", variable(known, own.unwrap_or(&field.to_uppercase())))
        };
        known.provider(Settings { source, base_url, key, http: http.clone() }, label).map(Some)
    }

    /// What the variables say about one vendor, and its base URL as written.
    fn source(&self, known: &Known) -> Result<(ProviderSource, String)> {
        let key = variable(known, "API_KEY");
        let key_is_set = self.has(&key);
        let mut source = known.source(known.name(), KeySource::Variable(key));
        source.key_is_set = key_is_set;
        let mut base_url = known.base_url.to_owned();
        let place = variable(known, "BASE_URL");
        if let Some(text) = self.value(&place)? {
            source.show_base_url(&place, &text)?;
            base_url = text;
        }
        for field in known.fields {
            if let Some(value) = self.value(&variable(known, field.variable))? {
                (field.set)(&mut source, value);
            }
        }
        Ok((source, base_url))
    }

    /// Whether a variable has a value that can be read.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_ok_and(|value| value.is_some())
    }

    /// A variable that is set. One that is set to nothing is a mistake and not an absence: a key that a
    /// script failed to fill in must not silently switch a vendor off.
    pub(crate) fn value(&self, name: &str) -> Result<Option<String>> {
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

/// The name of a vendor's variable.
fn variable(known: &Known, suffix: &str) -> String {
    format!("{}_{suffix}", known.vendor.as_str().to_uppercase())
}
