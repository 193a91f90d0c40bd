//! CornerNet's focal loss on heatmaps, on logits.
use burn::tensor::{
    Tensor,
    activation::{log_sigmoid, sigmoid},
};
use serde::{Deserialize, Serialize};

use super::reduce::{
    demand, is_positive, mean_of_landmarks, mean_of_samples, of_maps, sum_of_cells,
};
use crate::Error;

/// The exponents of [`heatmap_focal`], named as in the paper. Each is 1 or more, since the slope at
/// 0 is infinite below 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Focal {
    /// How fast the weight of cells that are already right decreases. 2.
    pub alpha: f64,
    /// How strongly the weight of empty cells near the landmark is reduced. 4.
    pub beta: f64,
}

impl Default for Focal {
    fn default() -> Self {
        Self::USUAL
    }
}

impl Focal {
    pub(super) const USUAL: Self = Self { alpha: 2.0, beta: 4.0 };

    /// Checks that the exponents are valid.
    pub(super) fn validate(&self) -> Result<(), Error> {
        if [self.alpha, self.beta].iter().all(|&power| power >= 1.0 && is_positive(power)) {
            return Ok(());
        }
        Err(Error::config(format!("focal loss needs powers of 1 or more, not {self:?}")))
    }
}

/// Penalty-reduced focal loss (Law and Deng, 2018, "CornerNet", equation 1; also used by
/// CenterNet).
///
/// With `p = σ(x)`, it is `−(1−p)^α ln p` at a landmark's own cell and `−(1−t)^β p^α ln(1−p)` at
/// all others, summed over the cells of each map, times the landmark's weight, divided by `B·n`.
///
/// The papers round a landmark to a cell, whose target is then 1. Here, Gaussians may be centered
/// between cells, so a landmark's own cell is the highest cell of its map (several cells, if they
/// are equally near); an empty map has none. The papers divide by the number of landmarks present.
/// This function divides by the number of all landmarks, so the losses of the shards of a batch
/// average to the loss of the whole batch.
///
/// # Shapes
/// - `logits`, `target`: `[B, n, H, W]`; targets are in 0..1
/// - `weights`: `[B, n]`
/// - output: `[1]`
///
/// # Panics
/// If the exponents are invalid, or if the shapes don't fit (the message names them).
pub fn heatmap_focal(
    logits: Tensor<4>,
    target: Tensor<4>,
    weights: Tensor<2>,
    config: &Focal,
) -> Tensor<1> {
    mean_of_samples(heatmap_focal_per_sample(logits, target, weights, config))
}

/// [`heatmap_focal`] of each sample; the mean is the loss of the batch.
///
/// # Shapes
/// As [`heatmap_focal`]; output: `[B]`.
pub fn heatmap_focal_per_sample(
    logits: Tensor<4>,
    target: Tensor<4>,
    weights: Tensor<2>,
    config: &Focal,
) -> Tensor<1> {
    demand(config.validate());
    of_maps(logits, target, weights, |logits, target, weights| {
        let [batch, n, height, width] = logits.dims();
        let flat = [batch, n, height * width];
        let (x, target) = (logits.reshape(flat), target.reshape(flat));
        let highest = target.clone().max_dim(2);
        let own = target.clone().equal(highest).bool_and(target.clone().greater_elem(0.0));
        let there = sigmoid(x.clone().neg()).powf_scalar(config.alpha) * log_sigmoid(x.clone());
        let elsewhere = sigmoid(x.clone()).powf_scalar(config.alpha) * log_sigmoid(x.neg());
        let reduced = target.neg().add_scalar(1.0).powf_scalar(config.beta);
        let losses = (reduced * elsewhere).mask_where(own, there).neg();
        mean_of_landmarks(sum_of_cells(losses), weights)
    })
}
