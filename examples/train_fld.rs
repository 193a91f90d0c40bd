//! Trains a landmark network on FLD, DeepFashion-C, DeepFashion2 or anybody's COCO keypoints, measures it on the test split and
//! draws its predictions.
//!
//! Without arguments: draws a tree of synthetic garments once, and trains a network small enough for a CPU on it.
use std::{collections::BTreeMap, io::IsTerminal, path::PathBuf, process::ExitCode, sync::Arc};

use clap::Parser;
use dafe::{
    data::{Subset, picture::write_png},
    device::parse_device,
    draw::training_curves,
    prelude::*,
    train::{Dashboard, Interrupter},
};
use serde::Serialize;

#[path = "support/boxes.rs"]
mod boxes;
#[path = "support/datasets.rs"]
mod datasets;
#[path = "support/sheets.rs"]
mod sheets;
mod support;

use datasets::{DatasetArgs, Form, OpenSplit};
use support::{Outcome, Progress, duration};

#[derive(Parser)]
#[command(about = "Train a landmark network on FLD, DeepFashion-C, DeepFashion2 or COCO keypoints")]
struct Args {
    #[command(flatten)]
    dataset: DatasetArgs,
    /// Train on this share of the training pictures, drawn by the seed: 0.5 is the paper's for DeepFashion2
    #[arg(long, default_value_t = 1.0)]
    fraction: f64,
    /// Measure average precision in a detector's boxes, too: COCO results with bbox and score, of the test split's pictures.
    /// What is found is written to results.json, with the boxes' scores in its own
    #[arg(long)]
    boxes: Option<PathBuf>,
    /// The run's folder; one that holds an unfinished run goes on with it
    #[arg(long, default_value = "runs/train_fld")]
    out: PathBuf,
    /// The network: nano, small or paper [default: nano on drawn garments, paper with --data]
    #[arg(long)]
    preset: Option<Preset>,
    /// Passes over the training split [default: the preset's]
    #[arg(long)]
    epochs: Option<usize>,
    /// Pictures a step [default: the preset's]
    #[arg(long)]
    batch_size: Option<usize>,
    /// Adam's learning rate, before the schedule [default: the preset's]
    #[arg(long)]
    learning_rate: Option<f64>,
    /// The decoder: dafe, dafe-without-selection, transposed-convolution, feature-pyramid, global-context, non-local
    #[arg(long, default_value = "dafe")]
    decoder: Decoder,
    /// The loss, or several with weights: mse, ohkm, adaptive-wing, bce, focal, kl, js, soft-argmax-l1,
    /// soft-argmax-smooth-l1, soft-argmax-wing, "mse+0.01*soft-argmax-l1", ...
    #[arg(long, default_value = "mse")]
    loss: LossConfig,
    /// How validation and the trained model decode heatmaps: none, quarter-offset, dark, dark-udp, soft-argmax, … [default: the
    /// preset's]
    #[arg(long)]
    refinement: Option<Refinement>,
    /// Train the decoder's coarser maps, too
    #[arg(long)]
    deep_supervision: bool,
    /// Start from trained parameters: a state dict (.pth or .safetensors) of torchvision's ResNet for the backbone, or
    /// of a whole landmark network
    #[arg(long)]
    pretrained: Option<PathBuf>,
    /// Train the head anew: where --pretrained is a network for other landmarks
    #[arg(long, requires = "pretrained")]
    new_head: bool,
    /// Parts of the backbone that stay as they are: 1 its stem, 2 the first stage, too, … up to 5
    #[arg(long, default_value_t = 0, requires = "pretrained")]
    frozen_stages: usize,
    /// Keep the backbone's batch normalisation as it is
    #[arg(long, requires = "pretrained")]
    freeze_norm: bool,
    /// The backbone's share of the learning rate
    #[arg(long, default_value_t = 1.0)]
    backbone_rate: f64,
    /// Train landmarks that a garment lacks towards an empty heatmap, with this weight, so that its category can be told from
    /// the heatmaps; 0: leave them out [default: 0.3; 0 for DeepFashion2]
    #[arg(long)]
    empty_weight: Option<f32>,
    /// Switch augmentation off
    #[arg(long)]
    no_augmentation: bool,
    /// Where initial parameters, sample order and augmentation come from
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The device: flex, ndarray, cuda:0, vulkan:0, …
    #[arg(long, default_value = "flex")]
    device: String,
    /// Threads that decode and crop pictures [default: one a core, at most 8]
    #[arg(long)]
    workers: Option<usize>,
    /// Leave pictures that can't be read out, and count them, instead of ending with an error
    #[arg(long)]
    skip_bad_pictures: bool,
    /// Plain lines instead of the dashboard on a terminal
    #[arg(long)]
    plain: bool,
}

/// The numbers of a run, as `metrics.json` holds them.
#[derive(Serialize)]
struct Metrics {
    /// The split that `test` is of: "val" where there is no labelled test split.
    split: Split,
    test: LandmarkSummary,
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
    support::finish(run(Args::parse()))
}

