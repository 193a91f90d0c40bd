//! The choice of a training's loss: one or several, with weights.
use burn::tensor::{Tensor, activation::sigmoid};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{LandmarkLoss, landmark_loss::one, reduce::is_positive};
use crate::{Error, heatmap::HeatmapTarget, with_fields::with_fields};

/// What a network is trained to make small: a sum of losses with weights. Mean squared error by default.
///
/// From a text of weights, names and numbers, the usual ones where there are none:
///
/// ```
/// use dafe::loss::LossConfig;
///
/// let loss: LossConfig = "ohkm:8 + 0.01*soft-argmax-l1".parse().unwrap();
/// assert_eq!(loss.terms.len(), 2);
/// assert_eq!(loss.to_string(), "ohkm:8 + 0.01*soft-argmax-l1");
/// ```
///
/// Its JSON has the numbers by name; those that are left out are the usual ones:
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
    /// The losses that are added up; at least one.
    pub terms: Vec<WeightedLoss>,
    /// What the losses of each auxiliary map count beside the output's, in networks that have them
    /// ([`Supervision::Deep`](crate::model::Supervision::Deep)). 0.4 (PSPNet's: Zhao et al., 2017).
    pub auxiliary_weight: f64,
}

with_fields!(LossConfig {
    with_terms terms: Vec<WeightedLoss>,
    with_auxiliary_weight auxiliary_weight: f64,
});

/// A loss's configuration as it stands in a file.
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

/// A loss and what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightedLoss {
    /// What the loss is multiplied by; above 0.
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
    /// Whether the values can work, and the losses together.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the first that can't.
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
                "'{}' takes the heatmaps for logits and '{}' for the target's own values: they can't both be right",
                logits.name(),
                values.name()
            )));
        }
        Ok(())
    }

    /// Whether a network trained so puts out logits: the sigmoid of a map's highest value is then how sure it is, instead of
    /// the value itself. Where the highest value is, is the same.
    pub fn takes_logits(&self) -> bool {
        self.terms.iter().any(|term| term.loss.takes_logits() == Some(true))
    }

    /// Whether a network trained so learns what the values of its maps are. Losses of distributions and of coordinates
    /// alone only ask how they differ: to add a number to a whole map changes nothing, so scores tell nothing, and
    /// values may all be below 0.
    pub fn trains_values(&self) -> bool {
        self.terms.iter().any(|term| term.loss.takes_logits().is_some())
    }

    /// `[B]`: the loss of each sample; their mean is the loss of the batch, and the means of a batch's parts, each over its
    /// own share, average to it. 0 for a sample without any weight.
    ///
    /// Beside a loss of logits, positions are read from their sigmoid, as they will be decoded.
    ///
    /// # Shapes
    /// - `predicted`: `[B, n, h, w]`, as the target's heatmaps
    ///
    /// # Panics
    /// If the shapes don't fit, naming them; if there are no terms.
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
