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

#[cfg(all(test, feature = "flex"))]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    #[test]
    fn tops_of_gaussians_are_exact_and_flat_lines_have_none() {
        // exp(−(t − top)²/2σ²), of any height, on t = −2 to 2; the top may lie beyond them.
        let lines = [(0.3f32, 1.0f32, 0.9f32), (-2.4, 2.0, 0.01), (2.5, 1.5, 300.0)];
        let mut values: Vec<f32> = lines
            .iter()
            .flat_map(|(top, sigma, height)| {
                (-2..=2).map(move |t| height * (-0.5 * ((t as f32 - top) / sigma).powi(2)).exp())
            })
            .collect();
        values.extend([0.5; 5]);
        values.extend([0.0; 5]);
        values.extend([3.0, 2.0, 1.0, 2.0, 3.0]);
        let values = Tensor::from_data(TensorData::new(values, [6, 5]), &Device::flex());
        let (tops, has_top) = gaussian_top(values);
        let has_top: Vec<bool> = has_top.into_data().iter::<bool>().collect();
        assert_eq!(has_top, [true, true, true, false, false, false]);
        let tops: Vec<f32> = tops.into_data().try_into_vec().unwrap();
        for ((expected, ..), top) in lines.iter().zip(tops) {
            assert!((top - expected).abs() < 1e-4, "{top} is not {expected}");
        }
    }
}
