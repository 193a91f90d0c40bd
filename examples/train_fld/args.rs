//! What can be told on the command line, the recipe that it makes, and what of it a run is gone on with.
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf, absolute},
    sync::Arc,
};

use clap::{
    ArgMatches, Command, CommandFactory, FromArgMatches, Parser, error::ErrorKind,
    parser::ValueSource,
};
use dafe::{
    error::Error,
    prelude::*,
    train::{Recompute, read_config},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    datasets::{DatasetArgs, Form},
    support::{Outcome, default_workers, training_devices, write_text},
};

#[derive(Parser)]
#[command(about = "Train a landmark network on FLD, DeepFashion-C, DeepFashion2 or COCO keypoints")]
pub struct Args {
    #[command(flatten)]
    pub session: SessionArgs,
    #[command(flatten)]
    pub recipe: RecipeArgs,
    /// The run's folder; one that holds an unfinished run of the same recipe goes on with it
    #[arg(long, default_value = "runs/train_fld", conflicts_with = "resume")]
    pub out: PathBuf,
    /// Go on with the run in this folder, which has its recipe and its other arguments; those that don't belong to the recipe may
    /// be given anew
    #[arg(long, value_name = "FOLDER")]
    pub resume: Option<PathBuf>,
    /// Go on though the data are not those that the run was begun with
    #[arg(long)]
    pub accept_changed_data: bool,
    /// Plain lines instead of the dashboard on a terminal
    #[arg(long)]
    pub plain: bool,
}

/// What a run works with: kept in its folder, and used again by `--resume` unless given anew.
#[derive(Clone, clap::Args, Serialize, Deserialize)]
pub struct SessionArgs {
    #[command(flatten)]
    #[serde(flatten)]
    pub dataset: DatasetArgs,
    /// Train on this share of the training pictures, drawn by the seed: 0.5 is the paper's for DeepFashion2
    #[arg(long, default_value_t = 1.0)]
    pub fraction: f64,
    /// Measure average precision in a detector's boxes, too: COCO results with bbox and score, of the test split's pictures.
    /// What is found is written to results.json, with the boxes' scores in its own
    #[arg(long)]
    pub boxes: Option<PathBuf>,
    /// Where to train: flex, ndarray, cuda:0, vulkan:0, remote:HOST:PORT#0, or several with commas between them, each
    /// of which takes its part of every step; flex,flex uses half the cores for each
    #[arg(long, alias = "device", value_delimiter = ',', default_value = "flex")]
    pub devices: Vec<String>,
    /// Parts that each device splits its pictures of a step into, one after the other, their gradients added up: needs
    /// less memory, and BatchNorm sees smaller batches [default: 1; with flex alone, the preset's parts side by side]
    #[arg(long)]
    pub accumulate: Option<usize>,
    /// Threads that decode and crop pictures [default: one a core, at most 8]
    #[arg(long)]
    pub workers: Option<usize>,
    /// Leave pictures that can't be read out, and count them, instead of ending with an error
    #[arg(long)]
    pub skip_bad_pictures: bool,
    /// Write a checkpoint every so many steps, besides that at the end of every epoch
    #[arg(long, value_name = "STEPS")]
    pub checkpoint_every: Option<usize>,
    /// Keep so many of the newest checkpoints, besides the best epoch's
    #[arg(long, value_name = "CHECKPOINTS", default_value_t = CheckpointPolicy::default().keep)]
    pub keep: usize,
}

