//! The lexer: every document in every chunking, every truncation, and against `serde_json` as the judge.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::json::{Envelope, Item, ItemLexer, LexError, LexerLimits, Tail};

const ENVELOPE: Envelope = Envelope { items: &["data", "profiles"], keep: &["cursor", "total"] };

/// What a document comes to: its items, an oversized one as its length and head, and the end.
#[derive(Clone, Debug, PartialEq)]
struct Reading {
    items: Vec<Given>,
    end: Result<Tail, LexError>,
}

#[derive(Clone, Debug, PartialEq)]
enum Given {
    Row(Vec<u8>),
    Oversized(u64, Vec<u8>),
}

fn read_chunks<'a>(chunks: impl IntoIterator<Item = &'a [u8]>, limits: LexerLimits) -> Reading {
    let mut lexer = ItemLexer::new(&ENVELOPE, limits);
    let mut items = Vec::new();
    let read = || {
        for mut chunk in chunks {
            while let Some(item) = lexer.next_item(&mut chunk)? {
                items.push(match item {
                    Item::Row(row) => Given::Row(row.to_vec()),
                    Item::Oversized { bytes, head } => Given::Oversized(bytes, head.to_vec()),
                });
            }
            assert!(chunk.is_empty(), "no more items, and {} bytes are left", chunk.len());
        }
        lexer.finish()
    };
    let end = read();
    assert_eq!(lexer.items_seen(), items.len() as u64);
    if let Err(error) = &end {
        assert_eq!(lexer.next_item(&mut b"[]".as_slice()).as_ref(), Err(error), "an error is final");
        assert_eq!(lexer.finish().as_ref(), Err(error), "an error is final");
    }
    Reading { items, end }
}

/// Reads a document whole, and checks that any chunk size gives the same.
fn read_within(document: &[u8], limits: LexerLimits) -> Reading {
    let whole = read_chunks([document], limits);
    for size in 1..=document.len() {
        assert_eq!(read_chunks(document.chunks(size), limits), whole, "chunks of {size}");
    }
    for split in 0..=document.len() {
        let (head, tail) = document.split_at(split);
        assert_eq!(read_chunks([head, b"", tail], limits), whole, "split at {split}");
    }
    whole
}

fn read(document: impl AsRef<[u8]>) -> Reading {
    read_within(document.as_ref(), LexerLimits::default())
}

fn rows(document: impl AsRef<[u8]>) -> Vec<String> {
    let reading = read(document);
    reading.end.expect("a complete document");
    let text = |given| match given {
        Given::Row(row) => String::from_utf8(row).expect("UTF-8"),
        Given::Oversized(..) => panic!("oversized"),
    };
    reading.items.into_iter().map(text).collect()
}

fn error(document: impl AsRef<[u8]>) -> LexError {
    read(document).end.expect_err("a document that is refused")
}

fn syntax(offset: u64, expected: &'static str) -> LexError {
    LexError::Syntax { offset, expected }
}

