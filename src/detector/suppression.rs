//! Non-maximum suppression: which of several candidates are the same garment.
use crate::{geometry::BoundingBox, heatmap::ImageLandmarks};

/// A candidate for a garment.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// The region that the network saw.
    pub region: BoundingBox,
    /// All landmarks found in it.
    pub found: ImageLandmarks,
    /// The landmarks (indices) of its category.
    pub landmarks: Vec<usize>,
    pub score: f32,
}

/// Regions with a higher intersection over union belong to one garment.
const SAME_REGION: f32 = 0.5;

/// Landmarks coincide within this fraction of the smaller region's longer side.
const SAME_PLACE: f32 = 0.1;

/// Keeps the best candidate of each garment, best first (non-maximum suppression).
///
/// Of two candidates for the same garment, the one with the higher score is kept. A dress thus
/// replaces the top and the skirt that its halves look like, or they replace the dress, depending
/// on the scores.
pub(super) fn suppressed(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if kept.iter().all(|other| !candidate.is_same(other)) {
            kept.push(candidate);
        }
    }
    kept
}

impl Candidate {
    /// Whether two candidates are the same garment: their regions nearly coincide, or at least half
    /// of the landmarks that both have do. (A top and trousers overlap, but their hems are apart;
    /// half a dress shares its collar with the whole.)
    fn is_same(&self, other: &Self) -> bool {
        if self.region.iou(&other.region) > SAME_REGION {
            return true;
        }
        let longer = |one: &Self| one.region.width().max(one.region.height());
        let near = SAME_PLACE * longer(self).min(longer(other));
        let shared = self.landmarks.iter().filter(|landmark| other.landmarks.contains(landmark));
        let (mut together, mut count) = (0, 0);
        for &landmark in shared {
            let ([ax, ay], [bx, by]) =
                (self.found.positions[landmark], other.found.positions[landmark]);
            count += 1;
            together += usize::from((ax - bx).hypot(ay - by) < near);
        }
        count > 0 && 2 * together >= count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landmark::ClothesType;

    /// A garment of one of FLD's types, 0 to 40 in x: collar and sleeves at `top`, waistline at
    /// `waist`, hem at `bottom`.
    fn garment(kind: ClothesType, [top, waist, bottom]: [f32; 3], score: f32) -> Candidate {
        let rows = [top, top + 1.0, waist, bottom];
        let positions = rows.iter().flat_map(|&y| [[0.0, y], [40.0, y]]).collect();
        let landmarks = kind.slots().to_vec();
        let first = if kind == ClothesType::Lower { waist } else { top };
        Candidate {
            region: BoundingBox::new(0.0, first, 40.0, bottom).unwrap(),
            found: ImageLandmarks { positions, scores: vec![score; 8] },
            landmarks,
            score,
        }
    }

    fn kept(candidates: &[&Candidate]) -> Vec<f32> {
        let all = candidates.iter().map(|&one| one.clone()).collect();
        suppressed(all).iter().map(|one| one.score).collect()
    }

    #[test]
    fn a_top_and_trousers_are_two_and_stay() {
        let top = garment(ClothesType::Upper, [0.0, 40.0, 50.0], 0.6);
        // Their waistline is hidden by the top: 10 of 100 rows are shared.
        let trousers = garment(ClothesType::Lower, [0.0, 40.0, 100.0], 0.7);
        assert_eq!(kept(&[&top, &trousers]), [0.7, 0.6]);
    }

    /// The dress shares collar and sleeves with the top (4 of 6), waistline and hem with the skirt
    /// (4 of 4).
    #[test]
    fn a_dress_and_its_halves_are_one_by_score() {
        let top = garment(ClothesType::Upper, [0.0, 30.0, 40.0], 0.6);
        let skirt = garment(ClothesType::Lower, [0.0, 40.0, 100.0], 0.5);
        let dress = |score| garment(ClothesType::Full, [0.0, 40.0, 100.0], score);
        assert_eq!(kept(&[&top, &skirt, &dress(0.7)]), [0.7]);
        assert_eq!(kept(&[&top, &skirt, &dress(0.4)]), [0.6, 0.5]);
        // Better than the skirt alone, but the top was kept first and shares the collar.
        assert_eq!(kept(&[&top, &skirt, &dress(0.55)]), [0.6, 0.5]);
    }

    #[test]
    fn garments_beside_each_other_stay_and_the_same_one_does_not() {
        let top = garment(ClothesType::Upper, [0.0, 30.0, 40.0], 0.6);
        let mut beside = top.clone();
        beside.region = BoundingBox::new(30.0, 0.0, 70.0, 40.0).unwrap();
        beside.found.positions.iter_mut().for_each(|[x, _]| *x += 30.0);
        // 10 of 70 columns are shared; 30 pixels are not near in a region of 40.
        assert_eq!(kept(&[&top, &beside]), [0.6, 0.6]);
        // Other landmarks in nearly the same region: 40 × 40 and 40 × 36, 0.9 shared.
        let mut again = garment(ClothesType::Lower, [0.0, 4.0, 40.0], 0.5);
        again.found.positions.iter_mut().for_each(|[_, y]| *y += 20.0);
        assert_eq!(kept(&[&again, &top]), [0.6]);
        assert!(kept(&[]).is_empty());
    }
}
