//! Soft-argmax: mean positions by softmax, which are differentiable, unlike the argmax.
use burn::tensor::{Int, Tensor};

use crate::Error;

/// The lowest and highest temperature.
pub(super) const TEMPERATURES: [f64; 2] = [1e-4, 1e4];

/// Checks that the temperature of `what` is within [`TEMPERATURES`].
pub(crate) fn check_temperature(what: &str, temperature: f64) -> Result<(), Error> {
    let [coldest, hottest] = TEMPERATURES;
    match (coldest..=hottest).contains(&temperature) {
        true => Ok(()),
        false => Err(Error::config(format!(
            "the temperature of '{what}' must be within {coldest} and {hottest}, not {temperature}"
        ))),
    }
}

/// The mean cell of each heatmap, weighted by `softmax(heatmap / temperature)` (integral
/// regression; Sun et al., 2018). It is differentiable and approaches the highest cell as the
/// temperature falls.
///
/// Any finite heatmap gives a finite position and finite gradients, since the highest value is
/// subtracted first.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{heatmap::soft_argmax, prelude::*};
///
/// // The softmax of 0 and ln 3 is ¼ and ¾, so the mean column is ¾.
/// let map = Tensor::<4>::from_floats([[[[0.0, 3f32.ln()]]]], &Device::flex());
/// let position = soft_argmax(map, 1.0).into_data().try_to_vec::<f32>().unwrap();
/// assert!((position[0] - 0.75).abs() < 1e-6 && position[1] == 0.0);
/// ```
///
/// # Shapes
/// - `heatmaps`: `[B, n, H, W]`
/// - output: `[B, n, 2]`, x and y in heatmap cells
///
/// # Panics
/// If the temperature is not within [`Refinement::TEMPERATURES`](super::Refinement::TEMPERATURES).
pub fn soft_argmax(heatmaps: Tensor<4>, temperature: f64) -> Tensor<3> {
    if let Err(error) = check_temperature("soft argmax", temperature) {
        panic!("{error}");
    }
    let [batch, n, height, width] = heatmaps.dims();
    if batch * n == 0 {
        return Tensor::zeros([batch, n, 2], (&heatmaps.device(), heatmaps.dtype()));
    }
    let maps = heatmaps.reshape([batch * n, height, width]);
    mean_cell(maps, None, temperature).reshape([batch, n, 2])
}

/// [`soft_argmax`] of `maps`, `[N, H, W]`, to `[N, 2]`, over only the cells that are 1 in `inside`,
/// `[N, H, W]`, not 0.
pub(super) fn mean_cell(maps: Tensor<3>, inside: Option<Tensor<3>>, temperature: f64) -> Tensor<2> {
    let [count, height, width] = maps.dims();
    let (device, dtype) = (maps.device(), maps.dtype());
    let values: Tensor<2> = maps.reshape([count, height * width]);
    let highest = values.clone().detach().max_dim(1);
    let mut weights = (values - highest).div_scalar(temperature).exp();
    if let Some(inside) = inside {
        weights = weights * inside.reshape([count, height * width]);
    }
    let weights: Tensor<3> = weights.reshape([count, height, width]);
    // The mean along one axis, with weights summed over the other axis. The weights are normalized
    // before they multiply positions: half precision cannot hold 80² · 80.
    let mean = |weights: Tensor<3>, cells: usize| -> Tensor<2> {
        let weights: Tensor<2> = weights.reshape([count, cells]);
        let places = Tensor::<1, Int>::arange(0..cells as i64, &device).float().cast(dtype);
        (weights.clone() / weights.sum_dim(1) * places.unsqueeze()).sum_dim(1)
    };
    let x = mean(weights.clone().sum_dim(1), width);
    let y = mean(weights.sum_dim(2), height);
    Tensor::cat(vec![x, y], 1)
}
