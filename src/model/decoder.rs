//! The decoder's stages: the paper's DAFE modules, or a rival in their place.
use std::{fmt, str::FromStr};

use burn::{
    module::Module,
    tensor::{Device, Tensor},
};
use serde::{Deserialize, Serialize};

use super::LandmarkNetConfig;
use crate::{
    blocks::{
        AttentionMap, ChannelAttentiveSelection, ChannelAttentiveSelectionConfig, DafeAttention,
        GlobalContext, GlobalContextConfig, NonLocal, NonLocalConfig, SpatialAttentiveUpsampling,
        SpatialAttentiveUpsamplingConfig, TopDownAddition, TopDownAdditionConfig,
        TransposedUpsampling, TransposedUpsamplingConfig,
    },
    error::Error,
    named::by_name,
};

/// What brings the backbone's coarsest map to the heatmaps' size, in three stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decoder {
    /// DAFE modules: spatial attentive upsampling, then channel-wise attentive selection. The paper's, the default.
    #[default]
    Dafe,
    /// DAFE modules without their channel-wise attentive selection.
    DafeWithoutSelection,
    /// Transposed convolutions alone (SimpleBaseline): of the backbone, only the coarsest map is used. Has batch
    /// normalisation whether or not the configuration asks for `norm`.
    TransposedConvolution,
    /// Top-down addition (FPN), which has no normalisation; the last stage's sum is smoothed by a 3×3 convolution.
    FeaturePyramid,
    /// The upsampling of DAFE without its attention, then a global context block (GCNet).
    GlobalContext,
    /// The upsampling of DAFE without its attention, then, in the two coarser stages, a non-local block. At the last
    /// stage's size it would need a weight for each of 41 million pairs of positions (320×320 pictures).
    NonLocal,
}

impl Decoder {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Dafe,
        Self::DafeWithoutSelection,
        Self::TransposedConvolution,
        Self::FeaturePyramid,
        Self::GlobalContext,
        Self::NonLocal,
    ];

    /// Stages with a non-local block, counted from the coarsest.
    pub(super) const NON_LOCAL_STAGES: usize = 2;

    /// Its name in files and on command lines: "dafe", "transposed-convolution", …
    pub fn name(self) -> &'static str {
        match self {
            Self::Dafe => "dafe",
            Self::DafeWithoutSelection => "dafe-without-selection",
            Self::TransposedConvolution => "transposed-convolution",
            Self::FeaturePyramid => "feature-pyramid",
            Self::GlobalContext => "global-context",
            Self::NonLocal => "non-local",
        }
    }
}

impl fmt::Display for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Decoder {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        by_name("decoder", Self::ALL, |decoder| decoder.name(), name)
    }
}

/// One stage of a [`Decoder`]: merges a coarse map and a map twice as fine into one fine map.
///
/// Optional fields instead of an enum, because Burn would put an enum's variant into the parameters' names.
#[derive(Module, Debug)]
pub struct DecoderStage {
    upsampling: Option<SpatialAttentiveUpsampling>,
    transposed: Option<TransposedUpsampling>,
    top_down: Option<TopDownAddition>,
    selection: Option<ChannelAttentiveSelection>,
    context: Option<GlobalContext>,
    non_local: Option<NonLocal>,
}

impl DecoderStage {
    /// Stage `index` of `config`'s decoder, counted from the coarsest, between maps of `high` and `low` channels.
    pub(super) fn new(
        config: &LandmarkNetConfig,
        index: usize,
        high: usize,
        low: usize,
        device: &Device,
    ) -> Self {
        let out = config.decoder_channels[index];
        let upsampling = |attention| {
            SpatialAttentiveUpsamplingConfig::new(high, low)
                .with_out_channels(Some(out))
                .with_attention(attention)
                .with_norm(config.norm)
                .init(device)
        };
        let mut stage = Self {
            upsampling: None,
            transposed: None,
            top_down: None,
            selection: None,
            context: None,
            non_local: None,
        };
        match config.decoder {
            Decoder::Dafe => {
                stage.upsampling = Some(upsampling(config.attention));
                let selection = ChannelAttentiveSelectionConfig::new(out)
                    .with_reduction(config.reduction)
                    .with_gate(config.gate);
                stage.selection = Some(selection.init(device));
            }
            Decoder::DafeWithoutSelection => stage.upsampling = Some(upsampling(config.attention)),
            Decoder::TransposedConvolution => {
                stage.transposed = Some(TransposedUpsamplingConfig::new(high, out).init(device));
            }
            Decoder::FeaturePyramid => {
                let smooth = index + 1 == config.decoder_channels.len();
                let top_down = TopDownAdditionConfig::new(high, low, out).with_smooth(smooth);
                stage.top_down = Some(top_down.init(device));
            }
            Decoder::GlobalContext => {
                stage.upsampling = Some(upsampling(AttentionMap::Uniform));
                let context = GlobalContextConfig::new(out).with_reduction(config.reduction);
                stage.context = Some(context.init(device));
            }
            Decoder::NonLocal => {
                stage.upsampling = Some(upsampling(AttentionMap::Uniform));
                stage.non_local = (index < Decoder::NON_LOCAL_STAGES)
                    .then(|| NonLocalConfig::new(out).init(device));
            }
        }
        stage
    }

    /// Merges the two maps.
    ///
    /// # Shapes
    /// - `high`: `[B, high_channels, H, W]`
    /// - `low`: `[B, low_channels, H', W']`, `H'` within one of `2H`, `W'` within one of `2W`
    /// - output: `[B, out_channels, H', W']`
    ///
    /// # Panics
    /// If the shapes don't fit, naming them.
    pub fn forward(&self, high: Tensor<4>, low: Tensor<4>) -> Tensor<4> {
        let mut merged = self.merge(high, low);
        if let Some(selection) = &self.selection {
            merged = selection.forward(merged);
        }
        if let Some(context) = &self.context {
            merged = context.forward(merged);
        }
        match &self.non_local {
            Some(non_local) => non_local.forward(merged),
            None => merged,
        }
    }

    /// [`Self::forward`], and what the attentions looked at, if this is a stage of DAFE with both.
    pub fn forward_with_attention(
        &self,
        high: Tensor<4>,
        low: Tensor<4>,
    ) -> (Tensor<4>, Option<DafeAttention>) {
        let (Some(upsampling), Some(selection)) = (&self.upsampling, &self.selection) else {
            return (self.forward(high, low), None);
        };
        let (merged, looked) = DafeAttention::of(upsampling, selection, high, low);
        (merged, Some(looked))
    }

    fn merge(&self, high: Tensor<4>, low: Tensor<4>) -> Tensor<4> {
        if let Some(transposed) = &self.transposed {
            let [_, _, height, width] = low.dims();
            return transposed.forward(high, [height, width]);
        }
        if let Some(top_down) = &self.top_down {
            return top_down.forward(high, low);
        }
        let upsampling = self.upsampling.as_ref().expect("every stage has one way to merge");
        upsampling.forward(high, low)
    }
}
