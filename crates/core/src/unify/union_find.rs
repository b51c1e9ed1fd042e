//! Sets that only ever grow together.

/// Disjoint sets of the numbers from 0: union by size, and paths halved on the way up, so that any
/// number of unions costs next to linear time.
#[derive(Clone, Debug)]
pub(super) struct UnionFind {
    parents: Vec<u32>,
    sizes: Vec<u32>,
}

impl UnionFind {
    /// So many sets of one.
    pub(super) fn new(count: u32) -> Self {
        Self { parents: (0..count).collect(), sizes: vec![1; count as usize] }
    }

    /// The number that stands for the set of `item`.
    pub(super) fn find(&mut self, mut item: u32) -> u32 {
        while self.parents[item as usize] != item {
            let grandparent = self.parents[self.parents[item as usize] as usize];
            self.parents[item as usize] = grandparent;
            item = grandparent;
        }
        item
    }

    /// Makes one set of two. Gives the number that stands for both, and the one that no longer stands
    /// for anything; `None` if they were one set already.
    pub(super) fn union(&mut self, one: u32, other: u32) -> Option<(u32, u32)> {
        let (one, other) = (self.find(one), self.find(other));
        if one == other {
            return None;
        }
        let (kept, gone) =
            if self.sizes[one as usize] >= self.sizes[other as usize] { (one, other) } else { (other, one) };
        self.parents[gone as usize] = kept;
        self.sizes[kept as usize] += self.sizes[gone as usize];
        Some((kept, gone))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::UnionFind;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        /// Against the slow way: a matrix of who is with whom, closed step by step.
        #[test]
        fn the_sets_are_the_closure_of_the_unions(unions in prop::collection::vec((0_u32..12, 0_u32..12), 0..20)) {
            let mut sets = UnionFind::new(12);
            let mut together = [[false; 12]; 12];
            for (item, row) in together.iter_mut().enumerate() {
                row[item] = true;
            }
            for (one, other) in &unions {
                sets.union(*one, *other);
                together[*one as usize][*other as usize] = true;
                together[*other as usize][*one as usize] = true;
            }
            for middle in 0..12 {
                for from in 0..12 {
                    for to in 0..12 {
                        together[from][to] |= together[from][middle] && together[middle][to];
                    }
                }
            }
            for from in 0..12_u32 {
                for to in 0..12_u32 {
                    prop_assert_eq!(sets.find(from) == sets.find(to), together[from as usize][to as usize]);
                }
            }
        }
    }
}
