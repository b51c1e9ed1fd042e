//! What the exit status says.

use std::process::ExitCode;

use polyprofile::{Comparison, Error, ErrorKind, HealthSummary, ProviderReport};

/// How a command ended. The numbers are a promise to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// All well.
    Well = 0,
    /// Whatever has no number of its own, such as an id that nobody knows.
    Other = 1,
    /// The arguments or the configuration are wrong.
    Usage = 2,
    /// Connections end soon, or their answers contradict themselves.
    Warnings = 3,
    /// Connections do not work.
    Broken = 4,
    /// Some provider failed, or there are rows that nobody has seen.
    Incomplete = 5,
    /// Every provider failed.
    Failed = 6,
}

impl ExitStatus {
    /// How several providers fared together.
    pub(crate) fn of_providers<'a>(providers: impl IntoIterator<Item = &'a ProviderReport>) -> Self {
        Self::of_each(providers.into_iter().map(|provider| {
            let has_failed = !provider.complete && provider.profiles == 0 && provider.rejected == 0;
            (provider.ok, has_failed)
        }))
    }

    /// How several providers fared together that were asked several times.
    pub(crate) fn of_comparison(comparison: &Comparison) -> Self {
        let providers = comparison.providers.iter();
        Self::of_each(providers.map(|one| (one.is_complete(), !one.has_answered() && one.rejected == 0)))
    }

    /// Of each provider: whether it did all that was asked for, and whether it did nothing of it.
    fn of_each(providers: impl Iterator<Item = (bool, bool)>) -> Self {
        let (mut asked, mut failed, mut all_ok) = (0, 0, true);
        for (is_ok, has_failed) in providers {
            asked += 1;
            failed += u32::from(has_failed);
            all_ok &= is_ok;
        }
        match (asked, failed, all_ok) {
            (_, _, true) => Self::Well,
            (asked, failed, false) if asked == failed => Self::Failed,
            _ => Self::Incomplete,
        }
    }

    /// What the verdicts ask for. "Unknown" alone asks for nothing.
    pub(crate) const fn of_health(summary: &HealthSummary) -> Self {
        match summary {
            HealthSummary { broken: 1.., .. } => Self::Broken,
            HealthSummary { warning: 1.., .. } => Self::Warnings,
            _ => Self::Well,
        }
    }

    /// How a command ended that asked for one thing and did not get it.
    pub(crate) fn of_error(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Config => Self::Usage,
            // Refused before anything was sent: what was asked for can never work.
            ErrorKind::Invalid | ErrorKind::Unsupported if error.attempts() == 0 => Self::Usage,
            ErrorKind::NotFound => Self::Other,
            _ => Self::Failed,
        }
    }

    /// The one to report where both apply.
    pub(crate) fn or(self, other: Self) -> Self {
        const ORDER: [ExitStatus; 7] = [
            ExitStatus::Usage,
            ExitStatus::Failed,
            ExitStatus::Broken,
            ExitStatus::Incomplete,
            ExitStatus::Warnings,
            ExitStatus::Other,
            ExitStatus::Well,
        ];
        ORDER.into_iter().find(|status| [self, other].contains(status)).unwrap_or(self)
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::ExitStatus::{self, Broken, Failed, Incomplete, Other, Usage, Warnings, Well};

    #[test]
    fn where_several_apply_the_gravest_is_reported() {
        let rows: [(ExitStatus, ExitStatus, ExitStatus); 7] = [
            (Well, Other, Other),
            (Warnings, Incomplete, Incomplete),
            (Incomplete, Broken, Broken),
            (Broken, Failed, Failed),
            (Failed, Usage, Usage),
            (Warnings, Well, Warnings),
            (Well, Well, Well),
        ];
        for (one, other, reported) in rows {
            assert_eq!((one.or(other), other.or(one)), (reported, reported), "{one:?} {other:?}");
        }
    }
}
