//! What vendors say beyond the model: any JSON.
//!
//! Not as its text: a text is read back to a depth of 127 only, and an object with one of the names that `serde_json` uses
//! among its own is read as something else.

use serde_json::{Map, Number, Value};

use super::{
    bytes::{Reader, Writer},
    parts::Packed,
};

/// What a value begins with.
mod tag {
    pub(super) const NULL: u8 = 0;
    pub(super) const FALSE: u8 = 1;
    pub(super) const TRUE: u8 = 2;
    pub(super) const NUMBER: u8 = 3;
    pub(super) const TEXT: u8 = 4;
    pub(super) const LIST: u8 = 5;
    pub(super) const OBJECT: u8 = 6;
}

/// As deep as the value is: it cannot be cloned or dropped otherwise either.
impl Packed for Value {
    fn usual() -> Self {
        Self::Null
    }

    fn is_usual(&self) -> bool {
        self.is_null()
    }

    fn write(&self, to: &mut Writer<'_>) {
        match self {
            Self::Null => to.byte(tag::NULL),
            Self::Bool(false) => to.byte(tag::FALSE),
            Self::Bool(true) => to.byte(tag::TRUE),
            Self::Number(number) => {
                to.byte(tag::NUMBER);
                number.write(to);
            }
            Self::String(text) => {
                to.byte(tag::TEXT);
                to.text(text);
            }
            Self::Array(items) => {
                to.byte(tag::LIST);
                items.write(to);
            }
            Self::Object(members) => {
                to.byte(tag::OBJECT);
                members.write(to);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Self {
        match from.byte() {
            tag::FALSE => Self::Bool(false),
            tag::TRUE => Self::Bool(true),
            tag::NUMBER => Self::Number(Packed::read(from)),
            tag::TEXT => Self::String(Packed::read(from)),
            tag::LIST => Self::Array(Packed::read(from)),
            tag::OBJECT => Self::Object(Packed::read(from)),
            // `NULL`; nothing else was written.
            _ => Self::Null,
        }
    }
}

/// In the order in which the members stand.
impl Packed for Map<String, Value> {
    fn usual() -> Self {
        Self::new()
    }

    fn is_usual(&self) -> bool {
        self.is_empty()
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.count(self.len());
        for (name, value) in self {
            to.text(name);
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Self {
        (0..from.count()).map(|_| (Packed::read(from), Packed::read(from))).collect()
    }
}

/// What a number begins with.
mod sort {
    pub(super) const COUNT: u8 = 0;
    pub(super) const BELOW_ZERO: u8 = 1;
    pub(super) const TEXT: u8 = 2;
}

/// A whole number as such; any other one as its digits, which say all of it, also where the program has `serde_json` keep
/// numbers of any precision.
impl Packed for Number {
    fn usual() -> Self {
        Self::from(0)
    }

    fn is_usual(&self) -> bool {
        *self == Self::usual()
    }

    fn write(&self, to: &mut Writer<'_>) {
        if let Some(count) = self.as_u64().filter(|&count| Self::from(count) == *self) {
            to.byte(sort::COUNT);
            to.number(count);
        } else if let Some(number) = self.as_i64().filter(|&number| Self::from(number) == *self) {
            to.byte(sort::BELOW_ZERO);
            number.write(to);
        } else {
            to.byte(sort::TEXT);
            to.text(&self.to_string());
        }
    }

    fn read(from: &mut Reader<'_>) -> Self {
        match from.byte() {
            sort::COUNT => Self::from(from.number()),
            sort::BELOW_ZERO => Self::from(i64::read(from)),
            // `TEXT`; nothing else was written.
            _ => from.text().parse().unwrap_or_else(|_| Self::usual()),
        }
    }
}
