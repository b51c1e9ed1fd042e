//! A request as an adapter says it: pure, and sent by nobody but the client.

use http::Method;
use polyprofile_core::{Error, ErrorKind, Operation, Result};
use serde::Serialize;
use url::Url;

use crate::base_url::BaseUrl;

/// One request to a vendor, relative to the provider's base URL.
#[derive(Clone, Debug)]
pub struct Request {
    operation: Operation,
    method: Method,
    segments: Vec<String>,
    query: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
    repeatable: bool,
}

impl Request {
    /// A `GET`: read only, so it may be sent again.
    pub fn get<'a>(operation: Operation, path: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            operation,
            method: Method::GET,
            segments: path.into_iter().map(str::to_owned).collect(),
            query: Vec::new(),
            body: None,
            repeatable: true,
        }
    }

    /// A write with a JSON body: sent once.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for a body that cannot be written as JSON.
    pub fn write<'a>(
        operation: Operation,
        method: Method,
        path: impl IntoIterator<Item = &'a str>,
        body: Option<&impl Serialize>,
    ) -> Result<Self> {
        let body = body.map(serde_json::to_vec).transpose().map_err(|problem| {
            Error::new(ErrorKind::Invalid, "the request cannot be written as JSON")
                .with_operation(operation)
                .with_source(problem)
        })?;
        Ok(Self { method, body, repeatable: false, ..Self::get(operation, path) })
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

    pub(crate) fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
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
