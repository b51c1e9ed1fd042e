//! Builds the one client of a provider, when the first request is sent.

use polyprofile_core::{Error, ErrorKind, Result};
use secrecy::ExposeSecret;

use crate::{
    base_url::BaseUrl,
    config::{HttpConfig, ProxyChoice},
};

/// How long an idle connection is kept: shorter than servers do, so that we close first.
const IDLE: std::time::Duration = std::time::Duration::from_secs(20);

/// A client that is safe for keys: no redirects, no referer, no retries below our own, HTTP/1 only.
///
/// Start from this when you bring a client of your own.
pub fn hardened_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .http1_only()
        .pool_idle_timeout(IDLE)
}

/// The client for `base`. Reading root certificates takes milliseconds, so only `https` does it.
pub(crate) fn build(base: &BaseUrl, config: &HttpConfig) -> Result<reqwest::Client> {
    if let Some(client) = &config.client {
        return Ok(client.clone());
    }
    let mut builder =
        hardened_builder().connect_timeout(config.timeouts.connect).user_agent(config.user_agent.as_str());
    builder = match &config.proxy {
        ProxyChoice::System if base.is_https() => builder,
        ProxyChoice::System | ProxyChoice::Direct => builder.no_proxy(),
        // The client's own message could repeat the address, and with it a password: it is dropped.
        ProxyChoice::Url(url) => builder.proxy(
            reqwest::Proxy::all(url.expose_secret())
                .map_err(|_| Error::new(ErrorKind::Config, "`proxy` is no proxy address"))?,
        ),
    };
    let mut roots = Vec::new();
    for pem in &config.root_certificates {
        let bundle = reqwest::Certificate::from_pem_bundle(pem)
            .ok()
            .filter(|certificates| !certificates.is_empty())
            .ok_or_else(|| Error::new(ErrorKind::Config, "`root_certificates` holds no PEM certificate"))?;
        roots.extend(bundle);
    }
    builder = if base.is_https() { builder.tls_certs_merge(roots) } else { builder.tls_certs_only([]) };
    builder.build().map_err(|problem| {
        Error::new(ErrorKind::Config, "the HTTP client cannot be built").with_source(problem.without_url())
    })
}
