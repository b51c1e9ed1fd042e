//! What must hold of every row of a listing, whatever the vendor and whatever it sent.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use polyprofile_core::{
    ConnectionStatus, Expiry, FieldIssue, HealthPolicy, IssueKind, NormalizeContext, NormalizedPlatform as _, Profile,
    ProviderId, Verdict,
};
use polyprofile_http::json::Unusable;

use crate::{json::members, time};

/// Reads one row: an adapter's door.
pub type Read = fn(&[u8], &mut NormalizeContext) -> Result<Option<Profile>, Unusable>;

/// The provider that every row is read for.
pub const PROVIDER: &str = "fuzzed";

/// The moment at which every row is read: a Sunday in 2026.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_796_000_000, 0).expect("a moment within chrono's reach")
}

/// Reads a row and checks all that holds for every vendor. `key` is the member that names the row.
pub fn read(bytes: &[u8], read: Read, key: &str) -> Option<Profile> {
    let outcome = read_with_issues(bytes, read);
    let is_object = std::str::from_utf8(bytes).is_ok_and(|text| members(text).is_some());
    let profile = match outcome {
        Ok(outcome) => outcome,
        Err(problem) => {
            assert!(!is_object, "an object is never unusable: {problem}");
            None
        }
    }?;
    assert!(!profile.id.key.is_empty(), "a profile without a name");
    assert_eq!(profile.id.provider.as_str(), PROVIDER);
    check(&profile);
    // The dearest check by far: a third of the rows has to do, and the fuzzer makes rows of any length.
    if is_object && bytes.len() % 3 == 0 {
        salvages_the_same(bytes, &profile, read, key);
    }
    Some(profile)
}

/// Checks what holds for every profile that was mapped.
pub fn check(profile: &Profile) {
    let value = serde_json::to_value(profile).expect("a profile is JSON");
    let back: Profile = serde_json::from_value(value).expect("a profile is read as it was written");
    assert_eq!(&back, profile, "another profile after a value");
    let text = serde_json::to_string(profile).expect("a profile is JSON");
    let back: Profile = serde_json::from_str(&text).expect("a profile is read as it was written");
    assert_eq!(&back, profile, "another profile after a text");

    check_issues(&profile.issues);
    for connection in &profile.connected_platforms {
        let Some(health) = connection.health(now(), &HealthPolicy::default()) else { continue };
        if health.verdict == Verdict::Healthy {
            assert_eq!(connection.status, ConnectionStatus::Active, "healthy without a word");
            assert!(connection.expires_at().is_none_or(|at| at > now()), "healthy and over");
            assert!(!matches!(connection.expiry, Expiry::Unreadable { .. }), "healthy and unreadable");
        }
    }
}

/// Issues are few, short, and on one line each.
pub fn check_issues(issues: &[FieldIssue]) {
    assert!(issues.len() <= 210, "{} issues", issues.len());
    for issue in issues {
        let texts = [Some(&issue.path), Some(&issue.message), issue.found.as_ref()];
        for text in texts.into_iter().flatten() {
            assert!(!text.contains(char::is_control), "a control character in {issue:?}");
        }
        assert!(issue.found.as_ref().is_none_or(|found| found.chars().count() <= FieldIssue::EXCERPT + 1), "{issue:?}");
        assert!(issue.message.chars().count() <= 200, "{issue:?}");
        assert!(issue.path.len() <= 16 << 10, "a path of {} bytes", issue.path.len());
    }
}

/// A row read by the slow path is the row read by the fast one.
///
/// The key once more at the end makes the row one that does not fit; the first key counts, and all else is as it was.
fn salvages_the_same(bytes: &[u8], profile: &Profile, read: Read, key: &str) {
    if profile.issues.iter().any(|issue| is_of_the_reader(issue.kind)) {
        return; // It was salvaged already.
    }
    let mut broken = bytes.trim_ascii_end().to_vec();
    broken.pop();
    broken.extend_from_slice(format!(",\"{key}\":\"again\"}}").as_bytes());
    let salvaged = read_with_issues(&broken, read).expect("an object is never unusable");
    let mut salvaged = salvaged.expect("the key is still there");
    if salvaged.issues.iter().any(|issue| issue.kind == IssueKind::Truncated) {
        return; // It is too much work: what was not tried is left out.
    }
    let is_told = |issue: &FieldIssue| issue.kind == IssueKind::Repeated && issue.path == format!("/{key}");
    assert!(salvaged.issues.iter().any(is_told), "the second key is an issue");
    // So is any other name that is there twice; the fast path reads over those that it does not know.
    salvaged.issues.retain(|issue| issue.kind != IssueKind::Repeated);
    assert_eq!(&salvaged, profile, "the slow path reads another row");
}

fn is_of_the_reader(kind: IssueKind) -> bool {
    use IssueKind::{Coerced, InvalidUtf8, Repeated, Truncated, WrongType};
    matches!(kind, WrongType | Coerced | Repeated | InvalidUtf8 | Truncated)
}

fn read_with_issues(bytes: &[u8], read: Read) -> Result<Option<Profile>, Unusable> {
    let mut context = NormalizeContext::new(ProviderId::new(PROVIDER), now());
    let profile = read(bytes, &mut context)?;
    let issues = context.take_issues();
    check_issues(&issues);
    assert!(profile.is_some() || !issues.is_empty(), "no profile, and no reason");
    Ok(profile.map(|mut profile| {
        profile.issues = issues;
        profile
    }))
}

/// An object as serde reads it: another way to a row's members than the adapters have.
pub struct Fields<'a>(HashMap<String, &'a str>);

impl<'a> Fields<'a> {
    /// `None` for what is no object, has a name twice, or a name that cannot be read.
    pub fn of(text: &'a str) -> Option<Self> {
        let mut fields = HashMap::new();
        for (name, value) in members(text)? {
            if fields.insert(serde_json::from_str(name).ok()?, value).is_some() {
                return None;
            }
        }
        Some(Self(fields))
    }

    /// The value as sent.
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).copied()
    }

    /// What a member for text says: a number stands for its digits, and anything else for nothing.
    pub fn text(&self, name: &str) -> Option<String> {
        let raw = self.raw(name)?;
        match raw.as_bytes()[0] {
            b'"' => serde_json::from_str(raw).ok(),
            b'-' | b'0'..=b'9' => Some(raw.to_owned()),
            _ => None,
        }
    }

    /// What a member for text says, where it says something.
    pub fn told(&self, name: &str) -> Option<String> {
        self.text(name).filter(|text| !text.is_empty())
    }

    /// A count as serde takes one, where it is one.
    pub fn count(&self, name: &str) -> Option<u64> {
        serde_json::from_str(self.raw(name)?).ok()
    }

    /// A yes or no.
    pub fn flag(&self, name: &str) -> Option<bool> {
        serde_json::from_str(self.raw(name)?).ok()
    }

    /// A moment.
    pub fn moment(&self, name: &str) -> Option<DateTime<Utc>> {
        time::rfc3339(&self.text(name)?)
    }

    /// The objects in a list; `None` for a member that is no list of objects alone.
    pub fn objects(&self, name: &str) -> Option<Vec<Self>> {
        let rows: Vec<&serde_json::value::RawValue> = serde_json::from_str(self.raw(name)?).ok()?;
        rows.into_iter().map(|row| Fields::of(row.get())).collect()
    }
}

/// Whether the row was read to its end: what a reader gave up on is no mistake of the mapping.
pub fn is_whole(profile: &Profile) -> bool {
    profile.issues.iter().all(|issue| issue.kind != IssueKind::Truncated)
}
