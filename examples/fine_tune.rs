//! Fine-tunes the bundled model for other landmarks.
//!
//! The model was trained on clothes and knows edges, corners and shapes; kites have those, too. Any
//! dataset in COCO's format works; another example generates the tutorial's dataset:
//!
//!     cargo run --release --example generate_kites -- kites
//!     cargo run --release --example fine_tune -- kites
use std::{env, path::PathBuf, process::ExitCode, sync::Arc};

use dafe::{
    metric::{MeanBaseline, RunningNe},
    predict::predict_dataset,
    prelude::*,
    train::Interrupter,
};

const USAGE: &str = "usage: fine_tune [--epochs N] FOLDER\n\
    FOLDER has annotations/{train,val,test}.json in COCO's form, and images/; \
    `cargo run --release --example generate_kites -- kites` writes such a folder";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let (epochs, root) = arguments().ok_or(USAGE)?;
    let open = |split: &str| {
        let annotations = root.join("annotations").join(split).with_extension("json");
        CocoDataset::open(annotations, root.join("images")).map(Arc::new)
    };
    let (train, val, test) = (open("train")?, open("val")?, open("test")?);

    // Network, input size, framing and loss must be those of the bundled model. Its head has one
    // map for each of its own landmarks; for a schema with other landmarks, `bundled` requests a
    // new head.
    let config = TrainConfig::bundled(train.schema());
    let fine_tuning = config
        .fine_tuning
        .clone()
        // The stem and the first stage are frozen: edges and colors are the same everywhere, and
        // frozen parameters need no gradients.
        .with_frozen_stages(2)
        // The rest of the backbone is pretrained and the new head is not, so the backbone trains at
        // a fraction of the learning rate.
        .with_backbone_rate(0.3);
    println!(
        "{} landmarks, {}",
        config.model.num_landmarks,
        if fine_tuning.new_head { "a new head" } else { "the bundled model's head" }
    );
    // Lower than for training from scratch: large steps would destroy the pretrained weights.
    let config = config.with_epochs(epochs).with_fine_tuning(fine_tuning).with_learning_rate(4e-3);

    // One folder for each number of epochs: a run can only be resumed with its own recipe.
    let device = Device::flex();
    let devices = vec![device.clone(); config.shards];
    let folder = format!("runs/fine_tune-{epochs}");
    let training = Training::new(config, train.clone(), val, devices, folder);
    training.run(&Interrupter::new(), |event| {
        if let TrainEvent::Epoch(_) = event {
            println!("{event}");
        }
    })?;

    // The error on the test split, compared with always guessing each landmark's mean position in
    // the box.
    let detector = LandmarkDetector::load(&training.folder, &device)?;
    let dataset: Arc<dyn LandmarkDataset> = test;
    let loader = training.loader_config();
    let decoding = detector.config().decoding();
    let found = predict_dataset(detector.net(), &dataset, &loader, decoding, &device, |_, _| ())?;
    let ne = found.report(dataset.as_ref()).ne().ok_or("the test split has no visible landmark")?;
    let guess = MeanBaseline::fit((0..train.len()).map(|index| train.sample(index)));
    let mut guessed = RunningNe::new(dataset.schema().len());
    for sample in (0..dataset.len()).map(|index| dataset.sample(index)) {
        guessed.update(&guess.predict(&sample), &sample.landmarks, &sample.bounding_box);
    }
    println!("NE {ne:.4} on the test split, guessing {:.4}", guessed.average().unwrap_or(f64::NAN));
    Ok(())
}

/// The epochs and the dataset's folder; `None` if the arguments are invalid.
fn arguments() -> Option<(usize, PathBuf)> {
    let (mut epochs, mut root) = (4, None);
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--epochs" => epochs = arguments.next()?.parse().ok()?,
            option if option.starts_with('-') => return None,
            _ => root = Some(argument.into()),
        }
    }
    Some((epochs, root?))
}
