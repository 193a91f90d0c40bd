//! Reading a project.
use std::path::Path;

use super::{DeepLabCutDataset, DeepLabCutOptions};
use crate::{
    Error,
    data::{ReadEvent, annotation::dataset_error},
};

pub(super) fn read(
    path: &Path,
    _options: &DeepLabCutOptions,
    _on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
) -> Result<DeepLabCutDataset, Error> {
    Err(dataset_error(path)("not read yet"))
}
