//! DeepFashion2's landmarks on symmetric garments: their order and their mirror images.
use std::collections::BTreeMap;

use dafe::landmark::{ClothesType, DeepFashion2Category, LandmarkSchema};

use super::layer;
use crate::{
    annotation::deepfashion2,
    clothes::{
        self,
        cut::{Cut, Front},
        dresses, tops,
    },
    geometry::{
        limb::Limb,
        point::{Pt, pt},
    },
    person::{
        body::{Body, sign},
        pose::{self, Display},
    },
    random::dice::Dice,
    sewing::{self, seam::Seam},
};

/// A symmetric figure with spread limbs.
fn symmetric(dice: &mut Dice) -> Body {
    let mut body = pose::body(dice, Display::Alone, 0.0);
    for side in [0, 1] {
        let s = sign(side);
        let at = |x: f32, y: f32| pt(s * x, y);
        let shoulder = body.build.shoulder - 3.2;
        body.arms[side] = Limb {
            joints: [at(shoulder, 8.0), at(shoulder + 27.0, 14.0), at(shoulder + 52.0, 18.0)],
        };
        body.legs[side] = Limb { joints: [at(9.0, 66.0), at(20.0, 108.0), at(30.0, 147.0)] };
    }
    (body.arm_behind, body.arm_over_head) = ([false; 2], [false; 2]);
    body.pull = [0.0; 2];
    body
}

fn cut(dice: &mut Dice) -> Cut {
    match dice.count(0, 5) {
        0 => Cut::Top(tops::top(dice, false)),
        1 => {
            let top = tops::top(dice, false);
            Cut::Top(tops::sling(dice, top))
        }
        2 => {
            let mut jacket = tops::top(dice, true);
            if let (Some(sleeve), true) = (&mut jacket.sleeve, dice.chance(0.5)) {
                sleeve.length = 0.4;
            }
            assert_eq!(jacket.front, Front::Open);
            Cut::Top(jacket)
        }
        3 => clothes::cut(dice, ClothesType::Lower),
        4 => dresses::dress(dice, false, false),
        _ => {
            let sling = dice.chance(0.5);
            dresses::dress(dice, true, sling)
        }
    }
}

/// Garments on symmetric figures, in the wearer's centimeters: their category and landmarks.
fn sewn(count: u64) -> impl Iterator<Item = (DeepFashion2Category, Vec<Pt>)> {
    (0..count).map(|number| {
        let mut dice = Dice::from_number(number);
        let body = symmetric(&mut dice);
        let mut cut = cut(&mut dice);
        // Sloping hems are not symmetric.
        match &mut cut {
            Cut::Top(top) | Cut::Dress(top, ..) | Cut::Jumpsuit(top, ..) => top.tilt = 0.0,
            Cut::Bottom(bottom) => bottom.tilt = 0.0,
        }
        let layer = layer(20.0, false);
        let seams: Vec<Seam> = sewing::garment(&mut dice, &body, &cut, &layer).seams;
        let category = deepfashion2::category(&cut).expect("a category");
        let anchors = deepfashion2::anchors(category, layer.owner, &seams);
        assert!(anchors.iter().map(|a| a.slot).eq(0..category.landmarks().len()), "{category}");
        (category, anchors.iter().map(|a| a.at).collect())
    })
}

/// Seen from the front, a mirrored garment is the garment with its landmarks exchanged by the
/// mirror table, and the first landmark of a pair is on the image's left.
#[test]
fn landmarks_mirror_as_the_tables_say() {
    let mut seen = BTreeMap::new();
    for (category, points) in sewn(300) {
        *seen.entry(category).or_insert(0) += 1;
        let schema = LandmarkSchema::deepfashion2(category);
        for (slot, &mirrored) in schema.mirror().iter().enumerate() {
            let (a, b) = (points[slot], points[mirrored]);
            // Hems are slightly askew and wavy.
            let off = (pt(-a.x, a.y) - b).length();
            assert!(off < 5.0, "{category} {slot} is {off} cm from {mirrored}'s mirror image");
            // Only outwear's front edges are numbered from the right panel to the left one.
            let outwear = matches!(
                category,
                DeepFashion2Category::ShortSleeveOutwear | DeepFashion2Category::LongSleeveOutwear
            );
            let front = outwear && schema.len() - slot.max(mirrored) <= 2;
            if slot < mirrored {
                assert_eq!(a.x < b.x, !front, "{category} {slot} {a:?} {mirrored} {b:?}");
            }
        }
    }
    assert_eq!(seen.len(), 13, "{seen:?}");
}

/// The closed lines that a category's landmarks follow.
fn contours(category: DeepFashion2Category) -> Vec<Vec<usize>> {
    use DeepFashion2Category::*;
    let n = category.landmarks().len();
    match category {
        Shorts | Trousers | Skirt => vec![(3..n).chain([2, 1, 0]).collect()],
        // The straps' tops are not part of the bodice's outline.
        Sling | SlingDress => vec![(7..n - 1).chain([5, 4, 3, 2, 1]).collect()],
        ShortSleeveOutwear | LongSleeveOutwear => {
            let front = n - 6;
            let middle = 6 + (front - 6) / 2;
            let left = (6..=middle).chain([n - 1, n - 2, 3, 2, 1]).collect();
            let edge = [4, front, front + 1, front + 2, front + 3];
            let right = (middle + 1..front).chain([5]).chain(edge).collect();
            vec![left, right]
        }
        _ => vec![(6..n).chain([5, 4, 3, 2, 1]).collect()],
    }
}

fn cross(a: Pt, b: Pt, c: Pt, d: Pt) -> bool {
    let side = |p: Pt, q: Pt, r: Pt| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

#[test]
fn landmarks_in_order_run_around_the_garment_without_crossing() {
    for (category, points) in sewn(300) {
        for order in contours(category) {
            let line: Vec<Pt> = order.iter().map(|slot| points[*slot]).collect();
            let n = line.len();
            for i in 0..n {
                for j in i + 2..n {
                    let crossed = cross(line[i], line[(i + 1) % n], line[j], line[(j + 1) % n]);
                    assert!(!crossed, "{category}: {} and {}", order[i], order[j]);
                }
            }
        }
    }
}
