//! A parser for rows that are as they should be.
//!
//! Most rows of a listing fit their type. This reads them about twice as fast as [`serde_json`], because it may give up:
//! it knows no messages and no positions, takes no array for an object, and leaves what is rare (fractions, integers of
//! many digits, deep nesting) to `serde_json`. What it reads is what that reads. What it gives up is read again by that,
//! which then also says what is wrong.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, Expected, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;

/// How deep objects and arrays may be nested: as deep as in `serde_json`.
const DEPTH: u8 = 127;

/// White space, as JSON has it.
pub(crate) const BLANKS: [char; 4] = [' ', '\n', '\r', '\t'];

/// Integers of so many digits fit an `i64`.
const DIGITS: usize = 18;

/// Reads the value that `text` begins with, every struct of it from an object, and says where it ended.
///
/// `None` says nothing about the value: another parser may read it.
pub(super) fn read_leading<'de, T: Deserialize<'de>>(text: &'de str) -> Option<(T, usize)> {
    let mut parser = Parser { rest: text, depth: DEPTH };
    let value = T::deserialize(&mut parser).ok()?;
    Some((value, text.len() - parser.rest.len()))
}

/// Reads all of `text` as one value; `None` as for [`read_leading`].
pub(super) fn read_whole<'de, T: Deserialize<'de>>(text: &'de str) -> Option<T> {
    let (value, end) = read_leading(text)?;
    text[end..].trim_start_matches(BLANKS).is_empty().then_some(value)
}

/// Not read here, for whatever reason.
#[derive(Debug)]
struct GivenUp;

impl fmt::Display for GivenUp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not read by this parser")
    }
}

impl std::error::Error for GivenUp {}

/// Nothing is formatted: nobody reads why.
impl Error for GivenUp {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

type Parsed<T> = Result<T, GivenUp>;

struct Parser<'de> {
    /// What is not read yet.
    rest: &'de str,
    /// How much deeper it may go.
    depth: u8,
}

