//! Configuration of the training loss: one or several weighted losses.
use burn::tensor::{Tensor, activation::sigmoid};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{LandmarkLoss, landmark_loss::one, reduce::is_positive};
use crate::{Error, heatmap::HeatmapTarget, with_fields::with_fields};

/// The loss to minimize in training: a weighted sum of losses. Mean squared error by default.
///
/// It can be parsed from text with weights, names and numbers; numbers that are left out have their
/// default values:
///
/// ```
/// use dafe::loss::LossConfig;
///
/// let loss: LossConfig = "ohkm:8 + 0.01*soft-argmax-l1".parse()?;
/// assert_eq!(loss.terms.len(), 2);
/// assert_eq!(loss.to_string(), "ohkm:8 + 0.01*soft-argmax-l1");
/// # Ok::<(), dafe::Error>(())
/// ```
///
/// The JSON form has the numbers by name; numbers that are left out have their default values:
///
/// ```json
/// {
///   "terms": [
///     { "weight": 1.0, "loss": { "name": "adaptive-wing", "omega": 14.0, "foreground": 10.0 } },
///     { "weight": 0.01, "loss": { "name": "soft-argmax-l1" } }
///   ],
///   "auxiliary_weight": 0.4
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LossConfig {
    /// The losses to add up; at least one.
    pub terms: Vec<WeightedLoss>,
    /// The weight of each auxiliary map's loss, relative to the output's, in networks with
    /// auxiliary maps ([`Supervision::Deep`](crate::model::Supervision::Deep)). 0.4 (PSPNet's: Zhao
    /// et al., 2017).
    pub auxiliary_weight: f64,
}

with_fields!(LossConfig {
    with_terms terms: Vec<WeightedLoss>,
    with_auxiliary_weight auxiliary_weight: f64,
});

/// The serialized form of a [`LossConfig`].
#[derive(Deserialize)]
#[serde(remote = "LossConfig", default = "LossConfig::default", deny_unknown_fields)]
struct Fields {
    terms: Vec<WeightedLoss>,
    auxiliary_weight: f64,
}

impl<'de> Deserialize<'de> for LossConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let loss = Fields::deserialize(deserializer)?;
        loss.validate().map(|()| loss).map_err(D::Error::custom)
    }
}

/// A loss and its weight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightedLoss {
    /// The factor that the loss is multiplied by; above 0.
    #[serde(default = "one")]
    pub weight: f64,
    /// The loss.
    pub loss: LandmarkLoss,
}

impl Default for LossConfig {
    fn default() -> Self {
        LandmarkLoss::Mse.into()
    }
}

impl From<LandmarkLoss> for LossConfig {
    /// One loss alone.
    fn from(loss: LandmarkLoss) -> Self {
        Self { terms: vec![WeightedLoss { weight: 1.0, loss }], auxiliary_weight: 0.4 }
    }
}

impl LossConfig {
    /// Checks that the values are valid and that the losses can be combined.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the first invalid value.
    pub fn validate(&self) -> Result<(), Error> {
        if self.terms.is_empty() {
            return Err(Error::config("a loss needs at least one term"));
        }
        for WeightedLoss { weight, loss } in &self.terms {
            if !is_positive(*weight) {
                let name = loss.name();
                return Err(Error::config(format!(
                    "the weight of '{name}' must be above 0, and finite in single precision, not {weight}"
                )));
            }
            loss.validate()?;
        }
        if self.auxiliary_weight != 0.0 && !is_positive(self.auxiliary_weight) {
            return Err(Error::config(format!(
                "auxiliary_weight must be 0 or more, and finite in single precision, not {}",
                self.auxiliary_weight
            )));
        }
        let with = |wanted: bool| {
            self.terms.iter().map(|term| term.loss).find(|loss| loss.takes_logits() == Some(wanted))
        };
        if let (Some(logits), Some(values)) = (with(true), with(false)) {
            return Err(Error::config(format!(
                "'{}' takes heatmaps as logits and '{}' as the target's own values: they cannot be combined",
                logits.name(),
                values.name()
            )));
        }
        Ok(())
    }

    /// Whether a network trained with this loss outputs logits.
    ///
    /// The confidence of a landmark is then the sigmoid of its map's highest value, instead of the
    /// value itself. The position of the highest value is the same either way.
    pub fn takes_logits(&self) -> bool {
        self.terms.iter().any(|term| term.loss.takes_logits() == Some(true))
    }

    /// Whether a network trained with this loss learns the absolute values of its heatmaps.
    ///
    /// Losses on distributions or coordinates alone depend only on differences between values:
    /// adding a constant to a whole map changes nothing. Scores then mean nothing, and all values
    /// may be below 0.
    pub fn trains_values(&self) -> bool {
        self.terms.iter().any(|term| term.loss.takes_logits().is_some())
    }

    /// `[B]`: the loss of each sample. 0 for a sample in which all weights are 0.
    ///
    /// The mean is the loss of the batch, and the losses of the shards of a batch average to the
    /// loss of the whole batch. Next to a loss on logits, positions are read from the sigmoid of
    /// the maps, as they are when decoding.
    ///
    #[cfg_attr(feature = "flex", doc = "```")]
    #[cfg_attr(not(feature = "flex"), doc = "```ignore")]
    /// use dafe::prelude::*;
    ///
    /// let device = Device::flex();
    /// let codec = HeatmapCodec::new([32, 32], 4, 1.0);
    /// let [labeled, empty] = [Tensor::ones([2, 1], &device), Tensor::zeros([2, 1], &device)];
    /// let target = codec.target(Tensor::full([2, 1, 2], 16.0, &device), labeled, empty);
    /// // Each value is too high by a half.
    /// let losses = LossConfig::default().per_sample(target.heatmaps.clone() + 0.5, &target);
    /// assert_eq!(losses.dims(), [2]);
    /// assert!((losses.mean().into_scalar::<f32>() - 0.25).abs() < 1e-6);
    /// ```
    ///
    /// # Shapes
    /// - `predicted`: `[B, n, h, w]`, like the target's heatmaps
    ///
    /// # Panics
    /// If the shapes don't fit (the message names them), or if there are no terms.
    pub fn per_sample(&self, predicted: Tensor<4>, target: &HeatmapTarget) -> Tensor<1> {
        let losses = self.terms.iter().map(|WeightedLoss { weight, loss }| {
            let maps = match self.takes_logits() && loss.reads_positions() {
                true => sigmoid(predicted.clone()),
                false => predicted.clone(),
            };
            loss.per_sample(maps, target).mul_scalar(*weight)
        });
        losses.reduce(|sum, loss| sum + loss).expect("a valid loss has a term")
    }
}
