//! Writing annotations as a COCO keypoints file.
use std::{collections::HashSet, path::Path};

use serde::{Serialize, Serializer, ser::SerializeSeq};

use super::{
    VisibilityCode,
    schema::{Pairs, WrittenCategory, categories_of, schema_of},
};
use crate::{
    Error,
    data::{
        annotation::{
            Number, check_area, check_name, coco_box, dataset_error, parse_coco_box, shortened,
            triplet,
        },
        json::write_json,
    },
    landmark::{LandmarkSample, LandmarkSchema, Visibility},
};

/// An image and the objects in it.
#[derive(Debug, Clone, PartialEq)]
pub struct CocoImage {
    /// The image's number.
    pub id: u64,
    /// The path relative to the folder of images.
    pub file_name: String,
    /// `[width, height]`, which other tools may need.
    pub size: Option<[u32; 2]>,
    /// The objects in the image, each with an entry for each landmark of the schema. Their `image`
    /// is ignored.
    pub samples: Vec<LandmarkSample>,
}

/// Writes a COCO keypoints file atomically. [`CocoDataset::open`](super::CocoDataset::open) reads
/// the same samples and schema back.
///
/// Annotations are numbered from 1, in order; `keypoints` has the landmarks of the sample's
/// category. A sample without an area gets the area of its box. A schema without categories is
/// written as one category. Everything that other readers need is standard COCO; `flip_pairs`,
/// `sigmas` and, if necessary, `landmark_schema` are described in the [module's table](super).
///
/// ```
/// use dafe::{
///     data::coco::{CocoImage, write_coco},
///     landmark::{Landmark, LandmarkSample, Visibility},
///     prelude::*,
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("kites.json");
/// let names = ["top", "left corner", "right corner"].map(String::from).to_vec();
/// let schema = LandmarkSchema::new(names, vec![0, 2, 1], vec![[0, 1], [0, 2]])?;
/// let bounds = BoundingBox::new(20.0, 5.0, 40.0, 35.0).unwrap();
/// let corners = [[30.0, 8.0], [22.0, 20.0], [38.0, 20.0]];
/// let landmarks = corners.map(|[x, y]| Landmark::new(x, y, Visibility::Visible)).to_vec();
/// let samples = vec![LandmarkSample::new("", bounds, landmarks)];
/// let kite = CocoImage { id: 1, file_name: "kite.jpg".into(), size: Some([60, 40]), samples };
/// write_coco(&path, &schema, &[kite])?;
///
/// let kites = CocoDataset::open(&path, "images")?;
/// assert_eq!(kites.sample(0).landmarks[1].x, 22.0);
/// assert_eq!(kites.schema().mirror(), [0, 2, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A [dataset error](crate::ErrorKind::Dataset) with image and landmark for content that the format
/// cannot represent: duplicated numbers or names, a name that leads outside the folder, samples
/// that do not match the schema, positions, boxes or areas that are not finite or too far away; an
/// [I/O error](crate::ErrorKind::Io) if the file cannot be written.
pub fn write_coco(
    path: impl AsRef<Path>,
    schema: &LandmarkSchema,
    images: &[CocoImage],
) -> Result<(), Error> {
    let path = path.as_ref();
    let wrong = dataset_error(path);
    let mut ids = HashSet::with_capacity(images.len());
    for image in images {
        let in_image = |message: String| {
            wrong(format!("image {} '{}': {message}", image.id, shortened(&image.file_name)))
        };
        check_name(&image.file_name).map_err(in_image)?;
        if !ids.insert(image.id) {
            return Err(in_image("its number is there twice".into()));
        }
        for (i, sample) in image.samples.iter().enumerate() {
            check(schema, sample)
                .map_err(|message| in_image(format!("sample {}: {message}", i + 1)))?;
        }
    }
    let categories = categories_of(schema, Pairs::Numbers);
    let mut numbers = HashSet::new();
    if let Some(twice) = categories.iter().find(|category| !numbers.insert(category.id)) {
        return Err(wrong(format!("category {}: its number is there twice", twice.id)));
    }
    // Most schemas can be derived from the categories.
    let read: Vec<_> = categories.iter().map(WrittenCategory::read).collect();
    let follows = schema_of(&read).is_ok_and(|read| read.schema == *schema);
    write_json(
        path,
        &File {
            images: images.iter().map(Image::new).collect(),
            annotations: Annotations { schema, categories: &categories, images },
            categories: &categories,
            landmark_schema: (!follows).then_some(schema),
            visibility_code: is_all_occluded(images).then_some(VisibilityCode::Coco),
        },
    )
}

