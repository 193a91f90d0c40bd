//! Probabilities of photographic choices. Those of alternatives are weights.
use super::look::Look;

/// Plain bands around the image that change its shape.
pub(crate) const BANDS: f32 = 0.16;

/// How a garment that is not zoomed in on is framed: at random; up to the image's very edges (worn,
/// alone); small (worn, alone); like models in a catalogue, from brow, nose or chin to hips, thighs
/// or knees (worn).
pub(crate) const AS_IT_COMES: f32 = 0.6;
pub(crate) const TO_THE_EDGES: [f32; 2] = [0.05, 0.24];
pub(crate) const SMALL: [f32; 2] = [0.12, 0.12];
pub(crate) const CATALOGUE: f32 = 0.32;
/// A garment in a corner of a large image, and in an image of usual size.
pub(crate) const TINY: [f32; 2] = [0.5, 0.02];

/// Looks of usual images, beyond exposure, contrast and noise, by weight.
pub(crate) const USUAL_LOOKS: [(f32, Look); 7] = [
    (0.74, Look::Plain),
    (0.04, Look::Gray),
    (0.05, Look::Soft),
    (0.04, Look::Shaken),
    (0.06, Look::Sharpened),
    (0.04, Look::Enlarged),
    (0.03, Look::Bleached),
];

/// Looks of unlike images.
pub(crate) const UNLIKE_LOOKS: [(f32, Look); 6] = [
    (0.39, Look::Graded),
    (0.2, Look::Film),
    (0.14, Look::Lamps),
    (0.12, Look::Leak),
    (0.1, Look::Halftone),
    (0.05, Look::Posterized),
];

/// Clothes without a wearer that are turned by more than a hand's tremble, and lively ones that lie
/// sideways. Nine of ten in the training split of the open clothing benchmark are turned by less
/// than 8 degrees, and none lies sideways; other photographs are less tidy.
pub(crate) const TURNED: f32 = 0.17;
pub(crate) const SIDEWAYS: f32 = 0.04;

/// A shadow over everything, such as the photographer's (in shops, at home, elsewhere).
pub(crate) const GLOOM: [f32; 3] = [0.04, 0.25, 0.05];
/// Darker corners.
pub(crate) const VIGNETTE: f32 = 0.15;
/// Blotches of color noise, as from phones indoors; and JPEG recompression, once and twice.
pub(crate) const BLOTCHES: f32 = 0.16;
pub(crate) const GENERATIONS: [f32; 2] = [0.2, 0.08];
/// Images from homes: underexposed, and in the yellow light of lamps.
pub(crate) const DIM: f32 = 0.3;
pub(crate) const LAMPLIGHT: f32 = 0.3;
/// Images in soft light from everywhere, without contrast between sleeves and trunks or white and
/// white; and the strength of rims and shadows in them.
pub(crate) const ONE_TONE: f32 = 0.25;
pub(crate) const FAINT: [f32; 2] = [0.0, 0.22];
/// Noise, and strong noise.
pub(crate) const NOISE: f32 = 0.55;
pub(crate) const STRONG_NOISE: f32 = 0.12;
/// A JPEG of low quality.
pub(crate) const POOR_JPEG: f32 = 0.12;

/// The ranges of the strength of pieces' dark rims and of shadows between pieces, relative to how
/// they were made: from soft to hard light.
pub(crate) const RIMS: [f32; 2] = [0.0, 0.8];
pub(crate) const SHADOWS: [f32; 2] = [0.3, 1.3];
