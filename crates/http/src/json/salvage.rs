//! One row into its type; and when it does not fit, as much of it as does.

use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{objects, parser};

/// How many issues of one row are told.
const MAX_ISSUES: usize = 100;

/// How deep inside a row parts are told apart. What does not fit further in is dropped as a whole.
const MAX_DEPTH: usize = 32;

/// The work that one row may cause, in bytes that are parsed: so many times its own length, ...
const WORK_PER_BYTE: usize = 2 * MAX_DEPTH;
/// ... and so many bytes more, for the many short attempts that a short row takes.
const WORK_PER_ROW: usize = 64 << 10;
/// What an attempt costs beyond the bytes that it parses.
const WORK_PER_ATTEMPT: usize = 64;

/// The longest message and the longest excerpt of an issue, in characters.
const MAX_MESSAGE: usize = 80;
const MAX_FOUND: usize = 80;

/// Reads a row: parses it into `R::Row`, and gives that to `visit` with what had to be left out.
///
/// A row that fits is parsed once, straight from `bytes`, and may borrow from them; its list of issues is empty. Of any
/// other row the parts are tried one by one: what fits is kept, what does not is left out and becomes a
/// [`SalvageIssue`]. The row is then read from a text that lives only for this call, which is why it is given to a
/// closure and not returned.
///
/// What is done to a row that does not fit:
///
/// * Bytes that are not UTF-8 become U+FFFD.
/// * An object or array that does not fit is searched for the members or elements that do, down to a depth of 32.
///   Elements that are left out do not change the index by which issues name the others.
/// * Of a repeated member the first that fits is kept.
/// * A number is kept as text where text was expected.
/// * Anything else is left out, as if it had not been sent.
///
/// The types of the row, and of every object in it, have to accept an object without members: give each field
/// `#[serde(default)]`. An object that is not accepted without members (one tagged by its `type`, for instance) is kept
/// or left out as a whole.
///
/// The work is bounded: the attempts for one row parse at most 64 times its length and 64 KiB, each counted 64 bytes
/// longer than it is. What was not tried by then is left out.
///
/// ```
/// use std::borrow::Cow;
///
/// use polyprofile_http::json::{RowType, SalvageProblem, read_row};
///
/// #[derive(serde::Deserialize)]
/// struct Account<'a> {
///     #[serde(borrow, default)]
///     id: Cow<'a, str>,
///     #[serde(default)]
///     posts: Option<u64>,
/// }
///
/// impl RowType for Account<'_> {
///     type Row<'de> = Account<'de>;
/// }
///
/// # fn main() -> Result<(), polyprofile_http::json::Unusable> {
/// let (id, issues) = read_row::<Account, _>(br#"{"id": "a1", "posts": "many"}"#, |account, issues| {
///     assert_eq!(account.posts, None);
///     (account.id.into_owned(), issues)
/// })?;
///
/// assert_eq!(id, "a1");
/// assert_eq!(issues[0].path, "/posts");
/// assert_eq!(issues[0].problem, SalvageProblem::WrongType);
/// assert_eq!(issues[0].message, "expected u64");
/// assert_eq!(issues[0].found.as_deref(), Some(r#"string "many""#));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Unusable`] when `bytes` are no JSON object at all; or one that cannot be read even without members.
pub fn read_row<R: RowType, Out>(
    bytes: &[u8],
    visit: impl FnOnce(R::Row<'_>, Vec<SalvageIssue>) -> Out,
) -> Result<Out, Unusable> {
    read_row_with::<R, Out>(bytes, visit, |_| ())
}

/// A type of row that may borrow from the text it is read from.
///
/// A type with a lifetime implements this for itself: `impl RowType for Account<'_> { type Row<'de> = Account<'de>; }`.
pub trait RowType {
    /// The row, read from a text that lives for `'de`.
    type Row<'de>: Deserialize<'de>;
}

/// Something in a row that could not be taken as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalvageIssue {
    /// Where it was: a JSON pointer into the row as it was sent, such as `/connectedPlatforms/0/daysUntilExpiry`. Empty
    /// for the row itself.
    pub path: String,
    /// What was wrong, and so what was done.
    pub problem: SalvageProblem,
    /// What was expected, in a few words that repeat nothing of the row.
    pub message: String,
    /// The type and the beginning of what was there instead, at most 80 characters.
    pub found: Option<String>,
}

