//! What becomes of an image beyond exposure and noise: which kinds there are.

/// What becomes of an image beyond exposure and noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Look {
    Plain,
    Gray,
    /// Out of focus.
    Soft,
    /// The camera moved.
    Shaken,
    /// With halos along edges.
    Sharpened,
    /// From a smaller image.
    Enlarged,
    /// Too much light, too little contrast.
    Bleached,
    /// Shadows and lights of different hues.
    Graded,
    Film,
    /// Two colored lamps.
    Lamps,
    /// Light that got into the camera.
    Leak,
    /// Printed.
    Halftone,
    /// Few tones.
    Posterized,
}
