//! Distribution-aware positions (DARK): Newton's step on the logarithm of the smoothed map.
//!
//! The step needs the smoothed map on 5×5 cells only, so that the map itself is smoothed nowhere else: the square of cells
//! that those are made of is gathered, and multiplied by a matrix from each side. The smoothed values are then scaled so that the
//! highest of the 25 is the highest cell's own; MMPose takes the highest of the whole smoothed map. Where it lies elsewhere,
//! the scale differs, and with it the values that are cut; a scale by itself leaves the derivatives of a logarithm alone.
use burn::tensor::{Bool, Device, Int, Tensor, TensorData};

use super::{
    Cells, Maps,
    maps::{Patches, reach},
};

/// Cells beyond the middle one that derivatives are made of.
const REACH: usize = 2;
const SIDE: usize = 2 * REACH + 1;

/// Smoothed values that are cut before the logarithm, in both directions.
const DARK_RANGE: [f64; 2] = [1e-10, f32::MAX as f64];
const UDP_RANGE: [f64; 2] = [1e-3, 50.0];

/// [`Refinement::Dark`](super::Refinement::Dark): x and y, `[B, n, k]`.
pub(super) fn dark(maps: &Maps, cells: &Cells, kernel: usize) -> [Tensor<3>; 2] {
    if maps.size.iter().any(|&cells| cells < 3) {
        return cells.places();
    }
    let start = Start::new(maps, cells);
    let last = maps.size.map(|cells| cells as i64 - 1);
    let center = [0, 1].map(|axis| start.at[axis].clone().clamp(1, last[axis] - 1));
    // How many cells there are on both sides.
    let room = [0, 1].map(|axis| {
        let after = center[axis].clone().neg().add_scalar(last[axis]);
        center[axis].clone().min_pair(after)
    });
    let radii = room.clone().map(|room| {
        room.sub_scalar(REACH as i64).clamp(0, (kernel / 2) as i64).squeeze_dim::<1>(1)
    });
    let logs = start.logarithms(maps, &center, radii, kernel / 2, DARK_RANGE);
    let [wide_x, wide_y] = room.map(|room| room.greater_equal_elem(REACH as i64));
    let slope = Slope {
        x: logs.first([1, 0]),
        y: logs.first([0, 1]),
        xx: logs.second([1, 0]).mask_where(wide_x, logs.second([2, 0]).div_scalar(4.0)),
        xy: logs.mixed(),
        yy: logs.second([0, 1]).mask_where(wide_y, logs.second([0, 2]).div_scalar(4.0)),
    };
    let is_maximum =
        slope.xx.clone().lower_elem(0.0).bool_and(slope.determinant().greater_elem(0.0));
    // From the highest cell, of which the derivatives' place may be one cell off.
    let [x, y] = [0, 1].map(|axis| (center[axis].clone() - start.at[axis].clone()).float());
    let [dx, dy] = slope.step();
    let furthest = REACH as f64;
    let steps = [x + dx, y + dy].map(|step| step.clamp(-furthest, furthest));
    start.moved(steps, is_maximum)
}

/// [`Refinement::MmposeDark`](super::Refinement::MmposeDark), but for maps without a positive value: x and y, `[B, n, k]`.
pub(super) fn mmpose_dark(maps: &Maps, cells: &Cells, kernel: usize) -> [Tensor<3>; 2] {
    let start = Start::new(maps, cells);
    let logs = start.logarithms(maps, &start.at, start.whole(kernel), kernel / 2, DARK_RANGE);
    let slope = Slope {
        x: logs.first([1, 0]),
        y: logs.first([0, 1]),
        xx: logs.second([2, 0]).div_scalar(4.0),
        xy: logs.mixed(),
        yy: logs.second([0, 2]).div_scalar(4.0),
    };
    let [in_columns, in_rows] = [0, 1].map(|axis| {
        let last = maps.size[axis] as i64 - REACH as i64;
        let at = &start.at[axis];
        at.clone().greater_elem(1).bool_and(at.clone().lower_elem(last))
    });
    let refined = in_columns.bool_and(in_rows).bool_and(slope.is_solvable());
    start.moved(slope.step(), refined)
}