/// What can be wrong with a part of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SalvageProblem {
    /// The value does not fit its field: left out.
    WrongType,
    /// A number was sent where text was expected: its digits were kept as text.
    NumberKeptAsText,
    /// The member, or another that means the same, came before: left out.
    RepeatedMember,
    /// The text was not UTF-8: the bad bytes were replaced by U+FFFD.
    InvalidUtf8Replaced,
    /// The value does not fit and is nested too deep to look for what does: left out.
    TooDeep,
    /// The row needed too many attempts: what was not tried by then was left out.
    TooMuchWork,
    /// There were more issues than are told. The row was read to its end all the same.
    TooManyIssues,
}

/// Why nothing of a row could be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct Unusable {
    /// What was found instead of a row, in a few words.
    pub message: String,
}

/// Reads the row at the beginning of `text`, if it fits as it is, and says how many bytes it is long.
///
/// `None` says nothing about the row: it may also go on after the end of `text`.
pub(crate) fn read_leading_row<R: RowType>(text: &str) -> Option<(R::Row<'_>, usize)> {
    // As in `read_row`: a row is an object. And of an object alone the end is certain before what follows it is there.
    if !text.starts_with('{') {
        return None;
    }
    parser::read_leading(text)
}

/// [`read_row`], telling how many bytes each parse into the row's type is given.
pub(super) fn read_row_with<R: RowType, Out>(
    bytes: &[u8],
    visit: impl FnOnce(R::Row<'_>, Vec<SalvageIssue>) -> Out,
    parsing: impl Fn(usize),
) -> Result<Out, Unusable> {
    // What is no object needs no attempt.
    if bytes.trim_ascii_start().first() == Some(&b'{') {
        parsing(bytes.len());
        // To check the encoding once for all is a quarter faster than text by text. Where that fails, the bad bytes may
        // still be in members that nobody reads.
        let row = match str::from_utf8(bytes) {
            Ok(text) => parser::read_whole::<R::Row<'_>>(text).or_else(|| objects::from_str(text).ok()),
            Err(_) => objects::from_slice(bytes).ok(),
        };
        if let Some(row) = row {
            return Ok(visit(row, Vec::new()));
        }
    }
    let fits = |text: &str| {
        parsing(text.len());
        objects::from_str::<R::Row<'_>>(text).map(drop)
    };
    let Salvaged { text, issues } = salvage(bytes, &fits)?;
    parsing(text.len());
    match objects::from_str::<R::Row<'_>>(&text) {
        Ok(row) => Ok(visit(row, issues)),
        Err(error) => Err(Unusable { message: expectation(&error) }),
    }
}

/// A row that was rebuilt from the parts that fit.
struct Salvaged {
    text: String,
    issues: Vec<SalvageIssue>,
}

/// Rebuilds a row from its parts that fit.
///
/// Not generic over the type of the row: most of the code here is needed once, whatever the number of types.
#[cold]
fn salvage(bytes: &[u8], fits: &Fits<'_>) -> Result<Salvaged, Unusable> {
    let text = String::from_utf8_lossy(bytes);
    let row: &RawValue = serde_json::from_str(&text)
        .map_err(|error| Unusable { message: format!("not JSON: {}", shorten(&error.to_string(), MAX_MESSAGE)) })?;
    let found = Kind::of(row.get());
    if found != Kind::Object {
        return Err(Unusable { message: format!("expected an object, found {found}") });
    }

    let mut salvager = Salvager {
        fits,
        before: String::new(),
        after: Vec::new(),
        attempt: String::new(),
        path: String::new(),
        work_left: text.len().saturating_mul(WORK_PER_BYTE).saturating_add(WORK_PER_ROW),
        exhausted: false,
        issues: Vec::new(),
        untold: 0,
    };
    salvager.report_replaced(&text, &replaced_places(bytes));
    let mut kept = String::new();
    if salvager.keep(row.get(), &mut kept) {
        Ok(Salvaged { text: kept, issues: salvager.into_issues() })
    } else {
        Err(Unusable { message: "the row cannot be read even without members".to_owned() })
    }
}

/// Whether the row can be read from a text.
type Fits<'a> = dyn Fn(&str) -> Result<(), serde_json::Error> + 'a;

