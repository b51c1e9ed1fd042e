//! An answer that is one document.

use std::fmt;

use chrono::{DateTime, Utc};
use polyprofile_core::{
    Error, ErrorKind, FieldIssue, IssueKind, Normalize, NormalizeContext, Operation, Profile, Result,
};

use crate::{
    client::HttpClient,
    failure::Failure,
    json::{RowType, SalvageIssue, SalvageProblem, Unusable, read_row},
    redact::Redactor,
    request::Request,
};

/// A whole answer, not yet read.
pub struct Document {
    status: u16,
    body: Vec<u8>,
    observed_at: DateTime<Utc>,
    client: HttpClient,
    operation: Operation,
    /// Knows the secrets of the request too: vendors echo them in answers that are no refusals by their status.
    redactor: Redactor,
    attempts: u32,
}

impl Document {
    /// Refuses at once what can be no document: nothing, or a page for people.
    pub(crate) fn new(
        client: HttpClient,
        request: &Request,
        attempts: u32,
        status: u16,
        body: Vec<u8>,
    ) -> Result<Self, Failure> {
        let problem = match body.trim_ascii_start().first() {
            None if status != 204 => "the answer is empty",
            Some(b'<') => "the answer is HTML, not JSON: something stands between us and the vendor",
            _ => {
                let (observed_at, operation) = (client.now(), request.operation());
                let redactor = client.redactor().and(request.secrets());
                return Ok(Self { status, body, observed_at, client, operation, redactor, attempts });
            }
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

    /// Hands the text to `map`, with a context to report to, and says of what goes wrong where it came from.
    ///
    /// Issues that `map` leaves in the context have no place in what it gives: they are logged as warnings.
    ///
    /// # Errors
    ///
    /// Whatever `map` refuses.
    pub fn map<T>(&self, map: impl FnOnce(&[u8], &mut NormalizeContext) -> Result<T>) -> Result<T> {
        let (mapped, issues) = self.map_reported(map)?;
        for FieldIssue { path, message, .. } in issues {
            tracing::warn!(provider = %self.client.provider(), operation = %self.operation, path, message);
        }
        Ok(mapped)
    }

    /// As [`Self::map`], and gives the issues to the caller.
    ///
    /// # Errors
    ///
    /// Whatever `map` refuses.
    pub fn map_reported<T>(
        &self,
        map: impl FnOnce(&[u8], &mut NormalizeContext) -> Result<T>,
    ) -> Result<(T, Vec<FieldIssue>)> {
        let mut context = NormalizeContext::new(self.client.provider().clone(), self.observed_at);
        if self.operation == Operation::Connect {
            // A link to sign in with may stand anywhere in an answer that is not as documented.
            context = context.without_excerpts();
        }
        let mapped = map(self.body(), &mut context).map_err(|error| {
            self.client.label(self.redactor.error(error), self.operation).with_attempts(self.attempts)
        })?;
        Ok((mapped, self.redactor.issues(context.take_issues())))
    }

    /// As [`Self::map`], for a profile: it gets the issues, and if nothing names it they are the error.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] for `None`, and whatever `map` refuses.
    pub fn map_profile(
        &self,
        map: impl FnOnce(&[u8], &mut NormalizeContext) -> Result<Option<Profile>>,
    ) -> Result<Profile> {
        self.map(|body, context| {
            let profile = map(body, context)?;
            let issues = self.redactor.issues(context.take_issues());
            let mut profile = profile.ok_or_else(|| Error::new(ErrorKind::Decode, describe(&issues)))?;
            profile.issues = issues;
            Ok(profile)
        })
    }

    /// Reads it as `R` and hands it to `map`, with a context that already holds what did not fit.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] if it is no JSON object, and whatever `map` refuses.
    pub fn read<R: RowType, T>(&self, map: impl FnOnce(R::Row<'_>, &mut NormalizeContext) -> Result<T>) -> Result<T> {
        self.map(|body, context| read_reported::<R, _>(body, context, map)?)
    }

    /// As [`Self::read_profile`], for an answer about the profile that `asked` is the vendor's key of.
    ///
    /// An answer about another one is kept, under the key that it names: vendors' own examples do so. That it is not what
    /// was asked for is an issue at `path`, where the vendor puts the key.
    ///
    /// # Errors
    ///
    /// As [`Self::read_profile`].
    pub fn read_profile_of<R>(&self, asked: &str, path: &str) -> Result<Profile>
    where
        R: RowType,
        for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
    {
        let mut profile = self.read_profile::<R>()?;
        if profile.id.key != asked {
            let issue = FieldIssue::new(path, IssueKind::Contradiction, "another profile than was asked for");
            let issue = issue.with_found(&profile.id.key);
            profile.issues.extend(self.redactor.issues(vec![issue]));
        }
        Ok(profile)
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
        self.map_profile(|body, context| {
            Ok(read_reported::<R, _>(body, context, |row, context| row.normalize(context))?)
        })
    }
}

impl fmt::Debug for Document {
    /// Not the text: it may hold a link to sign in with.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Document({} {}, {} bytes)", self.status, self.operation, self.body.len())
    }
}

/// Reads `bytes` as `R`, reporting to `context` what did not fit before `map` gets the rest.
pub(crate) fn read_reported<R: RowType, T>(
    bytes: &[u8],
    context: &mut NormalizeContext,
    map: impl FnOnce(R::Row<'_>, &mut NormalizeContext) -> T,
) -> std::result::Result<T, Unusable> {
    read_row::<R, _>(bytes, |row, issues| {
        context.add_issues(issues.into_iter().map(FieldIssue::from));
        map(row, context)
    })
}

/// What was wrong, in one line.
pub(crate) fn describe(issues: &[FieldIssue]) -> String {
    issues.iter().map(FieldIssue::to_string).collect::<Vec<_>>().join("; ")
}

impl From<Unusable> for Error {
    fn from(unusable: Unusable) -> Self {
        Self::new(ErrorKind::Decode, unusable.to_string())
    }
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
