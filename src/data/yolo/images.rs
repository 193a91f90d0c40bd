//! The images of a split and their label files.
use std::{
    collections::HashSet,
    fs,
    io::BufReader,
    path::{Component, Path, PathBuf},
};

use super::config::{Config, own_folder};
use crate::{
    Error, ErrorKind,
    data::{
        Finding, FindingKind, ReadEvent, Split,
        annotation::{check_name, dataset_error, shortened},
        lines::Lines,
    },
    file::open_regular,
};

/// File extensions of images, including formats that can't be decoded, so that labeled images do
/// not go missing silently.
const EXTENSIONS: [&str; 12] =
    ["bmp", "dng", "heic", "jpeg", "jpg", "mpo", "pfm", "png", "tif", "tiff", "webp", "avif"];
/// Maximum number of images of a split.
const MAX_IMAGES: usize = 10_000_000;
/// Maximum depth of nested folders.
const MAX_DEPTH: usize = 32;
/// Maximum length of a line of a list, in bytes.
const MAX_LINE: u64 = 64 << 10;

/// A split's images.
pub(super) struct Images {
    /// The folder that image names are relative to.
    pub(super) root: PathBuf,
    /// Sorted, without duplicates.
    pub(super) names: Vec<String>,
    /// The folders that were searched.
    pub(super) folders: Vec<PathBuf>,
}

/// Whether the file names the split and one of its places exists.
pub(super) fn is_there(config: &Config, split: Split) -> bool {
    config.places(split).iter().any(|place| resolve(config, place).is_ok())
}

/// Finds the images of `split`. Invalid names are problems.
pub(super) fn list(
    config: &Config,
    split: Split,
    on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
) -> Result<Images, Error> {
    let wrong = dataset_error::<String>(&config.file);
    if config.places(split).is_empty() {
        return Err(wrong(format!("names no folder for the split '{split}'")));
    }
    let resolved = |place: &String| resolve(config, place);
    let places = config.places(split).iter().map(resolved).collect::<Result<Vec<_>, _>>();
    let places = places.map_err(|message| wrong(format!("{split}: {message}")))?;
    let folder = normal(&config.folder)?;
    let mut common = folder.clone();
    for place in &places {
        let of_list = if place.is_dir() { place.clone() } else { own_folder(place) };
        while !of_list.starts_with(&common) && common.pop() {}
    }
    let root = if common == folder { config.folder.clone() } else { common.clone() };
    let mut walk = Walk {
        root: &common,
        real_root: common.canonicalize().map_err(Error::io("read", &common))?,
        names: Vec::new(),
        seen: HashSet::new(),
        on_event,
    };
    let mut folders = Vec::new();
    for place in &places {
        if place.is_dir() {
            walk.folder(place, 0)?;
            folders.push(place.clone());
        } else {
            walk.list(place, config)?;
        }
    }
    let mut names = walk.names;
    if names.is_empty() {
        return Err(wrong(format!("there are no images in the split '{split}'")));
    }
    names.sort_unstable();
    let listed = names.len();
    names.dedup();
    if names.len() < listed {
        let repeated = listed - names.len();
        let message =
            format!("{repeated} images are named twice in the split '{split}': used once");
        let finding = Finding::new(FindingKind::Repeated, message);
        on_event(ReadEvent::Finding(finding.at(|place| place.with_path(&config.file))))?;
    }
    Ok(Images { root, names, folders })
}

/// Resolves a place of a split. The error message lists what was tried.
fn resolve(config: &Config, place: &str) -> Result<PathBuf, String> {
    let own = own_folder(&config.file);
    let bare = place.trim_start_matches("../");
    let tried =
        [config.folder.join(place), config.folder.join(bare), own.join(place), own.join(bare)];
    let found = tried.iter().find(|path| path.exists()).ok_or_else(|| {
        let tried = tried[0].display().to_string();
        format!("'{}' is not there; looked for {}", shortened(place), shortened(&tried))
    })?;
    let found = normal(found).map_err(|error| error.to_string())?;
    let own = normal(&own).map_err(|error| error.to_string())?;
    // For example "/", which should not be searched.
    if found != own && own.starts_with(&found) {
        return Err(format!("'{}' has data.yaml's own folder in it", shortened(place)));
    }
    let is_list = found.is_file() && found.extension().is_some_and(|kind| kind == "txt");
    match found.is_dir() || is_list {
        true => Ok(found),
        false => Err(format!("'{}' is neither a folder nor a list (.txt)", shortened(place))),
    }
}

