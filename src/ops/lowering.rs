//! Convolutions as GEMMs in Burn's own operations, which run, and have gradients, wherever GEMMs
//! do.
//!
//! For backends whose own convolutions, or their gradients, are plain loops: ndarray's.
//!
//! A convolution is the product of its weights and the input values that each output pixel depends
//! on ("im2col"). A transposed convolution of stride s is also such a product, without products
//! with zeros. Along an axis, pixel s·i + r of its output is the sum over m of
//! `weight[s·m + r] · x[i − m]`, so all s pixels of a cell use the same `M = ⌈kernel / s⌉` input
//! pixels. The product gives them as s·s times as many channels, which are then interleaved (Shi et
//! al., "Is the deconvolution layer the same as a convolutional layer?", 2016). For kernel 4 and
//! stride 2, the paper's U_t, this is a 2×2 convolution to four times the channels.
use burn::{
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, ConvTranspose2d},
    },
    tensor::{Device, Slice, Tensor, assert_shape, ops::PadMode},
};

/// Zeros before and after, for rows and for columns.
type Padding = [(usize, usize); 2];

/// Whether GEMMs are faster on this device than its own convolutions.
#[cfg(feature = "ndarray")]
#[allow(deprecated, reason = "deprecated upstream, and offered here while it exists")]
pub(super) fn pays(device: &Device) -> bool {
    *device == Device::ndarray()
}

/// Without ndarray, there is no such device.
#[cfg(not(feature = "ndarray"))]
pub(super) fn pays(_: &Device) -> bool {
    false
}

/// The padding of a convolution, if this kind of convolution is implemented here.
pub(super) fn padding_of(conv: &Conv2d) -> Option<Padding> {
    match conv.padding {
        PaddingConfig2d::Valid => Some([(0, 0); 2]),
        PaddingConfig2d::Explicit(top, left, bottom, right) => Some([(top, bottom), (left, right)]),
        PaddingConfig2d::Same => None,
    }
}

/// A convolution.
pub(super) fn conv2d(conv: &Conv2d, padding: Padding, x: Tensor<4>) -> Tensor<4> {
    let Conv2d { stride, dilation, groups, .. } = *conv;
    let [outputs, inputs, kernel @ ..] = conv.weight.dims();
    let channels = inputs * groups;
    assert_shape!(x, [_, channels, _, _]);
    let x = pad(x, padding);
    let [batch, _, height, width] = x.dims();
    let taps = [0, 1].map(|i| (0..kernel[i]).map(|tap| tap * dilation[i]).collect::<Vec<_>>());
    let size = [0, 1].map(|i| {
        let (side, covered) = ([height, width][i], dilation[i] * (kernel[i] - 1) + 1);
        assert!(side >= covered, "a kernel that covers {covered} does not fit {side} pixels");
        (side - covered) / stride[i] + 1
    });
    let values = inputs * kernel[0] * kernel[1];
    let weight = conv.weight.val().reshape([1, groups, outputs / groups, values]);
    let patches = patches(x, &taps, stride, size);
    let patches = patches.reshape([batch, groups, values, size[0] * size[1]]);
    let y = weight.matmul(patches).reshape([batch, outputs, size[0], size[1]]);
    add_bias(y, conv.bias.as_ref().map(|bias| bias.val()))
}

/// Whether this kind of transposed convolution is implemented here.
pub(super) fn is_plain(conv: &ConvTranspose2d) -> bool {
    conv.groups == 1 && conv.dilation == [1, 1]
}

/// A transposed convolution with one group and no dilation, its output `padding_out` rows and
/// columns longer.
pub(super) fn conv_transpose2d(
    conv: &ConvTranspose2d,
    x: Tensor<4>,
    padding_out: [usize; 2],
) -> Tensor<4> {
    let ConvTranspose2d { stride, padding, .. } = *conv;
    let [inputs, outputs, kernel @ ..] = conv.weight.dims();
    assert_shape!(x, [_, inputs, _, _]);
    let [batch, _, height, width] = x.dims();
    let side = [height, width];
    let size = [0, 1].map(|i| {
        let whole = (side[i] - 1) * stride[i] + kernel[i] + padding_out[i];
        whole.checked_sub(2 * padding[i]).expect("padding leaves nothing of the output")
    });
    // Input pixels that an output cell uses, and the number of cells up to the last pixel needed.
    let seen = [0, 1].map(|i| kernel[i].div_ceil(stride[i]));
    let cells = [0, 1].map(|i| side[i].max((padding[i] + size[i]).div_ceil(stride[i])));

    let missing = [0, 1].map(|i| (0, seen[i] * stride[i] - kernel[i]));
    let weight = pad(conv.weight.val(), missing)
        .reshape([inputs, outputs, seen[0], stride[0], seen[1], stride[1]])
        .permute([1, 3, 5, 0, 2, 4])
        .reshape([1, outputs * stride[0] * stride[1], inputs * seen[0] * seen[1]]);
    let x = pad(x, [0, 1].map(|i| (seen[i] - 1, cells[i] - side[i])));
    // In reverse order: m pixels before the cell's own.
    let taps = seen.map(|seen| (0..seen).rev().collect::<Vec<_>>());
    let y = weight
        .matmul(patches(x, &taps, [1, 1], cells))
        .reshape([batch, outputs, stride[0], stride[1], cells[0], cells[1]])
        .permute([0, 1, 4, 2, 5, 3])
        .reshape([batch, outputs, cells[0] * stride[0], cells[1] * stride[1]])
        .narrow(2, padding[0], size[0])
        .narrow(3, padding[1], size[1]);
    add_bias(y, conv.bias.as_ref().map(|bias| bias.val()))
}

/// The input values of each output pixel (im2col): pixel `stride · output + tap` of `x` for each
/// channel and each pair of taps.
///
/// # Shapes
/// - `x`: `[B, C, H, W]`
/// - output: `[B, C · taps · taps, rows · columns]`
fn patches(
    x: Tensor<4>,
    taps: &[Vec<usize>; 2],
    stride: [usize; 2],
    [rows, columns]: [usize; 2],
) -> Tensor<3> {
    let [batch, channels, height, width] = x.dims();
    let count = taps[0].len() * taps[1].len();
    if count == 1 && [height, width] == [rows, columns] {
        return x.reshape([batch, channels, rows * columns]);
    }
    let seen = |tap: usize, stride: usize, count: usize| {
        let end = tap + (count - 1) * stride + 1;
        Slice::new(tap as isize, Some(end as isize), stride as isize)
    };
    let parts = taps[0].iter().flat_map(|&row| taps[1].iter().map(move |&column| (row, column)));
    let parts = parts.map(|(row, column)| {
        let within = [seen(row, stride[0], rows), seen(column, stride[1], columns)];
        let part = x.clone().slice([Slice::full(), Slice::full(), within[0], within[1]]);
        part.reshape([batch, channels, 1, rows * columns])
    });
    Tensor::cat(parts.collect(), 2).reshape([batch, channels * count, rows * columns])
}

/// Zeros around the last two axes.
fn pad(x: Tensor<4>, padding: Padding) -> Tensor<4> {
    if padding == [(0, 0); 2] { x } else { x.pad(padding, PadMode::Constant(0.0)) }
}

fn add_bias(y: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    match bias {
        Some(bias) => y + bias.reshape([1, -1, 1, 1]),
        None => y,
    }
}
