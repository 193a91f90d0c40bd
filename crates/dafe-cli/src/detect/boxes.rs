//! A file of boxes, and the names of images that it refers to by id.
use std::path::{Path, PathBuf};

use dafe::{
    Error, ErrorKind,
    data::{NamedBox, NamedBoxes},
};

/// The name of the list of images that `dafe detect --format coco` writes.
const IMAGES: &str = "images.json";

/// The boxes of a file, each with its image's name.
pub struct Boxes {
    pub file: NamedBoxes,
    /// The file with the names, if they are not in the file of boxes.
    pub names: Option<PathBuf>,
}

impl Boxes {
    /// Reads the boxes of `path`. Missing names are looked up in `images`, or in `images.json` in
    /// the same folder.
    pub fn read(path: &Path, images: Option<&Path>) -> Result<Self, Error> {
        let mut file = NamedBoxes::read(path)?;
        let beside = || Some(path.with_file_name(IMAGES)).filter(|path| path.is_file());
        let names = match file.lack_names() {
            true => images.map(Path::to_path_buf).or_else(beside),
            false => None,
        };
        if let Some(names) = &names {
            file.name_images(names)?;
        }
        let boxes = Self { file, names };
        for (number, found) in (1..).zip(boxes.file.boxes()) {
            boxes.named(found).map_err(|message| {
                let message = format!("box {number}: {message}");
                Error::new(ErrorKind::Dataset, message).with_path(path)
            })?;
        }
        Ok(boxes)
    }

    fn named(&self, found: &NamedBox) -> Result<(), String> {
        let (None, number) = (&found.image, found.image_id) else { return Ok(()) };
        let number = number.ok_or("it has neither a file_name nor an image_id")?;
        Err(match &self.names {
            Some(names) => format!(
                "its image_id, {number}, is not in {}: give another file with --boxes-images, or \
                 each box a file_name",
                names.display()
            ),
            None => format!(
                "it has no file_name, only the image_id {number}: give the file that maps IDs to \
                 names, as --boxes-images FILE or as {IMAGES} next to the boxes (the dataset's \
                 annotations, or the {IMAGES} that dafe detect --format coco writes)"
            ),
        })
    }
}
