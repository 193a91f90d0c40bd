//! Trains a landmark network on FLD, DeepFashion-C, DeepFashion2 or anybody's COCO keypoints, measures it on the test split and
//! draws its predictions.
//!
//! Without arguments: draws a tree of synthetic garments once, and trains a network small enough for a CPU on it.
use std::{collections::BTreeMap, process::ExitCode, sync::Arc};

use dafe::{
    data::{Subset, picture::write_png},
    device::DeviceName,
    metric::Bootstrap,
    prelude::*,
};
use serde::Serialize;

mod args;
#[path = "../support/boxes.rs"]
mod boxes;
#[path = "../support/datasets.rs"]
mod datasets;
#[path = "../support/interrupt.rs"]
mod interrupt;
mod recipe;
#[path = "../support/running.rs"]
mod running;
mod session;
#[path = "../support/sheets.rs"]
mod sheets;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/without_boxes.rs"]
mod without_boxes;

use args::Args;
use datasets::{OpenSplit, Splits};
use running::train_with_progress;
use session::SessionArgs;
use support::{Outcome, Progress, duration};

/// The numbers of a run, as `metrics.json` holds them.
#[derive(Serialize)]
struct Metrics {
    /// The split that `test` is of: "val" where there is no labelled test split.
    split: Split,
    test: LandmarkSummary,
    /// Of the same split, the net being told no boxes: for one garment of each picture, the largest.
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

fn main() -> ExitCode {
    support::finish(Args::read().and_then(run))
}

fn run(args: Args) -> Outcome<()> {
    let SessionArgs { dataset: source, fraction, boxes, .. } = &args.session;
    // Before anything is drawn or read.
    for name in &args.session.devices {
        name.trim().parse::<DeviceName>()?;
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
    println!(
        "{}: {} samples to train on, {} to validate, {} to test",
        root.display(),
        train.len(),
        val.len(),
        test.len()
    );
    if tested == Split::Val {
        println!(
            "no labelled test split: measured on the validation split, by which the best epoch is chosen"
        );
    }

    // Before the long work: a file that can't be read would be found out after it.
    let detected = boxes.as_ref().map(|path| boxes::detected(&test, path)).transpose()?;

    let training = args.training(config, [train.clone(), val], devices);
    let cost = training.config.model.summary(training.config.codec.input_size()).total();
    println!(
        "network: {} parameters, {:.1} million multiply-adds a picture",
        cost.parameters,
        cost.multiply_adds as f64 / 1e6
    );
    // Not before, so that the arguments are not written over those of another run.
    let begun = || args.session.save(&training.folder);
    let (outcome, mut skipped) = train_with_progress(&training, args.plain, begun)?;
    if !outcome.finished {
        println!("stopped and saved; go on with --resume {}", args.out.display());
        return Ok(());
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
            boxes::write(&found, detected.as_ref(), &args.out.join("results.json"))?;
            Some(boxes::report(&found, detected.as_ref(), test.as_ref()).summary())
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
    support::write_text(&args.out.join("metrics.json"), &serde_json::to_string_pretty(&metrics)?)?;
    let sheet = sheets::prediction_sheet(test.as_ref(), &found.predictions, 24)?;
    write_png(&args.out.join("predictions.png"), &sheet)?;

    println!("\non the {tested} split\n{summary}");
    let text = |ne: Option<f64>| ne.map_or("unknown".to_string(), |ne| format!("{ne:.4}"));
    println!(
        "NE {}; always guessing the category's mean place has {}, {:.1} times as much",
        text(report.ne()),
        text(baseline.ne()),
        ratio.unwrap_or(f64::NAN)
    );
    without_boxes::print(&summary, &metrics.without_boxes);
    if let Some(in_boxes) = &metrics.in_detected_boxes {
        println!("in the detector's boxes\n{in_boxes}");
    }
    println!("trained for {}; left out {skipped} pictures", duration(outcome.seconds));
    println!(
        "{}: model.safetensors, config.json, arguments.json, metrics.json, curves.svg, predictions.png \
         (rings: truth, dots: predicted)",
        args.out.display()
    );
    Ok(())
}
