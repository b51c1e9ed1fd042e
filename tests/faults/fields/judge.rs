//! What has to come of a broken field.

use std::collections::BTreeSet;

use polyprofile::{ErrorKind, IssueKind, Verdict};
use serde_json::Value;

use super::{
    Kept, Outcome, Subject, is_fitting,
    variants::{Broken, Variant, text_of},
};

/// Words of the model's own, which stand where a vendor said nothing that could be understood, or before an excerpt of
/// what it said.
const OWN_WORDS: [&str; 10] = [
    "unknown",
    "unreadable",
    "not_reported",
    "in_days",
    "no_deadline",
    "account",
    "other",
    "boolean",
    "array",
    "object",
];

/// Fields, and places in the model that hang on them besides their own: a day and a month make one date or none, and one
/// field stands in for another.
const TOGETHER: [(&str, &str); 3] = [
    ("/birthdate/", "/connected_platforms/0/person/birthday/"),
    ("/category", "/vendor/business"),
    ("/headline", "/vendor/owner/occupation"),
];

/// An error of what is not as it should be.
pub(super) fn judge(
    subject: &Subject,
    variant: &Variant,
    sound: &Kept,
    places: &BTreeSet<String>,
    outcome: &Outcome,
) -> Result<(), String> {
    let Variant { field, broken, row } = variant;
    let sent = row.pointer(field).map_or_else(|| "nothing".to_owned(), Value::to_string);
    let said = |what: String| format!("{} {field}: {sent} ({broken:?}): {what}", subject.name);
    let names_the_row = subject.names_the_row(field, *broken, row);
    let kept = match outcome {
        Outcome::Kept(kept) => kept,
        Outcome::Refused(ErrorKind::Decode, problem) if names_the_row && problem.contains(field) => return Ok(()),
        Outcome::Refused(kind, problem) => return Err(said(format!("{kind:?}: {problem}"))),
    };
    if names_the_row {
        return Err(said("it was kept although nothing names it".to_owned()));
    }
    issues(subject, variant, kept).map_err(said)?;
    if subject.is_name(field) {
        // It has another name now, and the rest stands.
        return Ok(());
    }
    let (mutated, known) = (text_of(row), texts(&sound.model));
    let is_number = row.pointer(field).is_some_and(Value::is_number);
    for place in differences_of(&sound.model, &kept.model) {
        let here = kept.model.pointer(&place).unwrap_or(&Value::Null);
        let is_less = here.is_null() || is_empty(here);
        let is_its_own = TOGETHER.iter().any(|(one, own)| field.starts_with(one) && place.starts_with(own))
            || places.iter().any(|own| place == *own || place.starts_with(&format!("{own}/")));
        let holds_it = places.iter().any(|own| own.starts_with(&format!("{place}/")));
        if !(is_its_own || holds_it && (is_less || here.is_object() || is_shorter(here, &sound.model, &place))) {
            return Err(said(format!("it changed {place} to {here}")));
        }
        if let Some(invented) = texts(here).into_iter().find(|text| {
            // A moment or a day may be sent as a number.
            !(known.contains(text)
                || is_told(text, &mutated)
                || is_number && (text.ends_with('Z') || text.starts_with("--")))
        }) {
            return Err(said(format!("{invented:?} at {place} was made up")));
        }
    }
    verdicts(subject, variant, kept).map_err(said)
}

