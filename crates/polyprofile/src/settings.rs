//! From settings, wherever they were read, to a provider. What each vendor takes is said here and nowhere else.

use polyprofile_core::{Error, ErrorKind, ProviderId, Result, Vendor};
use polyprofile_http::{BaseUrl, HttpConfig};
use secrecy::SecretString;

use crate::{AnyProvider, KeySource, ProviderSource};

/// What a provider is built from.
pub(crate) struct Settings {
    pub(crate) source: ProviderSource,
    /// As written: what [`ProviderSource::base_url`] shows may be less.
    pub(crate) base_url: String,
    pub(crate) key: SecretString,
    pub(crate) http: HttpConfig,
}

/// A vendor that is switched on.
pub(crate) struct Known {
    pub(crate) vendor: Vendor,
    pub(crate) base_url: &'static str,
    /// What this vendor has beyond a key and a base URL.
    pub(crate) fields: &'static [Field],
    build: fn(Settings) -> Result<AnyProvider>,
}

/// A setting that not every vendor has.
pub(crate) struct Field {
    /// What it is called in a file.
    pub(crate) name: &'static str,
    /// What its variable is called, behind the vendor's name.
    pub(crate) variable: &'static str,
    pub(crate) set: fn(&mut ProviderSource, String),
}

/// In the order in which they are asked.
pub(crate) static KNOWN: &[Known] = &[
    #[cfg(feature = "postproxy")]
    Known {
        vendor: polyprofile_postproxy::VENDOR,
        base_url: polyprofile_postproxy::BASE_URL,
        fields: &[Field {
            name: "group",
            variable: "PROFILE_GROUP_ID",
            set: |source, text| source.group = Some(polyprofile_core::GroupId::new(text)),
        }],
        build: |settings| {
            let mut config = polyprofile_postproxy::PostproxyConfig::new(settings.key);
            config.id = settings.source.name;
            config.base_url = settings.base_url;
            config.group = settings.source.group;
            config.http = settings.http;
            polyprofile_postproxy::Postproxy::new(config).map(AnyProvider::from)
        },
    },
    #[cfg(feature = "postcore")]
    Known {
        vendor: polyprofile_postcore::VENDOR,
        base_url: polyprofile_postcore::BASE_URL,
        fields: &[],
        build: |settings| {
            let mut config = polyprofile_postcore::PostcoreConfig::new(settings.key);
            config.id = settings.source.name;
            config.base_url = settings.base_url;
            config.http = settings.http;
            polyprofile_postcore::Postcore::new(config).map(AnyProvider::from)
        },
    },
    #[cfg(feature = "postpress")]
    Known {
        vendor: polyprofile_postpress::VENDOR,
        base_url: polyprofile_postpress::BASE_URL,
        fields: &[Field { name: "account", variable: "ACCOUNT_ID", set: |source, text| source.account = Some(text) }],
        build: |settings| {
            let mut config = polyprofile_postpress::PostpressConfig::new(settings.key);
            config.id = settings.source.name;
            config.base_url = settings.base_url;
            config.account = settings.source.account;
            config.http = settings.http;
            polyprofile_postpress::Postpress::new(config).map(AnyProvider::from)
        },
    },
];

/// Every vendor that a feature could switch on.
const FEATURES: [&str; 3] = ["postproxy", "postcore", "postpress"];

impl Known {
    /// The vendor of that name.
    pub(crate) fn of(name: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| known.vendor.as_str() == name)
    }

    /// What a provider of this vendor is called if nobody says otherwise.
    pub(crate) fn name(&self) -> ProviderId {
        ProviderId::new(self.vendor.as_str())
    }

    /// A provider with this vendor's defaults, its key not yet looked for.
    pub(crate) fn source(&self, name: ProviderId, key: KeySource) -> ProviderSource {
        ProviderSource {
            name,
            vendor: self.vendor.clone(),
            key,
            key_is_set: false,
            base_url: self.base_url.to_owned(),
            group: None,
            account: None,
        }
    }

    /// The provider that `settings` describe. Adapters name the fields of their own configuration in
    /// errors; `label` says what the reader calls them.
    pub(crate) fn provider(&self, settings: Settings, label: impl Fn(&str) -> String) -> Result<AnyProvider> {
        let built = (self.build)(settings);
        built.map_err(|error| {
            let fields = ["api_key", "base_url"].into_iter().chain(self.fields.iter().map(|field| field.name));
            fields.fold(error, |error, field| {
                let (theirs, readers) = (format!("`{field}`"), label(field));
                error.map_texts(|text| text.replace(&theirs, &readers).into())
            })
        })
    }
}

impl ProviderSource {
    /// Takes a base URL, if it is one. `field` is what the reader calls it.
    pub(crate) fn show_base_url(&mut self, field: &str, text: &str) -> Result<()> {
        let url = BaseUrl::parse(field, text).map_err(|error| error.with_provider(self.name.clone()))?;
        url.to_string().trim_end_matches('/').clone_into(&mut self.base_url);
        Ok(())
    }
}

/// Says why there is no such vendor; its name is `None` if it may not be repeated.
pub(crate) fn unknown_vendor(name: Option<&str>) -> Error {
    let known: Vec<&str> = KNOWN.iter().map(|known| known.vendor.as_str()).collect();
    let known = known.join(", ");
    let message = match name {
        Some(name) if FEATURES.contains(&name) => {
            format!("vendor `{name}` is switched off: build with its feature; this build knows {known}")
        }
        Some(name) => format!("there is no vendor `{name}`: this build knows {known}"),
        None => format!("there is no such vendor: this build knows {known}"),
    };
    Error::new(ErrorKind::Config, message)
}

#[cfg(test)]
mod tests {
    use super::{FEATURES, KNOWN, Known, unknown_vendor};

    #[test]
    fn every_vendor_of_the_one_type_can_be_built_from_settings() {
        let known: Vec<_> = KNOWN.iter().map(|known| known.vendor.clone()).collect();
        assert_eq!(known, crate::VENDORS);
        assert!(known.iter().all(|vendor| FEATURES.contains(&vendor.as_str())));
    }

    #[test]
    fn a_vendor_that_is_switched_off_is_told_from_one_that_nobody_knows() {
        for name in FEATURES.into_iter().filter(|name| Known::of(name).is_none()) {
            assert!(unknown_vendor(Some(name)).message().contains("switched off"), "{name}");
        }
        assert!(unknown_vendor(Some("postpigeon")).message().starts_with("there is no vendor `postpigeon`"));
    }
}
