//! Conversion of one image's JSON file to garments and back.
use std::{fmt, path::Path};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, IgnoredAny, MapAccess, Visitor},
    ser::{Error as _, SerializeMap},
};

use super::{
    DeepFashion2Attribute, DeepFashion2Attributes, DeepFashion2Image, DeepFashion2Item,
    DeepFashion2Source,
};
use crate::{
    Error,
    data::{
        annotation::{Number, check_position, dataset_error, parse_box, parse_triplet, triplet},
        json::json_error,
    },
    file::read_bounded,
    geometry::BoundingBox,
    landmark::{DeepFashion2Category, Visibility},
};

/// Maximum size of an annotation file, in bytes. The dataset's largest files have some hundred
/// thousand.
pub const MAX_ANNOTATION_BYTES: u64 = 16 << 20;

/// An image's annotation with the errors of invalid items.
pub(super) struct ReadImage {
    pub(super) source: Option<DeepFashion2Source>,
    pub(super) pair_id: Option<u64>,
    pub(super) items: Vec<Result<DeepFashion2Item, Error>>,
}

/// Reads the file of one image.
pub(super) fn read_file(path: &Path) -> Result<ReadImage, Error> {
    let wrong = dataset_error(path);
    let bytes = read_bounded(path, MAX_ANNOTATION_BYTES, &wrong)?;
    let raw: RawImage = serde_json::from_slice(&bytes).map_err(|error| json_error(path, &error))?;
    let items = raw.items.into_iter().map(|(number, item)| {
        item.check().map_err(|message| wrong(format!("item{number}: {message}")))
    });
    Ok(ReadImage { source: raw.source, pair_id: raw.pair_id, items: items.collect() })
}

#[derive(Default)]
struct RawImage {
    source: Option<DeepFashion2Source>,
    pair_id: Option<u64>,
    /// Sorted by number.
    items: Vec<(u32, RawItem)>,
}

impl<'de> Deserialize<'de> for RawImage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ImageVisitor)
    }
}

struct ImageVisitor;

impl<'de> Visitor<'de> for ImageVisitor {
    type Value = RawImage;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with item1, item2, …")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawImage, A::Error> {
        let mut image = RawImage::default();
        while let Some(key) = map.next_key::<String>()? {
            let item = key.strip_prefix("item").and_then(|number| number.parse().ok());
            match (key.as_str(), item) {
                ("source", _) => image.source = map.next_value()?,
                ("pair_id", _) => image.pair_id = map.next_value()?,
                (_, Some(number)) => image.items.push((number, map.next_value()?)),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        image.items.sort_by_key(|(number, _)| *number);
        match image.items.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            Some(pair) => Err(A::Error::custom(format_args!("item{} is there twice", pair[0].0))),
            None => Ok(image),
        }
    }
}

#[derive(Deserialize)]
struct RawItem {
    category_id: u64,
    bounding_box: [f32; 4],
    landmarks: Vec<f32>,
    style: Option<u32>,
    scale: Option<u8>,
    occlusion: Option<u8>,
    zoom_in: Option<u8>,
    viewpoint: Option<u8>,
}

impl RawItem {
    fn check(self) -> Result<DeepFashion2Item, String> {
        let Self { category_id, bounding_box, style, scale, occlusion, zoom_in, viewpoint, .. } =
            self;
        let index = category_id.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        let category = index.and_then(|index| DeepFashion2Category::ALL.get(index).copied());
        let category =
            category.ok_or_else(|| format!("category {category_id} is not one of 1 to 13"))?;
        let bounding_box = parse_box(bounding_box, &bounding_box)?;
        let (found, needed) = (self.landmarks.len(), category.landmarks().len());
        if found != 3 * needed {
            return Err(format!(
                "{category} has {needed} landmarks, x, y and v of each: {} numbers, not {found}",
                3 * needed
            ));
        }
        let landmarks = self.landmarks.chunks_exact(3).enumerate().map(|(i, numbers)| {
            parse_triplet([numbers[0], numbers[1], numbers[2]])
                .map_err(|message| format!("landmark {} of {category}: {message}", i + 1))
        });
        let landmarks = landmarks.collect::<Result<_, _>>()?;
        let attributes = DeepFashion2Attributes { style, scale, occlusion, zoom_in, viewpoint };
        attributes.check()?;
        let segmentation = Vec::new();
        Ok(DeepFashion2Item { category, bounding_box, landmarks, attributes, segmentation })
    }
}

/// Serialized in the dataset's order: items, then source and pair.
impl Serialize for DeepFashion2Image {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (i, item) in self.items.iter().enumerate() {
            let number = i + 1;
            let written = WrittenItem::new(item)
                .map_err(|message| S::Error::custom(format_args!("item{number}: {message}")))?;
            map.serialize_entry(&format!("item{number}"), &written)?;
        }
        if let Some(source) = self.source {
            map.serialize_entry("source", &source)?;
        }
        if let Some(pair_id) = self.pair_id {
            map.serialize_entry("pair_id", &pair_id)?;
        }
        map.end()
    }
}

/// A garment that the format can represent.
struct WrittenItem<'a> {
    item: &'a DeepFashion2Item,
    landmarks: Vec<Number>,
}

impl<'a> WrittenItem<'a> {
    fn new(item: &'a DeepFashion2Item) -> Result<Self, String> {
        let category = item.category;
        let (found, needed) = (item.landmarks.len(), category.landmarks().len());
        if found != needed {
            return Err(format!("{category} has {needed} landmarks, not {found}"));
        }
        let BoundingBox { x1, y1, x2, y2 } = item.bounding_box;
        parse_box([x1, y1, x2, y2], &[x1, y1, x2, y2])?;
        item.attributes.check()?;
        for [x, y] in item.segmentation.iter().flatten() {
            check_position(*x, *y).map_err(|message| format!("its outline is {message}"))?;
        }
        let mut landmarks = Vec::with_capacity(3 * needed);
        for (i, landmark) in item.landmarks.iter().enumerate() {
            let wrong = |message| format!("landmark {} of {category}: {message}", i + 1);
            if landmark.visibility == Visibility::Absent {
                return Err(wrong("absent, though the category has it".into()));
            }
            landmarks.extend(triplet(landmark).map_err(wrong)?.map(Number));
        }
        Ok(Self { item, landmarks })
    }
}

impl Serialize for WrittenItem<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let DeepFashion2Item { category, bounding_box, attributes, segmentation, .. } = self.item;
        let BoundingBox { x1, y1, x2, y2 } = *bounding_box;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("category_id", &(*category as usize + 1))?;
        map.serialize_entry("category_name", &category.name().replace('-', " "))?;
        map.serialize_entry("bounding_box", &[x1, y1, x2, y2].map(Number))?;
        map.serialize_entry("landmarks", &self.landmarks)?;
        // Other tools for the dataset expect this key. An outline is a flat list of alternating x
        // and y.
        let flat = |outline: &Vec<[f32; 2]>| -> Vec<Number> {
            outline.iter().flatten().copied().map(Number).collect()
        };
        let outlines: Vec<_> = segmentation.iter().map(flat).collect();
        map.serialize_entry("segmentation", &outlines)?;
        if let Some(style) = attributes.style {
            map.serialize_entry("style", &style)?;
        }
        for &attribute in DeepFashion2Attribute::ALL {
            if let Some(value) = attribute.of(attributes) {
                map.serialize_entry(attribute.name(), &value)?;
            }
        }
        map.end()
    }
}
