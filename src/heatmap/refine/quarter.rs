//! A quarter of a cell towards the higher neighbor.
use burn::tensor::{Bool, Int, Tensor};

use super::maps::{Cells, Maps};
#[cfg(feature = "flex")]
use crate::ops::flex::Heatmaps;

/// A quarter of a cell towards the higher of the two neighbors on each axis; 0 if they are equal or
/// one is missing. x and y, each `[B, n, k]`.
pub(super) fn quarter_offset(maps: &Maps, cells: &Cells) -> [Tensor<3>; 2] {
    let [width, height] = maps.size.map(|cells| cells as i64);
    let [steps_x, steps_y] = steps(maps, cells);
    [
        steps_x.mask_fill(between(&cells.column, 0, width - 1).bool_not(), 0.0),
        steps_y.mask_fill(between(&cells.row, 0, height - 1).bool_not(), 0.0),
    ]
}

/// [`quarter_offset`] under MMPose's conditions: only from the third to the second-to-last cell
/// along the axis, and not in the first cell of the other axis.
pub(super) fn mmpose_quarter_offset(maps: &Maps, cells: &Cells) -> [Tensor<3>; 2] {
    let [width, height] = maps.size.map(|cells| cells as i64);
    let refined = |along: &Tensor<3, Int>, count: i64, other: &Tensor<3, Int>| {
        between(along, 1, count - 1).bool_and(other.clone().greater_elem(0))
    };
    let [steps_x, steps_y] = steps(maps, cells);
    [
        steps_x.mask_fill(refined(&cells.column, width, &cells.row).bool_not(), 0.0),
        steps_y.mask_fill(refined(&cells.row, height, &cells.column).bool_not(), 0.0),
    ]
}

/// Whether `first < cell < last`.
fn between(cell: &Tensor<3, Int>, first: i64, last: i64) -> Tensor<3, Bool> {
    cell.clone().greater_elem(first).bool_and(cell.clone().lower_elem(last))
}

/// A quarter of a cell towards the higher neighbor on each axis, at any position.
fn steps(maps: &Maps, cells: &Cells) -> [Tensor<3>; 2] {
    let [width, height] = maps.size;
    // `cell` is the position along the axis, `stride` its distance in the flattened map, and
    // `others` the other axis' contribution to the index.
    let along = |cell: &Tensor<3, Int>, count: usize, stride: usize, others: Tensor<3, Int>| {
        let value = |step: i64| {
            let moved = cell.clone().add_scalar(step).clamp(0, count as i64 - 1);
            maps.flat.clone().gather(2, moved.mul_scalar(stride as i64) + others.clone())
        };
        (value(1) - value(-1)).sign().mul_scalar(0.25)
    };
    [
        along(&cells.column, width, 1, cells.row.clone().mul_scalar(width as i64)),
        along(&cells.row, height, width, cells.column.clone()),
    ]
}

/// A cell of a map on the host: the same computation for one map at a time.
#[cfg(feature = "flex")]
pub(in crate::heatmap) struct Cell<'a> {
    pub maps: &'a Heatmaps,
    /// The index of the map in the batch.
    pub map: usize,
    /// `[width, height]`.
    pub size: [usize; 2],
    /// `[column, row]`.
    pub at: [usize; 2],
}

#[cfg(feature = "flex")]
impl Cell<'_> {
    /// [`quarter_offset`].
    pub fn quarter_offset(&self) -> [f32; 2] {
        [0, 1].map(|axis| self.step(axis, 1))
    }

    /// [`mmpose_quarter_offset`].
    pub fn mmpose_quarter_offset(&self) -> [f32; 2] {
        [0, 1].map(|axis| if self.at[1 - axis] > 0 { self.step(axis, 2) } else { 0.0 })
    }

    /// A quarter of a cell towards the higher neighbor along an axis; 0 for the first `border`
    /// cells and the last one.
    fn step(&self, axis: usize, border: usize) -> f32 {
        let (at, stride) = (self.at[axis], [1, self.size[0]][axis]);
        if at < border || at + 1 >= self.size[axis] {
            return 0.0;
        }
        let index = self.at[1] * self.size[0] + self.at[0];
        let value = self.maps.reader();
        let [before, after] = [index - stride, index + stride].map(|cell| value(self.map, cell));
        match after - before {
            rise if rise > 0.0 => 0.25,
            rise if rise < 0.0 => -0.25,
            // Equal or not comparable.
            _ => 0.0,
        }
    }
}
