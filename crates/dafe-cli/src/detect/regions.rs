//! The regions of each image in which garments are detected.
use std::{collections::HashMap, ffi::OsStr, path::Path};

use dafe::{Error, ErrorKind, data::NamedBox, detector::CategoryChoice, prelude::*};

use super::{
    boxes::Boxes,
    inputs::{Input, Source},
};

/// A region to detect a garment in.
#[derive(Debug, Clone, Copy)]
pub struct Region {
    /// The box; `None` for the whole image.
    pub bounding_box: Option<BoundingBox>,
    pub category: CategoryChoice,
    /// The box's score, if a detector provided one.
    pub score: Option<f32>,
}

/// The regions of all images.
pub enum Regions {
    /// The same in each image.
    Same(Vec<Region>),
    /// Regions from a file, by the image's index; images that are missing have none.
    Own(HashMap<usize, Vec<Region>>),
}

impl Regions {
    /// Uses `bounds` in each image, or the whole images if there are none.
    pub fn same(bounds: &[BoundingBox], category: CategoryChoice) -> Self {
        let region = |bounding_box| Region { bounding_box, category, score: None };
        match bounds {
            [] => Self::Same(vec![region(None)]),
            bounds => Self::Same(bounds.iter().map(|&bounds| region(Some(bounds))).collect()),
        }
    }

    /// Uses the boxes of a file. Their category is the given one or, without one, the one that the
    /// file gives by id. Boxes of other images are ignored.
    pub fn of_boxes(
        boxes: &Boxes,
        path: &Path,
        inputs: &[Input],
        category: Option<CategoryChoice>,
        schema: &LandmarkSchema,
    ) -> Result<Self, Error> {
        let wrong = |message| Error::new(ErrorKind::Dataset, message).with_path(path);
        let index = Index::new(inputs);
        let mut regions = HashMap::<_, Vec<_>>::new();
        for (number, detected) in (1..).zip(boxes.file.boxes()) {
            let found = index.find(detected, category, schema);
            let found = found.map_err(|message| wrong(format!("box {number}: {message}")))?;
            if let Some((image, region)) = found {
                regions.entry(image).or_default().push(region);
            }
        }
        match regions.is_empty() {
            true => Err(wrong("no box belongs to one of these images".into())),
            false => Ok(Self::Own(regions)),
        }
    }

    /// The regions of an image, by its index.
    pub fn of(&self, image: usize) -> &[Region] {
        match self {
            Self::Same(regions) => regions,
            Self::Own(regions) => regions.get(&image).map_or(&[], Vec::as_slice),
        }
    }

    /// The number of images without a region, of `images`.
    pub fn without(&self, images: usize) -> usize {
        (0..images).filter(|&image| self.of(image).is_empty()).count()
    }
}

/// Images by the last component of their paths.
struct Index<'a>(HashMap<&'a OsStr, Vec<(usize, &'a Path)>>);

impl<'a> Index<'a> {
    fn new(inputs: &'a [Input]) -> Self {
        let mut names = HashMap::<_, Vec<_>>::new();
        for (index, input) in inputs.iter().enumerate() {
            if let Source::File(path) = &input.source {
                let named = names.entry(path.file_name().unwrap_or_default()).or_default();
                named.push((index, path.as_path()));
            }
        }
        Self(names)
    }

    /// The index of the box's image, if it is an input, and the region.
    fn find(
        &self,
        detected: &NamedBox,
        category: Option<CategoryChoice>,
        schema: &LandmarkSchema,
    ) -> Result<Option<(usize, Region)>, String> {
        let Some(name) = &detected.image else { return Ok(None) };
        let Some(image) = self.image(Path::new(name))? else { return Ok(None) };
        let category = category.map_or_else(|| known(schema, detected.category_id), Ok)?;
        let region = Region {
            bounding_box: Some(detected.bounding_box.clone()?),
            category,
            score: detected.score,
        };
        Ok(Some((image, region)))
    }

    /// The image whose path ends with `name`.
    fn image(&self, name: &Path) -> Result<Option<usize>, String> {
        let named = self.0.get(name.file_name().unwrap_or_default()).into_iter().flatten();
        let mut fitting = named.filter(|(_, path)| path.ends_with(name));
        match (fitting.next(), fitting.next()) {
            (Some((_, one)), Some((_, other))) => {
                let [name, one, other] = [name, one, other].map(Path::display);
                Err(format!("'{name}' is the end of two images' paths, {one} and {other}"))
            }
            (first, _) => Ok(first.map(|&(index, _)| index)),
        }
    }
}

fn known(schema: &LandmarkSchema, id: Option<u64>) -> Result<CategoryChoice, String> {
    let id = id.ok_or("it has no category_id, which --category boxes needs")?;
    let index = schema.categories().iter().position(|category| category.id == id);
    Ok(CategoryChoice::Known(index.ok_or(format!("the model has no category with the ID {id}"))?))
}
