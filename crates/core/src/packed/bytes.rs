//! Rows as bytes: numbers of as many bytes as they need, and pieces, which refer to an equal one that came before.

use super::words::Words;
use crate::ids::ProviderId;

/// Writes one row.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    row: &'a mut Vec<u8>,
    words: &'a mut Words,
    /// The last pieces that this row has written out: where, and where their bytes begin and end. A profile's name is
    /// often that of its connection, too.
    recent: [(usize, usize, usize); 8],
    written: usize,
}

impl<'a> Writer<'a> {
    /// Writes into `row`, which is cleared.
    pub(super) fn new(row: &'a mut Vec<u8>, words: &'a mut Words) -> Self {
        row.clear();
        Self { row, words, recent: Default::default(), written: 0 }
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.row.push(byte);
    }

    /// Seven bits a byte, the lowest first.
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            let [low, ..] = number.to_le_bytes();
            self.byte(low | 0x80);
            number >>= 7;
        }
        let [low, ..] = number.to_le_bytes();
        self.byte(low);
    }

    pub(super) fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    pub(super) fn piece(&mut self, piece: &[u8]) {
        if let Some(back) = self.how_far_back(piece) {
            self.count(back << 2 | Piece::EARLIER);
        } else if let Some(number) = self.words.number_of(piece) {
            self.count(number << 2 | Piece::WORD);
        } else {
            let at = self.row.len();
            self.count(piece.len() << 1 | Piece::HERE);
            let start = self.row.len();
            self.row.extend_from_slice(piece);
            let place = self.written % self.recent.len();
            if let Some(recent) = self.recent.get_mut(place) {
                *recent = (at, start, self.row.len());
            }
            self.written += 1;
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.piece(text.as_bytes());
    }

    pub(super) fn provider(&mut self, provider: &ProviderId) {
        match self.words.number_of_provider(provider) {
            Some(number) => self.count(number + 1),
            None => {
                self.count(0);
                self.text(provider.as_str());
            }
        }
    }

    fn how_far_back(&self, piece: &[u8]) -> Option<usize> {
        // A piece of one byte is as short as what would refer to it, and none needs no room.
        let is_it = |&&(_, start, end): &&(usize, usize, usize)| {
            piece.len() > 1 && end - start == piece.len() && self.row.get(start..end) == Some(piece)
        };
        self.recent.iter().find(is_it).map(|&(at, ..)| self.row.len() - at)
    }
}

/// How a piece begins: with a number whose lowest bits say how to read the others.
struct Piece;

impl Piece {
    /// One bit: its length follows, and then it stands here.
    const HERE: usize = 0b0;
    /// Two bits: so many bytes back it stands in this row.
    const EARLIER: usize = 0b01;
    /// Two bits: it is the word of this number.
    const WORD: usize = 0b11;
}

/// Reads one row.
///
/// It reads what [`Writer`] wrote, into a list that nobody else can write to: there is nothing to go wrong. Were there,
/// what is missing would read as nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    row: &'a [u8],
    at: usize,
    words: &'a Words,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(row: &'a [u8], words: &'a Words) -> Self {
        Self { row, at: 0, words }
    }

    pub(super) fn byte(&mut self) -> u8 {
        let byte = self.row.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        byte
    }

    pub(super) fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        number
    }

    /// How many items follow. Every item takes a byte at least.
    pub(super) fn count(&mut self) -> usize {
        self.size().min(self.row.len().saturating_sub(self.at))
    }

    pub(super) fn piece(&mut self) -> &'a [u8] {
        let at = self.at;
        let head = self.size();
        if head & 0b1 == Piece::HERE {
            return self.take(head >> 1);
        }
        if head & 0b11 == Piece::WORD {
            return self.words.get(head >> 2).unwrap_or_default();
        }
        let mut earlier = Self { at: at.saturating_sub(head >> 2), ..*self };
        let length = earlier.size() >> 1;
        earlier.take(length)
    }

    pub(super) fn text(&mut self) -> &'a str {
        std::str::from_utf8(self.piece()).unwrap_or_default()
    }

    pub(super) fn provider(&mut self) -> ProviderId {
        let known = self.size().checked_sub(1).and_then(|number| self.words.provider(number));
        known.cloned().unwrap_or_else(|| ProviderId::new(self.text()))
    }

    fn size(&mut self) -> usize {
        usize::try_from(self.number()).unwrap_or(usize::MAX)
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let end = self.at.saturating_add(length).min(self.row.len());
        let taken = self.row.get(self.at..end).unwrap_or_default();
        self.at = end;
        taken
    }
}
