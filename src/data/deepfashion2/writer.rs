//! Writing annotations in DeepFashion2's format.
use std::{fs, io::Write, path::Path};

use super::{ANNOTATIONS, DeepFashion2Image, file_name, folder};
use crate::{
    Error,
    atomic::write_atomically,
    data::{Split, annotation::dataset_error},
};

/// Writes the annotation of image `number` below `root` atomically, creating folders as needed. May
/// be called from several threads at once.
///
/// # Errors
/// A [dataset error](crate::ErrorKind::Dataset) with file, item and landmark for content that the
/// format cannot represent: a wrong number of landmarks for the category, absent landmarks,
/// positions, boxes or outlines that are not finite or too far away, attributes other than 1, 2 or
/// 3; an [I/O error](crate::ErrorKind::Io) if a folder or the file cannot be written.
pub fn write_annotation(
    root: impl AsRef<Path>,
    split: Split,
    number: u32,
    image: &DeepFashion2Image,
) -> Result<(), Error> {
    let root = root.as_ref();
    let folder = root.join(folder(split)).join(ANNOTATIONS);
    let path = folder.join(file_name(number, "json"));
    // Content that the format cannot represent is detected before anything is written.
    let json = serde_json::to_vec(image).map_err(dataset_error(&path))?;
    fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    write_atomically(&path, |file| file.write_all(&json))
}
