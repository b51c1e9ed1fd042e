//! The configuration file: no text makes it panic, and no error repeats a value.

#![no_main]

use libfuzzer_sys::fuzz_target;
use polyprofile::{Config, Environment, ErrorKind, http::HttpConfig};

/// What the environment holds. Other values of the file are no secrets once it is accepted, and may be shown.
const KEY: &str = "rk_test/0a1b2c3d4e5f+67890abcdef";

/// No name of ours, of a provider or of a variable can hold these.
const SECRETS: [&str; 2] = ["sk_live/51H8f7a9b3+c2d1e0f4==", "https://user:hunter2hunter2@example.com"];

fuzz_target!(|input: &str| {
    // `$` and `&` stand for secrets: the fuzzer puts them anywhere, and need not guess them.
    let text = input.replace('$', SECRETS[0]).replace('&', SECRETS[1]);
    match Config::parse(&text, "/etc/polyprofile") {
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.message().starts_with("line ") || error.message().starts_with("no provider"), "{error}");
            tells_nothing(&format!("{error} {error:?}"));
        }
        Ok(config) => {
            tells_nothing(&format!("{config:?}"));
            // Files that the text names are none of the fuzzer's business.
            if !text.contains("key_file") {
                providers(&config);
            }
        }
    }
});

fn providers(config: &Config) {
    for value in [None, Some(String::new()), Some(KEY.to_owned()), Some(format!("{KEY}\n"))] {
        let environment = Environment::of(|_| value.clone());
        assert!(!config.sources(&environment).is_empty(), "a configuration without a provider");
        match config.providers(&environment, &HttpConfig::new()) {
            Ok(providers) => {
                assert_eq!(value.as_deref(), Some(KEY), "providers without a good key");
                assert!(!format!("{providers:?}").contains(KEY), "{providers:?}");
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Config);
                let text = format!("{error} {error:?}");
                assert!(!text.contains(KEY), "{text}");
                tells_nothing(&text);
            }
        }
    }
}

fn tells_nothing(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret) && !text.contains(&secret[..20]), "{text}");
    }
}
