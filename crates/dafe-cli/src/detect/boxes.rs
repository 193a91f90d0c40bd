//! A file of boxes: COCO's annotations or results.
use std::{collections::HashMap, fs, path::Path};

use dafe::{Error, ErrorKind, data::coco::MAX_COCO_BYTES, prelude::*};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// A box in an image.
pub struct DetectedBox {
    /// The image's name, if the file has it.
    pub image: Option<String>,
    pub category_id: Option<u64>,
    pub score: Option<f32>,
    /// x, y, width and height.
    bbox: [f32; 4],
}

impl DetectedBox {
    pub fn bounds(&self) -> Result<BoundingBox, String> {
        let [x, y, width, height] = self.bbox;
        let bounds = BoundingBox::new(x, y, x + width, y + height);
        bounds.ok_or_else(|| format!("{:?} is no x, y, width, height", self.bbox))
    }
}

/// `{images: [{id, file_name}, …], annotations: […]}`.
#[derive(Deserialize)]
struct Annotations {
    images: Vec<Image>,
    annotations: Vec<Entry>,
}

#[derive(Deserialize)]
struct Image {
    id: u64,
    file_name: String,
}

/// An annotation, or a result.
#[derive(Deserialize)]
struct Entry {
    image_id: Option<Value>,
    file_name: Option<String>,
    /// What other detectors call the same.
    image: Option<String>,
    category_id: Option<u64>,
    bbox: [f32; 4],
    score: Option<f32>,
}

/// The boxes of a file: annotations, which name the images by their numbers, or a list of results
/// that have names.
pub fn read_boxes(path: &Path) -> Result<Vec<DetectedBox>, Error> {
    let failed = |source| Error::io("read", path)(source);
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > MAX_COCO_BYTES {
        let message = format!("{size} bytes; at most {MAX_COCO_BYTES} are read");
        return Err(Error::new(ErrorKind::Dataset, message).with_path(path));
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    let (images, entries) = match text.trim_start().starts_with('[') {
        true => (Vec::new(), parse(path, &text)?),
        false => {
            let Annotations { images, annotations } = parse(path, &text)?;
            (images, annotations)
        }
    };
    let names: HashMap<u64, String> =
        images.into_iter().map(|image| (image.id, image.file_name)).collect();
    let detected = |entry: Entry| {
        let Entry { image_id, file_name, image, category_id, bbox, score } = entry;
        let by_id = image_id.and_then(|id| match id {
            Value::String(name) => Some(name),
            number => names.get(&number.as_u64()?).cloned(),
        });
        DetectedBox { image: file_name.or(image).or(by_id), category_id, score, bbox }
    };
    Ok(entries.into_iter().map(detected).collect())
}

fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| {
        Error::new(ErrorKind::Annotation, error.to_string()).with_path(path).with_line(error.line())
    })
}