/// Checks that the format can represent a sample.
fn check(schema: &LandmarkSchema, sample: &LandmarkSample) -> Result<(), String> {
    let (found, needed) = (sample.landmarks.len(), schema.len());
    if found != needed {
        return Err(format!("{found} landmarks instead of {needed}"));
    }
    parse_coco_box(coco_box(&sample.bounding_box))?;
    sample.area.map_or(Ok(()), check_area)?;
    let mut own = vec![schema.categories().is_empty(); needed];
    match sample.category.map(|category| schema.categories().get(category).ok_or(category)) {
        Some(Ok(category)) => category.landmarks.iter().for_each(|&slot| own[slot] = true),
        Some(Err(category)) => return Err(format!("there is no category {category}")),
        None if !schema.categories().is_empty() => return Err("its category is not known".into()),
        None => (),
    }
    for (i, landmark) in sample.landmarks.iter().enumerate() {
        let absent = landmark.visibility == Visibility::Absent;
        let message = match (own[i], absent) {
            (true, true) => "absent, though its category has it".into(),
            (false, false) => "there, though its category has no such landmark".into(),
            _ => match triplet(landmark) {
                Ok(_) => continue,
                Err(message) => message,
            },
        };
        return Err(format!("landmark {} '{}': {message}", i + 1, shortened(&schema.names()[i])));
    }
    Ok(())
}

#[derive(Serialize)]
struct File<'a> {
    images: Vec<Image<'a>>,
    annotations: Annotations<'a>,
    categories: &'a [WrittenCategory<'a>],
    #[serde(skip_serializing_if = "Option::is_none")]
    landmark_schema: Option<&'a LandmarkSchema>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visibility_code: Option<VisibilityCode>,
}

/// Whether all labeled landmarks are occluded: their ones might be mistaken for the binary code.
fn is_all_occluded(images: &[CocoImage]) -> bool {
    let samples = images.iter().flat_map(|image| &image.samples);
    let mut labeled = samples
        .flat_map(|sample| &sample.landmarks)
        .map(|landmark| landmark.visibility)
        .filter(|visibility| visibility.has_position())
        .peekable();
    labeled.peek().is_some() && labeled.all(|visibility| visibility == Visibility::Occluded)
}

#[derive(Serialize)]
struct Image<'a> {
    id: u64,
    file_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
}

impl<'a> Image<'a> {
    fn new(image: &'a CocoImage) -> Self {
        let [width, height] = image.size.map_or([None; 2], |size| size.map(Some));
        Self { id: image.id, file_name: &image.file_name, width, height }
    }
}

/// The samples of all images, built while they are written.
struct Annotations<'a> {
    schema: &'a LandmarkSchema,
    categories: &'a [WrittenCategory<'a>],
    images: &'a [CocoImage],
}

impl Serialize for Annotations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let samples = self
            .images
            .iter()
            .flat_map(|image| image.samples.iter().map(|sample| (image.id, sample)));
        for (id, (image_id, sample)) in (1..).zip(samples) {
            let own = self.schema.landmarks_of(sample.category);
            let labeled = |slot: &&usize| sample.landmarks[**slot].visibility.has_position();
            let bounds = &sample.bounding_box;
            list.serialize_element(&Annotation {
                id,
                image_id,
                category_id: self.categories[sample.category.unwrap_or(0)].id,
                bbox: coco_box(bounds),
                area: sample.area.unwrap_or_else(|| bounds.width() * bounds.height()),
                iscrowd: sample.crowd.into(),
                num_keypoints: own.iter().filter(labeled).count(),
                keypoints: own
                    .iter()
                    .flat_map(|&slot| {
                        triplet(&sample.landmarks[slot]).expect("checked before").map(Number)
                    })
                    .collect(),
            })?;
        }
        list.end()
    }
}

#[derive(Serialize)]
struct Annotation {
    id: u64,
    image_id: u64,
    category_id: u64,
    bbox: [f64; 4],
    area: f32,
    iscrowd: u8,
    num_keypoints: usize,
    keypoints: Vec<Number>,
}
