//! The wearer, the labeled garment, its companions, and neighbors.
use dafe::landmark::ClothesType;

use super::hanger;
use crate::{
    cloth::fabric::Fabric,
    clothes::{
        self, bottoms,
        chances::{JACKET, LIKE_GROUND, TUCKED},
        cut::{BottomCut, Cut, Neck},
        tops,
    },
    color::{Color, palette},
    drawing::{
        anchor::Anchor,
        piece::{Owner, Piece, TARGET},
    },
    geometry::{point::pt, polygon::bounds},
    person::{
        behind,
        body::{Body, level},
        chances, figure, head,
        pose::{self, Display},
    },
    random::{dice::Dice, streams::Streams},
    sewing::{self, layer::Layer, panels::Panels, seam::Sewn, upper::collar},
};

/// An image's pieces being assembled, in the wearer's centimeters.
pub(crate) struct Wardrobe {
    pub fabrics: Vec<Fabric>,
    pub pieces: Vec<Piece>,
    light: f32,
    worn: bool,
    /// Colors to avoid for further clothes: the background's, the labeled garment's, then others.
    pub avoid: Vec<Color>,
    /// How far the longest sleeve reaches.
    pub sleeve: f32,
    /// The wearer's skin color, once chosen.
    pub skin: Option<Color>,
    /// Whether an open jacket is worn over everything.
    pub jacket: bool,
}

impl Wardrobe {
    /// Creates an empty wardrobe; `light` is −1 for light from the image's left, 1 from its right.
    pub fn new(light: f32, worn: bool, background: Color) -> Self {
        let (fabrics, pieces) = (Vec::new(), Vec::new());
        let avoid = vec![background];
        let (sleeve, skin, jacket) = (0.0, None, false);
        Self { fabrics, pieces, light, worn, avoid, sleeve, skin, jacket }
    }

    /// A new garment's layer, in a color different from existing ones.
    pub fn new_layer(&mut self, dice: &mut Dice, owner: Owner, order: f32, denim: bool) -> Layer {
        let contrast = if dice.chance(0.85) { 42.0 } else { 15.0 };
        let mut fabric =
            if denim { Fabric::denim(dice) } else { Fabric::new(dice, &self.avoid, contrast) };
        if owner == TARGET && !denim && dice.chance(LIKE_GROUND) {
            let main = self.avoid[0].jitter(dice, 18.0);
            fabric = Fabric::of(dice, fabric.pattern, fabric.period, main);
        }
        self.layer_of(dice, owner, order, fabric)
    }

    /// A new garment's layer of this fabric.
    pub fn layer_of(&mut self, dice: &mut Dice, owner: Owner, order: f32, fabric: Fabric) -> Layer {
        let second = Fabric::new(dice, &[fabric.colors[0]], 50.0);
        // Lace is mostly sewn onto cloth of its own color.
        let near = if dice.chance(0.6) { fabric.colors[0] } else { second.colors[0] };
        let mut open = Fabric::open(dice, near);
        self.avoid.push(fabric.colors[0]);
        let first = self.fabrics.len();
        let cloth = [first, first + 1, first + 2];
        // Without a wearer, the back shows through the front.
        let beneath = self.skin.unwrap_or(fabric.colors[0].darker(0.3));
        open.lining = beneath;
        let panels = Panels::new(dice, cloth, &fabric, self.jacket, beneath);
        for mut fabric in [fabric, second, open] {
            fabric.surface.light = self.light;
            self.fabrics.push(fabric);
        }
        Layer {
            owner,
            cloth: [first, first + 1],
            color: [fabric.colors[0], second.colors[0]],
            panels,
            order,
            over: 0.0,
            covered: self.jacket,
            light: self.light,
            worn: self.worn,
        }
    }

    /// Adds a garment's pieces; returns its landmarks and lines.
    pub fn add(&mut self, dice: &mut Dice, body: &Body, cut: &Cut, layer: &Layer) -> Sewn {
        let cut = if body.from_behind { &cut.seen_from_behind() } else { cut };
        let mut sewn = sewing::garment(dice, body, cut, layer);
        self.pieces.append(&mut sewn.pieces);
        if let Cut::Top(top) | Cut::Dress(top, ..) | Cut::Jumpsuit(top, ..) = cut {
            let shows = layer.panels.bare_sleeves() || top.neck == Neck::OffShoulder;
            let sleeve = top.sleeve.filter(|_| !shows);
            self.sleeve = self.sleeve.max(sleeve.map_or(0.0, |s| s.length));
        }
        sewn
    }

