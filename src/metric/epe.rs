//! End-point error (EPE), as MMPose defines it.
use super::{LandmarkDistance, LandmarkMeans, LandmarkMetric};

/// Mean absolute distance in pixels of the image (EPE), over all visible and occluded instances of
/// all landmarks together. Equals MMPose's `EPE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Epe;

impl LandmarkMetric for Epe {
    fn value(&self, error: &LandmarkDistance) -> Option<f64> {
        Some(error.pixels)
    }

    fn headline(&self, means: &LandmarkMeans) -> Option<f64> {
        means.pooled()
    }
}
