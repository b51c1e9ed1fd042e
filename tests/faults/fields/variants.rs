//! Sound rows made of the lists of fields alone, and the ways to break them.

use serde_json::{Map, Value, json};

use super::{Fields, Subject, last};

/// One row with one broken field.
pub(super) struct Variant {
    pub(super) field: String,
    pub(super) broken: Broken,
    pub(super) row: Value,
}

/// How a field is broken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Broken {
    Missing,
    Null,
    WrongType,
    /// Its digits are kept.
    NumberForText,
    /// A text, or a number, that is no date.
    OddDate,
    /// A number of the right type that counts nothing.
    OddNumber,
    /// Odd, and of the right type: a word that nobody knows, an empty text, a date at the end of time.
    Odd,
}

/// Stands for a number that this library's own JSON type cannot hold. It is replaced in the text.
pub(super) const PAST_ALL_NUMBERS: &str = "a number past all numbers";
/// The same for one past 64 bits.
pub(super) const PAST_64_BITS: &str = "a number past 64 bits";

/// The text of a row, with the numbers that stand for others in it.
pub(super) fn text_of(row: &Value) -> String {
    row.to_string()
        .replace(&format!("\"{PAST_ALL_NUMBERS}\""), "1e999")
        .replace(&format!("\"{PAST_64_BITS}\""), "340282366920938463463374607431768211456")
}

/// A row in which every field holds something of its own.
pub(super) fn whole(subject: &Subject, fields: &Fields) -> Value {
    let mut row = Value::Object(Map::new());
    for (field, types) in fields {
        if !subject.skips(field) {
            insert(&mut row, field, sound(subject, fields, field, types));
        }
    }
    for (name, value) in subject.constant {
        row[*name] = json!(value);
    }
    row
}

/// A sound value of a field; an object and a list of objects is filled by its own fields.
fn sound(subject: &Subject, fields: &Fields, field: &str, types: &str) -> Value {
    if let Some((_, value)) = subject.values.iter().find(|(name, _)| field == *name || last(field) == *name) {
        return serde_json::from_str(value).expect("a value in JSON");
    }
    let number = 1_000 + fields.keys().position(|other| other == field).unwrap_or_default();
    let types: Vec<&str> = types.split(' ').collect();
    let takes = |name| types.contains(&name);
    let below = format!("{field}/");
    let has_fields = fields.keys().any(|other| other.starts_with(&below));
    match () {
        () if is_date(field) && takes("text") => json!("2025-01-01T12:00:00Z"),
        () if takes("text") => json!(word(field, "text")),
        () if takes("boolean") => json!(true),
        () if takes("count") => json!(number),
        () if takes("list") && has_fields => json!([]),
        () if takes("list") => json!([word(field, "text")]),
        () if has_fields => json!({}),
        () => json!({ "followers_count": number }),
    }
}

/// The same row with another sound value in one field.
pub(super) fn changed(whole: &Value, field: &str) -> Value {
    let other = match whole.pointer(field).unwrap_or(&Value::Null) {
        Value::Bool(value) => json!(!value),
        Value::Number(number) => json!(number.as_u64().unwrap_or_default() + 1),
        Value::String(text) if is_date(field) && text.starts_with("20") => json!("2025-01-02T12:00:00Z"),
        Value::String(_) => json!(word(field, "another")),
        // All of what is in it.
        Value::Array(_) | Value::Object(_) | Value::Null => return without(whole, field),
    };
    with(whole, field, other)
}

/// Every way to break a field.
pub(super) fn all(subject: &Subject, field: &str, types: &str, whole: &Value) -> Vec<Variant> {
    let variant = |(broken, row)| Variant { field: field.to_owned(), broken, row };
    let values = values(subject, field, types).into_iter();
    let values = values.map(|(broken, value)| (broken, with(whole, field, value)));
    [(Broken::Missing, without(whole, field))].into_iter().chain(values).map(variant).collect()
}

