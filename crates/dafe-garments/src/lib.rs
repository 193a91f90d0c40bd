//! A generator of garments with exact landmarks: training data without a download.
//!
//! Each image is drawn from scratch: a body in a pose, clothes cut and sewn from flat pieces,
//! cloth, a place behind them, and a photograph's light and noise. What the drawing knows becomes
//! the annotation, so that boxes, landmarks and what hides them are exact.
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
//! An image follows from style, seed, split and index alone. Nothing is shared between images, so
//! that the same arguments give the same pixels and annotations on every run, in any order and with
//! any number of threads; an interrupted dataset is completed as if it had been written at once.
//! Splits never meet: each has random numbers of its own. A dataset's `garments.json` names the
//! generator's version, which is raised whenever the same arguments give other images.
//!
//! # How an image comes about
//!
//! The folders of the source, from the ground up: `random` and `geometry` are what all else is made
//! with, `color`, `noise` and `paint` what it is painted with, `drawing` the flat pieces that a
//! drawing consists of. `cloth` makes fabrics, `person` poses wearers, `clothes` chooses cuts, and
//! `sewing` turns these into pieces in the wearer's centimeters. `place` paints backgrounds;
//! `photo` frames, paints and develops. `annotation` finds out what hides what, `scene` chooses all
//! that one image shows, `generate` makes images of it, and `dataset` files.
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
