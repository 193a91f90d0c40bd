//! Convolutions with their epilogues, on tensors.
use burn::{
    backend::{Flex, flex::FlexTensor},
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, ConvTranspose2d},
    },
    tensor::{Tensor, assert_shape},
};

use super::{
    autodiff,
    convolution::Layer,
    epilogue::Fused,
    geometry::Geometry,
    layout::Maps,
    memory::Buffer,
    normalization,
    prepared::{Key, prepared},
    running::affine,
    tensors::{are_ours, is_ours, primitive, slice, values},
    vectors,
};
use crate::ops::Epilogue;

/// The geometry of `conv`, if its tensors and `x` are on Flex in single precision, and if this kind
/// of convolution is implemented here.
pub(in crate::ops) fn geometry_of(conv: &Conv2d, x: &Tensor<4>) -> Option<Geometry> {
    let (stride, dilation, groups) = (conv.stride, conv.dilation, conv.groups);
    let [_, _, kernel @ ..] = conv.weight.dims();
    let [_, _, size @ ..] = x.dims();
    let padding = match conv.padding {
        PaddingConfig2d::Same => [0, 1].map(|i| same_padding(size[i], kernel[i], stride[i])),
        ref padding => explicit(padding)?,
    };
    let geometry = Geometry { kernel, stride, padding, dilation, groups };
    are_ours(x, &conv.weight.val()).then_some(geometry)
}

/// [`geometry_of`] the convolution whose gradient this transposed convolution is.
pub(in crate::ops) fn geometry_of_transposed(
    conv: &ConvTranspose2d,
    x: &Tensor<4>,
    padding_out: [usize; 2],
) -> Option<Geometry> {
    // From an output that is longer by a stride, the convolution would produce more than `x`.
    if [0, 1].iter().any(|&i| padding_out[i] >= conv.stride[i]) {
        return None;
    }
    let [_, _, kernel @ ..] = conv.weight.dims();
    let ConvTranspose2d { stride, padding, dilation, groups, .. } = *conv;
    let padding = padding.map(|side| (side, side));
    let geometry = Geometry { kernel, stride, padding, dilation, groups };
    are_ours(x, &conv.weight.val()).then_some(geometry)
}

/// Padding that does not depend on the image's size, as `[(top, bottom), (left, right)]`.
pub(super) fn explicit(padding: &PaddingConfig2d) -> Option<[(usize, usize); 2]> {
    match *padding {
        PaddingConfig2d::Valid => Some([(0, 0); 2]),
        PaddingConfig2d::Explicit(top, left, bottom, right) => Some([(top, bottom), (left, right)]),
        PaddingConfig2d::Same => None,
    }
}

/// Burn's [`PaddingConfig2d::Same`], which is TensorFlow's `SAME`: the output has size ⌈size /
/// stride⌉, and an odd remainder of the padding goes to the end. As in Burn, dilation is not
/// counted.
fn same_padding(size: usize, kernel: usize, stride: usize) -> (usize, usize) {
    let covered = (size.div_ceil(stride).max(1) - 1) * stride + kernel;
    let padding = covered.saturating_sub(size);
    (padding / 2, padding - padding / 2)
}

/// A convolution on Flex.
pub(in crate::ops) fn conv2d(
    conv: &Conv2d,
    geometry: Geometry,
    x: Tensor<4>,
    epilogue: Epilogue,
) -> Tensor<4> {
    let [channels, group_inputs, ..] = conv.weight.dims();
    let inputs = group_inputs * geometry.groups;
    assert_shape!(x, [_, inputs, _, _]);
    let input @ [batch, _, height, width] = x.dims();
    let [rows, columns] = geometry.output([height, width]);
    let output = [batch, channels, rows, columns];
    let layer = Layer { geometry, transposed: false, input, output };
    let bias = conv.bias.as_ref().map(|bias| bias.val());
    run(layer, x, conv.weight.val(), bias, epilogue)
}

