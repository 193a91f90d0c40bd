//! Fits a Gaussian to a few cells of a line.
use burn::tensor::{Bool, Int, Tensor};

/// Values are clamped below at this fraction of the highest, so that their logarithm exists.
const FLOOR: f64 = 1e-10;

/// The top of the Gaussian that best fits the `values` (`[N, cells]`, an odd number of cells), in
/// cells from the middle one, and whether there is a top; both `[N, 1]`.
///
/// It is the top of the parabola through the logarithms, by least squares weighted with the squares
/// of the values (Guo, 2011), since noise changes the logarithm of a high value less.
pub(super) fn gaussian_top(values: Tensor<2>) -> (Tensor<2>, Tensor<2, Bool>) {
    let [_, cells] = values.dims();
    let middle = (cells / 2) as i64;
    let highest = values.clone().max_dim(1).clamp_min(f32::MIN_POSITIVE);
    let shares = (values / highest).clamp_min(FLOOR);
    let weights = shares.clone().powi_scalar(2);
    let total = weights.clone().sum_dim(1);
    let sum = |factors: Tensor<2>| (weights.clone() * factors).sum_dim(1);
    let centered = |factors: Tensor<2>| factors.clone() - sum(factors) / total.clone();
    // Positions and their squares, each minus its mean: the parabola's terms besides the constant.
    let places = Tensor::<1, Int>::arange(-middle..middle + 1, &total.device()).float();
    let places = places.unsqueeze_dim::<2>(0).expand(weights.dims());
    let linear = centered(places.clone());
    let square = centered(linear.clone().powi_scalar(2));
    let logs = shares.log();
    let ll = sum(linear.clone().powi_scalar(2));
    let ls = sum(linear.clone() * square.clone());
    let ss = sum(square.clone().powi_scalar(2));
    let (l, s) = (sum(linear * logs.clone()), sum(square * logs));
    // Cramer's rule. The determinant, which is not negative, cancels in the position of the top.
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
