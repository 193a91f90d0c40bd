//! Max pooling, resampling, channel means and channel scaling.
use burn::{backend::flex::FlexTensor, tensor::Tensor};

use super::{
    Backward, Checkpointer, Flex, Gradients, Ops,
    step::{Step, give, record, take_maps},
    tracked,
};
use crate::ops::{
    Taps,
    flex::{
        geometry::Geometry,
        layout::Maps,
        pooling,
        resampling::{self, transposed},
        selection,
        tensors::{slice, tensor},
    },
};

#[derive(Debug)]
struct PoolBackward;

/// The highest value of each window.
pub(in crate::ops::flex) fn max_pool2d(geometry: Geometry, x: Tensor<4>) -> Tensor<4> {
    let size @ [batch, channels, height, width] = x.dims();
    let [rows, columns] = geometry.output([height, width]);
    let x = tracked(x);
    let input = Maps::of_flex(x.primitive());
    let output = pooling::highest(input.values(), size, &geometry);
    let output = output.into_maps([batch, channels, rows, columns]);
    let state = (geometry, input, Maps::of_flex(&output));
    record(PoolBackward, [&x], state, output)
}

impl Backward<Flex, 1> for PoolBackward {
    /// The input and the output.
    type State = Step<(Geometry, Maps, Maps), 1>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (geometry, x, output) = &ops.state.state;
        let by_output = take_maps(&ops, grads);
        if ops.parents[0].is_some() {
            let size = x.size();
            let (output, by_output) = (output.values(), by_output.values());
            let found = pooling::gradient(x.values(), size, output, by_output, geometry);
            give(&ops, 0, grads, Maps::of_buffer(found, size));
        }
    }
}

#[derive(Debug)]
struct ResampleBackward;

/// Resamples maps to another size.
pub(in crate::ops::flex) fn resample(x: Tensor<4>, taps: [Taps; 2]) -> Tensor<4> {
    let size @ [batch, channels, height, width] = x.dims();
    let x = tracked(x);
    let input = Maps::of_flex(x.primitive());
    let output = resampling::resample(input.values(), size, taps.each_ref());
    let [rows, columns] = taps.each_ref().map(Vec::len);
    let output = output.into_maps([batch, channels, rows, columns]);
    let back = [transposed(&taps[0], height), transposed(&taps[1], width)];
    record(ResampleBackward, [&x], back, output)
}

impl Backward<Flex, 1> for ResampleBackward {
    /// The taps for the gradient.
    type State = Step<[Taps; 2], 1>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = take_maps(&ops, grads);
        if ops.parents[0].is_some() {
            let size @ [batch, channels, ..] = gradient.size();
            let taps = ops.state.state.each_ref();
            let found = resampling::resample(gradient.values(), size, taps);
            let [height, width] = taps.map(Vec::len);
            let found = Maps::of_buffer(found, [batch, channels, height, width]);
            give(&ops, 0, grads, found);
        }
    }
}

#[derive(Debug)]
struct MeanBackward;

/// Each image's mean of each channel.
pub(in crate::ops::flex) fn global_mean(x: Tensor<4>) -> Tensor<4> {
    let size @ [batch, channels, height, width] = x.dims();
    let x = tracked(x);
    let input = Maps::of_flex(x.primitive());
    let means = selection::means(input.values(), [batch, height * width, channels]);
    record(MeanBackward, [&x], size, tensor(means, [batch, channels, 1, 1]))
}

impl Backward<Flex, 1> for MeanBackward {
    /// The size of the input.
    type State = Step<[usize; 4], 1>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let size @ [batch, channels, height, width] = ops.state.state;
        let gradient = take_maps(&ops, grads);
        if ops.parents[0].is_some() {
            let pixels = height * width;
            let each: Vec<f32> =
                gradient.values().iter().map(|value| value / pixels as f32).collect();
            let found = selection::scale(None, &each, [batch, pixels, channels]);
            give(&ops, 0, grads, Maps::of_buffer(found, size));
        }
    }
}

#[derive(Debug)]
struct ScaleBackward;

/// `x` times one factor for each image and channel.
pub(in crate::ops::flex) fn scale_channels(x: Tensor<4>, factors: Tensor<4>) -> Tensor<4> {
    let size @ [batch, channels, height, width] = x.dims();
    let (x, factors) = (tracked(x), tracked(factors));
    let (input, numbers) = (Maps::of_flex(x.primitive()), factors.primitive().to_contiguous());
    let size_of = [batch, height * width, channels];
    let output = selection::scale(Some(input.values()), slice(&numbers), size_of);
    record(ScaleBackward, [&x, &factors], (input, numbers), output.into_maps(size))
}

impl Backward<Flex, 2> for ScaleBackward {
    /// The input and the factors.
    type State = Step<(Maps, FlexTensor), 2>;

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (x, factors) = &ops.state.state;
        let gradient = take_maps(&ops, grads);
        let size @ [batch, channels, height, width] = x.size();
        let size_of = [batch, height * width, channels];
        if ops.parents[0].is_some() {
            let found = selection::scale(Some(gradient.values()), slice(factors), size_of);
            give(&ops, 0, grads, Maps::of_buffer(found, size));
        }
        if let Some(node) = &ops.parents[1] {
            let found = selection::products(x.values(), gradient.values(), size_of);
            grads.register::<Flex>(node.id, tensor(found, [batch, channels, 1, 1]));
        }
    }
}
