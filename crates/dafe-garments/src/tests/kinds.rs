//! Properties of rarer kinds of garments: the positions of their landmarks.
use super::{STYLES, layer};
use crate::{
    Style,
    clothes::{
        self,
        cut::{BottomCut, Cut, Hem, Waist},
        dresses, tops,
    },
    drawing::{anchor::Anchor, piece::Part},
    geometry::point::{Pt, pt},
    person::{
        body::{Body, level, sign},
        pose::{self, Display},
    },
    random::dice::Dice,
    sewing::{self, seam::Sewn},
};
use dafe::landmark::ClothesType;

fn at(anchors: &[Anchor], slot: usize) -> Pt {
    anchors.iter().find(|a| a.slot == slot).expect("an anchor").at
}

fn figure(number: u64, display: Display) -> (Dice, Body) {
    let mut dice = Dice::from_number(number);
    dice.style = STYLES[number as usize % 2];
    let body = pose::body(&mut dice, display, 0.2);
    (dice, body)
}

/// A tucked top ends at the corners of the waistband that holds it.
#[test]
fn a_tucked_top_ends_at_the_waistbands_corners() {
    for number in 0..60 {
        let (mut dice, body) = figure(number, Display::Worn);
        let bottom = clothes::bottoms::bottom(&mut dice);
        let top = tops::top(&mut dice, false);
        let top = tops::tucked(top, bottom.waist_y);
        assert_eq!(top.hem, Hem::Tucked);
        let sew =
            |dice: &mut Dice, cut: Cut| sewing::garment(dice, &body, &cut, &layer(24.0, true));
        let below: Sewn = sew(&mut dice, Cut::Bottom(bottom));
        let above = sew(&mut dice, Cut::Top(top));
        for i in [0, 1] {
            let off = at(&above.anchors, 6 + i) - at(&below.anchors, 4 + i);
            assert!(off.length() < 4.0, "{number}: {off:?}");
        }
    }
}

/// A sleeve's landmark is on the cuff's outer corner, which is on its outline.
#[test]
fn sleeves_end_at_the_outer_corner_of_their_cuffs() {
    let mut seen = 0;
    for number in 0..120 {
        let display = [Display::Worn, Display::Alone][number as usize / 2 % 2];
        let (mut dice, body) = figure(number, display);
        let cut = tops::top(&mut dice, false);
        let sewn = sewing::garment(&mut dice, &body, &Cut::Top(cut), &layer(24.0, true));
        for side in [0, 1] {
            let part = Part::Sleeve(side);
            let Some(piece) = sewn.pieces.iter().find(|p| p.part == part) else { continue };
            let found = at(&sewn.anchors, 2 + side);
            let nearest = piece.outline.iter().map(|p| (*p - found).length());
            assert!(nearest.fold(f32::MAX, f32::min) < 1.6, "{number} {cut:?}");
            seen += 1;
        }
    }
    assert!(seen > 100);
}

/// Every silhouette of dresses occurs, with and without a marked waist, and the waistline landmarks
/// are on the dress's sides.
#[test]
fn dresses_have_marked_and_unmarked_waists_at_any_height() {
    let mut heights = Vec::new();
    let mut unmarked = 0;
    for number in 0..300 {
        let (mut dice, body) = figure(number, Display::Alone);
        let cut = dresses::dress(&mut dice, false, false);
        let Cut::Dress(top, y, waist) = cut else { panic!("a dress") };
        unmarked += usize::from(waist == Waist::Unmarked);
        heights.push(y);
        let sewn = sewing::garment(&mut dice, &body, &cut, &layer(24.0, false));
        for i in [0, 1] {
            let off = at(&sewn.anchors, 4 + i) - top.drape.edge(&body, sign(i), y);
            assert!(off.length() < 1.5, "{number}: {off:?}");
        }
    }
    assert!((60..180).contains(&unmarked), "{unmarked}");
    assert!(heights.iter().any(|y| *y < 30.0) && heights.iter().any(|y| *y > 48.0));
}

/// From behind, there are no details of the front, and hands in front of the trunk are hidden.
#[test]
fn a_back_shows_nothing_of_the_front() {
    for number in 0..80 {
        let (mut dice, mut body) = figure(number, Display::Worn);
        let before = body.arm_behind;
        body.turn_back();
        for side in [0, 1] {
            let hand = body.arms[side].at(1.0);
            let within = hand.x.abs() < 8.0 && (20.0..level::HIP - 1.0).contains(&hand.y);
            assert!(!within || before[side] != body.arm_behind[side], "{number}: {hand:?}");
        }
        match clothes::cut(&mut dice, ClothesType::ALL[number as usize % 3]).seen_from_behind() {
            Cut::Top(top) | Cut::Dress(top, ..) | Cut::Jumpsuit(top, ..) => {
                assert!(!top.motif && !top.pocket && !top.hood);
            }
            Cut::Bottom(BottomCut { pockets, .. }) => assert!(!pockets),
        }
    }
}

/// A hand that holds a skirt moves that side of its hem outwards and up, and leaves the other.
#[test]
fn a_held_skirt_is_wider_on_that_side_alone() {
    for number in 0..40 {
        let mut dice = Dice::from_number(number);
        let mut body = pose::body(&mut dice, Display::Worn, 0.0);
        body.pull = [0.0; 2];
        let hem = |body: &Body, side: f32| body.around_legs(side, pt(side * 30.0, 110.0));
        let still = [-1.0, 1.0].map(|side| hem(&body, side));
        body.pull = [20.0, 0.0];
        let held = [-1.0, 1.0].map(|side| hem(&body, side));
        assert!(held[0].x < still[0].x - 10.0 && held[0].y < still[0].y);
        assert_eq!(held[1], still[1]);
    }
}

/// Kinds of the usual style stay exclusive to it: unlike images test on others.
#[test]
fn unlike_tops_have_no_ruffles_tiers_or_fur() {
    let mut usual = 0;
    for number in 0..400 {
        for style in STYLES {
            let mut dice = Dice::from_number(number);
            dice.style = style;
            let top = tops::top(&mut dice, false);
            let ruffled = top.sleeve.is_some_and(|s| s.ruffle > 0.0 || s.tiers > 0);
            let own = ruffled || top.face != clothes::cut::Face::Cloth;
            assert!(style == Style::Usual || !own);
            usual += usize::from(own);
        }
    }
    assert!(usual > 20, "{usual}");
}
