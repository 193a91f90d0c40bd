//! The operations on Flex, Burn's CPU backend: from tensors to slices, and back.
//!
//! | file | job |
//! |---|---|
//! | `kernel` | the inner loop of all products, in vector registers |
//! | `patches` | which values of an image an output pixel is made of |
//! | `product` | products of matrices with patches, in parallel: every convolution and gradient |
//! | `winograd` | 3×3 convolutions and doublings with fewer multiplications |
//! | `convolution` | which way a convolution or a gradient takes |
//! | `normalization` | batch normalization in training, and its gradients |
//! | `pooling` | the highest value of each window |
//! | `tail` | what follows a convolution, in registers |
//! | `prepared` | transformed filters of weights that are used again |
//! | `gaussian` | Gaussians drawn as maps |
//! | `peak` | the highest value of a map |
//! | `planes` | images of bytes as normalized planes |
//! | `share` | work that is done in a fraction of a millisecond, on all cores |
//! | `memory` | large buffers that are used again |
//! | `autodiff` | the same operations on devices that differentiate |
//!
//! None of it is `unsafe`: vectors come from `pulp`, threads from `rayon`.
mod autodiff;
mod convolution;
mod gaussian;
mod kernel;
mod memory;
mod normalization;
mod patches;
mod peak;
#[cfg(feature = "data")]
mod planes;
mod pooling;
mod prepared;
mod product;
mod share;
mod tail;
#[cfg(test)]
mod tests;
mod winograd;

use burn::{
    backend::{
        DispatchDevice, Flex,
        flex::{FlexTensor, Layout},
    },
    nn::{
        BatchNorm, PaddingConfig2d,
        conv::{Conv2d, ConvTranspose2d},
        pool::MaxPool2d,
    },
    tensor::{Bytes, DType, Device, Shape, Tensor, assert_shape},
};

#[cfg(feature = "data")]
pub(crate) use self::planes::planes;
pub(crate) use self::{gaussian::draw, memory::Buffer, peak::peak, share::share};
use self::{patches::Geometry, tail::Tail};
use super::Epilogue;

/// Pixels of a batch from which on transforming filters for a single use pays.
const PAYS_FOR_FILTERS: usize = 1024;

/// The sizes of `conv`, if its tensors and `x` are of Flex, in single precision, and it is one that is done here.
pub(super) fn geometry_of(conv: &Conv2d, x: &Tensor<4>) -> Option<Geometry> {
    let padding = symmetric(&conv.padding)?;
    let (stride, dilation, groups) = (conv.stride, conv.dilation, conv.groups);
    let [_, _, height, width] = conv.weight.dims();
    let geometry = Geometry { kernel: [height, width], stride, padding, dilation, groups };
    are_ours(x, &conv.weight.val()).then_some(geometry)
}

/// [`geometry_of`] the convolution whose gradient a transposed one is.
pub(super) fn geometry_of_transposed(
    conv: &ConvTranspose2d,
    x: &Tensor<4>,
    padding_out: [usize; 2],
) -> Option<Geometry> {
    // From an output that is a stride longer, the convolution would make more than `x`.
    if [0, 1].iter().any(|&i| padding_out[i] >= conv.stride[i]) {
        return None;
    }
    let [_, _, height, width] = conv.weight.dims();
    let ConvTranspose2d { stride, padding, dilation, groups, .. } = *conv;
    let geometry = Geometry { kernel: [height, width], stride, padding, dilation, groups };
    are_ours(x, &conv.weight.val()).then_some(geometry)
}

/// Whether both are, and both differentiate or neither.
fn are_ours(x: &Tensor<4>, weight: &Tensor<4>) -> bool {
    is_ours(x) && is_ours(weight) && x.device().is_autodiff() == weight.device().is_autodiff()
}

/// Whether the tensor is on [our device](is_our_device) and in single precision.
fn is_ours<const D: usize>(tensor: &Tensor<D>) -> bool {
    is_our_device(&tensor.device()) && tensor.dtype() == DType::F32
}

/// Whether the device is Flex, and no one asked it to compute again instead of remembering.
fn is_our_device(device: &Device) -> bool {
    matches!(device.clone().inner().as_dispatch(), DispatchDevice::Flex(_))
        && !autodiff::recomputes(device)
}

