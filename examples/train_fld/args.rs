//! What can be told on the command line, and the recipe that it makes.
use std::path::PathBuf;

use clap::Parser;
use dafe::{error::Error, prelude::*};

use super::{
    datasets::{DatasetArgs, Form},
    support,
};

#[derive(Parser)]
#[command(about = "Train a landmark network on FLD, DeepFashion-C, DeepFashion2 or COCO keypoints")]
pub struct Args {
    #[command(flatten)]
    pub dataset: DatasetArgs,
    /// Train on this share of the training pictures, drawn by the seed: 0.5 is the paper's for DeepFashion2
    #[arg(long, default_value_t = 1.0)]
    pub fraction: f64,
    /// Measure average precision in a detector's boxes, too: COCO results with bbox and score, of the test split's pictures.
    /// What is found is written to results.json, with the boxes' scores in its own
    #[arg(long)]
    pub boxes: Option<PathBuf>,
    /// The run's folder; one that holds an unfinished run goes on with it
    #[arg(long, default_value = "runs/train_fld")]
    pub out: PathBuf,
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
    /// Switch augmentation off
    #[arg(long)]
    pub no_augmentation: bool,
    /// Where initial parameters, sample order and augmentation come from
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
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
    /// Plain lines instead of the dashboard on a terminal
    #[arg(long)]
    pub plain: bool,
}

impl Args {
    /// The devices, for a run of `parts` parts a step. One after the other on a CPU only where that is asked for.
    pub fn training_devices(&self, parts: usize) -> Result<Vec<Device>, Error> {
        let side_by_side = if self.accumulate.is_some() { 1 } else { parts };
        support::training_devices(&self.devices, side_by_side)
    }

    /// The recipe for the landmarks of `schema`.
    pub fn config(&self, schema: &LandmarkSchema) -> TrainConfig {
        let preset = self.preset.unwrap_or(match self.dataset.data {
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
        if self.devices.len() > 1 || self.accumulate.is_some() {
            config.shards = self.devices.len() * self.accumulate.unwrap_or(1);
        }
        config.epochs = self.epochs.unwrap_or(config.epochs);
        config.batch_size = self.batch_size.unwrap_or(config.batch_size);
        config.learning_rate = self.learning_rate.unwrap_or(config.learning_rate);
        let empty_weight = self.empty_weight.unwrap_or(match self.dataset.form {
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
