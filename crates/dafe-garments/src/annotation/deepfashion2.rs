//! The positions of DeepFashion2's landmarks: the line of each, and the fraction along it.
//!
//! DeepFashion2 defines its landmarks only by a figure ("Definitions of landmarks and skeletons",
//! in its repository's README). The tables here were reconstructed from the order in that figure,
//! the mirror tables ([`LandmarkSchema::deepfashion2`]) and the skeleton that MMPose lists for the
//! dataset, not from its images. These determine the line of each landmark; the fraction along it
//! (in halves, thirds, quarters) is this module's choice.
use dafe::landmark::{
    DeepFashion2Category::{self, *},
    LandmarkSchema,
};

use crate::{
    clothes::cut::{Cut, Front, Neck},
    drawing::{anchor::Anchor, piece::Owner},
    sewing::seam::{
        Line::{self, *},
        Seam,
    },
};

/// Landmarks of the image's left half: the first landmark's number, the line, and the fractions
/// along it of consecutive landmarks. Those of the right half are their mirror images.
type Run = (usize, Line, &'static [f32]);

/// Two evenly spaced points between a line's ends.
const THIRDS: [f32; 2] = [1.0 / 3.0, 2.0 / 3.0];

const BACK: Run = (0, Back, &[1.0]);
const NECK: Run = (1, Neck, &[0.0, 0.5, 1.0]);
const SHORT_SLEEVE: [Run; 2] = [(6, Outer, &[0.0, 0.5, 1.0]), (9, Inner, &[0.0, 0.5])];
const LONG_SLEEVE: [Run; 2] =
    [(6, Outer, &[0.0, 0.25, 0.5, 0.75, 1.0]), (11, Inner, &[0.0, 0.25, 0.5, 0.75])];
/// The end of a vest's shoulder.
const SHOULDER: Run = (6, Shoulder, &[1.0]);
/// The highest point of a sling's strap.
const STRAP: Run = (6, Shoulder, &[0.5]);
/// From the armpit to the hem, for garments with sleeves.
const SIDE: [f32; 4] = [0.0, THIRDS[0], THIRDS[1], 1.0];
/// From the waist to the hem, for dresses and trousers.
const BELOW: [f32; 3] = [THIRDS[0], THIRDS[1], 1.0];

/// The left half of a category's landmarks.
fn runs(category: DeepFashion2Category) -> Vec<Run> {
    let [short, short_in] = SHORT_SLEEVE;
    let [long, long_in] = LONG_SLEEVE;
    match category {
        ShortSleeveTop => vec![BACK, NECK, short, short_in, (11, Side, &SIDE), (15, Hem, &[1.0])],
        LongSleeveTop => vec![BACK, NECK, long, long_in, (15, Side, &SIDE), (19, Hem, &[1.0])],
        ShortSleeveOutwear => vec![
            BACK,
            NECK,
            short,
            short_in,
            (11, Side, &SIDE),
            (15, Front, &[1.0]),
            (29, Front, &THIRDS),
        ],
        LongSleeveOutwear => vec![
            BACK,
            NECK,
            long,
            long_in,
            (15, Side, &SIDE),
            (19, Front, &[1.0]),
            (37, Front, &THIRDS),
        ],
        Vest => vec![BACK, NECK, SHOULDER, (7, Side, &[0.0, 0.5, 1.0]), (10, Hem, &[1.0])],
        Sling => vec![BACK, NECK, STRAP, (7, Side, &[0.0, 0.5, 1.0]), (10, Hem, &[1.0])],
        Shorts => vec![(0, Waist, &[0.0, 1.0]), (3, Leg, &[0.5, 1.0]), (5, Inseam, &[0.0, 1.0])],
        Trousers => {
            vec![(0, Waist, &[0.0, 1.0]), (3, Leg, &BELOW), (6, Inseam, &[0.0, 0.5, 1.0])]
        }
        DeepFashion2Category::Skirt => {
            vec![(0, Waist, &[0.0, 1.0]), (3, Line::Skirt, &[0.5, 1.0]), (5, Hem, &[1.0])]
        }
        ShortSleeveDress => {
            let [bodice, skirt, hem] = dress(11, &[0.0, 0.5, 1.0]);
            vec![BACK, NECK, short, short_in, bodice, skirt, hem]
        }
        LongSleeveDress => {
            let [bodice, skirt, hem] = dress(15, &[0.0, 0.5, 1.0]);
            vec![BACK, NECK, long, long_in, bodice, skirt, hem]
        }
        VestDress => {
            let [bodice, skirt, hem] = dress(7, &[0.0, 1.0]);
            vec![BACK, NECK, SHOULDER, bodice, skirt, hem]
        }
        SlingDress => {
            let [bodice, skirt, hem] = dress(7, &[0.0, 1.0]);
            vec![BACK, NECK, STRAP, bodice, skirt, hem]
        }
    }
}

/// The landmarks of a dress from the armpit, landmark `first`, to the hem's middle; the waist is
/// the bodice's last fraction.
fn dress(first: usize, bodice: &'static [f32]) -> [Run; 3] {
    let waist = first + bodice.len();
    [(first, Bodice, bodice), (waist, Line::Skirt, &BELOW), (waist + BELOW.len(), Hem, &[1.0])]
}

/// The category of a cut; `None` if DeepFashion2 has none.
///
/// A sleeve is short if it ends at or above the elbow, legs are short if they end above the knee.
pub(crate) fn category(cut: &Cut) -> Option<DeepFashion2Category> {
    let (top, [short, long, vest, sling]) = match cut {
        Cut::Bottom(bottom) if !bottom.legs => return Some(DeepFashion2Category::Skirt),
        Cut::Bottom(bottom) if bottom.length < 0.5 => return Some(Shorts),
        Cut::Bottom(_) => return Some(Trousers),
        Cut::Jumpsuit(..) => return None,
        Cut::Dress(top, ..) => (top, [ShortSleeveDress, LongSleeveDress, VestDress, SlingDress]),
        Cut::Top(top) if top.front == Front::Open => {
            // Outwear without sleeves has no category; none is generated.
            let length = top.sleeve?.length;
            return Some(if length < 0.6 { ShortSleeveOutwear } else { LongSleeveOutwear });
        }
        Cut::Top(top) => (top, [ShortSleeveTop, LongSleeveTop, Vest, Sling]),
    };
    Some(match top.sleeve {
        Some(sleeve) if sleeve.length < 0.6 => short,
        Some(_) => long,
        None if top.neck == Neck::Sling => sling,
        None => vest,
    })
}

/// The category's landmarks on a garment's lines, by ascending number.
pub(crate) fn anchors(category: DeepFashion2Category, owner: Owner, seams: &[Seam]) -> Vec<Anchor> {
    let schema = LandmarkSchema::deepfashion2(category);
    let on = |line, side, fraction, slot| {
        let seam = seams.iter().find(|seam| seam.line == line && seam.side == side)?;
        let (at, joint) = (seam.at(fraction), seam.joint_at(fraction));
        Some(Anchor { slot, owner, at, order: seam.order, part: seam.part, joint })
    };
    let mut anchors = Vec::with_capacity(schema.len());
    for (first, line, fractions) in runs(category) {
        for (slot, &fraction) in (first..).zip(fractions) {
            let mirrored = schema.mirror()[slot];
            anchors.extend(on(line, 0, fraction, slot));
            if mirrored != slot {
                anchors.extend(on(line, 1, fraction, mirrored));
            }
        }
    }
    anchors.sort_by_key(|anchor| anchor.slot);
    anchors
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every landmark of every category is defined exactly once: on the left half, or as a mirror
    /// image.
    #[test]
    fn the_runs_and_their_mirror_images_are_exactly_the_category() {
        for &category in DeepFashion2Category::ALL {
            let schema = LandmarkSchema::deepfashion2(category);
            let mut seen = vec![0; schema.len()];
            for (first, line, fractions) in runs(category) {
                for slot in first..first + fractions.len() {
                    seen[slot] += 1;
                    let mirrored = schema.mirror()[slot];
                    if mirrored == slot {
                        let middle = matches!(line, Back | Neck | Hem | Waist | Inseam);
                        assert!(middle, "{category} {slot} is on no line that reaches the middle");
                    } else {
                        seen[mirrored] += 1;
                    }
                }
            }
            assert!(seen.iter().all(|n| *n == 1), "{category}: {seen:?}");
        }
    }
}
