//! All splits of a dataset, as far as their annotations can be used.
use std::{path::Path, sync::Arc};

use dafe::{
    data::{CocoDataset, DeepFashion2Dataset, ReadEvent},
    error::Error,
    prelude::*,
};

use super::{
    Problems,
    datasets::{DatasetArgs, Form},
    support::{Outcome, Progress},
};

/// A split and its samples.
pub type SplitSamples = (Split, Arc<dyn LandmarkDataset>);

/// Reads the annotations of every split that is there.
pub fn splits(
    args: &DatasetArgs,
    root: &Path,
    problems: &mut Problems,
) -> Outcome<Vec<SplitSamples>> {
    let progress = Progress::new("reading annotations", 1);
    let mut on_event = |event| {
        match event {
            ReadEvent::Progress { done, total } => progress.update(done, total, ""),
            ReadEvent::Problem(problem) => problems.annotation(problem.to_string()),
            _ => (),
        }
        Ok(())
    };
    let mut found: Vec<SplitSamples> = Vec::new();
    match args.form {
        Form::Fld | Form::DeepfashionC => {
            for dataset in FldDataset::open_all(root, &mut on_event)? {
                found.push((dataset.split(), Arc::new(dataset)));
            }
        }
        Form::Deepfashion2 => {
            for (split, folder) in Split::ALL.into_iter().zip(["train", "validation", "test"]) {
                // The published test split has no annotations.
                if root.join(folder).join("annos").is_dir() {
                    let dataset = DeepFashion2Dataset::open_with(root, split, &mut on_event)?;
                    found.push((split, Arc::new(dataset)));
                }
            }
        }
        Form::Coco => {
            for split in Split::ALL {
                let path = args.annotation_file(root, split);
                if path.is_file() {
                    let pictures = root.join(&args.pictures);
                    let dataset = CocoDataset::open_with(path, pictures, None, &mut on_event)?;
                    found.push((split, Arc::new(dataset)));
                }
            }
        }
    }
    progress.done();
    if found.is_empty() {
        let message = "no split of this form is here".to_string();
        return Err(Error::Dataset { path: root.to_path_buf(), message }.into());
    }
    Ok(found)
}
