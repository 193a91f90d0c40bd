//! One garment of a picture of several: its annotation, in DeepFashion2's terms and in FLD's.
use super::{
    deepfashion2,
    dressed::Labelled,
    labels,
    lens::Lens,
    paint::Placed,
    piece::Part,
    seam::Seam,
    shape::{Pt, clipped, pt},
};
use crate::{
    geometry::BoundingBox,
    landmark::{ClothesType, DeepFashion2Category, Landmark, LandmarkSchema, Visibility},
};

/// A garment in a drawn picture of several, with its annotation. Coordinates are pixels of the picture; whole numbers
/// are pixels' centres.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneGarment {
    /// Around what lies of it in the picture, hidden or not; whole pixels.
    pub bounding_box: BoundingBox,
    /// DeepFashion2's category.
    pub category: DeepFashion2Category,
    /// The category's landmarks, in DeepFashion2's order; those outside the picture are truncated.
    pub landmarks: Vec<Landmark>,
    /// DeepFashion2's further attributes.
    pub attributes: ItemAttributes,
    /// FLD's kind of clothes.
    pub clothes_type: ClothesType,
    /// FLD's eight landmarks; those that the kind of clothes lacks are absent.
    pub fld_landmarks: Vec<Landmark>,
    /// Outlines of its parts (trunk or skirt or legs, sleeves), cut off at the picture's edges. The parts overlap, and
    /// what lies in front of them is not cut out.
    pub segmentation: Vec<Vec<[f32; 2]>>,
}

/// What DeepFashion2 notes about an item, in its numbers. The data set's README names the levels; the limits between them
/// are this crate's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemAttributes {
    /// The garment's number in its picture, from 1: no two drawn garments are of the same style.
    pub style: u32,
    /// 1 small (its box less than a tenth of the picture), 2 modest, 3 large (more than four tenths).
    pub scale: u8,
    /// 1 slight (up to a fifth of the landmarks in the picture are occluded), 2 medium (up to a half), 3 heavy.
    pub occlusion: u8,
    /// 1 none (all landmarks are in the picture), 2 medium (up to three tenths are not), 3 large.
    pub zoom_in: u8,
    /// 1 nobody wears it, 2 from the front, 3 from the side or from behind.
    pub viewpoint: u8,
}

/// 1 up to the first limit, 2 up to the second, 3 beyond.
fn level(value: f32, limits: [f32; 2]) -> u8 {
    1 + limits.iter().map(|limit| u8::from(value > *limit)).sum::<u8>()
}

impl SceneGarment {
    /// Whether any of its landmarks can be seen.
    pub(super) fn is_seen(&self) -> bool {
        self.landmarks.iter().any(|l| l.visibility == Visibility::Visible)
    }
}

/// Annotates garment `labelled`; `None` if DeepFashion2 has no category for it or nothing of it is in the picture.
pub(super) fn annotate(
    labelled: &Labelled,
    lens: &Lens,
    placed: &[Placed],
    size: (u32, u32),
) -> Option<SceneGarment> {
    let category = deepfashion2::category(&labelled.cut)?;
    let bounding_box = labels::tight_box(labelled.owner(), placed, size)?;
    let seams: Vec<Seam> = labelled.seams.iter().map(|seam| seam.placed(lens)).collect();
    let anchors = deepfashion2::anchors(category, labelled.owner(), &seams);
    let count = LandmarkSchema::deepfashion2(category).len();
    let landmarks = labels::landmarks(anchors, placed, size, count);
    let share = |visibility, of: usize| {
        let n = landmarks.iter().filter(|l| l.visibility == visibility).count();
        n as f32 / of.max(1) as f32
    };
    let inside = landmarks.iter().filter(|l| l.visibility.has_position()).count();
    let area = bounding_box.width() * bounding_box.height() / (size.0 * size.1) as f32;
    let attributes = ItemAttributes {
        style: labelled.number as u32 + 1,
        scale: level(area, [0.1, 0.4]),
        occlusion: level(share(Visibility::Occluded, inside), [0.2, 0.5]),
        zoom_in: level(share(Visibility::Truncated, count), [0.0, 0.3]),
        viewpoint: labelled.viewpoint,
    };
    let fld = labelled.anchors.iter().map(|anchor| anchor.placed(lens));
    Some(SceneGarment {
        bounding_box,
        category,
        landmarks,
        attributes,
        clothes_type: labelled.cut.clothes_type(),
        fld_landmarks: labels::landmarks(fld, placed, size, 8),
        segmentation: segmentation(labelled, placed, size),
    })
}

fn segmentation(labelled: &Labelled, placed: &[Placed], size: (u32, u32)) -> Vec<Vec<[f32; 2]>> {
    let frame = pt(size.0 as f32, size.1 as f32);
    let parts = placed.iter().map(|p| &p.piece);
    let parts = parts.filter(|p| p.owner == labelled.owner() && p.part != Part::Trim);
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
        // Nothing outside is no zoom-in; a single landmark is.
        assert_eq!([0.0, 0.01, 0.3, 0.31].map(|v| level(v, [0.0, 0.3])), [1, 2, 2, 3]);
    }
}
