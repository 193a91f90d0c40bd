//! The decoders by name: the paper's DAFE modules, and the alternatives in their place.
use crate::named::named_enum;

/// What brings the backbone's coarsest map to the heatmaps' size, in three stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Decoder {
    /// DAFE modules: spatial attentive upsampling, then channel-wise attentive selection. The paper's, the default.
    #[default]
    Dafe,
    /// DAFE modules without their channel-wise attentive selection.
    DafeWithoutSelection,
    /// Transposed convolutions alone (SimpleBaseline): of the backbone, only the coarsest map is used. Has batch
    /// normalization whether or not the configuration asks for `norm`.
    TransposedConvolution,
    /// Top-down addition (FPN), which has no normalization; the last stage's sum is smoothed by a
    /// 3×3 convolution.
    FeaturePyramid,
    /// The upsampling of DAFE without its attention, then a global context block (GCNet).
    GlobalContext,
    /// The upsampling of DAFE without its attention, then, in the two coarser stages, a non-local
    /// block. At the last stage's size it would need a weight for each of 41 million pairs of
    /// positions (320×320 images).
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
