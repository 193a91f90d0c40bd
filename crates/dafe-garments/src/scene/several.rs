//! The contents of an image of several garments, chosen from its seed; nothing is painted here.
use dafe::{data::Split, landmark::VariationType};

use super::{dressed::Dressed, occluders::occluders, wardrobe::Wardrobe};
use crate::{
    annotation::scene_garment::{SceneGarment, annotate},
    clothes::outfit,
    drawing::{anchor::Anchor, piece::Piece, placed::Placed},
    geometry::{
        point::{Pt, pt},
        polygon::bounds,
    },
    person::{
        body::level,
        pose::{self, Display},
    },
    photo::{
        finish::Finish,
        framing::{self, framed},
        gloom::Gloom,
        lighting::light_up,
        shot::Shot,
    },
    place::background::Background,
    random::{
        dice::Dice,
        streams::{Sort, Streams},
    },
    style::Style,
};

/// An image of several garments before it is painted.
pub(crate) struct Several {
    pub shot: Shot,
    pub garments: Vec<SceneGarment>,
    pub variation_type: VariationType,
}

/// Composes image `index` of `split`.
pub(crate) fn compose(style: Style, seed: u64, split: Split, index: u64) -> Several {
    let mut dice = Streams::new(style, seed, split, index, Sort::Several);
    let variation = dice.scene.weighted(&[
        (0.4, VariationType::Normal),
        (0.22, VariationType::MediumPose),
        (0.12, VariationType::LargePose),
        (0.16, VariationType::MediumZoomIn),
        (0.1, VariationType::LargeZoomIn),
    ]);
    let display = dice.scene.weighted(&[
        (0.74, Display::Worn),
        (0.16, Display::Alone),
        (0.1, Display::Hanging),
    ]);
    let worn = display == Display::Worn;
    let lively = pose::liveliness(variation, &mut dice.wearer);
    let light = dice.finish.sign();
    let background = Background::new(&mut dice.background, worn, light);
    let mut wardrobe = Wardrobe::new(light, worn, background.color);
    let outfits = outfit::outfits(&mut dice.garment, display);
    let mut all = Dressed::default();
    let mut front = None;
    for (i, outfit) in outfits.iter().enumerate() {
        let body = pose::body(&mut dice.wearer, display, lively);
        let mut next = wardrobe.wear(&mut dice, &body, outfit, all.garments.len(), display);
        if i > 0 {
            let by = beside(&mut dice.scene, display, &all.pieces, &next.pieces);
            next.shift(by, 200.0 * i as f32);
        }
        all.extend(next);
        front.get_or_insert(body);
    }
    if !worn {
        // Bends and tilts are around the center.
        let (low, high) = extent(&all.pieces);
        all.shift(pt(-(low.x + high.x) / 2.0, 0.0), 0.0);
    }
    let Dressed { mut pieces, garments } = all;
    pieces.sort_by(|a, b| a.order.total_cmp(&b.order));
    let anchors: Vec<Anchor> = garments.iter().flat_map(|g| g.anchors.iter().copied()).collect();

    let size = framing::broad_size(&mut dice.scene, outfits.len());
    let lens = framing::lens(&mut dice.scene, variation, lively, display, level::HIP);
    let lens = framed(&mut dice.scene, lens, variation, worn, size, &pieces, &anchors);
    let mut placed: Vec<Placed> = pieces.into_iter().map(|p| Placed::new(p, &lens)).collect();
    let bare = placed.len();
    let color = wardrobe.fabrics[0].colors[0];
    if let Some(body) = &front {
        placed.extend(occluders(&mut dice.scene, &anchors, &lens, size, color, worn, body));
    }
    // Garments without a visible landmark are not labeled.
    let annotated = |placed: &[Placed]| -> Vec<SceneGarment> {
        let all = garments.iter().filter_map(|garment| annotate(garment, &lens, placed, size));
        all.filter(SceneGarment::is_seen).collect()
    };
    let mut labeled = annotated(&placed);
    if labeled.is_empty() {
        // Without occluders, so that something can be found.
        placed.truncate(bare);
        labeled = annotated(&placed);
    }
    light_up(&mut dice.finish, &mut placed);
    let setting = background.backdrop.setting(worn);
    let gloom = Gloom::new(&mut dice.finish, setting);
    let finish = Finish::new(&mut dice.finish, setting);
    let shot = Shot {
        size,
        bands: None,
        background,
        fabrics: wardrobe.fabrics,
        pieces: placed,
        gloom,
        finish,
    };
    Several { shot, garments: labeled, variation_type: variation }
}

/// The position of the next figure: behind the first wearer, or to the right of the garments
/// before.
fn beside(dice: &mut Dice, display: Display, before: &[Piece], next: &[Piece]) -> Pt {
    if display == Display::Worn {
        return pt(dice.sign() * dice.range(50.0, 78.0), dice.bell(12.0));
    }
    let ((_, right), (left, _)) = (extent(before), extent(next));
    let across = right.x - left.x + dice.range(-4.0, 9.0);
    let down = match display {
        Display::Hanging => dice.bell(1.5),
        // Laid-out garments are side by side, aligned at their tops.
        _ => extent(before).0.y - left.y + dice.bell(12.0),
    };
    pt(across, down)
}

fn extent(pieces: &[Piece]) -> (Pt, Pt) {
    bounds(pieces.iter().flat_map(|piece| &piece.outline))
}
