//! The normalized view as traits, and the mapping into it.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use crate::{
    audience::Audience,
    expiry::Expiry,
    health::{Health, HealthPolicy},
    ids::{GroupId, ProfileId, ProviderId},
    issue::{FieldIssue, IssueKind, printable_excerpt},
    person::Person,
    platform::Platform,
    profile::{ConnectedPlatform, ConnectionStatus, Profile, Relation},
    timestamp::parse_timestamp,
};

/// A profile as every part of this library sees it. [`Profile`] implements it; so can your own rows.
pub trait NormalizedProfile {
    /// What the profile's connections are.
    type Platform: NormalizedPlatform;

    /// The provider and the vendor's own key there.
    fn id(&self) -> &ProfileId;

    /// The display name, where told.
    fn name(&self) -> Option<&str>;

    /// The accounts inside.
    fn connected_platforms(&self) -> &[Self::Platform];

    /// The group that the vendor keeps the profile in, where told.
    fn group(&self) -> Option<&GroupId> {
        None
    }
}

/// A connection as every part of this library sees it. [`ConnectedPlatform`] implements it; so can
/// your own rows, which then take part in health, unification and comparison.
pub trait NormalizedPlatform {
    /// The network.
    fn platform(&self) -> &Platform;

    /// What the vendor says about the connection.
    fn status(&self) -> &ConnectionStatus;

    /// What the vendor says about its end.
    fn expiry(&self) -> &Expiry;

    /// The person behind the account, where told.
    fn person(&self) -> Option<&Person>;

    /// The vendor's own words behind the status, where told.
    fn status_reason(&self) -> Option<&str> {
        None
    }

    /// The platform's own id of the account, where told and the same for every viewer.
    fn account_id(&self) -> Option<&str> {
        None
    }

    /// The handle as sent, where told.
    fn username(&self) -> Option<&str> {
        None
    }

    /// The name that people see, where told.
    fn display_name(&self) -> Option<&str> {
        None
    }

    /// The account's picture, where told.
    fn avatar_url(&self) -> Option<&str> {
        None
    }

    /// The account's public page, where told.
    fn profile_url(&self) -> Option<&str> {
        None
    }

    /// How many people the account reaches, where told.
    fn audience(&self) -> Option<&Audience> {
        None
    }

    /// `false` for a person who was only looked up: such a row has no verdict.
    fn is_connection(&self) -> bool {
        true
    }

    /// The date at which the connection ends, where the vendor told one.
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expiry().date()
    }

    /// Whole days left at `now`: rounded down, 0 on the last day, negative once past; `None` where
    /// no end is known.
    fn days_until_expiry(&self, now: DateTime<Utc>) -> Option<i64> {
        self.expiry().days_left(now)
    }

    /// Whether the vendor says that somebody has to sign in again, whatever the date.
    fn needs_reconnect(&self) -> bool {
        matches!(self.status(), ConnectionStatus::NeedsReconnect | ConnectionStatus::Expired)
    }

    /// The verdict at `now`; `None` for a person who was only looked up.
    fn health(&self, now: DateTime<Utc>, policy: &HealthPolicy) -> Option<Health> {
        self.is_connection().then(|| Health::judge(self.status(), self.status_reason(), self.expiry(), now, policy))
    }
}

impl NormalizedProfile for Profile {
    type Platform = ConnectedPlatform;

    fn id(&self) -> &ProfileId {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn connected_platforms(&self) -> &[ConnectedPlatform] {
        &self.connected_platforms
    }

    fn group(&self) -> Option<&GroupId> {
        self.group.as_ref()
    }
}

impl NormalizedPlatform for ConnectedPlatform {
    fn platform(&self) -> &Platform {
        &self.platform
    }

    fn status(&self) -> &ConnectionStatus {
        &self.status
    }

    fn expiry(&self) -> &Expiry {
        &self.expiry
    }

    fn person(&self) -> Option<&Person> {
        self.person.as_deref()
    }

    fn status_reason(&self) -> Option<&str> {
        self.status_reason.as_deref()
    }

    fn account_id(&self) -> Option<&str> {
        self.account_id.as_deref()
    }

