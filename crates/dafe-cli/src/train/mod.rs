//! Trains a landmark network on FLD, DeepFashion-C, DeepFashion2 or any COCO keypoints, evaluates
//! it on the test split and renders its predictions.
//!
//! Without arguments, it generates a dataset of garments once, and trains a network on it that is
//! small enough for a CPU.
mod args;
mod begun;
mod init;
mod metrics;
mod recipe;
mod session;
mod start;
mod testing;

use std::sync::Arc;

use dafe::{data::Subset, prelude::*};

pub use self::args::Args;
use self::{session::SessionArgs, testing::Trained};
use crate::support::{
    Ending, Outcome, boxes,
    datasets::{Opener, Splits},
    output::tell,
    parse_device_names, train_with_progress,
};

pub fn run(args: Args) -> Outcome<Ending> {
    let SessionArgs { dataset: source, fraction, boxes: boxes_at, .. } = &args.session;
    // Checked before anything is generated or read.
    parse_device_names(args.session.devices.iter().map(String::as_str))?;
    let root = source.root()?;
    let mut opener = Opener::new(source, &root, false)?;
    let opened = opener.open_all();
    opener.tell();
    let Splits { mut train, val, test } = opened?;
    let config = args.config(train.as_ref(), opener.format)?;
    let devices = args.training_devices(config.shards)?;
    let device = devices[0].clone();
    if *fraction != 1.0 {
        train = Arc::new(Subset::fraction(train, *fraction, config.seed)?);
    }
    tell(format_args!(
        "{}: {} samples to train on, {} to validate, {} to test",
        root.display(),
        train.len(),
        val.len(),
        test.dataset.len()
    ));
    if test.split == Split::Val {
        tell(
            "no labeled test split: evaluated on the validation split, which chose the best \
              epoch",
        );
    }

    // Read before the long work, so that errors in the file are found now.
    let in_boxes = |path| boxes::detected(&test.dataset, path);
    let detected = boxes_at.as_deref().map(in_boxes).transpose()?;

    let training = args.training(config, [train, val], devices);
    let cost = training.config.model.summary(training.config.codec.input_size()).total();
    tell(format_args!(
        "network: {} parameters, {:.1} million multiply-adds per image",
        cost.parameters,
        cost.multiply_adds as f64 / 1e6
    ));
    // Only once the run owns the folder, so that another run's arguments are not overwritten.
    let begun = || args.session.save(&training.folder);
    let (outcome, skipped) = train_with_progress(&training, args.plain, begun)?;
    if !outcome.finished {
        let run = args.out.display();
        tell(format_args!("stopped and saved; resume with `dafe train --resume {run}`"));
        return Ok(Ending::Interrupted);
    }

    let trained = Trained { training: &training, test: &test, detected: detected.as_ref(), device };
    trained.evaluate(&outcome, skipped)?.print();
    tell(format_args!(
        "{}: model.safetensors, config.json, arguments.json, metrics.json, curves.svg, \
         predictions.png (rings: ground truth, dots: predictions)",
        args.out.display()
    ));
    Ok(Ending::Done)
}
