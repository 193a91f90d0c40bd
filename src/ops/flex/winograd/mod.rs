//! 3×3 convolutions with stride 1 and padding 1, and doublings (transposed convolutions with kernel 4, stride 2, padding 1),
//! by Winograd's minimal filtering ("Fast Algorithms for Convolutional Neural Networks", Lavin and Gray, 2016): tiles of
//! 4×4 outputs, with 36 products where a direct convolution takes 144.
//!
//! A doubling is four 3×3 convolutions of the same input, one for each phase of the output's rows and columns, whose filters
//! have 2×2 taps: 25 products a tile and phase instead of 64, and one transform of the input for all four.
mod filters;
mod tiles;
mod transform;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

pub(super) use self::filters::Filters;
use self::{
    tiles::{Grid, InputTask, OutputTask, SplitTask},
    transform::TILE,
};
use super::{
    kernel::{MAX_LANES, ROWS, VECTORS},
    tail::Tail,
};

/// Channels of the input that are transformed, and multiplied, at a time.
const CHUNK: usize = 128;
/// Blocks of tiles that are transformed before they are multiplied.
const GROUP: usize = 8;

/// Fills `output`, `[B, C', H', W']`, from `input`, `[B, C, H, W]` (here `size`); `H'` is `H` or, for a doubling, `2H`.
pub(super) fn convolve(
    input: &[f32],
    size: [usize; 4],
    filters: &Filters,
    output: &mut [f32],
    tail: Tail,
) {
    let [batch, channels, height, width] = size;
    let arch = Arch::new();
    let wide = arch.dispatch(Lanes) * VECTORS;
    let grid = Grid::new(size);
    let split_size = TILE * TILE * (batch * grid.image() + 2 * MAX_LANES);
    let mut split = vec![0.0; channels * split_size];
    let planes = split.par_chunks_exact_mut(split_size).with_min_len(8).enumerate();
    planes.for_each(|(channel, out)| arch.dispatch(SplitTask { grid, channel, input, out }));

    // Each task makes some channels of all images: `bands[task][image][channel]`.
    let factor = filters.factor;
    let plane = factor * factor * height * width;
    let rows = output.len() / (batch * plane);
    let band = rows.div_ceil(rayon::current_num_threads()).next_multiple_of(ROWS);
    let mut bands: Vec<Vec<Vec<&mut [f32]>>> = Vec::new();
    bands.resize_with(rows.div_ceil(band), || Vec::with_capacity(batch));
    for image in output.chunks_exact_mut(rows * plane) {
        for (band, part) in bands.iter_mut().zip(image.chunks_mut(band * plane)) {
            band.push(part.chunks_exact_mut(plane).collect());
        }
    }

    let blocks = grid.tiles().div_ceil(wide);
    let chunks = channels.div_ceil(CHUNK);
    let mut inputs: Vec<Vec<f32>> = vec![Vec::new(); GROUP.min(blocks) * chunks];
    for first_block in (0..blocks).step_by(GROUP) {
        let inputs = &mut inputs[..GROUP.min(blocks - first_block) * chunks];
        inputs.par_iter_mut().with_max_len(1).enumerate().for_each(|(i, out)| {
            let (block, chunk) = (first_block + i / chunks, i % chunks);
            let channels = chunk * CHUNK..((chunk + 1) * CHUNK).min(channels);
            arch.dispatch(InputTask { grid, split: &split, first: block * wide, channels, out });
        });
        let inputs = &*inputs;
        bands.par_iter_mut().with_max_len(1).enumerate().for_each(|(i, out)| {
            let task = OutputTask {
                grid,
                filters,
                inputs: inputs.chunks_exact(chunks),
                first: first_block * wide,
                channels: [i * band, rows],
                out,
                tail,
            };
            match factor {
                1 => arch.dispatch(Phases::<1>(task)),
                _ => arch.dispatch(Phases::<2>(task)),
            }
        });
    }
}

/// A task's work with the factor known to the compiler.
struct Phases<'a, 'o, 'w, const F: usize>(OutputTask<'a, 'o, 'w>);

impl<const F: usize> WithSimd for Phases<'_, '_, '_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.0.run::<S, F>(simd);
    }
}

/// How many lanes a vector has.
struct Lanes;

impl WithSimd for Lanes {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> usize {
        S::F32_LANES
    }
}
