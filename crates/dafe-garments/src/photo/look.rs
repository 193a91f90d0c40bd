//! Looks of an image, beyond exposure and noise.

/// A look of an image, beyond exposure and noise.
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
    /// Upscaled from a smaller image.
    Enlarged,
    /// Overexposed, with low contrast.
    Bleached,
    /// Shadows and highlights of different hues.
    Graded,
    Film,
    /// Two colored lamps.
    Lamps,
    /// A light leak.
    Leak,
    /// Printed.
    Halftone,
    /// Few tones.
    Posterized,
}
