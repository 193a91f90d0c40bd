//! A batch's loss and gradients, with all of the forward pass in memory or with parts of it computed again.
//!
//! Recomputation ("gradient checkpointing" elsewhere; Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016)
//! is done here by hand, segment by segment: run the backbone without a tape and keep what each segment starts from;
//! differentiate the decoder and the loss; then, from the last segment to the first, run it again with a tape and
//! differentiate that. This needs nothing of the backend, so it works on all of them.
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
    let device = batch.images.device();
    in_pool(&device, net, move |net| on_this_thread(net, batch, loss, share, recompute))
}

/// [`loss_and_gradients`], on this thread.
fn on_this_thread<B: Backbone>(
    net: &LandmarkNet<B>,
    batch: TrainBatch,
    loss: &LossConfig,
    share: f64,
    recompute: Recompute,
) -> (Tensor<1>, GradientsParams) {
    if recompute == Recompute::Stages
        && let Some(found) = by_segments(net, &batch, loss, share)
    {
        return found;
    }
    let loss = per_sample_losses(net, batch, loss).mean().mul_scalar(share);
    let gradients = GradientsParams::from_grads(loss.backward(), net);
    (loss.without_autodiff(), gradients)
}

/// [`loss_and_gradients`] with every segment of the backbone run twice; none if it doesn't come apart.
fn by_segments<B: Backbone>(
    net: &LandmarkNet<B>,
    TrainBatch { images, target, auxiliary }: &TrainBatch,
    loss: &LossConfig,
    share: f64,
) -> Option<(Tensor<1>, GradientsParams)> {
    // Off the tape. Running statistics are shared with `net`, and it is this run that moves them.
    let first_run = net.backbone().clone().no_grad();
    // On the tape, with running statistics of its own that nobody reads.
    let second_run = net.backbone().valid().train();
    let (first, second) = (first_run.segments()?, second_run.segments()?);

    // Segments at the beginning of which nothing is trained get no second run.
    let begin = second.iter().flatten().take_while(|segment| !segment.is_trained()).count();
    // A map where a tape begins: the input of segment `index`. It gets a gradient if a segment before it is trained.
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
    let loss = losses_of_pyramid(net, pyramid, target, auxiliary, loss).mean().mul_scalar(share);
    let mut tape = loss.backward();
    let by_leaves = leaves.map(|leaf| leaf.grad_remove(&mut tape));
    let mut sum = GradientsAccumulator::new();
    sum.accumulate(net, GradientsParams::from_grads(tape, net));

    // By the output of the segment at hand.
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
                // What it trains has no part in its output.
                continue;
            }
            // A sum whose gradient by the output is `by_output`.
            let mut tape = (output * by_output.autodiff()).sum().backward();
            gradient = input.grad_remove(&mut tape);
            sum.accumulate(net, GradientsParams::from_grads(tape, &second_run));
        }
    }
    Some((loss.without_autodiff(), sum.grads()))
}
