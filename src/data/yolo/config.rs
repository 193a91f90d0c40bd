//! `data.yaml`: the classes, landmarks and folders of a dataset.
use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::lists::{ClassNames, LandmarkNames, Strings};
use crate::{
    Error,
    data::{
        Split,
        annotation::{dataset_error, shortened},
        yaml::{Lenient, read_yaml},
    },
    landmark::bounded,
};

/// Maximum number of landmarks in `kpt_shape`.
const MAX_LANDMARKS: u64 = 10_000;
/// Maximum number of landmarks of all classes together; each class has all landmarks.
const MAX_ENTRIES: u64 = 1_000_000;

/// The validated content of the file.
pub(super) struct Config {
    /// The file's path.
    pub(super) file: PathBuf,
    /// The dataset's folder.
    pub(super) folder: PathBuf,
    /// The number of landmarks.
    pub(super) landmarks: usize,
    /// Whether landmarks have a visibility.
    pub(super) has_visibility: bool,
    /// The class names, in order.
    pub(super) classes: Vec<String>,
    pub(super) flip: Option<Vec<usize>>,
    /// The landmark names by class; a single list if all classes share it.
    pub(super) landmark_names: Vec<(u64, Vec<String>)>,
    pub(super) skeleton: Option<Lenient<Vec<[u64; 2]>>>,
    /// The places of each split, in the order of [`Split::ALL`].
    places: [Vec<String>; 3],
}

/// The raw content of the file.
#[derive(Deserialize)]
struct Raw {
    path: Option<String>,
    train: Option<Strings>,
    val: Option<Strings>,
    valid: Option<Strings>,
    validation: Option<Strings>,
    test: Option<Strings>,
    names: Option<ClassNames>,
    nc: Option<u64>,
    kpt_shape: Option<Vec<u64>>,
    #[serde(default, deserialize_with = "bounded::optional_list")]
    flip_idx: Option<Vec<u64>>,
    kpt_names: Option<LandmarkNames>,
    skeleton: Option<Lenient<Vec<[u64; 2]>>>,
}

impl Config {
    /// Reads the file `path`, or the one in the folder `path`.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let file = find(path)?;
        let raw: Raw = read_yaml(&file)?;
        Self::check(&file, raw).map_err(dataset_error(&file))
    }

    fn check(file: &Path, raw: Raw) -> Result<Self, String> {
        let (landmarks, dimensions) = match raw.kpt_shape.as_deref() {
            Some(&[n @ 1..=MAX_LANDMARKS, d @ 2..=3]) => (n, d),
            Some(&[n, 2..=3]) => {
                return Err(format!("kpt_shape: {n} landmarks; 1 to {MAX_LANDMARKS} are read"));
            }
            Some(other) => {
                return Err(format!(
                    "kpt_shape {} is not [number of landmarks, 2 or 3]",
                    shortened(&format!("{other:?}"))
                ));
            }
            None => {
                let message = "no kpt_shape: a dataset of boxes or outlines, not of landmarks";
                return Err(message.into());
            }
        };
        let classes = classes(raw.names, raw.nc)?;
        if classes.len() as u64 * landmarks > MAX_ENTRIES {
            let classes = classes.len();
            return Err(format!(
                "{classes} classes with {landmarks} landmarks each: more than {MAX_ENTRIES}"
            ));
        }
        let flip = raw.flip_idx.filter(|flip| !flip.is_empty());
        let flip = flip.map(|flip| check_flip(flip, landmarks as usize)).transpose()?;
        let of = |places: Option<Strings>| places.map(|places| places.0).unwrap_or_default();
        let val = raw.val.or(raw.valid).or(raw.validation);
        Ok(Self {
            folder: folder(file, raw.path.as_deref()),
            file: file.into(),
            landmarks: landmarks as usize,
            has_visibility: dimensions == 3,
            classes,
            flip,
            landmark_names: raw.kpt_names.map(|names| names.0).unwrap_or_default(),
            skeleton: raw.skeleton,
            places: [of(raw.train), of(val), of(raw.test)],
        })
    }

    /// The places of the images of `split` as written in the file; empty if it has none.
    pub(super) fn places(&self, split: Split) -> &[String] {
        &self.places[split as usize]
    }
}