/// [`Refinement::DarkUdp`](super::Refinement::DarkUdp): x and y, `[B, n, k]`.
pub(super) fn dark_udp(maps: &Maps, cells: &Cells, kernel: usize) -> [Tensor<3>; 2] {
    let start = Start::new(maps, cells);
    let logs = start.logarithms(maps, &start.at, start.whole(kernel), kernel / 2, UDP_RANGE);
    let diagonals = logs.at([1, 1]) + logs.at([-1, -1]);
    let edges = logs.at([1, 0]) + logs.at([-1, 0]) + logs.at([0, 1]) + logs.at([0, -1]);
    let slope = Slope {
        x: logs.first([1, 0]),
        y: logs.first([0, 1]),
        xx: logs.second([1, 0]).add_scalar(f32::EPSILON),
        xy: (diagonals - edges + logs.at([0, 0]).mul_scalar(2.0)).div_scalar(2.0),
        yy: logs.second([0, 1]).add_scalar(f32::EPSILON),
    };
    let refined = slope.is_solvable();
    start.moved(slope.step(), refined)
}

/// Where the steps start, for `N = B·n·k` cells. All tensors are `[N, 1]`.
struct Start {
    /// Column and row.
    at: [Tensor<2, Int>; 2],
    scores: Tensor<2>,
    /// `[width, height]` of the maps.
    size: [usize; 2],
    /// `[B, n, k]`.
    shape: [usize; 3],
}

impl Start {
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

    /// The whole kernel's radius, for each cell along each axis.
    fn whole(&self, kernel: usize) -> [Tensor<1, Int>; 2] {
        let [count, _] = self.scores.dims();
        [(); 2].map(|()| Tensor::full([count], (kernel / 2) as i64, &self.scores.device()))
    }

    /// The logarithms around `center` (column and row) of the map smoothed by kernels of these `radii` (for x and y), up to
    /// `radius`; values outside of `range` cut.
    fn logarithms(
        &self,
        maps: &Maps,
        center: &[Tensor<2, Int>; 2],
        radii: [Tensor<1, Int>; 2],
        radius: usize,
        [lowest, highest]: [f64; 2],
    ) -> Logarithms {
        let [column, row] = [0, 1].map(|axis| center[axis].clone().reshape(self.shape));
        let Patches { values, inside } = maps.patches(&column, &row, radius + REACH);
        let kernels = kernels(radius, &maps.device());
        let [across, down] = radii.map(|radii| kernels.clone().select(0, radii));
        let smooth = down.matmul(values * inside).matmul(across.swap_dims(1, 2));
        // The edge's values repeated beyond it.
        let [columns, rows] = [0, 1].map(|axis| {
            let (bounded, _) = reach(center[axis].clone(), REACH, self.size[axis]);
            bounded - center[axis].clone() + REACH as i64
        });
        let [count, _] = rows.dims();
        let index: Tensor<3, Int> =
            rows.unsqueeze_dim::<3>(2).mul_scalar(SIDE as i64) + columns.unsqueeze_dim::<3>(1);
        let smooth =
            smooth.reshape([count, SIDE * SIDE]).gather(1, index.reshape([count, SIDE * SIDE]));
        // Where nothing is positive, all of it is cut: flat, so that no step is taken.
        let scale = self.scores.clone() / smooth.clone().max_dim(1).clamp_min(f32::MIN_POSITIVE);
        Logarithms((smooth * scale).clamp(lowest, highest).log())
    }

