//! An answer that is one document.

use chrono::{DateTime, Utc};
use polyprofile_core::{
    Error, ErrorKind, FieldIssue, IssueKind, Normalize, NormalizeContext, Operation, Profile, ProviderId, Result,
};

use crate::{
    failure::Failure,
    json::{RowType, SalvageIssue, SalvageProblem, read_row},
};

/// A whole answer, not yet read.
#[derive(Debug)]
pub struct Document {
    status: u16,
    body: Vec<u8>,
    observed_at: DateTime<Utc>,
    provider: ProviderId,
    operation: Operation,
}

impl Document {
    /// Refuses at once what can be no document: nothing, or a page for people.
    pub(crate) fn new(
        status: u16,
        body: Vec<u8>,
        observed_at: DateTime<Utc>,
        provider: ProviderId,
        operation: Operation,
    ) -> Result<Self, Failure> {
        let problem = match body.trim_ascii_start().first() {
            None if status != 204 => "the answer is empty",
            Some(b'<') => "the answer is HTML, not JSON: something stands between us and the vendor",
            _ => return Ok(Self { status, body, observed_at, provider, operation }),
        };
        Err(Failure::after_sending(ErrorKind::Decode, problem))
    }

    /// The status it came with.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The text as sent.
    pub fn body(&self) -> &[u8] {
        // A byte-order mark says nothing in UTF-8; some servers write one all the same.
        self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body)
    }

    /// Reads it as `R` and hands it to `map`, with a context that already holds what did not fit.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] if it is no JSON object, and whatever `map` refuses.
    pub fn read<R: RowType, T>(&self, map: impl FnOnce(R::Row<'_>, &mut NormalizeContext) -> Result<T>) -> Result<T> {
        let mut context = NormalizeContext::new(self.provider.clone(), self.observed_at);
        let outcome = read_row::<R, _>(self.body(), |row, issues| {
            context.add_issues(issues.into_iter().map(FieldIssue::from));
            map(row, &mut context)
        });
        let outcome = match outcome {
            Ok(mapped) => mapped,
            Err(unusable) => Err(Error::new(ErrorKind::Decode, unusable.to_string())),
        };
        outcome.map_err(|error| error.with_provider(self.provider.clone()).with_operation(self.operation))
    }

    /// Reads it as one profile.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] if it is no JSON object, or nothing in it names the profile.
    pub fn read_profile<R>(&self) -> Result<Profile>
    where
        R: RowType,
        for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
    {
        self.read::<R, _>(|row, context| {
            let profile = row.normalize(context);
            let issues = context.take_issues();
            match profile {
                Some(mut profile) => {
                    profile.issues = issues;
                    Ok(profile)
                }
                None => Err(Error::new(ErrorKind::Decode, describe(&issues))),
            }
        })
    }
}

/// What was wrong, in one line.
pub(crate) fn describe(issues: &[FieldIssue]) -> String {
    issues.iter().map(FieldIssue::to_string).collect::<Vec<_>>().join("; ")
}

impl From<SalvageIssue> for FieldIssue {
    fn from(issue: SalvageIssue) -> Self {
        let kind = match issue.problem {
            SalvageProblem::WrongType => IssueKind::WrongType,
            SalvageProblem::NumberKeptAsText => IssueKind::Coerced,
            SalvageProblem::RepeatedMember => IssueKind::Repeated,
            SalvageProblem::InvalidUtf8Replaced => IssueKind::InvalidUtf8,
            _ => IssueKind::Truncated,
        };
        let field = Self::new(issue.path, kind, issue.message);
        match issue.found {
            Some(found) => field.with_found(&found),
            None => field,
        }
    }
}