/// The YAML file at `path`, or in that folder.
fn find(path: &Path) -> Result<PathBuf, Error> {
    const NAMES: [&str; 4] = ["data.yaml", "dataset.yaml", "data.yml", "dataset.yml"];
    if path.is_file() {
        return Ok(path.into());
    }
    let wrong = dataset_error::<String>(path);
    if !path.is_dir() {
        return Err(wrong("there is no such file or folder".into()));
    }
    if let Some(usual) = NAMES.iter().map(|name| path.join(name)).find(|file| file.is_file()) {
        return Ok(usual);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(Error::io("read", path))? {
        let file = entry.map_err(Error::io("read", path))?.path();
        let is_yaml = file.extension().is_some_and(|kind| kind == "yaml" || kind == "yml");
        if is_yaml && file.is_file() && describes_landmarks(&file) {
            found.push(file);
        }
    }
    match found.len() {
        0 => Err(wrong("no data.yaml, and no other YAML file with kpt_shape".into())),
        1 => Ok(found.remove(0)),
        count => Err(wrong(format!("{count} YAML files with kpt_shape: specify which one"))),
    }
}

/// Whether a file is YAML with the key that identifies this format.
fn describes_landmarks(file: &Path) -> bool {
    #[derive(Deserialize)]
    struct Shape {
        kpt_shape: Option<serde::de::IgnoredAny>,
    }
    read_yaml::<Shape>(file).is_ok_and(|read| read.kpt_shape.is_some())
}

/// The names of the classes 0, 1, ….
fn classes(names: Option<ClassNames>, count: Option<u64>) -> Result<Vec<String>, String> {
    let names = match (names, count) {
        (Some(names), _) => names.0,
        (None, Some(count @ 1..=MAX_ENTRIES)) => {
            return Ok((0..count).map(|class| format!("class_{class}")).collect());
        }
        (None, Some(count)) => return Err(format!("nc: {count} classes")),
        (None, None) => return Err("neither names nor nc says which classes there are".into()),
    };
    if names.is_empty() {
        return Err("names: there are no classes".into());
    }
    for (class, (number, name)) in (0u64..).zip(&names) {
        if *number != class {
            let name = shortened(name);
            return Err(format!(
                "names: class {class} has no name, but '{name}' is class {number}"
            ));
        }
    }
    match count {
        Some(count) if count != names.len() as u64 => {
            Err(format!("nc says {count} classes, names has {}", names.len()))
        }
        _ => Ok(names.into_iter().map(|(_, name)| name).collect()),
    }
}

/// Checks that the table is its own inverse, as a mirror table must be.
fn check_flip(flip: Vec<u64>, landmarks: usize) -> Result<Vec<usize>, String> {
    if flip.len() != landmarks {
        return Err(format!("flip_idx has {} numbers for {landmarks} landmarks", flip.len()));
    }
    for (landmark, &mirrored) in (0u64..).zip(&flip) {
        let Some(&back) = usize::try_from(mirrored).ok().and_then(|place| flip.get(place)) else {
            return Err(format!(
                "flip_idx has landmark {mirrored}, counted from 0, of {landmarks}"
            ));
        };
        if back != landmark {
            return Err(format!(
                "flip_idx: {landmark} becomes {mirrored}, but {mirrored} becomes {back}"
            ));
        }
    }
    Ok(flip.into_iter().map(|place| place as usize).collect())
}

/// The dataset's folder: `path` of the file if it exists, otherwise the file's own folder.
fn folder(file: &Path, path: Option<&str>) -> PathBuf {
    let own = own_folder(file);
    let named = path.filter(|path| !path.is_empty()).map(|path| own.join(path));
    named.filter(|folder| folder.is_dir()).unwrap_or(own)
}

/// The folder that contains the file.
pub(super) fn own_folder(file: &Path) -> PathBuf {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.into(),
        _ => PathBuf::from("."),
    }
}
