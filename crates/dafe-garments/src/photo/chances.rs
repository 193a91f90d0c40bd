//! How often photographs are taken how. The probabilities of several choices together are weights.
use super::look::Look;

/// Plain bands around the image that make another shape of it.
pub(crate) const BANDS: f32 = 0.16;

/// How a garment that is not zoomed in upon is framed: as it comes; up to the image's very edges
/// (worn, alone); small (worn, alone); as a catalogue frames its models, from brow, nose or chin to
/// hips, thighs or knees (worn).
pub(crate) const AS_IT_COMES: f32 = 0.6;
pub(crate) const TO_THE_EDGES: [f32; 2] = [0.05, 0.24];
pub(crate) const SMALL: [f32; 2] = [0.12, 0.12];
pub(crate) const CATALOGUE: f32 = 0.32;
/// A garment in a corner of a large image, and in an image of usual size.
pub(crate) const TINY: [f32; 2] = [0.5, 0.02];

/// How usual images are developed, beyond exposure, contrast and noise: by weight.
pub(crate) const USUAL_LOOKS: [(f32, Look); 7] = [
    (0.74, Look::Plain),
    (0.04, Look::Gray),
    (0.05, Look::Soft),
    (0.04, Look::Shaken),
    (0.06, Look::Sharpened),
    (0.04, Look::Enlarged),
    (0.03, Look::Bleached),
];

/// How unlike images are developed.
pub(crate) const UNLIKE_LOOKS: [(f32, Look); 6] = [
    (0.39, Look::Graded),
    (0.2, Look::Film),
    (0.14, Look::Lamps),
    (0.12, Look::Leak),
    (0.1, Look::Halftone),
    (0.05, Look::Posterized),
];

/// Clothes alone that are turned by more than hands tremble, and those lively ones that lie
/// sideways. Nine of ten in the training split of the open clothing benchmark are turned by less
/// than 8 degrees, and none lies sideways; others' photographs are less tidy.
pub(crate) const TURNED: f32 = 0.17;
pub(crate) const SIDEWAYS: f32 = 0.04;

/// A shadow over everything, as of the photographer (in shops, at home, elsewhere).
pub(crate) const GLOOM: [f32; 3] = [0.04, 0.25, 0.05];
/// Darker corners.
pub(crate) const VIGNETTE: f32 = 0.15;
/// Noise in blotches of color, as phones make it in rooms; and JPEGs of JPEGs, once and twice.
pub(crate) const BLOTCHES: f32 = 0.16;
pub(crate) const GENERATIONS: [f32; 2] = [0.2, 0.08];
/// Images from homes: too little light, and lamps' yellow one.
pub(crate) const DIM: f32 = 0.3;
pub(crate) const LAMPLIGHT: f32 = 0.3;
/// Images in soft light from everywhere, which parts neither sleeves from trunks nor white from
/// white; then rims and shadows are these.
pub(crate) const ONE_TONE: f32 = 0.25;
pub(crate) const FAINT: [f32; 2] = [0.0, 0.22];
/// Noise, and how often it is strong.
pub(crate) const NOISE: f32 = 0.55;
pub(crate) const STRONG_NOISE: f32 = 0.12;
/// A JPEG of low quality.
pub(crate) const POOR_JPEG: f32 = 0.12;

/// How strong pieces' dark rims and the shadows between pieces are against how they were made: the
/// light is soft or hard.
pub(crate) const RIMS: [f32; 2] = [0.0, 0.8];
pub(crate) const SHADOWS: [f32; 2] = [0.3, 1.3];
