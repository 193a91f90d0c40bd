//! The epilogue of a convolution.
use burn::{backend::flex::FlexTensor, nn::BatchNorm, tensor::Tensor};

use super::{
    Backward, Checkpointer, Flex, Gradients, Ops, Tracked, or_none,
    step::{Step, give, record, take_maps},
    tracked,
};
use crate::ops::{
    Activation, Epilogue,
    flex::{
        epilogue::Fused,
        layout::Maps,
        normalization::{self, Passed},
        selection,
        tensors::{slice, tensor, values},
    },
};

/// Batch normalization in the forward pass.
#[derive(Debug, Clone)]
struct Normalized {
    x: Maps,
    gamma: FlexTensor,
    mean: Vec<f32>,
    inverse: Vec<f32>,
    /// The scale and shift that produced the output.
    scale: Vec<f32>,
    shift: Vec<f32>,
    /// Whether mean and variance are the batch's own.
    of_batch: bool,
}

/// Saved in the forward pass for the gradients of the epilogue.
#[derive(Debug, Clone)]
struct FollowState {
    size: [usize; 4],
    norm: Option<Normalized>,
    activation: Activation,
    /// What the activation's gradient is computed from, if not from the normalization: its output
    /// or its input.
    at: Option<Maps>,
    residual: Option<Maps>,
    gate: Option<Maps>,
}

#[derive(Debug)]
struct FollowBackward;

/// The epilogue of a convolution: batch normalization (in training with the batch's statistics,
/// which also update the running statistics), then the residual and the activation.
pub(in crate::ops::flex) fn follow(y: Tensor<4>, epilogue: Epilogue) -> Tensor<4> {
    let Epilogue { norm, residual, gate, activation } = epilogue;
    let is_added = residual.is_some();
    if is_added && !activation.is_told_by_output() {
        // The activation's input is neither kept nor easy to recompute, so it is an operation by
        // itself.
        let before = Epilogue { norm, residual, gate, activation: Activation::Identity };
        return follow(follow(y, before), Epilogue { activation, ..Epilogue::default() });
    }
    if norm.is_none() && !is_added && activation == Activation::Identity {
        return y;
    }
    let size @ [_, channels, ..] = y.dims();
    let y = tracked(y);
    let input = Maps::of_flex(y.primitive());
    let gamma = or_none(norm.map(|norm| norm.gamma.val()));
    let beta = or_none(norm.map(|norm| norm.beta.val()));
    let norm = norm.map(|norm| Normalized::new(norm, input.clone(), &gamma, &beta));
    let is_gated = gate.is_some();
    let (residual, gate) = (or_none(residual), or_none(gate));
    let added = is_added.then(|| Maps::of_flex(residual.primitive()));
    let factors = is_gated.then(|| Maps::of_flex(gate.primitive()));
    let fused = Fused {
        scale: norm.as_ref().map(|norm| &norm.scale[..]),
        shift: norm.as_ref().map(|norm| &norm.shift[..]),
        residual: added.as_ref().map(Maps::values),
        gate: factors.as_ref().map(Maps::values),
        activation,
    };
    let output = normalization::apply(input.values(), channels, fused).into_maps(size);
    let is_needed = activation != Activation::Identity && (norm.is_none() || is_added);
    let state = FollowState {
        size,
        activation,
        at: is_needed.then(|| match activation.is_told_by_output() {
            true => Maps::of_flex(&output),
            false => input,
        }),
        norm,
        // Only the gradient of a gate needs it.
        residual: added.filter(|_| is_gated),
        gate: factors,
    };
    record(FollowBackward, [&y, &gamma, &beta, &residual, &gate], state, output)
}

