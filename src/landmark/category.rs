//! Which category a thing has, from what a network saw of each landmark.
use super::LandmarkSchema;

/// The least and the most that a score says. A landmark without any may be hidden, or outside the
/// image, and one with a perfect score may be a mistake, though rarely: neither decides alone. The
/// first happens more often, so it says less.
///
/// Their exact values matter little: on 600 drawn images, lower limits from 0.02 to 0.3 and upper
/// ones from 0.8 to 0.98 named 85.0 to 85.8 % of the categories rightly.
const LIMITS: [f64; 2] = [0.1, 0.98];

impl LandmarkSchema {
    /// How likely each category is, given each heatmap's highest value; they add up to 1.
    ///
    /// A value is taken as the probability that the landmark is there, independently of the others, and every category as
    /// equally likely beforehand. No landmark decides alone: values below 0.1 (NaN, too) count as 0.1, those above 0.98
    /// as 0.98. For networks that were trained towards empty heatmaps where a category lacks a landmark
    /// (`TargetPolicy::absent_as_empty`): others answer at such places as they please.
    ///
    /// # Panics
    /// If there is not one score a landmark.
    pub fn category_probabilities(&self, scores: &[f32]) -> Vec<f64> {
        let n = self.len();
        assert_eq!(scores.len(), n, "{n} landmarks have scores, not {}", scores.len());
        let [hidden, certain] = LIMITS;
        let there = |score: f32| match score.is_nan() {
            true => hidden,
            false => f64::from(score).clamp(hidden, certain),
        };
        // The logarithm's change where a landmark is there instead of not: the common part of all categories is left out.
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

    /// The likeliest category and its probability, by [`Self::category_probabilities`]; `None` in a schema without
    /// categories. Of equally likely ones, the first.
    ///
    /// # Panics
    /// As [`Self::category_probabilities`].
    pub fn likeliest_category(&self, scores: &[f32]) -> Option<(usize, f64)> {
        let probabilities = self.category_probabilities(scores).into_iter().enumerate();
        probabilities.reduce(|best, other| if other.1 > best.1 { other } else { best })
    }
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
        // Of FLD's types, upper lacks 4 and 5, lower lacks 0 to 3. All at ½ but landmark 4 at ¾: ½ tells nothing, and
        // ¾ : ¼ = 3 speaks for lower and full.
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
