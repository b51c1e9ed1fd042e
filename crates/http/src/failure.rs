//! What can go wrong below a vendor's own answer, told apart by type and never by message.

use std::{error::Error as StdError, io, time::Duration};

use polyprofile_core::{Error, ErrorKind};

use crate::json::LexError;

/// A failed attempt.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    /// Whether the vendor may have got the request.
    pub(crate) sent: bool,
    /// Whether it is for the caller to decide about trying again, because nobody was even asked.
    pub(crate) is_final: bool,
}

impl Failure {
    pub(crate) fn new(error: Error, sent: bool) -> Self {
        Self { error, sent, is_final: false }
    }

    /// Nothing is sent before `wait` has passed: the caller is told at once.
    pub(crate) fn not_yet(kind: ErrorKind, message: &str, wait: Duration) -> Self {
        Self { error: Error::new(kind, message).with_retry_after(wait), sent: false, is_final: true }
    }

    /// The request may have reached the vendor.
    pub(crate) fn after_sending(kind: ErrorKind, message: impl AsRef<str>) -> Self {
        Self::new(Error::new(kind, message), true)
    }

    /// The request certainly did not reach the vendor.
    pub(crate) fn before_sending(kind: ErrorKind, message: impl AsRef<str>) -> Self {
        Self::new(Error::new(kind, message), false)
    }

    /// Time ran out while waiting for `what`.
    pub(crate) fn timeout(what: &str, allowed: Duration) -> Self {
        Self::after_sending(ErrorKind::Timeout, format!("{what} did not come within {allowed:?}"))
    }

    /// The body ended or broke off inside the document.
    pub(crate) fn truncated() -> Self {
        Self::after_sending(ErrorKind::Network, "the answer broke off before its end")
    }

    /// Sorts an error of the client by its causes. The URL is removed: its query may hold identifiers.
    pub(crate) fn from_reqwest(problem: reqwest::Error) -> Self {
        let problem = problem.without_url();
        let (kind, message) = sort(&problem);
        let sent = !(problem.is_connect() || problem.is_builder());
        Self::new(Error::new(kind, message).with_source(problem), sent)
    }

    /// Sorts what the lexer found wrong with a listing.
    pub(crate) fn from_lexer(problem: &LexError) -> Self {
        if *problem == LexError::Truncated {
            return Self::truncated();
        }
        let kind = match problem {
            LexError::KeptTooLarge { .. } => ErrorKind::TooLarge,
            _ => ErrorKind::Decode,
        };
        Self::new(Error::new(kind, problem.to_string()), true)
    }
}

fn sort(problem: &reqwest::Error) -> (ErrorKind, &'static str) {
    if let Some(tls) = find::<rustls::Error>(problem) {
        return (ErrorKind::Tls, tls_words(tls));
    }
    if problem.is_timeout() {
        return (ErrorKind::Timeout, if problem.is_connect() { "no connection in time" } else { "no answer in time" });
    }
    if problem.is_connect() {
        return (ErrorKind::Network, "no connection: the host is unknown, refused, or cannot be reached");
    }
    let broken = find::<io::Error>(problem).map(io::Error::kind);
    if let Some(framing) = find::<hyper::Error>(problem) {
        if framing.is_parse() || matches!(broken, Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)) {
            return (ErrorKind::Protocol, "the answer is no proper HTTP");
        }
        if framing.is_incomplete_message() {
            return (ErrorKind::Network, "the connection closed before the answer's end");
        }
    }
    // The body came as it was sent, and is not what it says it is. One that only ends too early may have been cut.
    let came_whole = find::<hyper::Error>(problem).is_none() && broken != Some(io::ErrorKind::UnexpectedEof);
    if problem.is_decode() && came_whole {
        return (ErrorKind::Decode, "the answer's compression is broken");
    }
    (ErrorKind::Network, "the connection broke")
}

fn tls_words(problem: &rustls::Error) -> &'static str {
    use rustls::CertificateError as Certificate;
    match problem {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            Certificate::Expired | Certificate::ExpiredContext { .. } => "the certificate has expired",
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
                "the certificate is for another host"
            }
            Certificate::UnknownIssuer => "the certificate's issuer is not trusted",
            Certificate::Revoked => "the certificate was revoked",
            _ => "the certificate is not valid",
        },
        _ => "no encrypted connection could be agreed on",
    }
}

/// The first cause of type `T`, also inside I/O errors, which do not count what they wrap as a cause.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(current) = next {
        if let Some(found) = current.downcast_ref::<T>() {
            return Some(found);
        }
        next = match current.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => current.source(),
        };
    }
    None
}
