//! What is in a picture of one labelled garment, chosen from its seed: nothing is painted here.
use tiny_skia::Transform;

use super::{
    background::Background,
    bands::Bands,
    body::{Body, level},
    chances,
    colour::Colour,
    dice::{Dice, Sort, Streams, Style},
    fabric::Fabric,
    finish::Finish,
    framing, labels,
    lens::Lens,
    occluder,
    paint::Placed,
    piece::{Anchor, Owner, Piece},
    pose::{self, Display},
    shape::{Pt, bounds, pt},
    stage::Stage,
};
use crate::{
    data::fld::Split,
    geometry::BoundingBox,
    landmark::{ClothesType, Landmark, VariationType, Visibility},
};

/// A picture before it is painted.
pub(super) struct Picture {
    /// Width and height in pixels, with the bands.
    pub size: (u32, u32),
    /// Plain bands around it.
    pub bands: Option<Bands>,
    pub background: Background,
    pub fabrics: Vec<Fabric>,
    /// Back to front.
    pub pieces: Vec<Placed>,
    pub finish: Finish,
}

/// A picture of one labelled garment.
pub(super) struct Scene {
    pub picture: Picture,
    pub bounding_box: BoundingBox,
    pub landmarks: Vec<Landmark>,
    pub clothes_type: ClothesType,
    pub variation_type: VariationType,
}

/// Composes picture `index` of `split`.
pub(super) fn compose(style: Style, seed: u64, split: Split, index: u64) -> Scene {
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
    let body = pose::body(&mut dice.wearer, display, lively);
    let light = dice.finish.sign();
    let background = Background::new(&mut dice.background, worn, light);
    let mut stage = Stage::new(light, worn, background.colour);
    // People stand about, and garments are laid out beside others: a network must learn which one a picture is of.
    let (one, two) = if worn { (0.16, 0.06) } else { (0.22, 0.04) };
    let neighbours = dice.scene.weighted(&[(one, 1), (two, 2), (1.0 - one - two, 0)]);
    if neighbours > 0 {
        let side = dice.scene.sign();
        for side in [side, -side].into_iter().take(neighbours) {
            stage.neighbour(&mut dice, display, side);
        }
    }
    let anchors = stage.dress(&mut dice, &body, kind, display);
    let mut pieces = stage.pieces;
    pieces.sort_by(|a, b| a.order.total_cmp(&b.order));

    let size = framing::size(&mut dice.scene);
    let lens = framing::lens(&mut dice.scene, variation, lively, worn, level::HIP);
    let lens = framed(&mut dice.scene, lens, variation, worn, size, &pieces, &anchors);
    let mut placed: Vec<Placed> = pieces.into_iter().map(|p| place(p, &lens)).collect();

    let colour = stage.avoid[1];
    let bare = placed.len();
    placed.extend(occluders(&mut dice.scene, &anchors, &lens, size, colour, worn, &body));
    let landmarks = |placed: &[Placed]| {
        labels::landmarks(anchors.iter().map(|a| a.placed(&lens)), placed, size, 8)
    };
    if landmarks(&placed).iter().all(|l| l.visibility != Visibility::Visible) {
        // Something must be left to find.
        placed.truncate(bare);
    }
    let bounding_box = labels::loose_box(&mut dice.scene, &placed, size);
    let landmarks = landmarks(&placed);
    light_up(&mut dice.finish, &mut placed);
    let bands = Bands::new(&mut dice.scene, size, background.colour);
    let finish = Finish::new(&mut dice.finish, !worn);
    let (fabrics, pieces) = (stage.fabrics, placed);
    let picture = Picture { size, bands: None, background, fabrics, pieces, finish };
    let scene =
        Scene { picture, bounding_box, landmarks, clothes_type: kind, variation_type: variation };
    match bands {
        Some(bands) => banded(scene, bands),
        None => scene,
    }
}

/// Chooses how hard the light is: how strong rims and the shadows between pieces are.
pub(super) fn light_up(dice: &mut Dice, placed: &mut [Placed]) {
    let [rims, shadows] =
        [chances::RIMS, chances::SHADOWS].map(|[low, high]| dice.range(low, high));
    for Placed { piece, .. } in placed {
        piece.rim *= rims;
        piece.shadow = (piece.shadow * shadows).min(0.9);
    }
}