impl<'de> Parser<'de> {
    fn bytes(&self) -> &'de [u8] {
        self.rest.as_bytes()
    }

    /// Passes so many bytes.
    #[inline]
    fn pass(&mut self, length: usize) -> Parsed<()> {
        self.rest = self.rest.get(length..).ok_or(GivenUp)?;
        Ok(())
    }

    /// The next byte that is no white space; it is not passed.
    #[inline]
    fn peek(&mut self) -> Parsed<u8> {
        match self.bytes().first() {
            Some(&byte) if byte > b' ' => Ok(byte),
            _ => self.peek_past_space(),
        }
    }

    #[cold]
    fn peek_past_space(&mut self) -> Parsed<u8> {
        self.rest = self.rest.trim_start_matches(BLANKS);
        self.bytes().first().copied().ok_or(GivenUp)
    }

    /// Passes `byte`, which has to be next.
    #[inline]
    fn pass_byte(&mut self, byte: u8) -> Parsed<()> {
        if self.peek()? == byte { self.pass(1) } else { Err(GivenUp) }
    }

    /// Passes `word`, which has to be here.
    #[inline]
    fn pass_word(&mut self, word: &str) -> Parsed<()> {
        self.rest = self.rest.strip_prefix(word).ok_or(GivenUp)?;
        Ok(())
    }

    /// Reads a string, which has to be next.
    #[inline]
    fn string<V: Visitor<'de>>(&mut self, visitor: V) -> Parsed<V::Value> {
        if self.peek()? != b'"' {
            return Err(GivenUp);
        }
        let length = 1 + plain_length(&self.bytes()[1..]);
        let (quoted, rest) = self.rest.split_at_checked(length).ok_or(GivenUp)?;
        match rest.as_bytes().first() {
            Some(b'"') => {
                self.rest = &rest[1..];
                visitor.visit_borrowed_str(&quoted[1..])
            }
            Some(b'\\') => visitor.visit_string(self.resolved(length)?),
            _ => Err(GivenUp),
        }
    }

    /// Reads the string that begins here, with its first escape after so many bytes.
    #[cold]
    fn resolved(&mut self, mut length: usize) -> Parsed<String> {
        let bytes = self.bytes();
        while bytes.get(length) == Some(&b'\\') {
            // Of what is escaped, all but the first character is plain.
            length += 2;
            length += plain_length(bytes.get(length..).ok_or(GivenUp)?);
        }
        let (quoted, rest) = self.rest.split_at_checked(length + 1).ok_or(GivenUp)?;
        self.rest = rest;
        serde_json::from_str(quoted).map_err(|_| GivenUp)
    }

    /// Reads a number, which has to be next.
    fn number<V: Visitor<'de>>(&mut self, visitor: V) -> Parsed<V::Value> {
        let is_negative = self.peek()? == b'-';
        let digits = &self.bytes()[usize::from(is_negative)..];
        let mut magnitude = 0_i64;
        let mut length = 0;
        while let Some(digit @ b'0'..=b'9') = digits.get(length) {
            magnitude = magnitude.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            length += 1;
        }
        let is_whole = matches!(digits.get(length), Some(b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t'));
        let is_padded = digits.first() == Some(&b'0') && (is_negative || length > 1);
        if !is_whole || is_padded || !(1..=DIGITS).contains(&length) {
            return self.rare_number(visitor);
        }
        self.pass(length + usize::from(is_negative))?;
        if is_negative { visitor.visit_i64(-magnitude) } else { visitor.visit_u64(magnitude.unsigned_abs()) }
    }

    /// Reads a fraction, or an integer of many digits.
    #[cold]
    fn rare_number<V: Visitor<'de>>(&mut self, visitor: V) -> Parsed<V::Value> {
        let rest =
            self.rest.trim_start_matches(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '-', '.', 'e', 'E']);
        let number = &self.rest[..self.rest.len() - rest.len()];
        // It ends where something else begins, and that has to be there.
        if rest.is_empty() {
            return Err(GivenUp);
        }
        self.rest = rest;
        let mut number = serde_json::Deserializer::from_str(number);
        let value = number.deserialize_any(visitor).map_err(|_| GivenUp)?;
        number.end().map_err(|_| GivenUp)?;
        Ok(value)
    }

    fn boolean(&mut self) -> Parsed<bool> {
        let is_true = self.peek()? == b't';
        self.pass_word(if is_true { "true" } else { "false" })?;
        Ok(is_true)
    }

    fn null(&mut self) -> Parsed<()> {
        self.peek()?;
        self.pass_word("null")
    }

    fn object<V: Visitor<'de>>(&mut self, visitor: V) -> Parsed<V::Value> {
        self.nested(b'{', |inside| visitor.visit_map(inside))
    }

    fn array<V: Visitor<'de>>(&mut self, visitor: V) -> Parsed<V::Value> {
        self.nested(b'[', |inside| visitor.visit_seq(inside))
    }

    /// Reads what begins with `bracket`, which has to be next, and has to be read to its end.
    #[inline]
    fn nested<T>(&mut self, bracket: u8, read: impl FnOnce(&mut Inside<'_, 'de>) -> Parsed<T>) -> Parsed<T> {
        self.pass_byte(bracket)?;
        self.depth = self.depth.checked_sub(1).ok_or(GivenUp)?;
        let mut inside = Inside { parser: self, is_first: true, is_over: false };
        let value = read(&mut inside)?;
        if !inside.is_over {
            return Err(GivenUp);
        }
        self.depth += 1;
        Ok(value)
    }
}

