//! Resampling to another size, where each pixel is a weighted sum of pixels.
use super::{memory::Buffer, share::share};
use crate::ops::Taps;

/// Resamples `x`, `[B, H, W, C]` (its `size` is `[B, C, H, W]`), with weights along rows and
/// columns.
pub(super) fn resample(
    x: &[f32],
    [batch, channels, height, width]: [usize; 4],
    [down, across]: [&Taps; 2],
) -> Buffer {
    let line = across.len() * channels;
    let mut output = Buffer::new(batch * down.len() * line);
    if output.is_empty() {
        return output;
    }
    let row_of = |image: usize, row: usize| {
        &x[(image * height + row) * width * channels..][..width * channels]
    };
    share(output.chunks_mut(line).enumerate(), |(i, output)| {
        let (image, taps) = (i / down.len(), &down[i % down.len()]);
        let mut sum = vec![0.0; width * channels];
        for &(row, weight) in taps {
            add(&mut sum, row_of(image, row), weight);
        }
        for (pixel, taps) in output.chunks_exact_mut(channels).zip(across) {
            pixel.fill(0.0);
            for &(column, weight) in taps {
                add(pixel, &sum[column * channels..][..channels], weight);
            }
        }
    });
    output
}

/// Adds `weight · from` to `to`.
#[inline(always)]
fn add(to: &mut [f32], from: &[f32], weight: f32) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += weight * from);
}

/// The taps of the gradient: for each of the `count` inputs, the outputs that it contributes to.
pub(super) fn transposed(taps: &Taps, count: usize) -> Taps {
    let mut found = vec![Vec::new(); count];
    for (output, taps) in taps.iter().enumerate() {
        for &(input, factor) in taps {
            found[input].push((output, factor));
        }
    }
    found
}
