//! Boxes for annotations without one.
use crate::{Error, geometry::BoundingBox};

/// Margin on each side of a box derived from landmarks, as a fraction of the longer side of their
/// extent.
///
/// At one eighth, the box of a square extent is a quarter larger than the extent.
pub const BOX_MARGIN: f32 = 0.125;

/// Rejects negative and non-finite margins.
pub(super) fn check_margin(margin: f32) -> Result<(), Error> {
    match margin >= 0.0 && margin.is_finite() {
        true => Ok(()),
        false => Err(Error::config(format!("the box margin must be at least 0, not {margin}"))),
    }
}

/// The source of a derived box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BoxSource {
    Landmarks,
    Image,
}

/// Derives the box of a garment from its labeled `points`.
///
/// The box is the points' extent, grown on each side by `margin` times its longer side. The shorter
/// side is then raised to at least half of the longer one, so that points on a line have a usable
/// box. The box may extend beyond the image, as labeled boxes may.
///
/// With fewer than two distinct points, it is the whole image of `size` (`[width, height]`,
/// pixels). `None` if that size is unknown or no valid box contains the points.
pub(super) fn derive_box(
    points: impl IntoIterator<Item = [f32; 2]>,
    margin: f32,
    size: Option<[u32; 2]>,
) -> Option<(BoundingBox, BoxSource)> {
    let none = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
    let [x1, y1, x2, y2] = points
        .into_iter()
        .fold(none, |[x1, y1, x2, y2], [x, y]| [x1.min(x), y1.min(y), x2.max(x), y2.max(y)]);
    let longer = (x2 - x1).max(y2 - y1);
    // No points, or all in the same place.
    if !(longer > 0.0 && longer.is_finite()) {
        let [width, height] = size?;
        let bounds = BoundingBox::new(0.0, 0.0, width as f32, height as f32)?;
        return Some((bounds, BoxSource::Image));
    }
    let whole = longer * (1.0 + 2.0 * margin);
    let grown = |from: f32, to: f32| {
        let length = (to - from + 2.0 * margin * longer).max(whole / 2.0);
        let middle = (from + to) / 2.0;
        [middle - length / 2.0, middle + length / 2.0]
    };
    let ([x1, x2], [y1, y2]) = (grown(x1, x2), grown(y1, y2));
    Some((BoundingBox::new(x1, y1, x2, y2)?, BoxSource::Landmarks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(points: &[[f32; 2]], size: Option<[u32; 2]>) -> Option<([f32; 4], BoxSource)> {
        let (bounds, source) = derive_box(points.iter().copied(), BOX_MARGIN, size)?;
        Some(([bounds.x1, bounds.y1, bounds.x2, bounds.y2], source))
    }

    #[test]
    fn a_box_holds_its_points_with_a_margin() {
        // The extent is 80 × 40; with 10 on each side the box is 100 × 60.
        let points = [[10.0, 20.0], [90.0, 60.0], [50.0, 30.0]];
        assert_eq!(of(&points, None), Some(([0.0, 10.0, 100.0, 70.0], BoxSource::Landmarks)));
    }

    #[test]
    fn points_on_a_line_have_a_box_half_as_high_as_wide() {
        let flat = [[10.0, 50.0], [90.0, 50.0]];
        assert_eq!(of(&flat, None), Some(([0.0, 25.0, 100.0, 75.0], BoxSource::Landmarks)));
        let upright = [[50.0, 10.0], [50.0, 90.0]];
        assert_eq!(of(&upright, None), Some(([25.0, 0.0, 75.0, 100.0], BoxSource::Landmarks)));
    }

    #[test]
    fn fewer_than_two_points_have_the_whole_image() {
        let whole = Some(([0.0, 0.0, 64.0, 48.0], BoxSource::Image));
        assert_eq!(of(&[], Some([64, 48])), whole);
        assert_eq!(of(&[[5.0, 5.0], [5.0, 5.0]], Some([64, 48])), whole);
        assert_eq!(of(&[[5.0, 5.0]], None), None);
        assert_eq!(of(&[], Some([0, 48])), None);
    }

    #[test]
    fn what_no_box_can_hold_has_none() {
        assert_eq!(of(&[[0.0, 0.0], [1e30, 1.0]], None), None);
        assert_eq!(of(&[[f32::NEG_INFINITY, 0.0], [f32::INFINITY, 1.0]], None), None);
    }
}
