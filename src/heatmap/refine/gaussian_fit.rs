//! A Gaussian through a few cells of a line.
use burn::tensor::{Bool, Int, Tensor};

/// Values below this share of the highest count as this share, so that there is a logarithm.
const FLOOR: f64 = 1e-10;

/// Where the Gaussian is highest that fits the `values` (`[N, cells]`, an odd number) best, in cells from the middle one, and
/// whether there is one, both `[N, 1]`: the top of the parabola through the logarithms, by least squares with the
/// values' squares as weights (Guo, 2011), since noise changes the logarithm of a value the less the higher it is.
pub(super) fn gaussian_top(values: Tensor<2>) -> (Tensor<2>, Tensor<2, Bool>) {
    let [_, cells] = values.dims();
    let middle = (cells / 2) as i64;
    let highest = values.clone().max_dim(1).clamp_min(f32::MIN_POSITIVE);
    let shares = (values / highest).clamp_min(FLOOR);
    let weights = shares.clone().powi_scalar(2);
    let total = weights.clone().sum_dim(1);
    let sum = |factors: Tensor<2>| (weights.clone() * factors).sum_dim(1);
    let centered = |factors: Tensor<2>| factors.clone() - sum(factors) / total.clone();
    // Place and its square, each about its mean: what the parabola is made of besides a constant.
    let places = Tensor::<1, Int>::arange(-middle..middle + 1, &total.device()).float();
    let places = places.unsqueeze_dim::<2>(0).expand(weights.dims());
    let linear = centered(places.clone());
    let square = centered(linear.clone().powi_scalar(2));
    let logs = shares.log();
    let ll = sum(linear.clone().powi_scalar(2));
    let ls = sum(linear.clone() * square.clone());
    let ss = sum(square.clone().powi_scalar(2));
    let (l, s) = (sum(linear * logs.clone()), sum(square * logs));
    // Cramer's rule; the determinant, which is not negative, cancels in the place of the top.
    let slope = l.clone() * ss - s.clone() * ls.clone();
    let curvature = s * ll - l * ls;
    let mean = sum(places) / total;
    let top = mean - slope / curvature.clone().mul_scalar(2.0);
    (top, curvature.lower_elem(0.0))
}
