//! Where in an image the values are that an output pixel is made of.
use std::ops::Deref;

use super::{
    memory::Buffer,
    share::{band, share},
};

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

/// An image as it is, or sorted.
pub(super) enum Pixels<'a> {
    Borrowed(&'a [f32]),
    Sorted(Buffer),
}

impl Deref for Pixels<'_> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        match self {
            Self::Borrowed(pixels) => pixels,
            Self::Sorted(pixels) => pixels,
        }
    }
}

/// The patches of an image: output pixel `p` sees `pixels[origins[p] + offsets[k]]`, `k` counting
/// channels first, then the kernel's rows and columns.
pub(super) struct Patches<'a> {
    pub pixels: Pixels<'a>,
    pub origins: Vec<usize>,
    pub offsets: Vec<usize>,
}

impl<'a> Patches<'a> {
    /// The patches of `image`, `[channels, height, width]`, which is copied only where it needs
    /// padding or has strides.
    ///
    /// A copy is sorted by what is left of a pixel's coordinates when the strides are taken out of
    /// them, so that neighbors in the output see neighbors in memory.
    pub fn new(
        image: &'a [f32],
        [channels, height, width]: [usize; 3],
        geometry: &Geometry,
    ) -> Self {
        let Geometry { kernel, stride, padding, dilation, .. } = *geometry;
        let [rows, columns] = geometry.output([height, width]);
        // The remainders that some tap has, and the size of the part of the image that has one of
        // them.
        let remainders = [0, 1].map(|i| {
            let mut found: Vec<usize> =
                (0..kernel[i]).map(|k| k * dilation[i] % stride[i]).collect();
            found.sort_unstable();
            found.dedup();
            found
        });
        let [tall, wide] =
            [(height, 0), (width, 1)].map(|(side, i)| (side + 2 * padding[i]).div_ceil(stride[i]));
        let parts = remainders[0].len() * remainders[1].len();
        let pixels = if padding == [0, 0] && stride == [1, 1] {
            Pixels::Borrowed(image)
        } else {
            let size = parts * tall * wide;
            let mut sorted = Buffer::new(channels * size);
            let band = band(channels);
            let planes = sorted.chunks_mut(band * size);
            share(planes.zip(image.chunks(band * height * width)), |(to, from)| {
                let planes = to.chunks_exact_mut(size).zip(from.chunks_exact(height * width));
                for (to, from) in planes {
                    to.fill(0.0);
                    let parts = to.chunks_exact_mut(tall * wide);
                    let rests = remainders[0].iter();
                    let rests = rests.flat_map(|&y| remainders[1].iter().map(move |&x| [y, x]));
                    for (part, rests) in parts.zip(rests) {
                        sort(from, [height, width], part, wide, rests, geometry);
                    }
                }
            });
            Pixels::Sorted(sorted)
        };
        let origins = (0..rows).flat_map(|y| (0..columns).map(move |x| y * wide + x)).collect();
        let mut offsets = Vec::with_capacity(channels * kernel[0] * kernel[1]);
        // Where a tap is: in which part, and how far in it.
        let place = |i: usize, k: usize| {
            let at = k * dilation[i];
            let part = remainders[i].iter().position(|&rest| rest == at % stride[i]);
            (part.unwrap_or_default(), at / stride[i])
        };
        for channel in 0..channels {
            for (down, y) in (0..kernel[0]).map(|k| place(0, k)) {
                for (right, x) in (0..kernel[1]).map(|k| place(1, k)) {
                    let part = channel * parts + down * remainders[1].len() + right;
                    offsets.push((part * tall + y) * wide + x);
                }
            }
        }
        Self { pixels, origins, offsets }
    }

    /// The same values, with places and patches exchanged: for products over all places instead of over a patch.
    pub fn transpose(self) -> Self {
        Self { origins: self.offsets, offsets: self.origins, ..self }
    }

    /// Adds what each patch is to get (`[offsets, origins]`) to the image's gradient: the way back,
    /// summed where patches overlap.
    pub fn scatter(
        columns: &[f32],
        image: &mut [f32],
        [height, width]: [usize; 2],
        geometry: &Geometry,
    ) {
        let Geometry { kernel, stride, padding, dilation, .. } = *geometry;
        let [rows, across] = geometry.output([height, width]);
        let taps = kernel[0] * kernel[1];
        let planes = image.chunks_exact_mut(height * width);
        for (plane, columns) in planes.zip(columns.chunks_exact(taps * rows * across)) {
            for (tap, values) in columns.chunks_exact(rows * across).enumerate() {
                let [dy, dx] = [tap / kernel[1] * dilation[0], tap % kernel[1] * dilation[1]];
                // The first and one past the last place where the tap is inside the image.
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

/// Copies the pixels of an image whose padded coordinates leave the remainders `rests` to their
/// part, of lines `wide` long.
fn sort(
    from: &[f32],
    [height, width]: [usize; 2],
    part: &mut [f32],
    wide: usize,
    rests: [usize; 2],
    geometry: &Geometry,
) {
    let Geometry { stride, padding, .. } = *geometry;
    // Place `i` of a part is pixel `rest + i · stride − padding`: the first place inside the image,
    // and its pixel.
    let first = [0, 1].map(|i| padding[i].saturating_sub(rests[i]).div_ceil(stride[i]));
    let pixel = [0, 1].map(|i| rests[i] + first[i] * stride[i] - padding[i]);
    if pixel[0] >= height || pixel[1] >= width {
        return;
    }
    let lines = from.chunks_exact(width).skip(pixel[0]).step_by(stride[0]);
    for (to, from) in part.chunks_exact_mut(wide).skip(first[0]).zip(lines) {
        let (to, from) = (&mut to[first[1]..], &from[pixel[1]..]);
        match stride[1] {
            1 => to[..from.len()].copy_from_slice(from),
            2 => {
                // The usual one, with a step that the compiler knows.
                let (pairs, last) = from.as_chunks::<2>();
                let values = pairs.iter().map(|pair| pair[0]).chain(last.first().copied());
                to.iter_mut().zip(values).for_each(|(to, value)| *to = value);
            }
            step => {
                to.iter_mut().zip(from.iter().step_by(step)).for_each(|(to, value)| *to = *value)
            }
        }
    }
}
