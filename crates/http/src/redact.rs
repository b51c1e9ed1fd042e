//! Keeps secrets out of everything that is printed.

use std::{borrow::Cow, fmt};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::utf8_percent_encode;
use polyprofile_core::{Error, FieldIssue};
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded;

use crate::base_url::SEGMENT;

/// Blots the provider's secrets out of texts that came from outside: vendors echo keys in messages.
#[derive(Clone)]
pub(crate) struct Redactor {
    secrets: Vec<SecretString>,
}

/// So many characters of a secret are enough to know it by: texts are cut, and the cut may be inside a secret.
const ENOUGH: usize = 12;

impl Redactor {
    pub(crate) fn new(secrets: impl IntoIterator<Item = SecretString>) -> Self {
        let mut spellings: Vec<SecretString> = Vec::new();
        for secret in secrets {
            let plain = secret.expose_secret();
            let encoded = || utf8_percent_encode(plain, SEGMENT);
            let lower = |piece: &str| if piece.starts_with('%') { piece.to_lowercase() } else { piece.to_owned() };
            let others = [
                // JSON writers may escape slashes, and a raw row shows it so.
                plain.replace('/', "\\/"),
                BASE64_STANDARD.encode(plain),
                // Vendors echo the address that was asked for, in the one case or the other.
                encoded().to_string(),
                encoded().map(lower).collect(),
                form_urlencoded::byte_serialize(plain.as_bytes()).collect(),
            ];
            for spelling in [secret].into_iter().chain(others.map(SecretString::from)) {
                let text = spelling.expose_secret();
                if !text.is_empty() && spellings.iter().all(|known| known.expose_secret() != text) {
                    spellings.push(spelling);
                }
            }
        }
        Self { secrets: spellings }
    }

    /// The same for one call that sends further secrets.
    pub(crate) fn and(&self, secrets: &[SecretString]) -> Self {
        let Self { secrets: more } = Self::new(secrets.iter().cloned());
        Self { secrets: self.secrets.iter().cloned().chain(more).collect() }
    }

    pub(crate) fn error(&self, error: Error) -> Error {
        error.map_texts(|text| self.text(text))
    }

    /// Issues show excerpts of what was sent.
    pub(crate) fn issues(&self, mut issues: Vec<FieldIssue>) -> Vec<FieldIssue> {
        for issue in &mut issues {
            for text in [Some(&mut issue.path), issue.found.as_mut()].into_iter().flatten() {
                if let Cow::Owned(clean) = self.text(text) {
                    *text = clean;
                }
            }
        }
        issues
    }

    pub(crate) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.secrets.iter().fold(Cow::Borrowed(text), |text, secret| match blot_out(&text, secret.expose_secret()) {
            Some(clean) => Cow::Owned(clean),
            None => text,
        })
    }
}

/// `text` without `secret` and without its beginnings; `None` if there are none in it.
fn blot_out(text: &str, secret: &str) -> Option<String> {
    let beginning = secret.get(..ENOUGH).unwrap_or(secret);
    let mut next = text.find(beginning);
    next?;
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    // Looked for anew behind each: a secret may hold its own beginning again, which is then not another one.
    while let Some(place) = next {
        clean.push_str(&rest[..place]);
        clean.push_str("[redacted]");
        rest = &rest[place..];
        let same = rest.chars().zip(secret.chars()).take_while(|(one, other)| one == other);
        rest = &rest[same.map(|(character, _)| character.len_utf8()).sum()..];
        next = rest.find(beginning);
    }
    clean.push_str(rest);
    Some(clean)
}

