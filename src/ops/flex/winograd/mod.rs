//! 3×3 convolutions with stride 1 and padding 1, and doublings (transposed convolutions with kernel 4, stride 2, padding 1),
//! by Winograd's minimal filtering ("Fast Algorithms for Convolutional Neural Networks", Lavin and Gray, 2016): tiles of
//! 4×4 outputs, with 36 products where a direct convolution takes 144.
//!
//! A doubling is four 3×3 convolutions of the same input, one for each phase of the output's rows and columns, whose filters
//! have 2×2 taps: 25 products a tile and phase instead of 64, and one transform of the input for all four.
mod filters;
mod input;
mod output;
mod transform;

use pulp::{Simd, WithSimd};

pub(super) use self::filters::Filters;
use self::{
    input::Grid,
    output::{Part, Task},
    transform::TILE,
};
use super::{
    kernel::{ROWS, arch},
    share::share,
    tail::Tail,
};

/// Rows of tiles that a core has at least where cores share the image, not the channels: each of
/// them reads all filters.
const TILE_ROWS: usize = 5;

/// The most values that filters have which all cores read: a half of the last cache that such a machine has.
const FILTERS: usize = 1 << 22;

/// Fills `output`, `[B, C', H', W']`, from `input`, `[B, C, H, W]` (here `size`); `H'` is `H` or, for a doubling, `2H`.
///
/// Each task goes all the way from its images to its part of the output, so that what it computes
/// on the way stays in the caches of its core.
pub(super) fn convolve(
    input: &[f32],
    size: [usize; 4],
    filters: &Filters,
    output: &mut [f32],
    tail: Tail,
) {
    let [batch, _, height, width] = size;
    let grid = Grid::new(size);
    let threads = rayon::current_num_threads();
    let plane = filters.factor * filters.factor * height * width;
    let channels = output.len() / (batch * plane);
    let lines = height.div_ceil(TILE);
    let shares_image = batch * lines >= threads * TILE_ROWS && filters.values() <= FILTERS;
    let bands = if shares_image { [threads, 1] } else { [1, threads] };
    // Rows of tiles of the whole batch, those below the images not counted.
    let band = (batch * lines).div_ceil(bands[0]);
    let channel_band = channels.div_ceil(bands[1]).next_multiple_of(ROWS);
    let columns = channels.div_ceil(channel_band);
    let mut parts: Vec<Vec<Part>> = Vec::new();
    parts.resize_with(bands[0] * columns, Vec::new);
    // `[band][channel band]`: parts of images, each with its channels.
    for (image, planes) in output.chunks_exact_mut(channels * plane).enumerate() {
        for (channel, mut rest) in planes.chunks_exact_mut(plane).enumerate() {
            let mut first = 0;
            while first < lines {
                let i = (image * lines + first) / band;
                let end = lines.min((i + 1) * band - image * lines);
                let side = TILE * filters.factor;
                let pixels = (end * side).min(height * filters.factor) - first * side;
                let (values, below) = rest.split_at_mut(pixels * width * filters.factor);
                let parts = &mut parts[i * columns + channel / channel_band];
                match parts.last_mut() {
                    Some(part) if part.image == image => part.channels.push(values),
                    _ => parts.push(Part { image, lines: first..end, channels: vec![values] }),
                }
                (rest, first) = (below, end);
            }
        }
    }
    share(parts.into_iter().enumerate(), |(i, parts)| {
        let first = i % columns * channel_band;
        let task = Task { grid, input, filters, channels: [first, channels], parts, tail };
        match filters.factor {
            1 => arch().dispatch(Phases::<1>(task)),
            _ => arch().dispatch(Phases::<2>(task)),
        }
    });
}

/// A task's work with the factor known to the compiler.
struct Phases<'a, 'o, const F: usize>(Task<'a, 'o>);

impl<const F: usize> WithSimd for Phases<'_, '_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.0.run::<S, F>(simd);
    }
}
