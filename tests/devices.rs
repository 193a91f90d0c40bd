//! Training over several devices: CPU devices here, through the same code as any others.
use std::{fs, sync::Arc};

use dafe::{error::Error, prelude::*, train::Interrupter};

mod common;
use common::{
    Squares, model, recipe, run,
    twelve::{distance, start, train},
};

#[test]
fn parts_on_several_devices_equal_the_whole_batch_on_one() {
    let folder = tempfile::tempdir().unwrap();
    for seed in 0..4 {
        let mut config = recipe(2);
        // No BatchNorm but the backbone's, which stays as it is.
        config.model = config.model.with_norm(false);
        config.fine_tuning =
            FineTuning { freeze_norm: true, ..start(folder.path(), &config.model, seed) };
        config.seed = seed;
        // Adam divides gradients by their size, those that are nothing but rounding included: what such parameters differ by
        // is the rate.
        config.learning_rate = 1e-3;
        let train = |parts, devices| {
            train(folder.path(), config.clone(), parts, vec![Device::flex(); devices])
        };
        let whole = train(1, 1);
        let first = fs::read(config.fine_tuning.pretrained.as_ref().unwrap()).unwrap();
        // Four steps of a rate of at most 1e-3, less while the schedule warms up.
        let moved = distance(&first, &whole);
        assert!(moved > 1e-3, "{moved:e}");
        for (parts, devices) in [(2, 2), (3, 3), (4, 2), (2, 1), (6, 1)] {
            let distance = distance(&whole, &train(parts, devices));
            println!("{parts} parts on {devices} devices: {distance:e}, moved by {moved:e}");
            // Sums of gradients are rounded in another order.
            assert!(distance <= 1e-6, "{parts} parts on {devices} devices: {distance:e}");
        }
    }
}

#[test]
fn the_number_of_parts_matters_and_not_that_of_devices() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = recipe(2);
    config.fine_tuning = start(folder.path(), &config.model, 0);
    let train =
        |parts, devices| train(folder.path(), config.clone(), parts, vec![Device::flex(); devices]);
    let spread = train(3, 3);
    // Not assert_eq!, which would print them.
    assert!(train(3, 1) == spread, "one device adds up the parts as three do");
    // BatchNorm sees batches of 4 instead of 12.
    assert!(distance(&train(1, 1), &spread) > 1e-4);
}

/// [`Squares`] whose pictures from `first` on can't be read.
struct Broken {
    whole: Squares,
    first: usize,
}

impl LandmarkDataset for Broken {
    fn schema(&self) -> &LandmarkSchema {
        self.whole.schema()
    }

    fn len(&self) -> usize {
        self.whole.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        self.whole.sample(index)
    }

    fn read_picture(&self, image: &str) -> Result<image::RgbImage, Error> {
        let index = (0..self.len()).find(|&index| self.sample(index).image == image);
        match index.is_some_and(|index| index < self.first) {
            true => self.whole.read_picture(image),
            false => Err(Error::Picture { path: image.into(), message: "made to fail".into() }),
        }
    }
}

#[test]
fn devices_without_a_picture_of_their_own_keep_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = recipe(2);
    (config.batch_size, config.shards) = (4, 4);
    let train = Arc::new(Broken { whole: Squares::new(8), first: 5 });
    let devices = vec![Device::flex(); 4];
    let val = Arc::new(Squares::new(5));
    let training = Training {
        bad_picture: BadPicture::Skip,
        ..Training::new(config, train, val, devices, folder.path())
    };
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
        let train = Arc::new(Broken { whole: Squares::new(13), first });
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
    assert_eq!(error.unwrap_err().to_string(), "picture img/12.jpg: made to fail");
    let before = events.len();
    assert!(before > 0, "the picture is not in the first batch");
    let outcome = training("failed", 13).run(&Interrupter::new(), |event| {
        if let TrainEvent::Step { epoch, step, .. } = event {
            events.push((epoch, step));
        }
    });
    assert!(outcome.unwrap().finished);
    assert_eq!(events, [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]);
    let model = |name: &str| model(&folder.path().join(name));
    assert!(model("whole") == model("failed"), "the parameters differ");
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
    let uneven = "configuration: a step's 3 parts (shards) can't be dealt evenly over 2 devices";
    assert_eq!(refused(3, 2), uneven);
    assert!(refused(1, 0).ends_with("over 0 devices"));
    let many = "configuration: 4 pictures a step can't be split into 5 parts (shards)";
    assert_eq!(refused(5, 5), many);
    assert!(!folder.path().join("config.json").exists());
}
