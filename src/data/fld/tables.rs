//! The three files of a dataset: where they lie, and how their rows are joined by the pictures' names.
use std::{
    collections::{HashMap, hash_map::Entry},
    path::{Path, PathBuf},
};

use super::{
    ANNOTATION_FOLDERS, BOXES, FldForm, LANDMARKS, PARTITION, PARTITION_FOLDER, Split,
    rows::{self, Report},
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

    /// Reads all three: the samples in the order of the landmarks' file, and the split of each. What is wrong is told to
    /// `report`; where that goes on, samples with something wrong are left out.
    pub(super) fn read(&self, report: Report<'_>) -> Result<Listing, Error> {
        let (form, listed) = read_landmarks(&self.landmarks, report)?;
        let index = Index::new(&self.landmarks, &listed, report)?;
        let boxes = index.read(&self.boxes, report, rows::parse_box)?;
        let splits = index.read(&self.partition, report, rows::parse_partition)?;
        let samples =
            listed.into_iter().zip(boxes).zip(splits).filter_map(|((mut row, bounds), split)| {
                row.sample.bounding_box = bounds?;
                Some((split?, row.sample))
            });
        Ok(Listing { form, samples: samples.collect() })
    }
}

/// What the three files say together.
pub(super) struct Listing {
    pub(super) form: FldForm,
    pub(super) samples: Vec<(Split, LandmarkSample)>,
}

/// A row of the landmarks' file, whose sample has no box yet.
struct Listed {
    row: usize,
    sample: LandmarkSample,
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
fn read_landmarks(path: &Path, report: Report<'_>) -> Result<(FldForm, Vec<Listed>), Error> {
    let mut listed = Vec::new();
    let mut form = None;
    rows::read_file(path, report, |number, text| {
        let row = rows::parse_landmarks(text)?;
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
        let sample = LandmarkSample {
            image: row.name.to_owned(),
            bounding_box: BoundingBox::whole(0, 0),
            landmarks: row.landmarks.to_vec(),
            category: Some(row.clothes_type as usize),
            variation_type: row.variation_type,
            score: None,
        };
        listed.push(Listed { row: number, sample });
        Ok(())
    })?;
    let empty = || Error::Dataset { path: path.into(), message: "lists no pictures".into() };
    Ok((form.ok_or_else(empty)?, listed))
}

/// Where each picture is among the samples.
struct Index<'a> {
    listed: &'a [Listed],
    places: HashMap<&'a str, usize>,
}

impl<'a> Index<'a> {
    fn new(path: &Path, listed: &'a [Listed], report: Report<'_>) -> Result<Self, Error> {
        let mut places = HashMap::with_capacity(listed.len());
        for (place, Listed { row, sample }) in listed.iter().enumerate() {
            match places.entry(sample.image.as_str()) {
                Entry::Vacant(entry) => {
                    entry.insert(place);
                }
                Entry::Occupied(first) => {
                    let first = rows::line_of(listed[*first.get()].row);
                    let message =
                        format!("'{}' appears again, first on line {first}", sample.image);
                    let line = rows::line_of(*row);
                    report(Error::Annotation { path: path.into(), line, message })?;
                }
            }
        }
        Ok(Self { listed, places })
    }

    /// Reads another file, whose rows must be about the same pictures: `parse`'s value for each sample, none for a
    /// sample that has none.
    fn read<T>(
        &self,
        path: &Path,
        report: Report<'_>,
        parse: fn(&str) -> Result<(&str, T), String>,
    ) -> Result<Vec<Option<T>>, Error> {
        let mut found: Vec<Option<T>> = Vec::new();
        found.resize_with(self.listed.len(), || None);
        rows::read_file(path, report, |_, text| {
            let (name, value) = parse(text)?;
            let at =
                self.places.get(name).ok_or_else(|| format!("'{name}' is not in {LANDMARKS}"))?;
            match found[*at].replace(value) {
                None => Ok(()),
                Some(_) => Err(format!("'{name}' appears a second time")),
            }
        })?;
        for (Listed { row, sample }, value) in self.listed.iter().zip(&found) {
            // A picture that is listed twice was told of already.
            let listed =
                self.places.get(sample.image.as_str()).map(|&place| self.listed[place].row);
            if value.is_none() && listed == Some(*row) {
                let line = rows::line_of(*row);
                let message =
                    format!("lacks '{}', which {LANDMARKS} has on line {line}", sample.image);
                report(Error::Dataset { path: path.into(), message })?;
            }
        }
        Ok(found)
    }
}