    fn username(&self) -> Option<&str> {
        self.username.as_deref()
    }

    fn display_name(&self) -> Option<&str> {
        self.display_name.as_deref()
    }

    fn avatar_url(&self) -> Option<&str> {
        self.avatar_url.as_deref()
    }

    fn profile_url(&self) -> Option<&str> {
        self.profile_url.as_deref()
    }

    fn audience(&self) -> Option<&Audience> {
        self.audience.as_deref()
    }

    fn is_connection(&self) -> bool {
        self.relation == Relation::Connected
    }
}

/// Maps one wire type into the model: pure, and tested without a socket.
pub trait Normalize {
    /// What comes out.
    type Output;

    /// Maps `self`; what cannot be understood is reported to `context` and left out.
    fn normalize(self, context: &mut NormalizeContext) -> Self::Output;
}

/// What a mapping needs to know, and where it reports trouble.
#[derive(Clone, Debug)]
pub struct NormalizeContext {
    provider: ProviderId,
    observed_at: DateTime<Utc>,
    path: Vec<Segment>,
    issues: Vec<FieldIssue>,
    /// Whether issues may show what was there.
    excerpts: bool,
    /// How many of them the mapping itself reported.
    reported: usize,
    /// Issues beyond [`MOST_REPORTED`].
    untold: usize,
}

/// How many issues of one row the mapping tells: a row of a million empty members must not become millions of them.
const MOST_REPORTED: usize = 100;

/// One step of the path to the field being mapped; turned into text only when there is trouble.
#[derive(Clone, Copy, Debug)]
enum Segment {
    Member(&'static str),
    Index(usize),
}

impl NormalizeContext {
    /// For an answer of `provider` that was read at `observed_at`.
    pub const fn new(provider: ProviderId, observed_at: DateTime<Utc>) -> Self {
        Self { provider, observed_at, path: Vec::new(), issues: Vec::new(), excerpts: true, reported: 0, untold: 0 }
    }

    /// For an answer that may hold a secret, such as a link to sign in with: issues say what is wrong and where, and
    /// show nothing of what was there.
    #[must_use]
    pub const fn without_excerpts(mut self) -> Self {
        self.excerpts = false;
        self
    }

    /// The provider that answered.
    pub const fn provider(&self) -> &ProviderId {
        &self.provider
    }

    /// When the answer was read.
    pub const fn observed_at(&self) -> DateTime<Utc> {
        self.observed_at
    }

    /// Maps inside the member `name`: paths reported meanwhile start there.
    pub fn within<T>(&mut self, name: &'static str, map: impl FnOnce(&mut Self) -> T) -> T {
        self.nested(Segment::Member(name), map)
    }

    /// Maps every element of the list member `name`.
    pub fn each<I: IntoIterator, T>(
        &mut self,
        name: &'static str,
        items: I,
        mut map: impl FnMut(&mut Self, I::Item) -> T,
    ) -> Vec<T> {
        self.within(name, |context| {
            let mapped = items.into_iter().enumerate();
            mapped.map(|(index, item)| context.nested(Segment::Index(index), |context| map(context, item))).collect()
        })
    }

    /// Reports trouble with the member `name` of what is being mapped. Of one row the first 100 are told, and how many
    /// more there were.
    pub fn report(&mut self, name: &str, kind: IssueKind, message: &str, found: Option<&str>) {
        if self.reported == MOST_REPORTED {
            self.untold += 1;
            return;
        }
        self.reported += 1;
        let issue = FieldIssue::new(self.path_to(name), kind, message);
        self.issues.push(match found.filter(|_| self.excerpts) {
            Some(found) => issue.with_found(found),
            None => issue,
        });
    }

    /// The trouble that the reader of the row already had with the member `name`, if any: the member
    /// was sent, and is absent now because it did not fit.
    ///
    /// Where the reader says that it does not tell all its trouble, any absent member may have been sent: that
    /// note is then the trouble.
    pub fn dropped(&self, name: &str) -> Option<&FieldIssue> {
        self.issue_at(name, |kind| matches!(kind, IssueKind::WrongType | IssueKind::Truncated))
            .or_else(|| self.told_in_part())
    }

