//! Very many profiles in little memory.

mod bytes;
mod json;
mod model;
mod parts;
mod segment;
mod words;

use std::{fmt, iter::FusedIterator, ops::Range};

use self::{
    bytes::{Reader, Writer},
    parts::Packed as _,
    segment::Rows,
    words::Words,
};
use crate::profile::Profile;

/// A list of profiles in a compact form, for callers who keep very many of them.
///
/// A [`Profile`] in a `Vec` takes several times its JSON: every field has its place, told or not, and every text an
/// allocation of its own. Here a row takes about half of its JSON, and nothing of it is lost: what [`Self::get`] and
/// [`Self::iter`] give is equal to what was pushed, in every field.
///
/// It costs that a row is read anew, with its allocations, each time it is asked for. Keep the `Vec` where rows are looked at
/// often or are few: the list's own tables take some 16 KiB, until [`Self::shrink_to_fit`].
///
/// Memory grows by pieces of 64 KiB. No row is ever moved, so that a list which grows needs no more than one that is full.
///
/// [`ProviderExt::list_packed`](crate::ProviderExt::list_packed) lists straight into it. From several providers:
///
/// ```
/// use futures_util::StreamExt as _;
/// use polyprofile_core::{Aggregator, Event, ListOptions, PackedProfiles};
///
/// # async fn example(aggregator: Aggregator) {
/// let mut profiles = PackedProfiles::new();
/// let mut events = aggregator.stream(&ListOptions::new());
/// while let Some(event) = events.next().await {
///     if let Event::Profile(profile) = event {
///         profiles.push(&profile);
///     }
/// }
/// println!("{} profiles in {} bytes", profiles.len(), profiles.bytes());
/// for profile in &profiles {
///     println!("{}", profile.id);
/// }
/// # }
/// ```
#[derive(Clone, Default)]
pub struct PackedProfiles {
    rows: Rows,
    words: Words,
    /// The last row that was written, for its room.
    row: Vec<u8>,
}

impl PackedProfiles {
    /// More than this is not kept for the next row.
    const KEPT_ROOM: usize = 4096;

    /// An empty list. It allocates nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a profile behind the others.
    pub fn push(&mut self, profile: &Profile) {
        profile.write(&mut Writer::new(&mut self.row, &mut self.words));
        self.rows.push(&self.row);
        if self.row.capacity() > Self::KEPT_ROOM {
            self.row = Vec::new();
        }
    }

    /// How many profiles there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that the list takes in memory, with its tables and with what it has allocated and not yet filled. What the
    /// allocator adds to an allocation is not counted: there are two for each 64 KiB.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.rows.allocated() + self.words.allocated() + self.row.capacity()
    }

    /// The profile at `index`, counted from 0 in the order in which they were pushed; `None` behind the last one.
    ///
    /// Finding it takes a few steps, by the logarithm of the number of 64 KiB pieces; then that one row is read.
    pub fn get(&self, index: usize) -> Option<Profile> {
        let row = self.rows.get(index)?;
        Some(Profile::read(&mut Reader::new(row, &self.words)))
    }

    /// The profiles in the order in which they were pushed, each read when it is its turn. Rows that are skipped, by `nth`,
    /// `skip` or `step_by`, are not read.
    pub fn iter(&self) -> PackedIter<'_> {
        PackedIter { profiles: self, rows: 0..self.len() }
    }

    /// Gives back all memory that is not filled, and the table that new rows are compared with: for a list that is complete.
    ///
    /// It can still grow, but what later rows repeat of earlier ones is then written once more.
    pub fn shrink_to_fit(&mut self) {
        self.rows.shrink_to_fit();
        self.words.shrink_to_fit();
        self.row = Vec::new();
    }
}

/// Writes the profiles as a list of them would be.
impl fmt::Debug for PackedProfiles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self).finish()
    }
}

impl Extend<Profile> for PackedProfiles {
    fn extend<I: IntoIterator<Item = Profile>>(&mut self, profiles: I) {
        profiles.into_iter().for_each(|profile| self.push(&profile));
    }
}

impl FromIterator<Profile> for PackedProfiles {
    fn from_iter<I: IntoIterator<Item = Profile>>(profiles: I) -> Self {
        let mut packed = Self::new();
        packed.extend(profiles);
        packed
    }
}

impl<'a> IntoIterator for &'a PackedProfiles {
    type Item = Profile;
    type IntoIter = PackedIter<'a>;

    fn into_iter(self) -> PackedIter<'a> {
        self.iter()
    }
}

impl IntoIterator for PackedProfiles {
    type Item = Profile;
    type IntoIter = PackedIntoIter;

    fn into_iter(self) -> PackedIntoIter {
        let rows = 0..self.len();
        PackedIntoIter { profiles: self, rows }
    }
}

/// The profiles of a [`PackedProfiles`], by [`PackedProfiles::iter`].
#[derive(Clone, Debug)]
pub struct PackedIter<'a> {
    profiles: &'a PackedProfiles,
    rows: Range<usize>,
}

/// The profiles of a [`PackedProfiles`] that is taken apart: its memory is freed as they are taken.
#[derive(Clone, Debug)]
pub struct PackedIntoIter {
    profiles: PackedProfiles,
    rows: Range<usize>,
}

impl PackedIter<'_> {
    fn read(&self, row: usize) -> Option<Profile> {
        self.profiles.get(row)
    }
}

impl PackedIntoIter {
    fn read(&mut self, row: usize) -> Option<Profile> {
        self.profiles.rows.release_beside(row, self.rows.clone());
        self.profiles.get(row)
    }
}

/// Both iterators count through the rows and read those that are asked for.
macro_rules! iterate {
    ($($iterator:ty),+) => { $(
        impl Iterator for $iterator {
            type Item = Profile;

            fn next(&mut self) -> Option<Profile> {
                let row = self.rows.next()?;
                self.read(row)
            }

            fn nth(&mut self, count: usize) -> Option<Profile> {
                let row = self.rows.nth(count)?;
                self.read(row)
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                self.rows.size_hint()
            }
        }

        impl DoubleEndedIterator for $iterator {
            fn next_back(&mut self) -> Option<Profile> {
                let row = self.rows.next_back()?;
                self.read(row)
            }
        }

        impl ExactSizeIterator for $iterator {}

        impl FusedIterator for $iterator {}
    )+ };
}

iterate!(PackedIter<'_>, PackedIntoIter);

#[cfg(test)]
mod tests {
    use super::PackedProfiles;
    use crate::{Profile, ProfileId, ProviderId};

    #[test]
    fn what_was_taken_is_freed_from_both_ends() {
        let rows =
            || (0..10_000).map(|row| Profile::new(ProfileId::new(ProviderId::new("main"), format!("{row:0100}"))));
        let packed: PackedProfiles = rows().collect();
        let all = packed.bytes();
        let mut left = packed.into_iter();
        assert!(left.by_ref().take(4_000).eq(rows().take(4_000)));
        assert!(left.profiles.bytes() < all * 7 / 10, "{} of {all}", left.profiles.bytes());
        assert!(left.by_ref().rev().take(4_000).eq(rows().rev().take(4_000)));
        assert!(left.profiles.bytes() < all * 3 / 10, "{} of {all}", left.profiles.bytes());
        assert!(left.eq(rows().skip(4_000).take(2_000)), "nothing too early");
    }
}
