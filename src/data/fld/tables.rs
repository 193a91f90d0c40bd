//! The three files of a dataset: finding them, and joining their rows by image name.
use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    fs,
    path::{Path, PathBuf},
};

use super::{
    format::{ANNOTATION_FOLDERS, BOXES, FldFormat, LANDMARKS, PARTITION, PARTITION_FOLDER},
    rows,
};
use crate::{
    Error, ErrorKind,
    data::{ReadEvent, annotation::shortened, event::Reporter},
    geometry::BoundingBox,
    landmark::LandmarkSample,
};

/// The files of one dataset, all of which exist.
pub(super) struct Files {
    pub(super) landmarks: PathBuf,
    boxes: PathBuf,
    pub(super) partition: PathBuf,
}

impl Files {
    /// Finds the files below `root`. Boxes and partition are searched first in the landmarks'
    /// folder and in `Eval/`.
    pub(super) fn find(root: &Path) -> Result<Self, Error> {
        let mut folders = ANNOTATION_FOLDERS.to_vec();
        let at = find(root, LANDMARKS, &folders)?;
        folders[..=at].rotate_right(1);
        let landmarks = root.join(folders[0]).join(LANDMARKS);
        let boxes = root.join(folders[find(root, BOXES, &folders)?]).join(BOXES);
        folders.insert(0, PARTITION_FOLDER);
        let partition = root.join(folders[find(root, PARTITION, &folders)?]).join(PARTITION);
        Ok(Self { landmarks, boxes, partition })
    }

    /// Reads all three files: the samples of each split in the order of the landmark file. Progress
    /// in bytes and problems are reported to `on_event`; if reading continues, samples with
    /// problems are left out.
    pub(super) fn read(
        &self,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Listing, Error> {
        let mut total = 0;
        for path in [&self.landmarks, &self.boxes, &self.partition] {
            total += fs::metadata(path).map_err(Error::io("read", path))?.len();
        }
        let reporter = &mut Reporter::new(on_event, total);
        let Landmarks { format, listed, refused } = read_landmarks(&self.landmarks, reporter)?;
        let index = Index::new(&self.landmarks, &listed, refused, reporter)?;
        let boxes = index.read(&self.boxes, reporter, rows::parse_box)?;
        let splits = index.read(&self.partition, reporter, rows::parse_partition)?;
        reporter.finish()?;
        let mut samples = [const { Vec::new() }; 3];
        for ((row, bounds), split) in listed.into_iter().zip(boxes).zip(splits) {
            if let (Some(bounding_box), Some(split)) = (bounds, split) {
                samples[split as usize].push(LandmarkSample { bounding_box, ..row.sample });
            }
        }
        samples.iter_mut().for_each(Vec::shrink_to_fit);
        Ok(Listing { format, samples })
    }
}

/// The joined content of the files.
pub(super) struct Listing {
    pub(super) format: FldFormat,
    /// The samples of each split, in the order of [`Split::ALL`](crate::data::Split::ALL).
    pub(super) samples: [Vec<LandmarkSample>; 3],
}

/// A row of the landmark file; its sample has no box yet.
struct Listed {
    line: usize,
    sample: LandmarkSample,
}

/// The index of the first of `folders` that contains the file `name`.
fn find(root: &Path, name: &str, folders: &[&str]) -> Result<usize, Error> {
    // Only regular files: reading a pipe or a device might never end.
    folders.iter().position(|folder| root.join(folder).join(name).is_file()).ok_or_else(|| {
        let tried: Vec<_> = folders.iter().map(|folder| format!("{folder}/{name}")).collect();
        Error::new(ErrorKind::Dataset, format!("no {name}; tried {}", tried.join(", ")))
            .with_path(root)
    })
}

/// The content of the landmark file.
struct Landmarks {
    format: FldFormat,
    listed: Vec<Listed>,
    /// The images whose rows can't be read.
    refused: HashSet<String>,
}

/// The format and the samples of `list_landmarks.txt`, without boxes.
fn read_landmarks(path: &Path, reporter: &mut Reporter<'_>) -> Result<Landmarks, Error> {
    let (mut format, mut listed, mut refused) = (None, Vec::new(), HashSet::new());
    rows::read_file(path, reporter, |line, text| {
        let sample = parse_sample(text, &mut format);
        sample.map(|sample| listed.push(Listed { line, sample })).inspect_err(|_| {
            refused.insert(rows::name_of(text).to_owned());
        })
    })?;
    let empty = || Error::new(ErrorKind::Dataset, "lists no images").with_path(path);
    Ok(Landmarks { format: format.ok_or_else(empty)?, listed, refused })
}

/// The sample of a row. The first row determines the `format` of all.
fn parse_sample(text: &str, format: &mut Option<FldFormat>) -> Result<LandmarkSample, String> {
    let row = rows::parse_landmarks(text)?;
    let expected = *format.get_or_insert(row.format);
    if row.format != expected {
        let has = |format| match format {
            FldFormat::Fld => "with a variation type",
            FldFormat::DeepFashionC => "without a variation type",
        };
        return Err(format!("a row {}, after rows {}", has(row.format), has(expected)));
    }
    Ok(LandmarkSample {
        category: Some(row.clothes_type as usize),
        variation_type: row.variation_type,
        ..LandmarkSample::new(row.name, BoundingBox::whole(0, 0), row.landmarks.to_vec())
    })
}

/// The index of each image among the samples.
struct Index<'a> {
    listed: &'a [Listed],
    places: HashMap<&'a str, usize>,
    /// Images with a problem in the landmark file, which has been reported: their rows in other
    /// files are skipped.
    refused: HashSet<String>,
}

