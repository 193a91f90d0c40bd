//! Label files: their paths, their contents, and those without an image.
use std::{
    collections::HashSet,
    fs,
    io::ErrorKind::{NotADirectory, NotFound},
    path::{Path, PathBuf},
};

use super::{
    images::entries,
    line::{Form, Line},
};
use crate::{
    Error, ErrorKind,
    data::{
        Finding, FindingKind, ReadEvent,
        annotation::{dataset_error, shortened},
        image::ImageFile,
    },
    file::read_bounded,
};

const IMAGES: &str = "images";
const LABELS: &str = "labels";
/// Files that annotation tools write beside the labels.
const NO_LABELS: [&str; 2] = ["classes.txt", "notes.txt"];
/// Maximum size of a label file, in bytes.
const MAX_LABEL_BYTES: u64 = 16 << 20;
/// Maximum depth of nested folders that are searched for labels without images.
const MAX_DEPTH: usize = 32;

/// The label file of an image: in the folder `labels` parallel to the last folder `images` of the
/// path, or beside the image.
pub(super) fn label_path(image: &Path) -> PathBuf {
    let beside = image.with_extension("txt");
    match parallel(&beside) {
        Some(parallel) if parallel.exists() || !beside.exists() => parallel,
        _ => beside,
    }
}

/// The path with its last folder `images` replaced by `labels`, if it has one.
fn parallel(path: &Path) -> Option<PathBuf> {
    let parts: Vec<_> = path.components().collect();
    let is_images = |part: &std::path::Component<'_>| part.as_os_str() == IMAGES;
    let at = parts.iter().rposition(is_images)?;
    let mut parallel: PathBuf = parts[..at].iter().collect();
    parallel.push(LABELS);
    parallel.extend(&parts[at + 1..]);
    Some(parallel)
}

/// The content of an image's label file.
#[derive(Default)]
pub(super) struct Labels {
    /// `[width, height]` of the image as it is read.
    pub(super) size: [u32; 2],
    /// The lines with their numbers; an error for invalid lines.
    pub(super) lines: Vec<(usize, Result<Line, Error>)>,
    /// Duplicated lines.
    pub(super) repeated: Vec<usize>,
}

impl Labels {
    /// The path and content of an image's label file.
    pub(super) fn read(image: &ImageFile, form: &Form) -> (PathBuf, Result<Self, Error>) {
        let absolute = std::path::absolute(&image.path).unwrap_or_else(|_| image.path.clone());
        let path = label_path(&absolute);
        let labels = Self::of(&path, image, form);
        (path, labels)
    }

    /// Reads the label file `path` of an image, and the image's header if there are any labels.
    fn of(path: &Path, image: &ImageFile, form: &Form) -> Result<Self, Error> {
        let mut labels = Self::default();
        match fs::metadata(path) {
            Err(error) if matches!(error.kind(), NotFound | NotADirectory) => return Ok(labels),
            Ok(metadata) if metadata.is_file() && metadata.len() == 0 => return Ok(labels),
            Err(error) => return Err(Error::io("read", path)(error)),
            Ok(_) => (),
        }
        let bytes = read_bounded(path, MAX_LABEL_BYTES, dataset_error(path))?;
        let mut seen = HashSet::new();
        for (number, line) in (1..).zip(bytes.split(|&byte| byte == b'\n')) {
            let line = line.trim_ascii();
            // Some editors add a byte-order mark.
            let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            if !seen.insert(line) {
                labels.repeated.push(number);
                continue;
            }
            let text = str::from_utf8(line)
                .map_err(|error| format!("not UTF-8 after {} bytes", error.valid_up_to()));
            let parsed = text.and_then(|text| form.parse(text)).map_err(|message| {
                Error::new(ErrorKind::Annotation, message).with_path(path).with_line(number)
            });
            labels.lines.push((number, parsed));
        }
        if !labels.lines.is_empty() {
            labels.size = image.header()?.size;
        }
        Ok(labels)
    }
}

/// Reports label files beside those of the images in `folders` that have no image: the number for
/// each folder.
pub(super) fn report_orphans(
    folders: &[PathBuf],
    used: &HashSet<PathBuf>,
    on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
) -> Result<(), Error> {
    for folder in folders.iter().filter_map(|folder| parallel(folder)).filter(|path| path.is_dir())
    {
        let mut orphans = Orphans { used, seen: HashSet::new(), count: 0, first: None };
        orphans.look(&folder, 0)?;
        if let Some(first) = orphans.first {
            let name = first.strip_prefix(&folder).unwrap_or(&first).to_string_lossy().into_owned();
            let message = match orphans.count {
                1 => format!("'{}' has no image: passed over", shortened(&name)),
                count => format!(
                    "{count} label files have no image, '{}' the first: passed over",
                    shortened(&name)
                ),
            };
            let finding = Finding::new(FindingKind::PassedOver, message);
            on_event(ReadEvent::Finding(finding.at(|place| place.with_path(&folder))))?;
        }
    }
    Ok(())
}

struct Orphans<'a> {
    used: &'a HashSet<PathBuf>,
    /// Links may form cycles.
    seen: HashSet<PathBuf>,
    count: usize,
    first: Option<PathBuf>,
}

impl Orphans<'_> {
    fn look(&mut self, folder: &Path, depth: usize) -> Result<(), Error> {
        let real = fs::canonicalize(folder).map_err(Error::io("read", folder))?;
        if depth > MAX_DEPTH || !self.seen.insert(real) {
            return Ok(());
        }
        for entry in entries(folder)? {
            if entry.is_dir {
                self.look(&entry.path, depth + 1)?;
            } else if is_label(&entry.path) && !self.used.contains(&entry.path) {
                self.count += 1;
                self.first.get_or_insert(entry.path);
            }
        }
        Ok(())
    }
}

fn is_label(path: &Path) -> bool {
    let is_other = path.file_name().is_some_and(|own| NO_LABELS.iter().any(|name| own == *name));
    path.extension().is_some_and(|kind| kind == "txt") && !is_other
}
