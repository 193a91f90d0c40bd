//! Convolutions, transposed convolutions and their gradients, on plain slices.
//!
//! Weights are `[C', C / groups, kh, kw]` for a convolution from `C` to `C'` channels. A transposed convolution is the
//! gradient of a convolution by its input, and its weights are that convolution's.
use super::{
    memory::Buffer,
    patches::{Geometry, Patches},
    product::{Left, Product, multiply},
    share::{band, share},
    tail::Tail,
    winograd::{self, Filters},
};

/// Fewer channels than this fill no block of Winograd's products.
const WINOGRAD_CHANNELS: usize = 16;

/// With more pairs of channels than this, transformed filters don't fit the caches, and reading them takes longer than the
/// products that they save.
const WINOGRAD_PAIRS: usize = 256 * 256;

/// Whether Winograd's way is open to a convolution, or to a transposed one.
pub(super) fn is_winograd(geometry: &Geometry, channels: [usize; 2], transposed: bool) -> bool {
    let Geometry { kernel, stride, padding, dilation, groups } = *geometry;
    let wanted = if transposed { ([4, 4], [2, 2]) } else { ([3, 3], [1, 1]) };
    (kernel, stride) == wanted
        && (padding, dilation, groups) == ([1, 1], [1, 1], 1)
        && channels.iter().all(|&channels| channels >= WINOGRAD_CHANNELS)
        && channels[0] * channels[1] <= WINOGRAD_PAIRS
}

/// The filters of a 3×3 convolution's weights, `[rows, columns, 3, 3]`.
pub(super) fn convolution_filters(weights: &[f32], [rows, columns]: [usize; 2]) -> Filters {
    let (taps, _) = weights.as_chunks::<9>();
    Filters::of_convolution([rows, columns], |row, column| taps[row * columns + column])
}

/// The filters of a 4×4 transposed convolution's weights, `[columns, rows, 4, 4]`.
pub(super) fn doubling_filters(weights: &[f32], [rows, columns]: [usize; 2]) -> Filters {
    let (taps, _) = weights.as_chunks::<16>();
    Filters::of_doubling([rows, columns], |row, column| taps[column * rows + row])
}

/// A convolution of `x`, `[B, C, H, W]` (here `size`), to `channels` channels, by sums over patches.
pub(super) fn convolve(
    x: &[f32],
    size: [usize; 4],
    weights: &[f32],
    channels: usize,
    geometry: &Geometry,
    tail: Tail,
) -> Buffer {
    let [batch, inputs, height, width] = size;
    let pixels: usize = geometry.output([height, width]).iter().product();
    let mut output = Buffer::new(batch * channels * pixels);
    if output.is_empty() {
        return output;
    }
    let groups = geometry.groups;
    let (group_inputs, group_channels) = (inputs / groups, channels / groups);
    let taps = group_inputs * geometry.kernel[0] * geometry.kernel[1];
    let parts = x.chunks_exact(group_inputs * height * width);
    let patches: Vec<Patches> =
        parts.map(|part| Patches::new(part, [group_inputs, height, width], geometry)).collect();
    let products = patches.iter().zip(output.chunks_exact_mut(group_channels * pixels));
    let products = products.enumerate().map(|(i, (patches, output))| {
        let first = i % groups * group_channels;
        Product {
            left: Left { values: &weights[first * taps..], row: taps, column: 1 },
            patches,
            output,
            image: i / groups,
            channels: [first, channels],
            accumulate: false,
        }
    });
    multiply(products.collect(), tail);
    output
}

