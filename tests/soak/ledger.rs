//! The account of every call: what came of it, and whether that can be.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use polyprofile::{Error, ErrorKind};

/// What a call was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Act {
    List,
    Get,
    Person,
}

impl Act {
    const ALL: [Self; 3] = [Self::List, Self::Get, Self::Person];

    const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Get => "get",
            Self::Person => "person",
        }
    }
}

/// What one call gave.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) vendor: &'static str,
    pub(crate) act: Act,
    pub(crate) rows: u64,
    pub(crate) rejected: u64,
    pub(crate) error: Option<Error>,
    /// Why it cannot be what the emulator sent, if so.
    pub(crate) wrong: Option<String>,
}

/// What the emulator's faults can turn a call into; any other kind is nobody's doing but ours.
const EXPECTED: [ErrorKind; 8] = [
    ErrorKind::RateLimited,
    ErrorKind::Unavailable,
    ErrorKind::Timeout,
    ErrorKind::Network,
    ErrorKind::Protocol,
    ErrorKind::Decode,
    ErrorKind::NotFound,
    ErrorKind::Unsupported,
];

/// All calls so far.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    lines: BTreeMap<(&'static str, Act), Line>,
    /// Answers that nothing explains, in words; the first few of them.
    pub(crate) unaccounted: Vec<String>,
    pub(crate) unaccounted_count: u64,
}

#[derive(Debug, Default)]
struct Line {
    calls: u64,
    complete: u64,
    rows: u64,
    rejected: u64,
    /// Failed before anything was sent: by an open circuit, or because the vendor does not offer it.
    held_back: u64,
    errors: BTreeMap<ErrorKind, u64>,
}

impl Ledger {
    /// How many unaccounted answers are kept in words.
    const KEPT: usize = 20;

    pub(crate) fn enter(&mut self, answer: &Answer) {
        let line = self.lines.entry((answer.vendor, answer.act)).or_default();
        line.calls += 1;
        line.rows += answer.rows;
        line.rejected += answer.rejected;
        match &answer.error {
            None => line.complete += 1,
            Some(error) => {
                *line.errors.entry(error.kind()).or_default() += 1;
                line.held_back += u64::from(error.attempts() == 0);
            }
        }
        if let Some(wrong) = answer.wrong.clone().or_else(|| answer.error.as_ref().and_then(unexplained)) {
            self.cannot_be(format!("{} {}: {wrong}", answer.vendor, answer.act.name()));
        }
    }

    /// Notes something that nothing explains.
    pub(crate) fn cannot_be(&mut self, what: String) {
        self.unaccounted_count += 1;
        if self.unaccounted.len() < Self::KEPT {
            self.unaccounted.push(what);
        }
    }

    pub(crate) fn calls(&self) -> u64 {
        self.sum(|line| line.calls)
    }

    /// Calls that were sent at least once.
    pub(crate) fn sent(&self) -> u64 {
        self.sum(|line| line.calls - line.held_back)
    }

    /// Calls whose end is known: complete, or with an error.
    pub(crate) fn accounted(&self) -> u64 {
        self.sum(|line| line.complete + line.errors.values().sum::<u64>())
    }

    fn sum(&self, of: impl Fn(&Line) -> u64) -> u64 {
        self.lines.values().map(of).sum()
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = EXPECTED.into_iter().filter(|kind| self.lines.values().any(|line| line.errors.contains_key(kind)));
        let kinds: Vec<_> = kinds.collect();
        let mut head =
            format!("{:<10} {:<7} {:>7} {:>8} {:>9} {:>8}", "vendor", "act", "calls", "complete", "rows", "rejected");
        for kind in &kinds {
            write!(head, " {:>12}", format!("{kind:?}"))?;
        }
        writeln!(formatter, "{head} {:>9}", "held back")?;
        for vendor in crate::run::VENDORS {
            for act in Act::ALL {
                let Some(line) = self.lines.get(&(vendor, act)) else { continue };
                let (calls, complete, rows, rejected) = (line.calls, line.complete, line.rows, line.rejected);
                write!(formatter, "{vendor:<10} {:<7} {calls:>7} {complete:>8} {rows:>9} {rejected:>8}", act.name())?;
                for kind in &kinds {
                    write!(formatter, " {:>12}", line.errors.get(kind).copied().unwrap_or_default())?;
                }
                writeln!(formatter, " {:>9}", line.held_back)?;
            }
        }
        Ok(())
    }
}

/// Why the emulator's faults cannot have led to `error`.
fn unexplained(error: &Error) -> Option<String> {
    let is_bare = error.provider().is_none() || error.operation().is_none() || error.message().is_empty();
    // A bare 401: two vendors mean the key by it, Postpress nearly always something else.
    let of_postpress = error.provider().is_some_and(|provider| provider.as_str() == "postpress");
    let is_expected = match error.kind() {
        ErrorKind::ApiKey => !of_postpress,
        ErrorKind::Permission => of_postpress,
        kind => EXPECTED.contains(&kind),
    };
    (is_bare || !is_expected).then(|| format!("{error:?}"))
}
