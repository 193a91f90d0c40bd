//! The configuration of a dataset of generated images.
use dafe::data::Split;
use serde::{Deserialize, Serialize};

use super::folder::FINISHED;
use crate::style::Style;

/// The configuration of a dataset of generated images.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetConfig<Form> {
    /// The seed. Every image is determined by it, the split and the image's index.
    pub seed: u64,
    /// The number of training images.
    pub train: usize,
    /// The number of validation images.
    pub val: usize,
    /// The number of test images.
    pub test: usize,
    /// The format of the annotations.
    pub form: Form,
    /// The style of the images.
    #[serde(default)]
    pub style: Style,
}

impl<Form> DatasetConfig<Form> {
    /// The file that marks a dataset as finished and contains its configuration.
    pub const FILE: &str = FINISHED;

    /// Split and index of every image; indices start from 0.
    pub(super) fn images(&self) -> Vec<(Split, u64)> {
        let of = |split, count: usize| (0..count as u64).map(move |index| (split, index));
        of(Split::Train, self.train)
            .chain(of(Split::Val, self.val))
            .chain(of(Split::Test, self.test))
            .collect()
    }
}
