//! Generated images with their annotations.
pub(crate) mod garment;
pub(crate) mod scene;
