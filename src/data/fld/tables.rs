//! The three files of a dataset: where they lie, and how their rows are joined by the pictures' names.
use std::{
    collections::{HashMap, hash_map::Entry},
    path::{Path, PathBuf},
};

use super::{
    ANNOTATION_FOLDERS, BOXES, FldForm, LANDMARKS, PARTITION, PARTITION_FOLDER, Split, rows,
};
use crate::{error::Error, geometry::BoundingBox, landmark::LandmarkSample};

/// The files of one dataset, all of them there.
pub(super) struct Files {
    landmarks: PathBuf,
    boxes: PathBuf,
    pub(super) partition: PathBuf,
}

impl Files {
    /// Finds them below `root`; boxes and partition are looked for first in the landmarks' folder and in `Eval/`.
    pub(super) fn find(root: &Path) -> Result<Self, Error> {
        if !root.is_dir() {
            return Err(Error::Dataset {
                path: root.into(),
                message: "there is no such folder".into(),
            });
        }
        let mut folders = ANNOTATION_FOLDERS.to_vec();
        let at = find(root, LANDMARKS, &folders)?;
        folders[..=at].rotate_right(1);
        let landmarks = root.join(folders[0]).join(LANDMARKS);
        let boxes = root.join(folders[find(root, BOXES, &folders)?]).join(BOXES);
        folders.insert(0, PARTITION_FOLDER);
        let partition = root.join(folders[find(root, PARTITION, &folders)?]).join(PARTITION);
        Ok(Self { landmarks, boxes, partition })
    }

    /// Reads all three: the samples in the order of the landmarks' file, and the split of each.
    pub(super) fn read(&self) -> Result<(FldForm, Vec<LandmarkSample>, Vec<Split>), Error> {
        let (form, mut samples) = read_landmarks(&self.landmarks)?;
        let index = Index::new(&self.landmarks, &samples)?;
        let boxes = index.read(&self.boxes, rows::parse_box)?;
        let splits = index.read(&self.partition, rows::parse_partition)?;
        for (sample, bounds) in samples.iter_mut().zip(boxes) {
            sample.bounding_box = bounds;
        }
        Ok((form, samples, splits))
    }
}

/// Which of `folders` has the file `name`.
fn find(root: &Path, name: &str, folders: &[&str]) -> Result<usize, Error> {
    // A regular file: a pipe or a device could be read for ever.
    folders.iter().position(|folder| root.join(folder).join(name).is_file()).ok_or_else(|| {
        let tried: Vec<_> = folders.iter().map(|folder| format!("{folder}/{name}")).collect();
        Error::Dataset {
            path: root.into(),
            message: format!("no {name}; tried {}", tried.join(", ")),
        }
    })
}

/// The form and the samples of `list_landmarks.txt`, as yet without their boxes.
fn read_landmarks(path: &Path) -> Result<(FldForm, Vec<LandmarkSample>), Error> {
    let mut samples = Vec::new();
    let mut form = None;
    rows::read_file(path, |_, row| {
        let row = rows::parse_landmarks(row)?;
        let expected = *form.get_or_insert(row.form);
        if row.form != expected {
            let has = |form| {
                if form == FldForm::Fld {
                    "with a variation type"
                } else {
                    "without a variation type"
                }
            };
            return Err(format!("a row {}, after rows {}", has(row.form), has(expected)));
        }
        samples.push(LandmarkSample {
            image: row.name.to_owned(),
            bounding_box: BoundingBox::whole(0, 0),
            landmarks: row.landmarks.to_vec(),
            category: Some(row.clothes_type as usize),
            variation_type: row.variation_type,
            score: None,
        });
        Ok(())
    })?;
    let empty = || Error::Dataset { path: path.into(), message: "lists no pictures".into() };
    Ok((form.ok_or_else(empty)?, samples))
}

/// Where each picture is among the samples.
struct Index<'a> {
    samples: &'a [LandmarkSample],
    rows: HashMap<&'a str, usize>,
}

impl<'a> Index<'a> {
    fn new(path: &Path, samples: &'a [LandmarkSample]) -> Result<Self, Error> {
        let mut rows = HashMap::with_capacity(samples.len());
        for (row, sample) in samples.iter().enumerate() {
            match rows.entry(sample.image.as_str()) {
                Entry::Vacant(entry) => entry.insert(row),
                Entry::Occupied(first) => {
                    let (line, first) = (rows::line_of(row), rows::line_of(*first.get()));
                    let message =
                        format!("'{}' appears again, first on line {first}", sample.image);
                    return Err(Error::Annotation { path: path.into(), line, message });
                }
            };
        }
        Ok(Self { samples, rows })
    }

    /// Reads another file, whose rows must be about the same pictures: `parse`'s value for each sample.
    fn read<T>(
        &self,
        path: &Path,
        parse: fn(&str) -> Result<(&str, T), String>,
    ) -> Result<Vec<T>, Error> {
        let mut found: Vec<Option<T>> = Vec::new();
        found.resize_with(self.samples.len(), || None);
        rows::read_file(path, |_, row| {
            let (name, value) = parse(row)?;
            let at =
                self.rows.get(name).ok_or_else(|| format!("'{name}' is not in {LANDMARKS}"))?;
            match found[*at].replace(value) {
                None => Ok(()),
                Some(_) => Err(format!("'{name}' appears a second time")),
            }
        })?;
        let missing = |row: usize| Error::Dataset {
            path: path.into(),
            message: format!(
                "lacks '{}', which {LANDMARKS} has on line {}",
                self.samples[row].image,
                rows::line_of(row)
            ),
        };
        found
            .into_iter()
            .enumerate()
            .map(|(row, value)| value.ok_or_else(|| missing(row)))
            .collect()
    }
}