/// How many bytes a string goes on before a quote, a backslash or a control character.
#[inline]
fn plain_length(bytes: &[u8]) -> usize {
    /// A word with `byte` everywhere.
    const fn every(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }

    // Eight bytes at a time. Subtracting `limit` sets the highest bit of a byte below it. It may borrow from the bytes
    // above and set theirs, too, but only the lowest one counts.
    let below = |word: u64, limit: u8| word.wrapping_sub(every(limit)) & !word;
    let (words, rest) = bytes.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let quotes = below(word ^ every(b'"'), 1);
        let backslashes = below(word ^ every(b'\\'), 1);
        let special = (quotes | backslashes | below(word, b' ')) & every(0x80);
        if special != 0 {
            return index * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let is_plain = |byte: &&u8| !matches!(byte, b'"' | b'\\' | 0..b' ');
    words.len() * 8 + rest.iter().take_while(is_plain).count()
}

/// The members of an object, or the elements of an array.
struct Inside<'a, 'de> {
    parser: &'a mut Parser<'de>,
    is_first: bool,
    is_over: bool,
}

impl Inside<'_, '_> {
    /// Goes to the next part, if one comes before `bracket`.
    #[inline]
    fn has_next(&mut self, bracket: u8) -> Parsed<bool> {
        let next = self.parser.peek()?;
        if next == bracket {
            self.parser.pass(1)?;
            self.is_over = true;
            return Ok(false);
        }
        if !std::mem::take(&mut self.is_first) {
            if next != b',' {
                return Err(GivenUp);
            }
            self.parser.pass(1)?;
        }
        Ok(true)
    }
}

impl<'de> MapAccess<'de> for &mut Inside<'_, 'de> {
    type Error = GivenUp;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Parsed<Option<K::Value>> {
        if !self.has_next(b'}')? {
            return Ok(None);
        }
        seed.deserialize(Name(self.parser)).map(Some)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Parsed<S::Value> {
        self.parser.pass_byte(b':')?;
        seed.deserialize(&mut *self.parser)
    }
}

impl<'de> SeqAccess<'de> for &mut Inside<'_, 'de> {
    type Error = GivenUp;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Parsed<Option<S::Value>> {
        if !self.has_next(b']')? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.parser).map(Some)
    }
}

macro_rules! numbers {
    ($($method:ident)+) => {
        $(
            #[inline]
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Parsed<V::Value> {
                self.number(visitor)
            }
        )+
    };
}

impl<'de> Deserializer<'de> for &mut Parser<'de> {
    type Error = GivenUp;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Parsed<V::Value> {
        match self.peek()? {
            b'"' => self.deserialize_str(visitor),
            b'{' => self.object(visitor),
            b'[' => self.array(visitor),
            b't' | b'f' => self.deserialize_bool(visitor),
            b'n' => self.deserialize_unit(visitor),
            _ => self.number(visitor),
        }
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Parsed<V::Value> {
        self.string(visitor)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Parsed<V::Value> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Parsed<V::Value> {
        if self.peek()? == b'n' {
            self.pass_word("null")?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Parsed<V::Value> {
        visitor.visit_bool(self.boolean()?)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Parsed<V::Value> {
        self.null()?;
        visitor.visit_unit()
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Parsed<V::Value> {
        self.array(visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Parsed<V::Value> {
        self.object(visitor)
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Parsed<V::Value> {
        self.object(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Parsed<V::Value> {
        // serde_json knows its raw values by a name of its own.
        if name.starts_with('$') { Err(GivenUp) } else { visitor.visit_newtype_struct(self) }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16 deserialize_u32
        deserialize_u64 deserialize_f64
    }

    /// Rounded once, not twice: that is left to `serde_json`.
    fn deserialize_f32<V: Visitor<'de>>(self, _: V) -> Parsed<V::Value> {
        Err(GivenUp)
    }

    // What nobody reads is not taken on trust: it has to be JSON too.
    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit_struct tuple tuple_struct enum identifier ignored_any
    }
}

/// The name of a member.
struct Name<'a, 'de>(&'a mut Parser<'de>);

impl<'de> Deserializer<'de> for Name<'_, 'de> {
    type Error = GivenUp;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Parsed<V::Value> {
        self.0.deserialize_str(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Parsed<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}
