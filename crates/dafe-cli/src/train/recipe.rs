//! The training recipe from the command line.
use std::{
    collections::HashSet,
    num::NonZero,
    path::{Path, PathBuf, absolute},
};

use dafe::{
    Error,
    data::{Augmentation, DatasetFormat},
    model::{Decoder, Supervision},
    prelude::*,
    train::{InitialWeights, Optimizer, Recompute},
};

use super::{init::Init, session::SessionArgs, start};
use crate::support::{Outcome, features, output::tell};

/// The options of the recipe, which is fixed for the whole run.
#[derive(clap::Args)]
#[group(id = "recipe")]
pub struct RecipeArgs {
    /// The network: nano, lite, small or paper, with random weights unless --pretrained is given
    /// [default: the bundled model's network and weights; paper with --pretrained; with
    /// --from-scratch, --init random or --decoder: nano on a CPU or on generated garments, else
    /// paper]
    #[arg(long)]
    pub preset: Option<Preset>,
    /// Epochs [default: the preset's; from trained weights on a CPU, the number of epochs with
    /// about 6,000 samples, 2 to 60]
    #[arg(long)]
    pub epochs: Option<usize>,
    /// Images per step [default: the recipe's]
    #[arg(long)]
    pub batch_size: Option<usize>,
    /// The optimizer: adam, adamw, sgd; with parameters: adamw:WEIGHT-DECAY,
    /// sgd:MOMENTUM:WEIGHT-DECAY [default: adam]
    #[arg(long)]
    pub optimizer: Option<Optimizer>,
    /// The learning rate, before the schedule [default: the preset's]
    #[arg(long)]
    pub learning_rate: Option<f64>,
    /// The decoder: dafe, dafe-without-selection, transposed-convolution,
    /// feature-pyramid, global-context, non-local [default: dafe]
    #[arg(long)]
    pub decoder: Option<Decoder>,
    /// The loss, or a weighted sum: mse, ohkm, adaptive-wing, bce, focal, kl, js,
    /// soft-argmax-l1, soft-argmax-smooth-l1, soft-argmax-wing, "mse+0.01*soft-argmax-l1", …
    /// [default: mse; with --init, the model's]
    #[arg(long)]
    pub loss: Option<LossConfig>,
    /// How validation and the trained model decode heatmaps: none, quarter-offset, dark,
    /// dark-udp, soft-argmax, … [default: the preset's; with --init, the model's]
    #[arg(long)]
    pub refinement: Option<Refinement>,
    /// Also train the decoder's coarser heatmaps
    #[arg(long)]
    pub deep_supervision: bool,
    /// Initial weights: random; bundled (the bundled model); or a model that dafe train wrote,
    /// as a run's folder or its model.safetensors. A model comes with its network, input size,
    /// framing and decoding; its head is reinitialized for other landmarks. The rest of the
    /// recipe is that of lite for the bundled model, and the run's own for others. For a run's
    /// folder, the data are the run's, too, unless --data or --garments is given [default:
    /// bundled; random with --preset or --decoder]
    #[arg(long, group = "start", value_name = "random|bundled|FOLDER|FILE")]
    pub init: Option<Init>,
    /// Start from random weights, in the network of --preset
    #[arg(long, conflicts_with = "start")]
    pub from_scratch: bool,
    /// Start from pretrained weights (.safetensors, or .pth with the feature pytorch): a ResNet
    /// or EfficientNet-Lite backbone with its usual names, with any prefix and any head, or a
    /// whole landmark network; a line reports which weights were loaded and which were left out
    #[arg(long, group = "start")]
    pub pretrained: Option<PathBuf>,
    /// Reinitialize the head: if --pretrained is a network for other landmarks
    #[arg(long, requires = "start")]
    pub new_head: bool,
    /// Frozen stages of the backbone: 1 for the stem, 2 for the first stage, too, … up to 5
    /// [default: 0]
    #[arg(long, requires = "start")]
    pub frozen_stages: Option<usize>,
    /// Freeze the backbone's batch normalization, as with the bundled model
    #[arg(long, requires = "start")]
    pub freeze_norm: bool,
    /// The backbone's learning rate, relative to the rest [default: 1; 0.3 with the bundled
    /// model]
    #[arg(long)]
    pub backbone_rate: Option<f64>,
    /// The loss weight of empty heatmaps for landmarks that a garment lacks, so that its
    /// category can be inferred from the heatmaps; 0 ignores them [default: 0.3; 0 for
    /// DeepFashion2]
    #[arg(long)]
    pub empty_weight: Option<f32>,
    /// Gradient checkpointing of the backbone, to save memory: none or stages [default: none;
    /// with --init, the model's]
    #[arg(long)]
    pub recompute: Option<Recompute>,
    /// Train this fraction of the samples in boxes much looser than labeled, to make the
    /// network robust to detected boxes [default: the preset's]
    #[arg(long, value_name = "FRACTION", conflicts_with = "no_augmentation")]
    pub loose_boxes: Option<f64>,
    /// Train this fraction of the samples in whole images, so that the network works without
    /// boxes; each image must show one garment, or one that is larger or more central than
    /// others [default: the preset's; 0 if images have several samples]
    #[arg(long, value_name = "FRACTION", conflicts_with = "no_augmentation")]
    pub whole_images: Option<f64>,
    /// Disable augmentation
    #[arg(long)]
    pub no_augmentation: bool,
    /// The seed of initial weights, sample order and augmentation [default: 0; with --init, the
    /// model's]
    #[arg(long)]
    pub seed: Option<u64>,
}

