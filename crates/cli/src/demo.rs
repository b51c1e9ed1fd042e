//! Providers that need no key: the vendors' APIs, emulated inside this process.

use polyprofile::{Environment, VENDORS, Vendor};
use polyprofile_emulator::{Emulator, POSTCORE_KEY, POSTPRESS_KEY, POSTPROXY_KEY};

/// The emulator's keys. Which vendors there are is for the library to say.
const KEYS: [(&str, &str); 3] =
    [("postproxy", POSTPROXY_KEY), ("postcore", POSTCORE_KEY), ("postpress", POSTPRESS_KEY)];

/// What the library reads from the environment, so that each vendor it knows is answered by `emulator`.
pub(crate) fn environment(emulator: &Emulator) -> Environment<'static> {
    let variables = variables(emulator);
    Environment::of(move |name| variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
}

/// The variables with which any client asks `emulator`, under the names that the library reads.
pub(crate) fn variables(emulator: &Emulator) -> Vec<(String, String)> {
    let mut variables = Vec::new();
    for vendor in VENDORS {
        let name = |suffix: &str| format!("{}_{suffix}", vendor.as_str().to_uppercase());
        let Some(key) = key(vendor) else { continue };
        variables.push((name("API_KEY"), key.to_owned()));
        variables.push((name("BASE_URL"), emulator.origin()));
        if key == POSTPRESS_KEY {
            variables.push((name("ACCOUNT_ID"), emulator.postpress_account_id()));
        }
    }
    variables
}

fn key(vendor: &Vendor) -> Option<&'static str> {
    KEYS.into_iter().find(|(name, _)| *name == vendor.as_str()).map(|(_, key)| key)
}
