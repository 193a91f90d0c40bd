//! The compared decoders: the paper's, parts of it left out, and the alternatives that it cites.
use clap::ValueEnum;
use dafe::{
    blocks::{AttentionMap, Gate},
    model::Decoder,
    prelude::*,
};

/// A decoder to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Variant {
    /// DAFE as in the paper
    Dafe,
    /// DAFE, the low-level map added without spatial attention
    DafeNoSpatial,
    /// DAFE without channel-wise attentive selection
    DafeNoChannel,
    /// DAFE whose channel weights pass through a sigmoid
    DafeSigmoid,
    /// Transposed convolutions alone (SimpleBaseline)
    Transposed,
    /// Top-down addition (FPN), without normalization
    FeaturePyramid,
    /// Squeeze-and-excitation on the upsampling of DAFE without its attention
    SqueezeExcitation,
    /// Global context (GCNet) on the same upsampling
    GlobalContext,
    /// Non-local blocks on the same upsampling, in the two coarser stages
    NonLocal,
}

impl Variant {
    /// The name on the command line and of folders.
    pub fn name(self) -> String {
        self.to_possible_value().expect("no variant is hidden").get_name().to_string()
    }

    /// A short description.
    pub fn description(self) -> String {
        let value = self.to_possible_value().expect("no variant is hidden");
        value.get_help().map(ToString::to_string).unwrap_or_default()
    }

    /// `model` with this decoder.
    pub fn of(self, model: LandmarkNetConfig) -> LandmarkNetConfig {
        let uniform = AttentionMap::Uniform;
        match self {
            Self::Dafe => model,
            Self::DafeNoSpatial => model.with_attention(uniform),
            Self::DafeNoChannel => model.with_decoder(Decoder::DafeWithoutSelection),
            Self::DafeSigmoid => model.with_gate(Gate::Sigmoid),
            Self::Transposed => model.with_decoder(Decoder::TransposedConvolution),
            Self::FeaturePyramid => model.with_decoder(Decoder::FeaturePyramid),
            Self::SqueezeExcitation => model.with_attention(uniform).with_gate(Gate::Sigmoid),
            Self::GlobalContext => model.with_decoder(Decoder::GlobalContext),
            Self::NonLocal => model.with_decoder(Decoder::NonLocal),
        }
    }
}
