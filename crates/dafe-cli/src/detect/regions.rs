//! Where in each image garments are looked for.
use std::{collections::HashMap, ffi::OsStr, path::Path};

use dafe::{Error, ErrorKind, data::NamedBox, detector::CategoryChoice, prelude::*};

use super::{
    boxes::Boxes,
    inputs::{Input, Source},
};

/// A garment to look at.
#[derive(Debug, Clone, Copy)]
pub struct Region {
    /// None for the whole image.
    pub bounding_box: Option<BoundingBox>,
    pub category: CategoryChoice,
    /// A detector's score of the box.
    pub score: Option<f32>,
}

/// The regions of all images.
pub enum Regions {
    /// The same in each.
    Same(Vec<Region>),
    /// Of a file, by the image's index; an image that is not there has none.
    Own(HashMap<usize, Vec<Region>>),
}

impl Regions {
    /// `bounds` in each image, or the whole images if there are none.
    pub fn same(bounds: &[BoundingBox], category: CategoryChoice) -> Self {
        let region = |bounding_box| Region { bounding_box, category, score: None };
        match bounds {
            [] => Self::Same(vec![region(None)]),
            bounds => Self::Same(bounds.iter().map(|&bounds| region(Some(bounds))).collect()),
        }
    }

    /// The boxes of the file `path`, each of the given category or, without one, of that whose
    /// number it has in the file. Those of other images are passed over.
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
            true => Err(wrong("no box is of one of these images".into())),
            false => Ok(Self::Own(regions)),
        }
    }

    /// Those of an image, by its index.
    pub fn of(&self, image: usize) -> &[Region] {
        match self {
            Self::Same(regions) => regions,
            Self::Own(regions) => regions.get(&image).map_or(&[], Vec::as_slice),
        }
    }

    /// How many of `images` images have no region.
    pub fn without(&self, images: usize) -> usize {
        (0..images).filter(|&image| self.of(image).is_empty()).count()
    }
}

/// The images by the last part of their paths.
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

    /// The box's image, if that is one of these, and where in it.
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
                Err(format!("'{name}' may be {one} or {other}"))
            }
            (first, _) => Ok(first.map(|&(index, _)| index)),
        }
    }
}

fn known(schema: &LandmarkSchema, id: Option<u64>) -> Result<CategoryChoice, String> {
    let id = id.ok_or("it has no category_id, which --category boxes takes")?;
    let index = schema.categories().iter().position(|category| category.id == id);
    Ok(CategoryChoice::Known(index.ok_or(format!("the model has no category of number {id}"))?))
}
