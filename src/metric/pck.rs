//! Shares of landmarks that were found: PCK and AUC, as MMPose defines them.
use super::{LandmarkError, LandmarkMetric};

/// Percentage of correct keypoints, PCK@t: the share of each landmark's visible and occluded instances whose distance is
/// less than `threshold` times the longer side of the labelled box; the headline is the unweighted mean of the
/// landmarks' shares. MMPose's `PCKAccuracy` with `norm_item='bbox'`, where MMPose has clipped the box to the picture before:
/// that is for errors that were measured with the picture's size (see [`landmark_errors`](super::landmark_errors)). Without,
/// it is the box as labelled, which gives larger shares where boxes end outside of their pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pck {
    /// The share of the box's longer side; MMPose's tables have 0.2.
    pub threshold: f64,
}

impl LandmarkMetric for Pck {
    fn value(&self, error: &LandmarkError) -> Option<f64> {
        error.of_longer_side.map(|distance| f64::from(distance < self.threshold))
    }
}

/// Area under the curve of found landmarks over the distance in pixels: of each landmark's visible and occluded
/// instances, the mean over [`Self::STEPS`] thresholds, `limit` × {0, 0.05, … 0.95}, of the share closer than that; the
/// headline is the unweighted mean over landmarks. MMPose's `AUC`. Nothing is closer than 0, so that perfect
/// predictions reach 0.95.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Auc {
    /// Where the curve ends, in pixels of the picture: MMPose's 30.
    pub limit: f64,
}

impl Auc {
    /// Thresholds, from 0 on; the limit itself isn't one.
    pub const STEPS: u32 = 20;
}

impl Default for Auc {
    fn default() -> Self {
        Self { limit: 30.0 }
    }
}

impl LandmarkMetric for Auc {
    fn value(&self, error: &LandmarkError) -> Option<f64> {
        let distance = error.pixels / self.limit;
        let beaten = |&step: &u32| distance < f64::from(step) / f64::from(Self::STEPS);
        Some((0..Self::STEPS).filter(beaten).count() as f64 / f64::from(Self::STEPS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landmark::Visibility;

    fn at(pixels: f64) -> LandmarkError {
        LandmarkError {
            landmark: 0,
            visibility: Visibility::Occluded,
            inside_box: true,
            pixels,
            normalized: pixels / 100.0,
            of_longer_side: Some(pixels / 100.0),
        }
    }

    #[test]
    fn the_threshold_itself_is_a_miss() {
        let pck = Pck { threshold: 0.25 };
        let values = [24.9, 25.0, f64::INFINITY].map(|pixels| pck.value(&at(pixels)));
        assert_eq!(values, [Some(1.0), Some(0.0), Some(0.0)]);
        assert_eq!(pck.value(&LandmarkError { of_longer_side: None, ..at(1.0) }), None);
    }

    #[test]
    fn perfect_predictions_reach_nineteen_of_twenty() {
        // 15 px is not closer than 30 × 0.5; 0.55, … 0.95 are 9 thresholds.
        let values =
            [0.0, 15.0, 28.5, f64::INFINITY].map(|pixels| Auc::default().value(&at(pixels)));
        assert_eq!(values, [Some(0.95), Some(9.0 / 20.0), Some(0.0), Some(0.0)]);
    }
}
