//! Measures a trained model on a split of a dataset: as text, as JSON, as a page to read, and as a file of results for other
//! evaluators.
use std::{collections::BTreeSet, process::ExitCode, sync::Arc};

use clap::Parser;
use dafe::{data::DeepFashion2Dataset, device::parse_device, prelude::*};

mod args;
#[path = "../support/boxes.rs"]
mod boxes;
#[path = "../support/datasets.rs"]
mod datasets;
#[path = "../support/models.rs"]
mod models;
mod numbers;
mod report;
#[path = "../support/sheets.rs"]
mod sheets;
mod split;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/without_boxes.rs"]
mod without_boxes;

use args::Args;
use datasets::{Form, OpenSplit};
use numbers::{Numbers, print_presence, print_visibility};
use report::Measured;
use split::dataset_for;
use support::{Outcome, Progress};
use without_boxes::WithAndWithoutBoxes;

fn main() -> ExitCode {
    support::finish(run(Args::parse()))
}

fn run(args: Args) -> Outcome<()> {
    let device = parse_device(&args.device)?;
    let detector = args.detector(&device)?;
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
    args.check(dataset.as_ref(), is_labelled)?;
    let (config, decoding) = (args.loader(detector.config()), detector.config().decoding());
    let progress = Progress::new("evaluating", dataset.len());
    let found =
        predict_dataset(detector.net(), &dataset, &config, decoding, &device, |done, total| {
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

    let report = match &args.boxes {
        None => found.report(dataset.as_ref()),
        Some(_) => boxes::report(&found, dataset.as_ref(), labelled.as_ref()),
    };
    let report = report.with_protocol(args.protocol());
    let without_boxes = match args.without_boxes {
        true => {
            let without = without_boxes::find(&detector, dataset.as_ref(), args.bad_picture())?;
            let (protocol, bootstrap) = (args.protocol(), args.bootstrap());
            let dataset = dataset.as_ref();
            Some(WithAndWithoutBoxes::of(&found, &without, dataset, protocol, &bootstrap))
        }
        false => None,
    };
    let numbers = Numbers {
        without_boxes,
        ..Numbers::of(&report, &found, dataset.as_ref(), detector.config(), &args)
    };
    println!(
        "{} on the {} split of {} ({} samples left out)",
        args.source().shown(),
        split,
        root.display(),
        found.skipped.len()
    );
    match args.boxes.is_none() || dataset.schema().sigmas().is_some() {
        true => print!("{}", numbers.summary),
        false => println!("nothing is measured: average precision needs sigmas"),
    }
    if let Some(both) = &numbers.without_boxes {
        both.print();
    }
    if let Some(presence) = &numbers.presence {
        print_presence(presence, detector.config().infers_category);
    }
    if let Some(visibility) = &numbers.visibility {
        print_visibility(visibility);
    }
    if let Some(path) = &args.json {
        support::write_text(path, &serde_json::to_string_pretty(&numbers)?)?;
    }
    if let Some(folder) = &args.report {
        let measured = Measured {
            args: &args,
            root: &root,
            split,
            model: detector.config(),
            dataset: dataset.as_ref(),
            found: &found,
            report: &report,
            numbers: &numbers,
        };
        println!("{}", report::write(folder, &measured)?.display());
    }
    if let Some(path) = &args.sheet {
        let sheet = sheets::prediction_sheet(dataset.as_ref(), &found.predictions, 24)?;
        sheets::write(path, &sheet)?;
    }
    Ok(())
}