/// What the issues have to say: where it is, and what is wrong there.
fn issues(subject: &Subject, variant: &Variant, kept: &Kept) -> Result<(), String> {
    let Variant { field, broken, .. } = variant;
    if !subject.tells_issues {
        return Ok(());
    }
    let at = format!("{}{field}", subject.prefix);
    let below = format!("{at}/");
    let told: Vec<_> = kept.issues.iter().map(|issue| (issue.path.as_str(), issue.kind)).collect();
    let is_due = match broken {
        Broken::Missing | Broken::Null => subject.promises(field, *broken),
        Broken::Odd => return told.iter().all(|(path, _)| *path == at).then_some(()).ok_or(format!("{told:?}")),
        _ => true,
    };
    let fits = |(path, kind): &(&str, IssueKind)| {
        (*path == at && is_fitting(*kind, *broken)) || (path.starts_with(&below) && *kind == IssueKind::Missing)
    };
    // A number that is kept as text may then be no date.
    let is_told = told.iter().any(|(path, kind)| *path == at && is_fitting(*kind, *broken));
    if is_told != is_due || !told.iter().all(fits) {
        return Err(format!("an issue is due: {is_due}; told are {told:?}"));
    }
    Ok(())
}

/// A connection whose state or end is not known is never called healthy.
fn verdicts(subject: &Subject, variant: &Variant, kept: &Kept) -> Result<(), String> {
    let Variant { field, broken, .. } = variant;
    let expiry = kept.model.pointer("/connected_platforms/0/expiry/kind").and_then(Value::as_str);
    let is_broken = |broken: Broken| !matches!(broken, Broken::Missing | Broken::Null | Broken::NumberForText);
    if subject.is_state(field) && kept.verdicts.contains(&Verdict::Healthy) {
        return Err("the connection is called healthy".to_owned());
    }
    if subject.is_end(field) {
        // A date at the end of time is one.
        let is_readable = *broken == Broken::Odd;
        if is_broken(*broken) && !is_readable && expiry != Some("unreadable") {
            return Err(format!("the end is {expiry:?}"));
        }
        if expiry == Some("unreadable") && kept.verdicts.contains(&Verdict::Healthy) {
            return Err("the connection is called healthy, and nobody knows when it ends".to_owned());
        }
        if *broken == Broken::Missing && expiry == Some("no_deadline") {
            return Err("what was not sent reads as no deadline".to_owned());
        }
    }
    Ok(())
}

/// Where `outcome` is not as `sound`.
pub(super) fn differences(sound: &Value, outcome: &Outcome) -> BTreeSet<String> {
    match outcome {
        Outcome::Kept(kept) => differences_of(sound, &kept.model).into_iter().collect(),
        // Without it there is no row.
        Outcome::Refused(..) => BTreeSet::from([String::new()]),
    }
}

fn differences_of(one: &Value, other: &Value) -> Vec<String> {
    fn collect(one: &Value, other: &Value, at: &str, places: &mut Vec<String>) {
        match (one, other) {
            // Another variant of an enum, of which the members say nothing about those of the first.
            (Value::Object(_), Value::Object(_)) if one.get("kind") != other.get("kind") => places.push(at.to_owned()),
            (Value::Object(one), Value::Object(other)) => {
                let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
                for name in names {
                    let [one, other] = [one, other].map(|members| members.get(name).unwrap_or(&Value::Null));
                    collect(one, other, &format!("{at}/{name}"), places);
                }
            }
            (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
                for (index, (one, other)) in one.iter().zip(other).enumerate() {
                    collect(one, other, &format!("{at}/{index}"), places);
                }
            }
            _ if one == other => {}
            _ => places.push(at.to_owned()),
        }
    }
    let mut places = Vec::new();
    collect(one, other, "", &mut places);
    places
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(serde_json::Map::is_empty)
}

fn is_shorter(here: &Value, sound: &Value, place: &str) -> bool {
    let length = |value: &Value| value.as_array().map(Vec::len);
    length(here) < sound.pointer(place).and_then(length)
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(elements) => elements.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Whether each word of a text is the model's own or was sent.
fn is_told(text: &str, sent: &str) -> bool {
    let is_told = |word: &str| OWN_WORDS.contains(&word) || sent.to_lowercase().contains(&word.to_lowercase());
    // A moment is written in one form, whatever it was sent in.
    let is_moment = text.len() >= 20 && text.ends_with('Z') && sent.contains(&text[..10]);
    is_moment || text.split([' ', ',', '\u{0}', '\r', '\n']).all(is_told)
}
