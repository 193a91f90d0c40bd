//! Training on several devices: CPU devices here, with the same code as for any others.
use std::{fs, sync::Arc};

use dafe::{
    data::BadImage,
    prelude::*,
    train::{InitialWeights, Interrupter, Recompute},
};

use crate::common::{
    Squares, recipe, run,
    sessions::{last_parameters, run_for},
    twelve::{distance, start, train, training, without_batch_statistics},
};

/// The parameters after the last step of a run on CPU devices.
fn train_on(config: &TrainConfig, parts: usize, devices: usize) -> Vec<u8> {
    train(config, parts, vec![Device::flex(); devices])
}

#[test]
fn parts_on_several_devices_equal_the_whole_batch_on_one() {
    let folder = tempfile::tempdir().unwrap();
    for seed in 0..4 {
        let config = without_batch_statistics(folder.path(), seed);
        let whole = train_on(&config, 1, 1);
        let InitialWeights::File(file) = &config.fine_tuning.initial_weights else { panic!() };
        let first = fs::read(file).unwrap();
        // Four steps at a rate of at most 1e-3, lower during warmup.
        let moved = distance(&first, &whole);
        assert!(moved > 1e-3, "{moved:e}");
        for (parts, devices) in [(2, 2), (3, 3), (4, 2), (2, 1), (6, 1)] {
            let distance = distance(&whole, &train_on(&config, parts, devices));
            println!("{parts} parts on {devices} devices: {distance:e}, moved by {moved:e}");
            // Sums of gradients are rounded in another order, in four steps.
            assert!(distance <= 1e-6, "{parts} parts on {devices} devices: {distance:e}");
        }
    }
}

#[test]
fn the_number_of_parts_matters_and_not_that_of_devices() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = recipe(2);
    config.fine_tuning = start(folder.path(), &config.model, 0);
    let spread = train_on(&config, 3, 3);
    // Not `assert_eq!`, which would print them.
    assert!(train_on(&config, 3, 1) == spread, "one device adds up the parts as three do");
    // BatchNorm normalizes batches of 4 instead of 12.
    assert!(distance(&train_on(&config, 1, 1), &spread) > 1e-4);
}

#[test]
fn recomputation_is_the_same_over_devices() {
    let folder = tempfile::tempdir().unwrap();
    // With BatchNorm: a shard that is run twice must not update its running statistics twice.
    let mut config = recipe(2);
    config.recompute = Recompute::Stages;
    config.fine_tuning = start(folder.path(), &config.model, 0);
    let same = train_on(&config, 3, 3) == train_on(&config, 3, 1);
    assert!(same, "one device differs from three");

    let mut config = without_batch_statistics(folder.path(), 0);
    let whole = train_on(&config, 1, 1);
    config.recompute = Recompute::Stages;
    let distance = distance(&whole, &train_on(&config, 3, 3));
    // Sums of gradients are rounded in another order, in four steps.
    assert!(distance <= 1e-6, "{distance:e} from the whole batch, all in memory");
}

#[test]
fn a_run_goes_on_over_another_number_of_devices_with_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = recipe(2);
    config.fine_tuning = start(folder.path(), &config.model, 0);
    let whole = train_on(&config, 3, 3);
    // In the middle of an epoch and at its last step.
    for (steps, first, second) in [(1, 3, 1), (2, 3, 1), (3, 1, 3)] {
        let run_folder = folder.path().join(format!("{steps}-{first}-{second}"));
        let over =
            |devices| training(&run_folder, config.clone(), 3, vec![Device::flex(); devices]);
        assert!(!run_for(&over(first), steps).finished);
        assert!(run(&over(second)).finished);
        let same = last_parameters(&run_folder, &config.model) == whole;
        assert!(same, "{steps} steps on {first} devices, the rest on {second}: another ending");
    }
}

/// `count` training samples; those from `first` on can't be read.
fn broken_from(first: usize, count: usize) -> Arc<Squares> {
    let mut squares = Squares::new(count);
    squares.broken = first..count;
    Arc::new(squares)
}

#[test]
fn devices_without_an_image_of_their_own_keep_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = recipe(2);
    (config.batch_size, config.shards) = (4, 4);
    let train = broken_from(5, 8);
    let devices = vec![Device::flex(); 4];
    let val = Arc::new(Squares::new(5));
    let training =
        Training::new(config, train, val, devices, folder.path()).with_bad_image(BadImage::Skip);
    let (mut steps, mut skipped) = (0, 0);
    let outcome = training.run(&Interrupter::new(), |event| match event {
        TrainEvent::Step { loss, .. } => {
            assert!(loss > 0.0);
            steps += 1;
        }
        TrainEvent::Skipped(_) => skipped += 1,
        _ => {}
    });
    assert!(outcome.unwrap().finished);
    assert_eq!((steps, skipped), (4, 2 * 3));
}

#[test]
fn what_was_learnt_before_a_failure_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = recipe(2);
    config.fine_tuning = start(folder.path(), &config.model, 0);
    let training = |name: &str, first| {
        let train = broken_from(first, 13);
        let (val, devices) = (Arc::new(Squares::new(5)), vec![Device::flex(); 2]);
        Training::new(config.clone(), train, val, devices, folder.path().join(name))
    };
    run(&training("whole", 13));
    let mut events = Vec::new();
    let error = training("failed", 12).run(&Interrupter::new(), |event| match event {
        TrainEvent::Step { epoch, step, .. } => events.push((epoch, step)),
        TrainEvent::Saved { epoch, step } => assert_eq!(Some(&(epoch, step)), events.last()),
        _ => {}
    });
    assert_eq!(error.unwrap_err().to_string(), "img/12.jpg: made to fail");
    let before = events.len();
    assert!(before > 0, "the image is not in the first batch");
    let outcome = training("failed", 13).run(&Interrupter::new(), |event| {
        if let TrainEvent::Step { epoch, step, .. } = event {
            events.push((epoch, step));
        }
    });
    assert!(outcome.unwrap().finished);
    assert_eq!(events, [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]);
    let last = |name: &str| last_parameters(&folder.path().join(name), &config.model);
    assert!(last("whole") == last("failed"), "the parameters differ");
}

#[test]
fn parts_that_cannot_be_dealt_evenly_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |shards: usize, devices: usize| {
        let mut config = recipe(1);
        config.shards = shards;
        let (train, val) = (Arc::new(Squares::new(13)), Arc::new(Squares::new(5)));
        let training =
            Training::new(config, train, val, vec![Device::flex(); devices], folder.path());
        training.run(&Interrupter::new(), |_| {}).unwrap_err().to_string()
    };
    let uneven = "a step's 3 shards can't be distributed evenly over 2 devices";
    assert_eq!(refused(3, 2), uneven);
    assert!(refused(1, 0).ends_with("over 0 devices"));
    let many = "4 images per step can't be split into 5 shards";
    assert_eq!(refused(5, 5), many);
    assert!(!folder.path().join("config.json").exists());
}