fn run(args: Args) -> Outcome<()> {
    let device = parse_device(&args.device)?;
    let root = args.dataset.root()?;
    let mut train = args.dataset.open(&root, Split::Train)?.dataset;
    let val = args.dataset.open(&root, Split::Val)?.dataset;
    let OpenSplit { split: tested, dataset: test } = args.dataset.open(&root, Split::Test)?;
    if args.fraction != 1.0 {
        train = Arc::new(Subset::fraction(train, args.fraction, args.seed)?);
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
    let detected = args.boxes.as_ref().map(|path| boxes::detected(&test, path)).transpose()?;

    let training = Training {
        config: config(&args, train.schema()),
        train: train.clone(),
        val,
        device: device.clone(),
        folder: args.out.clone(),
        workers: args.workers.unwrap_or_else(support::default_workers),
        bad_picture: if args.skip_bad_pictures { BadPicture::Skip } else { BadPicture::Fail },
    };
    let cost = training.config.model.summary(training.config.codec.input_size()).total();
    println!(
        "network: {} parameters, {:.1} million multiply-adds a picture",
        cost.parameters,
        cost.multiply_adds as f64 / 1e6
    );
    let (outcome, mut skipped) = train_with_progress(&training, args.plain)?;
    if !outcome.finished {
        println!("interrupted; the same command goes on from here");
        return Ok(());
    }
    if !outcome.history.epochs.is_empty() {
        support::write_text(&args.out.join("curves.svg"), &training_curves(&outcome.history)?)?;
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
    if let Some(in_boxes) = &metrics.in_detected_boxes {
        println!("in the detector's boxes\n{in_boxes}");
    }
    println!("trained for {}; left out {skipped} pictures", duration(outcome.seconds));
    println!(
        "{}: model.safetensors, model.json, config.json, metrics.json, curves.svg, predictions.png \
         (rings: truth, dots: predicted)",
        args.out.display()
    );
    Ok(())
}

fn config(args: &Args, schema: &LandmarkSchema) -> TrainConfig {
    let preset = args.preset.unwrap_or(match args.dataset.data {
        None => Preset::Nano,
        Some(_) => Preset::Paper,
    });
    let mut config = TrainConfig::preset(preset, schema.len());
    config.seed = args.seed;
    config.model.decoder = args.decoder;
    config.loss = args.loss.clone();
    config.refinement = args.refinement.unwrap_or(config.refinement);
    if args.deep_supervision {
        config.model.supervision = Supervision::Deep;
    }
    config.fine_tuning = FineTuning {
        pretrained: args.pretrained.clone(),
        new_head: args.new_head,
        frozen_stages: args.frozen_stages,
        freeze_norm: args.freeze_norm,
        backbone_rate: args.backbone_rate,
    };
    config.epochs = args.epochs.unwrap_or(config.epochs);
    config.batch_size = args.batch_size.unwrap_or(config.batch_size);
    config.learning_rate = args.learning_rate.unwrap_or(config.learning_rate);
    let empty_weight = args.empty_weight.unwrap_or(match args.dataset.form {
        // There, each item trains its own category's heatmaps alone.
        Form::Deepfashion2 => 0.0,
        _ => config.policy.empty_weight,
    });
    config.policy.absent_as_empty = empty_weight > 0.0;
    config.policy.empty_weight = empty_weight;
    if args.no_augmentation {
        config.augmentation = Augmentation::none();
    }
    if schema.mirror().iter().enumerate().all(|(i, &mirrored)| i == mirrored) {
        println!("the landmarks have no mirror pairs: pictures are not flipped in training");
        config.augmentation.flip = 0.0;
    }
    config
}

/// Trains with a dashboard on a terminal and lines elsewhere; Ctrl-C finishes the step and saves. Returns how many
/// times a picture was left out, too.
fn train_with_progress(training: &Training, plain: bool) -> Outcome<(dafe::train::Outcome, usize)> {
    let interrupter = Interrupter::new();
    let stop = interrupter.clone();
    ctrlc::set_handler(move || stop.stop(Some("interrupted")))?;
    let epochs = training.config.epochs;
    let mut skipped = 0;

    if std::io::stdout().is_terminal() && !plain {
        let mut dashboard = Dashboard::new(interrupter.clone(), epochs, 0);
        let outcome = training.run(&interrupter, |event| {
            skipped += usize::from(matches!(event, TrainEvent::Skipped(_)));
            dashboard.observe(&event);
        });
        dashboard.close();
        return Ok((outcome?, skipped));
    }
    let progress = Progress::new("training", 1);
    let outcome = training.run(&interrupter, |event| match event {
        TrainEvent::Step { epoch, step, steps, loss, .. } => {
            let message = format!("epoch {epoch}/{epochs}  loss {loss:.6}");
            progress.update((epoch - 1) * steps + step, epochs * steps, &message);
        }
        TrainEvent::Epoch(record) => progress.say(&format!(
            "epoch {:>2}/{epochs}  loss {:.6}  validation NE {}  {}",
            record.epoch,
            record.train_loss,
            record.val_ne.map_or("unknown".into(), |ne| format!("{ne:.4}")),
            duration(record.seconds)
        )),
        TrainEvent::Skipped(reason) => {
            skipped += 1;
            progress.say(&format!("left out: {reason}"));
        }
        _ => {}
    });
    progress.done();
    Ok((outcome?, skipped))
}
