//! Convolutions of few channels, such as the first of a network. A pixel's channels alone would be
//! a short row of products, so the pixels covered by a row of the kernel form one row: they are
//! contiguous in an image with its padding around it.
use super::{
    geometry::{Geometry, Grids, Phase, Tap},
    memory::Buffer,
    panels::{Weights, taps_first},
    share::{band, share},
};

/// From this number of channels on, the channels of a single pixel are enough.
const CHANNELS: usize = 16;

/// Whether a convolution from this number of channels is computed this way.
pub(super) fn is_narrow(geometry: &Geometry, channels: usize) -> bool {
    channels < CHANNELS
        && geometry.groups == 1
        && geometry.kernel[1] > 1
        && geometry.dilation[1] == 1
}

/// An image padded with zeros, `[B, H', W', C]`, and its size, `[B, C, H', W']`. The padding is
/// given before and after, for rows and for columns.
pub(super) fn padded(
    x: &[f32],
    [batch, channels, height, width]: [usize; 4],
    [rows, columns]: [(usize, usize); 2],
) -> (Buffer, [usize; 4]) {
    let [tall, wide] = [rows.0 + height + rows.1, columns.0 + width + columns.1];
    let mut output = Buffer::new(batch * channels * tall * wide);
    let line = wide * channels;
    let band = band(batch * tall);
    let bands = output.chunks_mut((band * line).max(1)).enumerate();
    share(bands, |(i, output)| {
        for (y, output) in (i * band..).zip(output.chunks_exact_mut(line)) {
            let (image, y) = (y / tall, y % tall);
            output.fill(0.0);
            if (rows.0..rows.0 + height).contains(&y) {
                let from = (image * height + y - rows.0) * width * channels;
                let to = &mut output[columns.0 * channels..][..width * channels];
                to.copy_from_slice(&x[from..from + width * channels]);
            }
        }
    });
    (output, [batch, channels, tall, wide])
}

/// The grids of sums over the kernel's rows in the padded image.
pub(super) fn grids(geometry: &Geometry) -> Grids {
    let taps = (0..geometry.kernel[0])
        .map(|index| Tap { index, offset: [(index * geometry.dilation[0]) as isize, 0] });
    let phase = Phase { origin: [0, 0], taps: taps.collect() };
    Grids { phases: vec![phase], stride: geometry.stride, step: [1, 1] }
}

/// The number of values that a row of the kernel covers.
pub(super) fn depth(geometry: &Geometry, channels: usize) -> usize {
    geometry.kernel[1] * channels
}

/// Reorders weights `[C', C, rows, columns]` to `[C', rows, columns, C]`.
pub(super) fn sorted(values: &[f32], channels: usize, geometry: &Geometry) -> Vec<f32> {
    let taps = geometry.kernel[0] * geometry.kernel[1];
    values.chunks_exact(channels * taps).flat_map(|filter| taps_first(filter, channels)).collect()
}

/// The reordered weights as one matrix for each row of the kernel.
pub(super) fn weights<'a>(
    sorted: &'a [f32],
    [outputs, channels]: [usize; 2],
    geometry: &Geometry,
) -> Weights<'a> {
    let depth = depth(geometry, channels);
    Weights {
        values: sorted,
        size: [depth, outputs],
        group: 0,
        row: 1,
        column: geometry.kernel[0] * depth,
        tap: depth,
    }
}

/// Reorders a gradient `[C', column and C, row]` to `[C', C, rows, columns]`.
pub(super) fn restored(values: &[f32], channels: usize, geometry: &Geometry) -> Buffer {
    let [rows, columns] = geometry.kernel;
    let mut output = Buffer::new(values.len());
    let size = channels * rows * columns;
    for (to, from) in output.chunks_exact_mut(size).zip(values.chunks_exact(size)) {
        for (i, to) in to.iter_mut().enumerate() {
            let [channel, row, column] = [i / (rows * columns), i / columns % rows, i % columns];
            *to = from[(column * channels + channel) * rows + row];
        }
    }
    output
}
