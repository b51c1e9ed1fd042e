//! The key that a provider shows its vendor.

use std::fmt;

use http::{HeaderName, HeaderValue, header::AUTHORIZATION};
use polyprofile_core::{Error, ErrorKind, Result};
use secrecy::{ExposeSecret, SecretString};

use crate::wiped;

/// An API key and the header it travels in. It never prints and is wiped from memory when dropped.
#[derive(Clone)]
pub struct ApiKey {
    key: SecretString,
    header: HeaderName,
    scheme: &'static str,
}

impl ApiKey {
    /// Longest key accepted, in bytes: no vendor's comes near, and headers have limits.
    pub const LIMIT: usize = 4_096;

    /// Sent as `Authorization: Bearer KEY`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming `field` and never repeating the key, if it is empty, longer than
    /// [`Self::LIMIT`] or holds anything but visible ASCII, such as the line break of the file it came from.
    pub fn bearer(field: &str, key: SecretString) -> Result<Self> {
        check(field, key.expose_secret())?;
        Ok(Self { key, header: AUTHORIZATION, scheme: "Bearer " })
    }

    /// Sent as `HEADER: KEY`.
    ///
    /// # Errors
    ///
    /// As [`Self::bearer`].
    pub fn header(field: &str, header: &'static str, key: SecretString) -> Result<Self> {
        check(field, key.expose_secret())?;
        Ok(Self { key, header: HeaderName::from_static(header), scheme: "" })
    }

    /// The header to send. Its value is marked sensitive, so that nothing downstream prints it, and shared rather than
    /// copied with every request.
    pub(crate) fn to_header(&self) -> Result<(HeaderName, HeaderValue)> {
        let mut value = HeaderValue::from_maybe_shared(wiped::joined(&[self.scheme, self.key.expose_secret()]))
            .map_err(|_| Error::new(ErrorKind::Config, "the API key cannot be sent in a header"))?;
        value.set_sensitive(true);
        Ok((self.header.clone(), value))
    }

    /// The key, to be blotted out of everything that is printed.
    pub(crate) fn secret(&self) -> &SecretString {
        &self.key
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ApiKey({}: {}[redacted])", self.header, self.scheme)
    }
}

fn check(field: &str, key: &str) -> Result<()> {
    let problem = if key.trim().is_empty() {
        "is empty: set it to the key from the vendor's dashboard".to_owned()
    } else if key.len() > ApiKey::LIMIT {
        format!("is {} bytes long: a key has at most {}", key.len(), ApiKey::LIMIT)
    } else if key.contains(['\r', '\n']) {
        "holds a line break: remove it, the key is one line".to_owned()
    } else if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        "holds a blank, a control character or a letter outside ASCII: copy the key again".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Config, format!("`{field}` {problem}")))
}

#[cfg(test)]
mod tests {
    use polyprofile_core::ErrorKind;

    use super::ApiKey;

    #[test]
    fn a_key_that_cannot_travel_is_refused_by_the_name_of_its_field() {
        let long = "k".repeat(70_000);
        for key in ["", "  ", "secret\n", "secret\r\nX-Evil: 1", "sec ret", "secr\u{e9}t", "secret\0", long.as_str()] {
            let error = ApiKey::bearer("POSTPROXY_API_KEY", key.into()).expect_err("it cannot travel");
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.message().starts_with("`POSTPROXY_API_KEY`"), "{error}");
            assert!(!error.message().contains("secr"), "{error}");
        }
    }

    #[test]
    fn a_key_is_sent_and_never_printed() {
        let key = ApiKey::bearer("api_key", "sk-secret".into()).expect("a good key");
        let (name, value) = key.to_header().expect("a good key");
        assert_eq!((name.as_str(), value.as_bytes()), ("authorization", b"Bearer sk-secret".as_slice()));
        assert!(!format!("{key:?} {value:?}").contains("secret"));

        let key = ApiKey::header("api_key", "x-api-key", "sk-secret".into()).expect("a good key");
        let (name, value) = key.to_header().expect("a good key");
        assert_eq!((name.as_str(), value.as_bytes()), ("x-api-key", b"sk-secret".as_slice()));
    }
}
