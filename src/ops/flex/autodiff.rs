//! The operations on devices that differentiate, with their gradients by hand.
use burn::{
    backend::{
        Autodiff, Flex, GradientCheckpointingStrategy,
        autodiff::{
            checkpoint::{base::Checkpointer, strategy::NoCheckpointing},
            grads::Gradients,
            ops::{Backward, Ops, OpsKind},
        },
        flex::FlexTensor,
        tensor::FloatTensor,
    },
    nn::BatchNorm,
    tensor::{Device, Tensor},
};

use super::{
    Buffer, PAYS_FOR_FILTERS, convolution, normalization, patches::Geometry, pooling, slice,
    tail::Tail, tensor, values,
};
use crate::ops::Epilogue;

/// Whether gradients are to be computed by running the forward pass again, which is left to Burn.
pub(super) fn recomputes(device: &Device) -> bool {
    device
        .gradient_checkpointing_strategy()
        .is_some_and(|strategy| strategy != GradientCheckpointingStrategy::Disabled)
}

type Tracked = FloatTensor<Autodiff<Flex>>;

fn tracked<const D: usize>(tensor: Tensor<D>) -> Tracked {
    tensor
        .try_into_primitive::<Autodiff<Flex>>()
        .expect("all tensors of an operation on one device")
}

/// A convolution, and what follows.
pub(super) fn conv2d(
    geometry: Geometry,
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    epilogue: Epilogue,
) -> Tensor<4> {
    let size = x.dims();
    let [channels, ..] = weight.dims();
    let [rows, columns] = geometry.output([size[2], size[3]]);
    let shape = [size[0], channels, rows, columns];
    finish(
        linear(Linear { geometry, transposed: false, input: size, output: shape }, x, weight, bias),
        epilogue,
    )
}

/// A transposed convolution, and what follows.
pub(super) fn conv_transpose2d(
    geometry: Geometry,
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    shape: [usize; 4],
    epilogue: Epilogue,
) -> Tensor<4> {
    let size = x.dims();
    finish(
        linear(Linear { geometry, transposed: true, input: size, output: shape }, x, weight, bias),
        epilogue,
    )
}

/// A convolution or a transposed one, from `input` to `output`, both `[B, C, H, W]`.
#[derive(Debug, Clone, Copy)]
struct Linear {
    geometry: Geometry,
    transposed: bool,
    input: [usize; 4],
    output: [usize; 4],
}

/// What the gradients of a [`Linear`] need.
type LinearState = (Linear, FlexTensor, FlexTensor);

#[derive(Debug)]
struct LinearBackward;

fn linear(linear: Linear, x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    let (x, weight) = (tracked(x), tracked(weight));
    let input = x.primitive().to_contiguous();
    let weights = weight.primitive().to_contiguous();
    let output = match bias {
        Some(bias) => {
            let bias = tracked(bias);
            let numbers = bias.primitive().to_contiguous();
            let output = linear.forward(&input, &weights, Some(slice(&numbers)));
            let nodes = [x.node(), weight.node(), bias.node()];
            match LinearBackward.prepare::<NoCheckpointing>(nodes).compute_bound().stateful() {
                OpsKind::Tracked(prep) => prep.finish((linear, input, weights), output),
                OpsKind::UnTracked(prep) => prep.finish(output),
            }
        }
        None => {
            let output = linear.forward(&input, &weights, None);
            let nodes = [x.node(), weight.node()];
            match LinearBackward.prepare::<NoCheckpointing>(nodes).compute_bound().stateful() {
                OpsKind::Tracked(prep) => prep.finish((linear, input, weights), output),
                OpsKind::UnTracked(prep) => prep.finish(output),
            }
        }
    };
    Tensor::from_primitive::<Autodiff<Flex>>(output)
}

impl Linear {
    /// Whether Winograd's way is open to a convolution of so many channels, and transforming its filters pays.
    fn is_winograd(&self, [batch, _, height, width]: [usize; 4]) -> bool {
        let channels = [self.input[1], self.output[1]];
        convolution::is_winograd(&self.geometry, channels, self.transposed)
            && batch * height * width >= PAYS_FOR_FILTERS
    }

