//! The operations on Flex, Burn's CPU backend.
//!
//! | file | job |
//! |---|---|
//! | `tensors` | conversion between Burn's tensors, Flex's tensors and their values |
//! | `layers` | convolutions with their epilogues, on tensors |
//! | `layout` | channels last: the memory order of all images here |
//! | `geometry` | which input pixels an output pixel is a sum of |
//! | `vectors` | the vector length that all kernels here use |
//! | `kernel` | the inner loop of all products, in vector registers |
//! | `activation`, `exponential` | activation functions, in registers |
//! | `epilogue` | epilogues of convolutions, in registers |
//! | `columns` | columns of a matrix in panels |
//! | `panels` | weights in the order in which the implicit GEMM reads them |
//! | `rows` | outputs divided into parts for tasks |
//! | `sums` | convolutions as implicit GEMM |
//! | `winograd` | 3×3 convolutions and doublings with fewer multiplications |
//! | `narrow`, `depthwise` | convolutions of few channels, and depthwise convolutions |
//! | `outer` | gradients with respect to weights |
//! | `convolution` | the choice of algorithm for a convolution or gradient |
//! | `prepared` | a cache of prepared weights |
//! | `normalization` | batch normalization in training, and its gradients |
//! | `running` | batch normalization with running statistics |
//! | `pooling` | max pooling |
//! | `resampling` | resampling maps to another size |
//! | `selection` | channel means and channel scaling |
//! | `squares` | squared differences between heatmaps and targets |
//! | `gaussian` | rendering of Gaussian heatmaps |
//! | `heatmaps`, `peak` | heatmaps on the host, and their highest values |
//! | `adam` | optimizer steps |
//! | `planes` | images of bytes as normalized values |
//! | `pool` | threads for a whole pass through a network |
//! | `share` | short work (a fraction of a millisecond) on all cores |
//! | `memory`, `scratch` | a pool of large buffers, and temporary memory of tasks |
//! | `autodiff` | the same operations on autodiff devices |
//!
//! None of this is `unsafe`: vectors come from `pulp`, threads from `rayon`.
mod activation;
#[cfg(feature = "train")]
mod adam;
mod autodiff;
mod columns;
mod convolution;
mod depthwise;
mod epilogue;
mod exponential;
mod gaussian;
mod geometry;
mod heatmaps;
mod kernel;
mod layers;
mod layout;
mod memory;
mod narrow;
mod normalization;
mod outer;
mod panels;
mod peak;
#[cfg(feature = "data")]
mod planes;
mod pool;
mod pooling;
mod prepared;
mod resampling;
mod rows;
mod running;
mod scratch;
mod selection;
mod share;
mod squares;
mod sums;
mod tensors;
#[cfg(test)]
mod tests;
mod vectors;
mod winograd;

use burn::{backend::Flex, nn::pool::MaxPool2d, tensor::Tensor};

#[cfg(feature = "train")]
pub(crate) use self::adam::AdamStep;
#[cfg(feature = "data")]
pub(crate) use self::planes::planes;
pub(crate) use self::{
    gaussian::draw,
    heatmaps::Heatmaps,
    memory::Buffer,
    tensors::{constant, from_flex, slice, tensor},
    vectors::check as check_vectors,
};
use self::{geometry::Geometry, layers::explicit, layout::Maps, tensors::primitive};
pub(super) use self::{
    layers::{apply, conv_transpose2d, conv2d, geometry_of, geometry_of_transposed, in_parts},
    pool::in_pool,
    tensors::{is_our_device, is_ours},
};
use crate::ops::Taps;

/// The geometry of `pool`, if it and `x` are supported here.
pub(super) fn geometry_of_pool(pool: &MaxPool2d, x: &Tensor<4>) -> Option<Geometry> {
    let MaxPool2d { kernel_size: kernel, stride, dilation, ceil_mode, .. } = *pool;
    let padding = explicit(&pool.padding)?;
    // With more padding, a window could lie outside the image.
    let fits = [0, 1].iter().all(|&i| 2 * padding[i].0.max(padding[i].1) <= kernel[i]);
    let is_plain = dilation == [1, 1] && !ceil_mode && fits;
    (is_plain && is_ours(x)).then_some(Geometry { kernel, stride, padding, dilation, groups: 1 })
}

/// Max pooling on Flex.
pub(super) fn max_pool2d(geometry: Geometry, x: Tensor<4>) -> Tensor<4> {
    if x.device().is_autodiff() {
        return autodiff::max_pool2d(geometry, x);
    }
    let [batch, channels, height, width] = x.dims();
    let [rows, columns] = geometry.output([height, width]);
    let output =
        pooling::highest(Maps::of(x).values(), [batch, channels, height, width], &geometry);
    Tensor::from_primitive::<Flex>(output.into_maps([batch, channels, rows, columns]))
}

/// The mean of each channel of each image, `[B, C, 1, 1]`, on Flex.
pub(super) fn global_mean(x: Tensor<4>) -> Tensor<4> {
    if x.device().is_autodiff() {
        return autodiff::global_mean(x);
    }
    let [batch, channels, height, width] = x.dims();
    let means = selection::means(Maps::of(x).values(), [batch, height * width, channels]);
    Tensor::from_primitive::<Flex>(tensor(means, [batch, channels, 1, 1]))
}

/// Scales `x` by one factor for each image and channel, `[B, C, 1, 1]`, on Flex.
pub(super) fn scale_channels(x: Tensor<4>, factors: Tensor<4>) -> Tensor<4> {
    if x.device().is_autodiff() {
        return autodiff::scale_channels(x, factors);
    }
    let size @ [batch, channels, height, width] = x.dims();
    let (x, factors) = (Maps::of(x), primitive(factors));
    let size_of = [batch, height * width, channels];
    let output = selection::scale(Some(x.values()), slice(&factors), size_of);
    Tensor::from_primitive::<Flex>(output.into_maps(size))
}

/// Resamples maps to another size, on Flex.
pub(super) fn resample(x: Tensor<4>, taps: [Taps; 2]) -> Tensor<4> {
    if x.device().is_autodiff() {
        return autodiff::resample(x, taps);
    }
    let size @ [batch, channels, ..] = x.dims();
    let output = resampling::resample(Maps::of(x).values(), size, taps.each_ref());
    let [rows, columns] = taps.map(|taps| taps.len());
    Tensor::from_primitive::<Flex>(output.into_maps([batch, channels, rows, columns]))
}

/// The mean of `(predicted − target)²` over the cells of each map, `[B, n]`, on an autodiff device
/// of Flex; `None` if the tensors are not supported or the target is not a constant.
pub(crate) fn mean_squares(predicted: &Tensor<4>, target: &Tensor<4>) -> Option<Tensor<2>> {
    if !is_ours(predicted) || !predicted.device().is_autodiff() {
        return None;
    }
    Some(autodiff::mean_squares(predicted.clone(), Heatmaps::of(target)?))
}
