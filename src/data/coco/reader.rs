//! Reading a COCO keypoints file and validating every annotation.
use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use super::{
    CocoDataset, CocoOptions, MAX_COCO_BYTES, VisibilityCode,
    annotation::Reader,
    categories::{Categories, KeypointCount},
    images::{Images, folder_of},
    json::{RawAnnotation, RawFile},
    loose::{Entry, Id},
    schema::{Assignment, FileSchema, check_agreement, schema_of},
    sizes,
    visibility::{Histogram, Visibilities},
};
use crate::{
    Error,
    data::{
        Finding, FindingKind, LandmarkDataset, ReadEvent, annotation::dataset_error,
        derived_box::check_margin, json::read_json,
    },
    landmark::LandmarkSchema,
};

impl CocoDataset {
    /// Reads the file `path`, with image names relative to `folder`. Reports first the progress in
    /// bytes to `on_event`, then problems and findings.
    ///
    /// If the handler returns `Ok` for a problem, the affected annotation is left out, or the
    /// affected image with its annotations. Problems are [annotation
    /// errors](crate::ErrorKind::Annotation) with image, annotation, landmark, key and value, for
    /// invalid values and for images and categories that are not in the file. Unusual data is
    /// reported as a [`Finding`]; its [kind](FindingKind) says how it is handled.
    ///
    /// # Errors
    /// The handler's error; an [annotation error](crate::ErrorKind::Annotation) with the line if
    /// the file is not JSON of this form; a [dataset error](crate::ErrorKind::Dataset) for a file
    /// of more than [`MAX_COCO_BYTES`], for invalid categories, and if there are no landmarks; a
    /// [configuration error](crate::ErrorKind::Config) if the given schema does not fit; an [I/O
    /// error](crate::ErrorKind::Io) if the file cannot be read.
    pub fn open_with(
        path: impl AsRef<Path>,
        folder: impl AsRef<Path>,
        options: &CocoOptions,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        check_margin(options.box_margin)?;
        let path = path.as_ref();
        let wrong = dataset_error(path);
        let file: RawFile = match read_json(path, MAX_COCO_BYTES, on_event)? {
            Entry::Object(file) => file,
            Entry::Other(value) => {
                let message = format!("{value}, not an object with images and annotations");
                return Err(wrong(message));
            }
        };
        let mut tell = |event: Told| match event {
            Told::Problem(error) => on_event(ReadEvent::Problem(error.with_path(path))),
            Told::Finding(found) => {
                on_event(ReadEvent::Finding(found.at(|place| place.with_path(path))))
            }
        };
        let Survey { counts, histogram } = Survey::new(&file.annotations);
        let categories = Categories::new(file.categories, &counts).map_err(&wrong)?;
        categories.findings.into_iter().try_for_each(|found| tell(Told::Finding(found)))?;
        let (categories, category_places) = (categories.all, categories.places);
        let FileSchema { schema, unpaired } = match (&options.schema, file.landmark_schema) {
            (Some(schema), _) => given(schema.clone()),
            (None, Some(schema)) => {
                check_agreement(&categories, &schema).map_err(&wrong)?;
                given(schema)
            }
            (None, None) => schema_of(&categories).map_err(&wrong)?,
        };
        if schema.is_empty() {
            return Err(wrong(no_landmarks(&file.annotations)));
        }
        let unpaired = if options.allow_unpaired { Vec::new() } else { unpaired };
        if !unpaired.is_empty() {
            tell(Told::Finding(unpaired_names(&schema, &unpaired)))?;
        }
        let assignment = Assignment::new(&categories, &schema);
        assignment.findings.into_iter().try_for_each(|found| tell(Told::Finding(found)))?;
        let code = match options.visibility {
            VisibilityCode::Auto => file.visibility_code.unwrap_or_default(),
            code => code,
        };
        let visibilities = Visibilities::new(code, &histogram);
        if let Some(message) = visibilities.finding(&histogram) {
            tell(Told::Finding(Finding::new(FindingKind::VisibilityCode, message)))?;
        }

        let images = Images::new(file.images);
        images.problems.into_iter().try_for_each(|problem| tell(Told::Problem(problem)))?;
        images.findings.into_iter().try_for_each(|found| tell(Told::Finding(found)))?;
        let mut folders = vec![folder.as_ref().to_path_buf()];
        folders.extend(options.other_folders.iter().cloned());
        let folder = folder_of(&images.all, folders);
        let mut dataset = Self::empty(schema, unpaired, folder, images.all);
        dataset.orientation = options.orientation;
        dataset.visibility_code = visibilities.code(&histogram);
        let reader = Reader {
            assigned: assignment.categories,
            category_places,
            image_places: images.places,
            refused: images.refused,
            own: dataset.schema().categories().iter().map(|own| sorted(&own.landmarks)).collect(),
            visibilities,
            box_margin: options.box_margin,
        };
        let mut ids = HashSet::with_capacity(file.annotations.len());
        for (entry, number) in file.annotations.into_iter().zip(1..) {
            reader.add(&mut dataset, entry, number, &mut ids, &mut tell)?;
        }
        if dataset.is_empty() {
            return Err(wrong("there are no annotations with landmarks".into()));
        }
        let found = sizes::settle(&mut dataset);
        found.into_iter().try_for_each(|found| tell(Told::Finding(found)))?;
        dataset.items.shrink_to_fit();
        dataset.labeled.shrink_to_fit();
        Ok(dataset)
    }
}

