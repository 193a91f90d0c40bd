//! Who wears what: the wearer, the labelled garment, what goes with it, and who or what is beside it.
use super::{
    body::Body,
    colour::{self, Colour},
    cut::{BottomCut, Cut, Front, TopCut},
    dice::{Dice, Streams},
    fabric::Fabric,
    figure, garment, head,
    piece::{Anchor, Owner, Piece},
    pose::{self, Display},
    shape::{bounds, pt},
    tailor,
    trunk::Layer,
};
use crate::landmark::ClothesType;

/// A picture's pieces in the making, in the wearer's centimetres.
pub(super) struct Stage {
    pub fabrics: Vec<Fabric>,
    pub pieces: Vec<Piece>,
    light: f32,
    worn: bool,
    /// Colours that further clothes should differ from: the background's, then the labelled garment's, then others.
    pub avoid: Vec<Colour>,
    /// How far the longest sleeve reaches.
    sleeve: f32,
    /// Whether an open jacket goes over everything.
    jacket: bool,
}

impl Stage {
    /// An empty one; `light` is −1 for light from the picture's left, 1 from its right.
    pub fn new(light: f32, worn: bool, background: Colour) -> Self {
        let (fabrics, pieces) = (Vec::new(), Vec::new());
        Self { fabrics, pieces, light, worn, avoid: vec![background], sleeve: 0.0, jacket: false }
    }

    fn layer(&mut self, fabric: Fabric, second: Fabric, owner: Owner, order: f32) -> Layer {
        let first = self.fabrics.len();
        self.fabrics.extend([fabric, second]);
        Layer {
            owner,
            cloth: [first, first + 1],
            colour: [fabric.colours[0], second.colours[0]],
            order,
            over: 0.0,
            covered: self.jacket,
            light: self.light,
            worn: self.worn,
        }
    }

    /// A new garment's layer, its colour unlike what is there already.
    fn new_layer(&mut self, dice: &mut Dice, owner: Owner, order: f32, denim: bool) -> Layer {
        let contrast = if dice.chance(0.88) { 42.0 } else { 15.0 };
        let fabric =
            if denim { Fabric::denim(dice) } else { Fabric::new(dice, &self.avoid, contrast) };
        let second = Fabric::new(dice, &[fabric.colours[0]], 50.0);
        self.avoid.push(fabric.colours[0]);
        self.layer(fabric, second, owner, order)
    }

    fn add(&mut self, dice: &mut Dice, body: &Body, cut: &Cut, layer: &Layer) -> Vec<Anchor> {
        let (pieces, anchors) = garment::garment(dice, body, cut, layer);
        self.pieces.extend(pieces);
        if let Cut::Top(top) | Cut::Dress(top, ..) | Cut::Jumpsuit(top, ..) = cut {
            self.sleeve = self.sleeve.max(top.sleeve.map_or(0.0, |s| s.length));
        }
        anchors
    }

