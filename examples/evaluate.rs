//! Measures a trained model on a split of a dataset: as text, as JSON, and as a file of results for other evaluators.
use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::Parser;
use dafe::{
    data::{
        WithBoxes,
        coco::{LandmarkResult, write_results},
        picture::{write_jpeg, write_png},
    },
    device::parse_device,
    metric::{Bootstrap, Estimate, Named, NormalizedErrorProtocol, VisibilityRule},
    prelude::*,
};
use serde::Serialize;

#[path = "support/datasets.rs"]
mod datasets;
#[path = "support/sheets.rs"]
mod sheets;
mod support;

use datasets::DatasetArgs;
use support::{Outcome, Progress};

#[derive(Parser)]
#[command(about = "Measure a trained model on FLD, DeepFashion-C, DeepFashion2 or COCO keypoints")]
struct Args {
    /// The model: the folder that train_fld wrote, or a .pth file of MMPose's FLD networks, which are measured on the
    /// clothes that they are for
    #[arg(long, default_value = "runs/train_fld")]
    model: PathBuf,
    #[command(flatten)]
    dataset: DatasetArgs,
    /// The split: train, val or test
    #[arg(long, default_value = "test")]
    split: Split,
    /// Take a detector's boxes from this file (COCO results with bbox and score) instead of the labelled ones. Then only
    /// average precision is measured
    #[arg(long)]
    boxes: Option<PathBuf>,
    /// How heatmaps are decoded: none, quarter-offset, dark, dark-udp, soft-argmax, … [default: the model's]
    #[arg(long)]
    refinement: Option<Refinement>,
    /// Look at each picture's mirror image, too, and average the heatmaps
    #[arg(long)]
    flip_test: bool,
    /// Count occluded landmarks in the normalized error, too
    #[arg(long)]
    occluded: bool,
    /// Leave visible landmarks outside the labelled box out of the normalized error
    #[arg(long)]
    inside_box_only: bool,
    /// Resamples of the pictures for the 95 % intervals; 0 for none
    #[arg(long, default_value_t = 1000)]
    resamples: usize,
    /// Write the numbers to this file, as JSON: each landmark's, too, where there are too many to print
    #[arg(long)]
    json: Option<PathBuf>,
    /// Write the landmarks to this file, in the form that COCO's and DeepFashion2's evaluators take
    #[arg(long)]
    results: Option<PathBuf>,
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

/// The file of numbers.
#[derive(Serialize)]
struct Numbers {
    #[serde(flatten)]
    summary: LandmarkSummary,
    /// What leaving out the landmarks that the inferred category lacks would come to.
    /// Not with a detector's boxes, whose categories are the detector's.
    presence: Option<Named<Estimate>>,
}

fn main() -> ExitCode {
    support::finish(run(Args::parse()))
}

fn run(args: Args) -> Outcome<()> {
    let device = parse_device(&args.device)?;
    let detector = support::detector(&args.model, None, &device)?;
    let root = args.dataset.root()?;
    let labelled = dataset_for(&args, &detector, &root)?;
    let dataset: Arc<dyn LandmarkDataset> = match &args.boxes {
        None => labelled.clone(),
        Some(path) => {
            let boxes = WithBoxes::open(labelled.clone(), path)?;
            if boxes.left_out() > 0 {
                println!("left out {} boxes of other pictures or categories", boxes.left_out());
            }
            Arc::new(boxes)
        }
    };
    check(&args, dataset.as_ref())?;
    let config = LoaderConfig {
        batch_size: args.batch_size.max(1),
        workers: args.workers.unwrap_or_else(support::default_workers),
        codec: detector.config().codec,
        framing: detector.config().framing,
        policy: TargetPolicy::default(),
        bad_picture: if args.skip_bad_pictures { BadPicture::Skip } else { BadPicture::Fail },
    };
    let progress = Progress::new("evaluating", dataset.len());
    let (net, mut decoding) = (detector.net(), detector.config().decoding());
    decoding.refinement = args.refinement.unwrap_or(decoding.refinement);
    decoding.flip_test |= args.flip_test;
    let found = predict_dataset(net, &dataset, &config, decoding, &device, |done, total| {
        progress.update(done, total, "");
    })?;
    progress.done();
    for skipped in &found.skipped {
        println!("left out: {}", skipped.reason);
    }
    if let Some(path) = &args.results {
        write(&found, dataset.as_ref(), path)?;
    }

    let protocol = NormalizedErrorProtocol {
        visibility: match args.occluded {
            true => VisibilityRule::VisibleAndOccluded,
            false => VisibilityRule::Visible,
        },
        inside_box_only: args.inside_box_only,
    };
    let mut report = found.report(dataset.as_ref()).with_protocol(protocol);
    if args.boxes.is_some() {
        (0..labelled.len()).for_each(|index| report.add_truth(&labelled.sample(index)));
    }
    let bootstrap = Bootstrap { resamples: args.resamples, ..Bootstrap::default() };
    let summary = report.summary_with(&bootstrap);
    println!(
        "{} on the {} split of {} ({} left out)",
        args.model.display(),
        args.split,
        root.display(),
        found.skipped.len()
    );
    match args.boxes.is_none() || dataset.schema().sigmas().is_some() {
        true => print!("{summary}"),
        false => println!("nothing is measured: average precision needs sigmas"),
    }
    let told = dataset.schema().categories().len() > 1 && args.boxes.is_none();
    let presence = told.then(|| found.presence(dataset.as_ref()).estimates(&bootstrap));
    if let Some(presence) = &presence {
        print_presence(presence, detector.config().infers_category);
    }
    if let Some(path) = &args.json {
        let numbers = Numbers { summary, presence };
        support::write_text(path, &serde_json::to_string_pretty(&numbers)?)?;
    }
    if let Some(path) = &args.sheet {
        let sheet = sheets::prediction_sheet(dataset.as_ref(), &found.predictions, 24)?;
        match path.extension().is_some_and(|extension| extension == "jpg") {
            true => write_jpeg(path, &sheet, 85)?,
            false => write_png(path, &sheet)?,
        }
    }
    Ok(())
}

/// Writes what was found, each sample with its category's own landmarks.
fn write(found: &Predictions, dataset: &dyn LandmarkDataset, path: &PathBuf) -> Outcome<()> {
    let results =
        found.predictions.iter().map(|Prediction { index, positions, scores, .. }| {
            LandmarkResult::new(dataset, *index, positions, scores)
        });
    Ok(write_results(path, &results.collect::<Result<Vec<_>, _>>()?)?)
}

/// Whether what is asked for can be had, before the long work.
fn check(args: &Args, dataset: &dyn LandmarkDataset) -> Outcome<()> {
    if args.results.is_some() && !dataset.is_empty() && dataset.image_id(0).is_none() {
        return Err("--results needs pictures that have numbers, as DeepFashion2's and COCO's; FLD's have names".into());
    }
    let other_use = args.results.is_some() || args.sheet.is_some();
    if args.boxes.is_some() && dataset.schema().sigmas().is_none() && !other_use {
        return Err("with --boxes only average precision is measured, but this dataset has no sigmas for it".into());
    }
    Ok(())
}

/// What comes of inferring the category and leaving out the landmarks that it lacks.
fn print_presence(presence: &Named<Estimate>, trained: bool) {
    println!("\n{:<24}{:>9}   interval", "inferred category", "value");
    let titles = [
        ("right category", "right, of the samples"),
        ("false landmarks", "returned, of the absent landmarks (1 if all always are)"),
        ("missed landmarks", "left out, of the labelled ones (0 if all always are)"),
    ];
    for (name, meaning) in titles {
        if let Some(Estimate { value: Some(value), interval }) = presence.get(name) {
            let interval = interval.map_or(String::new(), |interval| {
                format!("{:.4} to {:.4}", interval.low, interval.high)
            });
            println!("{name:<24}{value:>9.4}   {interval:<18}   {meaning}");
        }
    }
    if !trained {
        println!(
            "the model was not trained for that (train_fld --empty-weight), so predict returns all landmarks"
        );
    }
}

/// The split as the model knows it: whole, or only the clothes of the one kind whose landmarks it predicts.
fn dataset_for(
    args: &Args,
    detector: &LandmarkDetector,
    root: &std::path::Path,
) -> Outcome<Arc<dyn LandmarkDataset>> {
    let known = &detector.config().schema;
    let dataset = args.dataset.open(root, args.split)?;
    let (kinds, all) = (known.categories(), dataset.schema().categories());
    // Models from before schemas had categories know all of them.
    if known.names() == dataset.schema().names() && (kinds.is_empty() || kinds == all) {
        return Ok(dataset);
    }
    let mismatch =
        || format!("the model's landmarks are not the dataset's: {}", known.names().join(", "));
    if !args.dataset.form.is_fld() {
        return Err(mismatch().into());
    }
    let kind = ClothesType::ALL
        .into_iter()
        .find(|&kind| LandmarkSchema::fld_of(kind).names() == known.names())
        .ok_or_else(mismatch)?;
    println!("the model is for {} clothes; others are not measured", kind.name());
    Ok(Arc::new(FldDataset::open(root, args.split)?.of_type(kind)?))
}
