//! Evaluates a trained model on a split of a dataset. The results are text, JSON, an HTML report,
//! and a results file for other evaluators.
mod args;
mod numbers;
#[cfg(feature = "report")]
mod report;
mod split;

use std::{collections::BTreeSet, sync::Arc};

use dafe::{
    atomic::write_text,
    data::{DatasetFormat, DeepFashion2Dataset},
    predict::predict_dataset,
    prelude::*,
};

pub use self::args::Args;
use self::{
    numbers::{Numbers, confidence_table, presence_table, visibility_table},
    split::dataset_for,
};
use crate::support::{
    Ending, NO_SIGMAS, Outcome, Progress, boxes,
    datasets::OpenSplit,
    open_device,
    output::{print, print_line, tell},
    sheets,
    without_boxes::{self, WithAndWithoutBoxes},
};

pub fn run(args: &Args) -> Outcome<Ending> {
    args.check_features()?;
    let device = open_device(&args.device)?;
    let detector = args.detector(&device)?;
    let root = args.dataset.root()?;
    // Unlabeled images are enough for a results file, as for a challenge.
    let is_labeled = args.boxes.is_none()
        || args.dataset.format != Some(DatasetFormat::DeepFashion2)
        || args.dataset.deepfashion2_annotations(&root, args.split).exists();
    let OpenSplit { split, dataset: labeled } = match is_labeled {
        true => dataset_for(args, &detector, &root)?,
        false => {
            let dataset = Arc::new(DeepFashion2Dataset::open_unlabeled(&root, args.split)?);
            OpenSplit { split: args.split, dataset }
        }
    };
    if split != args.split {
        tell(format_args!("no labeled {} split: measured on {split}", args.split));
    }
    let dataset: Arc<dyn LandmarkDataset> = match &args.boxes {
        None => labeled.clone(),
        Some(path) => boxes::detected(&labeled, path)?,
    };
    args.check(dataset.as_ref(), is_labeled)?;
    let (config, decoding) = (args.loader(detector.config()), detector.config().decoding());
    let progress = Progress::new("evaluating", dataset.len());
    let found =
        predict_dataset(detector.net(), &dataset, &config, decoding, &device, |done, total| {
            progress.update(done, total, "");
        })?;
    progress.done();
    let reasons: BTreeSet<_> = found.skipped.iter().map(|skipped| &skipped.reason).collect();
    reasons.iter().for_each(|reason| tell(format_args!("left out: {reason}")));
    if let Some(path) = &args.results {
        boxes::write(&found, dataset.as_ref(), path)?;
    }

    if !is_labeled {
        tell(format_args!("the {split} split has no annotations: nothing is measured"));
        return Ok(Ending::Done);
    }

    let report = match &args.boxes {
        None => found.report(dataset.as_ref()),
        Some(_) => boxes::report(&found, dataset.as_ref(), labeled.as_ref()),
    };
    let report = report.with_protocol(args.protocol());
    let without_boxes = match args.without_boxes {
        true => {
            let without = without_boxes::find(&detector, dataset.as_ref(), args.bad_image())?;
            let (protocol, bootstrap) = (args.protocol(), args.bootstrap());
            let dataset = dataset.as_ref();
            Some(WithAndWithoutBoxes::of(&found, &without, dataset, protocol, &bootstrap))
        }
        false => None,
    };
    let numbers = Numbers {
        without_boxes,
        ..Numbers::of(&report, &found, dataset.as_ref(), detector.config(), args)
    };
    if let Some(path) = &args.json {
        write_text(path, &serde_json::to_string_pretty(&numbers)?)?;
    }
    #[cfg(feature = "report")]
    let page = match &args.report {
        None => None,
        Some(folder) => Some(report::write(
            folder,
            &report::Measured {
                args,
                root: &root,
                split,
                model: detector.config(),
                dataset: dataset.as_ref(),
                found: &found,
                report: &report,
                numbers: &numbers,
            },
        )?),
    };
    if let Some(path) = &args.sheet {
        let sheet = sheets::prediction_sheet(dataset.as_ref(), &found.predictions, 24)?;
        sheets::write(path, &sheet)?;
    }

    // Printed after all files are written, as stdout may be closed.
    let (model, root, left_out) = (args.source().shown(), root.display(), found.skipped.len());
    print_line(format_args!(
        "model {model} on the {split} split of {root} ({left_out} samples left out)"
    ))?;
    match args.boxes.is_none() || dataset.schema().sigmas().is_some() {
        true => print(&numbers.summary)?,
        false => print_line("nothing is measured: average precision needs sigmas")?,
    }
    if numbers.summary.oks_visible.is_none() {
        print_line(NO_SIGMAS)?;
    }
    if args.boxes.is_none() && numbers.summary.ne.is_none() {
        print_line(format_args!(
            "the normalized error is not defined: no landmark of the {split} split is visible \
             (--occluded counts occluded ones, too; --visibility binary, if 1 means labeled)"
        ))?;
    }
    if let Some(both) = &numbers.without_boxes {
        both.print();
    }
    if let Some(presence) = &numbers.presence {
        print(presence_table(presence, detector.config().infers_category))?;
    }
    if let Some(visibility) = &numbers.visibility {
        print(visibility_table(visibility))?;
    }
    if let Some(confidence) = &numbers.confidence {
        print(confidence_table(confidence))?;
    }
    #[cfg(feature = "report")]
    if let Some(page) = page {
        print_line(page.display())?;
    }
    Ok(Ending::Done)
}
