//! What adapters get to see of an answer that is no success.

use chrono::{DateTime, Utc};
use polyprofile_core::{Error, ErrorKind};

use crate::json::{RowType, read_row};

/// An answer with a status that means failure, as an adapter's `fault.rs` sees it.
///
/// The body is cut to the configured limit for error bodies. Headers are not here: waiting times and
/// request ids in headers are read for every vendor alike.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FailedAnswer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The content type as sent.
    pub content_type: Option<&'a str>,
    /// The body, or its beginning.
    pub body: &'a [u8],
    /// When it was read: bodies name moments to wait for.
    pub now: DateTime<Utc>,
}

/// Turns an answer that is no success into an error: pure, one per vendor.
///
/// It decides kind, message, code and what else the body tells. Provider, operation, status and the
/// number of attempts are added for it.
pub type Classify = fn(&FailedAnswer<'_>) -> Error;

impl<'a> FailedAnswer<'a> {
    /// An answer without a content type, read in 1970.
    pub const fn new(status: u16, body: &'a [u8]) -> Self {
        Self { status, content_type: None, body, now: DateTime::<Utc>::UNIX_EPOCH }
    }

    /// Reads the body as a documented error body, if it is an object at all.
    ///
    /// It is read as rows are: a member of another type than documented does not hide the others.
    pub fn read<R: RowType, T>(&self, map: impl FnOnce(R::Row<'_>) -> T) -> Option<T> {
        read_row::<R, _>(self.body, |body, _| map(body)).ok()
    }

    /// The error that the status alone tells, for a body that no document describes.
    ///
    /// Of such a body nothing but its type and length is said: it may hold anything.
    pub fn undocumented(&self) -> Error {
        let described = match self.content_type {
            _ if self.body.is_empty() => "an empty answer".to_owned(),
            Some(content_type) => format!("an undocumented answer: {} bytes of {content_type}", self.body.len()),
            None => format!("an undocumented answer: {} bytes", self.body.len()),
        };
        Error::new(kind_of_status(self.status), described)
    }
}

/// What a status means where nothing else is known.
pub const fn kind_of_status(status: u16) -> ErrorKind {
    match status {
        401 => ErrorKind::ApiKey,
        402 | 403 => ErrorKind::Permission,
        404 | 410 => ErrorKind::NotFound,
        405 | 501 => ErrorKind::Unsupported,
        408 | 504 => ErrorKind::Timeout,
        409 | 423 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited,
        400 | 406 | 407 | 411..=428 | 430..=499 => ErrorKind::Invalid,
        500 | 502 | 503 | 505..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::Protocol,
    }
}

#[cfg(test)]
mod tests {
    use polyprofile_core::ErrorKind::{
        self, ApiKey, Conflict, Invalid, NotFound, Permission, Protocol, RateLimited, Timeout, Unavailable, Unsupported,
    };

    use super::{FailedAnswer, kind_of_status};
    use crate::json::RowType;

    #[test]
    fn every_status_has_a_meaning_and_what_is_no_failure_is_no_answer() {
        let rows = [
            (Protocol, vec![0, 100, 199, 200, 204, 206, 299, 300, 301, 304, 307, 399, 600, 999, u16::MAX]),
            (ApiKey, vec![401]),
            (Permission, vec![402, 403]),
            (NotFound, vec![404, 410]),
            (Unsupported, vec![405, 501]),
            (Timeout, vec![408, 504]),
            (Conflict, vec![409, 423]),
            (RateLimited, vec![429]),
            (Invalid, vec![400, 406, 407, 411, 413, 415, 418, 422, 424, 425, 426, 428, 430, 431, 451, 499]),
            (Unavailable, vec![500, 502, 503, 505, 520, 529, 599]),
        ];
        for (kind, statuses) in rows {
            for status in statuses {
                assert_eq!(kind_of_status(status), kind, "{status}");
            }
        }
    }

    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Body {
        code: Option<String>,
    }

    impl RowType for Body {
        type Row<'de> = Self;
    }

    #[test]
    fn a_body_is_read_member_by_member_or_not_at_all() {
        let code = |body: &'static str| FailedAnswer::new(422, body.as_bytes()).read::<Body, _>(|body| body.code);
        assert_eq!(code(r#"{"code": "late", "other": 1}"#), Some(Some("late".to_owned())));
        assert_eq!(code(r#"{"code": {}}"#), Some(None));
        for other in ["", "[4, 2]", r#"{"code": "late""#, r#"{"code": "late"} and more"#, "null", "<html>"] {
            assert_eq!(code(other), None, "{other}");
        }
    }

    #[test]
    fn an_undocumented_answer_is_judged_by_its_status_alone() {
        for (body, message) in [("", "an empty answer"), ("{}", "an undocumented answer: 2 bytes")] {
            let error = FailedAnswer::new(404, body.as_bytes()).undocumented();
            assert_eq!((error.kind(), error.message(), error.code()), (NotFound, message, None));
        }
    }

    #[test]
    fn of_a_page_only_its_type_and_length_are_told() {
        let mut answer = FailedAnswer::new(502, b"<html>sk_live_secret</html>");
        answer.content_type = Some("text/html");
        let error = answer.undocumented();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert_eq!(error.message(), "an undocumented answer: 27 bytes of text/html");
    }
}
