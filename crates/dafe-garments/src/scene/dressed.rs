//! Figures with all clothes labeled.
use super::{hanger, wardrobe::Wardrobe};
use crate::{
    annotation::labeled::Labeled,
    clothes::{
        cut::{BottomCut, Cut},
        outfit::Garment,
    },
    color::palette,
    drawing::piece::{Owner, Piece},
    geometry::point::Pt,
    person::{body::Body, pose::Display},
    random::streams::Streams,
    sewing::layer::Layer,
};

/// The rotation in radians from which on a wearer is seen from the side.
const SIDE: f32 = 0.5;

/// A wearer with all clothes, or clothes without a wearer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dressed {
    pub pieces: Vec<Piece>,
    pub garments: Vec<Labeled>,
}

impl Dressed {
    /// Moves the figure, and puts it `deeper` into the image.
    pub fn shift(&mut self, by: Pt, deeper: f32) {
        for piece in &mut self.pieces {
            piece.shift(by);
            piece.order -= deeper;
        }
        for garment in &mut self.garments {
            for anchor in &mut garment.anchors {
                anchor.at = anchor.at + by;
                anchor.order -= deeper;
            }
            for seam in &mut garment.seams {
                seam.points.iter_mut().for_each(|p| *p = *p + by);
                seam.order -= deeper;
            }
        }
    }

    /// Adds another figure.
    pub fn extend(&mut self, other: Self) {
        self.pieces.extend(other.pieces);
        self.garments.extend(other.garments);
    }
}

impl Wardrobe {
    /// Dresses a figure in an outfit, and takes it out of the wardrobe; its garments are numbered
    /// from `first`.
    pub fn wear(
        &mut self,
        dice: &mut Streams,
        body: &Body,
        outfit: &[Garment],
        first: usize,
        display: Display,
    ) -> Dressed {
        let (skin, hair) = (palette::skin(&mut dice.wearer), palette::hair(&mut dice.wearer));
        let worn = display == Display::Worn;
        self.skin = worn.then_some(skin);
        if worn {
            self.avoid.push(skin);
        }
        self.sleeve = 0.0;
        let jacket = outfit.iter().any(|garment| garment.outer);
        let mut garments = Vec::new();
        for (number, &Garment { cut, order, outer }) in (first..).zip(outfit) {
            self.jacket = jacket && !outer;
            let jeans = matches!(cut, Cut::Bottom(BottomCut { jeans: true, .. }));
            let layer = self.new_layer(&mut dice.fabric, Owner::Garment(number), order, jeans);
            let layer = Layer { over: if outer { 2.0 } else { 0.0 }, ..layer };
            if display == Display::Hanging {
                self.pieces.extend(hanger::hanger(&mut dice.scene, body));
            }
            let sewn = self.add(&mut dice.garment, body, &cut, &layer);
            if !worn {
                self.neck_label(&mut dice.fabric, &layer);
            }
            let viewpoint = match body.yaw.abs() {
                _ if !worn => 1,
                yaw if yaw < SIDE => 2,
                _ => 3,
            };
            let (anchors, seams) = (sewn.anchors, sewn.seams);
            garments.push(Labeled { number, cut, anchors, seams, viewpoint });
        }
        if worn {
            self.wearer(dice, body, skin, hair);
        }
        Dressed { pieces: std::mem::take(&mut self.pieces), garments }
    }
}