    /// The highest cells, `[B, n, k]`, moved by these steps where they are `refined` and have a positive value; held on the map.
    fn moved(&self, steps: [Tensor<2>; 2], refined: Tensor<2, Bool>) -> [Tensor<3>; 2] {
        let refined = refined.bool_and(self.scores.clone().greater_elem(0.0));
        let [x, y] = steps;
        [(0, x), (1, y)].map(|(axis, step)| {
            let at = self.at[axis].clone().float();
            let place = (at.clone() + step).clamp(-0.5, self.size[axis] as f64 - 0.5);
            at.mask_where(refined.clone(), place).reshape(self.shape)
        })
    }
}

/// For each radius from 0 to `radius`, the matrix that smooths `2·radius + 5` cells to the 5 in their middle:
/// `[radius + 1, 5, 2·radius + 5]`. The Gaussian has OpenCV's σ for its size, `0.3·(r − 1) + 0.8`, and a sum of 1. (For sides
/// up to 9, OpenCV rounds it to whole 256ths.)
fn kernels(radius: usize, device: &Device) -> Tensor<3> {
    let length = 2 * radius + SIDE;
    let mut matrices = vec![0.0f32; (radius + 1) * SIDE * length];
    for (r, matrix) in matrices.chunks_mut(SIDE * length).enumerate() {
        let sigma = 0.3 * (r as f64 - 1.0) + 0.8;
        let weight = |i: usize| (-0.5 * ((i as f64 - r as f64) / sigma).powi(2)).exp();
        let total: f64 = (0..=2 * r).map(weight).sum();
        for (cell, line) in matrix.chunks_mut(length).enumerate() {
            for (i, value) in line[radius + cell - r..][..=2 * r].iter_mut().enumerate() {
                *value = (weight(i) / total) as f32;
            }
        }
    }
    Tensor::from_data(TensorData::new(matrices, [radius + 1, SIDE, length]), device)
}

/// `[N, 25]`: the logarithms of 5×5 cells.
struct Logarithms(Tensor<2>);

impl Logarithms {
    /// `[N, 1]`: the one that many cells (right and down) from the middle.
    fn at(&self, [right, down]: [isize; 2]) -> Tensor<2> {
        let index = (down + REACH as isize) * SIDE as isize + right + REACH as isize;
        self.0.clone().narrow(1, index as usize, 1)
    }

    /// Half the difference between the cells ahead and behind.
    fn first(&self, [right, down]: [isize; 2]) -> Tensor<2> {
        (self.at([right, down]) - self.at([-right, -down])).div_scalar(2.0)
    }

    /// By how much the cells ahead and behind together are above twice the middle one.
    fn second(&self, [right, down]: [isize; 2]) -> Tensor<2> {
        self.at([right, down]) - self.at([0, 0]).mul_scalar(2.0) + self.at([-right, -down])
    }

    /// The derivative by x and y, from the four cells at the corners.
    fn mixed(&self) -> Tensor<2> {
        let same = self.at([1, 1]) + self.at([-1, -1]);
        (same - self.at([1, -1]) - self.at([-1, 1])).div_scalar(4.0)
    }
}

/// First and second derivatives, each `[N, 1]`.
struct Slope {
    x: Tensor<2>,
    y: Tensor<2>,
    xx: Tensor<2>,
    xy: Tensor<2>,
    yy: Tensor<2>,
}

impl Slope {
    fn determinant(&self) -> Tensor<2> {
        self.xx.clone() * self.yy.clone() - self.xy.clone().powi_scalar(2)
    }

    fn is_solvable(&self) -> Tensor<2, Bool> {
        self.determinant().abs().greater_elem(0.0)
    }

    /// Newton's step, to where the first derivatives are 0.
    fn step(&self) -> [Tensor<2>; 2] {
        let determinant = self.determinant();
        let step = |own: &Tensor<2>, first: &Tensor<2>, other: &Tensor<2>| {
            (self.xy.clone() * other.clone() - own.clone() * first.clone()) / determinant.clone()
        };
        [step(&self.yy, &self.x, &self.y), step(&self.xx, &self.y, &self.x)]
    }
}
