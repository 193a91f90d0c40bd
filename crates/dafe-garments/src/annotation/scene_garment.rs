//! A garment in an image of several, with its annotations in DeepFashion2's and FLD's definitions.
use dafe::{
    data::deepfashion2::{DeepFashion2Attributes, DeepFashion2Item},
    landmark::{ClothesType, Landmark, LandmarkSchema, Visibility},
};

use super::{boxes, deepfashion2, labeled::Labeled, landmarks};
use crate::{
    drawing::{piece::Part, placed::Placed},
    geometry::{
        lens::Lens,
        point::{Pt, pt},
        polygon::clipped,
    },
    sewing::seam::Seam,
};

/// A garment in a generated image of several, with its annotations. Coordinates are pixels of the
/// image; whole numbers are pixels' centers.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneGarment {
    /// DeepFashion2's annotation.
    ///
    /// The box is around the part of the garment inside the image, hidden or not, in whole pixels.
    /// Landmarks outside the image are truncated. The outlines are those of the garment's parts
    /// (trunk or skirt or legs, sleeves), clipped to the image; the parts overlap, and occluders
    /// are not cut out.
    ///
    /// All attributes are set. The style is the garment's number in its image, from 1: no two
    /// generated garments are of the same style. DeepFashion2's README names the levels of the
    /// other attributes, but not their limits, which are this crate's. The scale is small up to a
    /// tenth of the image, and large beyond four tenths. The occlusion is slight up to a fifth of
    /// the landmarks in the image, and heavy beyond a half. The zoom-in is none if all landmarks
    /// are in the image, and large if more than three tenths are not.
    pub item: DeepFashion2Item,
    /// FLD's clothes type.
    pub clothes_type: ClothesType,
    /// FLD's eight landmarks; those that the clothes type lacks are absent.
    pub fld_landmarks: Vec<Landmark>,
}

/// 1 up to the first limit, 2 up to the second, 3 above.
fn level(value: f32, limits: [f32; 2]) -> u8 {
    1 + limits.iter().map(|limit| u8::from(value > *limit)).sum::<u8>()
}

impl SceneGarment {
    /// Whether any of its landmarks is visible.
    pub(crate) fn is_seen(&self) -> bool {
        self.item.landmarks.iter().any(|l| l.visibility == Visibility::Visible)
    }
}

/// Annotates garment `labeled`; `None` if DeepFashion2 has no category for it or it is outside the
/// image.
pub(crate) fn annotate(
    labeled: &Labeled,
    lens: &Lens,
    placed: &[Placed],
    size: (u32, u32),
) -> Option<SceneGarment> {
    let category = deepfashion2::category(&labeled.cut)?;
    let bounding_box = boxes::tight_box(labeled.owner(), placed, size)?;
    let seams: Vec<Seam> = labeled.seams.iter().map(|seam| seam.placed(lens)).collect();
    let anchors = deepfashion2::anchors(category, labeled.owner(), &seams);
    let count = LandmarkSchema::deepfashion2(category).len();
    let landmarks = landmarks::landmarks(anchors, placed, size, count);
    let fraction = |visibility, of: usize| {
        let n = landmarks.iter().filter(|l| l.visibility == visibility).count();
        n as f32 / of.max(1) as f32
    };
    let inside = landmarks.iter().filter(|l| l.visibility.has_position()).count();
    let area = bounding_box.width() * bounding_box.height() / (size.0 * size.1) as f32;
    let attributes = DeepFashion2Attributes {
        style: Some(labeled.number as u32 + 1),
        scale: Some(level(area, [0.1, 0.4])),
        occlusion: Some(level(fraction(Visibility::Occluded, inside), [0.2, 0.5])),
        zoom_in: Some(level(fraction(Visibility::Truncated, count), [0.0, 0.3])),
        viewpoint: Some(labeled.viewpoint),
    };
    let fld = labeled.anchors.iter().map(|anchor| anchor.placed(lens));
    let segmentation = segmentation(labeled, placed, size);
    Some(SceneGarment {
        item: DeepFashion2Item { category, bounding_box, landmarks, attributes, segmentation },
        clothes_type: labeled.cut.clothes_type(),
        fld_landmarks: landmarks::landmarks(fld, placed, size, 8),
    })
}

fn segmentation(labeled: &Labeled, placed: &[Placed], size: (u32, u32)) -> Vec<Vec<[f32; 2]>> {
    let frame = pt(size.0 as f32, size.1 as f32);
    let parts = placed.iter().map(|p| &p.piece);
    let parts = parts.filter(|p| p.owner == labeled.owner() && p.part != Part::Trim);
    let polygons = parts.map(|p| clipped(&p.outline, Pt::default(), frame));
    polygons
        .filter(|polygon| polygon.len() > 2)
        .map(|polygon| polygon.iter().map(|p| [p.x - 0.5, p.y - 0.5]).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_begin_beyond_their_limits() {
        // Up to a fifth slight, up to a half medium.
        assert_eq!(
            [0.0, 0.2, 0.21, 0.5, 0.51, 1.0].map(|v| level(v, [0.2, 0.5])),
            [1, 1, 2, 2, 3, 3]
        );
        // No landmark outside is no zoom-in; a single one is.
        assert_eq!([0.0, 0.01, 0.3, 0.31].map(|v| level(v, [0.0, 0.3])), [1, 2, 2, 3]);
    }
}