impl RecipeArgs {
    /// A message if options conflict.
    pub fn conflict(&self) -> Option<String> {
        let init = self.init.as_ref()?.with_network()?;
        let given = [("--preset", self.preset.is_some()), ("--decoder", self.decoder.is_some())];
        let (option, _) = given.into_iter().find(|(_, given)| *given)?;
        Some(format!("--init {init} has its own network; it can't be given {option}"))
    }

    /// Whether no option chooses the network or its initial weights.
    fn says_nothing_of_the_start(&self) -> bool {
        self.beginning().is_none() && self.decoder.is_none()
    }

    /// The given options that choose how a run starts, which conflict with resuming one.
    pub fn beginning(&self) -> Option<String> {
        let given = [
            ("--preset", self.preset.is_some()),
            ("--init", self.init.is_some()),
            ("--from-scratch", self.from_scratch),
            ("--pretrained", self.pretrained.is_some()),
            ("--new-head", self.new_head),
        ];
        let names: Vec<_> =
            given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// Checks that this build can read the initial weights, before the long work.
    pub fn check_features(&self) -> Outcome<()> {
        match &self.pretrained {
            Some(path) if !cfg!(feature = "pytorch") && is_pytorch(path) => {
                let what = format!("reader of PyTorch's files, such as {}", path.display());
                Err(features::missing(&what, "pytorch"))
            }
            _ => Ok(()),
        }
    }

    /// The recipe for training on `train`.
    pub fn config(
        &self,
        session: &SessionArgs,
        train: &dyn LandmarkDataset,
        format: DatasetFormat,
    ) -> Result<TrainConfig, Error> {
        let schema = train.schema();
        let on_cpu = start::on_cpu(&session.devices);
        let model = self.init.as_ref().and_then(Init::model);
        let mut config = match (&self.init, model) {
            (Some(Init::Bundled), _) => TrainConfig::bundled(schema),
            (_, Some(path)) => TrainConfig::from_model(path, schema)?,
            _ if self.says_nothing_of_the_start() => {
                let config = TrainConfig::bundled(schema);
                start::tell_bundled(&config, on_cpu);
                config
            }
            _ => {
                let usual = match self.pretrained {
                    Some(_) => Preset::Paper,
                    None => start::preset(on_cpu, session.dataset.data.is_none()),
                };
                TrainConfig::preset(self.preset.unwrap_or(usual), schema.len())
            }
        };
        let is_bundled = config.fine_tuning.initial_weights == InitialWeights::Bundled;
        if on_cpu && is_bundled && self.epochs.is_none() {
            config.epochs = start::cpu_epochs(train.len());
        }
        if config.fine_tuning.new_head {
            let which = model.map_or("the bundled model".into(), |path| path.display().to_string());
            tell(format_args!("{which} is for other landmarks: its head is reinitialized"));
        }
        if let Some(path) = &self.pretrained {
            // Absolute, as a run can be resumed from another folder than the one it started in.
            config.fine_tuning.initial_weights = InitialWeights::File(whole(path)?);
        }
        if session.devices.len() > 1 || session.accumulate.is_some() {
            let accumulate = session.accumulate.map_or(1, NonZero::get);
            config.shards = session.devices.len().saturating_mul(accumulate);
        }
        // A model that is trained further keeps the policy of its own run.
        if model.is_none() || config.fine_tuning.new_head {
            let policy = &mut config.policy;
            if format == DatasetFormat::DeepFashion2 {
                // In these datasets, each sample trains only its own category's heatmaps.
                policy.empty_weight = 0.0;
            }
            policy.absent_as_empty = policy.empty_weight > 0.0;
        }
        if !one_an_image(train) {
            // With several garments, which one a whole image is for can't be learned.
            config.augmentation.whole_image = 0.0;
        }
        self.change(&mut config);
        if schema.mirror().iter().enumerate().all(|(i, &mirrored)| i == mirrored) {
            tell("the landmarks have no mirror pairs: images are not flipped in training");
            config.augmentation.flip = 0.0;
        }
        // The reader's finding names them.
        if !train.unpaired_landmarks().is_empty() {
            config.augmentation.flip = 0.0;
        }
        Ok(config)
    }

    /// Applies the given options, except those that choose how a run starts.
    pub fn change(&self, config: &mut TrainConfig) {
        set(&mut config.seed, self.seed);
        set(&mut config.model.decoder, self.decoder);
        set(&mut config.loss, self.loss.clone());
        set(&mut config.refinement, self.refinement);
        if self.deep_supervision {
            config.model.supervision = Supervision::Deep;
        }
        let fine_tuning = &mut config.fine_tuning;
        fine_tuning.new_head |= self.new_head;
        set(&mut fine_tuning.frozen_stages, self.frozen_stages);
        fine_tuning.freeze_norm |= self.freeze_norm;
        set(&mut fine_tuning.backbone_rate, self.backbone_rate);
        set(&mut config.recompute, self.recompute);
        set(&mut config.epochs, self.epochs);
        set(&mut config.batch_size, self.batch_size);
        set(&mut config.optimizer, self.optimizer);
        set(&mut config.learning_rate, self.learning_rate);
        if let Some(weight) = self.empty_weight {
            config.policy.absent_as_empty = weight > 0.0;
            config.policy.empty_weight = weight;
        }
        set(&mut config.augmentation.loose.probability, self.loose_boxes);
        set(&mut config.augmentation.whole_image, self.whole_images);
        if self.no_augmentation {
            config.augmentation = Augmentation::none();
        }
    }
}

fn set<T>(value: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *value = given;
    }
}

/// Whether no image has two samples.
fn one_an_image(dataset: &dyn LandmarkDataset) -> bool {
    let mut seen = HashSet::new();
    (0..dataset.len()).all(|index| seen.insert(dataset.sample(index).image))
}

/// By its extension; the content is checked when it is read.
fn is_pytorch(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ["pth", "pt", "ckpt", "tar"].iter().any(|one| ending == *one))
}

/// Makes a path absolute.
fn whole(path: &Path) -> Result<PathBuf, Error> {
    absolute(path).map_err(Error::io("find", path))
}
