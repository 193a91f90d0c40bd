//! What is noted of garments in an image: boxes and landmarks, in FLD's terms and DeepFashion2's.
pub(crate) mod boxes;
pub(crate) mod deepfashion2;
pub(crate) mod labelled;
pub(crate) mod landmarks;
pub(crate) mod scene_garment;
