//! Cloth: fabrics with their patterns, and how they are painted.
//!
//! [`fabric`] chooses from the tables in [`pattern`], [`loom`] renders a repeating tile, and
//! [`weave`] paints it into the image, with the unevenness, wrinkles and shine of photographs.
pub(crate) mod fabric;
pub(crate) mod loom;
pub(crate) mod pattern;
pub(crate) mod prints;
pub(crate) mod textures;
pub(crate) mod tile;
pub(crate) mod unlike;
pub(crate) mod weave;