/// A scene with bands around it.
fn banded(mut scene: Scene, bands: Bands) -> Scene {
    let by = bands.shift();
    for placed in &mut scene.picture.pieces {
        placed.piece.shift(by);
        placed.weave = placed.weave.post_translate(by.x, by.y);
    }
    for landmark in scene.landmarks.iter_mut().filter(|l| l.visibility.has_position()) {
        (landmark.x, landmark.y) = (landmark.x + by.x, landmark.y + by.y);
    }
    let b = scene.bounding_box;
    scene.bounding_box =
        BoundingBox { x1: b.x1 + by.x, y1: b.y1 + by.y, x2: b.x2 + by.x, y2: b.y2 + by.y };
    (scene.picture.size, scene.picture.bands) = (bands.outer(), Some(bands));
    scene
}

/// Scales and moves `lens` so that the labelled garments are framed as `variation` asks.
pub(super) fn framed(
    dice: &mut Dice,
    lens: Lens,
    variation: VariationType,
    worn: bool,
    size: (u32, u32),
    pieces: &[Piece],
    anchors: &[Anchor],
) -> Lens {
    let labelled = |p: &&Piece| matches!(p.owner, Owner::Garment(_));
    let outline: Vec<Pt> = pieces
        .iter()
        .filter(labelled)
        .flat_map(|p| p.outline.iter().map(|q| lens.apply(*q)))
        .collect();
    // Bending and zooming leave what hides what as it is.
    let marks: Vec<(Pt, bool)> = anchors
        .iter()
        .map(|a| (lens.apply(a.at), pieces.iter().any(|p| labels::hides(p, a, a.at))))
        .collect();
    framing::frame(dice, lens, variation, worn, size, bounds(&outline), &marks)
}

fn display(dice: &mut Dice, variation: VariationType, kind: ClothesType) -> Display {
    let alone = match variation {
        VariationType::Normal => 0.45,
        VariationType::MediumPose => 0.12,
        VariationType::LargePose => 0.06,
        VariationType::MediumZoomIn | VariationType::LargeZoomIn => 0.2,
    };
    if !dice.chance(alone) {
        Display::Worn
    } else if kind != ClothesType::Lower && dice.chance(0.4) {
        Display::Hanging
    } else {
        Display::Alone
    }
}

/// Puts a piece into the picture.
pub(super) fn place(mut piece: Piece, lens: &Lens) -> Placed {
    let scale = lens.scale_at(piece.origin);
    let across = pt(piece.grain.y, -piece.grain.x);
    let origin = lens.apply(piece.origin);
    let x = lens.apply(piece.origin + across) - origin;
    let y = lens.apply(piece.origin + piece.grain) - origin;
    let weave = Transform::from_row(x.x, x.y, y.x, y.y, origin.x, origin.y);
    piece.each_line(|line| line.iter_mut().for_each(|p| *p = lens.apply(*p)));
    Placed { piece, scale, weave }
}

/// What may stand before a landmark: a bag's strap across the wearer, or something small; mostly nothing.
pub(super) fn occluders(
    dice: &mut Dice,
    anchors: &[Anchor],
    lens: &Lens,
    size: (u32, u32),
    colour: Colour,
    worn: bool,
    body: &Body,
) -> Vec<Placed> {
    let frame = pt(size.0 as f32, size.1 as f32);
    let scale = lens.scale;
    if worn && dice.chance(0.07) {
        let s = dice.sign();
        let from = lens.apply(body.shoulder(s * body.build.shoulder * 0.6));
        let to = lens.apply(body.edge(-s, body.build.hip, level::HIP - 4.0));
        return occluder::strap(dice, from, to, scale, colour);
    }
    if !dice.chance(if worn { 0.3 } else { 0.2 }) {
        return Vec::new();
    }
    let inside: Vec<Pt> =
        anchors.iter().map(|a| lens.apply(a.at)).filter(|p| labels::on_pixel(*p, size)).collect();
    if inside.is_empty() {
        return Vec::new();
    }
    let at = dice.pick(&inside);
    occluder::over(dice, at, scale, colour, worn, frame)
}
