//! Names of checkpoint folders.
use std::fmt;

/// The name of a checkpoint's folder: `000017-epoch-0002-step-000120`. The leading number counts
/// the run's checkpoints, so the highest one is the newest even if an epoch was restarted.
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
    /// `None` if the text is not a checkpoint's name.
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
