//! A TOML document, read field by field: errors name the field and its place, and never show a value.
//!
//! A value can be a key that somebody wrote into the wrong field, and the parser's own errors print the
//! line that they are about. So only positions and the parser's fixed words are taken from it.

use std::{fmt, time::Duration};

use polyprofile_core::{Error, ErrorKind, ProviderId, Result};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::duration;

/// Where something stands in the text. Both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    column: usize,
}

impl Place {
    pub(super) fn at(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self { line: before.matches('\n').count() + 1, column: line.trim_start_matches('\u{feff}').chars().count() + 1 }
    }

    pub(super) fn error(self, message: impl fmt::Display) -> Error {
        Error::new(ErrorKind::Config, format!("{self}: {message}"))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}", self.line, self.column)
    }
}

/// The whole document as a table.
pub(super) fn root<'a>(text: &'a str, root: &'a Spanned<DeTable<'a>>) -> Section<'a> {
    Section { text, table: root.get_ref(), place: Place { line: 1, column: 1 }, provider: None }
}

/// Reads the text as TOML.
pub(super) fn parse(text: &str) -> Result<Spanned<DeTable<'_>>> {
    DeTable::parse(text).map_err(|problem| {
        let message = format!("this is not TOML: {}", problem.message());
        match problem.span() {
            Some(span) => Place::at(text, span.start).error(message),
            None => Error::new(ErrorKind::Config, message),
        }
    })
}

/// One table, and how its fields are taken out of it.
pub(super) struct Section<'a> {
    text: &'a str,
    table: &'a DeTable<'a>,
    /// Where it begins.
    pub(super) place: Place,
    /// Whose it is, once that is known.
    pub(super) provider: Option<ProviderId>,
}

/// The name of a field as it stands in the text.
type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;

