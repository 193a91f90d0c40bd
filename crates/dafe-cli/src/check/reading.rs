//! All splits of a dataset, as far as their annotations can be used.
use std::{path::Path, sync::Arc};

use dafe::{
    Error, ErrorKind,
    data::{CocoDataset, DeepFashion2Dataset, ReadEvent},
    prelude::*,
};

use super::Problems;
use crate::support::{
    Outcome, Progress,
    datasets::{DatasetArgs, Form},
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
    let mut problem = |problem: Error| problems.annotation(format!("{problem:#}"));
    let mut on_event = |event| {
        match event {
            ReadEvent::Progress { done, total } => progress.update(done, total, ""),
            ReadEvent::Problem(found) => problem(found),
            _ => (),
        }
        Ok(())
    };
    if args.form.is_fld() {
        let datasets = FldDataset::open_all(root, &mut on_event)?;
        let splits = datasets
            .into_iter()
            .map(|dataset| -> SplitSamples { (dataset.split(), Arc::new(dataset)) });
        progress.done();
        return Ok(splits.collect());
    }
    // The published test split of DeepFashion2 has no annotations.
    let places = [Split::Train, Split::Val, Split::Test]
        .map(|split| (split, args.annotations_of(root, split)));
    if !places.iter().any(|(_, place)| place.exists()) {
        let message = places.map(|(_, place)| place.display().to_string()).join(", ");
        let message = format!("no annotations; tried {message}");
        return Err(Error::new(ErrorKind::Dataset, message).with_path(root).into());
    }
    let mut found: Vec<SplitSamples> = Vec::new();
    for (split, place) in places.into_iter().filter(|(_, place)| place.exists()) {
        let opened: Result<Arc<dyn LandmarkDataset>, Error> = match args.form {
            Form::Coco => {
                let images = args.images_of(root, split);
                let schema = args.schema();
                CocoDataset::open_with(place, images, schema, &mut on_event)
                    .map(|dataset| Arc::new(dataset) as _)
            }
            _ => DeepFashion2Dataset::open_with(root, split, &mut on_event)
                .map(|dataset| Arc::new(dataset) as _),
        };
        // A split of which nothing can be used does not keep the others from being checked.
        match opened {
            Ok(dataset) => found.push((split, dataset)),
            Err(error) => on_event(ReadEvent::Problem(error))?,
        }
    }
    progress.done();
    Ok(found)
}
