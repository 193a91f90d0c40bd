//! The options, and the run that they make.
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
Without --data a tree of garments is generated once and trained on. Training starts from the bundled
model's weights unless --preset, --decoder, --pretrained, --init or --from-scratch says otherwise.
The run's folder gets model.safetensors, config.json, arguments.json, metrics.json,
curves.svg, predictions.png and checkpoints/. Ctrl-C finishes the step and saves; --resume goes on
from there, bit for bit.

Exit status: 0 trained and evaluated, 1 failed, 2 wrong usage, 130 interrupted and saved.

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
    /// The run's folder; an unfinished run of the same recipe in it is
    /// resumed
    #[arg(long, default_value = "runs/train", conflicts_with = "resume", verbatim_doc_comment)]
    pub out: PathBuf,
    /// Resume the run in this folder, which has its recipe and its other arguments; those
    /// that don't belong to the recipe may be given anew. With another recipe, as more
    /// epochs, its model is trained further in a run of its own: --init FOLDER --out OTHER
    #[arg(long, value_name = "FOLDER", verbatim_doc_comment)]
    pub resume: Option<PathBuf>,
    /// Resume though the data are not those that the run began with
    #[arg(long)]
    pub accept_changed_data: bool,
    #[command(flatten)]
    pub split: SplitOption,
    /// Plain lines instead of the dashboard (feature tui) on a terminal
    #[arg(long)]
    pub plain: bool,
    /// What was given, for another command that goes on.
    #[arg(skip)]
    given: String,
}

impl Args {
    /// With `--resume`, over what the run began with. Options that don't go together end the
    /// program, as they do elsewhere.
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

    /// Why the run in `folder` can't be resumed with the recipe that was given, if it differs.
    fn another_recipe(
        &self,
        folder: &Path,
        command: &Command,
        matches: &ArgMatches,
    ) -> Outcome<Option<String>> {
        if let Some(start) = self.recipe.beginning() {
            let message =
                format!("--resume goes on by the run's own recipe; it can't be given {start}");
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

    /// The recipe for training on `train`: that of the run which is resumed, or a new one.
    ///
    /// # Errors
    /// If the folder holds a run with another one.
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

    /// The devices, for a run of `shards` shards a step. One shard after the other on a CPU only
    /// where that is asked for.
    pub fn training_devices(&self, shards: usize) -> Outcome<Vec<Device>> {
        let side_by_side = if self.session.accumulate.is_some() { 1 } else { shards };
        training_devices(&self.session.devices, side_by_side)
    }

    /// The run itself.
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
