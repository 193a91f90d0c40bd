//! PCK and AUC, as MMPose defines them: fractions of landmarks found.
use serde::{Deserialize, Serialize};

use super::{LandmarkDistance, LandmarkDistances, LandmarkMetric};

/// Percentage of correct keypoints (PCK@t): the fraction of each landmark's visible and occluded
/// instances whose distance is less than `threshold` times the longer side of the labeled box.
///
/// The headline is the unweighted mean over landmarks. It equals MMPose's `PCKAccuracy` with
/// `norm_item='bbox'` if errors were measured with the image's size: MMPose clips boxes to the
/// image (see [`landmark_distances`](super::landmark_distances)). Otherwise the box is used as
/// labeled, which gives larger fractions where boxes reach outside their images.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pck {
    /// The fraction of the box's longer side; 0.2 in MMPose's tables.
    pub threshold: f64,
}

impl LandmarkMetric for Pck {
    fn value(&self, error: &LandmarkDistance) -> Option<f64> {
        error.of_longer_side.map(|distance| f64::from(distance < self.threshold))
    }
}

/// The headline of [`Pck`] over a range of thresholds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PckCurve {
    /// Thresholds relative to the longer side of the box, evenly spaced from 0.
    pub thresholds: Vec<f64>,
    /// PCK at each threshold.
    pub fractions: Vec<f64>,
}

impl PckCurve {
    /// The last threshold: that of MMPose's tables.
    pub const LIMIT: f64 = 0.2;

    /// The number of steps up to the limit, 0.005 each.
    pub const STEPS: u32 = 40;

    /// The curve of all errors; `None` if there are none.
    pub fn of(errors: &LandmarkDistances) -> Option<Self> {
        let thresholds: Vec<f64> = (0..=Self::STEPS)
            .map(|step| Self::LIMIT * f64::from(step) / f64::from(Self::STEPS))
            .collect();
        let fraction = |&threshold: &f64| errors.headline(&Pck { threshold });
        let fractions = thresholds.iter().map(fraction).collect::<Option<_>>()?;
        Some(Self { thresholds, fractions })
    }
}

/// Area under the curve of found landmarks over the distance in pixels (AUC).
///
/// For each landmark's visible and occluded instances, this is the mean, over [`Self::STEPS`]
/// thresholds (`limit` × {0, 0.05, … 0.95}), of the fraction that is closer. The headline is the
/// unweighted mean over landmarks. Equals MMPose's `AUC`. Nothing is closer than 0, so perfect
/// predictions reach 0.95.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Auc {
    /// The end of the curve, in pixels of the image; 30 in MMPose.
    pub limit: f64,
}

impl Auc {
    /// The number of thresholds, from 0; the limit itself isn't one.
    pub const STEPS: u32 = 20;
}

impl Default for Auc {
    fn default() -> Self {
        Self { limit: 30.0 }
    }
}

impl LandmarkMetric for Auc {
    fn value(&self, error: &LandmarkDistance) -> Option<f64> {
        let distance = error.pixels / self.limit;
        let beaten = |&step: &u32| distance < f64::from(step) / f64::from(Self::STEPS);
        Some((0..Self::STEPS).filter(beaten).count() as f64 / f64::from(Self::STEPS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landmark::Visibility;

    fn at(pixels: f64) -> LandmarkDistance {
        LandmarkDistance {
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
        assert_eq!(pck.value(&LandmarkDistance { of_longer_side: None, ..at(1.0) }), None);
    }

    #[test]
    fn the_curve_is_pck_at_each_threshold() {
        use crate::{geometry::BoundingBox, landmark::Landmark};
        let mut errors = LandmarkDistances::new(2);
        assert_eq!(PckCurve::of(&errors), None);
        let bounds = BoundingBox::new(0.0, 0.0, 100.0, 50.0).unwrap();
        let truth = [0.0, 9.0].map(|x| Landmark::new(x, 0.0, Visibility::Visible));
        errors.update(0, &[[5.0, 0.0], [9.0, 0.0]], &truth, &bounds, None);
        errors.update(1, &[[15.0, 0.0], [9.0, 99.0]], &truth, &bounds, None);
        let curve = PckCurve::of(&errors).unwrap();
        assert_eq!((curve.thresholds.len(), curve.thresholds[40]), (41, 0.2));
        // 0.005 per step. 0.05 is not below itself, so landmark 0 counts from step 11 on, and again
        // from 31.
        let at = [0, 1, 10, 11, 30, 31, 40].map(|step| curve.fractions[step]);
        assert_eq!(at, [0.0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75]);
        assert_eq!(curve.fractions[20], errors.headline(&Pck { threshold: 0.1 }).unwrap());
    }

    #[test]
    fn perfect_predictions_reach_nineteen_of_twenty() {
        // 15 px is not closer than 30 × 0.5; 0.55, … 0.95 are 9 thresholds.
        let values =
            [0.0, 15.0, 28.5, f64::INFINITY].map(|pixels| Auc::default().value(&at(pixels)));
        assert_eq!(values, [Some(0.95), Some(9.0 / 20.0), Some(0.0), Some(0.0)]);
    }
}
