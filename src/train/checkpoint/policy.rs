//! When checkpoints are written, and how many are kept.
use crate::{Error, with_fields::with_fields};

/// When checkpoints are written, and how many are kept.
///
/// One is written at the end of every epoch, and whenever the run is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckpointPolicy {
    /// Steps between further checkpoints, counted from the run's beginning. None by default.
    pub every_steps: Option<usize>,
    /// How many of the newest are kept, 2 by default: should the last be damaged, there is the one before. That of the epoch
    /// with the lowest validation NE is kept besides.
    pub keep: usize,
}

with_fields!(CheckpointPolicy {
    with_every_steps every_steps: Option<usize>,
    with_keep keep: usize,
});

impl Default for CheckpointPolicy {
    fn default() -> Self {
        Self { every_steps: None, keep: 2 }
    }
}

impl CheckpointPolicy {
    /// Whether the values can work.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the first that can't.
    pub fn validate(&self) -> Result<(), Error> {
        let message = match self {
            Self { every_steps: Some(0), .. } => "every_steps",
            Self { keep: 0, .. } => "keep",
            _ => return Ok(()),
        };
        Err(Error::config(format!("checkpoints.{message} must be at least 1, not 0")))
    }

    /// Whether one is due when so many steps of the run are done.
    pub(in crate::train) fn due(&self, steps: usize) -> bool {
        self.every_steps.is_some_and(|every| steps.is_multiple_of(every))
    }
}
