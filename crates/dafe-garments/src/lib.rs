//! Drawn garments: the crate's own dataset, for trying, testing and training without a download.
//!
//! [`draw_garment`] draws one picture of one labelled garment, with FLD's landmarks; [`write_garment_tree`] writes a whole
//! dataset of them in FLD's format. [`draw_scene`] draws one picture of one to four garments, each with the landmarks of
//! its DeepFashion2 category; [`write_scene_tree`] writes a dataset of those in DeepFashion2's or COCO's format. A picture
//! follows from seed, split and index alone, so trees are equal on every run and with any number of threads.
//!
//! How a picture comes about: `tailor`, `bottoms` and `pose` choose, `trunk`, `sleeve`, `bottom` and `figure` turn the
//! choices into flat pieces in the wearer's centimetres, `panel` says which parts are of what cloth, `wobble` bends all
//! edges a little, `lens` puts those into the picture, `scene` finds out what hides what, and `paint` and `finish` make
//! pixels of it. Cloth is chosen by `fabric` from the tables in `pattern`, drawn as a tile that repeats by `prints`,
//! `textures` and `novel` (what only unlike pictures show), and laid into the picture by `weave`, with the unevenness,
//! wrinkles and shine of photographs. For several garments, `outfit` chooses what goes together, `dressed` puts it on,
//! `ensemble` takes `scene`'s place, and `deepfashion2` says which landmark lies where on the garments' `seam`s.
mod adornments;
mod background;
mod bands;
mod body;
mod bottom;
mod bottoms;
mod canvas;
mod cast;
mod chances;
mod clutter;
mod colour;
mod cut;
mod deepfashion2;
mod detail;
mod dice;
mod dressed;
mod ensemble;
mod fabric;
mod figure;
mod finish;
mod floors;
mod folds;
mod framing;
mod garment;
mod garment_tree;
mod hair;
mod hanger;
mod head;
mod hem;
mod item;
mod jacket;
mod labels;
mod lens;
mod lettering;
mod looks;
mod motif;
mod neck;
mod noise;
mod novel;
mod occluder;
mod outfit;
mod paint;
mod panel;
mod pattern;
mod piece;
mod places;
mod pose;
mod prints;
mod scene;
#[cfg(test)]
mod scene_tests;
mod scene_tree;
mod seam;
#[cfg(test)]
mod sewing_tests;
mod shape;
mod skirt;
mod sleeve;
mod soft;
mod spectrum;
mod stage;
mod tables;
mod tailor;
#[cfg(test)]
mod tests;
mod textures;
mod tile;
mod tree;
mod tree_folder;
mod trousers;
mod trunk;
mod walls;
mod weave;
mod wilds;
mod wobble;

use image::RgbImage;
use tiny_skia::{Pixmap, PixmapPaint, Transform};

pub use self::{
    dice::Style,
    garment_tree::{GarmentTreeConfig, write_garment_tree},
    item::SceneGarment,
    scene_tree::{SceneForm, SceneTreeConfig, write_scene_tree},
    tree::TreeConfig,
};
use self::{
    ensemble::Ensemble,
    paint::Painter,
    scene::{Picture, Scene},
};
use crate::{
    data::fld::Split,
    geometry::BoundingBox,
    landmark::{ClothesType, Landmark, LandmarkSample, VariationType},
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

impl DrawnGarment {
    /// Its annotation, as a dataset's sample in the picture of that name.
    pub fn sample(&self, image: impl Into<String>) -> LandmarkSample {
        LandmarkSample {
            category: Some(self.clothes_type as usize),
            variation_type: Some(self.variation_type),
            ..LandmarkSample::new(image, self.bounding_box, self.landmarks.clone())
        }
    }
}

/// Draws picture `index` of `split`: a pure function of its arguments.
pub fn draw_garment(style: Style, seed: u64, split: Split, index: u64) -> DrawnGarment {
    let scene = scene::compose(style, seed, split, index);
    let image = develop(&scene.picture);
    annotated(scene, image)
}

/// [`draw_garment`] without the painting: the picture is empty.
fn describe_garment(style: Style, seed: u64, split: Split, index: u64) -> DrawnGarment {
    annotated(scene::compose(style, seed, split, index), RgbImage::default())
}

fn annotated(scene: Scene, image: RgbImage) -> DrawnGarment {
    DrawnGarment {
        image,
        bounding_box: scene.bounding_box,
        landmarks: scene.landmarks,
        clothes_type: scene.clothes_type,
        variation_type: scene.variation_type,
        jpeg_quality: scene.picture.finish.jpeg_quality,
    }
}

/// A drawn picture of one to four garments, worn together or side by side, with all of their annotations.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnScene {
    /// The picture.
    pub image: RgbImage,
    /// Its width and height in pixels, though it be empty.
    pub size: [u32; 2],
    /// The labelled garments: those that show at least one of their landmarks.
    pub garments: Vec<SceneGarment>,
    /// FLD's variation type, for all of them.
    pub variation_type: VariationType,
    /// The JPEG quality that the picture is to be saved with.
    pub jpeg_quality: u8,
}

