//! Boxes of a file with the names of their images, without a dataset.
use std::{
    collections::{HashMap, hash_map::Entry},
    path::Path,
};

use super::{
    super::{
        annotation::{Key, dataset_error, shortened},
        event::strictly,
        json::read_json,
    },
    MAX_COCO_BYTES,
    file::{EitherForm, RawBox, RawFile, RawImage, RawImages},
};
use crate::{Error, geometry::BoundingBox};

/// The boxes of a file, each with the name of its image.
///
/// The file has COCO's annotations, whose images have numbers and names, or a list of results.
/// Results name the image (`file_name` or `image`), or only give its number; its name is then read
/// from the `images` of another file with [`Self::name_images`].
///
/// Numbers may be written as strings or floats. A byte-order mark is skipped, and NaN counts as a
/// missing number.
///
/// ```
/// use dafe::data::NamedBoxes;
///
/// # let folder = tempfile::tempdir()?;
/// # let (boxes, images) = (folder.path().join("boxes.json"), folder.path().join("images.json"));
/// # std::fs::write(&boxes, r#"[{"image_id": 7, "bbox": [1, 2, 30, 40], "score": 0.5}]"#)?;
/// # std::fs::write(&images, r#"{"images": [{"id": 7, "file_name": "photos/a.jpg"}]}"#)?;
/// // [{"image_id": 7, "bbox": [1, 2, 30, 40], "score": 0.5}]
/// let mut boxes = NamedBoxes::read(&boxes)?;
/// assert!(boxes.lack_names());
/// // {"images": [{"id": 7, "file_name": "photos/a.jpg"}]}
/// boxes.name_images(&images)?;
/// assert_eq!(boxes.boxes()[0].image.as_deref(), Some("photos/a.jpg"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct NamedBoxes {
    boxes: Vec<NamedBox>,
}

/// A box of [`NamedBoxes`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NamedBox {
    /// The image's name, if known.
    pub image: Option<String>,
    /// The image's number in the file, if any.
    pub image_id: Option<u64>,
    /// The category's number in the file.
    pub category_id: Option<u64>,
    /// The detector's score.
    pub score: Option<f32>,
    /// The box, or why it is invalid.
    pub bounding_box: Result<BoundingBox, String>,
}

impl NamedBoxes {
    /// Reads a file of at most [`MAX_COCO_BYTES`].
    ///
    /// # Errors
    /// An [annotation error](crate::ErrorKind::Annotation) with the line if the file is not JSON of
    /// this form; a [dataset error](crate::ErrorKind::Dataset) with the entry's number, from 1, if
    /// `category_id` is not a number, or with the image's number if two images of the file share
    /// it; an [I/O error](crate::ErrorKind::Io) if the file cannot be read.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let EitherForm(RawFile { images, annotations }) =
            read_json(path, MAX_COCO_BYTES, &mut strictly)?;
        let names = Names::new(path, images)?;
        let boxes = (1..).zip(annotations).map(|(number, raw)| {
            NamedBox::new(raw, &names)
                .map_err(|message| dataset_error(path)(format!("box {number}: {message}")))
        });
        Ok(Self { boxes: boxes.collect::<Result<_, _>>()? })
    }

    /// Adds missing image names, looked up by number in the file `path`: a JSON file with COCO's
    /// `images`, each with `id` and `file_name`. Other keys are ignored.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn name_images(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let RawImages { images } = read_json(path, MAX_COCO_BYTES, &mut strictly)?;
        let names = Names::new(path, images)?;
        for found in self.boxes.iter_mut().filter(|found| found.image.is_none()) {
            found.image = found.image_id.and_then(|number| names.of(&Key::Number(number)));
        }
        Ok(())
    }

    /// Whether a numbered image has no known name.
    pub fn lack_names(&self) -> bool {
        self.boxes.iter().any(|found| found.image.is_none() && found.image_id.is_some())
    }

    /// The boxes, in the file's order.
    pub fn boxes(&self) -> &[NamedBox] {
        &self.boxes
    }
}

impl NamedBox {
    fn new(raw: RawBox, names: &Names) -> Result<Self, String> {
        let (bounding_box, category_id) = (raw.bounding_box(), raw.category_number()?);
        let RawBox { image_id, file_name, image, score, .. } = raw;
        let by_id = image_id.as_ref().and_then(|id| names.of(id));
        let (image_id, own_name) = match image_id {
            Some(Key::Number(number)) => (Some(number), None),
            Some(Key::Name(name)) => (None, Some(name)),
            None => (None, None),
        };
        let image = file_name.or(image).or(by_id).or(own_name);
        Ok(Self { image, image_id, category_id, score, bounding_box })
    }
}

/// Image names by key.
struct Names(HashMap<Key, String>);

impl Names {
    fn new(path: &Path, images: Vec<RawImage>) -> Result<Self, Error> {
        let mut names = HashMap::with_capacity(images.len());
        for RawImage { id, file_name } in images {
            // Programs on Windows write backslashes.
            let name = file_name.replace('\\', "/");
            match names.entry(id) {
                Entry::Vacant(entry) => {
                    entry.insert(name);
                }
                Entry::Occupied(entry) if *entry.get() == name => (),
                Entry::Occupied(entry) => {
                    let [first, name] = [entry.get(), &name].map(|name| shortened(name));
                    let id = entry.key();
                    let message = format!("image {id} is there twice, as '{first}' and '{name}'");
                    return Err(dataset_error(path)(message));
                }
            }
        }
        Ok(Self(names))
    }

    fn of(&self, id: &Key) -> Option<String> {
        self.0.get(id).cloned()
    }
}