/// Walks through a row and tries its parts.
///
/// A part is tried inside the brackets and names that lead to it and with nothing beside it, so that only the part
/// itself can be what does not fit.
struct Salvager<'a> {
    fits: &'a Fits<'a>,
    /// What stands before the present part: `{"connectedPlatforms":[{"daysUntilExpiry":`.
    before: String,
    /// The brackets that close it, the last one first: `}]}`.
    after: Vec<char>,
    /// Room for the text of an attempt.
    attempt: String,
    /// The JSON pointer to the present part.
    path: String,
    /// How many bytes may still be parsed.
    work_left: usize,
    exhausted: bool,
    issues: Vec<SalvageIssue>,
    /// Issues beyond those that are told.
    untold: usize,
}

/// Why an attempt gave nothing.
enum Misfit {
    Wrong(serde_json::Error),
    OutOfWork,
}

impl Salvager<'_> {
    /// Appends to `out` what can be kept of a part. `false`: nothing can, and nothing was appended.
    fn keep(&mut self, part: &str, out: &mut String) -> bool {
        let attempted = self.attempt(part);
        self.keep_attempted(part, attempted, out)
    }

    /// [`keep`](Self::keep) for a part that was tried as a whole.
    fn keep_attempted(&mut self, part: &str, attempted: Result<(), Misfit>, out: &mut String) -> bool {
        let error = match attempted {
            Ok(()) => {
                out.push_str(part);
                return true;
            }
            Err(Misfit::Wrong(error)) => error,
            Err(Misfit::OutOfWork) => return false,
        };
        match Kind::of(part) {
            Kind::Number => {
                let text = format!("\"{part}\"");
                if self.attempt(&text).is_ok() {
                    out.push_str(&text);
                    self.report(SalvageProblem::NumberKeptAsText, Some(part), || expectation(&error));
                    return true;
                }
            }
            // Where an empty object or array fits, so may some of what is in this one. Where it does not, nothing can.
            Kind::Object if self.attempt("{}").is_ok() => return self.keep_members(part, out),
            Kind::Array if self.attempt("[]").is_ok() => return self.keep_elements(part, out),
            _ => {}
        }
        if !self.exhausted {
            self.report(SalvageProblem::WrongType, Some(part), || expectation(&error));
        }
        false
    }

    /// [`keep`](Self::keep) for an object of which an empty one would fit.
    fn keep_members(&mut self, object: &str, out: &mut String) -> bool {
        let Some(Members(members)) = self.split(object) else {
            return false;
        };
        // Every member is tried as a whole before any is searched, so that none which fits is lost to the work for
        // another.
        let mut attempts = Vec::with_capacity(members.len());
        for (name, value) in &members {
            let outside = self.enter_member(name, "");
            attempts.push(self.attempt(value));
            self.leave(outside);
        }
        let mut taken = HashSet::new();
        let mut kept = Vec::new();
        for ((name, value), attempted) in members.into_iter().zip(attempts) {
            let key = decoded(name);
            let outside = self.enter_member(name, &key);
            let mut text = format!("{name}:");
            if taken.contains(&key) {
                self.report(SalvageProblem::RepeatedMember, Some(value), || "this member came before".to_owned());
            } else if self.keep_attempted(value, attempted, &mut text) {
                taken.insert(key);
                kept.push((name, text));
            }
            self.leave(outside);
        }

        let whole = joined(kept.iter().map(|(_, text)| text.as_str()));
        if let Err(Misfit::Wrong(_)) = self.attempt(&whole) {
            let agreeing = self.agreeing(&kept);
            out.push_str(&agreeing);
        } else {
            out.push_str(&whole);
        }
        true
    }

    /// An object of those members that fit together, where each fits by itself: two names may stand for the same field.
    fn agreeing(&mut self, members: &[(&str, String)]) -> String {
        let mut agreeing: Vec<&str> = Vec::new();
        for (name, text) in members {
            agreeing.push(text);
            match self.attempt(&joined(agreeing.iter().copied())) {
                Ok(()) => continue,
                Err(Misfit::Wrong(error)) => {
                    let outside = self.enter_member(name, &decoded(name));
                    self.report(SalvageProblem::RepeatedMember, None, || expectation(&error));
                    self.leave(outside);
                }
                Err(Misfit::OutOfWork) => {}
            }
            agreeing.pop();
            if self.exhausted {
                break;
            }
        }
        joined(agreeing)
    }

    /// [`keep`](Self::keep) for an array of which an empty one would fit.
    fn keep_elements(&mut self, array: &str, out: &mut String) -> bool {
        let Some(Elements(elements)) = self.split(array) else {
            return false;
        };
        out.push('[');
        let mut first = true;
        for (index, element) in elements.into_iter().enumerate() {
            if self.exhausted {
                break;
            }
            let before_element = out.len();
            if !first {
                out.push(',');
            }
            let outside = self.enter_element(index);
            if self.keep(element, out) {
                first = false;
            } else {
                out.truncate(before_element);
            }
            self.leave(outside);
        }
        out.push(']');
        true
    }

    /// Tries the row with nothing in it but this text, at the present place.
    fn attempt(&mut self, part: &str) -> Result<(), Misfit> {
        if !self.afford(self.before.len() + part.len() + self.after.len() + WORK_PER_ATTEMPT) {
            return Err(Misfit::OutOfWork);
        }
        self.attempt.clear();
        self.attempt.push_str(&self.before);
        self.attempt.push_str(part);
        self.attempt.extend(self.after.iter().rev());
        (self.fits)(&self.attempt).map_err(Misfit::Wrong)
    }

    /// Takes an object or array apart. `None`, with the reason reported: it cannot be done at this place.
    fn split<'de, T: Deserialize<'de>>(&mut self, container: &'de str) -> Option<T> {
        if self.after.len() >= MAX_DEPTH {
            self.report(SalvageProblem::TooDeep, Some(container), || format!("nested deeper than {MAX_DEPTH}"));
            return None;
        }
        if !self.afford(container.len()) {
            return None;
        }
        // The whole row was found to be JSON before its parts are looked at.
        serde_json::from_str(container).ok()
    }

    /// Pays for work. Once something could not be paid, nothing can: what is left out is then all that follows.
    fn afford(&mut self, cost: usize) -> bool {
        match self.work_left.checked_sub(cost) {
            Some(left) if !self.exhausted => self.work_left = left,
            _ => self.exhausted = true,
        }
        !self.exhausted
    }

    /// Goes into a member of the present part. `name` is as sent, `key` is what it says.
    fn enter_member(&mut self, name: &str, key: &str) -> Outside {
        let outside = self.outside();
        self.before.push('{');
        self.before.push_str(name);
        self.before.push(':');
        self.after.push('}');
        self.path.push('/');
        self.path.push_str(&shorten(key, MAX_FOUND).replace('~', "~0").replace('/', "~1"));
        outside
    }

    /// Goes into an element of the present part.
    fn enter_element(&mut self, index: usize) -> Outside {
        let outside = self.outside();
        self.before.push('[');
        self.after.push(']');
        self.path.push('/');
        self.path.push_str(&index.to_string());
        outside
    }

    fn outside(&self) -> Outside {
        Outside { before: self.before.len(), path: self.path.len() }
    }

    /// Goes back to where a member or an element was entered.
    fn leave(&mut self, outside: Outside) {
        self.before.truncate(outside.before);
        self.path.truncate(outside.path);
        self.after.pop();
    }

    /// Reports each text that was not UTF-8, given the places in `part` where bytes were replaced, in order.
    ///
    /// It only goes where such places are, and not deeper than [`MAX_DEPTH`]; so it needs no other bound.
    fn report_replaced(&mut self, part: &str, places: &[usize]) {
        if places.is_empty() {
            return;
        }
        let kind = if self.after.len() < MAX_DEPTH { Kind::of(part) } else { Kind::String };
        if kind == Kind::Object
            && let Ok(Members(members)) = serde_json::from_str(part)
        {
            for (name, value) in members {
                let in_value = places_in(value, part, places);
                let in_name = places_in(name, part, places);
                let outside = self.enter_member(name, &decoded(name));
                if !in_name.is_empty() {
                    self.report_text_replaced(name);
                }
                self.report_replaced(value, &in_value);
                self.leave(outside);
            }
        } else if kind == Kind::Array
            && let Ok(Elements(elements)) = serde_json::from_str(part)
        {
            for (index, element) in elements.into_iter().enumerate() {
                let outside = self.enter_element(index);
                self.report_replaced(element, &places_in(element, part, places));
                self.leave(outside);
            }
        } else {
            self.report_text_replaced(part);
        }
    }

    fn report_text_replaced(&mut self, text: &str) {
        self.report(SalvageProblem::InvalidUtf8Replaced, Some(text), || "expected UTF-8".to_owned());
    }

    /// Notes an issue of the present part.
    fn report(&mut self, problem: SalvageProblem, found: Option<&str>, message: impl FnOnce() -> String) {
        if self.issues.len() == MAX_ISSUES {
            self.untold += 1;
            return;
        }
        let found = found.map(excerpt);
        self.issues.push(SalvageIssue { path: self.path.clone(), problem, message: message(), found });
    }

    /// The issues that are told, and a last word on those that are not.
    fn into_issues(mut self) -> Vec<SalvageIssue> {
        let mut close = |problem, message| {
            self.issues.push(SalvageIssue { path: String::new(), problem, message, found: None });
        };
        if self.exhausted {
            close(SalvageProblem::TooMuchWork, "what was not tried in time was left out".to_owned());
        }
        if self.untold > 0 {
            close(SalvageProblem::TooManyIssues, format!("{} more issues", self.untold));
        }
        self.issues
    }
}

