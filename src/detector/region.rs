//! Where a garment is, given what a look at the whole image found.
use crate::{geometry::BoundingBox, heatmap::ImageLandmarks};

/// Landmarks below this score say nothing of where the garment is.
const CONFIDENT: f32 = 0.3;

/// The box around the confident ones of `landmarks` (indices), with margins as a [`Calibration`](super::Calibration) has
/// them; `None` where fewer than two are, or all lie on one spot.
pub(super) fn region(
    found: &ImageLandmarks,
    landmarks: &[usize],
    margins: [f32; 4],
) -> Option<BoundingBox> {
    let confident = landmarks.iter().filter(|&&i| found.scores[i] >= CONFIDENT);
    let span = BoundingBox::spanned_by(confident.map(|&i| found.positions[i]))?;
    // Landmarks on one line, such as two collars, say less of the garment's extent across it.
    let least = span.width().max(span.height()) / 2.0;
    let (w, h) = (span.width().max(least), span.height().max(least));
    let [x, y] = span.center();
    let [left, top, right, bottom] = margins;
    BoundingBox::new(
        x - w * (0.5 + left),
        y - h * (0.5 + top),
        x + w * (0.5 + right),
        y + h * (0.5 + bottom),
    )
}