/// Explains why a file whose categories name no keypoints has no landmarks.
fn no_landmarks(annotations: &[Entry<RawAnnotation>]) -> String {
    let keypoints = annotations.iter().filter_map(|entry| match entry {
        Entry::Object(raw) => Some(&raw.keypoints),
        Entry::Other(_) => None,
    });
    let mut given = keypoints.filter(|found| found.numbers > 0 || found.wrong.is_some()).peekable();
    if given.peek().is_none() {
        return "no annotation has keypoints".into();
    }
    match given.find_map(|found| found.wrong.as_deref()) {
        Some(wrong) => {
            format!("no category names its keypoints; keypoints of an annotation: {wrong}")
        }
        None => "no category names its keypoints, and the annotations' lists of them differ in \
                 length: a schema must be given"
            .into(),
    }
}

/// A report about a file.
pub(super) enum Told {
    Problem(Error),
    Finding(Finding),
}

/// A schema given by the caller, including its mirror pairs.
fn given(schema: LandmarkSchema) -> FileSchema {
    FileSchema { schema, unpaired: Vec::new() }
}

fn sorted(landmarks: &[usize]) -> Vec<usize> {
    let mut landmarks = landmarks.to_vec();
    landmarks.sort_unstable();
    landmarks
}

fn unpaired_names(schema: &LandmarkSchema, unpaired: &[usize]) -> Finding {
    const SHOWN: usize = 6;
    let names = unpaired.iter().take(SHOWN).map(|&slot| format!("'{}'", schema.names()[slot]));
    let mut shown = names.collect::<Vec<_>>().join(", ");
    if unpaired.len() > SHOWN {
        shown = format!("{shown} and {} more", unpaired.len() - SHOWN);
    }
    let message = format!(
        "names with a side (left or right) have no partner: {shown}; images are not flipped"
    );
    Finding::new(FindingKind::MirrorPairs, message)
}

/// Statistics of all annotations, collected before they are read.
struct Survey {
    /// Keypoint counts by category key.
    counts: HashMap<Option<Id>, KeypointCount>,
    histogram: Histogram,
}

impl Survey {
    fn new(annotations: &[Entry<RawAnnotation>]) -> Self {
        let mut survey = Self { counts: HashMap::new(), histogram: Histogram::default() };
        for entry in annotations {
            let Entry::Object(RawAnnotation { category_id, keypoints, .. }) = entry else {
                continue;
            };
            if keypoints.numbers == 0 || keypoints.wrong.is_some() {
                continue;
            }
            survey.histogram.add(&keypoints.labeled);
            let whole = keypoints.numbers.is_multiple_of(3);
            let found = whole.then_some(keypoints.numbers / 3);
            let counted = survey.counts.entry(category_id.id());
            let count = counted.or_insert(KeypointCount { keypoints: found, annotations: 0 });
            count.annotations += 1;
            if count.keypoints != found {
                count.keypoints = None;
            }
        }
        survey
    }
}
