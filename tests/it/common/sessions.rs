//! Sessions of a run that end early, and the files they leave in its folder.
use std::{
    fs,
    path::{Path, PathBuf},
};

use burn::{module::Module, store::ModuleRecord};
use dafe::{
    prelude::*,
    train::{Interrupter, Outcome},
    weights::save_safetensors,
};

/// Runs until `is_last` returns true for an event, or to the end.
pub fn run_until(training: &Training, mut is_last: impl FnMut(&TrainEvent<'_>) -> bool) -> Outcome {
    let interrupter = Interrupter::new();
    let outcome = training.run(&interrupter, |event| {
        if is_last(&event) {
            interrupter.stop(None);
        }
    });
    outcome.unwrap()
}

/// For [`run_until`]: whether an event is the session's step `last`, from 1.
pub fn step_number(last: usize) -> impl FnMut(&TrainEvent<'_>) -> bool {
    let mut done = 0;
    move |event| {
        let is_step = matches!(event, TrainEvent::Step { .. });
        done += usize::from(is_step);
        is_step && done == last
    }
}

/// Runs `steps` steps in this session.
pub fn run_for(training: &Training, steps: usize) -> Outcome {
    run_until(training, step_number(steps))
}

/// The checkpoints of the run in `folder`, oldest first.
pub fn checkpoints(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("checkpoints")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| file_name(path).starts_with(|first: char| first.is_ascii_digit()));
    paths.sort();
    paths
}

pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The newest checkpoint's parameters as safetensors: those after the last step, whereas
/// [`model`](super::model) has those of the best epoch.
pub fn last_parameters(folder: &Path, config: &LandmarkNetConfig) -> Vec<u8> {
    let newest = checkpoints(folder).pop().unwrap();
    let record = ModuleRecord::load(newest.join("model.bpk")).unwrap();
    let net = config.init(&Device::flex()).load_record(record);
    // In another folder, so that nothing is added to the run.
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("last.safetensors");
    save_safetensors(&net, &file).unwrap();
    fs::read(file).unwrap()
}
