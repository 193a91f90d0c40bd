//! Trains a landmark network on FLD, DeepFashion-C, DeepFashion2 or anybody's COCO keypoints, measures
//! it on the test split and draws its predictions.
//!
//! Without arguments: generates a tree of garments once, and trains a network small enough for a CPU
//! on it.
mod args;
mod recipe;
mod session;

use std::{collections::BTreeMap, sync::Arc};

use dafe::{
    atomic::write_text,
    data::{Subset, picture::write_png},
    metric::Bootstrap,
    prelude::*,
};
use serde::Serialize;

pub use self::args::Args;
use self::session::SessionArgs;
use crate::support::{
    Ending, Outcome, Progress, boxes as box_files,
    datasets::{OpenSplit, Splits},
    duration,
    output::tell,
    parse_device_name, sheets, train_with_progress, without_boxes,
};

/// The numbers of a run, as `metrics.json` holds them.
#[derive(Serialize)]
struct Metrics {
    /// The split that `test` is of: "val" where there is no labelled test split.
    split: Split,
    test: LandmarkSummary,
    /// Of the same split, the network being given no boxes: for one garment of each image, the largest.
    without_boxes: LandmarkSummary,
    in_detected_boxes: Option<LandmarkSummary>,
    baseline: LandmarkSummary,
    baseline_over_ne: Option<f64>,
    train_seconds: f64,
    best_epoch: Option<usize>,
    val_ne: Option<f64>,
    skipped_pictures: usize,
    training: BTreeMap<&'static str, usize>,
}

pub fn run(args: Args) -> Outcome<Ending> {
    let SessionArgs { dataset: source, fraction, boxes, .. } = &args.session;
    // Before anything is generated or read.
    for name in &args.session.devices {
        parse_device_name(name)?;
    }
    let root = source.root()?;
    let Splits { mut train, val, test } = source.open_all(&root)?;
    let OpenSplit { split: tested, dataset: test } = test;
    let config = args.config(train.as_ref())?;
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
        test.len()
    ));
    if tested == Split::Val {
        tell(
            "no labelled test split: measured on the validation split, by which the best epoch is chosen",
        );
    }

    // Before the long work: a file that can't be read would be found out after it.
    let detected = boxes.as_ref().map(|path| box_files::detected(&test, path)).transpose()?;

    let training = args.training(config, [train.clone(), val], devices);
    let cost = training.config.model.summary(training.config.codec.input_size()).total();
    tell(format_args!(
        "network: {} parameters, {:.1} million multiply-adds an image",
        cost.parameters,
        cost.multiply_adds as f64 / 1e6
    ));
    // Not before, so that the arguments are not written over those of another run.
    let begun = || args.session.save(&training.folder);
    let (outcome, mut skipped) = train_with_progress(&training, args.plain, begun)?;
    if !outcome.finished {
        let run = args.out.display();
        tell(format_args!("stopped and saved; resume with `dafe train --resume {run}`"));
        return Ok(Ending::Interrupted);
    }

    let detector = LandmarkDetector::load(&args.out, &device)?;
    let config = training.loader_config();
    let predict = |dataset: &Arc<dyn LandmarkDataset>, name: &str| {
        let progress = Progress::new(name, dataset.len());
        let decoding = detector.config().decoding();
        let tell = |done, total| progress.update(done, total, "");
        let found = predict_dataset(detector.net(), dataset, &config, decoding, &device, tell);
        progress.done();
        found
    };
    let found = predict(&test, "testing")?;
    skipped += found.skipped.len();
    let report = found.report(test.as_ref());
    let guess = MeanBaseline::fit((0..train.len()).map(|index| train.sample(index)));
    let mut baseline = LandmarkReport::new(test.schema());
    for Prediction { index, picture_size, .. } in &found.predictions {
        let sample = test.sample(*index);
        baseline.update_with(&guess.predict(&sample), None, Some(*picture_size), &sample);
    }

    let bad_picture = training.bad_picture;
    let bootstrap = Bootstrap::default();
    let without_boxes = without_boxes::measure(&detector, test.as_ref(), bad_picture, &bootstrap)?;

    let in_detected_boxes = match &detected {
        None => None,
        Some(detected) => {
            let found = predict(detected, "testing in the detector's boxes")?;
            box_files::write(&found, detected.as_ref(), &args.out.join("results.json"))?;
            Some(box_files::report(&found, detected.as_ref(), test.as_ref()).summary())
        }
    };
    let summary = report.summary();
    let ratio = baseline.ne().zip(report.ne()).map(|(baseline, ne)| baseline / ne);
    let best = outcome.history.best();
    let metrics = Metrics {
        split: tested,
        test: summary.clone(),
        without_boxes,
        in_detected_boxes,
        baseline: baseline.summary(),
        baseline_over_ne: ratio,
        train_seconds: outcome.seconds,
        best_epoch: best.map(|epoch| epoch.epoch),
        val_ne: best.and_then(|epoch| epoch.val_ne),
        skipped_pictures: skipped,
        training: BTreeMap::from([
            ("samples", train.len()),
            ("epochs", training.config.epochs),
            ("batch_size", training.config.batch_size),
        ]),
    };
    write_text(&args.out.join("metrics.json"), &serde_json::to_string_pretty(&metrics)?)?;
    let sheet = sheets::prediction_sheet(test.as_ref(), &found.predictions, 24)?;
    write_png(&args.out.join("predictions.png"), &sheet)?;

    tell(format_args!("\non the {tested} split\n{summary}"));
    let text = |ne: Option<f64>| ne.map_or("unknown".to_string(), |ne| format!("{ne:.4}"));
    tell(format_args!(
        "NE {}; always guessing the category's mean place has {}, {:.1} times as much",
        text(report.ne()),
        text(baseline.ne()),
        ratio.unwrap_or(f64::NAN)
    ));
    without_boxes::print(&summary, &metrics.without_boxes);
    if let Some(in_boxes) = &metrics.in_detected_boxes {
        tell(format_args!("in the detector's boxes\n{in_boxes}"));
    }
    tell(format_args!("trained for {}; left out {skipped} images", duration(outcome.seconds)));
    tell(format_args!(
        "{}: model.safetensors, config.json, arguments.json, metrics.json, curves.svg, predictions.png \
         (rings: truth, dots: predicted)",
        args.out.display()
    ));
    Ok(Ending::Done)
}
