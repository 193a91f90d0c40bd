//! The inner loop of all sums of products: it accumulates a block of outputs in vector registers.
use pulp::Simd;
#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;

/// Rows of a block. Six rows of four vectors fill 24 of AVX-512's 32 registers, and six rows of two
/// vectors fill 12 of AVX2's 16; both leave room for a row of weights.
pub(super) const ROWS: usize = 6;

/// The sums of one block.
pub(super) type Block<S, const V: usize> = [[<S as Simd>::f32s; V]; ROWS];

/// `sums[row][v] + Σ_k left[row][k] · right[k][v]`, over all `k` in `right`.
#[inline(always)]
pub(super) fn accumulate<S: Simd, const V: usize>(
    simd: S,
    sums: Block<S, V>,
    left: [&[f32]; ROWS],
    right: &[[S::f32s; V]],
) -> Block<S, V> {
    let mut sums = sums;
    let [a, b, c, d, e, f] = left;
    // Zipped slices need no bounds checks; the loops over constants are unrolled.
    let left = a.iter().zip(b).zip(c).zip(d).zip(e).zip(f);
    for (right, (((((a, b), c), d), e), f)) in right.iter().zip(left) {
        let values = [*a, *b, *c, *d, *e, *f];
        for row in 0..ROWS {
            let value = simd.splat_f32s(values[row]);
            for v in 0..V {
                sums[row][v] = simd.mul_add_e_f32s(value, right[v], sums[row][v]);
            }
        }
    }
    sums
}

/// Prefetches values that will be needed soon into the second-level cache.
#[inline(always)]
pub(super) fn prefetch(values: &[f32]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(V3 { sse, .. }) = V3::try_new() {
        for line in values.chunks(LINE) {
            sse._mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T1 }>(line.as_ptr().cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = values;
}

/// Values per cache line.
const LINE: usize = 16;

/// Values that are prefetched gradually, in a number of parts.
#[derive(Clone, Copy)]
pub(super) struct Ahead<'a> {
    values: &'a [f32],
    part: usize,
}

impl<'a> Ahead<'a> {
    pub fn new(values: &'a [f32], parts: usize) -> Self {
        Self { values, part: values.len().div_ceil(parts.max(1)).next_multiple_of(LINE) }
    }

    /// Prefetches the next part.
    #[inline(always)]
    pub fn advance(&mut self) {
        let (part, rest) = self.values.split_at(self.part.min(self.values.len()));
        prefetch(part);
        self.values = rest;
    }
}

/// Vector `v` of `from`. The last vector may be partial; it is filled up with zeros.
#[inline(always)]
pub(super) fn load<S: Simd>(simd: S, from: &[f32], v: usize) -> S::f32s {
    let from = &from[v * S::F32_LANES..];
    match from.len() >= S::F32_LANES {
        true => S::as_simd_f32s(&from[..S::F32_LANES]).0[0],
        false => simd.partial_load_f32s(from),
    }
}

/// Writes vector `v` of `to`, or as much of it as fits.
#[inline(always)]
pub(super) fn store<S: Simd>(simd: S, to: &mut [f32], v: usize, values: S::f32s) {
    let to = &mut to[v * S::F32_LANES..];
    match to.len() >= S::F32_LANES {
        true => S::as_mut_simd_f32s(&mut to[..S::F32_LANES]).0[0] = values,
        false => simd.partial_store_f32s(to, values),
    }
}

/// Rows and columns that [`turn`] transposes.
pub(super) const SQUARE: usize = 8;

/// Transposes a square. The steps are the distances between rows.
#[inline(always)]
pub(super) fn turn((from, from_step): (&[f32], usize), (to, to_step): (&mut [f32], usize)) {
    let mut square = [[0.0; SQUARE]; SQUARE];
    for (i, line) in square.iter_mut().enumerate() {
        line.copy_from_slice(&from[i * from_step..][..SQUARE]);
    }
    for (i, line) in transpose(&square).iter().enumerate() {
        to[i * to_step..][..SQUARE].copy_from_slice(line);
    }
}

/// Transposes eight rows of eight values.
#[inline(always)]
fn transpose(square: &[[f32; SQUARE]; SQUARE]) -> [[f32; SQUARE]; SQUARE] {
    // Compilers don't find these shuffles by themselves.
    #[cfg(target_arch = "x86_64")]
    if let Some(V3 { avx, .. }) = V3::try_new() {
        use std::arch::x86_64::__m256;
        let r: [__m256; 8] = pulp::cast(*square);
        let mut pairs = r;
        for i in [0, 2, 4, 6] {
            pairs[i] = avx._mm256_unpacklo_ps(r[i], r[i + 1]);
            pairs[i + 1] = avx._mm256_unpackhi_ps(r[i], r[i + 1]);
        }
        let mut quads = r;
        for i in [0, 4] {
            let [a, b, c, d] = [pairs[i], pairs[i + 1], pairs[i + 2], pairs[i + 3]];
            quads[i] = avx._mm256_shuffle_ps::<0b01_00_01_00>(a, c);
            quads[i + 1] = avx._mm256_shuffle_ps::<0b11_10_11_10>(a, c);
            quads[i + 2] = avx._mm256_shuffle_ps::<0b01_00_01_00>(b, d);
            quads[i + 3] = avx._mm256_shuffle_ps::<0b11_10_11_10>(b, d);
        }
        let mut turned = r;
        for i in 0..4 {
            turned[i] = avx._mm256_permute2f128_ps::<0x20>(quads[i], quads[i + 4]);
            turned[i + 4] = avx._mm256_permute2f128_ps::<0x31>(quads[i], quads[i + 4]);
        }
        return pulp::cast(turned);
    }
    let mut turned = [[0.0; 8]; 8];
    for i in 0..8 {
        for k in 0..8 {
            turned[k][i] = square[i][k];
        }
    }
    turned
}
