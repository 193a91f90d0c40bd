//! The score of a whole detection.

/// The mean score of a detection's landmarks (those of its category), times the box's score if the
/// box was detected.
///
/// Average precision ranks detections by it. It is 0 without landmarks.
///
/// The rule is MMPose's (`CocoMetric` with `score_mode` `bbox_keypoint`) without MMPose's
/// threshold, which leaves landmarks below 0.2 out of the mean.
///
/// ```
/// use dafe::metric::detection_score;
///
/// assert_eq!(detection_score([0.25, 0.75], None), 0.5);
/// assert_eq!(detection_score([0.25, 0.75], Some(0.5)), 0.25);
/// ```
pub fn detection_score(
    landmark_scores: impl IntoIterator<Item = f32>,
    box_score: Option<f32>,
) -> f64 {
    let (sum, count) = (landmark_scores.into_iter())
        .fold((0.0, 0), |(sum, count), score| (sum + f64::from(score), count + 1));
    f64::from(box_score.unwrap_or(1.0)) * sum / f64::from(count.max(1))
}

#[cfg(test)]
mod tests {
    use super::detection_score;

    #[test]
    fn landmarks_are_averaged_and_boxes_weigh() {
        assert_eq!(detection_score([0.5, 0.25, 0.75], None), 0.5);
        // Low scores are not left out.
        assert_eq!(detection_score([1.0, 0.125, 0.0, 0.375], Some(0.5)), 0.1875);
        assert_eq!(detection_score([], Some(0.5)), 0.0);
        assert!(detection_score([f32::NAN, 1.0], None).is_nan());
    }
}