/// Where a [`Salvager`] was before it entered a part.
#[derive(Clone, Copy)]
struct Outside {
    before: usize,
    path: usize,
}

/// The members of an object: names and values as they were sent, in that order and with every repetition.
struct Members<'a>(Vec<(&'a str, &'a str)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                // Names are left raw too: one with a bad escape must not cost the others.
                while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    members.push((name.get(), value.get()));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

/// The elements of an array, as they were sent.
struct Elements<'a>(Vec<&'a str>);

impl<'de> Deserialize<'de> for Elements<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let elements = Vec::<&RawValue>::deserialize(deserializer)?;
        Ok(Self(elements.into_iter().map(RawValue::get).collect()))
    }
}

/// The type of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}

impl Kind {
    /// The type of a value that is known to be JSON.
    fn of(json: &str) -> Self {
        match json.trim_ascii_start().as_bytes().first() {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::Array,
            Some(b'"') => Self::String,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'n') => Self::Null,
            _ => Self::Number,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Object => "object",
            Self::Array => "array",
            Self::String => "string",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Null => "null",
        })
    }
}

/// Where [`String::from_utf8_lossy`] put replacements for bad bytes: offsets into its text.
fn replaced_places(bytes: &[u8]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut length = 0;
    for chunk in bytes.utf8_chunks() {
        length += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            places.push(length);
            length += char::REPLACEMENT_CHARACTER.len_utf8();
        }
    }
    places
}

