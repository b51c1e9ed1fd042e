//! What many rows say alike, kept once.

use super::segment::Segment;
use crate::ids::ProviderId;

/// The providers and the pieces that rows refer to by number.
///
/// Both are bounded. A piece is kept when it comes for the second time: what is different in every row, such as a name,
/// never gets in, and what many rows share, such as a group, takes its room once.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    providers: Vec<ProviderId>,
    kept: Segment,
    /// Where a piece is looked for, by its hash; empty until there is one.
    slots: Vec<Slot>,
}

/// What came with a hash that leads here. The first piece that comes twice stays.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// More of the hash.
    mark: u16,
    /// The kept piece's number, counted from 1, or 0 where a piece came once.
    number: u16,
}

impl Words {
    /// Most providers that are kept; further ones are written out in every row.
    const PROVIDERS: usize = 127;
    /// Below, a number is no shorter; beyond, a few pieces would take all the room there is.
    const LENGTHS: std::ops::RangeInclusive<usize> = 3..=255;
    const SLOTS: usize = 4096;

    /// The number of a provider, `None` where there are too many.
    pub(super) fn number_of_provider(&mut self, provider: &ProviderId) -> Option<usize> {
        let known = self.providers.iter().position(|known| known == provider);
        known.or_else(|| {
            let has_room = self.providers.len() < Self::PROVIDERS;
            has_room.then(|| {
                self.providers.push(provider.clone());
                self.providers.len() - 1
            })
        })
    }

    pub(super) fn provider(&self, number: usize) -> Option<&ProviderId> {
        self.providers.get(number)
    }

    /// The number of a piece that came before, `None` for one that has to be written out.
    pub(super) fn number_of(&mut self, piece: &[u8]) -> Option<usize> {
        if !Self::LENGTHS.contains(&piece.len()) {
            return None;
        }
        if self.slots.is_empty() {
            self.slots = vec![Slot::default(); Self::SLOTS];
        }
        let (place, mark) = place_and_mark(piece);
        let slot = self.slots.get_mut(place)?;
        if slot.mark != mark {
            if slot.number == 0 {
                slot.mark = mark;
            }
            return None;
        }
        if slot.number == 0 {
            let kept = self.kept.push(piece)?;
            slot.number = u16::try_from(kept + 1).ok()?;
        }
        let number = usize::from(slot.number - 1);
        (self.kept.get(number)? == piece).then_some(number)
    }

    pub(super) fn get(&self, number: usize) -> Option<&[u8]> {
        self.kept.get(number)
    }

    /// Gives back what only writing needs. What is written afterwards is compared with nothing that was before.
    pub(super) fn shrink_to_fit(&mut self) {
        self.providers.shrink_to_fit();
        self.kept.shrink_to_fit();
        self.slots = Vec::new();
    }

    /// What it has allocated.
    pub(super) fn allocated(&self) -> usize {
        self.providers.capacity() * size_of::<ProviderId>()
            + self.kept.allocated()
            + self.slots.capacity() * size_of::<Slot>()
    }
}

/// Which slot a piece is looked for in, and how it is told from others there.
fn place_and_mark(piece: &[u8]) -> (usize, u16) {
    // The upper bytes, which say most.
    let [.., mark_low, mark_high, low, high] = hash(piece).to_le_bytes();
    let place = usize::from(u16::from_le_bytes([low, high])) % Words::SLOTS;
    (place, u16::from_le_bytes([mark_low, mark_high]))
}

/// A quick hash. Whoever makes many pieces meet in one slot gains nothing but that they are written out.
fn hash(piece: &[u8]) -> u64 {
    // An odd number without a pattern: the golden ratio's digits.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = piece.len() as u64;
    for chunk in piece.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash.rotate_left(29) ^ u64::from_le_bytes(word)).wrapping_mul(FACTOR);
    }
    // A product's bits say nothing of the factor's higher ones: once more, with those below.
    (hash ^ (hash >> 32)).wrapping_mul(FACTOR)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{Words, place_and_mark};

    fn pieces() -> impl Iterator<Item = Vec<u8>> {
        (0..200_000).map(|number| format!("piece {number}").into_bytes())
    }

    #[test]
    fn a_piece_is_kept_when_it_comes_again_and_found_from_then_on() {
        let mut words = Words::default();
        assert_eq!(
            [words.number_of(b"again"), words.number_of(b"again"), words.number_of(b"again")],
            [None, Some(0), Some(0)]
        );
        assert_eq!(words.get(0), Some(&b"again"[..]));
        assert_eq!([words.number_of(b"it"), words.number_of(b"it")], [None, None], "it is as short as its number");
    }

    #[test]
    fn pieces_that_look_alike_are_told_apart() {
        let mut known = HashMap::new();
        let alike = pieces().find_map(|piece| Some((known.insert(place_and_mark(&piece), piece.clone())?, piece)));
        let (one, other) = alike.expect("there are fewer looks than pairs");
        let mut words = Words::default();
        assert_eq!([words.number_of(&one), words.number_of(&one)], [None, Some(0)]);
        assert_eq!([words.number_of(&other), words.number_of(&other)], [None, None]);
    }

    #[test]
    fn the_first_piece_of_a_slot_that_comes_again_stays() {
        let (place, mark) = place_and_mark(b"the first");
        let other = pieces().find(|piece| {
            let (at, looks) = place_and_mark(piece);
            at == place && looks != mark
        });
        let other = other.expect("there are fewer slots than pieces");
        let mut words = Words::default();
        assert_eq!([words.number_of(b"the first"), words.number_of(b"the first")], [None, Some(0)]);
        assert_eq!([words.number_of(&other), words.number_of(&other)], [None, None]);
        assert_eq!(words.number_of(b"the first"), Some(0));
    }
}
