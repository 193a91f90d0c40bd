//! Reading a split: all annotation files in parallel, with results in order.
use std::{fs, path::Path};

use super::{
    ANNOTATIONS, DeepFashion2Dataset, IMAGES, Labels, Stored, file_name, folder,
    json::{ReadImage, read_file},
};
use crate::{
    Error,
    data::{
        ReadEvent, Split,
        annotation::{dataset_error, shortened},
        event::strictly,
        image::Orientation,
        parallel::in_order,
    },
    landmark::LandmarkSchema,
};

/// Maximum number of landmarks of a split: half of the range of 32-bit offsets.
const MAX_LANDMARKS: usize = 1 << 31;

impl DeepFashion2Dataset {
    /// Reads all annotations of `split` and reports finished files and problems to `on_event`, in
    /// the files' order.
    ///
    /// If the handler returns `Ok` for a problem, the affected file or garment is left out.
    /// Problems are an [annotation error](crate::ErrorKind::Annotation) with file and line if a
    /// file is not JSON of this form, a [dataset error](crate::ErrorKind::Dataset) with file, item
    /// and landmark for invalid values, and an [I/O error](crate::ErrorKind::Io) for files that
    /// can't be read.
    ///
    /// # Errors
    /// The handler's error; a [dataset error](crate::ErrorKind::Dataset) if the folder is missing
    /// or has no garments; an [I/O error](crate::ErrorKind::Io) if it cannot be listed.
    pub fn open_with(
        root: impl AsRef<Path>,
        split: Split,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let root = root.as_ref();
        let folder = root.join(folder(split)).join(ANNOTATIONS);
        let numbers = list(&folder, "json", on_event)?;
        let mut dataset = Self::empty(root, split);
        let (mut done, total) = (0, numbers.len());
        let read =
            |index: usize| (index, read_file(&folder.join(file_name(numbers[index], "json"))));
        in_order(total, read, |(index, image)| {
            match image {
                Ok(image) => dataset.add(numbers[index], image, on_event)?,
                Err(problem) => on_event(ReadEvent::Problem(problem))?,
            }
            done += 1;
            on_event(ReadEvent::Progress { done, total })
        })?;
        if dataset.items.is_empty() {
            return Err(dataset_error(&folder)("there are no annotated items"));
        }
        dataset.images.shrink_to_fit();
        dataset.items.shrink_to_fit();
        dataset.landmarks.shrink_to_fit();
        Ok(dataset)
    }

    /// Lists the images of a split without annotations.
    pub(super) fn list_images(root: &Path, split: Split) -> Result<Self, Error> {
        let folder = root.join(folder(split)).join(IMAGES);
        let numbers = list(&folder, "jpg", &mut strictly)?;
        if numbers.is_empty() {
            return Err(dataset_error(&folder)("there are no images"));
        }
        let unlabeled = |number| Labels { number, source: None, pair_id: None };
        let images = numbers.into_iter().map(unlabeled).collect();
        Ok(Self { images, ..Self::empty(root, split) })
    }

    fn empty(root: &Path, split: Split) -> Self {
        Self {
            root: root.into(),
            split,
            schema: LandmarkSchema::deepfashion2_all(),
            single: false,
            images: Vec::new(),
            items: Vec::new(),
            landmarks: Vec::new(),
            orientation: Orientation::Auto,
        }
    }

    fn add(
        &mut self,
        number: u32,
        read: ReadImage,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let image = self.images.len() as u32;
        self.images.push(Labels { number, source: read.source, pair_id: read.pair_id });
        for item in read.items {
            match item {
                Ok(item) => {
                    self.items.push(Stored {
                        image,
                        first: self.landmarks.len() as u32,
                        category: item.category,
                        bounding_box: item.bounding_box,
                        attributes: item.attributes,
                    });
                    self.landmarks.extend(item.landmarks);
                }
                Err(problem) => on_event(ReadEvent::Problem(problem))?,
            }
        }
        // More than 40 times the dataset's size; keeps offsets within 32 bits.
        if self.landmarks.len() > MAX_LANDMARKS {
            let message = format!("more than {MAX_LANDMARKS} landmarks");
            return Err(dataset_error(&self.root)(message));
        }
        Ok(())
    }
}

/// The sorted numbers of a folder's files with this extension. Hidden files and other extensions
/// are skipped.
fn list(
    folder: &Path,
    extension: &str,
    on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
) -> Result<Vec<u32>, Error> {
    if !folder.is_dir() {
        return Err(dataset_error(folder)("there is no such folder"));
    }
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let name = entry.map_err(Error::io("read", folder))?.file_name();
        let name = name.to_string_lossy();
        let Some((stem, found)) = name.rsplit_once('.') else { continue };
        if found != extension || name.starts_with('.') {
            continue;
        }
        match stem.parse() {
            Ok(number) if file_name(number, extension) == name => numbers.push(number),
            _ => {
                let message = format!("'{}' is not named by a six-digit number", shortened(&name));
                on_event(ReadEvent::Problem(dataset_error(folder)(message)))?;
            }
        }
    }
    numbers.sort_unstable();
    Ok(numbers)
}
