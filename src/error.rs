//! The crate's one error type: what went wrong, in which file, line, picture and landmark, as far as known.
use std::{io, path::PathBuf};

/// Everything from outside that can be wrong: files, annotations, pictures, configurations, weights, devices.
///
/// Wrong tensor shapes are a programmer's mistake and panic instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was attempted, as a verb: "read", "write", "create".
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// A line of an annotation file is malformed.
    #[error("{path}:{line}: {message}")]
    Annotation {
        /// The annotation file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// A dataset as a whole is not usable: a missing split, files that disagree.
    #[error("dataset {path}: {message}")]
    Dataset {
        /// The dataset's root or the file at fault.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A picture could not be decoded, or is refused.
    #[error("picture {path}: {message}")]
    Picture {
        /// The picture's file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A configuration has a value that cannot work.
    #[error("configuration: {0}")]
    Config(String),
    /// A file of weights does not fit.
    #[error("weights {path}: {message}")]
    Weights {
        /// The file of weights.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A checkpoint of a run is not as it was written, or is none of this run's.
    #[error("checkpoint {path}: {message}")]
    Checkpoint {
        /// The checkpoint's file, or the folder of all of them.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A device is unknown, not compiled in, or not there.
    #[error("device '{device}': {message}")]
    Device {
        /// The device as it was asked for.
        device: String,
        /// What is wrong.
        message: String,
    },
    /// Training cannot go on.
    #[error("training: {0}")]
    Training(String),
    /// Numbers can't be plotted.
    #[error("plot: {0}")]
    Plot(String),
}

impl Error {
    /// An [`Error::Io`], for `map_err`.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
