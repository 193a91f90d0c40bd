//! A batch's loss and gradients, with or without recomputation.
//!
//! Recomputation (gradient checkpointing; Chen et al., "Training Deep Nets with Sublinear Memory
//! Cost", 2016) is done segment by segment: run the backbone without autodiff and keep the input of
//! each segment; backpropagate through the decoder and the loss; then, from the last segment to the
//! first, run each segment again with autodiff and backpropagate through it. This needs no support
//! by the backend, so it works on all of them.
use burn::{
    optim::{GradientsAccumulator, GradientsParams},
    tensor::Tensor,
};

use super::losses::{losses_of_pyramid, per_sample_losses};
use crate::{
    backbone::{Backbone, FeaturePyramid},
    data::TrainBatch,
    loss::LossConfig,
    model::LandmarkNet,
    ops::in_pool,
    train::recipe::recompute::Recompute,
};

/// The mean of a batch's [`per_sample_losses`] times `fraction`, detached, and its gradients.
///
/// `fraction` is the batch's fraction of a larger batch over whose shards losses and gradients are
/// summed; otherwise 1.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{
///     data::TrainBatch,
///     prelude::*,
///     train::{Optimizer, Recompute, loss_and_gradients},
/// };
///
/// // One step of your own training loop.
/// let device = Device::flex().autodiff();
/// let net = Preset::Nano.config(1).init(&device);
/// let codec = HeatmapCodec::new([96, 96], LandmarkNetConfig::STRIDE, 2.0);
/// let positions = Tensor::<3>::from_floats([[[30.0, 50.0]]], &device);
/// let (weights, empty) = (Tensor::ones([1, 1], &device), Tensor::zeros([1, 1], &device));
/// let batch = TrainBatch {
///     images: Tensor::zeros([1, 3, 96, 96], &device),
///     target: codec.target(positions, weights, empty),
///     auxiliary: vec![],
/// };
/// let loss = LossConfig::default();
/// let (loss, gradients) = loss_and_gradients(&net, batch, &loss, 1.0, Recompute::None);
/// assert!(loss.into_scalar::<f32>() > 0.0);
/// let net = Optimizer::Adam.init().step(1e-3, net, gradients);
/// ```
///
/// # Panics
/// If nothing of `net` is trained, because it is not on an autodiff device or is entirely frozen.
pub fn loss_and_gradients<B: Backbone>(
    net: &LandmarkNet<B>,
    batch: TrainBatch,
    loss: &LossConfig,
    fraction: f64,
    recompute: Recompute,
) -> (Tensor<1>, GradientsParams) {
    let device = batch.images.device();
    in_pool(&device, net, move |net| on_this_thread(net, batch, loss, fraction, recompute))
}

/// [`loss_and_gradients`] on the current thread.
fn on_this_thread<B: Backbone>(
    net: &LandmarkNet<B>,
    batch: TrainBatch,
    loss: &LossConfig,
    fraction: f64,
    recompute: Recompute,
) -> (Tensor<1>, GradientsParams) {
    if recompute == Recompute::Stages
        && let Some(found) = by_segments(net, &batch, loss, fraction)
    {
        return found;
    }
    let loss = per_sample_losses(net, batch, loss).mean().mul_scalar(fraction);
    let gradients = GradientsParams::from_grads(loss.backward(), net);
    (loss.without_autodiff(), gradients)
}

/// [`loss_and_gradients`] with every segment of the backbone run twice; `None` if the backbone has
/// no segments.
fn by_segments<B: Backbone>(
    net: &LandmarkNet<B>,
    TrainBatch { images, target, auxiliary }: &TrainBatch,
    loss: &LossConfig,
    fraction: f64,
) -> Option<(Tensor<1>, GradientsParams)> {
    // Without autodiff. Running statistics are shared with `net`, and this run updates them.
    let first_run = net.backbone().clone().no_grad();
    // With autodiff, and with separate running statistics that are discarded.
    let second_run = net.backbone().valid().train();
    let (first, second) = (first_run.segments()?, second_run.segments()?);

    // Leading segments without trained parameters need no second run.
    let begin = second.iter().flatten().take_while(|segment| !segment.is_trained()).count();
    // The input of segment `index`, as a leaf. It needs a gradient if a segment before it is
    // trained.
    let leaf = |index: usize, map: Tensor<4>| {
        let map = map.detach();
        if index > begin { map.require_grad() } else { map }
    };

    let mut inputs = Vec::new();
    let mut map = images.clone();
    let leaves = first.map(|segments| {
        for segment in segments {
            let output = segment.forward(map.clone());
            inputs.push(std::mem::replace(&mut map, output));
        }
        leaf(inputs.len(), map.clone())
    });
    drop(map);

    let [c2, c3, c4, c5] = leaves.clone();
    let pyramid = FeaturePyramid { c2, c3, c4, c5 };
    let loss = losses_of_pyramid(net, pyramid, target, auxiliary, loss).mean().mul_scalar(fraction);
    let mut tape = loss.backward();
    let by_leaves = leaves.map(|leaf| leaf.grad_remove(&mut tape));
    let mut sum = GradientsAccumulator::new();
    sum.accumulate(net, GradientsParams::from_grads(tape, net));

    // The gradient with respect to the output of the current segment.
    let mut gradient: Option<Tensor<4>> = None;
    for (segments, by_leaf) in second.iter().zip(by_leaves).rev() {
        gradient = match (gradient, by_leaf) {
            (Some(by_next), Some(by_decoder)) => Some(by_next + by_decoder),
            (by_next, by_decoder) => by_next.or(by_decoder),
        };
        for segment in segments.iter().rev() {
            let input = inputs.pop().expect("one for each segment");
            let Some(by_output) = gradient.take() else { continue };
            let input = leaf(inputs.len(), input);
            let output = segment.forward(input.clone());
            if !output.is_tracked() {
                // The segment's trained parameters do not affect its output.
                continue;
            }
            // A sum whose gradient with respect to the output is `by_output`.
            let mut tape = (output * by_output.autodiff()).sum().backward();
            gradient = input.grad_remove(&mut tape);
            sum.accumulate(net, GradientsParams::from_grads(tape, &second_run));
        }
    }
    Some((loss.without_autodiff(), sum.grads()))
}