impl fmt::Debug for Redactor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Redactor({} secrets)", self.secrets.len())
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use polyprofile_core::{Error, ErrorKind, FieldIssue, IssueKind};

    use super::Redactor;

    fn redacted(text: &str) -> String {
        Redactor::new(["sk-live/0123456789".into()]).text(text).into_owned()
    }

    #[test]
    fn a_secret_is_blotted_out_wherever_it_stands() {
        for (text, clean) in [
            ("sk-live/0123456789", "[redacted]"),
            ("bad key sk-live/0123456789!", "bad key [redacted]!"),
            ("sk-live/0123456789sk-live/0123456789", "[redacted][redacted]"),
            (r#"{"key":"sk-live\/0123456789"}"#, r#"{"key":"[redacted]"}"#),
            ("/connect?apiKey=sk-live%2F0123456789&x=1", "/connect?apiKey=[redacted]&x=1"),
            ("/connect?apiKey=sk-live%2f0123456789&x=1", "/connect?apiKey=[redacted]&x=1"),
            ("Basic c2stbGl2ZS8wMTIzNDU2Nzg5", "Basic [redacted]"),
        ] {
            assert_eq!(redacted(text), clean);
        }
    }

    #[test]
    fn a_secret_that_was_cut_is_blotted_out_too() {
        assert_eq!(redacted("bad key sk-live/012345"), "bad key [redacted]");
        assert_eq!(redacted("bad key sk-live/012345…"), "bad key [redacted]…");
        assert_eq!(redacted("keys begin with sk-live/"), "keys begin with sk-live/");
    }

    #[test]
    fn a_secret_that_repeats_its_own_beginning_is_blotted_out_each_time() {
        let secret = "abababababababab";
        let redactor = Redactor::new([secret.into()]);
        assert_eq!(redactor.text(&secret.repeat(3)), "[redacted][redacted][redacted]");
        assert_eq!(redactor.text(&format!("{secret}, {secret}")), "[redacted], [redacted]");
    }

    #[test]
    fn a_short_secret_counts_as_a_whole() {
        let redactor = Redactor::new(["ü-1".into(), "".into()]);
        assert_eq!(redactor.text("ü-1 ü- ü-1"), "[redacted] ü- [redacted]");
    }

    #[test]
    fn a_secret_that_repeats_itself_is_blotted_out_behind_its_own_beginning() {
        // The beginning is in `abcabcabcabcabcabc` at 0 and at 6; the whole secret starts at 18, inside the third.
        let secret = "abcabcabcabcabcabcX";
        let text = format!("abcabcabcabcabcabc{secret}");
        let clean = Redactor::new([secret.into()]).text(&text).into_owned();
        assert!(!clean.contains(secret) && !clean.contains(&secret[..super::ENOUGH]), "{clean}");
    }

    #[test]
    fn a_text_without_a_secret_is_not_copied() {
        assert!(matches!(Redactor::new(["sk-live/0123456789".into()]).text("fine"), Cow::Borrowed("fine")));
    }

    #[test]
    fn a_call_keeps_the_providers_secrets_and_its_own() {
        let redactor = Redactor::new(["sk-live/0123456789".into()]).and(&["abcd-efgh-ijkl-mnop".into()]);
        assert_eq!(redactor.text("sk-live/0123456789 abcd-efgh-ijkl-mnop"), "[redacted] [redacted]");
    }

    #[test]
    fn every_text_of_an_error_and_of_an_issue_is_clean() {
        let redactor = Redactor::new(["sk-live/0123456789".into()]);
        let error = Error::new(ErrorKind::Invalid, "no sk-live/0123456789")
            .with_code("code sk-live/0123456789")
            .with_request_id("id sk-live/0123456789");
        let error = redactor.error(error);
        assert_eq!(error.message(), "no [redacted]");
        assert_eq!((error.code(), error.request_id()), (Some("code [redacted]"), Some("id [redacted]")));

        let issue = FieldIssue::new("/sk-live/0123456789/id", IssueKind::WrongType, "expected a text");
        let issues = redactor.issues(vec![issue.clone().with_found("sk-live/0123456789"), issue]);
        let texts: Vec<_> = issues.iter().map(|issue| (issue.path.as_str(), issue.found.as_deref())).collect();
        assert_eq!(texts, [("/[redacted]/id", Some("[redacted]")), ("/[redacted]/id", None)]);
    }

    #[test]
    fn of_the_secrets_themselves_nothing_is_shown() {
        let shown = format!("{:?}", Redactor::new(["sk-live/0123456789".into()]));
        assert!(shown.starts_with("Redactor(") && !shown.contains("sk-live"), "{shown}");
    }
}
