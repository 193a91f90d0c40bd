//! The decoders by name: the paper's DAFE modules and the alternatives to them.
use crate::named::named_enum;

/// The decoder, which upsamples the backbone's coarsest map to the heatmaps' size in three stages.
///
/// ```
/// use dafe::{model::Decoder, prelude::*};
///
/// let parameters = |decoder| {
///     LandmarkNetConfig::new(8).with_decoder(decoder).summary([320, 320]).total().parameters
/// };
/// // C1 and C2 of three modules of 256 channels, with a bottleneck of 16, and their biases.
/// let selection = 3 * (256 * 16 + 16 + 16 * 256 + 256);
/// assert_eq!(parameters(Decoder::Dafe), parameters(Decoder::DafeWithoutSelection) + selection);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Decoder {
    /// DAFE modules: spatial attentive upsampling, then channel-wise attentive selection. The
    /// paper's decoder and the default.
    #[default]
    Dafe,
    /// DAFE modules without channel-wise attentive selection.
    DafeWithoutSelection,
    /// Transposed convolutions alone (SimpleBaseline), which use only the backbone's coarsest map.
    /// Always has batch normalization, whether or not the configuration asks for `norm`.
    TransposedConvolution,
    /// Top-down addition (FPN), without normalization. A 3×3 convolution smooths the last stage's
    /// sum.
    FeaturePyramid,
    /// DAFE's upsampling without attention, followed by a global context block (GCNet).
    GlobalContext,
    /// DAFE's upsampling without attention, followed by a non-local block in the two coarser
    /// stages. At the last stage's size, the block would need a weight for each of 41 million pairs
    /// of positions (320×320 images).
    NonLocal,
}

named_enum!(Decoder, "decoder", {
    Dafe => "dafe",
    DafeWithoutSelection => "dafe-without-selection",
    TransposedConvolution => "transposed-convolution",
    FeaturePyramid => "feature-pyramid",
    GlobalContext => "global-context",
    NonLocal => "non-local",
});

impl Decoder {
    /// Stages with a non-local block, counted from the coarsest.
    pub(super) const NON_LOCAL_STAGES: usize = 2;
}
