//! Sums over pixels, in bands of a fixed size, so that they do not depend on the number of threads.
use pulp::{Simd, WithSimd};

use crate::ops::flex::{
    kernel::{load, store},
    share::share,
    vectors::arch,
};

/// Values of a band, which stays in the first-level cache.
pub(super) const BAND: usize = 1 << 13;

/// The maximum number of pixels in a band.
const PIXELS: usize = 128;

/// The number of pixels in a band. Sums of partial sums are more precise than long sums.
pub(super) fn band(channels: usize) -> usize {
    (BAND / channels.max(1)).clamp(1, PIXELS)
}

/// The sums of the channels of `x`, `[pixels, C]`.
pub(in crate::ops::flex) fn sums(x: &[f32], channels: usize) -> Vec<f32> {
    let band = band(channels) * channels;
    let mut parts = vec![0.0f32; x.len().div_ceil(band) * channels];
    share(x.chunks(band).zip(parts.chunks_mut(channels)), |(x, sums)| {
        arch().dispatch(ColumnSums { x, sums });
    });
    column_totals(&parts, channels)
}

/// The sums of the columns of `parts`, whose rows have length `columns`.
pub(in crate::ops::flex) fn column_totals(parts: &[f32], columns: usize) -> Vec<f32> {
    let mut totals = vec![0.0f64; columns];
    for part in parts.chunks_exact(columns.max(1)) {
        for (total, value) in totals.iter_mut().zip(part) {
            *total += f64::from(*value);
        }
    }
    totals.into_iter().map(|total| total as f32).collect()
}

/// The sums of a band's channels.
struct ColumnSums<'a, 'o> {
    x: &'a [f32],
    sums: &'o mut [f32],
}

impl WithSimd for ColumnSums<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let channels = self.sums.len();
        for v in 0..channels.div_ceil(S::F32_LANES) {
            let mut sums = [simd.splat_f32s(0.0); 4];
            for (i, x) in self.x.chunks_exact(channels).enumerate() {
                sums[i % 4] = simd.add_f32s(sums[i % 4], load(simd, x, v));
            }
            store(simd, self.sums, v, total(simd, sums));
        }
    }
}

/// The sum of four vectors.
#[inline(always)]
pub(super) fn total<S: Simd>(simd: S, sums: [S::f32s; 4]) -> S::f32s {
    simd.add_f32s(simd.add_f32s(sums[0], sums[1]), simd.add_f32s(sums[2], sums[3]))
}
