//! Finds the files of a COCO dataset in the usual folder layouts.
use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Error,
    data::{Split, annotation::dataset_error},
};

/// The annotation files of a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CocoLayout {
    /// A file for each available split, in the order of [`Split::ALL`].
    Splits([Option<CocoPlace>; 3]),
    /// One file without splits, to be divided by the caller.
    Whole(CocoPlace),
}

/// An annotation file and the possible folders of its images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CocoPlace {
    /// The annotation file.
    pub annotations: PathBuf,
    /// The folders in which its images are searched. The first one with the most images is used.
    pub folders: Vec<PathBuf>,
    /// The name of the split in the file's or folder's name.
    pub split_name: Option<String>,
}

/// The depth of folders below the root that is searched.
const DEPTH: usize = 2;

/// A folder with more JSON files has one per image.
const MAX_FILES: usize = 50;

/// Words in the names of files that are for other tasks or are not annotations.
const OTHERS: [&str; 10] = [
    "instances",
    "captions",
    "panoptic",
    "stuff",
    "image_info",
    "results",
    "predictions",
    "detections",
    "boxes",
    "images",
];

/// Files written by this crate's programs, which are not annotations.
const OWN: [&str; 5] =
    ["garments.json", "config.json", "arguments.json", "metrics.json", "detect.json"];

impl CocoLayout {
    /// Finds the annotation files below `root`, or uses `root` itself if it is a file.
    ///
    /// The split is determined by the names of the file and its folders ([`Split::of_name`]):
    /// `annotations/train.json`, `annotations/person_keypoints_val2017.json`, CVAT's subsets,
    /// Roboflow's `valid/_annotations.coco.json`. A single file without a split contains all
    /// splits. Of several files for one split, the one for keypoints is used.
    ///
    /// # Errors
    /// A [dataset error](crate::ErrorKind::Dataset) if there are no files, or several for one split
    /// (listing them); an [I/O error](crate::ErrorKind::Io) if a folder can't be listed.
    pub fn find(root: impl AsRef<Path>) -> Result<Self, Error> {
        let root = root.as_ref();
        if root.is_file() {
            let folder = root.parent().unwrap_or(Path::new(""));
            return Ok(Self::Whole(CocoPlace::new(folder, root, None)));
        }
        let mut files = Vec::new();
        list(root, DEPTH, &mut files)?;
        files.sort();
        let mut splits: [Vec<CocoPlace>; 3] = Default::default();
        let mut whole = Vec::new();
        for file in &files {
            match split_of(root, file) {
                Some((split, word)) => {
                    splits[split as usize].push(CocoPlace::new(root, file, Some(word)));
                }
                None => whole.push(CocoPlace::new(root, file, None)),
            }
        }
        if splits.iter().any(|found| !found.is_empty()) {
            let mut found = [const { None }; 3];
            for (place, files) in found.iter_mut().zip(splits) {
                *place = only(root, files)?;
            }
            return Ok(Self::Splits(found));
        }
        match only(root, whole)? {
            Some(place) => Ok(Self::Whole(place)),
            None => {
                Err(dataset_error(root)("no annotation file (.json) in it or in the folders below"))
            }
        }
    }

    /// The files of a split, if it has its own annotation file.
    pub fn split(&self, split: Split) -> Option<&CocoPlace> {
        match self {
            Self::Splits(splits) => splits[split as usize].as_ref(),
            Self::Whole(_) => None,
        }
    }
}

impl CocoPlace {
    /// A file below `root` that belongs to the split named by `word`.
    pub fn new(root: &Path, annotations: &Path, word: Option<&str>) -> Self {
        let own = annotations.parent().unwrap_or(root);
        let mut folders = Vec::new();
        if let Some(word) = word {
            let parts = [
                format!("images/{word}"),
                format!("{word}/images"),
                format!("{word}/data"),
                word.to_string(),
            ];
            folders.extend(parts.iter().map(|part| root.join(part)));
        }
        // The folder of CVAT tasks without subsets.
        folders.push(root.join("images/default"));
        folders.push(root.join("images"));
        for base in [own, root] {
            let parts = ["images", "data", "img", "JPEGImages", "train", ""];
            folders.extend(parts.iter().map(|part| base.join(part)));
        }
        // Roboflow stores images beside the file. That folder comes first, whatever the others
        // contain.
        if own != root && own.file_name().is_some_and(|name| name != "annotations") {
            folders.insert(0, own.to_path_buf());
        }
        let mut seen = Vec::new();
        folders.retain(|folder| {
            let is_new = !seen.contains(folder);
            seen.push(folder.clone());
            is_new
        });
        Self { annotations: annotations.into(), folders, split_name: word.map(String::from) }
    }
}

/// The split in the file's name, or in that of the nearest folder below the root.
fn split_of<'a>(root: &Path, file: &'a Path) -> Option<(Split, &'a str)> {
    let stem = file.file_stem()?.to_str()?;
    let below = file.strip_prefix(root).ok()?;
    let folders = below.parent()?.components().count();
    let folders = file.parent()?.components().rev().take(folders);
    let names = folders.filter_map(|part| part.as_os_str().to_str());
    std::iter::once(stem).chain(names).find_map(Split::words)
}