    /// Dresses the wearer, if any, the labeled garment, and its companions.
    pub fn dress(
        &mut self,
        dice: &mut Streams,
        body: &Body,
        kind: ClothesType,
        display: Display,
    ) -> Vec<Anchor> {
        let skin = palette::skin(&mut dice.wearer);
        let hair = palette::hair(&mut dice.wearer);
        self.skin = self.worn.then_some(skin);
        let open = kind == ClothesType::Upper && !body.from_behind && dice.garment.chance(0.14);
        let mut cut = if open {
            Cut::Top(tops::top(&mut dice.garment, true))
        } else {
            clothes::cut(&mut dice.garment, kind)
        };
        let jacket = JACKET[usize::from(kind != ClothesType::Full)];
        self.jacket = self.worn && !open && dice.scene.chance(jacket);
        let bottom = bottoms::bottom(&mut dice.scene);
        // Whole outfits are laid out, too.
        let outfit = self.worn || (display == Display::Alone && dice.scene.chance(chances::OUTFIT));
        if let (Cut::Top(top), true) = (&mut cut, outfit && !open)
            && dice.scene.chance(TUCKED)
            && top.hem_y < level::HIP + 10.0
        {
            *top = tops::tucked(*top, bottom.waist_y);
        }
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
        let target = self.new_layer(&mut dice.fabric, TARGET, order, jeans);
        let target = Layer { over: if open { 1.2 } else { 0.0 }, ..target };
        background.push(target.color[0]);
        if self.worn {
            background.push(skin);
        }
        self.avoid = background;
        if outfit {
            self.companions(dice, body, &target, kind, bottom, open);
            if let (Cut::Top(top), false) = (&cut, open) {
                self.beneath(dice, body, top);
            }
        }
        if display == Display::Hanging {
            let hung = match &cut {
                Cut::Bottom(bottom) => {
                    hanger::clips(&mut dice.scene, bottom.waist_y, body.half(bottom.waist_y))
                }
                _ => hanger::hanger(&mut dice.scene, body),
            };
            self.pieces.extend(hung);
        }
        let mut anchors = self.add(&mut dice.garment, body, &cut, &target).anchors;
        if self.worn {
            self.wearer(dice, body, skin, hair);
        } else {
            self.neck_label(&mut dice.fabric, &target);
        }
        anchors.sort_by_key(|a| a.slot);
        anchors
    }

    /// Adds a person on one side of the wearer (−1 the image's left, 1 its right), or another
    /// garment beside the one laid out; behind existing pieces, and partly beneath later ones.
    pub fn neighbor(&mut self, dice: &mut Streams, display: Display, side: f32) {
        let kind = dice.scene.pick(ClothesType::ALL);
        let body = pose::body(&mut dice.scene, display, 0.15);
        let (avoid, before) = (self.avoid.clone(), self.pieces.len());
        // Its anchors are not landmarks.
        let _ = self.dress(dice, &body, kind, display);
        (self.avoid, self.sleeve) = (avoid, 0.0);
        let by = pt(side * dice.scene.range(48.0, 75.0), dice.scene.bell(14.0));
        let deeper = if before == 0 { 200.0 } else { 400.0 };
        for piece in &mut self.pieces[before..] {
            piece.shift(by);
            piece.order -= deeper;
            if piece.owner == TARGET {
                piece.owner = Owner::Other;
            }
        }
    }

    /// Mostly sews a label into the back of a garment without a wearer.
    pub fn neck_label(&mut self, dice: &mut Dice, layer: &Layer) {
        let inside =
            |p: &&mut Piece| p.owner == layer.owner && p.order < layer.order - 5.0 && p.order > 0.0;
        let back = self.pieces.iter_mut().find(inside);
        if let (Some(back), true) = (back, dice.chance(0.6)) {
            let at = bounds(&back.outline).0.lerp(bounds(&back.outline).1, 0.5);
            let top = bounds(&back.outline).0.y;
            collar::label(dice, back, pt(at.x, top + 3.6));
        }
    }

    pub fn wearer(&mut self, dice: &mut Streams, body: &Body, skin: Color, hair: Color) {
        let mannequin = dice.wearer.chance(chances::MANNEQUIN);
        let skin = if mannequin { palette::mannequin(&mut dice.wearer) } else { skin };
        self.pieces.extend(figure::legs(&mut dice.wearer, body, skin, self.light));
        self.pieces.push(figure::trunk(body, self.sleeve < 0.1, skin, self.light));
        for side in [0, 1] {
            self.pieces.extend(figure::arm(body, side, self.sleeve, skin, self.light));
        }
        if mannequin {
            self.pieces.push(figure::neck_cap(body, skin));
        } else if body.from_behind {
            self.pieces.extend(behind::head(&mut dice.wearer, body, skin, hair));
        } else {
            self.pieces.extend(head::head(&mut dice.wearer, body, skin, hair, self.light));
        }
    }
}
