//! The inner loop that all products share: a block of a matrix product, held in vector registers.
use pulp::Simd;

/// Rows of a block. Eight rows of three vectors fill 24 of AVX-512's 32 registers; where there are fewer, the compiler
/// spills some, which costs speed, not correctness.
pub(super) const ROWS: usize = 8;

/// Vectors that a block is wide.
pub(super) const VECTORS: usize = 3;

/// The most lanes that a vector has (AVX-512).
pub(super) const MAX_LANES: usize = 16;

/// The sums of one block.
pub(super) type Block<S, const V: usize> = [[<S as Simd>::f32s; V]; ROWS];

/// `sum[row][v] = Σ_k left[k][row] · right[k][v]`, over as many `k` as the shorter of the two has.
#[inline(always)]
pub(super) fn block<S: Simd, const V: usize>(
    simd: S,
    left: &[[f32; ROWS]],
    right: &[[S::f32s; V]],
) -> Block<S, V> {
    let mut sum = [[simd.splat_f32s(0.0); V]; ROWS];
    for (left, right) in left.iter().zip(right) {
        for row in 0..ROWS {
            let value = simd.splat_f32s(left[row]);
            for v in 0..V {
                sum[row][v] = simd.mul_add_e_f32s(value, right[v], sum[row][v]);
            }
        }
    }
    sum
}

/// `target[v] = after(v, target[v])`, a vector at a time, of which the last may be a part.
#[inline(always)]
pub(super) fn load<S: Simd>(simd: S, from: &[f32], v: usize) -> S::f32s {
    let from = &from[v * S::F32_LANES..];
    match from.len() >= S::F32_LANES {
        true => S::as_simd_f32s(&from[..S::F32_LANES]).0[0],
        false => simd.partial_load_f32s(from),
    }
}

/// Writes vector `v` of `to`, or as much of it as there is.
#[inline(always)]
pub(super) fn store<S: Simd>(simd: S, to: &mut [f32], v: usize, values: S::f32s) {
    let to = &mut to[v * S::F32_LANES..];
    match to.len() >= S::F32_LANES {
        true => S::as_mut_simd_f32s(&mut to[..S::F32_LANES]).0[0] = values,
        false => simd.partial_store_f32s(to, values),
    }
}

/// Eight rows of eight, as eight columns.
#[inline(always)]
pub(super) fn transpose(square: &[[f32; 8]; 8]) -> [[f32; 8]; 8] {
    let mut turned = [[0.0; 8]; 8];
    for i in 0..8 {
        for k in 0..8 {
            turned[k][i] = square[i][k];
        }
    }
    turned
}