    fn forward(&self, x: &FlexTensor, weights: &FlexTensor, bias: Option<&[f32]>) -> FlexTensor {
        let (x, weights) = (slice(x), slice(weights));
        let (inputs, channels) = (self.input[1], self.output[1]);
        let tail = Tail { shift: bias, ..Tail::default() };
        let doubles = [2, 3].iter().all(|&i| self.output[i] == 2 * self.input[i]);
        let output = match (self.transposed, self.is_winograd(self.input)) {
            (false, true) => {
                let filters = convolution::convolution_filters(weights, [channels, inputs]);
                convolution::convolve_filters(x, self.input, &filters, channels, tail)
            }
            (false, false) => {
                convolution::convolve(x, self.input, weights, channels, &self.geometry, tail)
            }
            (true, true) if doubles => {
                let filters = convolution::doubling_filters(weights, [channels, inputs]);
                convolution::convolve_filters(x, self.input, &filters, channels, tail)
            }
            (true, _) => convolution::convolve_transposed(
                x,
                inputs,
                weights,
                self.output,
                &self.geometry,
                tail,
            ),
        };
        output.into_tensor(self.output)
    }

    fn input_gradient(&self, gradient: &[f32], weights: &[f32]) -> FlexTensor {
        let (inputs, channels) = (self.input[1], self.output[1]);
        let tail = Tail::default();
        let values = match (self.transposed, self.is_winograd(self.output)) {
            (true, _) => {
                convolution::convolve(gradient, self.output, weights, inputs, &self.geometry, tail)
            }
            (false, true) => {
                let filters = convolution::turned_filters(weights, [channels, inputs]);
                convolution::convolve_filters(gradient, self.output, &filters, inputs, tail)
            }
            (false, false) => {
                let geometry = &self.geometry;
                convolution::convolve_transposed(
                    gradient, channels, weights, self.input, geometry, tail,
                )
            }
        };
        values.into_tensor(self.input)
    }

    fn weight_gradient(&self, x: &[f32], gradient: &[f32]) -> Buffer {
        let geometry = &self.geometry;
        match self.transposed {
            true => convolution::weight_gradient(gradient, self.output, x, self.input[1], geometry),
            false => {
                convolution::weight_gradient(x, self.input, gradient, self.output[1], geometry)
            }
        }
    }

    fn bias_gradient(&self, gradient: &[f32]) -> FlexTensor {
        let [_, channels, height, width] = self.output;
        let mut sums = vec![0.0; channels];
        for (i, plane) in gradient.chunks_exact(height * width).enumerate() {
            sums[i % channels] += normalization::sum(plane);
        }
        tensor(sums, [channels])
    }
}

impl<const N: usize> Backward<Flex, N> for LinearBackward {
    type State = LinearState;

    fn backward(self, ops: Ops<LinearState, N>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (linear, x, weights) = ops.state;
        let gradient = grads.consume::<Flex>(&ops.node).to_contiguous();
        let gradient = slice(&gradient);
        let mut nodes = ops.parents.into_iter();
        if let Some(node) = nodes.next().flatten() {
            grads.register::<Flex>(node.id, linear.input_gradient(gradient, slice(&weights)));
        }
        if let Some(node) = nodes.next().flatten() {
            let values = linear.weight_gradient(slice(&x), gradient);
            let shape = weights.layout().shape().clone();
            let [a, b, c, d] = shape.dims();
            grads.register::<Flex>(node.id, values.into_tensor([a, b, c, d]));
        }
        if let Some(node) = nodes.next().flatten() {
            grads.register::<Flex>(node.id, linear.bias_gradient(gradient));
        }
    }
}

#[derive(Debug)]
struct PoolBackward;

/// The highest value of each window.
pub(super) fn max_pool2d(geometry: Geometry, x: Tensor<4>) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let [rows, columns] = geometry.output([height, width]);
    let x = tracked(x);
    let input = x.primitive().to_contiguous();
    let output = pooling::highest(slice(&input), [height, width], &geometry);
    let output = output.into_tensor([batch, channels, rows, columns]);
    let output =
        match PoolBackward.prepare::<NoCheckpointing>([x.node()]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((geometry, input, output.clone()), output),
            OpsKind::UnTracked(prep) => prep.finish(output),
        };
    Tensor::from_primitive::<Autodiff<Flex>>(output)
}

impl Backward<Flex, 1> for PoolBackward {
    /// The input and the output.
    type State = (Geometry, FlexTensor, FlexTensor);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (geometry, x, output) = ops.state;
        let by_output = grads.consume::<Flex>(&ops.node).to_contiguous();
        let [parent] = ops.parents;
        if let Some(node) = parent {
            let shape: [usize; 4] = x.layout().shape().dims();
            let size = [shape[2], shape[3]];
            let (output, by_output) = (slice(&output), slice(&by_output));
            let gradient = pooling::gradient(slice(&x), size, output, by_output, &geometry);
            grads.register::<Flex>(node.id, gradient.into_tensor(shape));
        }
    }
}

