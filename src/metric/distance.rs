//! The distance of each predicted landmark from its label: the basis of every distance metric.
use crate::{
    geometry::BoundingBox,
    landmark::{Landmark, Visibility},
};

/// The distance of one predicted landmark from its label.
///
/// A predicted position that is NaN is infinitely far away: fractions count it as a miss, and mean
/// distances become infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LandmarkDistance {
    /// The landmark's index in the schema.
    pub landmark: usize,
    /// Visible or occluded; other landmarks have no position.
    pub visibility: Visibility,
    /// Whether the label lies in the labeled box, edges included.
    pub inside_box: bool,
    /// Distance in pixels of the image.
    pub pixels: f64,
    /// `sqrt((dx/w)² + (dy/h)²)`, where `w` and `h` are the width and height of the labeled box.
    pub normalized: f64,
    /// The distance relative to the longer side of the labeled box, clipped to the image if
    /// requested; `None` if nothing of the box is left.
    pub of_longer_side: Option<f64>,
}

/// The distances of one sample's visible and occluded landmarks.
///
/// `predicted` (`[x, y]`), `truth` and the labeled box are in pixels of the image. With
/// `image_size` (`[width, height]`), the box for [`LandmarkDistance::of_longer_side`] is first
/// clipped to the image's pixel centers, as MMPose does.
///
/// # Panics
/// If the numbers of landmarks differ.
pub fn landmark_distances<'a>(
    predicted: &'a [[f32; 2]],
    truth: &'a [Landmark],
    bounds: &BoundingBox,
    image_size: Option<[u32; 2]>,
) -> impl Iterator<Item = LandmarkDistance> + 'a {
    assert_eq!(
        predicted.len(),
        truth.len(),
        "{} landmarks were predicted and {} are labeled",
        predicted.len(),
        truth.len()
    );
    let [x1, y1, x2, y2] = [bounds.x1, bounds.y1, bounds.x2, bounds.y2].map(f64::from);
    let (width, height) = (x2 - x1, y2 - y1);
    let longer = match image_size {
        None => width.max(height),
        Some(size) => {
            let [right, bottom] = size.map(|side| f64::from(side.saturating_sub(1)));
            let clipped = |from: f64, to: f64, end: f64| to.clamp(0.0, end) - from.clamp(0.0, end);
            clipped(x1, x2, right).max(clipped(y1, y2, bottom))
        }
    };
    predicted
        .iter()
        .zip(truth)
        .enumerate()
        .filter(|(_, (_, truth))| truth.visibility.has_position())
        .map(move |(landmark, (predicted, truth))| {
            let (x, y) = (f64::from(truth.x), f64::from(truth.y));
            let (dx, dy) = (f64::from(predicted[0]) - x, f64::from(predicted[1]) - y);
            let pixels = distance(dx, dy);
            LandmarkDistance {
                landmark,
                visibility: truth.visibility,
                inside_box: (x1..=x2).contains(&x) && (y1..=y2).contains(&y),
                pixels,
                normalized: distance(dx / width, dy / height),
                of_longer_side: (longer > 0.0).then(|| pixels / longer),
            }
        })
}

/// The Euclidean length; infinite if a component is NaN.
fn distance(dx: f64, dy: f64) -> f64 {
    let distance = dx.hypot(dy);
    if distance.is_nan() { f64::INFINITY } else { distance }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_measured_in_all_three_units() {
        let bounds = BoundingBox::new(-20.0, 10.0, 80.0, 60.0).unwrap();
        let truth = [
            Landmark::ABSENT,
            Landmark::new(80.0, 40.0, Visibility::Occluded),
            Landmark::new(5.0, 5.0, Visibility::Truncated),
            Landmark::new(81.0, 60.0, Visibility::Visible),
        ];
        let predicted = [[0.0; 2], [86.0, 48.0], [0.0; 2], [81.0, 60.0]];
        let measured: Vec<_> = landmark_distances(&predicted, &truth, &bounds, None).collect();
        // 6 and 8 pixels; 6/100 and 8/50; the longer side is 100.
        let occluded = LandmarkDistance {
            landmark: 1,
            visibility: Visibility::Occluded,
            inside_box: true,
            pixels: 10.0,
            normalized: 0.06f64.hypot(0.16),
            of_longer_side: Some(0.1),
        };
        let visible = LandmarkDistance {
            landmark: 3,
            visibility: Visibility::Visible,
            inside_box: false,
            pixels: 0.0,
            normalized: 0.0,
            of_longer_side: Some(0.0),
        };
        assert_eq!(measured, [occluded, visible]);

        // Clipped to 0..=40 × 10..=60, whose longer side is 50.
        let clipped =
            landmark_distances(&predicted, &truth, &bounds, Some([41, 100])).next().unwrap();
        assert_eq!(clipped, LandmarkDistance { of_longer_side: Some(0.2), ..occluded });
        for nothing_left in [[41, 5], [1, 1], [0, 0]] {
            let error = landmark_distances(&predicted, &truth, &bounds, Some(nothing_left)).next();
            // The box still covers 40 columns of an image that ends above it.
            let wanted = (nothing_left[0] == 41).then_some(0.25);
            assert_eq!(error.unwrap().of_longer_side, wanted);
        }
    }

    #[test]
    fn what_is_no_number_is_infinitely_far() {
        let bounds = BoundingBox::new(0.0, 0.0, 10.0, 10.0).unwrap();
        let truth = [Landmark::new(5.0, 5.0, Visibility::Visible)];
        for nowhere in [[f32::NAN, 5.0], [5.0, f32::INFINITY], [f32::NAN, f32::NEG_INFINITY]] {
            let error = landmark_distances(&[nowhere], &truth, &bounds, None).next().unwrap();
            assert_eq!((error.pixels, error.normalized), (f64::INFINITY, f64::INFINITY));
            assert_eq!(error.of_longer_side, Some(f64::INFINITY));
        }
    }
}
