//! Results as files in a folder: some for each image, and one for all.
use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use dafe::{
    Error,
    atomic::{create_folder, write_text},
    data::image::{write_jpeg, write_png},
};
use image::RgbImage;
use rayon::{ThreadPool, prelude::*};
use serde::Deserialize;

use super::{Failure, drawing::Style, record};
use crate::detect::{
    inputs::Input,
    looking::{Found, Looked},
    reading::state,
    record::{FileState, Record},
};

const JPEG_QUALITY: u8 = 90;

/// The results' folder.
pub struct Folder<'a> {
    pub path: &'a Path,
    pub inputs: &'a [Input],
    pub made_by: String,
    /// The drawings' extension, if drawings are written.
    pub drawings: Option<&'static str>,
    pub explain: bool,
    pub style: Style<'a>,
    /// The threads that draw and write.
    pub pool: &'a ThreadPool,
}

/// The fields of a record that show whether it is up to date.
#[derive(Deserialize)]
struct Stamp {
    made_by: String,
    file: Option<FileState>,
    detections: Vec<serde::de::IgnoredAny>,
}

impl Folder<'_> {
    /// Whether an image's results exist, made by the same model and options from the same file.
    pub fn has(&self, index: usize) -> bool {
        let now = state(&self.inputs[index].source);
        self.stamp(index).is_some_and(|Stamp { made_by, file, detections }| {
            let rendered = self.rendered(index, detections.len());
            now.is_some()
                && file == now
                && made_by == self.made_by
                && rendered.iter().all(|path| path.exists())
        })
    }

    /// Reads an image's record, which must exist.
    pub fn record(&self, index: usize) -> io::Result<Record> {
        let path = self.file(index, ".json");
        let record = fs::read_to_string(&path).and_then(|text| Ok(serde_json::from_str(&text)?));
        record.map_err(|error| io::Error::other(format!("{}: {error}", path.display())))
    }

    /// The stamp of an image's record, if it exists.
    fn stamp(&self, index: usize) -> Option<Stamp> {
        serde_json::from_str(&fs::read_to_string(self.file(index, ".json")).ok()?).ok()
    }

    /// Removes an image's results from an earlier run.
    fn remove(&self, index: usize) -> io::Result<()> {
        // A file that is not a record was not written by this program.
        let Some(Stamp { detections, .. }) = self.stamp(index) else { return Ok(()) };
        let rendered = self.rendered(index, detections.len());
        // The record first: without it, files that can't be removed don't count as results.
        std::iter::once(self.file(index, ".json"))
            .chain(rendered)
            .filter(|path| path.exists())
            .try_for_each(fs::remove_file)
    }

    /// Writes the files of each image, in parallel. If one fails, no results of an earlier run are
    /// left that could be mistaken for this run's.
    pub fn write(&self, looked: &[Looked]) -> Vec<Failure> {
        let write = |looked: &Looked| {
            let found = looked.found.as_ref().map_err(Clone::clone);
            let written = found.and_then(|found| {
                self.write_image(looked, found).map_err(|error| format!("{error:#}"))
            });
            let mut reason = written.err()?;
            if let Err(error) = self.remove(looked.index) {
                reason += &format!("; results of an earlier run are still there: {error}");
            }
            Some(Failure { index: looked.index, reason })
        };
        self.pool.install(|| looked.par_iter().filter_map(write).collect())
    }

    fn write_image(&self, looked: &Looked, found: &Found) -> Result<(), Error> {
        let index = looked.index;
        let record = record(&self.inputs[index], looked, found, &self.made_by);
        let json = self.file(index, ".json");
        if let Some(folder) = json.parent() {
            create_folder(folder)?;
        }
        // The record comes last: if it exists, all other files do.
        let mut rendered = self.rendered(index, found.garments.len()).into_iter();
        if let Some(path) = rendered.next() {
            self.save(&path, &self.style.landmarks(found))?;
        }
        for (path, explanation) in rendered.zip(&found.explanations) {
            self.save(&path, &self.style.explanation(&found.image, explanation))?;
        }
        write_text(&json, &serde_json::to_string_pretty(&record).expect("finite numbers"))
    }

    /// The drawings of an image with that many garments: its landmarks, and each garment's
    /// explanation.
    pub fn rendered(&self, index: usize, garments: usize) -> Vec<PathBuf> {
        let Some(ending) = self.drawings else { return Vec::new() };
        let mut endings = vec![format!(".landmarks.{ending}")];
        match (self.explain, garments) {
            (false, _) => (),
            (true, 1) => endings.push(format!(".explanation.{ending}")),
            (true, several) => {
                endings.extend((1..=several).map(|i| format!(".explanation-{i}.{ending}")));
            }
        }
        endings.iter().map(|ending| self.file(index, ending)).collect()
    }

    fn save(&self, path: &Path, image: &RgbImage) -> Result<(), Error> {
        match self.drawings {
            Some("jpg") => write_jpeg(path, image, JPEG_QUALITY),
            _ => write_png(path, image),
        }
    }

    /// The path of a file of an image's results.
    pub fn file(&self, index: usize, ending: &str) -> PathBuf {
        let mut name = OsString::from(self.path.join(&self.inputs[index].name));
        name.push(ending);
        name.into()
    }
}
