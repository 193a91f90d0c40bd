//! Classification: the category of an object from the scores of its landmarks.
use super::LandmarkSchema;

/// Lower and upper limit of a score. A landmark with a score of 0 may be hidden or outside the
/// image, and one with a perfect score may be a mistake, though rarely: neither decides alone. The
/// first happens more often, so its limit is less extreme.
///
/// The exact values matter little: on 600 generated images, lower limits from 0.02 to 0.3 and upper
/// limits from 0.8 to 0.98 gave 85.0 to 85.8 % correct categories.
const LIMITS: [f64; 2] = [0.1, 0.98];

impl LandmarkSchema {
    /// The probability of each category, given each heatmap's highest value. The probabilities sum
    /// to 1.
    ///
    /// Scores are treated as independent probabilities that the landmarks are present, and all
    /// categories as equally likely a priori. No landmark decides alone: scores below 0.1 (and NaN)
    /// count as 0.1, and those above 0.98 as 0.98. Use this only for networks trained towards empty
    /// heatmaps for landmarks that a category lacks (`TargetPolicy::absent_as_empty`); the outputs
    /// of other networks are arbitrary there.
    ///
    /// # Panics
    /// If there is not one score per landmark.
    pub fn category_probabilities(&self, scores: &[f32]) -> Vec<f64> {
        let n = self.len();
        assert_eq!(scores.len(), n, "{n} landmarks have scores, not {}", scores.len());
        let [hidden, certain] = LIMITS;
        let there = |score: f32| match score.is_nan() {
            true => hidden,
            false => f64::from(score).clamp(hidden, certain),
        };
        // The change of the log-likelihood if a landmark is present instead of absent; the part
        // that all categories share is left out.
        let gains: Vec<f64> =
            scores.iter().map(|&score| (there(score) / (1.0 - there(score))).ln()).collect();
        let logs = self.categories().iter().map(|category| {
            category.landmarks.iter().map(|&landmark| gains[landmark]).sum::<f64>()
        });
        let logs: Vec<f64> = logs.collect();
        let highest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = logs.iter().map(|log| (log - highest).exp()).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / sum).collect()
    }

    /// The most likely category and its probability ([`Self::category_probabilities`]); the first
    /// of equally likely ones, and `None` if the schema has no categories.
    ///
    /// # Panics
    /// As [`Self::category_probabilities`].
    pub fn likeliest_category(&self, scores: &[f32]) -> Option<(usize, f64)> {
        likeliest(self.category_probabilities(scores))
    }
}

/// The index of the highest of these probabilities, and the probability; of equals, the first.
pub(crate) fn likeliest(probabilities: Vec<f64>) -> Option<(usize, f64)> {
    let probabilities = probabilities.into_iter().enumerate();
    probabilities.reduce(|best, other| if other.1 > best.1 { other } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landmark::ClothesType;

    #[test]
    fn the_landmarks_that_are_seen_tell_the_type() {
        let schema = LandmarkSchema::fld();
        for &kind in ClothesType::ALL {
            let scores: Vec<f32> =
                (0..8).map(|i| if kind.slots().contains(&i) { 0.9 } else { 0.1 }).collect();
            let (found, probability) = schema.likeliest_category(&scores).unwrap();
            assert_eq!(found, kind as usize);
            assert!(probability > 0.9, "{probability}");
        }
    }

    #[test]
    fn one_hidden_landmark_does_not_decide() {
        let mut scores = [0.95; 8];
        scores[4] = 0.0;
        let (found, _) = LandmarkSchema::fld().likeliest_category(&scores).unwrap();
        assert_eq!(found, ClothesType::Full as usize);
    }

    #[test]
    fn probabilities_are_by_hand() {
        // Of FLD's types, upper lacks 4 and 5, and lower lacks 0 to 3. All scores are ½ except ¾
        // for landmark 4: ½ is neutral, and ¾ : ¼ = 3 favors lower and full.
        let mut scores = [0.5; 8];
        scores[4] = 0.75;
        let found = LandmarkSchema::fld().category_probabilities(&scores);
        for (found, expected) in found.iter().zip([1.0 / 7.0, 3.0 / 7.0, 3.0 / 7.0]) {
            approx::assert_abs_diff_eq!(*found, expected, epsilon = 1e-12);
        }
    }

    #[test]
    fn no_score_makes_it_anything_but_probabilities() {
        for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -3.0, 1e30] {
            let found = LandmarkSchema::fld().category_probabilities(&[odd; 8]);
            approx::assert_abs_diff_eq!(found.iter().sum::<f64>(), 1.0, epsilon = 1e-12);
        }
        let none = LandmarkSchema::new(vec!["tip".into()], vec![0], vec![]).unwrap();
        assert_eq!(none.likeliest_category(&[0.5]), None);
    }
}
