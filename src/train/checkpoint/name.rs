//! The names of checkpoints' folders.
use std::fmt;

/// What a checkpoint's folder is called: `000017-epoch-0002-step-000120`. The number in front counts the run's checkpoints, so
/// that the highest is the newest even where an epoch was begun anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub number: u64,
    pub epoch: usize,
    pub step: usize,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, epoch, step } = self;
        write!(f, "{number:06}-epoch-{epoch:04}-step-{step:06}")
    }
}

impl Name {
    /// None where a checkpoint would not be called so.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let [number, "epoch", epoch, "step", step] = parts[..] else { return None };
        let name = Self {
            number: number.parse().ok()?,
            epoch: epoch.parse().ok()?,
            step: step.parse().ok()?,
        };
        (name.to_string() == text).then_some(name)
    }
}