/// What follows: batch normalization with what it can take along, the rest by Burn.
fn finish(y: Tensor<4>, mut epilogue: Epilogue) -> Tensor<4> {
    match epilogue.norm {
        Some(norm) if norm.training.is_enabled() && epilogue.gate.is_none() => {
            epilogue.check(y.dims());
            normalize(norm, y, epilogue.residual.take(), epilogue.relu)
        }
        _ => epilogue.apply(y),
    }
}

/// What the gradients of batch normalization need.
#[derive(Debug, Clone)]
struct NormState {
    x: FlexTensor,
    /// The output, if it went through ReLU.
    output: Option<FlexTensor>,
    gamma: FlexTensor,
    mean: Vec<f32>,
    inverse: Vec<f32>,
}

#[derive(Debug)]
struct NormBackward;

/// Batch normalization by the batch's statistics, which go into the running ones; then the residual
/// and ReLU.
fn normalize(norm: &BatchNorm, x: Tensor<4>, residual: Option<Tensor<4>>, relu: bool) -> Tensor<4> {
    let shape = x.dims();
    let [batch, channels, height, width] = shape;
    let (gamma, beta) = (tracked(norm.gamma.val()), tracked(norm.beta.val()));
    let gamma_values = gamma.primitive().to_contiguous();
    let x = tracked(x);
    let input = x.primitive().to_contiguous();
    let residual = residual.map(tracked);
    let added = residual.as_ref().map(|residual| residual.primitive().to_contiguous());

    let [mean, variance] = normalization::moments(slice(&input), [batch, channels, height * width]);
    let inverse: Vec<f32> =
        variance.iter().map(|variance| 1.0 / (variance + norm.epsilon as f32).sqrt()).collect();
    let scale: Vec<f32> =
        slice(&gamma_values).iter().zip(&inverse).map(|(gamma, inverse)| gamma * inverse).collect();
    let beta_values = beta.primitive().to_contiguous();
    let shift: Vec<f32> = slice(&beta_values)
        .iter()
        .zip(mean.iter().zip(&scale))
        .map(|(beta, (mean, scale))| beta - mean * scale)
        .collect();
    let output = normalization::normalize(
        slice(&input),
        height * width,
        [&scale, &shift],
        added.as_ref().map(slice),
        relu,
    );
    let output = output.into_tensor(shape);
    remember(norm, &mean, &variance);

    let kept = relu.then(|| output.clone());
    let state = NormState { x: input, output: kept, gamma: gamma_values, mean, inverse };
    let output = match residual {
        Some(residual) => {
            let nodes = [x.node(), gamma.node(), beta.node(), residual.node()];
            match NormBackward.prepare::<NoCheckpointing>(nodes).compute_bound().stateful() {
                OpsKind::Tracked(prep) => prep.finish(state, output),
                OpsKind::UnTracked(prep) => prep.finish(output),
            }
        }
        None => {
            let nodes = [x.node(), gamma.node(), beta.node()];
            match NormBackward.prepare::<NoCheckpointing>(nodes).compute_bound().stateful() {
                OpsKind::Tracked(prep) => prep.finish(state, output),
                OpsKind::UnTracked(prep) => prep.finish(output),
            }
        }
    };
    Tensor::from_primitive::<Autodiff<Flex>>(output)
}

/// Moves the running statistics towards the batch's, as Burn's batch normalization does: the
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

impl<const N: usize> Backward<Flex, N> for NormBackward {
    type State = NormState;

    fn backward(self, ops: Ops<NormState, N>, grads: &mut Gradients, _: &mut Checkpointer) {
        let NormState { x, output, gamma, mean, inverse } = ops.state;
        let gradient = grads.consume::<Flex>(&ops.node).to_contiguous();
        let [batch, channels, height, width] = x.layout().shape().dims();
        let forward = normalization::Forward {
            x: slice(&x),
            output: output.as_ref().map(slice),
            mean: &mean,
            inverse: &inverse,
            gamma: slice(&gamma),
        };
        let residual = N == 4 && ops.parents[N - 1].is_some();
        let found = normalization::gradients(forward, slice(&gradient), height * width, residual);
        let by_residual = match found.residual {
            Some(values) => values.into_tensor([batch, channels, height, width]),
            None => gradient,
        };
        let found = [
            found.x.into_tensor([batch, channels, height, width]),
            tensor(found.gamma, [channels]),
            tensor(found.beta, [channels]),
        ];
        for (node, found) in ops.parents.into_iter().zip(found.into_iter().chain([by_residual])) {
            if let Some(node) = node {
                grads.register::<Flex>(node.id, found);
            }
        }
    }
}
