//! Measures a trained model on a split of a dataset: the paper's table layout, as text and JSON.
use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::Parser;
use dafe::{
    data::picture::{write_jpeg, write_png},
    device::parse_device,
    prelude::*,
};

#[path = "support/predictions.rs"]
mod predictions;
mod support;

use support::{Outcome, Progress};

#[derive(Parser)]
#[command(about = "Measure a trained model on a dataset in FLD's or DeepFashion-C's format")]
struct Args {
    /// The model: the folder that train_fld wrote, or a .pth file of MMPose's FLD networks, which are measured on the
    /// clothes that they are for
    #[arg(long, default_value = "runs/train_fld")]
    model: PathBuf,
    /// The dataset's root
    #[arg(long, default_value = "runs/garments-0")]
    data: PathBuf,
    /// The split: train, val or test
    #[arg(long, default_value = "test")]
    split: Split,
    /// Write the numbers to this file, as JSON
    #[arg(long)]
    json: Option<PathBuf>,
    /// Draw some predictions (dots) beside the truth (rings) to this file: JPEG if its name ends in .jpg, else PNG
    #[arg(long)]
    sheet: Option<PathBuf>,
    /// The device: flex, ndarray, cuda:0, vulkan:0, …
    #[arg(long, default_value = "flex")]
    device: String,
    /// Pictures at a time
    #[arg(long, default_value_t = 16)]
    batch_size: usize,
    /// Threads that decode and crop pictures [default: one a core, at most 8]
    #[arg(long)]
    workers: Option<usize>,
    /// Leave pictures that can't be read out, and name them, instead of ending with an error
    #[arg(long)]
    skip_bad_pictures: bool,
}

fn main() -> ExitCode {
    support::finish(run(Args::parse()))
}

fn run(args: Args) -> Outcome<()> {
    let device = parse_device(&args.device)?;
    let detector = support::detector(&args.model, None, &device)?;
    let dataset = dataset_for(&detector, FldDataset::open(&args.data, args.split)?)?;
    let config = LoaderConfig {
        batch_size: args.batch_size.max(1),
        workers: args.workers.unwrap_or_else(support::default_workers),
        codec: detector.config().codec,
        framing: detector.config().framing,
        policy: TargetPolicy::default(),
        bad_picture: if args.skip_bad_pictures { BadPicture::Skip } else { BadPicture::Fail },
    };
    let progress = Progress::new("evaluating", dataset.len());
    let DetectorConfig { refinement, flip_test, .. } = *detector.config();
    let net = detector.net();
    let found =
        predict_dataset(net, &dataset, &config, refinement, flip_test, &device, |done, total| {
            progress.update(done, total, "");
        })?;
    progress.done();
    for skipped in &found.skipped {
        println!("left out: {}", skipped.reason);
    }
    let report = found.report(dataset.as_ref());
    println!(
        "normalized error of {} on the {} split of {} ({} pictures, {} left out)\n{report}",
        args.model.display(),
        args.split,
        args.data.display(),
        found.predictions.len(),
        found.skipped.len()
    );
    if let Some(path) = &args.json {
        support::write_text(path, &serde_json::to_string_pretty(&report.summary())?)?;
    }
    if let Some(path) = &args.sheet {
        let sheet = predictions::prediction_sheet(dataset.as_ref(), &found.predictions, 24)?;
        match path.extension().is_some_and(|extension| extension == "jpg") {
            true => write_jpeg(path, &sheet, 85)?,
            false => write_png(path, &sheet)?,
        }
    }
    Ok(())
}

/// The dataset as the model knows it: whole, or only the clothes of the one kind whose landmarks it predicts.
fn dataset_for(
    detector: &LandmarkDetector,
    dataset: FldDataset,
) -> Outcome<Arc<dyn LandmarkDataset>> {
    let known = &detector.config().schema;
    if known.names() == dataset.schema().names() && detector.config().framing == Framing::Stretch {
        return Ok(Arc::new(dataset));
    }
    let kind = ClothesType::ALL
        .into_iter()
        .find(|&kind| LandmarkSchema::fld_of(kind).names() == known.names())
        .ok_or_else(|| {
            format!("the model's landmarks are not FLD's: {}", known.names().join(", "))
        })?;
    println!("the model is for {} clothes; others are not measured", kind.name());
    Ok(Arc::new(dataset.of_type(kind)?))
}