impl<'a> Section<'a> {
    /// Refuses every field whose name is not among `known`. `hint` says of a name why it is not.
    pub(super) fn refuse_others(&self, known: &[&str], hint: impl Fn(&str) -> Option<String>) -> Result<()> {
        let others = self.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref()));
        // The parser sorts by name; who mends a file goes from the top.
        let Some(key) = others.min_by_key(|key| key.span().start) else { return Ok(()) };
        let name = key.get_ref().as_ref();
        if is_named_like_a_secret(name) {
            let message = "a key does not belong in this file: put it into an environment variable or into a file of its \
                           own, and name that with `key_env` or `key_file`";
            return Err(self.error(key, message));
        }
        if let Some(hint) = hint(name) {
            return Err(self.error(key, hint));
        }
        let known = known.join(", ");
        Err(match shown(name) {
            Some(name) => self.error(key, format_args!("`{name}` is no field here: there are {known}")),
            None => self.error(key, format_args!("there is no such field here: there are {known}")),
        })
    }

    /// A field that holds text, and its place.
    pub(super) fn text(&self, name: &str) -> Result<Option<(&'a str, Place)>> {
        let Some((key, value)) = self.entry(name) else { return Ok(None) };
        let DeValue::String(text) = value.get_ref() else {
            return Err(self.wrong_type(key, value, "write it as text, in quotes"));
        };
        if text.trim().is_empty() {
            return Err(self.error(key, format_args!("`{name}` is empty: set it, or remove it")));
        }
        Ok(Some((text, Place::at(self.text, key.span().start))))
    }

    /// A field that holds a whole number from 1 to `most`.
    pub(super) fn number(&self, name: &str, most: u32) -> Result<Option<u32>> {
        let Some((key, value)) = self.entry(name) else { return Ok(None) };
        let advice = format!("write a whole number from 1 to {most}");
        let DeValue::Integer(number) = value.get_ref() else { return Err(self.wrong_type(key, value, &advice)) };
        let number = u32::from_str_radix(number.as_str(), number.radix()).ok();
        match number.filter(|number| (1..=most).contains(number)) {
            Some(number) => Ok(Some(number)),
            None => Err(self.error(key, format_args!("`{name}` is out of range: {advice}"))),
        }
    }

    /// A field that is on or off.
    pub(super) fn boolean(&self, name: &str) -> Result<Option<bool>> {
        let Some((key, value)) = self.entry(name) else { return Ok(None) };
        match value.get_ref() {
            DeValue::Boolean(is_on) => Ok(Some(*is_on)),
            _ => Err(self.wrong_type(key, value, "write true or false, without quotes")),
        }
    }

    /// A field that holds a length of time.
    pub(super) fn duration(&self, name: &str) -> Result<Option<Duration>> {
        let Some((key, value)) = self.entry(name) else { return Ok(None) };
        let DeValue::String(text) = value.get_ref() else {
            return Err(self.wrong_type(key, value, "write a number with its unit as text, such as \"30s\""));
        };
        match duration::parse(text) {
            Ok(duration) => Ok(Some(duration)),
            Err(problem) => Err(self.error(key, format_args!("`{name}` {problem}"))),
        }
    }

    /// A field that holds a list of tables. `form` is how people write it: `[[provider]], with two brackets on each
    /// side`.
    pub(super) fn sections(&self, name: &str, form: &str) -> Result<Vec<Section<'a>>> {
        let Some((key, value)) = self.entry(name) else { return Ok(Vec::new()) };
        let no_list = || self.error(key, format_args!("`{name}` is not a list: write it as {form}"));
        let DeValue::Array(items) = value.get_ref() else { return Err(no_list()) };
        let sections = items.iter().map(|item| match item.get_ref() {
            DeValue::Table(table) => {
                let place = Place::at(self.text, item.span().start);
                Ok(Section { text: self.text, table, place, provider: None })
            }
            _ => Err(no_list()),
        });
        sections.collect()
    }

    /// A table inside this one. `form` is how people write it: `[provider.timeouts]`.
    pub(super) fn section(&self, name: &str, form: &str) -> Result<Option<Section<'a>>> {
        let Some((key, value)) = self.entry(name) else { return Ok(None) };
        let DeValue::Table(table) = value.get_ref() else {
            return Err(self.wrong_type(key, value, &format!("write it as {form}")));
        };
        let place = Place::at(self.text, key.span().start);
        Ok(Some(Section { text: self.text, table, place, provider: self.provider.clone() }))
    }

    /// An error about the table as a whole.
    pub(super) fn error_here(&self, message: impl fmt::Display) -> Error {
        self.of_provider(self.place.error(message))
    }

    /// An error about something inside the table.
    pub(super) fn error_at(&self, place: Place, message: impl fmt::Display) -> Error {
        self.of_provider(place.error(message))
    }

    fn error(&self, key: &Key<'_>, message: impl fmt::Display) -> Error {
        self.error_at(Place::at(self.text, key.span().start), message)
    }

    fn wrong_type(&self, key: &Key<'_>, value: &Spanned<DeValue<'_>>, advice: &str) -> Error {
        let (name, kind) = (key.get_ref(), value.get_ref().type_str());
        self.error(key, format_args!("`{name}` must not be of type {kind}: {advice}"))
    }

    fn of_provider(&self, error: Error) -> Error {
        match &self.provider {
            Some(provider) => error.with_provider(provider.clone()),
            None => error,
        }
    }

    fn entry(&self, name: &str) -> Option<(&'a Key<'a>, &'a Spanned<DeValue<'a>>)> {
        self.table.get_key_value(name)
    }
}

/// A name or word from the file, if it cannot be a key: those are longer than any name of ours, and have digits.
pub(super) fn shown(word: &str) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let limit = if word.bytes().any(|byte| byte.is_ascii_digit()) { 16 } else { 32 };
    (!word.is_empty() && word.len() <= limit && word.bytes().all(is_plain)).then_some(word)
}

fn is_named_like_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["key", "token", "secret", "password", "bearer", "authorization"].into_iter().any(|word| name.contains(word))
}
