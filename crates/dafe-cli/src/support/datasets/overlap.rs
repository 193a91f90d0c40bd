//! Detection of images that occur in several splits.
use std::{
    collections::HashMap,
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use dafe::prelude::*;
use sha2::{Digest, Sha256};

use super::grouping::samples_by_image;

/// An image that is in two splits.
pub struct Shared {
    pub image: String,
    pub splits: [Split; 2],
    /// Its name in the second split.
    pub other: String,
}

/// The images that two of the splits have in common: the same file, or files with the same name and
/// content.
pub fn shared(splits: &[(Split, &dyn LandmarkDataset)]) -> Vec<Shared> {
    let mut seen: HashMap<PathBuf, (Split, String)> = HashMap::new();
    let mut by_file_name: HashMap<String, Vec<(Split, PathBuf, String)>> = HashMap::new();
    let mut found = Vec::new();
    for &(split, dataset) in splits {
        for (image, _) in samples_by_image(dataset) {
            let Some(path) = path_of(dataset, &image) else { continue };
            match seen.get(&path) {
                Some((first, name)) if *first != split => {
                    let splits = [*first, split];
                    found.push(Shared { image: name.clone(), splits, other: image });
                    continue;
                }
                Some(_) => continue,
                None => _ = seen.insert(path.clone(), (split, image.clone())),
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let same = by_file_name.entry(name).or_default();
            let copy = same.iter().find(|(other, file, _)| *other != split && is_copy(file, &path));
            if let Some((first, _, name)) = copy {
                let splits = [*first, split];
                found.push(Shared { image: name.clone(), splits, other: image.clone() });
            }
            same.push((split, path, image));
        }
    }
    found
}

/// The path of an image's file, without `.` and `..`.
fn path_of(dataset: &dyn LandmarkDataset, image: &str) -> Option<PathBuf> {
    let path = dataset.image_file(image)?.path;
    std::path::absolute(&path).ok().or(Some(path))
}

/// The number of bytes at a file's end that are hashed; in JPEG files they are practically random.
const TAIL: u64 = 4096;

/// The length of a file and a hash of its last bytes, equal for files with equal content.
pub fn fingerprint(path: &Path) -> Option<(u64, [u8; 32])> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL))).ok()?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail).ok()?;
    Some((length, Sha256::digest(&tail).into()))
}

/// Whether two files have the same content.
pub fn is_copy(one: &Path, other: &Path) -> bool {
    let length = |path: &Path| fs::metadata(path).map(|metadata| metadata.len()).ok();
    match (length(one), length(other)) {
        (Some(a), Some(b)) if a == b => {
            fs::read(one).is_ok_and(|one| fs::read(other).is_ok_and(|other| one == other))
        }
        _ => false,
    }
}
