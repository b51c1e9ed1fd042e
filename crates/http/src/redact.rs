//! Keeps secrets out of everything that is printed.

use std::{borrow::Cow, fmt};

use polyprofile_core::Error;
use secrecy::{ExposeSecret, SecretString};

/// Blots the provider's secrets out of texts that came from outside: vendors echo keys in messages.
#[derive(Clone)]
pub(crate) struct Redactor {
    secrets: Vec<SecretString>,
}

impl Redactor {
    pub(crate) fn new(secrets: impl IntoIterator<Item = SecretString>) -> Self {
        Self { secrets: secrets.into_iter().filter(|secret| !secret.expose_secret().is_empty()).collect() }
    }

    pub(crate) fn error(&self, error: Error) -> Error {
        error.map_texts(|text| self.text(text))
    }

    pub(crate) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut clean = Cow::Borrowed(text);
        for secret in &self.secrets {
            if clean.contains(secret.expose_secret()) {
                clean = Cow::Owned(clean.replace(secret.expose_secret(), "[redacted]"));
            }
        }
        clean
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Redactor({} secrets)", self.secrets.len())
    }
}