/// An absolute path without `.` and `..`. Links are not resolved, because the labels are found by
/// the link's own name.
fn normal(path: &Path) -> Result<PathBuf, Error> {
    let mut normal = PathBuf::new();
    for part in std::path::absolute(path).map_err(Error::io("read", path))?.components() {
        match part {
            Component::CurDir => (),
            Component::ParentDir => drop(normal.pop()),
            part => normal.push(part),
        }
    }
    Ok(normal)
}

/// A search for images.
struct Walk<'a> {
    root: &'a Path,
    /// The root with links resolved.
    real_root: PathBuf,
    names: Vec<String>,
    /// Folders that have been searched, with links resolved: links may form cycles.
    seen: HashSet<PathBuf>,
    on_event: &'a mut dyn FnMut(ReadEvent) -> Result<(), Error>,
}

impl Walk<'_> {
    /// Adds the images below a folder.
    fn folder(&mut self, folder: &Path, depth: usize) -> Result<(), Error> {
        let real = folder.canonicalize().map_err(Error::io("read", folder))?;
        // A link back, perhaps to a folder that contains everything.
        let leads_out = self.real_root.starts_with(&real) && self.real_root != real;
        if !self.seen.insert(real) || leads_out {
            return Ok(());
        }
        if depth > MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} nested folders");
            return Err(dataset_error(folder)(message).with_kind(ErrorKind::Limit));
        }
        for entry in entries(folder)? {
            if entry.is_dir {
                self.folder(&entry.path, depth + 1)?;
            } else if has_extension(&entry.path, &EXTENSIONS) {
                self.add(&entry.path).or_else(|message| self.problem(folder, message))?;
                self.check_count(folder)?;
            }
        }
        Ok(())
    }

    /// Adds the images listed in a text file, one per line.
    fn list(&mut self, file: &Path, config: &Config) -> Result<(), Error> {
        let (opened, _) = open_regular(file, dataset_error(file))?;
        let mut lines = Lines::new(BufReader::new(opened), file, MAX_LINE);
        while lines.advance()? > 0 {
            let line = lines.number;
            let added = lines.text().and_then(|text| match text.trim() {
                "" => Ok(()),
                text => self.listed(text, file, config),
            });
            added.or_else(|message| {
                let error = Error::new(ErrorKind::Annotation, message);
                (self.on_event)(ReadEvent::Problem(error.with_path(file).with_line(line)))
            })?;
            self.check_count(file)?;
        }
        Ok(())
    }

    fn listed(&mut self, text: &str, file: &Path, config: &Config) -> Result<(), String> {
        let shown = shortened(text);
        let bases = [own_folder(file), config.folder.clone(), own_folder(&config.file)];
        let found = bases.iter().map(|base| base.join(text)).find(|path| path.is_file());
        let found = found.ok_or_else(|| format!("there is no image '{shown}'"))?;
        let found = normal(&found).map_err(|error| error.to_string())?;
        if !found.starts_with(self.root) {
            let root = self.root.display();
            return Err(format!("'{shown}' is outside of the dataset's folder {root}"));
        }
        self.add(&found)
    }

    /// Adds an image below the root.
    fn add(&mut self, path: &Path) -> Result<(), String> {
        let name = path.strip_prefix(self.root).unwrap_or(path);
        let Some(name) = name.to_str() else {
            return Err(format!(
                "the image's name '{}' is not UTF-8",
                shortened(&name.to_string_lossy())
            ));
        };
        let name = if cfg!(windows) { name.replace('\\', "/") } else { name.into() };
        check_name(&name)?;
        self.names.push(name);
        Ok(())
    }

    fn problem(&mut self, folder: &Path, message: String) -> Result<(), Error> {
        (self.on_event)(ReadEvent::Problem(dataset_error(folder)(message)))
    }

    fn check_count(&self, path: &Path) -> Result<(), Error> {
        if self.names.len() <= MAX_IMAGES {
            return Ok(());
        }
        let message = format!("more than {MAX_IMAGES} images");
        Err(dataset_error(path)(message).with_kind(ErrorKind::Limit))
    }
}

/// A file or folder.
pub(super) struct Entry {
    pub(super) path: PathBuf,
    pub(super) is_dir: bool,
}

/// The sorted entries of a folder. Hidden entries are skipped.
pub(super) fn entries(folder: &Path) -> Result<Vec<Entry>, Error> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let entry = entry.map_err(Error::io("read", folder))?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let kind = entry.file_type().map_err(Error::io("read", folder))?;
        let path = entry.path();
        let is_dir = kind.is_dir() || (kind.is_symlink() && path.is_dir());
        all.push(Entry { path, is_dir });
    }
    all.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(all)
}

fn has_extension(path: &Path, known: &[&str]) -> bool {
    let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| known.iter().any(|&known| extension == known))
}
