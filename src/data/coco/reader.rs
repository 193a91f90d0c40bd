//! Reading a COCO-keypoints file, with every annotation checked.
use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use super::{
    CocoAnnotation, CocoDataset, MAX_COCO_BYTES, Stored,
    json::{RawAnnotation, RawFile, RawImage},
    schema::{Assigned, Assignment, check_agreement, schema_of},
};
use crate::{
    Error, ErrorKind,
    data::{
        LandmarkDataset, ReadEvent,
        annotation::{
            check_area, check_name, dataset_error, parse_coco_box, parse_triplet, shortened,
        },
        json::read_json,
    },
    landmark::LandmarkSchema,
};

impl CocoDataset {
    /// Reads the file `path` and tells `on_event` how many of its bytes are read, and then each problem that was met. A
    /// handler that returns `Ok` for a problem has the annotation at fault left out, or the image with its annotations.
    ///
    /// Problems are [annotation errors](crate::ErrorKind::Annotation) with image, annotation and
    /// landmark: values that can't be, a number that is there twice, an image or a category that is
    /// not in the file.
    ///
    /// # Errors
    /// The handler's; an [annotation error](crate::ErrorKind::Annotation) with the line for what is
    /// no JSON or not of this form; a [dataset error](crate::ErrorKind::Dataset) for a file of more
    /// than [`MAX_COCO_BYTES`], for categories that can't be, and if there are no landmarks; a
    /// [configuration error](crate::ErrorKind::Config) if the given schema cannot work; an [I/O
    /// error](crate::ErrorKind::Io) if the file cannot be read.
    pub fn open_with(
        path: impl AsRef<Path>,
        folder: impl AsRef<Path>,
        schema: Option<LandmarkSchema>,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let path = path.as_ref();
        let wrong = dataset_error(path);
        let file: RawFile = read_json(path, MAX_COCO_BYTES, on_event)?;
        let schema = match (schema, file.landmark_schema) {
            (Some(schema), _) => schema,
            (None, Some(schema)) => {
                check_agreement(&file.categories, &schema).map_err(&wrong)?;
                schema
            }
            (None, None) => schema_of(&file.categories).map_err(&wrong)?,
        };
        if schema.is_empty() {
            return Err(wrong("no category names its keypoints: a schema must be given".into()));
        }
        let assignment = Assignment::new(&file.categories, &schema).map_err(&wrong)?;
        let problem = &mut |error: Error| on_event(ReadEvent::Problem(error.with_path(path)));
        let refused = refuse_images(&file.images, problem)?;
        let images = file.images.into_iter().filter(|image| !refused.contains(&image.id));
        let images: Vec<_> = images.map(|image| (image.id, image.file_name)).collect();
        let reader = Reader {
            assignment,
            own: sorted_landmarks(&schema),
            index: images.iter().zip(0..).map(|((id, _), at)| (*id, at)).collect(),
            refused,
            schema: &schema,
        };
        let mut dataset = Self {
            folder: folder.as_ref().into(),
            schema: schema.clone(),
            images,
            items: Vec::new(),
            labelled: Vec::new(),
            without_keypoints: 0,
            unlabelled: 0,
        };
        let mut ids = HashSet::with_capacity(file.annotations.len());
        for annotation in file.annotations {
            let (id, image) = (annotation.id, annotation.image_id);
            let added = match ids.insert(id) {
                true => reader.add(&mut dataset, annotation),
                false => Err(unusable("its number is there twice")),
            };
            if let Err(error) = added {
                problem(error.with_annotation(id).with_image(image.to_string()))?;
            }
        }
        if dataset.is_empty() {
            return Err(wrong("there are no annotations with landmarks".into()));
        }
        dataset.items.shrink_to_fit();
        dataset.labelled.shrink_to_fit();
        Ok(dataset)
    }
}

/// What is wrong with an annotation or an image.
fn unusable(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Annotation, message)
}

