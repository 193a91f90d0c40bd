//! Probabilities of backgrounds.
use super::backdrop::Backdrop;

/// Backdrops of usual images: behind a wearer, and behind clothes alone.
pub(crate) const USUAL_BACKDROPS: [(f32, f32, Backdrop); 18] = [
    (0.2, 0.26, Backdrop::White),
    (0.24, 0.09, Backdrop::Studio),
    (0.05, 0.08, Backdrop::Plaster),
    (0.03, 0.01, Backdrop::Bricks),
    (0.02, 0.02, Backdrop::Boards),
    (0.02, 0.02, Backdrop::Wallpaper),
    (0.01, 0.09, Backdrop::Sheet),
    (0.04, 0.03, Backdrop::Concrete),
    (0.02, 0.01, Backdrop::Tiles),
    (0.01, 0.1, Backdrop::Laminate),
    (0.01, 0.06, Backdrop::FloorTiles),
    (0.005, 0.07, Backdrop::Carpet),
    (0.005, 0.04, Backdrop::Quilt),
    (0.01, 0.06, Backdrop::Bedding),
    (0.04, 0.05, Backdrop::Door),
    (0.16, 0.02, Backdrop::Room),
    (0.17, 0.0, Backdrop::Street),
    (0.05, 0.01, Backdrop::Rail),
];

/// Backdrops of unlike images, with the same columns.
pub(crate) const UNLIKE_BACKDROPS: [(f32, f32, Backdrop); 10] = [
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

/// A soft shadow of the wearer or the clothes on a plain or rough wall.
pub(crate) const CAST_SHADOW: f32 = 0.35;
