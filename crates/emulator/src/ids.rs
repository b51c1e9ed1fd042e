//! Identifiers for what is created while the emulator runs.

/// Gives out ids that look arbitrary, never repeat, and are the same on every run.
#[derive(Debug, Default)]
pub(crate) struct Ids(u32);

impl Ids {
    pub(crate) fn next(&mut self, prefix: &str) -> String {
        self.0 = self.0.wrapping_add(1);
        // An odd factor permutes the 32-bit numbers, so that no two of them meet.
        format!("{prefix}{:08x}", self.0.wrapping_mul(0x9E37_79B1))
    }
}
