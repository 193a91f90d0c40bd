//! Where in a picture the values are that an output pixel is made of.
use std::borrow::Cow;

use rayon::prelude::*;

/// The sizes of a convolution. Pairs are `[height, width]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ops) struct Geometry {
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub padding: [usize; 2],
    pub dilation: [usize; 2],
    pub groups: usize,
}

impl Geometry {
    /// The size of the output for an input of `size`, or the number of places where the kernel fits.
    pub fn output(&self, size: [usize; 2]) -> [usize; 2] {
        [0, 1].map(|i| {
            let covered = self.dilation[i] * (self.kernel[i] - 1) + 1;
            let padded = size[i] + 2 * self.padding[i];
            assert!(
                padded >= covered,
                "a kernel that covers {covered} pixels doesn't fit a side of {padded}, padding included"
            );
            (padded - covered) / self.stride[i] + 1
        })
    }

    /// Kernel 1, and nothing else: a product of matrices.
    pub fn is_pointwise(&self) -> bool {
        self.kernel == [1, 1] && self.stride == [1, 1] && self.padding == [0, 0]
    }
}

/// The patches of a picture: output pixel `p` sees `pixels[origins[p] + offsets[k]]`, `k` counting channels first, then the
/// kernel's rows and columns.
pub(super) struct Patches<'a> {
    pub pixels: Cow<'a, [f32]>,
    pub origins: Vec<usize>,
    pub offsets: Vec<usize>,
}

impl<'a> Patches<'a> {
    /// The patches of `picture`, `[channels, height, width]`, which is copied only where it needs padding.
    pub fn new(
        picture: &'a [f32],
        [channels, height, width]: [usize; 3],
        geometry: &Geometry,
    ) -> Self {
        let Geometry { kernel, stride, padding: [top, left], dilation, .. } = *geometry;
        let [rows, columns] = geometry.output([height, width]);
        let (tall, wide) = (height + 2 * top, width + 2 * left);
        let pixels = match [top, left] {
            [0, 0] => Cow::Borrowed(picture),
            _ => {
                let mut padded = vec![0.0; channels * tall * wide];
                let planes = padded.par_chunks_exact_mut(tall * wide).with_min_len(8);
                planes.zip(picture.par_chunks_exact(height * width)).for_each(|(to, from)| {
                    let lines = to[top * wide..].chunks_exact_mut(wide);
                    for (to, from) in lines.zip(from.chunks_exact(width)) {
                        to[left..left + width].copy_from_slice(from);
                    }
                });
                Cow::Owned(padded)
            }
        };
        let origins = (0..rows)
            .flat_map(|y| (0..columns).map(move |x| y * stride[0] * wide + x * stride[1]))
            .collect();
        let mut offsets = Vec::with_capacity(channels * kernel[0] * kernel[1]);
        for channel in 0..channels {
            for y in 0..kernel[0] {
                let line = channel * tall * wide + y * dilation[0] * wide;
                offsets.extend((0..kernel[1]).map(|x| line + x * dilation[1]));
            }
        }
        Self { pixels, origins, offsets }
    }

    /// The same values, with places and patches exchanged: for products over all places instead of over a patch.
    pub fn transpose(self) -> Self {
        Self { origins: self.offsets, offsets: self.origins, ..self }
    }

    /// Adds what each patch is to get (`[offsets, origins]`) to the picture's gradient: the way back, summed where
    /// patches overlap.
    pub fn scatter(
        columns: &[f32],
        picture: &mut [f32],
        [height, width]: [usize; 2],
        geometry: &Geometry,
    ) {
        let Geometry { kernel, stride, padding, dilation, .. } = *geometry;
        let [rows, across] = geometry.output([height, width]);
        let taps = kernel[0] * kernel[1];
        let planes = picture.chunks_exact_mut(height * width);
        for (plane, columns) in planes.zip(columns.chunks_exact(taps * rows * across)) {
            for (tap, values) in columns.chunks_exact(rows * across).enumerate() {
                let [dy, dx] = [tap / kernel[1] * dilation[0], tap % kernel[1] * dilation[1]];
                // The first and one past the last place where the tap is inside the picture.
                let inside = |d: usize, pad: usize, step: usize, side: usize, count: usize| {
                    let first = pad.saturating_sub(d).div_ceil(step);
                    let end = (side + pad).saturating_sub(d).div_ceil(step);
                    (first.min(count), end.min(count))
                };
                let (x0, x1) = inside(dx, padding[1], stride[1], width, across);
                let (y0, y1) = inside(dy, padding[0], stride[0], height, rows);
                if x0 >= x1 {
                    continue;
                }
                let start = x0 * stride[1] + dx - padding[1];
                for y in y0..y1 {
                    let line = &mut plane[(y * stride[0] + dy - padding[0]) * width..][start..];
                    let values = &values[y * across..][x0..x1];
                    for (to, value) in line.iter_mut().step_by(stride[1]).zip(values) {
                        *to += value;
                    }
                }
            }
        }
    }
}
