//! The configuration of a run, as saved beside its checkpoints.
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{
    fine_tuning::FineTuning, optimizer::Optimizer, recompute::Recompute, schedule::Schedule,
};
use crate::{
    Error,
    data::{Augmentation, Framing, TargetPolicy},
    heatmap::{HeatmapCodec, Refinement},
    loss::LossConfig,
    model::{LandmarkNetConfig, Preset},
    with_fields::with_fields,
};

/// The configuration of a training run (recipe). [`Self::paper`] is the paper's recipe.
///
/// ```
/// use dafe::{prelude::*, train::Schedule};
///
/// let config = TrainConfig::paper(8);
/// assert_eq!(config.schedule, Schedule::Step { epochs: 10, factor: 0.1 });
/// // With a quarter of the images per step.
/// let config = config.with_batch_size(16).with_learning_rate(2.5e-4);
/// config.validate()?;
///
/// let error = config.with_shards(32).validate().unwrap_err();
/// assert_eq!(error.to_string(), "16 images per step can't be split into 32 shards");
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TrainConfig {
    /// The network.
    pub model: LandmarkNetConfig,
    /// Input size, stride, sigma and alignment.
    pub codec: HeatmapCodec,
    /// How a sample's box is framed.
    pub framing: Framing,
    /// How validation decodes heatmaps.
    pub refinement: Refinement,
    /// Which landmarks are trained.
    pub policy: TargetPolicy,
    /// The loss to minimize.
    pub loss: LossConfig,
    /// Augmentation of training images.
    pub augmentation: Augmentation,
    /// Passes over the training split.
    pub epochs: usize,
    /// Images per step.
    pub batch_size: usize,
    /// Number of shards that a step's images are split into.
    ///
    /// BatchNorm normalizes each shard separately, so the result depends on this number, but not on
    /// the number of devices. Shards are distributed evenly over
    /// [`Training::devices`](crate::train::Training::devices). A device with several shards
    /// processes them one after another and sums their gradients, which needs less memory than all
    /// at once.
    pub shards: usize,
    /// Which parts of a step are recomputed to save memory.
    pub recompute: Recompute,
    /// The optimizer.
    pub optimizer: Optimizer,
    /// The learning rate, before the schedule.
    pub learning_rate: f64,
    /// How the learning rate changes.
    pub schedule: Schedule,
    /// Pretrained weights to start from, which parts are frozen, and the backbone's learning rate.
    pub fine_tuning: FineTuning,
    /// Seed of initial parameters, sample order and augmentation.
    pub seed: u64,
}

with_fields!(TrainConfig {
    with_model model: LandmarkNetConfig,
    with_codec codec: HeatmapCodec,
    with_framing framing: Framing,
    with_refinement refinement: Refinement,
    with_policy policy: TargetPolicy,
    with_loss loss: LossConfig,
    with_augmentation augmentation: Augmentation,
    with_epochs epochs: usize,
    with_batch_size batch_size: usize,
    with_shards shards: usize,
    with_recompute recompute: Recompute,
    with_optimizer optimizer: Optimizer,
    with_learning_rate learning_rate: f64,
    with_schedule schedule: Schedule,
    with_fine_tuning fine_tuning: FineTuning,
    with_seed seed: u64,
});

/// A recipe as stored in a file.
#[derive(Deserialize)]
#[serde(remote = "TrainConfig", deny_unknown_fields)]
struct Fields {
    model: LandmarkNetConfig,
    codec: HeatmapCodec,
    framing: Framing,
    refinement: Refinement,
    policy: TargetPolicy,
    loss: LossConfig,
    augmentation: Augmentation,
    epochs: usize,
    batch_size: usize,
    shards: usize,
    recompute: Recompute,
    optimizer: Optimizer,
    learning_rate: f64,
    schedule: Schedule,
    fine_tuning: FineTuning,
    seed: u64,
}

impl<'de> Deserialize<'de> for TrainConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let config = Fields::deserialize(deserializer)?;
        config.validate().map(|()| config).map_err(D::Error::custom)
    }
}

impl TrainConfig {
    /// The paper's recipe for `num_landmarks` landmarks: ResNet-50 at 320×320, Adam at 1e-3, ×0.1
    /// every 10 epochs, 64 images per step. Not stated in the paper but chosen here: 30 epochs, σ
    /// 2, augmentation.
    pub fn paper(num_landmarks: usize) -> Self {
        Self::preset(Preset::Paper, num_landmarks)
    }

