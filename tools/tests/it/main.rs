//! The programs of this package, run like a user runs them, on a small dataset of generated
//! garments; and the links of the documentation.
mod ablation;
mod decoding;
mod help;
mod links;
mod measure;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use dafe_garments::{GarmentDatasetConfig, write_garment_dataset};
use serde_json::Value;

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// Runs a command that must succeed, and returns its output.
fn succeed(command: &mut Command) -> String {
    let output = run(command);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command that must fail, and returns its errors.
fn fail(command: &mut Command) -> String {
    let output = run(command);
    assert!(!output.status.success(), "{command:?} succeeded");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("error: ") && !errors.contains("panicked"), "{errors}");
    errors
}

fn json(path: impl AsRef<Path>) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// 48 training, 8 validation and 12 test garments.
fn tree(root: &Path) {
    let config = GarmentDatasetConfig { train: 48, val: 8, test: 12, ..Default::default() };
    write_garment_dataset(root, &config, &|_, _| ()).unwrap();
}
