//! Annotations of garments: boxes and landmarks, in FLD's and DeepFashion2's definitions.
pub(crate) mod boxes;
pub(crate) mod deepfashion2;
pub(crate) mod labeled;
pub(crate) mod landmarks;
pub(crate) mod scene_garment;
