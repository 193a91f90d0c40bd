//! Trains a small network on FLD, or on generated garments in FLD's format, and evaluates it.
//!
//!     cargo run --release -- generate                      # writes runs/garments-0, once
//!     cargo run --release --example train_fld
//!     cargo run --release --example train_fld -- --epochs 4 path/to/FLD
use std::{env, path::PathBuf, process::ExitCode, sync::Arc};

use dafe::{
    data::image::write_png,
    draw::{Drawing, LandmarkMark, Marker, sheet},
    predict::predict_dataset,
    prelude::*,
    train::Interrupter,
};

const USAGE: &str = "usage: train_fld [--epochs N] [FOLDER]";
const GARMENTS: &str = "runs/garments-0";
const RUN: &str = "runs/train_fld";

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
    if !root.exists() {
        let root = root.display();
        return Err(format!(
            "there is no folder {root}: give FLD's, or write generated garments to {GARMENTS} with \
             `cargo run --release -- generate`"
        )
        .into());
    }
    let open = |split| FldDataset::open(&root, split).map(Arc::new);
    let (train, val, test) = (open(Split::Train)?, open(Split::Val)?, open(Split::Test)?);

    // 1. The recipe: a preset with some changes. It is saved with the run, which can only be
    // resumed with the same recipe.
    let mut config = TrainConfig::preset(Preset::Nano, train.schema().len());
    config.epochs = epochs;
    // Each step's batch is split into shards, one for each entry here. A CPU listed twice computes
    // both shards at once, each on half of its cores.
    let device = Device::flex();
    let devices = vec![device.clone(); config.shards];
    let training = Training::new(config, train, val, devices, RUN);

    // 2. The run reports events through a callback, and the interrupter can stop it after a step.
    // If this program is killed, the next start resumes from the last checkpoint.
    let outcome = training.run(&Interrupter::new(), |event| match event {
        TrainEvent::Epoch(_) | TrainEvent::Opened { .. } => println!("{event}"),
        _ => (),
    })?;
    println!("trained for {:.0} s", outcome.seconds);

    // 3. The folder holds the network of the epoch with the lowest validation error. Its normalized
    // error (NE) on the test split: the mean distance as a fraction of the box's width and height.
    let detector = LandmarkDetector::load(RUN, &device)?;
    let dataset: Arc<dyn LandmarkDataset> = test;
    let loader = training.loader_config();
    let decoding = detector.config().decoding();
    let found = predict_dataset(detector.net(), &dataset, &loader, decoding, &device, |_, _| ())?;
    let ne = found.report(dataset.as_ref()).ne().ok_or("the test split has no visible landmark")?;
    println!("NE {ne:.4} on {} test samples", dataset.len());

    // 4. Some of the predictions (dots) and the true landmarks (rings), each cropped to its box.
    let cell = [220, 300];
    let mut images = Vec::new();
    for prediction in found.predictions.iter().take(24) {
        let (image, sample) = (dataset.image(prediction.index)?, dataset.sample(prediction.index));
        let truth = LandmarkMark::labeled(&sample.landmarks);
        // The network predicts all landmarks of the schema; those that this garment lacks are left
        // out.
        let predicted: Vec<_> = (truth.iter())
            .map(|mark| LandmarkMark::new(mark.index, prediction.positions[mark.index]))
            .collect();
        let mut drawing = Drawing::around(&image, &sample.bounding_box, cell);
        drawing.landmarks(dataset.schema(), &truth, Marker::Ring).landmarks(
            dataset.schema(),
            &predicted,
            Marker::Dot,
        );
        images.push(drawing.image());
    }
    let path = training.folder.join("predictions.png");
    write_png(&path, &sheet(&images, 8, cell))?;
    println!("{}", path.display());
    Ok(())
}

/// The epochs and the dataset's folder; `None` if the arguments are invalid.
fn arguments() -> Option<(usize, PathBuf)> {
    let (mut epochs, mut root) = (8, PathBuf::from(GARMENTS));
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--epochs" => epochs = arguments.next()?.parse().ok()?,
            option if option.starts_with('-') => return None,
            _ => root = argument.into(),
        }
    }
    Some((epochs, root))
}