/// The tensor, contiguous, if it is on Flex, in single precision, and no gradient flows through it.
pub(crate) fn constant<const D: usize>(tensor: &Tensor<D>) -> Option<FlexTensor> {
    let is_constant = is_ours(tensor) && !tensor.is_tracked();
    is_constant.then(|| primitive(tensor.clone().inner()))
}

/// Flex's tensor as one of Burn's, on the device that differentiates or on the plain one.
pub(crate) fn from_flex<const D: usize>(tensor: FlexTensor, differentiates: bool) -> Tensor<D> {
    let tensor = Tensor::from_primitive::<Flex>(tensor);
    if differentiates { tensor.autodiff() } else { tensor }
}

/// The sizes of `pool`, if it is one that is done here, and so is `x`.
pub(super) fn geometry_of_pool(pool: &MaxPool2d, x: &Tensor<4>) -> Option<Geometry> {
    let MaxPool2d { kernel_size: kernel, stride, dilation, ceil_mode, .. } = *pool;
    let padding = symmetric(&pool.padding)?;
    // With more padding, a window could lie outside the image.
    let fits = [0, 1].iter().all(|&i| 2 * padding[i] <= kernel[i]);
    let is_plain = dilation == [1, 1] && !ceil_mode && fits;
    (is_plain && is_ours(x)).then_some(Geometry { kernel, stride, padding, dilation, groups: 1 })
}

/// The highest value of each window, on Flex.
pub(super) fn max_pool2d(geometry: Geometry, x: Tensor<4>) -> Tensor<4> {
    if x.device().is_autodiff() {
        return autodiff::max_pool2d(geometry, x);
    }
    let [batch, channels, height, width] = x.dims();
    let [rows, columns] = geometry.output([height, width]);
    let output = pooling::highest(slice(&primitive(x)), [height, width], &geometry);
    Tensor::from_primitive::<Flex>(output.into_tensor([batch, channels, rows, columns]))
}

/// Padding that is the same on both sides, `[top and bottom, left and right]`.
fn symmetric(padding: &PaddingConfig2d) -> Option<[usize; 2]> {
    match padding {
        PaddingConfig2d::Valid => Some([0, 0]),
        PaddingConfig2d::Explicit(top, left, bottom, right) if (top, left) == (bottom, right) => {
            Some([*top, *left])
        }
        _ => None,
    }
}

/// A convolution on Flex.
pub(super) fn conv2d(
    conv: &Conv2d,
    geometry: Geometry,
    x: Tensor<4>,
    epilogue: Epilogue,
) -> Tensor<4> {
    let [channels, group_inputs, ..] = conv.weight.dims();
    let inputs = group_inputs * geometry.groups;
    assert_shape!(x, [_, inputs, _, _]);
    let bias = conv.bias.as_ref().map(|bias| bias.val());
    if x.device().is_autodiff() {
        return autodiff::conv2d(geometry, x, conv.weight.val(), bias, epilogue);
    }
    let size = x.dims();
    let [batch, _, height, width] = size;
    let [rows, columns] = geometry.output([height, width]);
    let shape = [batch, channels, rows, columns];
    let (x, weights) = (primitive(x), primitive(conv.weight.val()));
    let output = finish(epilogue, bias, shape, |tail| {
        let (x, values) = (slice(&x), slice(&weights));
        if convolution::is_winograd(&geometry, [inputs, channels], false) {
            let filters = prepared::filters(&weights.data_arc(), [channels, inputs, 1], || {
                convolution::convolution_filters(values, [channels, inputs])
            });
            return convolution::convolve_filters(x, size, &filters, channels, tail);
        }
        convolution::convolve(x, size, values, channels, &geometry, tail)
    });
    Tensor::from_primitive::<Flex>(output)
}

