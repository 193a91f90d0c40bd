//! Names of each image's results; folders are kept relative to the common ancestor of all images.
use std::{
    collections::HashSet,
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Reserved names: files for all images have them.
const RESERVED: [&str; 3] = ["detect", "results", "images"];

/// The location of an image.
pub struct Place {
    /// The given folder, or the file's folder; empty for standard input.
    root: PathBuf,
    below: PathBuf,
}

impl Place {
    pub fn new(root: PathBuf, below: PathBuf) -> Self {
        Self { root, below }
    }

    /// An image without a file.
    pub fn named(name: &str) -> Self {
        Self::new(PathBuf::new(), name.into())
    }

    pub fn of_file(path: &Path) -> Self {
        let name = path.file_name().map_or_else(|| path.into(), PathBuf::from);
        Self::below(path.parent().unwrap_or(Path::new("")), &name)
    }

    /// A file below a given folder; the folder need not exist.
    pub fn below(folder: &Path, below: &Path) -> Self {
        let folder = match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        };
        let absolute = || std::path::absolute(folder).unwrap_or_else(|_| folder.into());
        Self::new(folder.canonicalize().unwrap_or_else(|_| absolute()), below.into())
    }

    /// Equal for the same file, however it was given.
    pub fn path(&self) -> PathBuf {
        self.root.join(&self.below)
    }

    /// A unique name for each location, without the file's extension; duplicates get a number.
    pub fn names(places: &[Self]) -> Vec<PathBuf> {
        let common = common(places);
        let mut taken = HashSet::from(RESERVED.map(String::from));
        let name = |place: &Self| {
            let path = place.path();
            let name = path.strip_prefix(&common).unwrap_or(&place.below).with_extension("");
            let numbered = (2..).map(|number| with_number(&name, number));
            let mut names = std::iter::once(name.clone()).chain(numbered);
            names.find(|name| taken.insert(folded(name))).unwrap_or_default()
        };
        places.iter().map(name).collect()
    }
}

/// The common ancestor of all roots.
fn common(places: &[Place]) -> PathBuf {
    let mut roots = places.iter().map(|place| &place.root).filter(|root| root.is_absolute());
    let Some(first) = roots.next() else { return PathBuf::new() };
    roots.fold(first.clone(), |common, root| {
        let shared = common.components().zip(root.components()).take_while(|(a, b)| a == b);
        shared.map(|(part, _)| part).collect()
    })
}

fn with_number(name: &Path, number: usize) -> PathBuf {
    let mut file = OsString::from(name.file_name().unwrap_or_default());
    file.push(format!("-{number}"));
    name.with_file_name(file)
}

/// Case-insensitive file systems treat `A` and `a` as equal.
fn folded(name: &Path) -> String {
    name.to_string_lossy().to_lowercase()
}
