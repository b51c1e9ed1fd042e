//! The parser of rows that fit: what it reads is what serde reads.

#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use polyprofile_http::{
    fuzzing,
    json::{Field, RowType, Text},
};
use serde::Deserialize;
use serde_json::Value;

/// Something of every kind that rows hold, but structs inside, which serde would also read from arrays.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Row<'a> {
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow)]
    field: Field<Text<'a>>,
    unsigned: Option<u64>,
    signed: Option<i64>,
    float: Option<f64>,
    flag: Option<bool>,
    rows: Vec<Value>,
}

impl RowType for Row<'_> {
    type Row<'de> = Row<'de>;
}

/// Any object.
struct Anything;

impl RowType for Anything {
    type Row<'de> = Value;
}

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    agrees::<Row<'_>>(text);
    let is_read = agrees::<Anything>(text);
    // An object is given up only where serde finds fault with it, too.
    assert!(is_read || !text.starts_with('{') || by_serde::<Value>(text).is_none(), "given up");
});

fn agrees<'a, R>(text: &'a str) -> bool
where
    R: RowType,
    R::Row<'a>: Debug + PartialEq,
{
    let read = fuzzing::leading::<R>(text);
    if let Some(read) = &read {
        assert_eq!(Some(read), by_serde::<R::Row<'a>>(text).as_ref());
    }
    read.is_some()
}

/// What serde reads at the beginning of `text`, and where that ends.
fn by_serde<'a, T: Deserialize<'a>>(text: &'a str) -> Option<(T, usize)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    let value = values.next()?.ok()?;
    Some((value, values.byte_offset()))
}
