//! A generator of garments with exact landmarks: training data without a download.
//!
//! Each image is rendered from scratch: a body in a pose, clothes that are cut and sewn from flat
//! pieces, cloth, a background, and the light and noise of a photograph. The annotations are
//! computed from the drawing, so boxes, landmarks and visibilities are exact.
//!
//! ```
//! use dafe::data::Split;
//! use dafe_garments::{Style, generate_garment};
//!
//! let garment = generate_garment(Style::Usual, 7, Split::Train, 0);
//! let (width, height) = garment.image.dimensions();
//! println!("{} in an image of {width} × {height}", garment.clothes_type.name());
//! for landmark in &garment.landmarks {
//!     println!("{:?} at {}, {}", landmark.visibility, landmark.x, landmark.y);
//! }
//! ```
//!
//! - [`generate_garment`]: an image of one garment, with FLD's eight landmarks.
//!   [`write_garment_dataset`] writes many in FLD's format or DeepFashion-C's, and
//!   [`InMemoryGarments`] is a dataset of them in memory.
//! - [`generate_scene`]: an image of one to four garments, with the landmarks of DeepFashion2's 13
//!   categories. [`write_scene_dataset`] writes many in DeepFashion2's format or as COCO keypoints.
//!
//! # Reproducible
//!
//! An image is determined by style, seed, split and index. Nothing is shared between images, so the
//! same arguments give the same pixels and annotations on every run, in any order and with any
//! number of threads. An interrupted dataset is completed as if it had been written at once. Splits
//! don't overlap: each has its own random numbers. A dataset's `garments.json` names the
//! generator's version, which is raised whenever the same arguments give different images.
//!
//! # How an image is generated
//!
//! The source folders, bottom up: `random` and `geometry` are used by everything else; `color`,
//! `noise` and `paint` are for painting; `drawing` has the flat pieces of a drawing. `cloth`
//! renders fabrics, `person` poses wearers, `clothes` chooses cuts, and `sewing` turns these into
//! pieces in the wearer's centimeters. `place` paints backgrounds; `photo` frames, paints and
//! develops. `annotation` computes visibilities, `scene` chooses the contents of an image,
//! `generate` renders it, and `dataset` writes files.
#![warn(missing_docs)]
mod annotation;
mod cloth;
mod clothes;
mod color;
mod dataset;
mod drawing;
mod generate;
mod geometry;
mod noise;
mod paint;
mod person;
mod photo;
mod place;
mod random;
mod scene;
mod sewing;
mod style;
#[cfg(test)]
mod tests;

pub use self::{
    annotation::scene_garment::SceneGarment,
    dataset::{
        config::DatasetConfig,
        garments::{GarmentDatasetConfig, write_garment_dataset},
        in_memory::InMemoryGarments,
        scenes::{SceneDatasetConfig, SceneForm, write_scene_dataset},
    },
    generate::{
        garment::{GeneratedGarment, generate_garment},
        scene::{GeneratedScene, describe_scene, generate_scene},
    },
    style::Style,
};
