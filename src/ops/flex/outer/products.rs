//! The inner loop.
use pulp::Simd;

use super::{LINE, ROWS};
use crate::ops::flex::kernel::{load, store};

/// Adds the products of rows `i` of each line and its row of vectors to the sums, or sets the sums
/// to the products if `begin` is set.
#[inline(always)]
pub(super) fn add<S: Simd, const V: usize>(
    simd: S,
    (left, i): (&[[f32; LINE]], usize),
    right: &[f32],
    sums: &mut [f32],
    width: usize,
    begin: bool,
) {
    let mut block: Block<S, V> = [[simd.splat_f32s(0.0); V]; ROWS];
    if !begin {
        for (sum, line) in block.iter_mut().zip(sums.chunks_exact(width)) {
            for (v, sum) in sum.iter_mut().enumerate() {
                *sum = load(simd, line, v);
            }
        }
    }
    let right = S::as_simd_f32s(right).0.as_chunks::<V>().0;
    let block = match i {
        0 => products::<S, V, 0>(simd, block, left, right),
        1 => products::<S, V, 1>(simd, block, left, right),
        2 => products::<S, V, 2>(simd, block, left, right),
        _ => products::<S, V, 3>(simd, block, left, right),
    };
    for (sum, line) in block.iter().zip(sums.chunks_exact_mut(width)) {
        for (v, sum) in sum.iter().enumerate() {
            store(simd, line, v, *sum);
        }
    }
}

/// The sums plus the products of rows `I` of each line and its row of vectors. (Passed by value:
/// sums behind a reference would stay in memory.)
#[inline(always)]
fn products<S: Simd, const V: usize, const I: usize>(
    simd: S,
    sums: Block<S, V>,
    left: &[[f32; LINE]],
    right: &[[S::f32s; V]],
) -> Block<S, V> {
    let mut sums = sums;
    for (left, right) in left.iter().zip(right) {
        for row in 0..ROWS {
            let value = simd.splat_f32s(left[I * ROWS + row]);
            for v in 0..V {
                sums[row][v] = simd.mul_add_e_f32s(value, right[v], sums[row][v]);
            }
        }
    }
    sums
}

/// Sums in registers: sixteen are enough to keep the multipliers busy.
type Block<S, const V: usize> = [[<S as Simd>::f32s; V]; ROWS];
