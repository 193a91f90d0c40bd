//! Percentage of detected landmarks (PDL): the fraction found, by distance.
use serde::{Deserialize, Serialize};

use super::{LandmarkDistance, LandmarkDistances, LandmarkMeans, LandmarkMetric, Ne};

/// The fraction of landmarks with a normalized error below a distance, over a range of distances.
/// Landmarks are pooled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PdlCurve {
    /// Normalized distances, evenly spaced from 0.
    pub distances: Vec<f64>,
    /// The fraction of landmarks that are closer, at each distance.
    pub fractions: Vec<f64>,
}

impl PdlCurve {
    /// The last distance: that of the fashion-landmark papers' curves.
    pub const LIMIT: f64 = 0.2;

    /// The number of steps up to the limit.
    pub const STEPS: u32 = 40;

    /// The curve of the errors that `protocol` scores and `keep` selects (see
    /// [`LandmarkDistances::means_where`]); `None` if there are none.
    pub fn of(
        errors: &LandmarkDistances,
        protocol: &Ne,
        mut keep: impl FnMut(usize, &LandmarkDistance) -> bool,
    ) -> Option<Self> {
        let mut sorted: Vec<f64> = Vec::new();
        for (sample, errors) in errors.samples().enumerate() {
            let kept = errors.iter().filter(|error| keep(sample, error));
            sorted.extend(kept.filter_map(|error| protocol.value(error)));
        }
        sorted.sort_by(f64::total_cmp);
        if sorted.is_empty() {
            return None;
        }
        let distances: Vec<f64> = (0..=Self::STEPS)
            .map(|step| Self::LIMIT * f64::from(step) / f64::from(Self::STEPS))
            .collect();
        let fraction = |&limit: &f64| {
            sorted.partition_point(|&distance| distance < limit) as f64 / sorted.len() as f64
        };
        let fractions = distances.iter().map(fraction).collect();
        Some(Self { distances, fractions })
    }
}

/// The exact area under the [`PdlCurve`] up to `limit`, divided by `limit`: 1 if every landmark is
/// exact.
///
/// ```
/// use dafe::{
///     landmark::{Landmark, Visibility},
///     metric::{LandmarkDistances, PdlArea},
///     prelude::*,
/// };
///
/// let bounds = BoundingBox::new(0.0, 0.0, 64.0, 64.0).unwrap();
/// let truth = [Landmark::new(32.0, 32.0, Visibility::Visible)];
/// let mut errors = LandmarkDistances::new(1);
/// errors.update(0, &[[40.0, 32.0]], &truth, &bounds, None);
/// // 8 of 64 pixels: found at the distances from 0.125 to 0.5.
/// assert_eq!(errors.headline(&PdlArea { limit: 0.5, ..PdlArea::default() }), Some(0.75));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PdlArea {
    /// The end of the curve, a normalized distance.
    pub limit: f64,
    /// Which landmarks are counted.
    pub protocol: Ne,
}

impl Default for PdlArea {
    fn default() -> Self {
        Self { limit: PdlCurve::LIMIT, protocol: Ne::default() }
    }
}

impl LandmarkMetric for PdlArea {
    /// A landmark with error `d` is found at the distances from `d` to `limit`: it contributes that
    /// fraction of the range.
    fn value(&self, error: &LandmarkDistance) -> Option<f64> {
        self.protocol.value(error).map(|distance| (1.0 - distance / self.limit).max(0.0))
    }

    fn headline(&self, means: &LandmarkMeans) -> Option<f64> {
        means.pooled()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geometry::BoundingBox,
        landmark::{Landmark, Visibility},
    };

    fn errors(distances: &[f32]) -> LandmarkDistances {
        let bounds = BoundingBox::new(0.0, 0.0, 1.0, 1.0).unwrap();
        let mut errors = LandmarkDistances::new(1);
        for (image, &distance) in distances.iter().enumerate() {
            let truth = [Landmark::new(0.0, 0.0, Visibility::Visible)];
            errors.update(image, &[[distance, 0.0]], &truth, &bounds, None);
        }
        errors
    }

    #[test]
    fn the_curve_counts_what_is_closer() {
        let errors = errors(&[0.0, 0.125, 0.5, f32::NAN]);
        let curve = PdlCurve::of(&errors, &Ne::default(), |_, _| true).unwrap();
        assert_eq!((curve.distances[0], curve.distances[40]), (0.0, 0.2));
        assert_eq!((curve.fractions[0], curve.fractions[1], curve.fractions[40]), (0.0, 0.25, 0.5));
        // 0.125 is the 25th of 40 distances, and not below itself.
        assert_eq!((curve.fractions[25], curve.fractions[26]), (0.25, 0.5));
        let area = errors.headline(&PdlArea::default()).unwrap();
        approx::assert_abs_diff_eq!(area, (1.0 + 0.375) / 4.0, epsilon = 1e-12);
    }

    #[test]
    fn the_area_is_the_curves() {
        let distances: Vec<f32> = (0..1000).map(|i| i as f32 / 2500.0).collect();
        let errors = errors(&distances);
        let curve = PdlCurve::of(&errors, &Ne::default(), |_, _| true).unwrap();
        let trapezoids: f64 =
            curve.fractions.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).sum();
        let area = errors.headline(&PdlArea::default()).unwrap();
        // The curve is a straight line with steps of a thousandth.
        approx::assert_abs_diff_eq!(area, trapezoids / 40.0, epsilon = 1e-3);
    }
}
