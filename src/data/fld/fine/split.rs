//! The files of one split, joined by row number.
use std::path::{Path, PathBuf};

use super::{
    super::rows::SLOTS,
    clothes::{self, Categories},
    columns,
};
use crate::{
    Error, ErrorKind,
    data::{Finding, FindingKind, Split, annotation::UNLABELED, event::Reporter},
    geometry::BoundingBox,
    landmark::{ClothesType, Landmark, LandmarkSample, LandmarkSchema, Visibility},
};

/// The files of one split.
pub(super) struct SplitFiles {
    pub(super) split: Split,
    pub(super) names: PathBuf,
    boxes: PathBuf,
    landmarks: PathBuf,
    pub(super) categories: Option<PathBuf>,
}

impl SplitFiles {
    /// The split's files, if any of the required ones exists.
    pub(super) fn find(folder: &Path, split: Split) -> Option<Result<Self, Error>> {
        let path = |suffix: &str| folder.join(format!("{split}{suffix}.txt"));
        let needed = [path(""), path("_bbox"), path("_landmarks")];
        let there = needed.iter().find(|path| path.is_file())?;
        if let Some(missing) = needed.iter().find(|path| !path.is_file()) {
            let name = |path: &Path| path.file_name().map(|name| name.display().to_string());
            let [missing, there] = [missing, there].map(|path| name(path).unwrap_or_default());
            let message = format!("no {missing} beside {there}");
            return Some(Err(Error::new(ErrorKind::Dataset, message).with_path(folder)));
        }
        let [names, boxes, landmarks] = needed;
        let categories = Some(path("_cate")).filter(|path| path.is_file());
        Some(Ok(Self { split, names, boxes, landmarks, categories }))
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.names, &self.boxes, &self.landmarks].into_iter().chain(&self.categories)
    }

    pub(super) fn names_error(&self, line: usize, message: String) -> Error {
        Error::new(ErrorKind::Annotation, message).with_path(&self.names).with_line(line)
    }

    /// The samples with their line numbers, without invalid ones.
    pub(super) fn read(
        &self,
        clothes: &Categories,
        reporter: &mut Reporter<'_>,
    ) -> Result<Vec<(usize, LandmarkSample)>, Error> {
        let names = columns::read_file(&self.names, reporter, columns::parse_name)?;
        let boxes = columns::read_file(&self.boxes, reporter, columns::parse_box)?;
        let landmarks = columns::read_file(&self.landmarks, reporter, columns::parse_landmarks)?;
        let category = |row: &str| clothes.of(columns::parse_category(row)?);
        let types = self.categories.as_ref();
        let types = types.map(|path| columns::read_file(path, reporter, category)).transpose()?;
        let counts = [boxes.len(), landmarks.len()].into_iter().chain(types.as_ref().map(Vec::len));
        let mut fit = true;
        for (path, count) in self.paths().skip(1).zip(counts) {
            if count != names.len() {
                fit = false;
                let message = format!(
                    "{count} rows, but {}.txt has {}: rows are matched by their number",
                    self.split,
                    names.len()
                );
                reporter.problem(Error::new(ErrorKind::Dataset, message).with_path(path))?;
            }
        }
        let mut samples = Vec::with_capacity(if fit { names.len() } else { 0 });
        if !fit {
            return Ok(samples);
        }
        let rows = names.into_iter().zip(boxes).zip(landmarks).enumerate();
        for (index, ((name, bounds), positions)) in rows {
            let (Some(name), Some(bounds), Some(positions)) = (name, bounds, positions) else {
                continue;
            };
            let clothes_type = match &types {
                Some(types) => types[index],
                None => match clothes::infer(&positions) {
                    Ok(inferred) => Some(inferred),
                    Err(message) => {
                        let error = Error::new(ErrorKind::Annotation, message);
                        let error = error.with_path(&self.landmarks).with_line(index + 1);
                        reporter.problem(error.with_image(name.as_str()))?;
                        None
                    }
                },
            };
            let Some(clothes_type) = clothes_type else { continue };
            self.tell_foreign(index + 1, &name, clothes_type, &positions, reporter)?;
            samples.push((index + 1, sample(name, bounds, clothes_type, &positions)));
        }
        Ok(samples)
    }

    /// Reports landmarks that have positions although the clothes type lacks them.
    fn tell_foreign(
        &self,
        line: usize,
        image: &str,
        clothes_type: ClothesType,
        positions: &[Option<[f32; 2]>; SLOTS],
        reporter: &mut Reporter<'_>,
    ) -> Result<(), Error> {
        let own = clothes_type.slots();
        let foreign = |slot: &usize| positions[*slot].is_some() && !own.contains(slot);
        let foreign: Vec<usize> = (0..SLOTS).filter(foreign).collect();
        if foreign.is_empty() {
            return Ok(());
        }
        let schema = LandmarkSchema::fld();
        let names: Vec<&str> = foreign.iter().map(|&slot| schema.names()[slot].as_str()).collect();
        let message = format!(
            "{} with positions, though {clothes_type} clothes have none: not used",
            names.join(", ")
        );
        let finding = Finding::new(FindingKind::Position, message);
        reporter.finding(
            finding.at(|place| place.with_path(&self.landmarks).with_line(line).with_image(image)),
        )
    }
}

fn sample(
    name: String,
    bounding_box: BoundingBox,
    clothes_type: ClothesType,
    positions: &[Option<[f32; 2]>; SLOTS],
) -> LandmarkSample {
    let mut landmarks = vec![Landmark::ABSENT; SLOTS];
    for &slot in clothes_type.slots() {
        landmarks[slot] = match positions[slot] {
            Some([x, y]) => Landmark::new(x, y, Visibility::Visible),
            None => UNLABELED,
        };
    }
    LandmarkSample {
        category: Some(clothes_type as usize),
        ..LandmarkSample::new(name, bounding_box, landmarks)
    }
}
