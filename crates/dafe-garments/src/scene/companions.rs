//! Other clothes of the wearer of the labeled garment.
use dafe::landmark::ClothesType;

use super::wardrobe::Wardrobe;
use crate::{
    cloth::fabric::Fabric,
    clothes::{
        chances,
        cut::{BottomCut, Cut, Face, Front, Hem, Neck, TopCut},
        dresses, tops,
    },
    drawing::piece::Owner,
    person::body::Body,
    random::streams::Streams,
    sewing::{layer::Layer, panels::Panels},
};

/// The probability of a dress beneath an open coat, rather than a top and a bottom.
const DRESS_BENEATH: f32 = 0.3;

impl Wardrobe {
    /// Adds the clothes worn with the `target`: a bottom below a top, a top above a bottom, and
    /// layers below and above.
    pub fn companions(
        &mut self,
        dice: &mut Streams,
        body: &Body,
        target: &Layer,
        kind: ClothesType,
        bottom: BottomCut,
        open: bool,
    ) {
        if open && dice.scene.chance(DRESS_BENEATH) {
            let sling = dice.scene.chance(0.4);
            let dress = dresses::dress(&mut dice.scene, true, sling);
            let layer = self.new_layer(&mut dice.fabric, Owner::Other, 22.0, false);
            self.add(&mut dice.scene, body, &dress, &layer);
            return;
        }
        if kind == ClothesType::Upper {
            let layer = self.matched(dice, target, 20.0, bottom.jeans);
            self.add(&mut dice.scene, body, &Cut::Bottom(bottom), &layer);
        }
        if kind == ClothesType::Lower || open {
            let tucked = dice.scene.chance(0.5);
            let mut top = tops::top(&mut dice.scene, false);
            if open {
                (top.sleeve, top.hem_y) = (None, top.hem_y.min(58.0));
            }
            let order = if tucked && !open { 18.0 } else { 24.0 };
            let layer = self.matched(dice, target, order, false);
            self.add(&mut dice.scene, body, &Cut::Top(top), &layer);
        }
        if self.jacket {
            let jacket = TopCut { front: Front::Open, ..tops::top(&mut dice.scene, true) };
            let layer = self.new_layer(&mut dice.fabric, Owner::Other, 30.0, false);
            let layer = Layer { over: 2.0, covered: false, ..layer };
            self.add(&mut dice.scene, body, &Cut::Top(jacket), &layer);
        }
    }

    /// Mostly nothing; otherwise a shirt visible below `top`'s hem.
    pub fn beneath(&mut self, dice: &mut Streams, body: &Body, top: &TopCut) {
        if top.hem == Hem::Tucked || !dice.scene.chance(chances::UNDER_HEM) {
            return;
        }
        let under = TopCut {
            neck: Neck::Round,
            neck_half: top.neck_half.max(8.0),
            neck_depth: top.neck_depth.max(5.0) + 2.0,
            strap: top.neck_half.max(8.0) + 4.0,
            sleeve: None,
            front: Front::Plain,
            hem: if dice.scene.chance(0.5) { Hem::Tails } else { Hem::Straight },
            hem_y: top.hem_y + dice.scene.range(2.5, 9.0),
            hood: false,
            pocket: false,
            motif: false,
            yoke: false,
            face: Face::Cloth,
            ..*top
        };
        let layer = self.new_layer(&mut dice.fabric, Owner::Other, 23.0, false);
        self.add(&mut dice.scene, body, &Cut::Top(under), &layer);
    }

    /// A layer for a companion of `target`: mostly different, sometimes of its cloth or of a
    /// similar one.
    fn matched(&mut self, dice: &mut Streams, target: &Layer, order: f32, denim: bool) -> Layer {
        let owner = Owner::Other;
        let fabric = self.fabrics[target.cloth[0]];
        if dice.scene.chance(chances::MATCHING) {
            let panels = Panels::plain(target.cloth[0], target.panels.beneath);
            return Layer { owner, order, panels, over: 0.0, covered: self.jacket, ..*target };
        }
        if dice.scene.chance(chances::SIMILAR) {
            let main = fabric.colors[0].jitter(&mut dice.fabric, 30.0);
            let other = Fabric::of(&mut dice.fabric, fabric.pattern, fabric.period, main);
            return self.layer_of(&mut dice.fabric, owner, order, other);
        }
        self.new_layer(&mut dice.fabric, owner, order, denim)
    }
}
