//! A file's images: their keys and paths.
use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use super::{
    StoredImage,
    json::RawImage,
    loose::{Entry, Id, Loose},
};
use crate::{
    Error, ErrorKind,
    data::{Finding, FindingKind, annotation::check_name},
};

/// The images of a file, and its invalid entries.
#[derive(Default)]
pub(super) struct Images {
    pub(super) all: Vec<StoredImage>,
    /// Indices into `all`.
    pub(super) places: HashMap<Id, u32>,
    /// Images that can't be used; this has been reported.
    pub(super) refused: HashSet<Id>,
    pub(super) problems: Vec<Error>,
    pub(super) findings: Vec<Finding>,
}

impl Images {
    pub(super) fn new(raw: Vec<Entry<RawImage>>) -> Self {
        let mut images = Self::default();
        images.places.reserve(raw.len());
        let highest = raw.iter().filter_map(|entry| match entry {
            Entry::Object(RawImage { id, .. }) => match id.id()? {
                Id::Number(number) => Some(number),
                Id::Name(_) => None,
            },
            Entry::Other(_) => None,
        });
        // Numbers for images whose identifiers are not numbers.
        let mut next = highest.max().map_or(1, |highest| highest.saturating_add(1));
        let mut named = None;
        for (entry, number) in raw.into_iter().zip(1..) {
            let raw = match entry {
                Entry::Object(raw) => raw,
                Entry::Other(value) => {
                    images.fail(&number, format!("an entry of images is {value}"));
                    continue;
                }
            };
            let Some(key) = raw.id.id() else {
                images.fail(&number, format!("id is {}", raw.id));
                continue;
            };
            if let Err(message) = images.add(&key, &raw, &mut next) {
                images.fail(&key, message);
                images.places.remove(&key);
                images.refused.insert(key);
            } else if let Id::Name(name) = key {
                named.get_or_insert(name);
            }
        }
        images.leave_out_refused();
        if let Some(name) = named {
            let message = format!(
                "images have ids that are not numbers, such as '{name}': numbered, also in results"
            );
            images.findings.push(Finding::new(FindingKind::Number, message));
        }
        images
    }

    fn add(&mut self, key: &Id, raw: &RawImage, next: &mut u64) -> Result<(), String> {
        let Loose::Text(name) = &raw.file_name else {
            return Err(format!("file_name is {}, not a name", raw.file_name));
        };
        // Programs on Windows write backslashes.
        let name = name.replace('\\', "/");
        let name = name.strip_prefix("./").unwrap_or(&name);
        check_name(name)?;
        if let Some(&place) = self.places.get(key) {
            return match self.all[place as usize].name == name {
                true => {
                    let finding = Finding::new(FindingKind::Repeated, "the image is listed twice");
                    self.findings.push(finding.at(|place| place.with_image(name)));
                    Ok(())
                }
                // It is unknown which image the annotations belong to.
                false => Err(format!(
                    "id {key} is there twice, for '{}' and '{name}'",
                    self.all[place as usize].name
                )),
            };
        }
        if self.refused.contains(key) {
            return Err(format!("id {key} is there more than once"));
        }
        let id = match key {
            Id::Number(number) => *number,
            Id::Name(_) => {
                *next += 1;
                *next - 1
            }
        };
        let place = u32::try_from(self.all.len()).map_err(|_| "too many images")?;
        self.all.push(StoredImage { id, name: name.into(), size: size(raw) });
        self.places.insert(key.clone(), place);
        Ok(())
    }

    /// Removes images that were added before another one with the same identifier.
    fn leave_out_refused(&mut self) {
        if self.refused.is_empty() {
            return;
        }
        let mut kept: Vec<(u32, &Id)> =
            self.places.iter().map(|(key, &place)| (place, key)).collect();
        kept.sort_unstable();
        let all = std::mem::take(&mut self.all);
        let places = kept.iter().zip(0..).map(|(&(_, key), place)| (key.clone(), place)).collect();
        self.all = kept.iter().map(|&(place, _)| all[place as usize].clone()).collect();
        self.places = places;
    }

    fn fail(&mut self, key: &impl ToString, message: String) {
        let problem = Error::new(ErrorKind::Annotation, message).with_image(key.to_string());
        self.problems.push(problem);
    }
}

/// `[width, height]`, if the file has both.
fn size(raw: &RawImage) -> Option<[u32; 2]> {
    let side = |value: &Loose| match value.number()? {
        side if side >= 1.0 && side <= f64::from(u32::MAX) => Some(side as u32),
        _ => None,
    };
    Some([side(&raw.width)?, side(&raw.height)?])
}

/// Number of images that are searched for in each folder.
const TRIED: usize = 16;

/// The first of `folders` that contains the most of a selection of the images.
pub(super) fn folder_of(images: &[StoredImage], folders: Vec<PathBuf>) -> PathBuf {
    let tried = spread(images, TRIED);
    let has =
        |folder: &Path| tried.iter().filter(|image| folder.join(&image.name).is_file()).count();
    let counted = folders.into_iter().map(|folder| (has(&folder), folder));
    let best = counted.reduce(|best, other| if other.0 > best.0 { other } else { best });
    best.map(|(_, folder)| folder).unwrap_or_default()
}

/// At most `count` evenly spaced elements of `items`.
pub(super) fn spread<T>(items: &[T], count: usize) -> Vec<&T> {
    let count = count.min(items.len());
    (0..count).map(|i| &items[i * items.len() / count]).collect()
}
