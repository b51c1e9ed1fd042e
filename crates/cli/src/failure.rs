//! Why a command did not do what it was asked for.

use std::{io, path::Path};

use polyprofile::{Error, ErrorKind};

use crate::exit::ExitStatus;

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something is wrong, and somebody can mend it.
    Error(Error),
    /// Standard output cannot be written to.
    Output(io::Error),
    /// Whoever was asked said no.
    Declined,
}

impl Failure {
    /// The arguments do not go together; nothing was sent.
    pub(crate) fn usage(message: impl AsRef<str>) -> Self {
        Self::Error(Error::new(ErrorKind::Invalid, message))
    }

    /// `path` cannot be written to.
    pub(crate) fn file(path: &Path, problem: io::Error) -> Self {
        let message = format!("cannot write `{}`: {problem}", path.display());
        Self::Error(Error::new(ErrorKind::Config, message).with_source(problem))
    }

    pub(crate) fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Error(error) => ExitStatus::of_error(error),
            // Whoever read has read enough: `list | head`.
            Self::Output(problem) if problem.kind() == io::ErrorKind::BrokenPipe => ExitStatus::Well,
            Self::Output(_) | Self::Declined => ExitStatus::Other,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<io::Error> for Failure {
    fn from(problem: io::Error) -> Self {
        Self::Output(problem)
    }
}