/// A transposed convolution on Flex.
pub(super) fn conv_transpose2d(
    conv: &ConvTranspose2d,
    geometry: Geometry,
    x: Tensor<4>,
    padding_out: [usize; 2],
    epilogue: Epilogue,
) -> Tensor<4> {
    let [inputs, group_channels, ..] = conv.weight.dims();
    assert_shape!(x, [_, inputs, _, _]);
    let [batch, _, height, width] = x.dims();
    let bias = conv.bias.as_ref().map(|bias| bias.val());
    let channels = group_channels * geometry.groups;
    let side = |i: usize, side: usize| {
        let covered = geometry.dilation[i] * (geometry.kernel[i] - 1) + 1;
        let grown = (side - 1) * geometry.stride[i] + covered + padding_out[i];
        grown.checked_sub(2 * geometry.padding[i]).expect("padding leaves nothing of the output")
    };
    let shape = [batch, channels, side(0, height), side(1, width)];
    if x.device().is_autodiff() {
        return autodiff::conv_transpose2d(geometry, x, conv.weight.val(), bias, shape, epilogue);
    }
    let size = x.dims();
    let (x, weights) = (primitive(x), primitive(conv.weight.val()));
    let output = finish(epilogue, bias, shape, |tail| {
        let (x, values) = (slice(&x), slice(&weights));
        if is_doubling(&geometry, size, shape) {
            let filters = prepared::filters(&weights.data_arc(), [channels, inputs, 2], || {
                convolution::doubling_filters(values, [channels, inputs])
            });
            return convolution::convolve_filters(x, size, &filters, channels, tail);
        }
        convolution::convolve_transposed(x, inputs, values, shape, &geometry, tail)
    });
    Tensor::from_primitive::<Flex>(output)
}

/// Whether a transposed convolution from `size` to `shape` takes Winograd's way.
fn is_doubling(geometry: &Geometry, size: [usize; 4], shape: [usize; 4]) -> bool {
    // Below that, reading the many transformed filters takes longer than the products that they save.
    let pays = size[0] * size[2] * size[3] >= PAYS_FOR_FILTERS;
    convolution::is_winograd(geometry, [size[1], shape[1]], true)
        && [shape[2], shape[3]] == [2 * size[2], 2 * size[3]]
        && pays
}

/// Runs `make` with the numbers of what follows, and gives its output its `shape`.
fn finish(
    epilogue: Epilogue,
    bias: Option<Tensor<1>>,
    shape: [usize; 4],
    make: impl FnOnce(Tail) -> Buffer,
) -> FlexTensor {
    epilogue.check(shape);
    let Epilogue { norm, residual, gate, relu } = epilogue;
    let (scale, shift) = affine(norm, bias.map(values));
    let (residual, gate) = (residual.map(primitive), gate.map(primitive));
    let tail = Tail {
        scale: scale.as_deref(),
        shift: shift.as_deref(),
        residual: residual.as_ref().map(slice),
        gate: gate.as_ref().map(slice),
        relu,
    };
    make(tail).into_tensor(shape)
}

/// Batch normalization by running statistics, after a bias, as a factor and a summand for each
/// channel.
fn affine(
    norm: Option<&BatchNorm>,
    bias: Option<Vec<f32>>,
) -> (Option<Vec<f32>>, Option<Vec<f32>>) {
    let Some(norm) = norm else { return (None, bias) };
    let (gamma, beta) = (values(norm.gamma.val()), values(norm.beta.val()));
    let (mean, variance) = (values(norm.running_mean.value()), values(norm.running_var.value()));
    let scale = gamma.iter().zip(&variance);
    let scale: Vec<f32> =
        scale.map(|(gamma, variance)| gamma / (variance + norm.epsilon as f32).sqrt()).collect();
    let bias = bias.unwrap_or_else(|| vec![0.0; scale.len()]);
    let shift = beta.iter().zip(&mean).zip(bias).zip(&scale);
    let shift = shift.map(|(((beta, mean), bias), scale)| beta + (bias - mean) * scale).collect();
    (Some(scale), Some(shift))
}

/// Flex's own tensor, contiguous.
fn primitive<const D: usize>(tensor: Tensor<D>) -> FlexTensor {
    let primitive = tensor.try_into_primitive::<Flex>();
    primitive.expect("all tensors of an operation on one device").to_contiguous()
}

/// The numbers of a contiguous tensor.
pub(crate) fn slice(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("a contiguous tensor of single precision")
}

/// A copy of a small tensor's numbers, without its gradient.
fn values(tensor: Tensor<1>) -> Vec<f32> {
    let tensor = if tensor.device().is_autodiff() { tensor.inner() } else { tensor };
    slice(&primitive(tensor)).to_vec()
}

/// A tensor of these numbers.
pub(crate) fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(Shape::from(shape)), DType::F32)
}
