//! What can be told on the command line, and the run that it makes.
use std::{path::PathBuf, sync::Arc, time::Duration};

use clap::{ArgMatches, Command, CommandFactory, FromArgMatches, Parser, error::ErrorKind};
use dafe::{error::Error, prelude::*, train::read_config};

use super::{
    recipe::RecipeArgs,
    session::{SessionArgs, is_given},
    support::{Outcome, default_workers, training_devices},
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

impl Args {
    /// The command line; with `--resume`, over what the run was begun with.
    pub fn read() -> Outcome<Self> {
        let mut command = Self::command();
        let matches = command.get_matches_mut();
        let mut args = Self::from_arg_matches(&matches)?;
        if let Some(message) = args.recipe.conflict() {
            command.error(ErrorKind::ArgumentConflict, message).exit();
        }
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

    /// The recipe for training on `train`: that of the run which is gone on with, or a new one.
    pub fn config(&self, train: &dyn LandmarkDataset) -> Result<TrainConfig, Error> {
        match &self.resume {
            Some(folder) => read_config(folder),
            None => self.recipe.config(&self.session, train),
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
        let SessionArgs { workers, skip_bad_pictures, checkpoint_every, keep, patience, .. } =
            self.session;
        Training {
            patience: Duration::from_secs(patience.get().into()),
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