/// What makes the recipe. A run has one from its beginning to its end.
#[derive(clap::Args)]
#[group(id = "recipe")]
pub struct RecipeArgs {
    /// The network: nano, small or paper [default: nano on drawn garments, paper with --data]
    #[arg(long)]
    pub preset: Option<Preset>,
    /// Passes over the training split [default: the preset's]
    #[arg(long)]
    pub epochs: Option<usize>,
    /// Pictures a step [default: the preset's]
    #[arg(long)]
    pub batch_size: Option<usize>,
    /// Adam's learning rate, before the schedule [default: the preset's]
    #[arg(long)]
    pub learning_rate: Option<f64>,
    /// The decoder: dafe, dafe-without-selection, transposed-convolution, feature-pyramid, global-context, non-local
    #[arg(long, default_value = "dafe")]
    pub decoder: Decoder,
    /// The loss, or several with weights: mse, ohkm, adaptive-wing, bce, focal, kl, js, soft-argmax-l1,
    /// soft-argmax-smooth-l1, soft-argmax-wing, "mse+0.01*soft-argmax-l1", ...
    #[arg(long, default_value = "mse")]
    pub loss: LossConfig,
    /// How validation and the trained model decode heatmaps: none, quarter-offset, dark, dark-udp, soft-argmax, … [default: the
    /// preset's]
    #[arg(long)]
    pub refinement: Option<Refinement>,
    /// Train the decoder's coarser maps, too
    #[arg(long)]
    pub deep_supervision: bool,
    /// Start from trained parameters: a state dict (.pth or .safetensors) of torchvision's ResNet for the backbone, or
    /// of a whole landmark network
    #[arg(long)]
    pub pretrained: Option<PathBuf>,
    /// Train the head anew: where --pretrained is a network for other landmarks
    #[arg(long, requires = "pretrained")]
    pub new_head: bool,
    /// Parts of the backbone that stay as they are: 1 its stem, 2 the first stage, too, … up to 5
    #[arg(long, default_value_t = 0, requires = "pretrained")]
    pub frozen_stages: usize,
    /// Keep the backbone's batch normalisation as it is
    #[arg(long, requires = "pretrained")]
    pub freeze_norm: bool,
    /// The backbone's share of the learning rate
    #[arg(long, default_value_t = 1.0)]
    pub backbone_rate: f64,
    /// Train landmarks that a garment lacks towards an empty heatmap, with this weight, so that its category can be told from
    /// the heatmaps; 0: leave them out [default: 0.3; 0 for DeepFashion2]
    #[arg(long)]
    pub empty_weight: Option<f32>,
    /// Compute the backbone's stages again instead of keeping them in memory: none or stages
    #[arg(long, default_value_t)]
    pub recompute: Recompute,
    /// Switch augmentation off
    #[arg(long)]
    pub no_augmentation: bool,
    /// Where initial parameters, sample order and augmentation come from
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
}

impl Args {
    /// The command line; with `--resume`, over what the run was begun with.
    pub fn read() -> Outcome<Self> {
        let mut command = Self::command();
        let matches = command.get_matches_mut();
        let mut args = Self::from_arg_matches(&matches)?;
        if let Some(folder) = &args.resume {
            if let Some(anew) = given(&command, &matches, "recipe") {
                let message =
                    format!("--resume goes on by the run's own recipe; it can't be given {anew}");
                command.error(ErrorKind::ArgumentConflict, message).exit();
            }
            args.out = folder.clone();
            args.session = args.session.over_saved(folder, &matches)?;
        }
        Ok(args)
    }

    /// The recipe for the landmarks of `schema`: that of the run which is gone on with, or a new one.
    pub fn config(&self, schema: &LandmarkSchema) -> Result<TrainConfig, Error> {
        match &self.resume {
            Some(folder) => read_config(folder),
            None => Ok(self.recipe.config(&self.session, schema)),
        }
    }

    /// The devices, for a run of `parts` parts a step. One part after the other on a CPU only where that is asked for.
    pub fn training_devices(&self, parts: usize) -> Result<Vec<Device>, Error> {
        let side_by_side = if self.session.accumulate.is_some() { 1 } else { parts };
        training_devices(&self.session.devices, side_by_side)
    }

    /// The run itself.
    pub fn training(
        &self,
        config: TrainConfig,
        [train, val]: [Arc<dyn LandmarkDataset>; 2],
        devices: Vec<Device>,
    ) -> Training {
        let SessionArgs { workers, skip_bad_pictures, checkpoint_every, keep, .. } = self.session;
        Training {
            workers: workers.unwrap_or_else(default_workers),
            bad_picture: if skip_bad_pictures { BadPicture::Skip } else { BadPicture::Fail },
            checkpoints: CheckpointPolicy { every_steps: checkpoint_every, keep },
            accept_changed_data: self.accept_changed_data,
            ..Training::new(config, train, val, devices, &self.out)
        }
    }
}