/// Those of the places in `part` that are in `child`, which is a piece of it; counted from the beginning of `child`.
fn places_in(child: &str, part: &str, places: &[usize]) -> Vec<usize> {
    let start = child.as_ptr().addr() - part.as_ptr().addr();
    let first = places.partition_point(|place| *place < start);
    let end = places.partition_point(|place| *place < start + child.len());
    places[first..end].iter().map(|place| place - start).collect()
}

/// What a member's name says; a name that says nothing, because of a bad escape, stands for itself.
fn decoded(name: &str) -> String {
    serde_json::from_str(name).unwrap_or_else(|_| name.to_owned())
}

/// An object of members, each written as `"name":value`.
fn joined<'a>(members: impl IntoIterator<Item = &'a str>) -> String {
    let mut object = String::from("{");
    for member in members {
        if object.len() > 1 {
            object.push(',');
        }
        object.push_str(member);
    }
    object.push('}');
    object
}

/// What serde expected, without where (it counts in the text of an attempt) and without what it found (which may be
/// long).
fn expectation(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rfind(" at line ").map_or(text.as_str(), |end| &text[..end]);
    let text = text.rfind("expected ").map_or(text, |start| &text[start..]);
    shorten(text, MAX_MESSAGE)
}

/// The type of a value and its beginning.
fn excerpt(json: &str) -> String {
    match Kind::of(json) {
        Kind::Null => "null".to_owned(),
        kind => shorten(&format!("{kind} {}", shorten(json, MAX_FOUND)), MAX_FOUND),
    }
}

/// At most so many characters of a text, on one line.
fn shorten(text: &str, most: usize) -> String {
    let one_line = |character: char| if character.is_control() { ' ' } else { character };
    match text.char_indices().nth(most) {
        None => text.chars().map(one_line).collect(),
        Some(_) => text.chars().take(most - 1).map(one_line).chain(['…']).collect(),
    }
}
