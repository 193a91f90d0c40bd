//! Measures a trained model on a split of a dataset: as text, as JSON, and as a file of results for other evaluators.
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::Parser;
use dafe::{
    data::DeepFashion2Dataset,
    device::parse_device,
    metric::{Bootstrap, Estimate, Named, NormalizedErrorProtocol, VisibilityRule},
    prelude::*,
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
    /// The split: train, val or test; where there is no labelled test split, as in DeepFashion2, val stands in for it
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
    /// Draw some predictions (dots) beside the truth (rings) to this file: JPEG if its name ends in .jpg or
    /// .jpeg, else PNG
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
    // Pictures that nobody labelled are enough for a file of results, as a challenge wants it.
    let is_labelled = args.boxes.is_none()
        || args.dataset.form != Form::Deepfashion2
        || args.dataset.annotations_of(&root, args.split).exists();
    let OpenSplit { split, dataset: labelled } = match is_labelled {
        true => dataset_for(&args, &detector, &root)?,
        false => {
            let dataset = Arc::new(DeepFashion2Dataset::open_unlabelled(&root, args.split)?);
            OpenSplit { split: args.split, dataset }
        }
    };
    if split != args.split {
        println!("no labelled {} split: measured on {split}", args.split);
    }
    let dataset: Arc<dyn LandmarkDataset> = match &args.boxes {
        None => labelled.clone(),
        Some(path) => boxes::detected(&labelled, path)?,
    };
    check(&args, dataset.as_ref(), is_labelled)?;
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
    let reasons: BTreeSet<_> = found.skipped.iter().map(|skipped| &skipped.reason).collect();
    reasons.iter().for_each(|reason| println!("left out: {reason}"));
    if let Some(path) = &args.results {
        boxes::write(&found, dataset.as_ref(), path)?;
    }

    if !is_labelled {
        println!("the {split} split has no annotations: nothing is measured");
        return Ok(());
    }

    let protocol = NormalizedErrorProtocol {
        visibility: match args.occluded {
            true => VisibilityRule::VisibleAndOccluded,
            false => VisibilityRule::Visible,
        },
        inside_box_only: args.inside_box_only,
    };
    let report = match &args.boxes {
        None => found.report(dataset.as_ref()),
        Some(_) => boxes::report(&found, dataset.as_ref(), labelled.as_ref()),
    };
    let report = report.with_protocol(protocol);
    let bootstrap = Bootstrap { resamples: args.resamples, ..Bootstrap::default() };
    let summary = report.summary_with(&bootstrap);
    println!(
        "{} on the {} split of {} ({} samples left out)",
        args.model.display(),
        split,
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
        sheets::write(path, &sheet)?;
    }
    Ok(())
}

/// Whether what is asked for can be had, before the long work.
fn check(args: &Args, dataset: &dyn LandmarkDataset, is_labelled: bool) -> Outcome<()> {
    if !is_labelled && args.results.is_none() {
        return Err(format!(
            "the {} split has no annotations to measure with: give --results, or another --split",
            args.split
        )
        .into());
    }
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

/// The split as the model knows it: whole, or only the things of the one category whose landmarks it predicts.
fn dataset_for(args: &Args, detector: &LandmarkDetector, root: &Path) -> Outcome<OpenSplit> {
    let known = &detector.config().schema;
    let OpenSplit { split, dataset } = args.dataset.open(root, args.split)?;
    let (kinds, all) = (known.categories(), dataset.schema().categories());
    // Models from before schemas had categories know all of them; files of one category may name it as they like.
    let same = kinds.is_empty() || kinds == all || (kinds.len() == 1 && all.len() == 1);
    if known.names() == dataset.schema().names() && same {
        return Ok(OpenSplit { split, dataset });
    }
    let of = |schema: LandmarkSchema| schema.names() == known.names();
    let fld = ClothesType::ALL.into_iter().find(|&kind| of(LandmarkSchema::fld_of(kind)));
    let deepfashion2 =
        DeepFashion2Category::ALL.into_iter().find(|&one| of(LandmarkSchema::deepfashion2(one)));
    let (name, dataset): (_, Arc<dyn LandmarkDataset>) =
        match (args.dataset.form, fld, deepfashion2) {
            (Form::Fld | Form::DeepfashionC, Some(kind), _) => {
                (kind.name(), Arc::new(FldDataset::open(root, split)?.of_type(kind)?))
            }
            (Form::Deepfashion2, _, Some(category)) => {
                let all = DeepFashion2Dataset::open(root, split)?;
                (category.name(), Arc::new(all.of_category(category)?))
            }
            _ => {
                let names = known.names().join(", ");
                return Err(format!("the model's landmarks are not the dataset's: {names}").into());
            }
        };
    println!("the model is for {name} clothes; others are not measured");
    Ok(OpenSplit { split, dataset })
}