/// Those of a group's options that were given, as they are written.
fn given(command: &Command, matches: &ArgMatches, group: &str) -> Option<String> {
    let group = command.get_groups().find(|candidate| candidate.get_id() == group)?;
    let options = group.get_args().filter(|id| is_given(matches, id.as_str()));
    let names: Vec<String> = options
        .filter_map(|id| command.get_arguments().find(|option| option.get_id() == id)?.get_long())
        .map(|long| format!("--{long}"))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn is_given(matches: &ArgMatches, id: &str) -> bool {
    matches.value_source(id) == Some(ValueSource::CommandLine)
}

impl SessionArgs {
    /// The file in the run's folder.
    const FILE: &str = "arguments.json";

    /// No command line is as long.
    const MAX_BYTES: u64 = 1 << 20;

    /// Keeps them in the run's folder, where `--resume` finds them from wherever it is called.
    pub fn save(&self, run: &Path) -> Outcome<()> {
        let mut saved = self.clone();
        let DatasetArgs { data, garments, .. } = &mut saved.dataset;
        for path in [data, garments, &mut saved.boxes].into_iter().flatten() {
            *path = absolute(&path)?;
        }
        write_text(&run.join(Self::FILE), &serde_json::to_string_pretty(&saved)?)
    }

    /// What the run in `run` keeps, but for what the command line names.
    fn over_saved(&self, run: &Path, matches: &ArgMatches) -> Outcome<Self> {
        let path = run.join(Self::FILE);
        let named = |error: &dyn ToString| format!("{}: {}", path.display(), error.to_string());
        let file = File::open(&path).map_err(|error| named(&error))?;
        let saved = serde_json::from_reader(file.take(Self::MAX_BYTES));
        let mut merged: Map<String, Value> = saved.map_err(|error| named(&error))?;
        let Value::Object(own) = serde_json::to_value(self)? else { unreachable!("a struct") };
        if is_given(matches, "garments") {
            merged.remove("data");
        }
        merged.extend(own.into_iter().filter(|(name, _)| is_given(matches, name)));
        Ok(serde_json::from_value(merged.into()).map_err(|error| named(&error))?)
    }
}

impl RecipeArgs {
    /// The recipe for the landmarks of `schema`.
    fn config(&self, session: &SessionArgs, schema: &LandmarkSchema) -> TrainConfig {
        let preset = self.preset.unwrap_or(match session.dataset.data {
            None => Preset::Nano,
            Some(_) => Preset::Paper,
        });
        let mut config = TrainConfig::preset(preset, schema.len());
        config.seed = self.seed;
        config.model.decoder = self.decoder;
        config.loss = self.loss.clone();
        config.refinement = self.refinement.unwrap_or(config.refinement);
        if self.deep_supervision {
            config.model.supervision = Supervision::Deep;
        }
        config.fine_tuning = FineTuning {
            pretrained: self.pretrained.clone(),
            new_head: self.new_head,
            frozen_stages: self.frozen_stages,
            freeze_norm: self.freeze_norm,
            backbone_rate: self.backbone_rate,
        };
        if session.devices.len() > 1 || session.accumulate.is_some() {
            config.shards = session.devices.len() * session.accumulate.unwrap_or(1);
        }
        config.recompute = self.recompute;
        config.epochs = self.epochs.unwrap_or(config.epochs);
        config.batch_size = self.batch_size.unwrap_or(config.batch_size);
        config.learning_rate = self.learning_rate.unwrap_or(config.learning_rate);
        let empty_weight = self.empty_weight.unwrap_or(match session.dataset.form {
            // There, each item trains its own category's heatmaps alone.
            Form::Deepfashion2 => 0.0,
            _ => config.policy.empty_weight,
        });
        config.policy.absent_as_empty = empty_weight > 0.0;
        config.policy.empty_weight = empty_weight;
        if self.no_augmentation {
            config.augmentation = Augmentation::none();
        }
        if schema.mirror().iter().enumerate().all(|(i, &mirrored)| i == mirrored) {
            println!("the landmarks have no mirror pairs: pictures are not flipped in training");
            config.augmentation.flip = 0.0;
        }
        config
    }
}
