//! Stopping and resuming.
use std::sync::Arc;

use dafe::{
    model::Supervision,
    prelude::*,
    train::{FineTuning, InitialWeights, Interrupter, Outcome, Recompute, Schedule},
    weights::save_safetensors,
};

use crate::common::{
    Squares,
    alone::alone,
    model, recipe, run,
    sessions::{last_parameters, run_for, run_until},
    training, training_on,
    twelve::{distance, train, without_batch_statistics},
};

alone!(
    stopped_at_any_step_a_run_ends_with_the_same_bits,
    #[cfg(feature = "ndarray")]
    so_does_one_on_ndarray,
    so_does_one_in_parts,
    so_does_one_that_is_fine_tuned,
    deep_supervision_is_the_same_over_devices,
    a_run_stopped_in_validation_validates_again,
    an_image_that_fails_in_validation_loses_no_step,
);

/// The metrics that must be equal: losses, errors and learning rates by epoch, but not times.
fn measured(outcome: &Outcome) -> Vec<(f64, Option<f64>, f64)> {
    let epochs = outcome.history.epochs.iter();
    epochs.map(|epoch| (epoch.train_loss, epoch.val_ne, epoch.learning_rate)).collect()
}

/// Stops a run of `config` at each of its steps in turn, and again one step later: the result
/// equals that of an uninterrupted run.
fn stop_at_every_step(device: &Device, config: &TrainConfig) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let whole = path("whole");
    let outcome = run(&training_on(device, &whole, config.clone(), 2));
    assert!(outcome.finished);
    let expected = (model(&whole), last_parameters(&whole, &config.model));
    // 13 samples in batches of 4: three steps per epoch.
    let steps = 3 * config.epochs;
    for stop in 1..=steps {
        let at = path(&format!("stopped-at-{stop}"));
        let parts = training_on(device, &at, config.clone(), stop % 3);
        assert!(!run_for(&parts, stop).finished);
        if stop < steps {
            assert!(!run_for(&parts, 1).finished);
        }
        let resumed = run(&parts);
        assert!(resumed.finished);
        assert_eq!(measured(&outcome), measured(&resumed), "stopped at {stop}");
        // Not `assert_eq!`, which would print them.
        let same = expected == (model(&at), last_parameters(&at, &config.model));
        assert!(same, "the parameters differ, stopped at {stop}");
    }
}

fn stopped_at_any_step_a_run_ends_with_the_same_bits() {
    let mut config = recipe(2);
    config.shards = 1;
    stop_at_every_step(&Device::flex(), &config);
}

#[cfg(feature = "ndarray")]
fn so_does_one_on_ndarray() {
    let mut config = recipe(1);
    config.shards = 1;
    stop_at_every_step(&crate::common::devices::ndarray(), &config);
}

fn so_does_one_in_parts() {
    let mut config = recipe(2);
    config.shards = 2;
    stop_at_every_step(&Device::flex(), &config);
}

fn so_does_one_that_is_fine_tuned() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("resnet.safetensors");
    let mut config = recipe(2);
    save_safetensors(&config.model.backbone.init(&Device::flex()), &file).unwrap();
    config.shards = 1;
    config.model.supervision = Supervision::Deep;
    config.schedule = Schedule::Step { epochs: 1, factor: 0.3 };
    config.fine_tuning = FineTuning::default()
        .with_initial_weights(InitialWeights::File(file))
        .with_frozen_stages(2)
        .with_freeze_norm(true)
        .with_backbone_rate(0.2);
    stop_at_every_step(&Device::flex(), &config);
}

/// Here and not with the other device tests, because auxiliary heads are random even if a run
/// starts from a file.
fn deep_supervision_is_the_same_over_devices() {
    let folder = tempfile::tempdir().unwrap();
    let over = |config: &_, parts, devices| train(config, parts, vec![Device::flex(); devices]);
    for &recompute in Recompute::ALL {
        let mut config = without_batch_statistics(folder.path(), 0);
        config.model.supervision = Supervision::Deep;
        let whole = over(&config, 1, 1);
        config.recompute = recompute;
        let spread = over(&config, 3, 3);
        let distance = distance(&whole, &spread);
        // Sums of gradients are rounded in another order, in four steps.
        assert!(distance <= 1e-6, "{recompute:?}: {distance:e} from the whole batch");
        assert!(over(&config, 3, 1) == spread, "{recompute:?}: one device differs from three");
    }
}

/// 5 images in batches of 4: validation takes two batches.
fn a_run_stopped_in_validation_validates_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut config = recipe(2);
    // On one device, because several validate that many batches at once.
    config.shards = 1;
    let whole = training(&path("whole"), config.clone(), 0);
    let outcome = run(&whole);
    let parts = training(&path("parts"), config, 0);
    let (mut steps, mut validated) = (0, Vec::new());
    let stopped = run_until(&parts, |event| {
        steps += usize::from(matches!(event, TrainEvent::Step { .. }));
        if let TrainEvent::Validation { done, total } = event {
            validated.push((*done, *total));
        }
        !validated.is_empty()
    });
    assert!(!stopped.finished && stopped.history.epochs.is_empty());
    assert_eq!((steps, validated), (3, vec![(4, 5)]));

    let (mut opened, mut steps) = (None, 0);
    let resumed = parts.run(&Interrupter::new(), |event| match event {
        TrainEvent::Opened { epoch, step, .. } => opened = Some((epoch, step)),
        TrainEvent::Step { .. } => steps += 1,
        _ => {}
    });
    let resumed = resumed.unwrap();
    assert_eq!((opened, steps), (Some((0, 3)), 3));
    assert_eq!(measured(&outcome), measured(&resumed));
    assert!(model(&path("whole")) == model(&path("parts")), "the parameters differ");
    // Running a finished run again does nothing.
    assert_eq!(run(&parts), resumed);
}

fn an_image_that_fails_in_validation_loses_no_step() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let outcome = run(&training(&path("whole"), recipe(1), 0));
    let mut failing = training(&path("parts"), recipe(1), 0);
    let mut broken = Squares::new(5);
    broken.broken = 4..5;
    failing.val = Arc::new(broken);
    let error = failing.run(&Interrupter::new(), |_| {}).unwrap_err();
    assert_eq!(error.to_string(), "img/4.jpg: made to fail");

    let mended = training(&path("parts"), recipe(1), 0);
    let mut events = Vec::new();
    let resumed = mended.run(&Interrupter::new(), |event| events.push(event.to_string()));
    assert_eq!(measured(&outcome), measured(&resumed.unwrap()));
    assert!(events[0].ends_with("0 epochs and 3 steps are done"), "{events:?}");
    assert!(!events.iter().any(|event| event.contains("step 1 of")), "{events:?}");
    assert!(model(&path("whole")) == model(&path("parts")), "the parameters differ");
}