/// A transposed convolution of `output`, `[B, C', H', W']` with `channels` of them, to `size`, `[B, C, H, W]`: the gradient of
/// the convolution of `geometry` by its input, from that by its output.
pub(super) fn convolve_transposed(
    output: &[f32],
    channels: usize,
    weights: &[f32],
    size: [usize; 4],
    geometry: &Geometry,
    tail: Tail,
) -> Buffer {
    let [batch, inputs, height, width] = size;
    let [rows, columns] = geometry.output([height, width]);
    let pixels = rows * columns;
    let mut input = Buffer::new(batch * inputs * height * width);
    if output.is_empty() || input.is_empty() {
        input.fill(0.0);
        return input;
    }
    let groups = geometry.groups;
    let (group_inputs, group_channels) = (inputs / groups, channels / groups);
    let kernel = geometry.kernel[0] * geometry.kernel[1];
    let taps = group_inputs * kernel;
    let mut spread = Buffer::new(if geometry.is_pointwise() { 0 } else { taps * pixels });
    // Pointwise patches of the output's gradient: itself.
    let point =
        Geometry { kernel: [1, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 };
    let parts = output.chunks_exact(group_channels * pixels);
    for (i, (part, input)) in
        parts.zip(input.chunks_exact_mut(group_inputs * height * width)).enumerate()
    {
        let patches = Patches::new(part, [group_channels, rows, columns], &point);
        let values = &weights[i % groups * group_channels * taps..];
        let (image, first) = (i / groups, i % groups * group_inputs);
        let left = Left { values, row: 1, column: taps };
        let channels = [first, inputs];
        let product = |output| Product {
            left,
            patches: &patches,
            output,
            image,
            channels,
            accumulate: false,
        };
        if geometry.is_pointwise() {
            multiply(vec![product(input)], tail);
            continue;
        }
        multiply(vec![product(&mut spread)], Tail::default());
        let band = band(group_inputs);
        let planes = input.chunks_mut(band * height * width);
        let planes = planes.zip(spread.chunks(band * kernel * pixels)).enumerate();
        share(planes, |(i, (planes, spread))| {
            let planes = planes.chunks_exact_mut(height * width);
            let planes = planes.zip(spread.chunks_exact(kernel * pixels));
            for (channel, (plane, spread)) in (first + i * band..).zip(planes) {
                plane.fill(0.0);
                Patches::scatter(spread, plane, [height, width], geometry);
                tail.finish(image, [channel, inputs], plane);
            }
        });
    }
    input
}

/// The gradient of a convolution by its weights, from its input, `[B, C, H, W]` (here `size`), and the gradient by its
/// output, `[B, C', H', W']`.
pub(super) fn weight_gradient(
    x: &[f32],
    size: [usize; 4],
    output: &[f32],
    channels: usize,
    geometry: &Geometry,
) -> Buffer {
    let [_, inputs, height, width] = size;
    let groups = geometry.groups;
    let (group_inputs, group_channels) = (inputs / groups, channels / groups);
    let taps = group_inputs * geometry.kernel[0] * geometry.kernel[1];
    let pixels: usize = geometry.output([height, width]).iter().product();
    let mut gradient = Buffer::new(channels * taps);
    if output.is_empty() || gradient.is_empty() {
        gradient.fill(0.0);
        return gradient;
    }
    let images = x.chunks_exact(inputs * height * width);
    for (image, (x, output)) in images.zip(output.chunks_exact(channels * pixels)).enumerate() {
        let patches: Vec<Patches> = x
            .chunks_exact(group_inputs * height * width)
            .map(|part| Patches::new(part, [group_inputs, height, width], geometry).transpose())
            .collect();
        let parts = output.chunks_exact(group_channels * pixels);
        let products =
            patches.iter().zip(parts).zip(gradient.chunks_exact_mut(group_channels * taps));
        let products = products.map(|((patches, values), output)| Product {
            left: Left { values, row: pixels, column: 1 },
            patches,
            output,
            image: 0,
            channels: [0, channels],
            accumulate: image > 0,
        });
        multiply(products.collect(), Tail::default());
    }
    gradient
}

/// The gradient by the weights of a 3×3 convolution's input, Winograd's way: a convolution with turned filters.
pub(super) fn turned_filters(weights: &[f32], [rows, columns]: [usize; 2]) -> Filters {
    let (taps, _) = weights.as_chunks::<9>();
    Filters::of_convolution([columns, rows], |column, row| {
        let mut turned = taps[row * columns + column];
        turned.reverse();
        turned
    })
}

/// [`convolve`] or a doubling with filters that were made for it.
pub(super) fn convolve_filters(
    x: &[f32],
    size: [usize; 4],
    filters: &Filters,
    channels: usize,
    tail: Tail,
) -> Buffer {
    let [batch, _, height, width] = size;
    let pixels = filters.factor * filters.factor * height * width;
    let mut output = Buffer::new(batch * channels * pixels);
    if !output.is_empty() {
        winograd::convolve(x, size, filters, &mut output, tail);
    }
    output
}
