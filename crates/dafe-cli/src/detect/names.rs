//! The names of each image's results: the folders below what all images have in common are kept.
use std::{
    collections::HashSet,
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Files of all images' results have these.
const RESERVED: [&str; 3] = ["detect", "results", "images"];

/// Where an image is.
pub struct Place {
    /// The folder that was given, or that the file is in; none for what is no file.
    root: PathBuf,
    below: PathBuf,
}

impl Place {
    pub fn new(root: PathBuf, below: PathBuf) -> Self {
        Self { root, below }
    }

    /// An image that is nowhere.
    pub fn named(name: &str) -> Self {
        Self::new(PathBuf::new(), name.into())
    }

    pub fn of_file(path: &Path) -> Self {
        let name = path.file_name().map_or_else(|| path.into(), PathBuf::from);
        Self::below(path.parent().unwrap_or(Path::new("")), &name)
    }

    /// A file below a folder as it was given; the folder may not be there.
    pub fn below(folder: &Path, below: &Path) -> Self {
        let folder = match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        };
        let absolute = || std::path::absolute(folder).unwrap_or_else(|_| folder.into());
        Self::new(folder.canonicalize().unwrap_or_else(|_| absolute()), below.into())
    }

    /// The same for the same file, however it was named.
    pub fn path(&self) -> PathBuf {
        self.root.join(&self.below)
    }

    /// A name for each place, without the file's ending; a number is added where two have the same.
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

/// The folder that all places' roots are in.
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

/// Some file systems take `A` for `a`.
fn folded(name: &Path) -> String {
    name.to_string_lossy().to_lowercase()
}
