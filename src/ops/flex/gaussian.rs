//! Rendering of Gaussian heatmaps: a row times a column, all maps in parallel.
use pulp::{Simd, WithSimd};

use super::{exponential::exp, share::share, vectors::arch};

/// Values of maps that a thread renders at a time.
const BAND: usize = 1 << 16;

/// Renders `exp(−((x−c_x)² + (y−c_y)²) / 2σ²)` on each map, `[height, width]`, that has a center,
/// and 0 on the others. Within 3·10⁻⁷ of the exact value for finite centers on the map: a few
/// roundings of factors up to 1.
pub(crate) fn draw(
    center: impl Fn(usize) -> Option<[f32; 2]> + Sync,
    [width, height]: [usize; 2],
    sigma: f64,
    maps: &mut [f32],
) {
    let cells = width * height;
    let band = (BAND / cells).max(1);
    let scale = (-0.5 / (sigma * sigma)) as f32;
    share(maps.chunks_mut(band * cells).enumerate(), |(i, maps)| {
        let centers = (i * band..).map(&center);
        arch().dispatch(Draw { centers, scale, size: [width, height], maps });
    });
}

struct Draw<'o, C> {
    centers: C,
    /// −1/2σ².
    scale: f32,
    size: [usize; 2],
    maps: &'o mut [f32],
}

impl<C: Iterator<Item = Option<[f32; 2]>>> WithSimd for Draw<'_, C> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let [width, height] = self.size;
        let mut row = vec![0.0; width.next_multiple_of(S::F32_LANES)];
        let mut column = vec![0.0; height.next_multiple_of(S::F32_LANES)];
        for (map, center) in self.maps.chunks_exact_mut(width * height).zip(self.centers) {
            let Some([x, y]) = center else {
                map.fill(0.0);
                continue;
            };
            axis(simd, x, self.scale, &mut row);
            axis(simd, y, self.scale, &mut column);
            let vectors = S::as_simd_f32s(&row).0;
            for (line, &factor) in map.chunks_exact_mut(width).zip(&column) {
                let (line, rest) = S::as_mut_simd_f32s(line);
                let factors = simd.splat_f32s(factor);
                for (to, &value) in line.iter_mut().zip(vectors) {
                    *to = simd.mul_f32s(value, factors);
                }
                let done = line.len() * S::F32_LANES;
                for (to, value) in rest.iter_mut().zip(&row[done..]) {
                    *to = value * factor;
                }
            }
        }
    }
}

/// The Gaussian around `center` along an axis, in whole vectors.
#[inline(always)]
fn axis<S: Simd>(simd: S, center: f32, scale: f32, cells: &mut [f32]) {
    // First the grid, then the Gaussian in its place.
    cells.iter_mut().enumerate().for_each(|(i, cell)| *cell = i as f32);
    let (center, scale) = (simd.splat_f32s(center), simd.splat_f32s(scale));
    for cell in S::as_mut_simd_f32s(cells).0 {
        let distance = simd.sub_f32s(*cell, center);
        *cell = exp(simd, simd.mul_f32s(simd.mul_f32s(distance, distance), scale));
    }
}