/// The numbers of images that can't be. Whose the annotations are that name one which is there
/// twice, nobody can tell.
fn refuse_images(
    images: &[RawImage],
    problem: &mut dyn FnMut(Error) -> Result<(), Error>,
) -> Result<HashSet<u64>, Error> {
    let (mut seen, mut refused) = (HashSet::with_capacity(images.len()), HashSet::new());
    for RawImage { id, file_name } in images {
        let checked = match seen.insert(*id) {
            true => check_name(file_name),
            false => Err("its number is there twice".into()),
        };
        if let Err(message) = checked {
            refused.insert(*id);
            problem(unusable(message).with_image(id.to_string()))?;
        }
    }
    Ok(refused)
}

/// Each category's landmarks, to be searched.
fn sorted_landmarks(schema: &LandmarkSchema) -> Vec<Vec<usize>> {
    let sorted = schema.categories().iter().map(|category| {
        let mut landmarks = category.landmarks.clone();
        landmarks.sort_unstable();
        landmarks
    });
    sorted.collect()
}

/// What it takes to read an annotation.
struct Reader<'a> {
    schema: &'a LandmarkSchema,
    assignment: Assignment,
    own: Vec<Vec<usize>>,
    /// Where each image is, by its number.
    index: HashMap<u64, u32>,
    refused: HashSet<u64>,
}

impl Reader<'_> {
    fn add(&self, dataset: &mut CocoDataset, raw: RawAnnotation) -> Result<(), Error> {
        let image = match self.index.get(&raw.image_id) {
            Some(&image) => image,
            // That was told already.
            None if self.refused.contains(&raw.image_id) => return Ok(()),
            None => return Err(unusable("its image is not in the file")),
        };
        let category = match self.assignment.get(raw.category_id, self.schema) {
            Assigned::To(category) => category,
            Assigned::Without => {
                dataset.without_keypoints += 1;
                return Ok(());
            }
            Assigned::Unknown => {
                return Err(unusable(format!(
                    "its category {} is not in the file",
                    raw.category_id
                )));
            }
        };
        let Some(keypoints) = raw.keypoints.filter(|keypoints| keypoints.numbers > 0) else {
            dataset.without_keypoints += 1;
            return Ok(());
        };
        let bounding_box = parse_coco_box(raw.bbox).map_err(unusable)?;
        raw.area.map_or(Ok(()), check_area).map_err(unusable)?;
        let own = category.map(|category| &self.schema.categories()[category]);
        let whole = self.schema.len();
        let needed = own.map_or(whole, |own| own.landmarks.len());
        let slots = match own {
            Some(own) if keypoints.numbers == 3 * needed => Some(&own.landmarks),
            _ if keypoints.numbers == 3 * whole => None,
            _ => {
                let found = keypoints.numbers;
                let message = format!("{found} numbers, not 3 for each of {needed} landmarks");
                return Err(unusable(message));
            }
        };
        let first = dataset.labelled.len();
        let num_keypoints = keypoints.labelled.len() as u32;
        for (place, triplet) in keypoints.labelled {
            let slot = slots.map_or(place as usize, |slots| slots[place as usize]);
            let landmark = match category {
                Some(category) if self.own[category].binary_search(&slot).is_err() => {
                    Err("labelled, though its category has no such landmark".into())
                }
                _ => parse_triplet(triplet),
            };
            match landmark {
                Ok(landmark) => dataset.labelled.push((slot as u32, landmark)),
                Err(message) => {
                    dataset.labelled.truncate(first);
                    let name = shortened(&self.schema.names()[slot]);
                    return Err(unusable(message).with_landmark(name));
                }
            }
        }
        dataset.unlabelled += usize::from(num_keypoints == 0);
        dataset.items.push(Stored {
            image,
            category,
            bounding_box,
            annotation: CocoAnnotation {
                id: raw.id,
                category_id: raw.category_id,
                area: raw.area,
                is_crowd: raw.iscrowd.0,
                num_keypoints,
            },
            first,
        });
        Ok(())
    }
}
