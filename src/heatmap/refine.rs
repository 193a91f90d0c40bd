//! Sub-cell refinement of the highest cell.
use burn::tensor::{Bool, Int, Tensor};

/// A quarter of a cell towards the higher of the two neighbours on each axis; 0 where they are equal or one of them
/// is missing.
///
/// # Shapes
/// - `flat`: `[B, n, height·width]`
/// - `column`, `row`, each output (x, y): `[B, n, 1]`
pub(super) fn quarter_offset(
    flat: Tensor<3>,
    column: Tensor<3, Int>,
    row: Tensor<3, Int>,
    size: [usize; 2],
) -> [Tensor<3>; 2] {
    let inside = |cell: &Tensor<3, Int>, count: usize| between(cell, 0, count as i64 - 1);
    let [steps_x, steps_y] = steps(flat, column.clone(), row.clone(), size);
    [
        steps_x.mask_fill(inside(&column, size[0]).bool_not(), 0.0),
        steps_y.mask_fill(inside(&row, size[1]).bool_not(), 0.0),
    ]
}

/// [`quarter_offset`] where MMPose has it: from the third cell to the last but one along the axis, and not in the other
/// axis' first cell.
pub(super) fn mmpose_quarter_offset(
    flat: Tensor<3>,
    column: Tensor<3, Int>,
    row: Tensor<3, Int>,
    size: [usize; 2],
) -> [Tensor<3>; 2] {
    let refined = |along: &Tensor<3, Int>, count: usize, other: &Tensor<3, Int>| {
        between(along, 1, count as i64 - 1).bool_and(other.clone().greater_elem(0))
    };
    let [steps_x, steps_y] = steps(flat, column.clone(), row.clone(), size);
    [
        steps_x.mask_fill(refined(&column, size[0], &row).bool_not(), 0.0),
        steps_y.mask_fill(refined(&row, size[1], &column).bool_not(), 0.0),
    ]
}

/// Whether `first < cell < last`.
fn between(cell: &Tensor<3, Int>, first: i64, last: i64) -> Tensor<3, Bool> {
    cell.clone().greater_elem(first).bool_and(cell.clone().lower_elem(last))
}

/// A quarter of a cell towards the higher neighbour on each axis, wherever the cell lies.
fn steps(
    flat: Tensor<3>,
    column: Tensor<3, Int>,
    row: Tensor<3, Int>,
    [width, height]: [usize; 2],
) -> [Tensor<3>; 2] {
    // `cell` runs along the axis, `stride` apart in `flat`; `others` is what the other axis adds.
    let along = |cell: Tensor<3, Int>, count: usize, stride: usize, others: Tensor<3, Int>| {
        let last = count.saturating_sub(1) as i64;
        let value = |step: i64| {
            let moved = cell.clone().add_scalar(step).clamp(0, last);
            flat.clone().gather(2, moved.mul_scalar(stride as i64) + others.clone())
        };
        (value(1) - value(-1)).sign().mul_scalar(0.25)
    };
    [
        along(column.clone(), width, 1, row.clone().mul_scalar(width as i64)),
        along(row, height, width, column),
    ]
}

/// A cell of a map on the host: the same, one map at a time.
#[cfg(feature = "flex")]
pub(super) struct Cell<'a> {
    /// `height·width` values.
    pub map: &'a [f32],
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

    /// A quarter of a cell towards the higher neighbour along an axis, on whose first cells, `border` of them, and whose
    /// last there is none.
    fn step(&self, axis: usize, border: usize) -> f32 {
        let (at, stride) = (self.at[axis], [1, self.size[0]][axis]);
        if at < border || at + 1 >= self.size[axis] {
            return 0.0;
        }
        let index = self.at[1] * self.size[0] + self.at[0];
        let (before, after) = (self.map[index - stride], self.map[index + stride]);
        match after - before {
            rise if rise > 0.0 => 0.25,
            rise if rise < 0.0 => -0.25,
            // Equal, or not comparable.
            _ => 0.0,
        }
    }
}
