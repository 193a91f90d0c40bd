//! Finds all images in a folder and its subfolders.
use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use dafe::Error;

use crate::support::Outcome;

/// Extensions of files in folders that are read as images.
const ENDINGS: [&str; 9] = ["bmp", "gif", "jfif", "jpeg", "jpg", "png", "tif", "tiff", "webp"];

/// Extensions of photographs that can't be read.
const UNREAD: [&str; 14] = [
    "arw", "avif", "cr2", "cr3", "dng", "heic", "heif", "hif", "jp2", "jxl", "nef", "orf", "raf",
    "rw2",
];

/// Why a file or folder is skipped, in the order of the message.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// A photograph in an unsupported format, by its extension.
    Unread(&'static str),
    Hidden,
    HiddenFolder,
    Other,
}

/// How many were skipped, and the first of them by path.
struct PassedOver {
    count: usize,
    example: PathBuf,
}

/// The contents of a folder.
pub struct Walk<'a> {
    folder: &'a Path,
    /// A folder that is not entered.
    without: Option<&'a Path>,
    /// Folders already entered: each is entered once, whatever links lead to it.
    entered: HashSet<PathBuf>,
    images: Vec<PathBuf>,
    passed_over: BTreeMap<Reason, PassedOver>,
}

impl<'a> Walk<'a> {
    /// Walks `folder` and its subfolders, except the folder `without`.
    pub fn of(folder: &'a Path, without: Option<&'a Path>) -> Result<Self, Error> {
        let mut walk = Self {
            folder,
            without,
            entered: HashSet::new(),
            images: Vec::new(),
            passed_over: BTreeMap::new(),
        };
        walk.enter(folder)?;
        Ok(walk)
    }

    fn enter(&mut self, folder: &Path) -> Result<(), Error> {
        let failed = |source| Error::io("read", folder)(source);
        let real = folder.canonicalize().map_err(failed)?;
        if self.without == Some(&real) || !self.entered.insert(real) {
            return Ok(());
        }
        for entry in fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let is_hidden =
                path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            match (is_hidden, path.is_dir()) {
                (false, true) => self.enter(&path)?,
                (true, true) => self.pass_over(path, Reason::HiddenFolder),
                (true, false) => self.pass_over(path, Reason::Hidden),
                (false, false) if one_of(&ENDINGS, &path).is_some() => self.images.push(path),
                (false, false) => {
                    let reason = one_of(&UNREAD, &path).map_or(Reason::Other, Reason::Unread);
                    self.pass_over(path, reason);
                }
            }
        }
        Ok(())
    }

    fn pass_over(&mut self, path: PathBuf, reason: Reason) {
        let below = path.strip_prefix(self.folder).unwrap_or(&path);
        let found = self.passed_over.entry(reason);
        let found = found.or_insert_with(|| PassedOver { count: 0, example: below.into() });
        found.count += 1;
        if below < found.example {
            found.example = below.into();
        }
    }

    /// A message on what is skipped, and why; `None` if nothing is.
    pub fn passed_over(&self) -> Option<String> {
        let each: Vec<_> =
            self.passed_over.iter().map(|(reason, found)| found.shown(reason)).collect();
        (!each.is_empty()).then(|| format!("skipped {}", each.join("; ")))
    }

    /// The images, in any order. If there are none, an error that says which extensions are
    /// supported and which files were found instead.
    pub fn images(self) -> Outcome<Vec<PathBuf>> {
        if !self.images.is_empty() {
            return Ok(self.images);
        }
        let there = self.passed_over().unwrap_or_else(|| "there are no files".into());
        let (folder, endings) = (self.folder.display(), ENDINGS.join(", ."));
        Err(format!(
            "no images in {folder}: searched for .{endings} files that are not hidden, in \
             subfolders, too; {there}"
        )
        .into())
    }
}

impl PassedOver {
    fn shown(&self, reason: &Reason) -> String {
        let (plural, them) = if self.count == 1 { ("", "it") } else { ("s", "them") };
        let what = match reason {
            Reason::Unread(ending) => {
                format!(".{ending} file{plural} (not read: convert {them} to JPEG)")
            }
            Reason::Hidden => format!("hidden file{plural}"),
            Reason::HiddenFolder => format!("hidden folder{plural}"),
            Reason::Other => format!("other file{plural}"),
        };
        let such = if self.count == 1 { "" } else { "such as " };
        format!("{} {what}, {such}{}", self.count, self.example.display())
    }
}

/// The extension in `endings` that a file has, ignoring case.
fn one_of(endings: &[&'static str], path: &Path) -> Option<&'static str> {
    let ending = path.extension()?.to_ascii_lowercase();
    endings.iter().copied().find(|known| ending == *known)
}
