//! Named network configurations.
use super::config::LandmarkNetConfig;
use crate::{
    backbone::{EfficientNetLiteConfig, ResNetConfig, ResidualKind},
    named::named_enum,
};

/// Named networks, each with the input size it is meant for.
///
/// ```
/// use dafe::prelude::*;
///
/// let preset: Preset = "lite".parse()?;
/// assert_eq!(preset.input_size(), [192, 192]);
/// assert_eq!(preset.config(8).decoder_channels, [64, 64, 64]);
/// assert_eq!(Preset::Paper.config(8), LandmarkNetConfig::new(8));
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Preset {
    /// A narrow ResNet and 48 channels in the decoder, for 96×96 images: trains on a CPU in
    /// minutes.
    Nano,
    /// EfficientNet-Lite0 and 64 channels in the decoder, for 192×192 images: trains on a CPU in
    /// minutes when it starts from pretrained weights.
    Lite,
    /// ResNet-18 and 128 channels in the decoder, for 192×192 images.
    Small,
    /// The paper's network: ResNet-50 and 256 channels in the decoder, for 320×320 images.
    Paper,
}

named_enum!(Preset, "preset", { Nano => "nano", Lite => "lite", Small => "small", Paper => "paper" });

impl Preset {
    /// The configuration of the network for `num_landmarks` landmarks.
    pub fn config(self, num_landmarks: usize) -> LandmarkNetConfig {
        let config = LandmarkNetConfig::new(num_landmarks);
        match self {
            Self::Nano => config
                .with_backbone(
                    ResNetConfig::new(ResidualKind::Basic, [1, 1, 2, 2])
                        .with_width(24)
                        .with_stem_kernel(3),
                )
                .with_decoder_channels([48, 48, 48])
                .with_norm(true),
            Self::Lite => config
                .with_backbone(EfficientNetLiteConfig::lite0())
                .with_decoder_channels([64, 64, 64])
                .with_norm(true),
            Self::Small => config
                .with_backbone(ResNetConfig::resnet18())
                .with_decoder_channels([128, 128, 128])
                .with_norm(true),
            Self::Paper => config,
        }
    }

    /// `[width, height]` of the input, in pixels.
    pub fn input_size(self) -> [usize; 2] {
        match self {
            Self::Nano => [96, 96],
            Self::Lite | Self::Small => [192, 192],
            Self::Paper => [320, 320],
        }
    }
}
