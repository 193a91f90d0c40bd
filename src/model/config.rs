//! The configuration of the paper's network.
use std::fmt;

use burn::config::{Config, config_to_json};
use serde::{Deserialize, Serialize};

use super::{decoder::Decoder, supervision::Supervision};
use crate::{
    Error,
    backbone::{BackboneConfig, ResNetConfig},
    blocks::{AttentionMap, Gate},
    with_fields::with_fields,
};

/// Configuration of [`LandmarkNet`](super::LandmarkNet). `new` gives the paper's network: ResNet-50
/// and three DAFE modules of width 256.
///
/// ```
/// use dafe::{backbone::EfficientNetLiteConfig, prelude::*};
///
/// let config = LandmarkNetConfig::new(8)
///     .with_backbone(EfficientNetLiteConfig::lite0())
///     .with_decoder_channels([64, 64, 64]);
/// config.validate()?;
/// assert_eq!(config.backbone.out_channels(), [24, 40, 112, 320]);
/// assert!(config.with_reduction(0).validate().is_err());
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LandmarkNetConfig {
    /// The number of landmarks, and so of heatmaps.
    pub num_landmarks: usize,
    /// The backbone that [`Self::init`] creates.
    pub backbone: BackboneConfig,
    /// The decoder, which upsamples the coarsest map to the heatmaps' size: the paper's DAFE
    /// modules, or an alternative.
    pub decoder: Decoder,
    /// Channels of the decoder's three stages, coarse to fine. `[256, 256, 256]` by default, as in
    /// FPN and SimpleBaseline, since the paper does not state them. ResNet-50's own channels,
    /// `[1024, 512, 256]`, need no lateral convolutions.
    pub decoder_channels: [usize; 3],
    /// Whether all channels share one spatial attention map (the default) or have one each.
    pub attention: AttentionMap,
    /// Whether batch normalization and ReLU follow each transposed convolution. Off by default.
    pub norm: bool,
    /// Reduction of the channel attention's bottleneck. 16 by default.
    pub reduction: usize,
    /// The function applied to the channel weights; none by default, as in the paper.
    pub gate: Gate,
    /// Whether the decoder's coarser maps are also trained. By default, only the heatmaps are.
    pub supervision: Supervision,
}

with_fields!(LandmarkNetConfig {
    with_num_landmarks num_landmarks: usize,
    with_decoder decoder: Decoder,
    with_decoder_channels decoder_channels: [usize; 3],
    with_attention attention: AttentionMap,
    with_norm norm: bool,
    with_reduction reduction: usize,
    with_gate gate: Gate,
    with_supervision supervision: Supervision,
});

// Burn's derive would make `with_backbone` accept only a `BackboneConfig`.
impl Config for LandmarkNetConfig {}

impl fmt::Display for LandmarkNetConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&config_to_json(self))
    }
}

impl LandmarkNetConfig {
    /// Input pixels per heatmap cell.
    pub const STRIDE: usize = 4;

    /// The paper's network for `num_landmarks` landmarks.
    pub fn new(num_landmarks: usize) -> Self {
        Self {
            num_landmarks,
            backbone: ResNetConfig::resnet50().into(),
            decoder: Decoder::Dafe,
            decoder_channels: [256; 3],
            attention: AttentionMap::Shared,
            norm: false,
            reduction: 16,
            gate: Gate::Linear,
            supervision: Supervision::Output,
        }
    }

    /// The same configuration with another [`backbone`](field@Self::backbone): a [`ResNetConfig`]
    /// or an [`EfficientNetLiteConfig`](crate::backbone::EfficientNetLiteConfig).
    #[must_use]
    pub fn with_backbone(mut self, backbone: impl Into<BackboneConfig>) -> Self {
        self.backbone = backbone.into();
        self
    }

    /// Checks that the numbers are valid; [`Self::init`] panics on some invalid ones.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the first number that is 0 or
    /// unreasonably large.
    pub fn validate(&self) -> Result<(), Error> {
        // Larger than any published network, and small enough that an untrusted file cannot exhaust
        // the memory.
        const MOST: usize = 4096;
        let mut numbers =
            vec![("num_landmarks", self.num_landmarks), ("reduction", self.reduction)];
        numbers.extend(self.decoder_channels.map(|channels| ("decoder_channels", channels)));
        match &self.backbone {
            BackboneConfig::ResNet(resnet) => {
                numbers.push(("backbone.width", resnet.width));
                numbers.extend(resnet.blocks.map(|blocks| ("backbone.blocks", blocks)));
                if resnet.stem_kernel.is_multiple_of(2) || resnet.stem_kernel > 31 {
                    return Err(Error::config(format!(
                        "backbone.stem_kernel must be an odd number up to 31, not {}",
                        resnet.stem_kernel
                    )));
                }
            }
            BackboneConfig::EfficientNetLite(lite) => {
                numbers.push(("backbone.stem", lite.stem));
                numbers.extend(lite.channels.map(|channels| ("backbone.channels", channels)));
                numbers.extend(lite.blocks.map(|blocks| ("backbone.blocks", blocks)));
            }
        }
        if let Some((name, value)) = numbers.iter().find(|(_, value)| !(1..=MOST).contains(value)) {
            return Err(Error::config(format!("{name} must be between 1 and {MOST}, not {value}")));
        }
        // Many times the largest published network. The number does not depend on the input size.
        const MOST_PARAMETERS: u64 = 500_000_000;
        match self.summary([32, 32]).total().parameters {
            parameters if parameters > MOST_PARAMETERS => Err(Error::config(format!(
                "a network of {parameters} parameters; at most {MOST_PARAMETERS} are supported"
            ))),
            _ => Ok(()),
        }
    }
}
