use image::RgbImage;

use super::*;
use crate::landmark::{Landmark, LandmarkSchema};

#[test]
fn margins_are_in_the_landmarks_span() {
    let at = |x, y| Landmark::new(x, y, Visibility::Occluded);
    let sample = LandmarkSample::new(
        "",
        BoundingBox::new(0.0, 10.0, 100.0, 210.0).unwrap(),
        vec![at(20.0, 20.0), at(60.0, 60.0), at(30.0, 120.0)],
    );
    assert_eq!(reach(&sample), Some([0.5, 0.1, 1.0, 0.9]));
    assert_eq!(median(vec![3.0, 0.25, -1.0]), Some(0.25));
    assert_eq!(median(vec![]), None);
}

/// Shirts or trousers in boxes of 100 × 100, whose landmarks are all at (50, 50).
struct Garments {
    schema: LandmarkSchema,
    /// For each sample, the category, and whether each of the eight landmarks is visible.
    labels: Vec<(usize, [bool; 8])>,
}

impl LandmarkDataset for Garments {
    fn schema(&self) -> &LandmarkSchema {
        &self.schema
    }

    fn len(&self) -> usize {
        self.labels.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        let (category, visible) = self.labels[index];
        let mut landmarks = vec![Landmark::ABSENT; 8];
        for landmark in self.schema.landmarks_of(Some(category)) {
            let visibility = match visible[landmark] {
                true => Visibility::Visible,
                false => Visibility::Occluded,
            };
            landmarks[landmark] = Landmark::new(50.0, 50.0, visibility);
        }
        LandmarkSample {
            category: Some(category),
            ..LandmarkSample::new(index.to_string(), BoundingBox::whole(100, 100), landmarks)
        }
    }

    fn read_image(&self, _: &str) -> Result<RgbImage, Error> {
        unreachable!("predictions are there")
    }
}

/// 40 shirts. Landmark 0 has a score of 0.8 where it is visible and 0.2 where it is hidden;
/// landmark 1 has 0.8 and is hidden in every fourth shirt. Of the visible ones with 0.8, a fifth is
/// off by 30 pixels; of the others, with 0.4, four fifths are.
fn scene() -> (Predictions, Garments) {
    let mut labels = Vec::new();
    let mut predictions = Vec::new();
    for index in 0..40 {
        let hidden = index % 4 == 0;
        let mut visible = [true; 8];
        (visible[0], visible[1]) = (!hidden, !hidden);
        labels.push((0, visible));
        let mut scores = vec![0.4; 8];
        (scores[0], scores[1]) = (if hidden { 0.2 } else { 0.8 }, 0.8);
        let mut positions = vec![[50.0, 50.0]; 8];
        for (landmark, position) in positions.iter_mut().enumerate() {
            let wrong_in_five = if landmark < 2 { 1 } else { 4 };
            if index % 5 < wrong_in_five {
                position[0] = 80.0;
            }
        }
        predictions.push(Prediction { index, image_size: [100, 100], positions, scores });
    }
    let dataset = Garments { schema: LandmarkSchema::fld(), labels };
    (Predictions { predictions, skipped: Vec::new() }, dataset)
}

#[test]
fn scores_mean_what_the_split_says() {
    let (found, dataset) = scene();
    let calibration = Calibration::fit(&found, &dataset);
    // Visible landmarks with score 0.8: 30 of landmark 0 and 30 of landmark 1, 80 % correct; with
    // score 0.4: 4 × 40, 20 % correct.
    let [sure, unsure] = [0.8, 0.4].map(|score| calibration.confidence(score).unwrap());
    approx::assert_abs_diff_eq!(sure, 0.8, epsilon = 0.02);
    approx::assert_abs_diff_eq!(unsure, 0.2, epsilon = 0.02);
    let threshold = calibration.position.unwrap().threshold;
    approx::assert_abs_diff_eq!(threshold, 0.6, epsilon = 1e-6);

    // Landmark 0's score predicts whether it is hidden. Landmark 1's doesn't, and the others are
    // never hidden.
    assert!(!calibration.visibility(0, 0.2).unwrap().visible);
    assert!(calibration.visibility(0, 0.8).unwrap().visible);
    assert!((1..8).all(|landmark| calibration.visibility(landmark, 0.8).is_none()));

    let report = calibration.confidence_report(&found, &dataset).unwrap();
    let counts = report.counts();
    assert_eq!((counts.correct, counts.incorrect), (48 + 32, 12 + 128));
    assert_eq!((counts.correct_rendered, counts.incorrect_rendered), (48, 12));
}

#[test]
fn a_split_without_errors_says_nothing_of_positions() {
    let (mut found, dataset) = scene();
    for prediction in &mut found.predictions {
        prediction.positions = vec![[50.0, 50.0]; 8];
    }
    let calibration = Calibration::fit(&found, &dataset);
    assert_eq!(calibration.position, None);
    assert_eq!(calibration.confidence(0.8), None);
    assert!(calibration.confidence_report(&found, &dataset).is_none());
}

#[test]
fn categories_are_as_sure_as_they_are_right() {
    let (mut found, mut dataset) = scene();
    // Scores in favor of a shirt (log-odds against trousers: 4 × ln 4), although a third of the
    // samples are trousers.
    for (prediction, label) in found.predictions.iter_mut().zip(&mut dataset.labels) {
        prediction.scores = vec![0.8, 0.8, 0.8, 0.8, 0.5, 0.5, 0.8, 0.8];
        label.0 = usize::from(prediction.index % 3 == 0);
    }
    let calibration = Calibration::fit(&found, &dataset);
    let plain = dataset.schema.category_probabilities(&found.predictions[0].scores);
    let honest = calibration.category_probabilities(&plain);
    assert!(calibration.category_temperature.unwrap() > 1.0);
    assert!(honest[0] < plain[0]);
    approx::assert_abs_diff_eq!(honest.iter().sum::<f64>(), 1.0, epsilon = 1e-9);
}