impl Normalized {
    /// Normalizes with the batch's statistics in training, which also update the running
    /// statistics; otherwise with the running statistics.
    fn new(norm: &BatchNorm, x: Maps, gamma: &Tracked, beta: &Tracked) -> Self {
        let of_batch = norm.training.is_enabled();
        let [mean, variance] = match of_batch {
            true => normalization::moments(x.values(), x.size()[1]),
            false => [&norm.running_mean, &norm.running_var].map(|state| values(state.value())),
        };
        if of_batch {
            remember(norm, &mean, &variance);
        }
        let inverse: Vec<f32> =
            variance.iter().map(|variance| 1.0 / (variance + norm.epsilon as f32).sqrt()).collect();
        let gamma = gamma.primitive().to_contiguous();
        let beta = beta.primitive().to_contiguous();
        let scale: Vec<f32> = slice(&gamma).iter().zip(&inverse).map(|(a, b)| a * b).collect();
        let shift = slice(&beta).iter().zip(mean.iter().zip(&scale));
        let shift = shift.map(|(beta, (mean, scale))| beta - mean * scale).collect();
        Self { x, gamma, mean, inverse, scale, shift, of_batch }
    }
}

/// Updates the running statistics with those of the batch, as Burn's batch normalization does: the
/// variance is the biased one.
fn remember(norm: &BatchNorm, mean: &[f32], variance: &[f32]) {
    let momentum = norm.momentum as f32;
    for (running, batch) in [(&norm.running_mean, mean), (&norm.running_var, variance)] {
        let old = values(running.value_sync());
        let new: Vec<f32> = old
            .iter()
            .zip(batch)
            .map(|(old, new)| old * (1.0 - momentum) + new * momentum)
            .collect();
        let new = Tensor::from_primitive::<Flex>(tensor(new, [batch.len()]));
        running.update(Tensor::from_inner(new));
    }
}

impl Backward<Flex, 5> for FollowBackward {
    type State = Step<FollowState, 5>;

    fn backward(self, ops: Ops<Self::State, 5>, grads: &mut Gradients, _: &mut Checkpointer) {
        let FollowState { size, norm, activation, at, residual, gate } = &ops.state.state;
        let (size, channels) = (*size, size[1]);
        let gradient = take_maps(&ops, grads);
        let [_, of_gamma, of_beta, of_residual, of_gate] = &ops.parents;
        let is_added = of_residual.is_some() || of_gate.is_some();
        // The gradient with respect to the activation's input, which is also the residual's.
        let behind: Maps = match norm {
            Some(Normalized { x, gamma, mean, inverse, scale, shift, of_batch }) => {
                let forward = normalization::Forward {
                    x: x.values(),
                    passed: match at {
                        _ if *activation == Activation::Identity => Passed::All,
                        Some(output) => Passed::Output(*activation, output.values()),
                        None => Passed::Affine(*activation, scale, shift),
                    },
                    mean,
                    inverse,
                    gamma: slice(gamma),
                    of_batch: *of_batch,
                };
                let found = normalization::gradients(forward, gradient.values(), is_added);
                give(&ops, 0, grads, Maps::of_buffer(found.x, size));
                for (node, found) in [(of_gamma, found.gamma), (of_beta, found.beta)] {
                    if let Some(node) = node {
                        grads.register::<Flex>(node.id, tensor(found, [channels]));
                    }
                }
                match found.added {
                    Some(added) => Maps::of_buffer(added, size),
                    None => gradient,
                }
            }
            None => {
                let behind = match at {
                    Some(at) => {
                        let found =
                            normalization::behind(*activation, gradient.values(), at.values());
                        Maps::of_buffer(found, size)
                    }
                    None => gradient,
                };
                give(&ops, 0, grads, behind.clone());
                behind
            }
        };
        if let (Some(_), Some(residual)) = (of_gate, residual) {
            let dots = selection::dots(behind.values(), residual.values(), channels);
            let [batch, _, height, width] = size;
            give(&ops, 4, grads, Maps::of_buffer(dots, [batch, 1, height, width]));
        }
        if of_residual.is_some() {
            let found = match gate {
                Some(gate) => {
                    let gated = selection::gate(behind.values(), gate.values(), channels);
                    Maps::of_buffer(gated, size)
                }
                None => behind,
            };
            give(&ops, 3, grads, found);
        }
    }
}