/// Documents that are lists, with the items that they hold.
fn lists() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        (r#"{"data":[]}"#, vec![]),
        (r#"{"data":[{}]}"#, vec!["{}"]),
        (r#"{"profiles":[{"id":"a"},{"id":"b"}]}"#, vec![r#"{"id":"a"}"#, r#"{"id":"b"}"#]),
        (
            " \r\n\t{ \"x\" : 1 ,\t\"data\" : [ {\"id\" : 1} , [ 2 ] ,\n3 ] , \"cursor\" : \"c\" } \n",
            vec![r#"{"id" : 1}"#, "[ 2 ]", "3"],
        ),
        (r#"{"meta":{"data":[1]},"data":[2]}"#, vec!["2"]),
        (r#"{"meta":[{"data":[1]}],"data":[2],"after":{"data":[3]}}"#, vec!["2"]),
        (r#"{"d\u0061ta":[1]}"#, vec!["1"]),
        (r#"{"\u0064\u0061\u0074\u0061":[1]}"#, vec!["1"]),
        (r#"{"\u0070\u0072\u006f\u0066\u0069\u006c\u0065\u0073":[1]}"#, vec!["1"]),
        (r#"{"dat":[1],"dataa":[2],"Data":[3],"data":[4]}"#, vec!["4"]),
        (r#"{"data":[1],"profiles":[2]}"#, vec!["1"]),
        (r#"{"profiles":[2],"data":null}"#, vec!["2"]),
        (
            r#"{"data":["]}","[{",{"a":"}]\"]}"},"\\","\\\"","\\\\\\",""]}"#,
            vec![r#""]}""#, r#""[{""#, r#"{"a":"}]\"]}"}"#, r#""\\""#, r#""\\\"""#, r#""\\\\\\""#, r#""""#],
        ),
        (
            r#"{"data":[1,-2.5e+10,true,false,null,"x",[],{}]}"#,
            vec!["1", "-2.5e+10", "true", "false", "null", r#""x""#, "[]", "{}"],
        ),
        (r#"{"data":[{"name":"Łukasz 🦀 Żółć"}]}"#, vec![r#"{"name":"Łukasz 🦀 Żółć"}"#]),
        (r#"{"data":[[[[[[]]]],[[]]]]}"#, vec!["[[[[[]]]],[[]]]"]),
        (r#"{"cursor":"before","data":[1],"total":12}"#, vec!["1"]),
        (r#"{"":0,"data":[1],"a\"b\\":{"c":"\\"}}"#, vec!["1"]),
        ("\u{feff}{\"data\":[1]}", vec!["1"]),
    ]
}

#[test]
fn a_list_is_cut_into_its_items_whatever_the_chunks() {
    for (document, items) in lists() {
        assert_eq!(rows(document), items, "{document}");
    }
}

#[test]
fn a_list_that_is_cut_short_never_ends_as_complete() {
    for (document, _) in lists() {
        // Blanks after the document belong to no part of it.
        let document = document.trim_end().as_bytes();
        for length in 0..document.len() {
            let cut = &document[..length];
            let blank = cut.strip_prefix("\u{feff}".as_bytes()).unwrap_or(cut).trim_ascii().is_empty();
            let expected = if blank { LexError::Empty } else { LexError::Truncated };
            for size in [1, 2, 3, 7, document.len()] {
                let reading = read_chunks(cut.chunks(size), LexerLimits::default());
                assert_eq!(reading.end, Err(expected.clone()), "{}", String::from_utf8_lossy(cut));
            }
        }
    }
}

#[test]
fn the_items_of_a_list_that_is_cut_short_are_those_that_were_complete() {
    let document = br#"{"data":[{"id":1},{"id":2},33,44]}"#;
    let whole = read(document).items;
    for length in 0..document.len() {
        let items = read(&document[..length]).items;
        assert_eq!(items, whole[..items.len()], "{length}");
    }
    assert_eq!(read(br#"{"data":[1,2"#).items.len(), 1, "the 2 may be the beginning of 23");
}

#[test]
fn an_item_within_a_chunk_is_a_slice_of_it() {
    let body = br#"{"data":[{"id":1},22]}"#.as_slice();
    let mut lexer = ItemLexer::new(&ENVELOPE, LexerLimits::default());
    let mut chunk = body;
    while let Some(Item::Row(row)) = lexer.next_item(&mut chunk).expect("a list") {
        assert!(body.as_ptr_range().contains(&row.as_ptr()));
    }
    assert_eq!(lexer.items_seen(), 2);
}

#[test]
fn kept_members_come_back_raw() {
    let tail = read(r#"{"total": 3 ,"data":[1],"x":[{}],"cursor":{"a": ["]","\u0041"]}}"#).end.expect("a document");
    assert_eq!(tail.get("total"), Some("3"));
    assert_eq!(tail.get("cursor"), Some(r#"{"a": ["]","\u0041"]}"#));
    assert_eq!(tail.get("x"), None);
    assert_eq!(read(r#"{"data":[]}"#).end.expect("a document").get("cursor"), None);
}

#[test]
fn of_a_repeated_kept_member_the_first_counts() {
    let tail = read(r#"{"cursor":"one","data":[],"cursor":"two"}"#).end.expect("a document");
    assert_eq!(tail.get("cursor"), Some(r#""one""#));
    // The later ones are not held at all, so that repetition costs no memory.
    let limits = LexerLimits { kept: 5, ..LexerLimits::default() };
    assert!(read_within(br#"{"cursor":"one","data":[],"cursor":"far too long"}"#, limits).end.is_ok());
}

#[test]
fn a_tail_is_given_once() {
    let mut lexer = ItemLexer::new(&ENVELOPE, LexerLimits::default());
    lexer.next_item(&mut br#"{"data":[],"total":0}"#.as_slice()).expect("a list");
    assert_eq!(lexer.finish().expect("complete").get("total"), Some("0"));
    assert_eq!(lexer.finish(), Ok(Tail::default()));
}

#[test]
fn a_kept_member_has_to_be_json_and_utf8() {
    assert_eq!(error(r#"{"cursor":[1}]}"#), syntax(12, "`]`"));
    assert_eq!(error(r#"{"cursor":{1},"data":[]}"#), syntax(10, "a JSON value"));
    assert_eq!(error(r#"{"cursor":nul,"data":[]}"#), syntax(10, "a JSON value"));
    assert_eq!(error(b"{\"cursor\":\"\xff\",\"data\":[]}"), syntax(10, "a JSON value"));
}

#[test]
fn a_kept_member_has_its_limit() {
    let limits = LexerLimits { kept: 6, ..LexerLimits::default() };
    assert!(read_within(br#"{"cursor":"1234","data":[]}"#, limits).end.is_ok());
    assert_eq!(
        read_within(br#"{"cursor":"12345","data":[]}"#, limits).end,
        Err(LexError::KeptTooLarge { name: "cursor" })
    );
    assert_eq!(read_within(br#"{"cursor":[12345}"#, limits).end, Err(syntax(16, "`]`")));
    assert_eq!(read_within(br#"{"cursor":[123456}"#, limits).end, Err(LexError::KeptTooLarge { name: "cursor" }));
}

#[test]
fn an_oversized_item_costs_only_itself() {
    let limits = LexerLimits { item: 8, ..LexerLimits::default() };
    let reading = read_within(br#"{"data":[{"id":1},{"id":12},123456789,[1,2,3]]}"#, limits);
    assert_eq!(
        reading.items,
        [
            Given::Row(br#"{"id":1}"#.to_vec()),
            Given::Oversized(9, br#"{"id":12}"#.to_vec()),
            Given::Oversized(9, b"123456789".to_vec()),
            Given::Row(b"[1,2,3]".to_vec()),
        ]
    );
    assert!(reading.end.is_ok());
}

#[test]
fn of_an_oversized_item_the_head_is_shown() {
    let limits = LexerLimits { item: 300, ..LexerLimits::default() };
    let item = format!(r#"{{"id":"{}"}}"#, "x".repeat(1000));
    let document = format!(r#"{{"data":[{item},1]}}"#);
    for size in [1, 99, 255, 256, 257, 301, 5000] {
        let reading = read_chunks(document.as_bytes().chunks(size), limits);
        let head = item.as_bytes()[..256].to_vec();
        assert_eq!(reading.items, [Given::Oversized(item.len() as u64, head), Given::Row(b"1".to_vec())]);
    }
}

#[test]
fn what_is_no_list_is_named() {
    let not_an_object = |found| LexError::NotAnObject { found };
    let list_is_not = |found| LexError::ListIsNot { found };
    let missing = LexError::MissingList { expected: ENVELOPE.items };
    for (document, expected) in [
        ("", LexError::Empty),
        (" \r\n\t", LexError::Empty),
        ("\u{feff}", LexError::Empty),
        ("<!DOCTYPE html><html>", LexError::Html),
        ("\n <html>", LexError::Html),
        ("[]", not_an_object("an array")),
        ("[{\"data\":[]}]", not_an_object("an array")),
        ("\"data\"", not_an_object("a string")),
        ("0", not_an_object("a number")),
        ("-1", not_an_object("a number")),
        ("null", not_an_object("null")),
        ("true", not_an_object("a boolean")),
        (" false", not_an_object("a boolean")),
        ("nul", LexError::Truncated),
        ("not found", syntax(1, "a JSON object")),
        ("OK", syntax(0, "a JSON object")),
        ("callback({})", syntax(0, "a JSON object")),
        ("{}", missing.clone()),
        (" { } ", missing.clone()),
        (r#"{"error":"x"}"#, missing.clone()),
        (r#"{"error":{"data":[]}}"#, missing),
        (r#"{"data":null}"#, list_is_not("null")),
        (r#"{"data":{"data":[]}}"#, list_is_not("an object")),
        (r#"{"data":"[]"}"#, list_is_not("a string")),
        (r#"{"data":0}"#, list_is_not("a number")),
        (r#"{"data":false}"#, list_is_not("a boolean")),
        (r#"{"data":undefined}"#, list_is_not("a bare word")),
        (r#"{"data":[],"data":[]}"#, LexError::RepeatedList),
        (r#"{"data":[],"x":1,"d\u0061ta":null}"#, LexError::RepeatedList),
    ] {
        assert_eq!(error(document), expected, "{document}");
    }
}

#[test]
fn other_encodings_are_named() {
    let utf16 = |text: &str, to_bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
    for text in ["\u{feff}{\"data\":[]}", "{\"data\":[]}", " \n{}"] {
        assert_eq!(error(utf16(text, u16::to_le_bytes)), LexError::NotUtf8Text, "{text}");
        assert_eq!(error(utf16(text, u16::to_be_bytes)), LexError::NotUtf8Text, "{text}");
    }
    assert_eq!(error(b"\xef\xbb{}"), syntax(2, "a JSON object"));
    assert_eq!(error(b" \xef\xbb\xbf{}"), syntax(1, "a JSON object"));
    assert_eq!(error(b"\xef\xbb\xbf\xef\xbb\xbf{}"), syntax(3, "a JSON object"));
}

#[test]
fn the_outermost_object_and_the_list_are_strict() {
    for (document, offset, expected) in [
        ("{,}", 1, "a member's name or `}`"),
        ("{data:[]}", 1, "a member's name or `}`"),
        (r#"{"data"[]}"#, 7, "`:`"),
        (r#"{"data",[]}"#, 7, "`:`"),
        (r#"{"data":}"#, 8, "a JSON value"),
        (r#"{"x":}"#, 5, "a JSON value"),
        (r#"{"x":,"data":[]}"#, 5, "a JSON value"),
        (r#"{"x":'a',"data":[]}"#, 5, "a JSON value"),
        (r#"{"x":NaN,"data":[]}"#, 5, "a JSON value"),
        (r#"{"x": 01,"data":[]}"#, 6, "a JSON value"),
        (r#"{"x":{"y":[]],"data":[]}"#, 12, "`}`"),
        (r#"{"x":[1}"#, 7, "`]`"),
        (r#"{"data":[]"x":1}"#, 10, "`,` or `}`"),
        (r#"{"data":[]]}"#, 10, "`,` or `}`"),
        (r#"{"data":[],}"#, 11, "a member's name"),
        (r#"{"data":[],,"x":1}"#, 11, "a member's name"),
        (r#"{"x":1 2}"#, 7, "`,` or `}`"),
        (r#"{"data":[,1]}"#, 9, "an item or `]`"),
        (r#"{"data":[1,]}"#, 11, "an item"),
        (r#"{"data":[1,,2]}"#, 11, "an item"),
        (r#"{"data":[1 2]}"#, 11, "`,` or `]`"),
        (r#"{"data":[{}{}]}"#, 11, "`,` or `]`"),
        (r#"{"data":[1"a,b"]}"#, 10, "`,` or `]`"),
        (r#"{"data":[{}}"#, 11, "`,` or `]`"),
        (r#"{"data":[{"a":1]}"#, 15, "`}`"),
        (r#"{"data":[[1}]}"#, 11, "`]`"),
        (r#"{"data":[:]}"#, 9, "an item or `]`"),
    ] {
        assert_eq!(error(document), syntax(offset, expected), "{document}");
    }
    for (document, offset) in
        [(r#"{"data":[]} x"#, 12), (r#"{"data":[]}{"data":[]}"#, 11), ("{},", 2), (r#"{"data":[]}]"#, 11)]
    {
        assert_eq!(error(document), LexError::TrailingData { offset }, "{document}");
    }
}

#[test]
fn what_is_broken_inside_an_item_is_left_to_its_parser() {
    assert_eq!(rows(r#"{"data":[{"a":[{1]}},NaN,{a:1},{"id":2}]}"#).len(), 4);
}

#[test]
fn a_name_that_cannot_be_read_is_none_of_ours() {
    assert_eq!(rows(br#"{"\ud800":[1],"\q":2,"data":[3]}"#), ["3"]);
    assert_eq!(rows(b"{\"da\xffta\":[1],\"data\":[2]}"), ["2"]);
    let long = format!(r#"{{"data{}":[1],"data":[2]}}"#, "x".repeat(300));
    assert_eq!(rows(long), ["2"]);
}

#[test]
fn deep_nesting_needs_no_stack() {
    let deep = format!("{}{}", "[".repeat(2_000_000), "]".repeat(2_000_000));
    let document = format!(r#"{{"x":{deep},"data":[{deep},1]}}"#);
    let reading = read_chunks(document.as_bytes().chunks(4096), LexerLimits::default());
    assert_eq!(reading.items.len(), 2);
    assert!(reading.end.is_ok());
}

/// A buffer that grows with each piece would copy the item again and again: its capacity shows how often it grew.
#[test]
fn an_item_in_many_pieces_is_put_together_in_linear_work() {
    let item = format!("\"{}\"", "x".repeat((1 << 20) - 2));
    let document = format!(r#"{{"data":[{item}]}}"#);
    let limits = LexerLimits::default();
    let mut lexer = ItemLexer::new(&ENVELOPE, limits);
    let (mut copied, mut capacity, mut found) = (0, 0, 0);
    for mut chunk in document.as_bytes().chunks(100) {
        while let Some(row) = lexer.next_item(&mut chunk).expect("a list") {
            assert_eq!(row, Item::Row(item.as_bytes()));
            found += 1;
        }
        if lexer.buffer_capacity() != capacity {
            copied += capacity;
            capacity = lexer.buffer_capacity();
        }
    }
    assert_eq!(found, 1);
    assert!(copied <= 2 * item.len(), "{copied} bytes were moved");
    assert!(capacity <= 2 * limits.item, "{capacity} bytes are held");
}

#[test]
fn an_endless_item_is_not_held() {
    let mut lexer = ItemLexer::new(&ENVELOPE, LexerLimits { item: 1000, kept: 10 });
    lexer.next_item(&mut br#"{"data":[""#.as_slice()).expect("a list");
    for _ in 0..1000 {
        assert_eq!(lexer.next_item(&mut [b'x'; 1000].as_slice()), Ok(None));
    }
    assert!(lexer.buffer_capacity() <= 2000);
    let item = Item::Oversized { bytes: 1_000_002, head: &[b"\"".as_slice(), &[b'x'; 255]].concat() };
    assert_eq!(lexer.next_item(&mut br#"",1]}"#.as_slice()), Ok(Some(item)));
}

/// Any JSON value, with the characters that could confuse a lexer in names and texts.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        r#"[\[\]{}",:\\a ]{0,8}"#,
        r"\PC{0,6}",
        Just("data".to_owned()),
        Just("cursor".to_owned()),
        any::<String>()
    ]
}

/// A document with a list at any place among other members, and the list.
fn document() -> impl Strategy<Value = (String, Vec<Value>, Option<Value>)> {
    let others = prop::collection::vec((text(), json_value()), 0..5);
    (others, prop::collection::vec(json_value(), 0..6), any::<prop::sample::Index>(), any::<bool>()).prop_map(
        |(others, list, place, pretty)| {
            let others: Map<String, Value> =
                others.into_iter().filter(|(name, _)| name != "data" && name != "profiles").collect();
            let cursor = others.get("cursor").cloned();
            let written =
                |value: &Value| if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
            let mut members: Vec<String> = others
                .iter()
                .map(|(name, value)| format!("{}:{}", json!(name), written(value).expect("JSON")))
                .collect();
            let list_member = format!("\"data\" :{}", written(&json!(list)).expect("JSON"));
            members.insert(place.index(members.len() + 1), list_member);
            (format!("{{{}}}", members.join(if pretty { " ,\n" } else { "," })), list, cursor)
        },
    )
}

/// Cuts bytes into chunks of these sizes, over and over.
fn chunked<'a>(mut bytes: &'a [u8], sizes: &[usize]) -> Vec<&'a [u8]> {
    let mut chunks = Vec::new();
    for size in sizes.iter().cycle() {
        if bytes.is_empty() {
            break;
        }
        let (chunk, rest) = bytes.split_at((*size).min(bytes.len()));
        chunks.push(chunk);
        bytes = rest;
    }
    chunks
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn any_chunking_gives_what_serde_json_gives(
        (document, list, cursor) in document(),
        sizes in prop::collection::vec(1_usize..40, 1..6),
    ) {
        let reading = read_chunks(chunked(document.as_bytes(), &sizes), LexerLimits::default());
        let items: Vec<Value> = reading.items.iter().map(|item| match item {
            Given::Row(row) => serde_json::from_slice(row).expect("JSON"),
            Given::Oversized(..) => panic!("oversized"),
        }).collect();
        // Compared as texts: a number that is printed and read again may differ in its last digit.
        prop_assert_eq!(json!(items).to_string(), reparsed(&json!(list)).to_string());
        let tail = reading.end.expect("a complete document");
        let kept = tail.get("cursor").map(|json| serde_json::from_str::<Value>(json).expect("JSON"));
        prop_assert_eq!(kept, cursor.as_ref().map(reparsed));
    }

    #[test]
    fn any_truncation_is_told((document, ..) in document(), cut in any::<prop::sample::Index>()) {
        let cut = &document.as_bytes()[..cut.index(document.len())];
        let expected = if cut.is_empty() { LexError::Empty } else { LexError::Truncated };
        prop_assert_eq!(read_chunks([cut], LexerLimits::default()).end, Err(expected));
    }

    #[test]
    fn any_bytes_are_read_without_panic_and_alike_in_all_chunkings(
        prefix in prop::sample::select(vec!["", "{", r#"{"data":["#, r#"{"data":[{"id":"#, r#"{"cursor":"#]),
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..80),
            r#"[\[\]{}",:\\ ade\n0-]{0,60}"#.prop_map(String::into_bytes),
        ],
        sizes in prop::collection::vec(1_usize..20, 1..5),
    ) {
        let document = [prefix.as_bytes(), &bytes].concat();
        let limits = LexerLimits { item: 20, kept: 10 };
        let whole = read_chunks([document.as_slice()], limits);
        prop_assert_eq!(read_chunks(chunked(&document, &sizes), limits), whole);
    }

    #[test]
    fn a_document_that_is_accepted_has_balanced_ends(bytes in r#"[\[\]{}",:\\ 0]{0,30}"#) {
        let document = format!(r#"{{"data":[{bytes}"#);
        if let Ok(value) = serde_json::from_str::<Value>(&document) {
            let reading = read_chunks([document.as_bytes()], LexerLimits::default());
            prop_assert_eq!(reading.items.len(), value["data"].as_array().map_or(0, Vec::len));
        }
    }
}

fn reparsed(value: &Value) -> Value {
    serde_json::from_str(&value.to_string()).expect("JSON")
}