    /// Draws the wearer, if any, the labelled garment, and what is worn with it.
    pub fn dress(
        &mut self,
        dice: &mut Streams,
        body: &Body,
        kind: ClothesType,
        display: Display,
    ) -> Vec<Anchor> {
        let skin = colour::skin(&mut dice.wearer);
        let hair = colour::hair(&mut dice.wearer);
        let open = kind == ClothesType::Upper && self.worn && dice.garment.chance(0.14);
        let cut = if open {
            Cut::Top(tailor::top(&mut dice.garment, true))
        } else {
            tailor::cut(&mut dice.garment, kind)
        };
        self.jacket = self.worn && !open && dice.scene.chance(0.1);
        let mut background = self.avoid.clone();
        if self.worn {
            self.avoid.push(skin);
        }
        let jeans = matches!(cut, Cut::Bottom(BottomCut { jeans: true, .. }));
        let order = match kind {
            ClothesType::Upper if open => 28.0,
            ClothesType::Upper => 24.0,
            ClothesType::Lower => 20.0,
            ClothesType::Full => 22.0,
        };
        let target = self.new_layer(&mut dice.fabric, Owner::Target, order, jeans);
        let target = Layer { over: if open { 1.2 } else { 0.0 }, ..target };
        background.push(target.colour[0]);
        if self.worn {
            background.push(skin);
        }
        self.avoid = background;
        if self.worn {
            self.companions(dice, body, kind, open);
        } else if display == Display::Hanging {
            self.pieces.extend(figure::hanger(body));
        }
        let mut anchors = self.add(&mut dice.garment, body, &cut, &target);
        if self.worn {
            self.wearer(dice, body, skin, hair);
        } else {
            let back = self.pieces.iter_mut().find(|p| {
                p.owner == Owner::Target && p.order < target.order - 5.0 && p.order > 0.0
            });
            if let (Some(back), true) = (back, dice.fabric.chance(0.6)) {
                let at = bounds(&back.outline).0.lerp(bounds(&back.outline).1, 0.5);
                let top = bounds(&back.outline).0.y;
                figure::label(&mut dice.fabric, back, pt(at.x, top + 3.6));
            }
        }
        anchors.sort_by_key(|a| a.slot);
        anchors
    }

    /// Somebody beside the wearer, or another garment beside the one laid out; partly beneath them.
    pub fn neighbour(&mut self, dice: &mut Streams, display: Display) {
        let kind = dice.scene.pick(&ClothesType::ALL);
        let body = pose::body(&mut dice.scene, display, 0.15);
        let avoid = self.avoid.clone();
        // Its anchors are nobody's landmarks.
        let _ = self.dress(dice, &body, kind, display);
        (self.avoid, self.sleeve) = (avoid, 0.0);
        let side = dice.scene.sign();
        let by = pt(side * dice.scene.range(48.0, 75.0), dice.scene.bell(14.0));
        for piece in &mut self.pieces {
            piece.shift(by);
            piece.order -= 200.0;
            if piece.owner == Owner::Target {
                piece.owner = Owner::Other;
            }
        }
    }

    fn wearer(&mut self, dice: &mut Streams, body: &Body, skin: Colour, hair: Colour) {
        self.pieces.extend(figure::legs(&mut dice.wearer, body, skin, self.light));
        self.pieces.push(figure::trunk(body, self.sleeve < 0.1, skin, self.light));
        for side in [0, 1] {
            self.pieces.extend(figure::arm(body, side, self.sleeve, skin, self.light));
        }
        self.pieces.extend(head::head(&mut dice.wearer, body, skin, hair, self.light));
    }

    /// The other clothes that somebody in this garment has on.
    fn companions(&mut self, dice: &mut Streams, body: &Body, kind: ClothesType, open: bool) {
        if kind == ClothesType::Upper {
            let bottom = tailor::bottom(&mut dice.scene);
            let layer = self.new_layer(&mut dice.fabric, Owner::Other, 20.0, bottom.jeans);
            self.add(&mut dice.scene, body, &Cut::Bottom(bottom), &layer);
        }
        if kind == ClothesType::Lower || open {
            let tucked = dice.scene.chance(0.5);
            let mut top = tailor::top(&mut dice.scene, false);
            if open {
                (top.sleeve, top.hem_y) = (None, top.hem_y.min(58.0));
            }
            let order = if tucked && !open { 18.0 } else { 24.0 };
            let layer = self.new_layer(&mut dice.fabric, Owner::Other, order, false);
            self.add(&mut dice.scene, body, &Cut::Top(top), &layer);
        }
        if self.jacket {
            let jacket = TopCut { front: Front::Open, ..tailor::top(&mut dice.scene, true) };
            let layer = self.new_layer(&mut dice.fabric, Owner::Other, 30.0, false);
            let layer = Layer { over: 2.0, covered: false, ..layer };
            self.add(&mut dice.scene, body, &Cut::Top(jacket), &layer);
        }
    }
}
