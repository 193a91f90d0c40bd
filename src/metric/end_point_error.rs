//! End-point error (EPE), as MMPose defines it.
use super::{LandmarkError, LandmarkMeans, LandmarkMetric};

/// The mean distance in pixels of the picture, over all visible and occluded instances of all landmarks together.
/// MMPose's `EPE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EndPointError;

impl LandmarkMetric for EndPointError {
    fn value(&self, error: &LandmarkError) -> Option<f64> {
        Some(error.pixels)
    }

    fn headline(&self, means: &LandmarkMeans) -> Option<f64> {
        means.pooled()
    }
}
