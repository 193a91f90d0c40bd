//! Output: files in a folder, or standard output.
mod assembly;
mod document;
mod drawing;
mod folder;
mod stream;

pub use assembly::assemble;
pub use drawing::Style;
pub use folder::Folder;
pub use stream::Stream;

use dafe::detector::output::ImageDetections;

use super::{
    inputs::Input,
    looking::{Found, Looked},
    record::Record,
};

/// An image that failed: its index among the inputs, and the reason.
pub struct Failure {
    pub index: usize,
    pub reason: String,
}

/// The record of an image.
fn record(input: &Input, looked: &Looked, found: &Found, made_by: &str) -> Record {
    let size = found.image.dimensions().into();
    Record {
        found: ImageDetections::new(input.source.shown(), size, found.garments.iter().cloned()),
        made_by: made_by.into(),
        file: looked.file.clone(),
    }
}
