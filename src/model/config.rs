//! The configuration of the paper's network.
use burn::config::Config;

use super::{decoder::Decoder, supervision::Supervision};
use crate::{
    Error,
    backbone::ResNetConfig,
    blocks::{AttentionMap, Gate},
};

/// Configuration of [`LandmarkNet`](super::LandmarkNet). `new` gives the paper's: ResNet-50 and three DAFE modules of width 256.
#[derive(Config, Debug, PartialEq)]
pub struct LandmarkNetConfig {
    /// How many landmarks, so how many heatmaps.
    pub num_landmarks: usize,
    /// The backbone that [`Self::init`] makes.
    #[config(default = "ResNetConfig::resnet50()")]
    pub backbone: ResNetConfig,
    /// What brings the coarsest map to the heatmaps' size: the paper's DAFE modules, or an alternative.
    #[config(default = "Decoder::Dafe")]
    pub decoder: Decoder,
    /// Widths of the decoder's three stages, coarse to fine. `[256, 256, 256]` (FPN's, SimpleBaseline's) by default,
    /// since the paper does not state it; `[1024, 512, 256]`, ResNet-50's own, needs no lateral convolutions.
    #[config(default = "[256, 256, 256]")]
    pub decoder_channels: [usize; 3],
    /// One spatial attention map for all channels, or one each.
    #[config(default = "AttentionMap::Shared")]
    pub attention: AttentionMap,
    /// Whether batch normalization and ReLU follow each transposed convolution.
    #[config(default = false)]
    pub norm: bool,
    /// Reduction of the channel attention's bottleneck.
    #[config(default = 16)]
    pub reduction: usize,
    /// What the channel weights pass through.
    #[config(default = "Gate::Linear")]
    pub gate: Gate,
    /// Whether the decoder's coarser maps are trained, too.
    #[config(default = "Supervision::Output")]
    pub supervision: Supervision,
}

impl LandmarkNetConfig {
    /// Input pixels per heatmap cell.
    pub const STRIDE: usize = 4;

    /// Whether the numbers can work; [`Self::init`] panics on some that can't.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the first number that is 0 or
    /// beyond any use.
    pub fn validate(&self) -> Result<(), Error> {
        // Beyond any published net, and below what would make a file's claim fill the memory.
        const MOST: usize = 4096;
        let mut numbers = vec![
            ("num_landmarks", self.num_landmarks),
            ("reduction", self.reduction),
            ("backbone.width", self.backbone.width),
        ];
        numbers.extend(self.decoder_channels.map(|channels| ("decoder_channels", channels)));
        numbers.extend(self.backbone.blocks.map(|blocks| ("backbone.blocks", blocks)));
        if self.backbone.stem_kernel.is_multiple_of(2) || self.backbone.stem_kernel > 31 {
            return Err(Error::config(format!(
                "backbone.stem_kernel must be an odd number up to 31, not {}",
                self.backbone.stem_kernel
            )));
        }
        if let Some((name, value)) = numbers.iter().find(|(_, value)| !(1..=MOST).contains(value)) {
            return Err(Error::config(format!("{name} must be between 1 and {MOST}, not {value}")));
        }
        // Many times the largest published net's. The input's size does not count.
        const MOST_PARAMETERS: u64 = 500_000_000;
        match self.summary([32, 32]).total().parameters {
            parameters if parameters > MOST_PARAMETERS => Err(Error::config(format!(
                "a network of {parameters} parameters; at most {MOST_PARAMETERS} are supported"
            ))),
            _ => Ok(()),
        }
    }
}