/// Draws picture `index` of `split` with several garments: a pure function of its arguments, and independent of
/// [`draw_garment`]'s picture of that index.
///
/// All 13 categories occur. Outwear hangs open, and nobody is seen from behind. Where exactly DeepFashion2's landmarks lie
/// was reconstructed from the dataset's published figure, the mirror tables of
/// [`LandmarkSchema::deepfashion2`](crate::landmark::LandmarkSchema::deepfashion2) and the skeleton that MMPose lists, not
/// from the dataset's pictures.
pub fn draw_scene(style: Style, seed: u64, split: Split, index: u64) -> DrawnScene {
    let ensemble = ensemble::compose(style, seed, split, index);
    let image = develop(&ensemble.picture);
    assembled(ensemble, image)
}

/// [`draw_scene`] without the painting, for its annotations: the picture is empty.
pub fn describe_scene(style: Style, seed: u64, split: Split, index: u64) -> DrawnScene {
    assembled(ensemble::compose(style, seed, split, index), RgbImage::default())
}

fn assembled(ensemble: Ensemble, image: RgbImage) -> DrawnScene {
    DrawnScene {
        image,
        size: ensemble.picture.size.into(),
        garments: ensemble.garments,
        variation_type: ensemble.variation_type,
        jpeg_quality: ensemble.picture.finish.jpeg_quality,
    }
}

/// Paints and develops a picture.
fn develop(picture: &Picture) -> RgbImage {
    let mut image = picture.finish.develop(paint(picture));
    if let Some(bands) = &picture.bands {
        bands.lay(&mut image);
    }
    image
}

/// Paints a picture, without its bands. One too large for memory comes out empty; the sizes drawn are far from that.
fn paint(picture: &Picture) -> Pixmap {
    let mut canvas = background(picture);
    if let Some(cast) = &picture.background.cast {
        cast.paint(&mut canvas, &picture.pieces);
    }
    let mut painter = Painter::new(canvas, &picture.fabrics);
    for piece in &picture.pieces {
        painter.piece(piece);
    }
    painter.map
}

/// What is behind, as large as the picture with its bands.
fn background(picture: &Picture) -> Pixmap {
    let Some(bands) = &picture.bands else {
        let (width, height) = picture.size;
        return picture.background.paint(width, height);
    };
    let inner = picture.background.paint(bands.inner.0, bands.inner.1);
    let (width, height) = bands.outer();
    let mut canvas = Pixmap::new(width, height).expect("a picture's size");
    canvas.fill(picture.background.colour.skia(1.0));
    let (x, y) = (bands.before.0 as i32, bands.before.1 as i32);
    let (paint, still) = (PixmapPaint::default(), Transform::identity());
    canvas.draw_pixmap(x, y, inner.as_ref(), &paint, still, None);
    canvas
}
