//! What an answer held that could not be understood.

use serde::{Deserialize, Serialize};

/// One thing in a vendor's answer that could not be understood or does not agree with itself.
///
/// The row it was found in is kept with everything else it holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FieldIssue {
    /// Where, as a JSON pointer into the vendor's row, with the vendor's own names: `/expires_at`. Names
    /// stand as they are: no vendor documents one that would need the pointer's escapes.
    pub path: String,
    /// What sort of trouble.
    pub kind: IssueKind,
    /// What was expected, in words.
    pub message: String,
    /// A short excerpt of what was there instead; never a whole value.
    pub found: Option<String>,
}

impl FieldIssue {
    /// Longest excerpt, in characters, that an issue carries.
    pub const EXCERPT: usize = 80;

    /// Describes trouble at `path`.
    pub fn new(path: impl Into<String>, kind: IssueKind, message: impl Into<String>) -> Self {
        Self { path: path.into(), kind, message: message.into(), found: None }
    }

    /// Adds an excerpt of what was there: control characters replaced, cut to [`Self::EXCERPT`]
    /// and then ended with `…`.
    #[must_use]
    pub fn with_found(mut self, found: &str) -> Self {
        self.found = Some(printable_excerpt(found, Self::EXCERPT));
        self
    }
}

impl std::fmt::Display for FieldIssue {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.path, self.message)?;
        match &self.found {
            Some(found) => write!(formatter, ", found {found}"),
            None => Ok(()),
        }
    }
}

/// The sort of a [`FieldIssue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IssueKind {
    /// The document promises the field and it was absent or null.
    Missing,
    /// The value has another JSON type than documented and was dropped.
    WrongType,
    /// The value has the right type and cannot be read, such as a date that is none.
    Unreadable,
    /// The number does not fit what it counts, such as a negative count.
    OutOfRange,
    /// The value was read in spite of its type, such as a numeric id kept as text.
    Coerced,
    /// The same member, or the same row, came more than once; the first one was kept.
    Repeated,
    /// Bytes that are no UTF-8 were replaced.
    InvalidUtf8,
    /// Two values of one answer contradict each other.
    Contradiction,
    /// There was more trouble than is listed.
    Truncated,
}

/// `text` without control and direction-changing characters, cut to `limit` characters.
pub(crate) fn printable_excerpt(text: &str, limit: usize) -> String {
    let mut characters = text.chars().map(|character| if is_unprintable(character) { ' ' } else { character });
    let mut excerpt: String = characters.by_ref().take(limit).collect();
    if characters.next().is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// Characters that could forge a log line or turn a terminal's text around.
fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}
