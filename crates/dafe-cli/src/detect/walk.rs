//! All images in a folder and in those below.
use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use dafe::Error;

use crate::support::Outcome;

/// Endings of files in folders that are taken for images.
const ENDINGS: [&str; 9] = ["bmp", "gif", "jfif", "jpeg", "jpg", "png", "tif", "tiff", "webp"];

/// Endings of photographs that are not read.
const UNREAD: [&str; 14] = [
    "arw", "avif", "cr2", "cr3", "dng", "heic", "heif", "hif", "jp2", "jxl", "nef", "orf", "raf",
    "rw2",
];

/// Why a file or folder is passed over, in the order that it is said.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// A photograph of a format that is not read, by its ending.
    Unread(&'static str),
    Hidden,
    HiddenFolder,
    Other,
}

/// How many, and the first of them by path.
struct PassedOver {
    count: usize,
    example: PathBuf,
}

/// What was found in a folder.
pub struct Walk<'a> {
    folder: &'a Path,
    /// A folder that is not entered.
    without: Option<&'a Path>,
    /// No folder is entered twice, whatever links lead to it.
    entered: HashSet<PathBuf>,
    images: Vec<PathBuf>,
    passed_over: BTreeMap<Reason, PassedOver>,
}

impl<'a> Walk<'a> {
    /// Looks through `folder` and those below, but for the folder `without`.
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

    /// What is not taken for an image, and why; None where everything is.
    pub fn passed_over(&self) -> Option<String> {
        let each: Vec<_> =
            self.passed_over.iter().map(|(reason, found)| found.shown(reason)).collect();
        (!each.is_empty()).then(|| format!("passed over {}", each.join("; ")))
    }

    /// The images, in any order; if there are none, an error that says what was looked for and what
    /// was there instead.
    pub fn images(self) -> Outcome<Vec<PathBuf>> {
        if !self.images.is_empty() {
            return Ok(self.images);
        }
        let there = self.passed_over().unwrap_or_else(|| "there are no files".into());
        let (folder, endings) = (self.folder.display(), ENDINGS.join(", ."));
        Err(format!(
            "no images in {folder}: looked for .{endings} files that are not hidden, in the \
             folders below, too; {there}"
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

/// Which of these endings a file has, in capitals or not.
fn one_of(endings: &[&'static str], path: &Path) -> Option<&'static str> {
    let ending = path.extension()?.to_ascii_lowercase();
    endings.iter().copied().find(|known| ending == *known)
}