/// Another file's entry for an image.
enum Found<T> {
    Nothing,
    Value(T),
    /// An invalid entry, which has been reported.
    Wrong,
}

impl<'a> Index<'a> {
    fn new(
        path: &Path,
        listed: &'a [Listed],
        mut refused: HashSet<String>,
        reporter: &mut Reporter<'_>,
    ) -> Result<Self, Error> {
        let mut places = HashMap::with_capacity(listed.len());
        for (place, Listed { line, sample }) in listed.iter().enumerate() {
            let name = sample.image.as_str();
            match places.entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert(place);
                }
                Entry::Occupied(first) => {
                    let first = listed[*first.get()].line;
                    let name = shortened(name);
                    let message = format!("'{name}' appears again, first on line {first}");
                    let error = Error::new(ErrorKind::Annotation, message);
                    reporter.problem(error.with_path(path).with_line(*line))?;
                    refused.insert(sample.image.clone());
                }
            }
        }
        places.retain(|name, _| !refused.contains(*name));
        Ok(Self { listed, places, refused })
    }

    /// Reads another file, whose rows must be about the same images. Returns `parse`'s value for
    /// each sample, or `None` for samples with problems.
    fn read<T>(
        &self,
        path: &Path,
        reporter: &mut Reporter<'_>,
        parse: fn(&str) -> Result<(&str, T), String>,
    ) -> Result<Vec<Option<T>>, Error> {
        let mut found: Vec<Found<T>> = Vec::new();
        found.resize_with(self.listed.len(), || Found::Nothing);
        rows::read_file(path, reporter, |_, text| {
            let name = rows::name_of(text);
            let Some(&place) = self.places.get(name) else {
                let (name, _) = parse(text)?;
                return match self.refused.contains(name) {
                    true => Ok(()),
                    false => Err(format!("'{}' is not in {LANDMARKS}", shortened(name))),
                };
            };
            let (now, result) = match (&found[place], parse(text)) {
                (Found::Nothing, Ok((_, value))) => (Found::Value(value), Ok(())),
                (_, Ok(_)) => {
                    (Found::Wrong, Err(format!("'{}' appears a second time", shortened(name))))
                }
                (_, Err(message)) => (Found::Wrong, Err(message)),
            };
            found[place] = now;
            result
        })?;
        for (place, Listed { line, sample }) in self.listed.iter().enumerate() {
            let used = self.places.get(sample.image.as_str()) == Some(&place);
            if used && matches!(found[place], Found::Nothing) {
                let name = shortened(&sample.image);
                let message = format!("lacks '{name}', which {LANDMARKS} has on line {line}");
                reporter.problem(Error::new(ErrorKind::Dataset, message).with_path(path))?;
            }
        }
        let value = |found| match found {
            Found::Value(value) => Some(value),
            Found::Nothing | Found::Wrong => None,
        };
        Ok(found.into_iter().map(value).collect())
    }
}
