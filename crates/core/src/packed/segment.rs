//! Pieces of bytes, one behind the other.

use std::ops::Range;

/// Pieces in one allocation that does not grow beyond [`Segment::SIZE`], but for a single piece that is larger.
///
/// A list of any length is many of these: nothing that is stored is ever moved into twice the room.
#[derive(Clone, Debug, Default)]
pub(super) struct Segment {
    bytes: Vec<u8>,
    /// Where each piece begins. It ends where the next one does: the last piece may reach beyond what 16 bits can say.
    starts: Vec<u16>,
}

impl Segment {
    /// The farthest place at which a piece can begin.
    pub(super) const SIZE: usize = u16::MAX as usize;

    /// Takes all of its room at once, for a list that is known to be long.
    pub(super) fn with_room_for(piece: &[u8]) -> Self {
        Self { bytes: Vec::with_capacity(piece.len().max(Self::SIZE)), starts: Vec::new() }
    }

    /// Adds a piece and gives its place, or `None` where there is no room for it.
    pub(super) fn push(&mut self, piece: &[u8]) -> Option<usize> {
        let end = self.bytes.len() + piece.len();
        if end > Self::SIZE && !self.starts.is_empty() {
            return None;
        }
        let start = u16::try_from(self.bytes.len()).ok()?;
        if end > self.bytes.capacity() {
            // By doubling, but not beyond what it can hold.
            let wanted = (2 * self.bytes.capacity()).min(Self::SIZE).max(end);
            self.bytes.reserve_exact(wanted - self.bytes.len());
        }
        self.bytes.extend_from_slice(piece);
        self.starts.push(start);
        Some(self.starts.len() - 1)
    }

    /// The piece at `place`.
    pub(super) fn get(&self, place: usize) -> Option<&[u8]> {
        let start = usize::from(*self.starts.get(place)?);
        let end = self.starts.get(place + 1).map_or(self.bytes.len(), |&next| usize::from(next));
        self.bytes.get(start..end)
    }

    /// How many pieces there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Nothing more comes: gives back what is left over, if it is worth a copy.
    pub(super) fn close(&mut self) {
        const WORTH_A_COPY: usize = Segment::SIZE / 32;
        self.starts.shrink_to_fit();
        if self.bytes.capacity() - self.bytes.len() > WORTH_A_COPY {
            self.bytes.shrink_to_fit();
        }
    }

    /// Gives back all that is left over.
    pub(super) fn shrink_to_fit(&mut self) {
        self.starts.shrink_to_fit();
        self.bytes.shrink_to_fit();
    }

    /// What it has allocated.
    pub(super) fn allocated(&self) -> usize {
        self.bytes.capacity() + self.starts.capacity() * size_of::<u16>()
    }
}

/// The rows of a list, in as many segments as they need.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    segments: Vec<Numbered>,
}

/// A segment, and the number of its first row.
#[derive(Clone, Debug)]
struct Numbered {
    first: usize,
    segment: Segment,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.segments.last().map_or(0, |last| last.first + last.segment.len())
    }

    pub(super) fn push(&mut self, row: &[u8]) {
        let len = self.len();
        match self.segments.last_mut() {
            Some(last) => {
                if last.segment.push(row).is_some() {
                    return;
                }
                last.segment.close();
                let mut segment = Segment::with_room_for(row);
                segment.push(row);
                self.segments.push(Numbered { first: len, segment });
            }
            None => {
                // Most lists are short: the first segment grows with them.
                let mut segment = Segment::default();
                segment.push(row);
                self.segments.push(Numbered { first: len, segment });
            }
        }
    }

    pub(super) fn get(&self, row: usize) -> Option<&[u8]> {
        let numbered = self.segments.get(self.segment_of(row)?)?;
        numbered.segment.get(row - numbered.first)
    }

    /// Frees the segments on both sides of that of `row`, for whoever comes from them and does not go back.
    pub(super) fn release_beside(&mut self, row: usize, left: Range<usize>) {
        let Some(here) = self.segment_of(row) else { return };
        let sides = [here.checked_sub(1), here.checked_add(1)];
        for side in sides.into_iter().flatten() {
            let Some(numbered) = self.segments.get_mut(side) else { continue };
            let rows = numbered.first..numbered.first + numbered.segment.len();
            if rows.end <= left.start || rows.start >= left.end {
                numbered.segment.bytes = Vec::new();
            }
        }
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.segments.iter_mut().for_each(|numbered| numbered.segment.shrink_to_fit());
        self.segments.shrink_to_fit();
    }

    pub(super) fn allocated(&self) -> usize {
        let segments = self.segments.iter().map(|numbered| numbered.segment.allocated());
        segments.sum::<usize>() + self.segments.capacity() * size_of::<Numbered>()
    }

    fn segment_of(&self, row: usize) -> Option<usize> {
        self.segments.partition_point(|numbered| numbered.first <= row).checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::Segment;

    #[test]
    fn a_segment_never_has_more_room_than_its_size() {
        let mut segment = Segment::default();
        while segment.push(&[1; 110]).is_some() {
            assert!(segment.bytes.capacity() <= Segment::SIZE, "{}", segment.bytes.capacity());
        }
        assert_eq!(segment.len(), Segment::SIZE / 110, "as many as fit, and all of them");
        assert_eq!(segment.push(&[1; 110]), None);
    }

    #[test]
    fn a_closed_segment_keeps_no_room_that_is_worth_a_copy() {
        let mut segment = Segment::with_room_for(&[]);
        segment.push(&[1; 10_000]);
        segment.close();
        assert_eq!(segment.allocated(), 10_000 + size_of::<u16>());
    }
}
