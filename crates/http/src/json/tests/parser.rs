//! The parser of rows that fit, against serde's own.

use std::{collections::BTreeMap, fmt::Debug};

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Number, Value};

use crate::json::{
    Field, Text,
    objects::OfObjects,
    parser::{read_leading, read_whole},
};

/// Something of every kind that rows hold.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Row<'a> {
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow)]
    field: Field<Text<'a>>,
    string: String,
    number: Option<Number>,
    unsigned: Option<u64>,
    signed: Option<i64>,
    small: Option<u8>,
    float: Option<f64>,
    single: Option<f32>,
    flag: Option<bool>,
    character: Option<char>,
    unit: Option<()>,
    pair: Option<(u8, Value)>,
    list: Vec<Value>,
    rows: Vec<Row<'a>>,
    row: Option<Box<Row<'a>>>,
    map: Option<Map<String, Value>>,
    counts: BTreeMap<u16, Wrapped>,
    word: Option<Word>,
    kind: Option<Kind>,
    any: Value,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Wrapped(i16);

/// As an adapter's open enumerations are.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Known,
    #[serde(untagged)]
    Other(String),
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Kind {
    Flag(bool),
    Counted { count: u64 },
    Text(String),
}

/// What serde reads at the beginning of `text`, and where that ends.
fn by_serde<'de, T: Deserialize<'de>>(text: &'de str) -> Option<(T, usize)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    let OfObjects(value) = values.next()?.ok()?;
    Some((value, values.byte_offset()))
}

/// What is read is what serde reads. Whether it was read.
fn agrees<'de, T: Deserialize<'de> + Debug + PartialEq>(text: &'de str) -> bool {
    let read = read_leading::<T>(text);
    if let Some(read) = &read {
        assert_eq!(Some(read), by_serde::<T>(text).as_ref(), "{text}");
    }
    read.is_some()
}

fn both_agree(text: &str) -> bool {
    let as_row = agrees::<Row<'_>>(text);
    let as_value = agrees::<Value>(text);
    as_row || as_value
}

