//! How the parts of a row are written: numbers, texts, lists and whatever may be absent.

use std::collections::BTreeMap;

use chrono::{DateTime, Timelike as _, Utc};

use super::bytes::{Reader, Writer};

/// What can be written into a row and read back as it was.
///
/// Of a struct only those fields are written that do not have their usual value; which ones those are is told by a bit
/// for each.
pub(super) trait Packed: Sized {
    /// The value that takes no room in a struct.
    fn usual() -> Self;

    /// Whether it is that.
    fn is_usual(&self) -> bool;

    fn write(&self, to: &mut Writer<'_>);

    fn read(from: &mut Reader<'_>) -> Self;

    /// Writes what is known not to be usual.
    fn write_unusual(&self, to: &mut Writer<'_>) {
        self.write(to);
    }

    /// Reads what [`Self::write_unusual`] wrote.
    fn read_unusual(from: &mut Reader<'_>) -> Self {
        Self::read(from)
    }
}

/// Which fields of a struct are written, the first one in the lowest bit.
#[derive(Debug, Default)]
pub(super) struct Fields {
    bits: u64,
    count: u32,
}

impl Fields {
    /// So many fields fit.
    pub(super) const MOST: usize = 64;

    pub(super) const fn from_bits(bits: u64) -> Self {
        Self { bits, count: 0 }
    }

    pub(super) const fn bits(&self) -> u64 {
        self.bits
    }

    pub(super) fn add(&mut self, is_written: bool) {
        self.bits |= u64::from(is_written).checked_shl(self.count).unwrap_or_default();
        self.count += 1;
    }

    pub(super) fn next(&mut self) -> bool {
        let is_written = self.bits & 1 == 1;
        self.bits >>= 1;
        is_written
    }
}

/// Packs structs field by field. Every field has to be named: a new one does not compile before it is. Those that rows
/// have most often stand first: seven fields take a byte.
macro_rules! packed_structs {
    ($( $name:ident { $($field:ident),+ $(,)? } )+) => { $(
        impl Packed for $name {
            fn usual() -> Self {
                Self { $( $field: Packed::usual(), )+ }
            }

            fn is_usual(&self) -> bool {
                let Self { $($field),+ } = self;
                $( $field.is_usual() )&&+
            }

            fn write(&self, to: &mut Writer<'_>) {
                const { assert!([$( stringify!($field) ),+].len() <= Fields::MOST) };
                let Self { $($field),+ } = self;
                let mut fields = Fields::default();
                $( fields.add(!$field.is_usual()); )+
                to.number(fields.bits());
                $(
                    if !$field.is_usual() {
                        $field.write_unusual(to);
                    }
                )+
            }

            fn read(from: &mut Reader<'_>) -> Self {
                let mut fields = Fields::from_bits(from.number());
                // In the order in which they were written.
                Self { $( $field: if fields.next() { Packed::read_unusual(from) } else { Packed::usual() }, )+ }
            }
        }
    )+ };
}

/// Packs enums of a closed set of words. A new one does not compile before it is named; the first is the usual one.
macro_rules! packed_choices {
    ($( $name:ident { $first:ident $(, $variant:ident)* $(,)? } )+) => { $(
        impl Packed for $name {
            fn usual() -> Self {
                Self::$first
            }

            fn is_usual(&self) -> bool {
                *self == Self::$first
            }

            fn write(&self, to: &mut Writer<'_>) {
                const CHOICES: &[$name] = &[$name::$first $(, $name::$variant)*];
                match self {
                    Self::$first $( | Self::$variant )* => {
                        to.count(CHOICES.iter().position(|choice| choice == self).unwrap_or_default());
                    }
                }
            }

            fn read(from: &mut Reader<'_>) -> Self {
                const CHOICES: &[$name] = &[$name::$first $(, $name::$variant)*];
                usize::try_from(from.number()).ok().and_then(|place| CHOICES.get(place)).copied().unwrap_or(Self::$first)
            }
        }
    )+ };
}

/// Packs enums that keep an unknown word as sent; the named variant is the usual one.
macro_rules! packed_words {
    ($( $name:ident: $usual:ident )+) => { $(
        impl Packed for $name {
            fn usual() -> Self {
                Self::$usual
            }

            fn is_usual(&self) -> bool {
                *self == Self::$usual
            }

            fn write(&self, to: &mut Writer<'_>) {
                if let Self::Other(text) = self {
                    to.count(0);
                    to.text(text);
                } else {
                    to.count(Self::KNOWN.iter().position(|known| known == self).map_or(0, |place| place + 1));
                }
            }

            fn read(from: &mut Reader<'_>) -> Self {
                let place = usize::try_from(from.number()).ok().and_then(|number| number.checked_sub(1));
                match place.and_then(|place| Self::KNOWN.get(place)) {
                    Some(known) => known.clone(),
                    None => Self::Other(from.text().to_owned()),
                }
            }
        }
    )+ };
}

pub(super) use {packed_choices, packed_structs, packed_words};

impl<T: Packed> Packed for Option<T> {
    fn usual() -> Self {
        None
    }

    fn is_usual(&self) -> bool {
        self.is_none()
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.byte(u8::from(self.is_some()));
        self.write_unusual(to);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        (from.byte() == 1).then(|| T::read(from))
    }

    fn write_unusual(&self, to: &mut Writer<'_>) {
        if let Some(value) = self {
            value.write(to);
        }
    }

    fn read_unusual(from: &mut Reader<'_>) -> Self {
        Some(T::read(from))
    }
}

impl<T: Packed> Packed for Box<T> {
    fn usual() -> Self {
        Self::new(T::usual())
    }

    fn is_usual(&self) -> bool {
        (**self).is_usual()
    }

    fn write(&self, to: &mut Writer<'_>) {
        (**self).write(to);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        Self::new(T::read(from))
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn usual() -> Self {
        Self::new()
    }

    fn is_usual(&self) -> bool {
        self.is_empty()
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.count(self.len());
        for item in self {
            item.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Self {
        (0..from.count()).map(|_| T::read(from)).collect()
    }
}

impl<K: Packed + Ord, V: Packed> Packed for BTreeMap<K, V> {
    fn usual() -> Self {
        Self::new()
    }

    fn is_usual(&self) -> bool {
        self.is_empty()
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.count(self.len());
        for (key, value) in self {
            key.write(to);
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Self {
        (0..from.count()).map(|_| (K::read(from), V::read(from))).collect()
    }
}

impl Packed for String {
    fn usual() -> Self {
        Self::new()
    }

    fn is_usual(&self) -> bool {
        self.is_empty()
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.text(self);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        from.text().to_owned()
    }
}

impl Packed for bool {
    fn usual() -> Self {
        false
    }

    fn is_usual(&self) -> bool {
        !*self
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.byte(u8::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Self {
        from.byte() == 1
    }

    fn write_unusual(&self, _: &mut Writer<'_>) {}

    fn read_unusual(_: &mut Reader<'_>) -> Self {
        true
    }
}

impl Packed for u64 {
    fn usual() -> Self {
        0
    }

    fn is_usual(&self) -> bool {
        *self == 0
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.number(*self);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        from.number()
    }
}

impl Packed for u32 {
    fn usual() -> Self {
        0
    }

    fn is_usual(&self) -> bool {
        *self == 0
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.number(u64::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Self {
        from.number().try_into().unwrap_or_default()
    }
}

impl Packed for i64 {
    fn usual() -> Self {
        0
    }

    fn is_usual(&self) -> bool {
        *self == 0
    }

    fn write(&self, to: &mut Writer<'_>) {
        // The sign in the lowest bit: a small number below zero is short, too.
        to.number((self << 1 ^ self >> 63).cast_unsigned());
    }

    fn read(from: &mut Reader<'_>) -> Self {
        let number = from.number();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }
}

impl Packed for i32 {
    fn usual() -> Self {
        0
    }

    fn is_usual(&self) -> bool {
        *self == 0
    }

    fn write(&self, to: &mut Writer<'_>) {
        i64::from(*self).write(to);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        i64::read(from).try_into().unwrap_or_default()
    }
}

/// Bit by bit, whatever it is.
impl Packed for f64 {
    fn usual() -> Self {
        0.0
    }

    fn is_usual(&self) -> bool {
        self.to_bits() == 0
    }

    fn write(&self, to: &mut Writer<'_>) {
        // The low bits of a round number are 0: turned around it is a small one.
        to.number(self.to_bits().swap_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Self {
        Self::from_bits(from.number().swap_bytes())
    }
}

/// A moment that is different in every row.
impl Packed for DateTime<Utc> {
    fn usual() -> Self {
        Self::UNIX_EPOCH
    }

    fn is_usual(&self) -> bool {
        *self == Self::UNIX_EPOCH
    }

    fn write(&self, to: &mut Writer<'_>) {
        const MILLISECOND: u64 = 1_000_000;
        self.timestamp().write(to);
        let nanoseconds = u64::from(self.timestamp_subsec_nanos());
        // Most vendors tell whole seconds or milliseconds.
        if nanoseconds.is_multiple_of(MILLISECOND) {
            to.number((nanoseconds / MILLISECOND) << 1);
        } else {
            to.number(nanoseconds << 1 | 1);
        }
    }

    fn read(from: &mut Reader<'_>) -> Self {
        let seconds = i64::read(from);
        let fraction = from.number();
        let nanoseconds = if fraction & 1 == 1 { fraction >> 1 } else { (fraction >> 1) * 1_000_000 };
        moment(seconds, nanoseconds.try_into().unwrap_or_default())
    }
}

/// A moment that many rows share, such as that of the answer which they came in.
#[derive(Debug)]
pub(super) struct SharedMoment(pub(super) DateTime<Utc>);

impl SharedMoment {
    pub(super) fn write(&self, to: &mut Writer<'_>) {
        let Self(moment) = self;
        let mut piece = [0; 12];
        piece[..8].copy_from_slice(&moment.timestamp().to_le_bytes());
        piece[8..].copy_from_slice(&moment.timestamp_subsec_nanos().to_le_bytes());
        to.piece(&piece);
    }

    pub(super) fn read(from: &mut Reader<'_>) -> DateTime<Utc> {
        let Some((seconds, nanoseconds)) = from.piece().split_first_chunk() else { return Packed::usual() };
        let nanoseconds = nanoseconds.try_into().map_or(0, u32::from_le_bytes);
        moment(i64::from_le_bytes(*seconds), nanoseconds)
    }
}

/// A moment of a leap second has more than a second's nanoseconds, and by way of an offset it may stand behind any
/// second: those have to be put in afterwards.
fn moment(seconds: i64, nanoseconds: u32) -> DateTime<Utc> {
    let second = DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc();
    second.with_nanosecond(nanoseconds).unwrap_or(second).and_utc()
}
