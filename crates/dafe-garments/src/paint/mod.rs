//! Painting: paths, tones, soft shading and blurs.
pub(crate) mod blur;
pub(crate) mod brush;
pub(crate) mod shadow;
pub(crate) mod soft;
