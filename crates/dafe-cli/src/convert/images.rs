//! The images of a split with their samples, and copying of their files.
use std::{collections::HashMap, fs, path::Path, sync::Arc};

use dafe::{
    Error,
    data::image::{ImageFile, write_jpeg},
    landmark::LandmarkSample,
    prelude::*,
};

use crate::support::{Outcome, Progress, datasets::samples_by_image};

/// An image and its samples.
pub struct Image {
    /// The image's name in the dataset.
    pub name: String,
    /// The image's id in the dataset, if it has one.
    pub id: Option<u64>,
    pub file: ImageFile,
    /// The `[width, height]` that the labels refer to.
    pub size: [u32; 2],
    pub samples: Vec<LandmarkSample>,
}

/// A split's images.
pub struct Gathered {
    pub split: Split,
    pub images: Vec<Image>,
}

impl Gathered {
    /// The images to keep, including those without samples, in the dataset's order.
    pub fn of(
        split: Split,
        dataset: Arc<dyn LandmarkDataset>,
        keep: &dyn Fn(&str) -> bool,
    ) -> Outcome<Self> {
        let mut samples: HashMap<String, Vec<usize>> =
            samples_by_image(dataset.as_ref()).into_iter().collect();
        let listed = dataset.images();
        let progress = Progress::new(&format!("reading headers of {split}"), listed.len());
        let mut images = Vec::with_capacity(listed.len());
        for (done, image) in (1..).zip(&listed) {
            progress.update(done, listed.len(), "");
            let Some(samples) = keep(&image.image).then(|| samples.remove(&image.image)) else {
                continue;
            };
            let file =
                dataset.image_file(&image.image).ok_or("the dataset's images are not files")?;
            let size = match file.header() {
                Ok(header) => header.size,
                // An unreadable image without labels can be left out.
                Err(_) if samples.is_none() => continue,
                Err(error) => return Err(error.into()),
            };
            let samples =
                samples.into_iter().flatten().map(|index| dataset.sample(index)).collect();
            let (name, id) = (image.image.clone(), image.image_id);
            images.push(Image { name, id, file, size, samples });
        }
        progress.done();
        Ok(Self { split, images })
    }
}

/// The quality of JPEG files that are written because the format requires JPEG.
const QUALITY: u8 = 95;

/// Links or copies an image's file to `to`. If the new name requires a JPEG and the file is not
/// one, it is converted.
pub fn place(image: &Image, to: &Path) -> Result<(), Error> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    }
    let from = &image.file.path;
    let ending = |path: &Path| path.extension().map(|ending| ending.to_ascii_lowercase());
    if ending(from) != ending(to) && ending(to).is_some_and(|ending| ending == "jpg") {
        return write_jpeg(to, &image.file.read()?, QUALITY);
    }
    // Hard links can't cross file systems.
    fs::hard_link(from, to)
        .or_else(|_| fs::copy(from, to).map(|_| ()))
        .map_err(Error::io("copy to", to))
}
