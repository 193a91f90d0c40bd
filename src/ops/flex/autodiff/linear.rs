//! Convolutions and transposed convolutions.
use burn::{backend::flex::FlexTensor, tensor::Tensor};

use super::{
    Backward, Checkpointer, Flex, Gradients, Ops, or_none,
    step::{Step, record, take_before, take_maps},
    tracked,
};
use crate::ops::flex::{
    convolution::Layer,
    epilogue::Fused,
    layout::Maps,
    normalization,
    tensors::{slice, tensor, values},
};

#[derive(Debug)]
struct LinearBackward;

/// A convolution or transposed convolution, with its bias.
pub(in crate::ops::flex) fn linear(
    layer: Layer,
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
) -> Tensor<4> {
    let shift = bias.clone().map(values);
    let (x, weight, bias) = (tracked(x), tracked(weight), or_none(bias));
    let input = Maps::of_flex(x.primitive());
    let weights = weight.primitive().to_contiguous();
    let prepared = layer.prepare(layer.way(false), slice(&weights));
    let fused = Fused { shift: shift.as_deref(), ..Fused::default() };
    let output = layer.run(&prepared, input.values(), fused).into_maps(layer.output);
    record(LinearBackward, [&x, &weight, &bias], (layer, input, weights), output)
}

impl Backward<Flex, 3> for LinearBackward {
    /// The layer, its input, and its weights.
    type State = Step<(Layer, Maps, FlexTensor), 3>;

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (layer, x, weights) = &ops.state.state;
        let gradient = take_maps(&ops, grads);
        let gradient = gradient.values();
        let [of_x, of_weights, of_bias] = &ops.parents;
        if let Some(node) = of_x {
            let layer = layer.turned();
            let prepared = layer.prepare(layer.way(false), slice(weights));
            let before = take_before(&ops, 0, grads);
            let residual = before.as_ref().map(Maps::values);
            let fused = Fused { residual, ..Fused::default() };
            let found = layer.run(&prepared, gradient, fused);
            grads.register::<Flex>(node.id, found.into_maps(layer.output));
        }
        if let Some(node) = of_weights {
            let found = layer.weight_gradient(x.values(), gradient);
            let shape: [usize; 4] = weights.layout().shape().dims();
            grads.register::<Flex>(node.id, found.into_tensor(shape));
        }
        if let Some(node) = of_bias {
            let channels = layer.output[1];
            let sums = normalization::sums(gradient, channels);
            grads.register::<Flex>(node.id, tensor(sums, [channels]));
        }
    }
}
