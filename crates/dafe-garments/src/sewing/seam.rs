//! A garment's seams and edges: the lines along which DeepFashion2 places its landmarks.
//!
//! Every line belongs to a side. Lines that cross the garment are cut in halves, which run inwards
//! and meet in the middle.
use crate::{
    drawing::{
        anchor::Anchor,
        piece::{Part, Piece},
    },
    geometry::{lens::Lens, point::Pt},
};

/// A kind of line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// The back's upper edge, inwards.
    Back,
    /// The neckline, inwards; for an open front, down to the start of the front's edge.
    Neck,
    /// From the neckline's end to the shoulder's.
    Shoulder,
    /// A sleeve's outer side, from the shoulder to the cuff.
    Outer,
    /// A sleeve's inner side, from the cuff to the armpit.
    Inner,
    /// A trunk's side from the armpit to the hem.
    Side,
    /// A dress's side from the armpit to the waist.
    Bodice,
    /// A dress's or skirt's side from the waist to the hem.
    Skirt,
    /// The edge of an open front, from the neckline to the hem.
    Front,
    /// The hem of a top, dress or skirt, inwards.
    Hem,
    /// The upper edge of a bottom, inwards.
    Waist,
    /// A leg's outer side, from the waist to the hem.
    Leg,
    /// A leg's inner side, from the hem to the crotch.
    Inseam,
}

/// One line of one garment.
#[derive(Debug, Clone)]
pub(crate) struct Seam {
    pub line: Line,
    /// 0 for the image's left side, 1 for the right one.
    pub side: usize,
    pub points: Vec<Pt>,
    /// The part that it lies on.
    pub part: Part,
    /// The order of the last piece that it is part of.
    pub order: f32,
}

impl Seam {
    /// The line in the image.
    pub fn placed(&self, lens: &Lens) -> Self {
        let points = self.points.iter().map(|p| lens.apply(*p)).collect();
        Self { points, ..*self }
    }

    /// The point at `fraction` of its length, 0 to 1.
    pub fn at(&self, fraction: f32) -> Pt {
        let length = |pair: &[Pt]| (pair[1] - pair[0]).length();
        let total: f32 = self.points.windows(2).map(length).sum();
        let mut left = total * fraction;
        for pair in self.points.windows(2) {
            let step = length(pair);
            if left <= step && step > 0.0 {
                return pair[0].lerp(pair[1], left / step);
            }
            left -= step;
        }
        self.points[self.points.len() - 1]
    }

    /// Whether parts of the garment meet at `fraction` of the line: at the neckline, and where a
    /// sleeve starts.
    pub fn joint_at(&self, fraction: f32) -> bool {
        match self.line {
            Line::Back | Line::Neck | Line::Shoulder => true,
            Line::Outer | Line::Side | Line::Bodice => fraction <= 0.0,
            Line::Inner => fraction >= 1.0,
            _ => false,
        }
    }
}

/// The point of a line from left to right that is vertically above or below `p`.
pub(crate) fn beneath(line: &[Pt], p: Pt) -> Pt {
    let off = |q: &Pt| (q.x - p.x).abs();
    line.iter().copied().min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or(p)
}

/// Cuts a line from left to right at the point nearest to `middle`. Both halves run inwards, the
/// left one first.
pub(crate) fn halves(line: &[Pt], middle: Pt) -> [Vec<Pt>; 2] {
    let mut best = (f32::MAX, 0, line[0]);
    for (i, pair) in line.windows(2).enumerate() {
        let (way, to) = (pair[1] - pair[0], middle - pair[0]);
        let t = (to.x * way.x + to.y * way.y) / (way.x * way.x + way.y * way.y).max(1e-6);
        let p = pair[0].lerp(pair[1], t.clamp(0.0, 1.0));
        let distance = (p - middle).length();
        if distance < best.0 {
            best = (distance, i, p);
        }
    }
    let (_, cut, at) = best;
    let left = line[..=cut].iter().copied().chain([at]).collect();
    let right = line[cut + 1..].iter().rev().copied().chain([at]).collect();
    [left, right]
}

/// A sewn garment: its pieces, FLD's landmarks, and the lines for DeepFashion2's.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sewn {
    pub pieces: Vec<Piece>,
    pub anchors: Vec<Anchor>,
    pub seams: Vec<Seam>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point::pt;

    #[test]
    fn points_are_found_by_length_and_halves_meet_in_the_middle() {
        // A corner: 3 to the right, then 1 down.
        let points = vec![pt(0.0, 0.0), pt(3.0, 0.0), pt(3.0, 1.0)];
        let seam = Seam { line: Line::Hem, side: 0, points, part: Part::Trunk, order: 0.0 };
        assert_eq!(seam.at(0.0), pt(0.0, 0.0));
        assert_eq!(seam.at(0.5), pt(2.0, 0.0));
        assert_eq!(seam.at(0.875), pt(3.0, 0.5));
        assert_eq!(seam.at(1.0), pt(3.0, 1.0));
        let [left, right] = halves(&seam.points, pt(1.0, 7.0));
        assert_eq!(left, [pt(0.0, 0.0), pt(3.0, 0.0), pt(3.0, 1.0)]);
        assert_eq!(right, [pt(3.0, 1.0), pt(3.0, 1.0)]);
        let [left, right] = halves(&seam.points, pt(1.0, -2.0));
        assert_eq!(left, [pt(0.0, 0.0), pt(1.0, 0.0)]);
        assert_eq!(right, [pt(3.0, 1.0), pt(3.0, 0.0), pt(1.0, 0.0)]);
    }
}
