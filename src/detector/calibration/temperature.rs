//! Temperature scaling of category probabilities (Guo et al., "On Calibration of Modern Neural
//! Networks", 2017).

/// The fewest samples to fit a temperature to.
const LEAST: usize = 30;

/// The lowest and the highest temperature that are tried.
const RANGE: [f64; 2] = [0.2, 20.0];

/// The temperature of maximum likelihood, given each sample's probabilities and true category.
pub fn fit(samples: &[(Vec<f64>, usize)]) -> Option<f64> {
    if samples.len() < LEAST || samples.iter().all(|(probabilities, _)| probabilities.len() < 2) {
        return None;
    }
    // Convex in 1 / temperature, so a golden-section search finds the minimum.
    let cost = |inverse: f64| -> f64 {
        let each = samples.iter().map(|(probabilities, category)| {
            -applied(probabilities, 1.0 / inverse)[*category].max(f64::MIN_POSITIVE).ln()
        });
        each.sum()
    };
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let [mut low, mut high] = [1.0 / RANGE[1], 1.0 / RANGE[0]];
    while high - low > 1e-6 {
        let [a, b] = [high - golden * (high - low), low + golden * (high - low)];
        match cost(a) <= cost(b) {
            true => high = b,
            false => low = a,
        }
    }
    Some(2.0 / (low + high))
}

/// Scales `probabilities` by a temperature and normalizes them.
pub fn applied(probabilities: &[f64], temperature: f64) -> Vec<f64> {
    let powers: Vec<f64> = probabilities.iter().map(|p| p.powf(1.0 / temperature)).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temperature_makes_sure_what_is_right_and_no_more() {
        // Always 0.9 for the first of two categories, which is right 3 times out of 4: p¹ᐟᵀ / (p¹ᐟᵀ
        // + q¹ᐟᵀ) = ¾ where (0.9 / 0.1)¹ᐟᵀ = 3, so T = ln 9 / ln 3 = 2.
        let samples: Vec<_> = (0..40).map(|i| (vec![0.9, 0.1], usize::from(i % 4 == 0))).collect();
        let temperature = fit(&samples).unwrap();
        approx::assert_abs_diff_eq!(temperature, 2.0, epsilon = 1e-3);
        let found = applied(&[0.9, 0.1], temperature);
        approx::assert_abs_diff_eq!(found[0], 0.75, epsilon = 1e-3);
    }

    #[test]
    fn what_is_always_right_or_says_nothing_has_a_finite_temperature() {
        for p in [0.5, 0.6, 1.0] {
            for category in [0, 1] {
                let samples = vec![(vec![p, 1.0 - p], category); 40];
                let temperature = fit(&samples).unwrap();
                assert!((0.1..=21.0).contains(&temperature), "{temperature}");
                let found = applied(&[p, 1.0 - p], temperature);
                approx::assert_abs_diff_eq!(found.iter().sum::<f64>(), 1.0, epsilon = 1e-9);
            }
        }
        assert_eq!(fit(&vec![(vec![0.9, 0.1], 0); 20]), None);
        assert_eq!(fit(&vec![(vec![1.0], 0); 40]), None);
    }
}
