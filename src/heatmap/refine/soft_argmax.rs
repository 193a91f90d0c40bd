//! The mean position by softmax, of a whole map or around a cell.
use burn::tensor::Tensor;

use super::maps::{Cells, Maps, Patches};
use crate::heatmap::soft_argmax::{mean_cell, soft_argmax};

/// x and y, each `[B, n, k]`: [`soft_argmax`] of the whole map.
pub(super) fn of_map(maps: &Maps, cells: &Cells, temperature: f64) -> [Tensor<3>; 2] {
    let [batch, n, _] = maps.flat.dims();
    let [width, height] = maps.size;
    let heatmaps = maps.flat.clone().reshape([batch, n, height, width]);
    let places = soft_argmax(heatmaps, temperature);
    [0, 1].map(|axis| places.clone().narrow(2, axis, 1).expand(cells.column.dims()))
}

/// x and y, each `[B, n, k]`: [`soft_argmax`] of the squares of `side` cells around `cells`,
/// clipped to the map.
pub(super) fn of_window(
    maps: &Maps,
    cells: &Cells,
    temperature: f64,
    side: usize,
) -> [Tensor<3>; 2] {
    let radius = side / 2;
    let Patches { values, inside } = maps.patches(&cells.column, &cells.row, radius);
    let steps = mean_cell(values, Some(inside), temperature).sub_scalar(radius as i64);
    let [x, y] = cells.places();
    let step = |axis| steps.clone().narrow(1, axis, 1).reshape(cells.column.dims());
    [x + step(0), y + step(1)]
}
