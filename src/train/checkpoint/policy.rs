//! When checkpoints are written, and how many are kept.
use crate::{Error, with_fields::with_fields};

/// When checkpoints are written, and how many are kept.
///
/// One is always written at the end of every epoch, and whenever the run is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckpointPolicy {
    /// Steps between additional checkpoints, counted from the start of the run. `None` by default.
    pub every_steps: Option<usize>,
    /// The number of newest checkpoints to keep, 2 by default: if the last one is damaged, the one
    /// before it can be used. The checkpoint of the epoch with the lowest validation NE is kept in
    /// addition.
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
    /// Checks that all values are valid.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the first invalid value.
    pub fn validate(&self) -> Result<(), Error> {
        let message = match self {
            Self { every_steps: Some(0), .. } => "every_steps",
            Self { keep: 0, .. } => "keep",
            _ => return Ok(()),
        };
        Err(Error::config(format!("checkpoints.{message} must be at least 1, not 0")))
    }

    /// Whether a checkpoint is due after `steps` steps of the run.
    pub(in crate::train) fn due(&self, steps: usize) -> bool {
        self.every_steps.is_some_and(|every| steps.is_multiple_of(every))
    }
}
