//! Estimates the scale of the images that a network was trained on, from its own statistics.
//!
//! A weights file does not say how images were normalized. But the running variance of the
//! BatchNorm after the first convolution is the variance of that convolution's sums over image
//! patches. The statistics of photographs' patches are known, so the scale can be computed.

/// Variance of photographs' values, which are 0 to 1.
///
/// These numbers are those of 3×3 patches of the clothing set's 263 training photographs at
/// 224×224 pixels; `tools/reference/image_statistics.py` prints them.
const VARIANCE: f64 = 0.0618;

/// Correlations of the values of two pixels by their squared distance, 0 to 8: within one color,
/// and between two colors. 3, 6 and 7 are not squared distances on a grid.
const SAME_COLOR: [f64; 9] = [1.0, 0.9687, 0.947, 0.0, 0.9288, 0.9155, 0.0, 0.0, 0.8938];
const OTHER_COLOR: [f64; 9] = [0.8078, 0.7781, 0.7578, 0.0, 0.7415, 0.7293, 0.0, 0.0, 0.7102];

/// Estimates the factor applied to images with values from 0 to 1 before a first convolution with
/// `weights` (`[C, 3, 3, 3]`) and running variances `variances` (`[C]`) after it: the median over
/// the channels. `None` if no channel is usable.
pub(super) fn image_scale(weights: &[f32], variances: &[f32]) -> Option<f64> {
    let kernels = weights.as_chunks::<27>().0;
    let mut scales: Vec<f64> = kernels
        .iter()
        .zip(variances)
        .filter_map(|(kernel, &variance)| {
            let expected = variance_of(kernel);
            // A dead channel has a variance near 0, and a channel that only sums differences
            // measures noise.
            let tells = expected > 1e-4 && variance > 1e-4;
            tells.then(|| (f64::from(variance) / expected).sqrt())
        })
        .collect();
    scales.sort_by(f64::total_cmp);
    scales.get(scales.len() / 2).copied()
}

/// The variance of a kernel's sums over patches of photographs.
fn variance_of(kernel: &[f32; 27]) -> f64 {
    let place = |i: usize| (i / 9, i / 3 % 3, i % 3);
    let mut sum = 0.0;
    for (i, first) in kernel.iter().enumerate() {
        for (j, second) in kernel.iter().enumerate() {
            let ((color, y, x), (other, v, u)) = (place(i), place(j));
            let distance = y.abs_diff(v).pow(2) + x.abs_diff(u).pow(2);
            let by_distance = if color == other { &SAME_COLOR } else { &OTHER_COLOR };
            sum += f64::from(*first) * f64::from(*second) * by_distance[distance];
        }
    }
    VARIANCE * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_that_of_the_sums() {
        // The mean of a patch: the variance of its sums is the mean of all correlations.
        let mean = [1.0f32 / 27.0; 27];
        let correlation = |same: &[f64; 9]| {
            // The 81 pairs of a 3×3 grid by squared distance: 9, 24, 16, 12, 16 and 4.
            let counts = [9.0, 24.0, 16.0, 0.0, 12.0, 16.0, 0.0, 0.0, 4.0];
            same.iter().zip(counts).map(|(value, count)| value * count).sum::<f64>() / 81.0
        };
        let expected =
            VARIANCE * (correlation(&SAME_COLOR) / 3.0 + correlation(&OTHER_COLOR) * 2.0 / 3.0);
        assert!((variance_of(&mean) - expected).abs() < 1e-7);
        // Doubled images have four times the variance; dead channels don't count.
        let weights = [mean, mean, [0.0; 27]].concat();
        let found = image_scale(&weights, &[4.0 * expected as f32, 4.0 * expected as f32, 0.0]);
        assert!((found.unwrap() - 2.0).abs() < 1e-5);
        assert_eq!(image_scale(&[0.0; 27], &[1.0]), None);
    }
}
