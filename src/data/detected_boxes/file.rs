//! The JSON of a file of boxes.
use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{
        MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};

use crate::{
    data::annotation::{Key, parse_coco_box},
    geometry::BoundingBox,
};

/// A box as in an annotation or a result.
#[derive(Deserialize)]
pub(super) struct RawBox {
    pub(super) image_id: Option<Key>,
    pub(super) file_name: Option<String>,
    /// Used instead of `file_name` by some detectors.
    pub(super) image: Option<String>,
    category_id: Option<Key>,
    /// NaN in the file is read as `None`.
    bbox: Option<[Option<f64>; 4]>,
    pub(super) score: Option<f32>,
}

impl RawBox {
    pub(super) fn bounding_box(&self) -> Result<BoundingBox, String> {
        let numbers = self.bbox.ok_or("it has no bbox")?;
        let [Some(x), Some(y), Some(width), Some(height)] = numbers else {
            let shown = numbers.map(|side| side.map_or("null".into(), |side| format!("{side:?}")));
            let shown = shown.join(",");
            return Err(format!("its bbox lacks a number, or has NaN: [{shown}]"));
        };
        parse_coco_box([x, y, width, height])
    }

    pub(super) fn category_number(&self) -> Result<Option<u64>, String> {
        match &self.category_id {
            None => Ok(None),
            Some(Key::Number(number)) => Ok(Some(*number)),
            Some(name) => Err(format!("its category_id is {name}, not a number")),
        }
    }
}

/// Number and name of an image.
#[derive(Deserialize)]
pub(super) struct RawImage {
    pub(super) id: Key,
    pub(super) file_name: String,
}

/// A file with a list of images; other keys are ignored.
#[derive(Deserialize)]
pub(super) struct RawImages {
    pub(super) images: Vec<RawImage>,
}

/// A list of results, or annotations and their images.
#[derive(Deserialize)]
pub(super) struct RawFile {
    #[serde(default)]
    pub(super) images: Vec<RawImage>,
    pub(super) annotations: Vec<RawBox>,
}

/// A file in either of the two forms.
pub(super) struct EitherForm(pub(super) RawFile);

impl<'de> Deserialize<'de> for EitherForm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FormVisitor;
        impl<'de> Visitor<'de> for FormVisitor {
            type Value = EitherForm;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of boxes, or COCO's annotations")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<EitherForm, A::Error> {
                let annotations = Vec::deserialize(SeqAccessDeserializer::new(list))?;
                Ok(EitherForm(RawFile { images: Vec::new(), annotations }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<EitherForm, A::Error> {
                RawFile::deserialize(MapAccessDeserializer::new(map)).map(EitherForm)
            }
        }
        deserializer.deserialize_any(FormVisitor)
    }
}
