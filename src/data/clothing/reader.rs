//! Joins labels with photographs.
use std::path::Path;

use super::{
    photographs::{check, way_out},
    table::{self, Label},
};
use crate::{
    Error,
    data::{
        ReadEvent, Split,
        annotation::{dataset_error, unlabeled},
        image::{ImageFile, Orientation},
    },
    geometry::BoundingBox,
    landmark::{Landmark, LandmarkSample, LandmarkSchema},
};

/// The samples of `split`, from the labels in `table` and the photographs below `root`.
pub(super) fn read(
    root: &Path,
    table: &str,
    split: Split,
    on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
) -> Result<Vec<LandmarkSample>, Error> {
    let refused = dataset_error(root);
    if !root.is_dir() {
        return Err(refused(format!("there is no such folder; {}", way_out())));
    }
    let labels: Vec<Label<'_>> = table::rows(table).filter(|row| row.split == split).collect();
    let missing = |label: &&Label<'_>| !root.join(label.photograph).is_file();
    if let Some(first) = labels.iter().find(missing) {
        let message = format!(
            "{} of the {} photographs of the split '{split}' are missing, such as {}; {}",
            labels.iter().filter(missing).count(),
            labels.len(),
            first.photograph,
            way_out()
        );
        return Err(refused(message));
    }
    let (schema, total) = (LandmarkSchema::fld(), labels.len());
    let mut samples = Vec::with_capacity(total);
    for (done, label) in (1..).zip(&labels) {
        match join(root, label, &schema) {
            Ok(sample) => samples.push(sample),
            Err(problem) => on_event(ReadEvent::Problem(problem))?,
        }
        on_event(ReadEvent::Progress { done, total })?;
    }
    if samples.is_empty() {
        let message = format!("no photograph of the split '{split}' can be used; {}", way_out());
        return Err(refused(message));
    }
    Ok(samples)
}

/// The sample of a label, if the photograph's hash matches.
fn join(root: &Path, label: &Label<'_>, schema: &LandmarkSchema) -> Result<LandmarkSample, Error> {
    let path = root.join(label.photograph);
    check(&path, label.sha256)?;
    let file = ImageFile { orientation: Orientation::Upright, ..ImageFile::new(path) };
    let [width, height] = file.header()?.size.map(f64::from);
    let [x1, y1, x2, y2] = label.bounds;
    let [x1, x2] = [x1, x2].map(|side| (side / 100.0 * width) as f32);
    let [y1, y2] = [y1, y2].map(|side| (side / 100.0 * height) as f32);
    let bounding_box = BoundingBox::new(x1, y1, x2, y2).unwrap_or_else(|| {
        panic!("the label of {} has no box: {:?}", label.photograph, label.bounds)
    });
    let category = Some(label.kind as usize);
    let mut landmarks = unlabeled(schema, category);
    for (&slot, place) in label.kind.slots().iter().zip(&label.landmarks) {
        if let Some(([x, y], visibility)) = *place {
            let center = |percent: f64, side: f64| (percent / 100.0 * side - 0.5) as f32;
            landmarks[slot] = Landmark::new(center(x, width), center(y, height), visibility);
        }
    }
    Ok(LandmarkSample {
        category,
        ..LandmarkSample::new(label.photograph, bounding_box, landmarks)
    })
}