/// What is read by itself, so that it is known to be fast.
#[test]
fn what_vendors_send_is_not_given_up() {
    for text in [
        "{}",
        r#"{"text":"Acme","field":null,"string":"","unsigned":0,"signed":-7,"small":255,"flag":true,"any":[]}"#,
        r#"{"text":"a \"quoted\" \u00fc \ud83d\ude00 \u0026 \/","string":"\\","field":"x"}"#,
        r#"{"text":"Zoë 🦀 and more than eight bytes","number":123456789012345678,"float":30,"unit":null}"#,
        r#"{"float":-0.25,"number":18446744073709551615,"any":1e3,"list":[1,"two",null,{"3":[4]}]}"#,
        "{ \"rows\" : [ {\"text\":\"a\"} , {} ] ,\r\n\t\"row\" : { \"flag\" : false } }",
        r#"{"map":{"a":{"b":[true,false,null]},"":0},"counts":{},"word":"other","kind":{"count":3}}"#,
        r#"{"unknown":{"a":[1,{"b":"\n"}],"c":-1.5e-3},"kind":"text"}"#,
    ] {
        assert!(agrees::<Row<'_>>(text), "{text}");
        assert!(agrees::<Value>(text), "{text}");
        for end in 0..text.len() {
            if let Some(cut) = text.get(..end) {
                assert!(!both_agree(cut), "{cut}");
            }
        }
        let followed = format!("{text},{{\"text\":1}}");
        assert_eq!(read_leading::<Value>(&followed).map(|(_, end)| end), Some(text.len()));
    }
}

#[test]
fn what_is_no_json_is_not_read() {
    for text in [
        "",
        " ",
        "{",
        "{]",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"{,"a":1}"#,
        r#"{"a":1 "b":2}"#,
        r#"{"a":1,,"b":2}"#,
        r"{a:1}",
        r"{'a':1}",
        r#"{"a":[1,]}"#,
        r#"{"a":[,1]}"#,
        r#"{"a":[1 2]}"#,
        r#"{"a":01}"#,
        r#"{"a":-}"#,
        r#"{"a":+1}"#,
        r#"{"a":1.}"#,
        r#"{"a":.5}"#,
        r#"{"a":1e}"#,
        r#"{"a":1-2}"#,
        r#"{"a":1x}"#,
        r#"{"a":0x10}"#,
        r#"{"a":NaN}"#,
        r#"{"a":tru}"#,
        r#"{"a":nul}"#,
        r#"{"a":True}"#,
        r#"{"a":"\x"}"#,
        r#"{"a":"\u12"}"#,
        r#"{"a":"\ud800"}"#,
        r#"{"a":"\"#,
        "{\"a\":\"\n\"}",
        "{\"a\":\"12345678\u{1f}\"}",
        "{\u{a0}\"a\":1}",
        "{\u{c}\"a\":1}",
    ] {
        assert_eq!(read_leading::<Value>(text), None, "{text}");
    }
}

#[test]
fn a_struct_is_read_from_an_object_alone() {
    assert_eq!(read_leading::<Row<'_>>(r#"["Acme"]"#), None);
    assert_eq!(read_leading::<Row<'_>>(r#"{"row":["Acme"]}"#), None);
    assert_eq!(read_leading::<Row<'_>>(r#"{"rows":[[]]}"#), None);
}

#[test]
fn nothing_but_white_space_may_follow_what_is_all() {
    assert_eq!(read_whole::<Value>(" [1] \r\n\t"), Some(Value::from(vec![1])));
    assert_eq!(read_whole::<Value>("[1] 2"), None);
    assert_eq!(read_whole::<Value>("[1]\u{a0}"), None);
    assert_eq!(read_whole::<Value>("[1]\u{c}"), None);
    assert_eq!(read_whole::<Value>("[1]]"), None);
}

#[test]
fn it_goes_as_deep_as_serde_and_no_deeper() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(agrees::<Value>(&nested(127)));
    assert_eq!(read_leading::<Value>(&nested(128)), None);
    assert_eq!(by_serde::<Value>(&nested(128)), None);
    assert_eq!(read_leading::<Value>(&"[".repeat(1 << 20)), None);
    // What was left is not counted any more.
    assert!(agrees::<Value>(&format!("[{}{}]", "[[]],".repeat(200), nested(126))));
}

#[test]
fn a_string_ends_at_its_quote_wherever_that_is() {
    for length in 0..40 {
        for (special, is_read) in
            [("", true), ("\\\"", true), ("\\\\", true), ("é", true), ("\u{1}", false), ("\u{7f}", true)]
        {
            for at in 0..=length {
                let text = format!("\"{}{special}{}\"", "x".repeat(at), "ÿ".repeat(length - at));
                assert_eq!(agrees::<Value>(&text), is_read, "{text}");
            }
        }
    }
}

/// Numbers, words and strings, good and bad.
fn any_leaf() -> impl Strategy<Value = String> {
    let text = prop_oneof!["[ -~]{0,12}", ".{0,6}", r#"(\\["\\/bfnrt]|\\u[0-9a-f]{4}|[a-z é🦀]){0,8}"#];
    prop_oneof![
        4 => text.prop_map(|text| format!("\"{text}\"")),
        2 => "-?[0-9]{1,20}",
        1 => r"-?[0-9]{1,4}(\.[0-9]{0,20})?([eE][+-]?[0-9]{0,3})?",
        2 => prop::sample::select(vec!["null", "true", "false", "{}", "[]", "", "nul", "\"\""]).prop_map(str::to_owned),
    ]
}

fn any_name() -> impl Strategy<Value = String> {
    const NAMES: [&str; 21] = [
        "text",
        "field",
        "string",
        "number",
        "unsigned",
        "signed",
        "small",
        "float",
        "single",
        "flag",
        "character",
        "unit",
        "pair",
        "list",
        "rows",
        "row",
        "map",
        "counts",
        "word",
        "kind",
        "any",
    ];
    prop_oneof![
        8 => prop::sample::select(NAMES.as_slice()).prop_map(|name| format!("\"{name}\"")),
        1 => "[0-9]{1,3}".prop_map(|name| format!("\"{name}\"")),
        1 => any_leaf(),
    ]
}

/// Something that is mostly JSON.
fn any_document() -> impl Strategy<Value = String> {
    let space = || prop_oneof![9 => Just(String::new()), 1 => "[ \n\r\t]{1,2}"];
    let value = any_leaf().prop_recursive(4, 40, 6, move |inner| {
        let member = (any_name(), space(), inner.clone())
            .prop_map(|(name, space, value)| format!("{name}{space}:{space}{value}"));
        let joined = |parts: Vec<String>, space: String| parts.join(&format!("{space},{space}"));
        prop_oneof![
            (prop::collection::vec(member, 0..6), space())
                .prop_map(move |(parts, space)| format!("{{{space}{}{space}}}", joined(parts, space.clone()))),
            (prop::collection::vec(inner, 0..6), space())
                .prop_map(move |(parts, space)| format!("[{space}{}{space}]", joined(parts, space.clone()))),
        ]
    });
    prop::collection::vec((any_name(), value), 0..6).prop_map(|members| {
        let members: Vec<_> = members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        format!("{{{}}}", members.join(","))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_read_is_what_serde_reads(text in any_document()) {
        both_agree(&text);
        // What serde takes as JSON is given up for its depth alone, and for numbers at the end of the text.
        if let Some((value, end)) = by_serde::<Value>(&text) {
            prop_assert_eq!(read_leading::<Value>(&text), Some((value, end)));
        }
    }

    #[test]
    fn nor_does_damage_make_a_difference(text in any_document(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if cut {
            bytes.truncate(at);
        }
        both_agree(&String::from_utf8_lossy(&bytes));
    }
}
