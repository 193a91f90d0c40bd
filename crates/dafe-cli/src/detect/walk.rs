//! All images in a folder and in those below.
use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use dafe::Error;

use crate::support::Outcome;

/// Endings of files in folders that are taken for images.
const ENDINGS: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// What was found in a folder.
pub struct Walk<'a> {
    folder: &'a Path,
    /// A folder that is not entered.
    without: Option<&'a Path>,
    /// No folder is entered twice, whatever links lead to it.
    entered: HashSet<PathBuf>,
    images: Vec<PathBuf>,
    /// How many files and hidden folders are not taken, and the first of them by path.
    passed_over: usize,
    example: Option<PathBuf>,
}

impl<'a> Walk<'a> {
    /// Looks through `folder` and those below, but for the folder `without`.
    pub fn of(folder: &'a Path, without: Option<&'a Path>) -> Result<Self, Error> {
        let mut walk = Self {
            folder,
            without,
            entered: HashSet::new(),
            images: Vec::new(),
            passed_over: 0,
            example: None,
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
            match (is_hidden, path.is_dir(), is_image(&path)) {
                (false, true, _) => self.enter(&path)?,
                (false, false, true) => self.images.push(path),
                _ => self.pass_over(path),
            }
        }
        Ok(())
    }

    fn pass_over(&mut self, path: PathBuf) {
        self.passed_over += 1;
        if self.example.as_ref().is_none_or(|first| path < *first) {
            self.example = Some(path);
        }
    }

    /// The images, in any order; if there are none, an error that says what was looked for and what
    /// was there instead.
    pub fn images(self) -> Outcome<Vec<PathBuf>> {
        if !self.images.is_empty() {
            return Ok(self.images);
        }
        let there = match (self.passed_over, &self.example) {
            (1, Some(path)) => format!("there is only {}", path.display()),
            (count, Some(path)) => {
                format!("{count} other files were passed over, such as {}", path.display())
            }
            (_, None) => "there are no files".into(),
        };
        let (folder, endings) = (self.folder.display(), ENDINGS.join(", ."));
        Err(format!(
            "no images in {folder}: looked for .{endings} files that are not hidden, in the \
             folders below, too; {there}"
        )
        .into())
    }
}

fn is_image(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
}
