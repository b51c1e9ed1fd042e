//! The keys that the emulator accepts, and the check that each vendor makes.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

/// A Postproxy key for the whole account: it sees every group and may create and delete groups.
pub const POSTPROXY_KEY: &str = "emulator-postproxy-account-key";

/// A Postproxy key bound to one profile group, [`crate::Emulator::postproxy_group_id`]: it sees that group only and
/// may neither create nor delete groups.
pub const POSTPROXY_SCOPED_KEY: &str = "emulator-postproxy-group-key";

/// The Postcore key.
pub const POSTCORE_KEY: &str = "emulator-postcore-key";

/// The Postpress key.
pub const POSTPRESS_KEY: &str = "emulator-postpress-key";

/// The header in which Postcore and Postpress take their key. (Header names are case-insensitive.)
pub(crate) const X_API_KEY: &str = "x-api-key";

/// Whose API a path belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vendor {
    Postproxy,
    Postcore,
    Postpress,
}

impl Vendor {
    /// The vendor that serves `path`, by its first segments.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let mut segments = path.split('/').skip(1);
        match (segments.next()?, segments.next()) {
            ("api", Some("v1")) | ("v1", _) => Some(Self::Postpress),
            ("api", _) => Some(Self::Postproxy),
            ("profiles", _) => Some(Self::Postcore),
            _ => None,
        }
    }

    /// Whether this vendor accepts `key`.
    pub(crate) fn accepts(self, key: &str) -> bool {
        match self {
            Self::Postproxy => key == POSTPROXY_KEY || key == POSTPROXY_SCOPED_KEY,
            Self::Postcore => key == POSTCORE_KEY,
            Self::Postpress => key == POSTPRESS_KEY,
        }
    }
}

/// The token of `Authorization: Bearer TOKEN`; the scheme's name is case-insensitive.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    token_of_bearer(headers.get(AUTHORIZATION)?.to_str().ok()?)
}

/// The token in the value of an `Authorization` header.
pub(crate) fn token_of_bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The value of `X-API-KEY`.
pub(crate) fn api_key_header(headers: &HeaderMap) -> Option<&str> {
    headers.get(X_API_KEY)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_the_vendor() {
        assert_eq!(Vendor::of("/api/profiles"), Some(Vendor::Postproxy));
        assert_eq!(Vendor::of("/api/v1/accounts"), Some(Vendor::Postpress));
        assert_eq!(Vendor::of("/v1/users/me"), Some(Vendor::Postpress));
        assert_eq!(Vendor::of("/profiles/connect"), Some(Vendor::Postcore));
        assert_eq!(Vendor::of("/partner_connect/x"), None);
        assert_eq!(Vendor::of("/"), None);
    }

    #[test]
    fn a_key_is_accepted_by_its_own_vendor_only() {
        for (vendor, keys) in [
            (Vendor::Postproxy, &[POSTPROXY_KEY, POSTPROXY_SCOPED_KEY][..]),
            (Vendor::Postcore, &[POSTCORE_KEY]),
            (Vendor::Postpress, &[POSTPRESS_KEY]),
        ] {
            for key in [POSTPROXY_KEY, POSTPROXY_SCOPED_KEY, POSTCORE_KEY, POSTPRESS_KEY, ""] {
                assert_eq!(vendor.accepts(key), keys.contains(&key), "{vendor:?} {key}");
            }
        }
    }
}
