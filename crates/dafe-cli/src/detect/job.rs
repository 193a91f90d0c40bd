//! Processes the images that have no results yet.
use std::{collections::HashSet, path::PathBuf};

use dafe::{
    atomic::{create_folder, write_text},
    detector::Origin,
    train::Interrupter,
};
use rayon::ThreadPool;
use serde::Serialize;

use super::{
    args::{Args, Options},
    inputs::Input,
    listing,
    looking::{Looked, Looking, shows_any},
    model::{Model, fingerprint, fingerprint_of},
    output::{Failure, Folder, Stream, Style, assemble},
    pipeline::Pipeline,
    regions::Regions,
    summary::Summary,
};
use crate::support::{Outcome, Progress};

/// Everything needed for a run.
pub struct Job<'a> {
    pub args: &'a Args,
    pub inputs: &'a [Input],
    pub model: &'a Model,
    pub regions: &'a Regions,
    /// The file with the names of the boxes' images, if the file of boxes has none.
    pub boxes_images: Option<PathBuf>,
    /// The threads that read and render.
    pub pool: ThreadPool,
    pub interrupter: Interrupter,
}

/// Everything that affects results: results made with other values don't count as done.
#[derive(Serialize)]
struct Making<'a> {
    crate_version: &'static str,
    model_sha256: &'a str,
    /// The hash of the file of boxes.
    boxes_sha256: Option<String>,
    /// The hash of the file with their images' names.
    #[serde(skip_serializing_if = "Option::is_none")]
    boxes_images_sha256: Option<String>,
    options: Options<'a>,
}

/// The contents of detect.json.
#[derive(Serialize)]
struct Config<'a> {
    /// The version of the result format: [`FORMAT`].
    format: u64,
    /// The value of `made_by` in each image's results.
    fingerprint: &'a str,
    model: String,
    boxes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    boxes_images: Option<String>,
    #[serde(flatten)]
    making: Making<'a>,
    /// How the model was made.
    origin: Option<&'a Origin>,
}

/// Increased when the format of result files changes.
const FORMAT: u64 = 1;

impl Job<'_> {
    /// Writes all results to standard output.
    pub fn stream(&self) -> Outcome<Summary> {
        let (made_by, _) = self.made_by()?;
        let (format, schema) = (self.args.format, self.model.schema());
        let mut stream = Stream::begin(self.inputs, made_by, format, schema, self.style())?;
        let pending: Vec<usize> = (0..self.inputs.len()).collect();
        let write = |looked: &[Looked]| Ok(stream.write(looked)?);
        let summary = self.look(&pending, false, write)?;
        stream.finish()?;
        Ok(summary)
    }

    /// Writes all missing results to files, then the combined document if all are complete.
    pub fn fill_folder(&self) -> Outcome<Summary> {
        let args = self.args;
        create_folder(&args.out)?;
        let (made_by, config) = self.made_by()?;
        write_text(args.out.join("detect.json"), &config)?;
        let ending = if args.jpeg { "jpg" } else { "png" };
        let folder = Folder {
            path: &args.out,
            inputs: self.inputs,
            made_by,
            drawings: (!args.no_drawings).then_some(ending),
            explain: args.explain,
            style: self.style(),
            pool: &self.pool,
        };
        let is_pending = |&index: &usize| args.again || !folder.has(index);
        let pending: Vec<usize> = (0..self.inputs.len()).filter(is_pending).collect();
        let summary = self.look(&pending, args.explain, |looked| Ok(folder.write(looked)))?;
        if summary.left(self.inputs) == 0 {
            let failed: HashSet<usize> =
                summary.failures.iter().map(|failed| failed.index).collect();
            let done: Vec<usize> =
                (0..self.inputs.len()).filter(|index| !failed.contains(index)).collect();
            if let Some(path) = assemble(&folder, args.format, &done)? {
                args.say(&format!("{}: of {} images", path.display(), done.len()));
            }
            if let ([_], [index]) = (self.inputs, &done[..]) {
                let (min_score, always) = (self.min_score(), args.boxes.is_some());
                args.say(listing::of(&folder, *index, min_score, always)?.trim_end());
            }
        }
        Ok(summary)
    }

    /// Processes `pending`, showing progress.
    fn look(
        &self,
        pending: &[usize],
        explain: bool,
        mut write: impl FnMut(&[Looked]) -> Outcome<Vec<Failure>>,
    ) -> Outcome<Summary> {
        let before = self.inputs.len() - pending.len();
        let mut summary = Summary { before, ..Summary::default() };
        let progress = Progress::new("detecting", pending.len());
        let looking = Looking {
            detector: &self.model.detector,
            regions: self.regions,
            all_from: self.args.all_from(),
            explain,
        };
        let Self { inputs, pool, interrupter, .. } = self;
        let batch = self.args.batch_size.into();
        let pipeline = Pipeline { inputs, looking: &looking, batch, pool, interrupter };
        let outcome = pipeline.run(pending, |looked| {
            if let Some(min_score) = self.args.rendered_from(self.min_score()) {
                let found = looked.iter().filter_map(|looked| looked.found.as_ref().ok());
                let empty = found.filter(|found| !shows_any(&found.garments, min_score));
                summary.empty += empty.count();
            }
            let failures = write(&looked)?;
            summary.done += looked.len() - failures.len();
            summary.failures.extend(failures);
            let message = match summary.failures.len() {
                0 => String::new(),
                failed => format!("{failed} failed"),
            };
            progress.update(summary.done + summary.failures.len(), pending.len(), &message);
            Ok(())
        });
        progress.done();
        outcome.map(|()| summary)
    }

    fn style(&self) -> Style<'_> {
        let (min_score, names) = (self.min_score(), self.args.names);
        Style { schema: self.model.schema(), min_score, names }
    }

    /// The score from which on landmarks are rendered.
    fn min_score(&self) -> f32 {
        let model = self.model.detector.config();
        self.args.min_score.unwrap_or_else(|| model.min_score())
    }

    /// The run's fingerprint, and the text of detect.json.
    fn made_by(&self) -> Outcome<(String, String)> {
        let boxes = self.args.boxes.as_deref();
        let making = Making {
            crate_version: env!("CARGO_PKG_VERSION"),
            model_sha256: &self.model.sha256,
            boxes_sha256: boxes.map(fingerprint).transpose()?,
            boxes_images_sha256: self.boxes_images.as_deref().map(fingerprint).transpose()?,
            options: self.args.options(self.min_score()),
        };
        let made_by = fingerprint_of(&serde_json::to_string(&making)?);
        let config = Config {
            format: FORMAT,
            fingerprint: &made_by,
            model: self.args.source().shown(),
            boxes: boxes.map(|path| path.display().to_string()),
            boxes_images: self.boxes_images.as_ref().map(|path| path.display().to_string()),
            making,
            origin: self.model.detector.config().origin.as_ref(),
        };
        let config = serde_json::to_string_pretty(&config)?;
        Ok((made_by, config))
    }
}
