//! The command's options, and the training run they describe.
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::{ArgMatches, Command, error::ErrorKind};
use dafe::{
    data::{BadImage, DatasetFormat},
    prelude::*,
    train::{CheckpointPolicy, read_config},
};

use super::{
    begun,
    recipe::RecipeArgs,
    session::{SessionArgs, is_given},
};
use crate::support::{Outcome, datasets::SplitOption, default_workers, training_devices};

const NOTES: &str = "\
Without --data, a dataset of garments is generated once. Training starts from the bundled model's
weights unless --preset, --decoder, --pretrained, --init or --from-scratch is given.
The run's folder gets model.safetensors, config.json, arguments.json, metrics.json,
curves.svg, predictions.png and checkpoints/. Ctrl-C finishes the step and saves; --resume
resumes from there, with bit-identical results on one flex device.

Exit status: 0 trained and evaluated, 1 failed, 2 usage error, 130 interrupted and saved.

Examples:
  dafe train
  dafe train --dataset coco --data kites --out runs/kites
  dafe train --data path/to/FLD --out runs/fld --devices cuda:0 --pretrained resnet50.pth
  dafe train --resume runs/fld
  dafe train --init runs/fld --out runs/fld-2 --epochs 40";

#[derive(clap::Args)]
#[command(next_line_help = true, after_help = NOTES)]
pub struct Args {
    #[command(flatten)]
    pub session: SessionArgs,
    #[command(flatten)]
    pub recipe: RecipeArgs,
    /// The run's folder; an unfinished run with the same recipe in it is
    /// resumed
    #[arg(long, default_value = "runs/train", conflicts_with = "resume")]
    pub out: PathBuf,
    /// Resume the run in this folder with its recipe and its other arguments; arguments that
    /// don't belong to the recipe may be changed. To train its model with another recipe, such
    /// as more epochs, start a new run: --init FOLDER --out OTHER
    #[arg(long, value_name = "FOLDER")]
    pub resume: Option<PathBuf>,
    /// Resume even if the data differ from those the run started with
    #[arg(long)]
    pub accept_changed_data: bool,
    #[command(flatten)]
    pub split: SplitOption,
    /// Print plain lines instead of showing the dashboard (feature tui) on a terminal
    #[arg(long)]
    pub plain: bool,
    /// The given arguments, for a suggested command.
    #[arg(skip)]
    given: String,
}

impl Args {
    /// Completes the arguments with those of the run to resume. Conflicting options end the
    /// program.
    pub fn completed(mut self, command: &mut Command, matches: &ArgMatches) -> Outcome<Self> {
        if let Some(message) = self.recipe.conflict() {
            command.error(ErrorKind::ArgumentConflict, message).exit();
        }
        self.given = begun::given(command, matches);
        if let Some(folder) = &self.resume {
            if let Some(message) = self.another_recipe(folder, command, matches)? {
                command.error(ErrorKind::ArgumentConflict, message).exit();
            }
            self.out = folder.clone();
            self.session = self.session.over_saved(folder, matches)?;
        }
        if let Some(init) = &self.recipe.init {
            init.check()?;
            if let Some(run) = init.model().filter(|path| path.is_dir()) {
                self.session = self.session.with_data_of(run, matches)?;
            }
        }
        self.split.replace(&mut self.session.dataset.divide);
        self.recipe.check_features()?;
        Ok(self)
    }

    /// Why the run in `folder` can't be resumed with the given recipe, if it differs.
    fn another_recipe(
        &self,
        folder: &Path,
        command: &Command,
        matches: &ArgMatches,
    ) -> Outcome<Option<String>> {
        if let Some(start) = self.recipe.beginning() {
            let message = format!("--resume uses the run's own recipe; it can't be given {start}");
            return Ok(Some(message));
        }
        if !is_any_given(command, matches, "recipe") {
            return Ok(None);
        }
        let was = read_config(folder)?;
        let mut now = was.clone();
        self.recipe.change(&mut now);
        let message = || begun::other_recipe(folder, &was, &now, None, &self.given);
        Ok((was != now).then(message))
    }

    /// The recipe for training on `train`: that of the resumed run, or a new one.
    ///
    /// # Errors
    /// If the folder holds a run with another recipe.
    pub fn config(
        &self,
        train: &dyn LandmarkDataset,
        format: DatasetFormat,
    ) -> Outcome<TrainConfig> {
        if let Some(folder) = &self.resume {
            return Ok(read_config(folder)?);
        }
        let now = self.recipe.config(&self.session, train, format)?;
        if self.out.join(Training::CONFIG).exists() {
            let was = read_config(&self.out)?;
            if was != now {
                let init = self.recipe.init.as_ref();
                return Err(begun::other_recipe(&self.out, &was, &now, init, &self.given).into());
            }
        }
        Ok(now)
    }

    /// The devices for a run with `shards` shards per step. A CPU computes shards one after
    /// another only if requested.
    pub fn training_devices(&self, shards: usize) -> Outcome<Vec<Device>> {
        let side_by_side = if self.session.accumulate.is_some() { 1 } else { shards };
        training_devices(&self.session.devices, side_by_side)
    }

    /// The training run.
    pub fn training(
        &self,
        config: TrainConfig,
        [train, val]: [Arc<dyn LandmarkDataset>; 2],
        devices: Vec<Device>,
    ) -> Training {
        let SessionArgs {
            workers, skip_bad_images, checkpoint_every, keep, device_timeout, ..
        } = self.session;
        Training::new(config, train, val, devices, &self.out)
            .with_device_timeout(Duration::from_secs(device_timeout.get().into()))
            .with_workers(workers.unwrap_or_else(default_workers))
            .with_bad_image(if skip_bad_images { BadImage::Skip } else { BadImage::Fail })
            .with_checkpoints(
                CheckpointPolicy::default().with_every_steps(checkpoint_every).with_keep(keep),
            )
            .with_accept_changed_data(self.accept_changed_data)
    }
}

/// Whether one of a group's options was given.
fn is_any_given(command: &Command, matches: &ArgMatches, group: &str) -> bool {
    let group = command.get_groups().find(|candidate| candidate.get_id() == group);
    let mut options = group.into_iter().flat_map(|group| group.get_args());
    options.any(|id| is_given(matches, id.as_str()))
}
