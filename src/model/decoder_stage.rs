//! One stage of a decoder: the paper's DAFE module or an alternative to it.
use burn::{
    module::Module,
    tensor::{Device, Tensor},
};

use super::{config::LandmarkNetConfig, decoder::Decoder};
use crate::blocks::{
    AttentionMap, ChannelAttentiveSelection, ChannelAttentiveSelectionConfig, DafeAttention,
    GlobalContext, GlobalContextConfig, NonLocal, NonLocalConfig, SpatialAttentiveUpsampling,
    SpatialAttentiveUpsamplingConfig, TopDownAddition, TopDownAdditionConfig, TransposedUpsampling,
    TransposedUpsamplingConfig,
};

/// One stage of a [`Decoder`]: merges a coarse map with a map twice as fine into one fine map.
///
/// Has optional fields instead of an enum, because Burn would add an enum's variant to the
/// parameters' names.
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
    /// Stage `index` of the configured decoder, counted from the coarsest. The input maps have
    /// `high` and `low` channels.
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
    /// If the shapes don't fit; the message names them.
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

    /// [`Self::forward`], also returning the attention weights if the stage has both of DAFE's
    /// attentions.
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