/// The JSON files of a folder and its subfolders.
fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let mut own = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let path = entry.map_err(Error::io("read", folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || OWN.contains(&&*name) {
            continue;
        }
        let is_json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        // Most entries are images: only folders and JSON files are inspected.
        if is_json && path.is_file() {
            own.push(path);
        } else if depth > 0 && path.extension().is_none() && path.is_dir() {
            list(&path, depth - 1, files)?;
        }
    }
    if own.len() <= MAX_FILES {
        files.append(&mut own);
    }
    Ok(())
}

/// The only file of a split, or the only one for keypoints.
fn only(root: &Path, mut places: Vec<CocoPlace>) -> Result<Option<CocoPlace>, Error> {
    let name = |place: &CocoPlace| {
        place.annotations.file_stem().unwrap_or_default().to_string_lossy().to_lowercase()
    };
    for keep in [(|name: &str| name.contains("keypoint")) as fn(&str) -> bool, |name| {
        !OTHERS.iter().any(|other| name.contains(other))
    }] {
        if places.len() > 1 && places.iter().any(|place| keep(&name(place))) {
            places.retain(|place| keep(&name(place)));
        }
    }
    if places.len() > 1 {
        const SHOWN: usize = 5;
        let shown = places.iter().take(SHOWN).map(|place| {
            let path = place.annotations.strip_prefix(root).unwrap_or(&place.annotations);
            path.display().to_string()
        });
        let shown = shown.collect::<Vec<_>>().join(", ");
        let message = format!("{} files may be the annotations: {shown}", places.len());
        return Err(dataset_error(root)(message));
    }
    Ok(places.pop())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree of empty files.
    fn tree(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        root
    }

    /// The files that are found: one for each split, or one without splits.
    fn found(files: &[&str]) -> Result<Vec<Option<String>>, String> {
        let root = tree(files);
        let plain = |place: &CocoPlace| {
            place.annotations.strip_prefix(root.path()).unwrap().display().to_string()
        };
        match CocoLayout::find(root.path()) {
            Ok(CocoLayout::Splits(splits)) => {
                Ok(splits.iter().map(|place| place.as_ref().map(plain)).collect())
            }
            Ok(CocoLayout::Whole(place)) => Ok(vec![Some(plain(&place))]),
            Err(error) => Err(error.message().to_string()),
        }
    }

    #[track_caller]
    fn splits(files: &[&str], expected: [&str; 3]) {
        let expected = expected.map(|name| (!name.is_empty()).then(|| name.to_string()));
        assert_eq!(found(files).unwrap(), expected);
    }

    #[test]
    fn usual_trees_are_found() {
        splits(
            &["annotations/train.json", "annotations/val.json", "images/1.jpg"],
            ["annotations/train.json", "annotations/val.json", ""],
        );
        splits(
            &[
                "annotations/person_keypoints_train2017.json",
                "annotations/instances_train2017.json",
                "annotations/captions_train2017.json",
                "annotations/person_keypoints_val2017.json",
            ],
            [
                "annotations/person_keypoints_train2017.json",
                "annotations/person_keypoints_val2017.json",
                "",
            ],
        );
        let roboflow =
            ["train", "valid", "test"].map(|split| format!("{split}/_annotations.coco.json"));
        let roboflow = roboflow.each_ref().map(String::as_str);
        splits(&roboflow, roboflow);
        let cvat = ["Train", "Validation", "Test"]
            .map(|split| format!("annotations/person_keypoints_{split}.json"));
        let cvat = cvat.each_ref().map(String::as_str);
        splits(&cvat, cvat);
    }

    #[test]
    fn a_single_file_is_of_all_splits() {
        let default = "annotations/person_keypoints_default.json";
        assert_eq!(found(&[default]).unwrap(), [Some(default.to_string())]);
        assert_eq!(
            found(&["result.json", "images/a/1.jpg"]).unwrap(),
            [Some("result.json".to_string())]
        );
        let message = "2 files may be the annotations: a.json, b.json";
        assert_eq!(found(&["a.json", "b.json"]).unwrap_err(), message);
        assert!(found(&["images/1.jpg"]).unwrap_err().contains("no annotation file"));
    }

    #[test]
    fn images_are_looked_for_where_the_split_says_first() {
        let root = tree(&["valid/_annotations.coco.json"]);
        let layout = CocoLayout::find(root.path()).unwrap();
        let place = layout.split(Split::Val).unwrap();
        assert_eq!(place.folders[0], root.path().join("valid"));
        let root = tree(&["annotations/train2017.json"]);
        let layout = CocoLayout::find(root.path()).unwrap();
        let folders = &layout.split(Split::Train).unwrap().folders;
        assert_eq!(folders[0], root.path().join("images/train2017"));
        assert!(folders.contains(&root.path().join("train2017")));
    }
}
