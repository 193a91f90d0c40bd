//! The repository of the photographs: how to get it, and how files are verified.
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::{
    Error,
    data::{annotation::dataset_error, image::MAX_FILE_BYTES},
    file::read_bounded,
};

const REPOSITORY: &str = "https://github.com/alexeygrigorev/clothing-dataset-small";
const COMMIT: &str = "119615165124";

/// Instructions for getting the photographs.
pub(super) fn way_out() -> String {
    format!(
        "get the photographs with: git clone {REPOSITORY} && git -C \
         clothing-dataset-small checkout {COMMIT}"
    )
}

/// Checks that a file's SHA-256 begins with the hexadecimal digits `expected`.
///
/// # Errors
/// A dataset error with both hashes if it does not; an I/O error if the file can't be read.
pub(super) fn check(path: &Path, expected: &str) -> Result<(), Error> {
    let bytes = read_bounded(path, MAX_FILE_BYTES, dataset_error(path))?;
    let digest = format!("{:x}", Sha256::digest(&bytes));
    let found = &digest[..expected.len()];
    if found == expected {
        return Ok(());
    }
    let message = format!(
        "not the labeled photograph: its SHA-256 begins with {found}, not {expected}; check out \
         commit {COMMIT} of {REPOSITORY} (git status lists what was changed since)"
    );
    Err(dataset_error(path)(message))
}
