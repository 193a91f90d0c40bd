//! How a command ends: its exit status, and its error in one line.
use std::{error::Error, fmt, io, process::ExitCode};

use super::{Outcome, output};

/// The exit status that shells report for a program ended by Ctrl-C.
pub const INTERRUPTED: u8 = 130;

/// How a command ended without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Everything is done.
    Done,
    /// Some of many items failed and were listed.
    SomeFailed,
    /// All items failed.
    NothingDone,
    /// Ended early by a signal or a key; finished work is kept.
    Interrupted,
}

impl From<()> for Ending {
    fn from((): ()) -> Self {
        Self::Done
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Done => Self::SUCCESS,
            Ending::SomeFailed => 1.into(),
            Ending::NothingDone => 2.into(),
            Ending::Interrupted => INTERRUPTED.into(),
        }
    }
}

/// An error before any work: a usage error, or a feature that this build lacks.
#[derive(Debug)]
pub struct Refused(Box<dyn Error>);

impl Refused {
    /// Wraps `error`; a closed pipe stays as it is.
    pub fn by(error: Box<dyn Error>) -> Box<dyn Error> {
        if is_closed_pipe(&*error) { error } else { Box::new(Self(error)) }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Refused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// The exit status of a command; its error is printed to standard error in one line.
pub fn finish(outcome: Outcome<impl Into<Ending>>) -> ExitCode {
    match outcome {
        Ok(ending) => ending.into().into(),
        Err(error) if is_closed_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            output::warn(format_args!("error: {}", one_line(&*error)));
            if error.is::<Refused>() { 2.into() } else { ExitCode::FAILURE }
        }
    }
}

/// Whether standard output is closed, as behind `| head`.
fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// The error and its causes in one line, without repetitions.
fn one_line(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        source = cause.source();
    }
    text.split_terminator('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An error with a cause.
    #[derive(Debug)]
    struct Nested(&'static str, Option<Box<Nested>>);

    impl fmt::Display for Nested {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Nested {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|cause| cause as _)
        }
    }

    #[test]
    fn causes_are_said_once_and_in_one_line() {
        let cause = Nested("no such file", None);
        let middle = Nested("cannot read x:\n  no such file", Some(Box::new(cause)));
        let outer = Nested("the model is lost", Some(Box::new(middle)));
        let expected = "the model is lost: cannot read x: no such file";
        assert_eq!(one_line(&outer), expected);
        let refused = Refused::by(Box::new(outer));
        assert_eq!(one_line(&*refused), expected);
    }

    #[test]
    fn a_closed_pipe_is_no_error() {
        let closed = || Box::new(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(is_closed_pipe(&*Refused::by(closed())));
        let other = Refused::by(Box::new(io::Error::other("disk full")));
        assert!(!is_closed_pipe(&*other) && other.is::<Refused>());
    }
}