    /// The recipe for a preset network.
    ///
    /// [`Preset::Paper`] has the paper's recipe. The smaller networks have a short one that a CPU
    /// finishes in minutes on a few thousand images, with a higher learning rate and milder
    /// augmentation. Three tenths of its samples are [whole images](Augmentation::whole_image), as
    /// seen by a detector without boxes.
    pub fn preset(preset: Preset, num_landmarks: usize) -> Self {
        let codec = HeatmapCodec::new(preset.input_size(), LandmarkNetConfig::STRIDE, 2.0);
        let paper = Self {
            model: preset.config(num_landmarks),
            codec,
            framing: Framing::Stretch,
            refinement: Refinement::None,
            policy: TargetPolicy::default(),
            loss: LossConfig::default(),
            augmentation: Augmentation::default(),
            epochs: 30,
            batch_size: 64,
            shards: 1,
            recompute: Recompute::None,
            optimizer: Optimizer::Adam,
            learning_rate: 1e-3,
            schedule: Schedule::Step { epochs: 10, factor: 0.1 },
            fine_tuning: FineTuning::default(),
            seed: 0,
        };
        // The common parts of the smaller networks' recipes.
        let short = |recipe: Self| Self {
            refinement: Refinement::QuarterOffset,
            batch_size: 16,
            shards: 2,
            schedule: Schedule::Cosine { warmup: 0.05 },
            ..recipe
        };
        match preset {
            Preset::Paper => paper,
            Preset::Lite => short(Self {
                framing: Framing::Padded,
                augmentation: Augmentation {
                    scale: 0.25,
                    translation: 0.06,
                    box_jitter: 0.05,
                    color: 0.2,
                    hue: 10.0,
                    whole_image: 0.35,
                    ..Augmentation::default()
                },
                epochs: 20,
                learning_rate: 2e-3,
                ..paper
            }),
            Preset::Nano | Preset::Small => short(Self {
                augmentation: Augmentation {
                    scale: 0.1,
                    rotation_probability: 0.4,
                    translation: 0.04,
                    box_jitter: 0.03,
                    color: 0.15,
                    // On generated garments, this helps a detector without boxes more than loose
                    // boxes do, and costs less accuracy in labeled boxes.
                    whole_image: 0.3,
                    ..Augmentation::default()
                },
                epochs: 8,
                learning_rate: 8e-3,
                ..paper
            }),
        }
    }

    /// Whether heatmaps of landmarks that a category lacks are trained to be empty: both the policy
    /// and the loss must support it. Losses on distributions and on coordinates do not.
    ///
    /// ```
    /// use dafe::{data::TargetPolicy, prelude::*};
    ///
    /// let config = TrainConfig::paper(8);
    /// assert!(!config.teaches_absence());
    /// let policy = TargetPolicy::default().with_absent_as_empty(true);
    /// assert!(config.with_policy(policy).teaches_absence());
    /// ```
    pub fn teaches_absence(&self) -> bool {
        self.policy.absent_as_empty && self.policy.empty_weight > 0.0 && self.loss.trains_values()
    }

    /// Checks that all values are valid.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the first invalid value.
    pub fn validate(&self) -> Result<(), Error> {
        self.model.validate()?;
        self.codec.validate()?;
        self.loss.validate()?;
        self.refinement.validate()?;
        if self.refinement.needs_positive_values() && !self.loss.trains_values() {
            return Err(Error::config(format!(
                "'{}' depends on which values are above 0, but the loss '{}' trains no values; use none, quarter-offset or soft-argmax",
                self.refinement, self.loss
            )));
        }
        self.augmentation.validate()?;
        self.optimizer.validate()?;
        self.schedule.validate()?;
        self.fine_tuning.validate()?;
        for (name, value) in
            [("epochs", self.epochs), ("batch_size", self.batch_size), ("shards", self.shards)]
        {
            if value == 0 {
                return Err(Error::config(format!("{name} must be at least 1, not 0")));
            }
        }
        if self.shards > self.batch_size {
            return Err(Error::config(format!(
                "{} images per step can't be split into {} shards",
                self.batch_size, self.shards
            )));
        }
        let weight = self.policy.empty_weight;
        if !(weight.is_finite() && weight >= 0.0) {
            return Err(Error::config(format!(
                "policy.empty_weight must be a number of at least 0, not {weight}"
            )));
        }
        if !(self.learning_rate > 0.0 && self.learning_rate <= 1.0) {
            return Err(Error::config(format!(
                "learning_rate must be in (0, 1], not {}",
                self.learning_rate
            )));
        }
        Ok(())
    }
}
