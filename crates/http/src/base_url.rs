//! The address that a provider talks to.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use polyprofile_core::{Error, ErrorKind, Result};
use url::Url;

/// The address before a vendor's own paths: an origin, perhaps with a path of its own.
///
/// It holds no user name and no password, so that it is safe to print. A query, which some vendors ask
/// for (`?port=12345`), is carried along with every request and not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// What may stand in a path segment as it is: RFC 3986 calls it unreserved.
pub(crate) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl BaseUrl {
    /// Checks `text`. `field` is what the caller calls it, for the error.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming `field`, for anything but an absolute `http` or `https` URL
    /// without user name, password and fragment. The text itself is not repeated: it may hold a key.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let refuse = |problem: &str| {
            let message = format!("`{field}` {problem}: give an address such as https://api.example.com");
            Err(Error::new(ErrorKind::Config, message))
        };
        let Ok(mut url) = Url::parse(text.trim()) else { return refuse("is no absolute URL") };
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("must start with https:// or http://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("must not hold a user name or password");
        }
        if url.fragment().is_some() {
            return refuse("must not hold a fragment (#)");
        }
        if url.host_str().is_none_or(str::is_empty) {
            return refuse("has no host");
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// Whether requests are encrypted.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether the last segment of its path is `segment`: users write base URLs with and without it.
    pub fn ends_with(&self, segment: &str) -> bool {
        self.0.path().rsplit('/').next() == Some(segment)
    }

    /// The address below this one: `segments` each as one path segment, whatever they hold, and `query`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for a segment that cannot travel safely: empty, `.`, `..`, or with a
    /// control character such as a line break.
    pub(crate) fn join<'a>(
        &self,
        segments: impl IntoIterator<Item = &'a str>,
        query: &[(&'static str, String)],
    ) -> Result<Url> {
        let mut path = self.0.path().trim_end_matches('/').to_owned();
        for segment in segments {
            if matches!(segment, "" | "." | "..") || segment.chars().any(char::is_control) {
                let message =
                    "an identifier is empty, `.`, `..` or holds a control character: pass it as the vendor sent it";
                return Err(Error::new(ErrorKind::Invalid, message));
            }
            path.push('/');
            path.extend(utf8_percent_encode(segment, SEGMENT));
        }
        let mut url = self.0.clone();
        url.set_path(&path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query.iter().map(|(name, value)| (*name, value.as_str())));
        }
        Ok(url)
    }
}

/// Prints a base URL that nobody has checked yet as far as [`BaseUrl`] would print it, and nothing of what it would
/// refuse, which may hold a password.
pub struct UncheckedBaseUrl<'a>(pub &'a str);

impl fmt::Debug for UncheckedBaseUrl<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match BaseUrl::parse("", self.0) {
            Ok(url) => url.fmt(formatter),
            Err(_) => formatter.write_str("unusable"),
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0[..url::Position::AfterPath])
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "BaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use polyprofile_core::ErrorKind;

    use super::BaseUrl;

    fn base(text: &str) -> BaseUrl {
        BaseUrl::parse("base_url", text).expect("a good base URL")
    }

    #[test]
    fn a_bad_base_url_is_refused_and_not_repeated() {
        for text in [
            "",
            "api.example.com",
            "/api",
            "ftp://example.com",
            "file:///etc/passwd",
            "https://key:secret@example.com",
            "https://key@example.com",
            "https://example.com/#secret",
            "http://",
            "http://[::1",
        ] {
            let error = BaseUrl::parse("base_url", text).expect_err(text);
            assert_eq!(error.kind(), ErrorKind::Config, "{text}");
            assert!(error.message().contains("`base_url`"), "{error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn an_identifier_is_one_segment_whatever_it_holds() {
        let rows = [
            ("prof123abc", "/api/prof123abc"),
            ("accounts/1/locations/2", "/api/accounts%2F1%2Flocations%2F2"),
            ("../../admin", "/api/..%2F..%2Fadmin"),
            ("a?b=c#d", "/api/a%3Fb%3Dc%23d"),
            ("%2e%2e", "/api/%252e%252e"),
            ("-100123", "/api/-100123"),
            ("ü \u{202e}", "/api/%C3%BC%20%E2%80%AE"),
            ("a\\b", "/api/a%5Cb"),
        ];
        for (segment, path) in rows {
            let url = base("https://example.com/").join(["api", segment], &[]).expect("it can travel");
            assert_eq!(url.path(), path);
            assert_eq!(url.host_str(), Some("example.com"));
            assert_eq!(url.query(), None);
        }
    }

    #[test]
    fn an_identifier_that_cannot_travel_is_refused() {
        for segment in ["", ".", "..", "a\r\nX-Evil: 1", "a\0b", "a\tb", "\u{85}"] {
            let error = base("https://example.com").join(["api", segment], &[]).expect_err("it cannot travel");
            assert_eq!(error.kind(), ErrorKind::Invalid, "{segment:?}");
        }
    }

    #[test]
    fn a_path_and_a_query_of_the_base_are_kept() {
        let base = base("https://example.com/proxy/?port=123");
        let url = base.join(["v1"], &[("account_id", "a&b=c d".to_owned())]).expect("it can travel");
        assert_eq!(url.as_str(), "https://example.com/proxy/v1?port=123&account_id=a%26b%3Dc+d");
        assert_eq!(base.to_string(), "https://example.com/proxy");
    }

    #[test]
    fn the_last_segment_is_compared_whole() {
        assert!(base("https://example.com/api/").ends_with("api"));
        assert!(!base("https://example.com/myapi").ends_with("api"));
        assert!(!base("https://api").ends_with("api"));
    }
}
