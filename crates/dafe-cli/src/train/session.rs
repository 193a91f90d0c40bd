//! The arguments of a run besides its recipe, saved in its folder for `--resume`.
use std::{
    fs::File,
    io::Read,
    num::{NonZeroU32, NonZeroUsize},
    path::{Path, PathBuf, absolute},
};

use clap::{ArgMatches, parser::ValueSource};
use dafe::{atomic::write_text, train::CheckpointPolicy};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::support::{Outcome, datasets::DatasetArgs, output::tell};

/// The arguments of a run besides its recipe: saved in its folder, and reused by `--resume`
/// unless given again.
#[derive(Clone, clap::Args, Serialize, Deserialize)]
pub struct SessionArgs {
    #[command(flatten)]
    #[serde(flatten)]
    pub dataset: DatasetArgs,
    /// Train on this fraction of the training images, sampled by the seed; 0.5 is the paper's
    /// for DeepFashion2
    #[arg(long, default_value_t = 1.0)]
    pub fraction: f64,
    /// Also measure average precision in a detector's boxes: COCO results with bbox and score,
    /// for the test split's images. The results are written to results.json, with scores that
    /// include those of the boxes
    #[arg(long)]
    pub boxes: Option<PathBuf>,
    /// The training devices: flex, ndarray, cuda:0, vulkan:0, remote:HOST:PORT#0, or several
    /// separated by commas, each of which takes a shard of every step; flex,flex uses half the
    /// cores for each
    #[arg(long, alias = "device", value_delimiter = ',', default_value = "flex")]
    pub devices: Vec<String>,
    /// Shards that each device computes one after another in a step, accumulating gradients:
    /// needs less memory, and BatchNorm sees smaller batches [default: 1; with flex alone, the
    /// preset's shards in parallel]
    #[arg(long, value_name = "SHARDS", conflicts_with = "resume")]
    pub accumulate: Option<NonZeroUsize>,
    /// Seconds that a device may take for a step before it counts as failed; the first step
    /// on a GPU compiles its kernels
    #[arg(long, value_name = "SECONDS", default_value = "600")]
    pub device_timeout: NonZeroU32,
    /// Threads that decode and crop images [default: one per core, at most 8]
    #[arg(long)]
    pub workers: Option<usize>,
    /// Leave out unreadable images and count them, instead of failing
    #[arg(long)]
    pub skip_bad_images: bool,
    /// Write a checkpoint every so many steps, in addition to the end of every epoch
    #[arg(long, value_name = "STEPS")]
    pub checkpoint_every: Option<usize>,
    /// Keep this many of the newest checkpoints, in addition to the best epoch's
    #[arg(long, value_name = "CHECKPOINTS", default_value_t = CheckpointPolicy::default().keep)]
    pub keep: usize,
}

impl SessionArgs {
    /// The file in the run's folder.
    const FILE: &str = "arguments.json";

    /// The version of the file format.
    const FORMAT: u64 = 1;

    /// A limit above the length of any command line.
    const MAX_BYTES: u64 = 1 << 20;

    /// Saves the arguments in the run's folder, with paths that are valid from any working
    /// folder.
    pub fn save(&self, run: &Path) -> Outcome<()> {
        let mut saved = self.clone();
        let DatasetArgs { data, garments, schema, .. } = &mut saved.dataset;
        for path in [data, garments, schema, &mut saved.boxes].into_iter().flatten() {
            *path = absolute(&path)?;
        }
        let mut document = json!({ "format": Self::FORMAT });
        let Value::Object(saved) = serde_json::to_value(&saved)? else { unreachable!("a struct") };
        document.as_object_mut().expect("an object").extend(saved);
        Ok(write_text(run.join(Self::FILE), &serde_json::to_string_pretty(&document)?)?)
    }

    /// The saved arguments of the run in `run`, overridden by those on the command line.
    pub fn over_saved(&self, run: &Path, matches: &ArgMatches) -> Outcome<Self> {
        let path = run.join(Self::FILE);
        let named = |error: &dyn ToString| format!("{}: {}", path.display(), error.to_string());
        let file = File::open(&path).map_err(|error| named(&error))?;
        let saved = serde_json::from_reader(file.take(Self::MAX_BYTES));
        let mut merged: Map<String, Value> = saved.map_err(|error| named(&error))?;
        let format = merged.remove("format").unwrap_or_default();
        if format != Self::FORMAT {
            let known = Self::FORMAT;
            return Err(named(&format!("its format is {format}; this dafe reads {known}")).into());
        }
        let Value::Object(own) = serde_json::to_value(self)? else { unreachable!("a struct") };
        if is_given(matches, "garments") {
            merged.remove("data");
        }
        merged.extend(own.into_iter().filter(|(name, _)| is_given(matches, name)));
        Ok(serde_json::from_value(merged.into()).map_err(|error| named(&error))?)
    }

    /// Uses the data of the run in `run`, unless the command line names others.
    pub fn with_data_of(self, run: &Path, matches: &ArgMatches) -> Outcome<Self> {
        let others = ["data", "garments"].iter().any(|id| is_given(matches, id));
        if others || !run.join(Self::FILE).is_file() {
            return Ok(self);
        }
        let Self { dataset, fraction, boxes, .. } = self.over_saved(run, matches)?;
        tell(format_args!("using the data of {} (--data for others)", run.display()));
        Ok(Self { dataset, fraction, boxes, ..self })
    }
}

/// Whether an option was given on the command line.
pub fn is_given(matches: &ArgMatches, id: &str) -> bool {
    matches.value_source(id) == Some(ValueSource::CommandLine)
}
