//! Drawn garments: the crate's own data set, for trying, testing and training without a download.
//!
//! [`draw_garment`] draws one picture with exact landmarks; [`write_garment_tree`] writes a whole data set in FLD's
//! format. A picture follows from seed, split and index alone, so trees are equal on every run and with any number of
//! threads.
//!
//! How a picture comes about: `tailor` and `pose` choose, `trunk`, `sleeve`, `bottom` and `figure` turn the choices into
//! flat pieces in the wearer's centimetres, `lens` puts those into the picture, `scene` finds out what hides what, and
//! `paint` and `finish` make pixels of it.
mod background;
mod body;
mod bottom;
mod colour;
mod cut;
mod detail;
mod dice;
mod fabric;
mod figure;
mod finish;
mod folds;
mod framing;
mod garment;
mod head;
mod jacket;
mod labels;
mod lens;
mod lettering;
mod occluder;
mod paint;
mod piece;
mod places;
mod pose;
mod scene;
mod shape;
mod sleeve;
mod soft;
mod stage;
mod tailor;
#[cfg(test)]
mod tests;
mod tree;
mod trunk;

use image::RgbImage;
use tiny_skia::Pixmap;

pub use self::tree::{GarmentTreeConfig, write_garment_tree};
use self::{paint::Painter, scene::Scene};
use crate::{
    data::fld::Split,
    geometry::BoundingBox,
    landmark::{ClothesType, Landmark, VariationType},
};

/// A drawn picture of a garment, with its annotation.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnGarment {
    /// The picture.
    pub image: RgbImage,
    /// The garment's box, about as loose as FLD's.
    pub bounding_box: BoundingBox,
    /// FLD's eight landmarks; those that the kind of clothes lacks are absent.
    pub landmarks: Vec<Landmark>,
    /// The kind of clothes.
    pub clothes_type: ClothesType,
    /// The variation type.
    pub variation_type: VariationType,
    /// The JPEG quality that the picture is to be saved with.
    pub jpeg_quality: u8,
}

/// Draws picture `index` of `split`: a pure function of its arguments.
pub fn draw_garment(seed: u64, split: Split, index: u64) -> DrawnGarment {
    let scene = scene::compose(seed, split, index);
    let image = scene.finish.develop(paint(&scene));
    annotated(scene, image)
}

/// [`draw_garment`] without the painting: the picture is empty.
fn describe_garment(seed: u64, split: Split, index: u64) -> DrawnGarment {
    annotated(scene::compose(seed, split, index), RgbImage::default())
}

fn annotated(scene: Scene, image: RgbImage) -> DrawnGarment {
    DrawnGarment {
        image,
        bounding_box: scene.bounding_box,
        landmarks: scene.landmarks,
        clothes_type: scene.clothes_type,
        variation_type: scene.variation_type,
        jpeg_quality: scene.finish.jpeg_quality,
    }
}

/// Paints a scene. A picture too large for memory comes out empty; scenes' sizes are far from that.
fn paint(scene: &Scene) -> Pixmap {
    let (width, height) = scene.size;
    let canvas = scene.background.paint(width, height);
    let mut painter = Painter::new(canvas, &scene.fabrics);
    for piece in &scene.pieces {
        painter.piece(piece);
    }
    painter.map
}