    /// The note that more was wrong with the row than is told.
    fn told_in_part(&self) -> Option<&FieldIssue> {
        self.issues.iter().find(|issue| issue.kind == IssueKind::Truncated && issue.path.is_empty())
    }

    fn issue_at(&self, name: &str, is_kind: impl Fn(IssueKind) -> bool) -> Option<&FieldIssue> {
        if self.issues.is_empty() {
            return None;
        }
        let path = self.path_to(name);
        self.issues.iter().find(|issue| is_kind(issue.kind) && issue.path == path)
    }

    fn path_to(&self, name: &str) -> String {
        let mut path = String::new();
        for segment in &self.path {
            // Writing to a string cannot fail.
            let _ = match segment {
                Segment::Member(name) => write!(path, "/{name}"),
                Segment::Index(index) => write!(path, "/{index}"),
            };
        }
        let _ = write!(path, "/{name}");
        path
    }

    /// Takes a value that the document promises; its absence is reported, once.
    pub fn required<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && self.issue_at(name, |_| true).or_else(|| self.told_in_part()).is_none() {
            self.report(name, IssueKind::Missing, "the document promises this member", None);
        }
        value
    }

    /// Reads a timestamp; one that cannot be read is reported and `None`.
    pub fn timestamp(&mut self, name: &str, text: Option<&str>) -> Option<DateTime<Utc>> {
        let text = text?;
        parse_timestamp(text)
            .map_err(|problem| self.report(name, IssueKind::Unreadable, &problem.to_string(), Some(text)))
            .ok()
    }

    /// Reads milliseconds since 1970; a number that is no moment is reported and `None`.
    pub fn epoch_milliseconds(&mut self, name: &str, milliseconds: Option<f64>) -> Option<DateTime<Utc>> {
        let milliseconds = milliseconds?;
        #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and chrono refuses what is too far")]
        let moment = DateTime::from_timestamp_millis(milliseconds as i64).filter(|_| !milliseconds.is_nan());
        if moment.is_none() {
            let found = milliseconds.to_string();
            self.report(name, IssueKind::OutOfRange, "expected milliseconds since 1970", Some(&found));
        }
        moment
    }

    /// Reads the end of a connection from the member `name`; `None` if nothing was sent.
    ///
    /// A date that cannot be read, or was no text at all, is [`Expiry::Unreadable`]: trouble with a
    /// date must never look like a connection that does not end.
    pub fn expiry(&mut self, name: &str, text: Option<&str>) -> Option<Expiry> {
        let Some(text) = text else {
            let found = self.dropped(name)?.found.clone();
            return Some(Expiry::Unreadable { raw: found.unwrap_or_default() });
        };
        Some(match self.timestamp(name, Some(text)) {
            Some(at) => Expiry::at(at),
            None => Expiry::Unreadable { raw: printable_excerpt(text, FieldIssue::EXCERPT) },
        })
    }

    /// Reads a count; a negative or fractional number is reported and `None`.
    pub fn count(&mut self, name: &str, number: Option<&serde_json::Number>) -> Option<u64> {
        let number = number?;
        let count = number.as_u64();
        if count.is_none() {
            self.report(name, IssueKind::OutOfRange, "expected a whole count of 0 or more", Some(&number.to_string()));
        }
        count
    }

    /// Adds trouble that was found before the mapping, by whoever read the row.
    pub fn add_issues(&mut self, issues: impl IntoIterator<Item = FieldIssue>) {
        let is_shown = self.excerpts;
        self.issues
            .extend(issues.into_iter().map(|issue| FieldIssue { found: issue.found.filter(|_| is_shown), ..issue }));
    }

    /// Takes what was reported so far and starts anew, for the next row.
    pub fn take_issues(&mut self) -> Vec<FieldIssue> {
        self.reported = 0;
        if self.untold > 0 {
            let message = format!("{} more issues", std::mem::take(&mut self.untold));
            self.issues.push(FieldIssue::new("", IssueKind::Truncated, message));
        }
        std::mem::take(&mut self.issues)
    }

    fn nested<T>(&mut self, segment: Segment, map: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(segment);
        let mapped = map(self);
        self.path.pop();
        mapped
    }
}
