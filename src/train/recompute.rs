//! A batch's loss and gradients, with all of the forward pass in memory or with parts of it computed again.
//!
//! Recomputation ("gradient checkpointing" elsewhere; Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016)
//! is done here by hand, part by part: run the backbone without a tape and keep each part's output; differentiate the
//! decoder and the loss; then, from the last part to the first, run the part again with a tape and differentiate that.
//! This needs nothing of the backend, so it works on all of them.
use std::{fmt, str::FromStr};

use burn::{
    module::Module,
    optim::{GradientsAccumulator, GradientsParams},
    tensor::Tensor,
};
use serde::{Deserialize, Serialize};

use super::{per_sample_losses, step::losses_of_pyramid};
use crate::{
    backbone::{Backbone, FeaturePyramid, Stage},
    data::TrainBatch,
    error::Error,
    loss::LossConfig,
    model::LandmarkNet,
};

/// What of a training step's forward pass is computed again in its backward pass instead of kept in memory. It costs time
/// and changes no result: gradients differ by the rounding of sums taken in another order at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recompute {
    /// Nothing. The default.
    #[default]
    None,
    /// Each of the backbone's stages, but for its output. Backbones that don't come apart ([`Backbone::stages`]) are kept.
    Stages,
}

impl Recompute {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::None, Self::Stages];

    /// Its name in files and on command lines: "none", "stages".
    pub fn name(self) -> &'static str {
        ["none", "stages"][self as usize]
    }
}

impl fmt::Display for Recompute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Recompute {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|recompute| recompute.name() == name).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|recompute| recompute.name()).collect();
            Error::Config(format!("unknown recompute '{name}'; there are {}", known.join(", ")))
        })
    }
}

/// The mean of a batch's [`per_sample_losses`] times `share`, off the tape, and its gradients.
///
/// `share` is the batch's part of a larger one, over whose parts losses and gradients are summed; otherwise 1.
///
/// # Panics
/// If nothing of `net` is trained: it is not on a device that differentiates, or frozen altogether.
pub fn loss_and_gradients<B: Backbone>(
    net: &LandmarkNet<B>,
    batch: TrainBatch,
    loss: &LossConfig,
    share: f64,
    recompute: Recompute,
) -> (Tensor<1>, GradientsParams) {
    if recompute == Recompute::Stages
        && let Some(found) = by_stages(net, &batch, loss, share)
    {
        return found;
    }
    let loss = per_sample_losses(net, batch, loss).mean().mul_scalar(share);
    let gradients = GradientsParams::from_grads(loss.backward(), net);
    (loss.without_autodiff(), gradients)
}

/// [`loss_and_gradients`] with every stage of the backbone run twice; none if it doesn't come apart.
fn by_stages<B: Backbone>(
    net: &LandmarkNet<B>,
    TrainBatch { images, target, auxiliary }: &TrainBatch,
    loss: &LossConfig,
    share: f64,
) -> Option<(Tensor<1>, GradientsParams)> {
    // Off the tape. Running statistics are shared with `net`, and it is this run that moves them.
    let first_run = net.backbone().clone().no_grad();
    // On the tape, with running statistics of its own that nobody reads.
    let second_run = net.backbone().valid().train();
    let (first, second) = (first_run.stages()?, second_run.stages()?);

    // The input of each stage, and the output of the last.
    let mut maps = vec![images.clone()];
    for stage in &first {
        maps.push(stage.forward(maps[maps.len() - 1].clone()));
    }
    // A map where a tape begins; it gets a gradient if anything before it is trained.
    let begin = second.iter().position(Stage::is_trained).unwrap_or(second.len());
    let leaf = |index: usize, map: &Tensor<4>| {
        let map = map.clone().detach();
        if index > begin { map.require_grad() } else { map }
    };

    let leaves = [2, 3, 4, 5].map(|index| leaf(index, &maps[index]));
    let [c2, c3, c4, c5] = leaves.clone();
    let pyramid = FeaturePyramid { c2, c3, c4, c5 };
    let loss = losses_of_pyramid(net, pyramid, target, auxiliary, loss).mean().mul_scalar(share);
    let mut tape = loss.backward();
    // By the output of each stage, as the decoder uses it; the stem's it does not.
    let [c2, c3, c4, c5] = leaves.map(|map| map.grad_remove(&mut tape));
    let by_decoder = [None, c2, c3, c4, c5];
    let mut sum = GradientsAccumulator::new();
    sum.accumulate(net, GradientsParams::from_grads(tape, net));

    maps.pop();
    let mut by_next: Option<Tensor<4>> = None;
    let stages = second.iter().zip(by_decoder).zip(maps).enumerate().skip(begin);
    for (index, ((stage, by_decoder), input)) in stages.rev() {
        let input = leaf(index, &input);
        let gradient = match (by_decoder, by_next.take()) {
            (Some(one), Some(other)) => one + other,
            (one, other) => match one.or(other) {
                Some(gradient) => gradient,
                None => continue,
            },
        };
        let output = stage.forward(input.clone());
        // A sum whose gradient by the output is `gradient`.
        let mut tape = (output * gradient.autodiff()).sum().backward();
        by_next = input.grad_remove(&mut tape);
        sum.accumulate(net, GradientsParams::from_grads(tape, &second_run));
    }
    Some((loss.without_autodiff(), sum.grads()))
}
