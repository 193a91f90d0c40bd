use super::*;

#[test]
fn two_scores_have_the_probabilities_that_platts_targets_have_on_average() {
    // A curve with two parameters passes through both means: 30 of 40 visible at 0.8, 10 of 40 at 0.2.
    let kind =
        |score, visible: usize| (0..40).map(move |i| (score, i < visible)).collect::<Vec<_>>();
    let fitted = LandmarkCalibration::fit([kind(0.2, 10), kind(0.8, 30)].concat()).unwrap();
    let (high, low) = (41.0 / 42.0, 1.0 / 42.0);
    let mean = |visible: f32| (visible * high + (40.0 - visible) * low) / 40.0;
    approx::assert_abs_diff_eq!(fitted.probability(0.8), mean(30.0), epsilon = 1e-6);
    approx::assert_abs_diff_eq!(fitted.probability(0.2), mean(10.0), epsilon = 1e-6);
    assert_eq!(fitted.threshold, 0.5);
}

#[test]
fn the_threshold_is_where_balanced_accuracy_is_highest() {
    // From 0.6 on, 2 of 100 visible ones and 1 of 10 hidden ones are wrong; anywhere else more in sum.
    let mut scored = vec![(0.9, true); 98];
    scored.extend(vec![(0.3, true); 2]);
    scored.extend(vec![(0.3, false); 9]);
    scored.push((0.95, false));
    let fitted = LandmarkCalibration::fit(scored).unwrap();
    approx::assert_abs_diff_eq!(fitted.threshold, 0.6, epsilon = 1e-6);
    assert!(!fitted.estimate(0.3).visible && fitted.estimate(0.9).visible);
}

#[test]
fn kinds_that_are_told_apart_without_error_give_finite_numbers() {
    let scored = (0..40).map(|i| (i as f32 / 40.0, i >= 20)).collect();
    let fitted = LandmarkCalibration::fit(scored).unwrap();
    assert!(fitted.slope.is_finite() && fitted.intercept.is_finite());
    assert!(fitted.probability(0.95) > 0.9 && fitted.probability(0.05) < 0.1);
    // Scores that say nothing: everybody is visible, as likely as the split says.
    let scored = (0..40).map(|i| (0.5, i >= 10)).collect();
    let fitted = LandmarkCalibration::fit(scored).unwrap();
    assert_eq!(fitted.threshold, 0.5);
    approx::assert_abs_diff_eq!(fitted.probability(0.5), 0.75, epsilon = 0.03);
    assert_eq!(LandmarkCalibration::fit(vec![(0.5, true); 40]), None);
}

#[test]
fn margins_are_in_the_landmarks_span() {
    let at = |x, y| crate::landmark::Landmark::new(x, y, Visibility::Occluded);
    let sample = LandmarkSample::new(
        "",
        BoundingBox::new(0.0, 10.0, 100.0, 210.0).unwrap(),
        vec![at(20.0, 20.0), at(60.0, 60.0), at(30.0, 120.0)],
    );
    assert_eq!(reach(&sample), Some([0.5, 0.1, 1.0, 0.9]));
    assert_eq!(median(vec![3.0, 0.25, -1.0]), Some(0.25));
    assert_eq!(median(vec![]), None);
}
