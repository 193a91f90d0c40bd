//! What a dataset of generated images holds.
use dafe::data::Split;
use serde::{Deserialize, Serialize};

use super::folder::FINISHED;
use crate::style::Style;

/// What a dataset of generated images holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetConfig<Form> {
    /// Every image follows from this, its split and its number.
    pub seed: u64,
    /// Images to train on.
    pub train: usize,
    /// Images to validate on.
    pub val: usize,
    /// Images to test on.
    pub test: usize,
    /// The form of the annotations.
    pub form: Form,
    /// What the images may show.
    #[serde(default)]
    pub style: Style,
}

impl<Form> DatasetConfig<Form> {
    /// The file that says a dataset is finished, and of which config.
    pub const FILE: &str = FINISHED;

    /// Every image: split and number, counted from 0.
    pub(super) fn images(&self) -> Vec<(Split, u64)> {
        let of = |split, count: usize| (0..count as u64).map(move |index| (split, index));
        of(Split::Train, self.train)
            .chain(of(Split::Val, self.val))
            .chain(of(Split::Test, self.test))
            .collect()
    }
}
