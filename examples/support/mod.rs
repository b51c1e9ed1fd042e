//! What the examples share: providers to ask, real ones where their keys are set.
#![allow(dead_code, reason = "each example uses a part of this")]

use polyprofile::{AnyProvider, Environment, Provider as _, Result, VENDORS, http::HttpConfig};
use polyprofile_emulator::{Emulator, POSTCORE_KEY, POSTPRESS_KEY, POSTPROXY_KEY};

/// Providers to ask, and the emulator that answers for those whose key is not set.
pub(crate) struct Setup {
    /// One per vendor.
    pub(crate) providers: Vec<AnyProvider>,
    /// What answers, in words: `postproxy: emulator`.
    pub(crate) sources: Vec<String>,
    // Dropping it would stop it.
    _emulator: Emulator,
}

/// The vendors whose keys are in the environment, and the emulator for all others.
pub(crate) async fn setup() -> std::result::Result<Setup, Box<dyn std::error::Error>> {
    let emulator = Emulator::builder().start().await?;
    let (mut providers, mut sources) = (Vec::new(), Vec::new());
    let keys = [("postproxy", POSTPROXY_KEY), ("postcore", POSTCORE_KEY), ("postpress", POSTPRESS_KEY)];
    // A build may know fewer vendors than the emulator.
    for (vendor, key) in keys.into_iter().filter(|(vendor, _)| VENDORS.iter().any(|known| known.as_str() == *vendor)) {
        let (provider, source) = provider(vendor, key, &emulator)?;
        sources.push(format!("{}: {source}", provider.id()));
        providers.push(provider);
    }
    Ok(Setup { providers, sources, _emulator: emulator })
}

fn provider(vendor: &'static str, key: &str, emulator: &Emulator) -> Result<(AnyProvider, &'static str)> {
    let vendor = polyprofile::Vendor::from_static(vendor);
    let http = HttpConfig::new();
    if let Some(provider) = Environment::of_process().provider(&vendor, &http)? {
        return Ok((provider, "the real API, with the key from the environment"));
    }
    let emulated = Environment::of(|name| {
        let (_, what) = name.split_once('_')?;
        match what {
            "API_KEY" => Some(key.to_owned()),
            "BASE_URL" => Some(emulator.origin()),
            "ACCOUNT_ID" => Some(emulator.postpress_account_id()),
            _ => None,
        }
    });
    let provider = emulated.provider(&vendor, &http)?.ok_or(polyprofile::ErrorKind::Config)?;
    Ok((provider, "the emulator, because no key is set"))
}
