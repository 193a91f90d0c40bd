//! Distribution-aware coordinate decoding (DARK): a Newton step on the logarithm of the smoothed
//! map.
//!
//! Smoothed values are scaled so that the highest of the 25 values around a cell equals the
//! unsmoothed highest cell; MMPose uses the highest value of the whole smoothed map. Where that
//! value lies elsewhere, the scale differs, and so do the values that are clamped. The scale alone
//! does not change the derivatives of a logarithm.
use burn::tensor::{Bool, Int, Tensor};

use super::{
    gaussian_fit::gaussian_top,
    maps::{Cells, Maps, Patches, reach},
    newton::Neighborhood,
    smoothing::{Kernels, REACH, SIDE},
};

/// Smoothed values are clamped to these ranges before the logarithm.
const DARK_RANGE: [f64; 2] = [1e-10, f32::MAX as f64];
const UDP_RANGE: [f64; 2] = [1e-3, 50.0];

/// [`Refinement::Dark`](super::Refinement::Dark): x and y, each `[B, n, k]`.
pub(super) fn dark(maps: &Maps, cells: &Cells, kernel: usize) -> [Tensor<3>; 2] {
    if maps.size.iter().any(|&cells| cells < SIDE) {
        return cells.places();
    }
    let kernels = Kernels::new(kernel, &maps.device());
    let starts = Starts::new(maps, cells);
    let last = maps.size.map(|cells| cells as i64 - 1);
    // The five cells around these centers are on the map.
    let center =
        [0, 1].map(|axis| starts.at[axis].clone().clamp(REACH as i64, last[axis] - REACH as i64));
    let square = starts.square(maps, &center, kernels.radius);
    let newton = starts.logarithms(&square, &center, &kernels, DARK_RANGE).wide();

    // The largest kernel radius that stays on the map.
    let room = [0, 1].map(|axis| {
        let before = center[axis].clone();
        let after = before.clone().neg().add_scalar(last[axis]);
        before.min_pair(after).sub_scalar(REACH as i64).clamp(0, kernels.radius as i64)
    });
    let offset = [0, 1].map(|axis| center[axis].clone() - starts.at[axis].clone());
    let fits = starts.fits(square, &kernels, &room, &offset);

    let is_inside = |axis: usize| {
        let whole = room[axis].clone().equal_elem(kernels.radius as i64);
        whole.bool_and(offset[axis].clone().equal_elem(0))
    };
    let is_inside = is_inside(0).bool_and(is_inside(1));
    let is_maximum = newton.is_maximum();
    let ([step_x, step_y], [fit_x, fit_y]) = (newton.step(), fits);
    starts.moved([(step_x, fit_x), (step_y, fit_y)].map(|(step, (top, has_top))| {
        let step = top.mask_where(is_inside.clone(), step);
        let refined = has_top.mask_where(is_inside.clone(), is_maximum.clone());
        (step.clamp(-(REACH as f64), REACH as f64), refined)
    }))
}

/// [`Refinement::MmposeDark`](super::Refinement::MmposeDark), except for maps without a positive
/// value: x and y, each `[B, n, k]`.
pub(super) fn mmpose_dark(maps: &Maps, cells: &Cells, kernel: usize) -> [Tensor<3>; 2] {
    let kernels = Kernels::new(kernel, &maps.device());
    let starts = Starts::new(maps, cells);
    let square = starts.square(maps, &starts.at, kernels.radius);
    let newton = starts.logarithms(&square, &starts.at, &kernels, DARK_RANGE).wide();
    let [in_columns, in_rows] = [0, 1].map(|axis| {
        let (at, last) = (&starts.at[axis], maps.size[axis] as i64 - REACH as i64);
        at.clone().greater_elem(1).bool_and(at.clone().lower_elem(last))
    });
    let refined = in_columns.bool_and(in_rows).bool_and(newton.is_solvable());
    starts.moved(newton.step().map(|step| (step, refined.clone())))
}

/// [`Refinement::DarkUdp`](super::Refinement::DarkUdp): x and y, each `[B, n, k]`.
pub(super) fn dark_udp(maps: &Maps, cells: &Cells, kernel: usize) -> [Tensor<3>; 2] {
    let kernels = Kernels::new(kernel, &maps.device());
    let starts = Starts::new(maps, cells);
    let square = starts.square(maps, &starts.at, kernels.radius);
    let newton = starts.logarithms(&square, &starts.at, &kernels, UDP_RANGE).narrow();
    let refined = newton.is_solvable();
    starts.moved(newton.step().map(|step| (step, refined.clone())))
}

