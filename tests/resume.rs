//! Stopping and going on. In a file of its own, so in a process of its own: initial parameters come from a generator
//! that all threads of a process share, and this test needs the same ones twice.
use dafe::{
    prelude::*,
    train::{Interrupter, Outcome},
};

mod common;
use common::{model, recipe, run, training_on};
#[path = "common/devices.rs"]
mod devices;

/// Runs until `steps` steps are done in this session.
fn run_for(training: &Training, steps: usize) -> Outcome {
    let interrupter = Interrupter::new();
    let mut done = 0;
    let outcome = training.run(&interrupter, |event| {
        if matches!(event, TrainEvent::Step { .. }) {
            done += 1;
            if done == steps {
                interrupter.stop(None);
            }
        }
    });
    outcome.unwrap()
}

#[test]
fn a_stopped_and_resumed_run_ends_with_the_same_bits() {
    devices::devices().iter().for_each(ends_with_the_same_bits);
}

fn ends_with_the_same_bits(device: &Device) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let whole = training_on(device, &path("whole"), recipe(3), 2);
    let outcome = run(&whole);
    assert!(outcome.finished);
    // 13 samples in batches of 4: three steps an epoch. Stopped in mid-epoch, at an epoch's last step, and again.
    let parts = training_on(device, &path("parts"), recipe(3), 1);
    for steps in [2, 1, 4] {
        assert!(!run_for(&parts, steps).finished);
    }
    let resumed = run(&parts);
    assert!(resumed.finished);
    let losses = |outcome: &Outcome| -> Vec<_> {
        outcome.history.epochs.iter().map(|epoch| (epoch.train_loss, epoch.val_ne)).collect()
    };
    assert_eq!(losses(&outcome), losses(&resumed));
    // Not assert_eq!, which would print them.
    assert!(model(&path("whole")) == model(&path("parts")), "the parameters differ");
    // A run that is done does nothing more.
    assert_eq!(run(&parts), resumed);
}
