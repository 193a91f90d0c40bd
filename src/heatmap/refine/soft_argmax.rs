//! The mean position by softmax.
use burn::tensor::{Int, Tensor};

use super::{Cells, Maps, maps::Patches};

/// x and y, `[B, n, k]`: the means of the cells' positions by the weights `exp(value / temperature)`, over the `window` cells
/// square around each of `cells`, or over the whole map.
pub(super) fn soft_argmax(
    maps: &Maps,
    cells: &Cells,
    temperature: f64,
    window: Option<usize>,
) -> [Tensor<3>; 2] {
    let shape = cells.column.dims();
    match window {
        None => {
            let [batch, n, count] = maps.flat.dims();
            let values = maps.flat.clone().reshape([batch * n, count]);
            let steps = grid(maps.size, [0, 0], &values);
            mean(values, None, steps, temperature)
                .map(|place| place.reshape([shape[0], shape[1], 1]).expand(shape))
        }
        Some(side) => {
            let radius = side / 2;
            let Patches { values, inside } = maps.patches(&cells.column, &cells.row, radius);
            let [count, ..] = values.dims();
            let flat = |tensor: Tensor<3>| tensor.reshape([count, side * side]);
            let values = flat(values);
            let steps = grid([side; 2], [radius; 2], &values);
            let [dx, dy] = mean(values, Some(flat(inside)), steps, temperature);
            let [x, y] = cells.places();
            [x + dx.reshape(shape), y + dy.reshape(shape)]
        }
    }
}

/// x and y of each cell of a map of `size`, counted from cell `origin`: `[width·height, 2]`.
fn grid([width, height]: [usize; 2], origin: [usize; 2], like: &Tensor<2>) -> Tensor<2> {
    let device = like.device();
    let axis = |cells: usize, origin: usize| {
        let first = -(origin as i64);
        Tensor::<1, Int>::arange(first..first + cells as i64, &device).float()
    };
    let x = axis(width, origin[0]).reshape([1, width]).expand([height, width]);
    let y = axis(height, origin[1]).reshape([height, 1]).expand([height, width]);
    Tensor::stack::<3>(vec![x, y], 2).reshape([width * height, 2])
}

/// The means, each `[N]`, of `steps` (`[cells, 2]`) by the softmax of `values` (`[N, cells]`), those counted that are `inside`.
fn mean(
    values: Tensor<2>,
    inside: Option<Tensor<2>>,
    steps: Tensor<2>,
    temperature: f64,
) -> [Tensor<1>; 2] {
    let highest = values.clone().detach().max_dim(1);
    let mut weights = (values - highest).div_scalar(temperature).exp();
    if let Some(inside) = inside {
        weights = weights * inside;
    }
    let total = weights.clone().sum_dim(1);
    let means = weights.matmul(steps) / total;
    [0, 1].map(|axis| means.clone().narrow(1, axis, 1).squeeze_dim(1))
}
