//! The model, the category of its garments, and its hash.
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use dafe::{
    Error,
    atomic::create_folder,
    detector::{CategoryChoice, Search},
    prelude::*,
};
use sha2::{Digest, Sha256};

use super::args::Args;
use crate::support::{Outcome, models::Source, open_device};

/// A detector, and the category for its requests.
pub struct Model {
    pub detector: LandmarkDetector,
    /// `None` if each box has its own category.
    pub category: Option<CategoryChoice>,
    /// The SHA-256 of the model's file, in hexadecimal.
    pub sha256: String,
}

impl Model {
    /// Loads the model. An MMPose file for DeepFashion2 is loaded for the given category only.
    pub fn load(args: &Args) -> Outcome<Self> {
        let device = open_device(&args.device)?;
        let named = args.category.as_deref();
        let source = args.source();
        let (detector, category) = if source.is_mmpose() {
            let category = named.map(str::parse).transpose()?;
            let choice = category.map_or(CategoryChoice::All, |_| CategoryChoice::Known(0));
            (source.detector(category, &device)?, Some(choice))
        } else {
            let detector = source.detector(None, &device)?;
            let category = choice(&detector.config().schema, named)?;
            (detector, category)
        };
        let detector = match args.search {
            Some(search) => searching(&detector, search)?,
            None => detector,
        };
        if category.is_none() && args.boxes.is_none() {
            return Err("--category boxes needs --boxes".into());
        }
        let sha256 = match source {
            Source::File(path) => fingerprint(&file(path))?,
            Source::Bundled => fingerprint_of(LandmarkDetector::bundled_file()),
        };
        Ok(Self { detector, category, sha256 })
    }

    /// Saves the model to a file, or into a folder, which is created.
    pub fn save(&self, path: &Path) -> Outcome<()> {
        let folder = match path.extension() {
            Some(_) => path.parent(),
            None => Some(path),
        };
        folder.map_or(Ok(()), create_folder)?;
        Ok(self.detector.save(path)?)
    }

    pub fn schema(&self) -> &LandmarkSchema {
        &self.detector.config().schema
    }

    /// Whether each detection has a category, or the model has at most one.
    pub fn knows_categories(&self) -> bool {
        let inferred = self.detector.config().infers_category;
        match self.category {
            _ if self.schema().categories().len() < 2 => true,
            Some(CategoryChoice::Inferred) => inferred,
            Some(CategoryChoice::Known(_)) | None => true,
            Some(_) => false,
        }
    }

    /// An explanation for the user if all landmarks are returned although that was not requested.
    pub fn remark(&self) -> Option<String> {
        let (schema, unasked) = (self.schema(), self.category == Some(CategoryChoice::Inferred));
        (unasked && !self.knows_categories()).then(|| {
            format!(
                "the model was not trained to infer the category, so all {} landmarks are \
                 returned; --category NAME for those of one category: {}",
                schema.len(),
                category_names(schema)
            )
        })
    }
}

/// The same model with another search.
fn searching(detector: &LandmarkDetector, search: Search) -> Result<LandmarkDetector, Error> {
    let config = detector.config().clone().with_search(search);
    LandmarkDetector::new(detector.net().clone(), config, detector.device())
}

/// The given category; `None` if each box has its own.
fn choice(schema: &LandmarkSchema, named: Option<&str>) -> Outcome<Option<CategoryChoice>> {
    let Some(name) = named else { return Ok(Some(CategoryChoice::Inferred)) };
    let index = schema.categories().iter().position(|category| category.name == name);
    match (index, name) {
        (Some(index), _) => Ok(Some(CategoryChoice::Known(index))),
        (None, "all") => Ok(Some(CategoryChoice::All)),
        (None, "boxes") => Ok(None),
        (None, _) => Err(format!(
            "the model has no category '{name}'; --category takes all, boxes or one of: {}",
            category_names(schema)
        )
        .into()),
    }
}

fn category_names(schema: &LandmarkSchema) -> String {
    let names: Vec<_> = schema.categories().iter().map(|category| category.name.as_str()).collect();
    names.join(", ")
}

/// The model's file: `model` itself, or the file in that folder.
fn file(model: &Path) -> PathBuf {
    match model.is_dir() {
        true => model.join(LandmarkDetector::FILE),
        false => model.into(),
    }
}

/// The SHA-256 of a file, in hexadecimal.
pub fn fingerprint(path: &Path) -> Result<String, Error> {
    let mut digest = Sha256::new();
    let hashed = File::open(path).and_then(|mut file| io::copy(&mut file, &mut digest));
    hashed.map_err(Error::io("read", path))?;
    Ok(hex(digest))
}

/// The SHA-256 of bytes, in hexadecimal.
pub fn fingerprint_of(bytes: impl AsRef<[u8]>) -> String {
    let mut digest = Sha256::new();
    digest.update(bytes);
    hex(digest)
}

fn hex(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