fn values(subject: &Subject, field: &str, types: &str) -> Vec<(Broken, Value)> {
    let types: Vec<&str> = types.split(' ').collect();
    let takes = |name| types.contains(&name);
    let is_text_alone = takes("text") && !takes("count");
    let mut values = vec![(Broken::Null, Value::Null)];
    let mut wrong = |is_taken: bool, value: Value| {
        if !is_taken {
            let number = value.is_number() || value == PAST_ALL_NUMBERS || value == PAST_64_BITS;
            let broken = if number && is_text_alone { Broken::NumberForText } else { Broken::WrongType };
            let is_date = broken == Broken::NumberForText && subject.reads_date(field);
            values.push((if is_date { Broken::OddDate } else { broken }, value));
        }
    };
    wrong(takes("boolean"), json!(true));
    wrong(takes("boolean"), json!(false));
    wrong(takes("count"), json!(17));
    wrong(takes("integer"), json!(-1));
    wrong(takes("number"), json!(0.5));
    wrong(takes("text"), json!("unheard-of"));
    wrong(takes("text"), json!(""));
    wrong(takes("list"), json!([]));
    wrong(takes("list"), json!(["unheard-of"]));
    wrong(takes("list"), json!([[]]));
    wrong(takes("object"), json!({}));
    wrong(takes("object"), json!({"unheard": "of"}));
    wrong(false, json!(PAST_ALL_NUMBERS));
    wrong(takes("number"), json!(PAST_64_BITS));
    if takes("text") {
        let broken = if subject.reads_date(field) { Broken::OddDate } else { Broken::Odd };
        values.push((broken, json!("")));
        values.push((broken, json!("unheard-of")));
        values.push((broken, json!("\u{202e}\u{0}../%2f?#\r\n")));
    }
    if takes("text") && is_date(field) {
        let broken = if subject.reads_date(field) { Broken::OddDate } else { Broken::Odd };
        let none = [
            "2025-02-30T00:00:00Z",
            "2025-01-01T12:00:00",
            "2025-01-01",
            "1735732800",
            "1735732800000",
            "10000-01-01T00:00:00Z",
            "-0001-01-01T00:00:00Z",
            "2025-01-01T24:00:00Z",
            "2025-13-01T00:00:00Z",
            "0000-00-00T00:00:00Z",
        ];
        values.extend(none.map(|text| (broken, json!(text))));
        values.extend(["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"].map(|text| (Broken::Odd, json!(text))));
        // Seconds and milliseconds since 1970, as numbers.
        let broken = if subject.reads_date(field) { Broken::OddDate } else { Broken::NumberForText };
        values.extend([json!(1_735_732_800), json!(1_735_732_800_000_u64)].map(|number| (broken, number)));
    }
    if takes("count") {
        let broken = if subject.counts(field) { Broken::OddNumber } else { Broken::Odd };
        values.extend(takes("integer").then_some((broken, json!(-9_007_199_254_740_993_i64))));
        values.extend(takes("number").then_some((broken, json!(-0.25))));
        values.push((Broken::Odd, json!(9_007_199_254_740_993_u64)));
        values.push((Broken::Odd, json!(0)));
    }
    values
}

fn is_date(field: &str) -> bool {
    last(field).ends_with("_at") || last(field).ends_with("At")
}

/// A word of its own for each field.
fn word(field: &str, sort: &str) -> String {
    format!("{sort}{}", field.replace(['/', '_'], "-").to_lowercase())
}

fn insert(row: &mut Value, field: &str, value: Value) {
    let mut place = row;
    let mut parts = field[1..].split('/').peekable();
    while let Some(part) = parts.next() {
        if let (Value::Array(elements), Ok(index)) = (&mut *place, part.parse::<usize>()) {
            if elements.len() <= index {
                elements.push(json!({}));
            }
            place = &mut place[index];
        } else {
            place = &mut place[part];
        }
        if parts.peek().is_none() {
            *place = value;
            return;
        }
    }
}

pub(super) fn with(row: &Value, field: &str, value: Value) -> Value {
    let mut changed = row.clone();
    *changed.pointer_mut(field).expect("the row has the field") = value;
    changed
}

fn without(row: &Value, field: &str) -> Value {
    let mut changed = row.clone();
    let (parent, name) = field.rsplit_once('/').expect("a pointer has a parent");
    let parent = changed.pointer_mut(parent).and_then(Value::as_object_mut).expect("a field is in an object");
    parent.remove(name);
    changed
}
