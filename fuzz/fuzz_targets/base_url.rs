//! Addresses: an identifier is one segment whatever it holds, and a base URL keeps what it is to itself.

#![no_main]

use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use polyprofile_core::ErrorKind;
use polyprofile_http::{ApiKey, BaseUrl, fuzzing::join};
use url::Url;

fuzz_target!(|input: &str| {
    let mut lines = input.split('\n');
    let (text, key) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let segments: Vec<&str> = lines.collect();
    api_key(key);

    let base = match BaseUrl::parse("base_url", text) {
        Ok(base) => base,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Config);
            is_not_repeated(text, &format!("{error} {error:?}"));
            return;
        }
    };
    let printed = Url::parse(&base.to_string()).expect("a base URL prints as one");
    let address = join(&base, [], &[]).expect("no segment is wrong");
    assert_eq!((printed.origin(), printed.query()), (address.origin(), None));
    assert!(matches!(printed.scheme(), "http" | "https") && base.is_https() == (printed.scheme() == "https"));
    assert!(printed.username().is_empty() && printed.password().is_none() && address.fragment().is_none());

    let cannot_travel =
        segments.iter().any(|segment| matches!(*segment, "" | "." | "..") || segment.contains(char::is_control));
    let query = [("profile_group_id", key.to_owned()), ("cursor", text.to_owned())];
    match join(&base, segments.iter().copied(), &query) {
        Err(error) => assert!(cannot_travel && error.kind() == ErrorKind::Invalid, "{error}"),
        Ok(url) => {
            assert!(!cannot_travel, "{url}");
            assert_eq!((url.origin(), url.fragment()), (printed.origin(), None), "another host");
            let below = url.path().strip_prefix(printed.path().trim_end_matches('/')).expect("below the base");
            let sent: Vec<String> = below
                .split('/')
                .skip(1)
                .map(|segment| percent_decode_str(segment).decode_utf8().expect("UTF-8").into_owned())
                .collect();
            assert!(sent == segments || segments.is_empty(), "{sent:?}, not {segments:?}");
            // A server reads the address anew.
            assert_eq!(Url::parse(url.as_str()).as_ref(), Ok(&url));
            let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            let ours = query.map(|(name, value)| (name.to_owned(), value));
            assert!(pairs.ends_with(&ours), "{pairs:?}");
        }
    }
});

fn api_key(text: &str) {
    let is_good = !text.is_empty() && text.len() <= ApiKey::LIMIT && text.bytes().all(|byte| byte.is_ascii_graphic());
    match ApiKey::bearer("api_key", text.into()) {
        Ok(key) => {
            assert!(is_good, "{text:?} was taken");
            is_not_repeated(text, &format!("{key:?}"));
        }
        Err(error) => {
            assert!(!is_good && error.kind() == ErrorKind::Config, "{error}");
            is_not_repeated(text, &format!("{error} {error:?}"));
        }
    }
}

/// Nothing long of `secret` may be in `text`. Words of our own messages are shorter.
fn is_not_repeated(secret: &str, text: &str) {
    let secret = secret.trim();
    assert!(
        secret.len() < 24
            || "give an address such as https://api.example.com".contains(secret)
            || !text.contains(secret),
        "{text}"
    );
}