/// A transposed convolution on Flex.
pub(in crate::ops) fn conv_transpose2d(
    conv: &ConvTranspose2d,
    geometry: Geometry,
    x: Tensor<4>,
    padding_out: [usize; 2],
    epilogue: Epilogue,
) -> Tensor<4> {
    let [inputs, group_channels, ..] = conv.weight.dims();
    assert_shape!(x, [_, inputs, _, _]);
    let input @ [batch, _, height, width] = x.dims();
    let channels = group_channels * geometry.groups;
    let side = |i: usize, side: usize| {
        let covered = geometry.dilation[i] * (geometry.kernel[i] - 1) + 1;
        let grown = (side - 1) * geometry.stride[i] + covered + padding_out[i];
        let (before, after) = geometry.padding[i];
        grown.checked_sub(before + after).expect("padding leaves nothing of the output")
    };
    let output = [batch, channels, side(0, height), side(1, width)];
    let layer = Layer { geometry, transposed: true, input, output };
    let bias = conv.bias.as_ref().map(|bias| bias.val());
    run(layer, x, conv.weight.val(), bias, epilogue)
}

/// Runs a layer with its epilogue.
fn run(
    layer: Layer,
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    epilogue: Epilogue,
) -> Tensor<4> {
    epilogue.check(layer.output);
    if x.device().is_autodiff() {
        return autodiff::follow(autodiff::linear(layer, x, weight, bias), epilogue);
    }
    let shape = weight.dims();
    let (x, weights) = (Maps::of(x), primitive(weight));
    let way = layer.way(true);
    let key = Key {
        way,
        transposed: layer.transposed,
        geometry: layer.geometry,
        shape,
        lanes: vectors::lanes(vectors::arch()),
        start: weights.layout().start_offset(),
    };
    let make = || layer.prepare(way, slice(&weights));
    let prepared = prepared(&weights.data_arc(), key, make);
    let output =
        finish(epilogue, bias, layer.output, |fused| layer.run(&prepared, x.values(), fused));
    Tensor::from_primitive::<Flex>(output)
}

/// Runs `make` with the tensors of the epilogue, and gives its output the shape `shape`.
fn finish(
    epilogue: Epilogue,
    bias: Option<Tensor<1>>,
    shape: [usize; 4],
    make: impl FnOnce(Fused) -> Buffer,
) -> FlexTensor {
    let Epilogue { norm, residual, gate, activation } = epilogue;
    let bias = bias.map(values);
    let (scale, shift) = match norm {
        Some(norm) => {
            let (scale, shift) = affine(norm, bias);
            (Some(scale), Some(shift))
        }
        None => (None, bias),
    };
    let (residual, gate) = (residual.map(Maps::of), gate.map(Maps::of));
    let fused = Fused {
        scale: scale.as_deref(),
        shift: shift.as_deref(),
        residual: residual.as_ref().map(Maps::values),
        gate: gate.as_ref().map(Maps::values),
        activation,
    };
    make(fused).into_maps(shape)
}

/// Applies an epilogue by itself, on Flex.
pub(in crate::ops) fn apply(epilogue: Epilogue, y: Tensor<4>) -> Tensor<4> {
    let size @ [_, channels, ..] = y.dims();
    epilogue.check(size);
    if y.device().is_autodiff() {
        return autodiff::follow(y, epilogue);
    }
    let y = Maps::of(y);
    let make = |fused: Fused| normalization::apply(y.values(), channels, fused);
    Tensor::from_primitive::<Flex>(finish(epilogue, None, size, make))
}

/// Image pixels whose maps stay in the caches: the first maps of a network have as many values as
/// 32 of its image.
const PIXELS_AT_ONCE: usize = 320 * 320;

/// Runs `forward` on a batch, in inference on Flex one part of the batch at a time: the maps of
/// larger batches would not stay in the caches, and would waste memory.
pub(in crate::ops) fn in_parts(
    images: Tensor<4>,
    forward: impl Fn(Tensor<4>) -> Tensor<4>,
) -> Tensor<4> {
    let [batch, _, height, width] = images.dims();
    let part = (PIXELS_AT_ONCE / (height * width).max(1)).max(1);
    if batch <= part || images.device().is_autodiff() || !is_ours(&images) {
        return forward(images);
    }
    let mut output: Option<(Buffer, [usize; 4])> = None;
    for first in (0..batch).step_by(part) {
        let count = part.min(batch - first);
        let maps = Maps::of(forward(images.clone().narrow(0, first, count)));
        let [_, channels, height, width] = maps.size();
        let image = channels * height * width;
        let (values, _) = output
            .get_or_insert_with(|| (Buffer::new(batch * image), [batch, channels, height, width]));
        values[first * image..(first + count) * image].copy_from_slice(maps.values());
    }
    let (values, size) = output.expect("a batch of several parts");
    Tensor::from_primitive::<Flex>(values.into_maps(size))
}