/// The cells where the steps start, `N = B·n·k` of them. All tensors are `[N, 1]`.
struct Starts {
    /// Column and row.
    at: [Tensor<2, Int>; 2],
    scores: Tensor<2>,
    /// `[width, height]` of the maps.
    size: [usize; 2],
    /// `[B, n, k]`.
    shape: [usize; 3],
}

impl Starts {
    fn new(maps: &Maps, cells: &Cells) -> Self {
        let shape = cells.column.dims();
        let count = shape.iter().product();
        Self {
            at: [&cells.column, &cells.row].map(|axis| axis.clone().reshape([count, 1])),
            scores: cells.scores.clone().reshape([count, 1]),
            size: maps.size,
            shape,
        }
    }

    /// The cells around `center` (column and row) needed to compute five smoothed cells along each
    /// axis: `[N, 2·radius + 5, 2·radius + 5]`. They are 0 beyond the border.
    fn square(&self, maps: &Maps, center: &[Tensor<2, Int>; 2], radius: usize) -> Tensor<3> {
        let [column, row] = [0, 1].map(|axis| center[axis].clone().reshape(self.shape));
        let Patches { values, inside } = maps.patches(&column, &row, radius + REACH);
        values * inside
    }

    /// The logarithms of the clamped smoothed map around `center`. Cells beyond the border repeat
    /// the edge.
    fn logarithms(
        &self,
        square: &Tensor<3>,
        center: &[Tensor<2, Int>; 2],
        kernels: &Kernels,
        [lowest, highest]: [f64; 2],
    ) -> Neighborhood {
        let matrix = kernels.largest();
        let smooth = matrix.clone().matmul(square.clone()).matmul(matrix.swap_dims(1, 2));
        let [columns, rows] = [0, 1].map(|axis| {
            let (bounded, _) = reach(center[axis].clone(), REACH, self.size[axis]);
            bounded - center[axis].clone() + REACH as i64
        });
        let [count, _] = rows.dims();
        let index: Tensor<3, Int> =
            rows.unsqueeze_dim::<3>(2).mul_scalar(SIDE as i64) + columns.unsqueeze_dim::<3>(1);
        let flat = [count, SIDE * SIDE];
        let smooth = smooth.reshape(flat).gather(1, index.reshape(flat));
        // Where no value is positive, all values are clamped: the map is flat and no step is taken.
        let scale = self.scores.clone() / smooth.clone().max_dim(1).clamp_min(f32::MIN_POSITIVE);
        Neighborhood((smooth * scale).clamp(lowest, highest).log())
    }

    /// For x and y, the step to the top of a Gaussian along this axis alone, and whether there is
    /// one.
    ///
    /// Across the axis, the map is smoothed as in its interior: the zeros beyond the border reduce
    /// all cells along the axis alike. Along the axis, it is smoothed by the largest kernel that
    /// `room` allows. `offset` is the center of `square` relative to the starting cell.
    fn fits(
        &self,
        square: Tensor<3>,
        kernels: &Kernels,
        room: &[Tensor<2, Int>; 2],
        offset: &[Tensor<2, Int>; 2],
    ) -> [(Tensor<2>, Tensor<2, Bool>); 2] {
        [(0, square.clone()), (1, square.swap_dims(1, 2))].map(|(axis, square)| {
            let start = offset[1 - axis].clone().neg() + REACH as i64;
            let line = kernels.largest_at(start).matmul(square);
            let along = kernels.of(room[axis].clone()).swap_dims(1, 2);
            let (top, has_top) = gaussian_top(line.matmul(along).squeeze_dim(1));
            (top + offset[axis].clone().float(), has_top)
        })
    }

    /// The cells moved by the steps, x and y, each `[B, n, k]`. Only cells that should be refined
    /// and have a positive value are moved; positions are clamped to the map.
    fn moved(&self, steps: [(Tensor<2>, Tensor<2, Bool>); 2]) -> [Tensor<3>; 2] {
        let is_positive = self.scores.clone().greater_elem(0.0);
        let [x, y] = steps;
        [(0, x), (1, y)].map(|(axis, (step, refined))| {
            let at = self.at[axis].clone().float();
            let place = (at.clone() + step).clamp(-0.5, self.size[axis] as f64 - 0.5);
            at.mask_where(refined.bool_and(is_positive.clone()), place).reshape(self.shape)
        })
    }
}
