//! Label files: where they are, and which of them have no image.
use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use super::images::entries;
use crate::{
    Error,
    data::{Finding, FindingKind, ReadEvent, annotation::shortened},
};

const IMAGES: &str = "images";
const LABELS: &str = "labels";
/// Files that annotation tools lay beside labels, and that are none.
const NO_LABELS: [&str; 2] = ["classes.txt", "notes.txt"];
/// The most folders in one another that are looked through for labels without images.
const MAX_DEPTH: usize = 32;

/// The label file of an image: in the folder `labels` where the image is below `images`, the last
/// of that name, or beside the image.
pub(super) fn label_path(image: &Path) -> PathBuf {
    let beside = image.with_extension("txt");
    match parallel(&beside) {
        Some(parallel) if parallel.exists() || !beside.exists() => parallel,
        _ => beside,
    }
}

/// The path with its last folder `images` exchanged for `labels`, if it has one.
fn parallel(path: &Path) -> Option<PathBuf> {
    let parts: Vec<_> = path.components().collect();
    let is_images = |part: &std::path::Component<'_>| part.as_os_str() == IMAGES;
    let at = parts.iter().rposition(is_images)?;
    let mut parallel: PathBuf = parts[..at].iter().collect();
    parallel.push(LABELS);
    parallel.extend(&parts[at + 1..]);
    Some(parallel)
}

/// Tells of label files beside those of the images in `folders` that belong to no image: of each
/// folder's how many there are.
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
    /// As links may lead back.
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
    let named = |name: &&str| path.file_name().is_some_and(|own| own == *name);
    path.extension().is_some_and(|kind| kind == "txt") && !NO_LABELS.iter().any(|name| named(&name))
}
