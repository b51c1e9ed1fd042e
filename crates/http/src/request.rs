//! A request as an adapter says it: pure, and sent by nobody but the client.

use std::fmt;

use bytes::Bytes;
use http::Method;
use polyprofile_core::{Error, ErrorKind, Operation, Result};
use secrecy::SecretString;
use serde::Serialize;
use url::Url;

use crate::{base_url::BaseUrl, wiped};

/// One request to a vendor, relative to the provider's base URL.
#[derive(Clone)]
pub struct Request {
    operation: Operation,
    method: Method,
    segments: Vec<String>,
    query: Vec<(&'static str, String)>,
    body: Option<Bytes>,
    secrets: Vec<SecretString>,
    idempotency_key: Option<String>,
    account: Option<String>,
    repeatable: bool,
}

impl Request {
    /// Longest idempotency key that is sent, in bytes.
    pub const IDEMPOTENCY_KEY_LIMIT: usize = 255;

    /// A `GET`: read only, so it may be sent again.
    pub fn get<'a>(operation: Operation, path: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            operation,
            method: Method::GET,
            segments: path.into_iter().map(str::to_owned).collect(),
            query: Vec::new(),
            body: None,
            secrets: Vec::new(),
            idempotency_key: None,
            account: None,
            repeatable: true,
        }
    }

    /// A write without a body: sent once.
    pub fn write<'a>(operation: Operation, method: Method, path: impl IntoIterator<Item = &'a str>) -> Self {
        Self { method, repeatable: false, ..Self::get(operation, path) }
    }

    /// Adds a JSON body. It never prints, and is wiped from memory when dropped: it may hold credentials.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for a body that cannot be written as JSON.
    pub fn json(mut self, body: &impl Serialize) -> Result<Self> {
        let body = wiped::json(body).map_err(|problem| {
            Error::new(ErrorKind::Invalid, "the request cannot be written as JSON")
                .with_operation(self.operation)
                .with_source(problem)
        })?;
        self.body = Some(body);
        Ok(self)
    }

    /// Keeps `secret`, which the body holds, out of every error of this call: vendors echo what they refuse.
    #[must_use]
    pub fn hiding(mut self, secret: &SecretString) -> Self {
        self.secrets.push(secret.clone());
        self
    }

    /// Names this one act to a vendor that gives it no second effect: it may then be sent again.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for a key that is empty, longer than [`Self::IDEMPOTENCY_KEY_LIMIT`] or
    /// holds anything but visible ASCII.
    pub fn idempotent(mut self, key: impl Into<String>) -> Result<Self> {
        let key = key.into();
        let fits = (1..=Self::IDEMPOTENCY_KEY_LIMIT).contains(&key.len());
        if !fits || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let message = "`idempotency_key` must be 1 to 255 visible ASCII characters";
            return Err(Error::new(ErrorKind::Invalid, message).with_operation(self.operation));
        }
        self.idempotency_key = Some(key);
        self.repeatable = true;
        Ok(self)
    }

    /// Names the linked account that the request goes through: when the vendor answers that this account
    /// is down, only requests through it are held back.
    #[must_use]
    pub fn through(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Adds a query parameter where there is a value.
    #[must_use]
    pub fn query_if(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// The same request with another value of one query parameter: the next page.
    #[must_use]
    pub fn with_query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.retain(|(known, _)| *known != name);
        self.query(name, value)
    }

    /// Marks a request that has an effect beyond the answer: it is sent again only if it certainly did
    /// not reach the vendor.
    #[must_use]
    pub fn not_repeatable(mut self) -> Self {
        self.repeatable = false;
        self
    }

    /// What it is for.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    pub(crate) fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    pub(crate) fn secrets(&self) -> &[SecretString] {
        &self.secrets
    }

    pub(crate) fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    pub(crate) fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    pub(crate) fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    /// Whether an answer with `status` is one that the vendors document for a success.
    pub(crate) fn accepts(&self, status: u16) -> bool {
        if self.method == Method::GET { status == 200 } else { matches!(status, 200..=202 | 204) }
    }

    pub(crate) fn url(&self, base: &BaseUrl) -> Result<Url> {
        base.join(self.segments.iter().map(String::as_str), &self.query)
    }
}

impl fmt::Debug for Request {
    /// Neither path nor query nor body: all of them may hold identifiers, and the body credentials.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Request({} {})", self.method, self.operation)
    }
}
