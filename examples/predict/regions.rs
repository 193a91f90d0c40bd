//! Where in each picture garments are looked for.
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use dafe::{data::coco::MAX_COCO_BYTES, error::Error, prelude::*};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    inputs::{Input, Source},
    support::Outcome,
};

/// A garment to look at.
#[derive(Debug, Clone, Copy)]
pub struct Region {
    /// None for the whole picture.
    pub bounding_box: Option<BoundingBox>,
    pub category: CategoryChoice,
    /// A detector's score of the box.
    pub score: Option<f32>,
}

/// The regions of all pictures.
pub enum Regions {
    /// The same in each.
    Same(Vec<Region>),
    /// Of a file, by the picture's index; a picture that is not there has none.
    Own(HashMap<usize, Vec<Region>>),
}

impl Regions {
    /// `bounds` in each picture, or the whole pictures if there are none.
    pub fn same(bounds: &[BoundingBox], category: CategoryChoice) -> Self {
        let region = |bounding_box| Region { bounding_box, category, score: None };
        match bounds {
            [] => Self::Same(vec![region(None)]),
            bounds => Self::Same(bounds.iter().map(|&bounds| region(Some(bounds))).collect()),
        }
    }

    /// The boxes of the file `path`, each of the given category or, without one, of that whose number it has in the file.
    pub fn read(
        path: &Path,
        inputs: &[Input],
        category: Option<CategoryChoice>,
        schema: &LandmarkSchema,
    ) -> Outcome<Self> {
        let wrong = |message: String| Error::Dataset { path: path.into(), message };
        let index = Index::new(inputs);
        let mut regions = HashMap::<_, Vec<_>>::new();
        for (number, entry) in (1..).zip(entries(path)?) {
            let in_entry = |message| wrong(format!("box {number}: {message}"));
            let name = entry.name.ok_or_else(|| {
                in_entry("it has neither a file_name nor the number of a picture that has".into())
            })?;
            let Some(picture) = index.find(&name).map_err(in_entry)? else { continue };
            let [x, y, width, height] = entry.bbox;
            let bounding_box = BoundingBox::new(x, y, x + width, y + height);
            let category = match category {
                Some(category) => category,
                None => known(schema, entry.category_id).map_err(in_entry)?,
            };
            let region = Region {
                bounding_box: Some(bounding_box.ok_or_else(|| {
                    in_entry(format!("{:?} is no x, y, width, height", entry.bbox))
                })?),
                category,
                score: entry.score,
            };
            regions.entry(picture).or_default().push(region);
        }
        match regions.is_empty() {
            true => Err(wrong("no box is of one of these pictures".into()).into()),
            false => Ok(Self::Own(regions)),
        }
    }

    /// Those of a picture, by its index.
    pub fn of(&self, picture: usize) -> &[Region] {
        match self {
            Self::Same(regions) => regions,
            Self::Own(regions) => regions.get(&picture).map_or(&[], Vec::as_slice),
        }
    }

    /// How many of `pictures` pictures have no region.
    pub fn without(&self, pictures: usize) -> usize {
        (0..pictures).filter(|&picture| self.of(picture).is_empty()).count()
    }
}

fn known(schema: &LandmarkSchema, id: Option<u64>) -> Result<CategoryChoice, String> {
    let id = id.ok_or("it has no category_id, which --category boxes takes")?;
    let index = schema.categories().iter().position(|category| category.id == id);
    Ok(CategoryChoice::Known(index.ok_or(format!("the model has no category of number {id}"))?))
}

/// The pictures by the last part of their paths.
struct Index<'a>(HashMap<&'a std::ffi::OsStr, Vec<(usize, &'a Path)>>);

impl<'a> Index<'a> {
    fn new(inputs: &'a [Input]) -> Self {
        let mut names = HashMap::<_, Vec<_>>::new();
        for (index, input) in inputs.iter().enumerate() {
            if let Source::File(path) = &input.source {
                names
                    .entry(path.file_name().unwrap_or_default())
                    .or_default()
                    .push((index, path.as_path()));
            }
        }
        Self(names)
    }

    /// The picture whose path ends with `name`, if there is one.
    fn find(&self, name: &str) -> Result<Option<usize>, String> {
        let name = PathBuf::from(name);
        let named = self.0.get(name.file_name().unwrap_or_default());
        let mut fitting = named.into_iter().flatten().filter(|(_, path)| path.ends_with(&name));
        match (fitting.next(), fitting.next()) {
            (Some((_, one)), Some((_, other))) => {
                Err(format!("'{}' may be {} or {}", name.display(), one.display(), other.display()))
            }
            (first, _) => Ok(first.map(|&(index, _)| index)),
        }
    }
}

/// A box of either form.
struct Entry {
    name: Option<String>,
    category_id: Option<u64>,
    bbox: [f32; 4],
    score: Option<f32>,
}

#[derive(Deserialize)]
struct Annotations {
    images: Vec<Image>,
    annotations: Vec<RawEntry>,
}

#[derive(Deserialize)]
struct Image {
    id: u64,
    file_name: String,
}

#[derive(Deserialize)]
struct RawEntry {
    image_id: Option<serde_json::Value>,
    file_name: Option<String>,
    image: Option<String>,
    category_id: Option<u64>,
    bbox: [f32; 4],
    score: Option<f32>,
}

fn entries(path: &Path) -> Outcome<Vec<Entry>> {
    let failed = |source| Error::Io { action: "read", path: path.into(), source };
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > MAX_COCO_BYTES {
        let message = format!("{size} bytes; at most {MAX_COCO_BYTES} are read");
        return Err(Error::Dataset { path: path.into(), message }.into());
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    let (images, raw) = match text.trim_start().starts_with('[') {
        true => (Vec::new(), parse::<Vec<RawEntry>>(path, &text)?),
        false => {
            let Annotations { images, annotations } = parse(path, &text)?;
            (images, annotations)
        }
    };
    let names: HashMap<u64, String> =
        images.into_iter().map(|image| (image.id, image.file_name)).collect();
    let named = |raw: RawEntry| {
        let RawEntry { image_id, file_name, image, category_id, bbox, score } = raw;
        let by_id = image_id.and_then(|id| match id {
            serde_json::Value::String(name) => Some(name),
            id => names.get(&id.as_u64()?).cloned(),
        });
        Entry { name: file_name.or(image).or(by_id), category_id, bbox, score }
    };
    Ok(raw.into_iter().map(named).collect())
}

fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Annotation {
        path: path.into(),
        line: error.line(),
        message: error.to_string(),
    })
}
