//! Finds every field of a row type, nested ones too, by asking the type itself.
//!
//! The adapters' own tests include this file, and compare what it finds with a list under `documents/`. The tests across
//! crates then break every field on that list: none can be forgotten.

use std::{cell::Cell, collections::BTreeMap};

use polyprofile_http::json::{RowType, read_row};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
    value::Error,
};

/// Fields by their JSON pointer, each with the JSON types that it takes without complaint.
pub(crate) type Fields = BTreeMap<String, String>;

/// One value of every JSON type, and of numbers the sorts that types tell apart.
const SAMPLES: [(&str, &str); 8] = [
    ("null", "null"),
    ("boolean", "true"),
    ("count", "1"),
    ("integer", "-1"),
    ("number", "0.5"),
    ("text", "\"x\""),
    ("list", "[]"),
    ("object", "{}"),
];

/// Checks that `list` names every field of these types, and that every row type that `sources` define is among them.
///
/// # Panics
///
/// If not, with the list as it should be.
#[track_caller]
pub(crate) fn check(list: &str, sources: &[&str], types: &BTreeMap<&str, Fields>) {
    for source in sources {
        let named = source.lines().filter_map(|line| line.trim().strip_prefix("impl RowType for "));
        for name in named.filter_map(|rest| rest.split(['<', ' ']).next()) {
            assert!(types.contains_key(name), "{name} is a row type whose fields nobody lists");
        }
    }
    let found = serde_json::to_string_pretty(types).expect("names and texts");
    assert!(list.trim() == found, "the list of fields should be:\n{found}");
}

/// Every field of `R`.
pub(crate) fn of<R: RowType>() -> Fields {
    let mut fields = Fields::new();
    collect::<R>(&mut Vec::new(), &mut fields);
    fields
}

fn collect<R: RowType>(path: &mut Vec<Step>, fields: &mut Fields) {
    let shape = Cell::new(Shape::Leaf);
    // What comes of it says nothing: the probe stops where it was told to look.
    let _ = R::Row::deserialize(Probe { path, shape: &shape });
    match shape.get() {
        Shape::Leaf => {}
        Shape::List => {
            path.push(Step::Element);
            collect::<R>(path, fields);
            path.pop();
        }
        Shape::Struct(names) => {
            for name in names {
                path.push(Step::Member(name));
                fields.insert(pointer(path), accepted::<R>(path));
                collect::<R>(path, fields);
                path.pop();
            }
        }
    }
}

/// The types of JSON that the field at `path` takes as they are.
fn accepted<R: RowType>(path: &[Step]) -> String {
    let takes = |sample: &str| {
        let document = path.iter().rev().fold(sample.to_owned(), |inner, step| match step {
            Step::Member(name) => format!("{{\"{name}\":{inner}}}"),
            Step::Element => format!("[{inner}]"),
        });
        read_row::<R, _>(document.as_bytes(), |_, issues| issues.is_empty()).unwrap_or(false)
    };
    let accepted: Vec<&str> = SAMPLES.into_iter().filter(|(_, sample)| takes(sample)).map(|(name, _)| name).collect();
    accepted.join(" ")
}

fn pointer(path: &[Step]) -> String {
    path.iter().map(|step| if let Step::Member(name) = step { format!("/{name}") } else { "/0".to_owned() }).collect()
}

/// One step into a document.
#[derive(Clone, Copy)]
enum Step {
    Member(&'static str),
    Element,
}

/// What a type asks for at some place.
#[derive(Clone, Copy)]
enum Shape {
    Struct(&'static [&'static str]),
    List,
    Leaf,
}

/// A document that holds nothing but the way to one place, and notes what is asked for there.
struct Probe<'a> {
    path: &'a [Step],
    shape: &'a Cell<Shape>,
}

impl Probe<'_> {
    fn stop<T>(&self, shape: Shape) -> Result<T, Error> {
        self.shape.set(shape);
        Err(Error::custom("found"))
    }
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        self.stop(Shape::Leaf)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.path.is_empty() { self.stop(Shape::Struct(fields)) } else { visitor.visit_map(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.path.is_empty() { self.stop(Shape::List) } else { visitor.visit_seq(self) }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct map enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Probe<'_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        match self.path.first() {
            Some(Step::Member(name)) => seed.deserialize(name.into_deserializer()).map(Some),
            _ => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(Probe { path: &self.path[1..], shape: self.shape })
    }
}

impl<'de> SeqAccess<'de> for Probe<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        seed.deserialize(Probe { path: &self.path[1..], shape: self.shape }).map(Some)
    }
}
