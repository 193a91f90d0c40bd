//! Sub-cell refinement of the highest cell.
use burn::tensor::{Int, Tensor};

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
    [width, height]: [usize; 2],
) -> [Tensor<3>; 2] {
    // `cell` runs along the axis, `stride` apart in `flat`; `others` is what the other axis adds.
    let along = |cell: Tensor<3, Int>, count: usize, stride: usize, others: Tensor<3, Int>| {
        let last = count.saturating_sub(1) as i64;
        let value = |step: i64| {
            let moved = cell.clone().add_scalar(step).clamp(0, last);
            flat.clone().gather(2, moved.mul_scalar(stride as i64) + others.clone())
        };
        let inside = cell.clone().greater_elem(0).bool_and(cell.clone().lower_elem(last));
        (value(1) - value(-1)).sign().mul_scalar(0.25).mask_fill(inside.bool_not(), 0.0)
    };
    [
        along(column.clone(), width, 1, row.clone().mul_scalar(width as i64)),
        along(row, height, width, column),
    ]
}
