//! How often a picture shows what: the probabilities of what is around garments and of how pictures are taken, in one
//! place. Those of several choices together are weights.
use super::{background::Backdrop, finish::Look, hair::Hair};

/// Backdrops of usual pictures: behind a wearer, and behind clothes alone.
pub(super) const USUAL_BACKDROPS: [(f32, f32, Backdrop); 12] = [
    (0.22, 0.5, Backdrop::White),
    (0.26, 0.15, Backdrop::Studio),
    (0.05, 0.08, Backdrop::Plaster),
    (0.03, 0.01, Backdrop::Bricks),
    (0.02, 0.06, Backdrop::Boards),
    (0.02, 0.03, Backdrop::Wallpaper),
    (0.01, 0.09, Backdrop::Sheet),
    (0.04, 0.05, Backdrop::Concrete),
    (0.02, 0.02, Backdrop::Tiles),
    (0.16, 0.02, Backdrop::Room),
    (0.17, 0.0, Backdrop::Street),
    (0.05, 0.01, Backdrop::Rail),
];

/// Backdrops of unlike pictures, likewise.
pub(super) const UNLIKE_BACKDROPS: [(f32, f32, Backdrop); 10] = [
    (0.16, 0.06, Backdrop::Foliage),
    (0.12, 0.02, Backdrop::Sea),
    (0.08, 0.08, Backdrop::Dunes),
    (0.12, 0.02, Backdrop::Night),
    (0.06, 0.2, Backdrop::Rug),
    (0.09, 0.06, Backdrop::Perspective),
    (0.07, 0.12, Backdrop::Mosaic),
    (0.07, 0.15, Backdrop::Marble),
    (0.12, 0.1, Backdrop::Gels),
    (0.06, 0.17, Backdrop::Curtain),
];

/// A soft shadow of the wearer or the clothes on what is behind, on a plain or rough wall.
pub(super) const CAST_SHADOW: f32 = 0.35;

/// Plain bands around the picture that make another shape of it.
pub(super) const BANDS: f32 = 0.16;

/// How a garment that is not zoomed in upon is framed: as it comes; up to the picture's very edges (worn, alone); small
/// (worn, alone); as a catalogue frames its models, from brow, nose or chin to hips, thighs or knees (worn).
pub(super) const AS_IT_COMES: f32 = 0.6;
pub(super) const TO_THE_EDGES: [f32; 2] = [0.05, 0.24];
pub(super) const SMALL: [f32; 2] = [0.12, 0.12];
pub(super) const CATALOGUE: f32 = 0.32;

/// A box as tight as can be, rather than as loose as FLD's.
pub(super) const TIGHT_BOX: f32 = 0.35;

/// How usual pictures are developed, beyond exposure, contrast and noise: by weight.
pub(super) const USUAL_LOOKS: [(f32, Look); 7] = [
    (0.74, Look::Plain),
    (0.04, Look::Grey),
    (0.05, Look::Soft),
    (0.04, Look::Shaken),
    (0.06, Look::Sharpened),
    (0.04, Look::Enlarged),
    (0.03, Look::Bleached),
];

/// How unlike pictures are developed.
pub(super) const UNLIKE_LOOKS: [(f32, Look); 6] = [
    (0.39, Look::Graded),
    (0.2, Look::Film),
    (0.14, Look::Lamps),
    (0.12, Look::Leak),
    (0.1, Look::Halftone),
    (0.05, Look::Posterised),
];

/// Darker corners.
pub(super) const VIGNETTE: f32 = 0.15;
/// Noise, and how often it is strong.
pub(super) const NOISE: f32 = 0.55;
pub(super) const STRONG_NOISE: f32 = 0.12;
/// A JPEG of low quality.
pub(super) const POOR_JPEG: f32 = 0.12;

/// How hair is worn.
pub(super) const HAIR: [(f32, Hair); 9] = [
    (0.22, Hair::Short),
    (0.12, Hair::Bob),
    (0.32, Hair::Long),
    (0.08, Hair::OneSide),
    (0.07, Hair::Curls),
    (0.08, Hair::Bun),
    (0.05, Hair::Ponytail),
    (0.03, Hair::Braids),
    (0.03, Hair::Bald),
];
/// Locks of long hair before each shoulder.
pub(super) const LOCKS_BEFORE_A_SHOULDER: f32 = 0.6;
/// What else is worn about head and neck.
pub(super) const HAT: f32 = 0.15;
pub(super) const SUNGLASSES: f32 = 0.08;
pub(super) const GLASSES: f32 = 0.06;
pub(super) const NECKLACE: f32 = 0.22;
pub(super) const SCARF: f32 = 0.04;
/// A mannequin instead of somebody; most have no head.
pub(super) const MANNEQUIN: f32 = 0.05;
/// Legs in tights, and in boots.
pub(super) const TIGHTS: f32 = 0.12;
pub(super) const BOOTS: f32 = 0.15;
/// Both arms folded before the chest; each hand in a pocket (a weight among some eight poses that add up to about 3).
pub(super) const FOLDED_ARMS: f32 = 0.03;
pub(super) const POCKET: f32 = 0.2;
/// What a hanger hangs from.
pub(super) const RAIL_OR_NAIL: f32 = 0.3;

/// How strong pieces' dark rims and the shadows between pieces are against how they were made: the light is soft or hard.
pub(super) const RIMS: [f32; 2] = [0.0, 0.8];
pub(super) const SHADOWS: [f32; 2] = [0.3, 1.3];
