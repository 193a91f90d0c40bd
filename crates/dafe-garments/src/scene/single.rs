//! The contents of an image of one labeled garment, chosen from its seed; nothing is painted here.
use dafe::{
    data::Split,
    geometry::BoundingBox,
    landmark::{ClothesType, Landmark, VariationType, Visibility},
};

use super::{caption::caption, occluders::occluders, wardrobe::Wardrobe};
use crate::{
    annotation::{boxes, landmarks},
    drawing::placed::Placed,
    person::{
        body::level,
        chances::FROM_BEHIND,
        pose::{self, Display},
    },
    photo::{
        bands::Bands,
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

/// An image of one labeled garment.
pub(crate) struct Single {
    pub shot: Shot,
    pub bounding_box: BoundingBox,
    pub landmarks: Vec<Landmark>,
    pub clothes_type: ClothesType,
    pub variation_type: VariationType,
}

/// Composes image `index` of `split`.
pub(crate) fn compose(style: Style, seed: u64, split: Split, index: u64) -> Single {
    let mut dice = Streams::new(style, seed, split, index, Sort::Single);
    let variation = dice.scene.weighted(&[
        (0.33, VariationType::Normal),
        (0.18, VariationType::MediumPose),
        (0.18, VariationType::LargePose),
        (0.13, VariationType::MediumZoomIn),
        (0.18, VariationType::LargeZoomIn),
    ]);
    let kind = dice.garment.weighted(&[
        (0.42, ClothesType::Upper),
        (0.26, ClothesType::Lower),
        (0.32, ClothesType::Full),
    ]);
    let display = display(&mut dice.scene, variation, kind);
    let worn = display == Display::Worn;
    let lively = pose::liveliness(variation, &mut dice.wearer);
    let mut body = pose::body(&mut dice.wearer, display, lively);
    if dice.wearer.chance(FROM_BEHIND) {
        body.turn_back();
    }
    let light = dice.finish.sign();
    let background = Background::new(&mut dice.background, worn, light);
    let mut wardrobe = Wardrobe::new(light, worn, background.color);
    // Other people and garments are nearby: a network must learn which garment an image is about.
    let (one, two) = if worn { (0.16, 0.06) } else { (0.22, 0.04) };
    let neighbors = dice.scene.weighted(&[(one, 1), (two, 2), (1.0 - one - two, 0)]);
    if neighbors > 0 {
        let side = dice.scene.sign();
        for side in [side, -side].into_iter().take(neighbors) {
            wardrobe.neighbor(&mut dice, display, side);
        }
    }
    let anchors = wardrobe.dress(&mut dice, &body, kind, display);
    let mut pieces = wardrobe.pieces;
    pieces.sort_by(|a, b| a.order.total_cmp(&b.order));

    let size = framing::size(&mut dice.scene);
    let lens = framing::lens(&mut dice.scene, variation, lively, display, level::HIP);
    let lens = framed(&mut dice.scene, lens, variation, worn, size, &pieces, &anchors);
    let mut placed: Vec<Placed> = pieces.into_iter().map(|p| Placed::new(p, &lens)).collect();

    let color = wardrobe.avoid[1];
    let bare = placed.len();
    placed.extend(occluders(&mut dice.scene, &anchors, &lens, size, color, worn, &body));
    let landmarks = |placed: &[Placed]| {
        landmarks::landmarks(anchors.iter().map(|a| a.placed(&lens)), placed, size, 8)
    };
    if landmarks(&placed).iter().all(|l| l.visibility != Visibility::Visible) {
        // Without occluders, so that something can be found.
        placed.truncate(bare);
    }
    let bounding_box = boxes::loose_box(&mut dice.scene, &placed, size);
    let landmarks = landmarks(&placed);
    placed.extend(caption(&mut dice.scene, size, &bounding_box));
    light_up(&mut dice.finish, &mut placed);
    let bands = Bands::new(&mut dice.scene, size, background.color);
    let setting = background.backdrop.setting(worn);
    let gloom = Gloom::new(&mut dice.finish, setting);
    let finish = Finish::new(&mut dice.finish, setting);
    let (fabrics, pieces) = (wardrobe.fabrics, placed);
    let shot = Shot { size, bands: None, background, fabrics, pieces, gloom, finish };
    let scene =
        Single { shot, bounding_box, landmarks, clothes_type: kind, variation_type: variation };
    match bands {
        Some(bands) => banded(scene, bands),
        None => scene,
    }
}

/// A scene with bands around it.
fn banded(mut scene: Single, bands: Bands) -> Single {
    let by = bands.shift();
    for placed in &mut scene.shot.pieces {
        placed.piece.shift(by);
        placed.weave = placed.weave.post_translate(by.x, by.y);
    }
    for landmark in scene.landmarks.iter_mut().filter(|l| l.visibility.has_position()) {
        (landmark.x, landmark.y) = (landmark.x + by.x, landmark.y + by.y);
    }
    let b = scene.bounding_box;
    scene.bounding_box =
        BoundingBox { x1: b.x1 + by.x, y1: b.y1 + by.y, x2: b.x2 + by.x, y2: b.y2 + by.y };
    (scene.shot.size, scene.shot.bands) = (bands.outer(), Some(bands));
    scene
}

fn display(dice: &mut Dice, variation: VariationType, kind: ClothesType) -> Display {
    let alone = match variation {
        VariationType::Normal => 0.56,
        VariationType::MediumPose => 0.28,
        VariationType::LargePose => 0.22,
        VariationType::MediumZoomIn | VariationType::LargeZoomIn => 0.24,
    };
    if !dice.chance(alone) {
        Display::Worn
    } else if dice.chance(if kind == ClothesType::Lower { 0.15 } else { 0.38 }) {
        Display::Hanging
    } else {
        Display::Alone
    }
}
