//! Networks that turn an image into a pyramid of feature maps, and the contract by which any of
//! them plugs into [`LandmarkNet`](crate::model::LandmarkNet).
mod any;
mod efficientnet_lite;
mod imagenet;
mod resnet;
mod segment;

use burn::{
    module::{Module, ModuleDisplay},
    tensor::Tensor,
};

pub use any::{AnyBackbone, BackboneConfig};
pub(crate) use efficientnet_lite::LEVELS;
pub use efficientnet_lite::{
    EfficientNetLite, EfficientNetLiteConfig, EfficientNetVariant, InvertedResidual,
};
pub use imagenet::{IMAGENET_MEAN, IMAGENET_STD};
pub use resnet::{ResNet, ResNetConfig, ResidualBlock, ResidualKind};
pub use segment::{Segment, is_trained};

/// Feature maps from fine to coarse, named by the stride of ResNet's stages.
///
/// For an input of `[B, 3, H, W]`, each map is `[B, channels, ceil(H / stride), ceil(W / stride)]`, the channels as
/// [`Backbone::out_channels`] says.
#[derive(Debug, Clone)]
pub struct FeaturePyramid {
    /// Stride 4.
    pub c2: Tensor<4>,
    /// Stride 8.
    pub c3: Tensor<4>,
    /// Stride 16.
    pub c4: Tensor<4>,
    /// Stride 32.
    pub c5: Tensor<4>,
}

impl FeaturePyramid {
    /// The strides of `c2`, `c3`, `c4`, `c5`.
    pub const STRIDES: [usize; 4] = [4, 8, 16, 32];
}

/// A network that turns images into a [`FeaturePyramid`]. Implement it to use your own in
/// [`LandmarkNet`](crate::model::LandmarkNet).
pub trait Backbone: Module + ModuleDisplay {
    /// Channels of `c2`, `c3`, `c4`, `c5`.
    fn out_channels(&self) -> [usize; 4];

    /// The feature maps of `images`.
    ///
    /// # Shapes
    /// - `images`: `[B, 3, H, W]`, RGB, normalized with ImageNet's mean and deviation
    /// - output: maps of `ceil(H / stride)` × `ceil(W / stride)` cells for [`FeaturePyramid::STRIDES`]
    fn forward(&self, images: Tensor<4>) -> FeaturePyramid;

    /// What [`Self::forward`] runs one after the other, if it is such a chain: for each of `c2`,
    /// `c3`, `c4` and `c5`, the pieces that lead to it from the map before, to `c2` from the
    /// images. Training can then save memory by keeping their inputs alone (`Recompute::Stages`).
    /// None by default: everything is kept.
    ///
    /// # Contract
    /// One after the other, the segments compute what [`Self::forward`] does, operation by operation. A training step runs
    /// each of them twice:
    ///
    /// - both runs must give the same, or gradients belong to another loss than the step's. So no dropout, no stochastic
    ///   depth, and nothing else that draws numbers or counts its calls;
    /// - side effects are the first run's: it is made with this backbone's clone off the tape, which shares running
    ///   statistics with it. The second is made with a copy whose statistics are thrown away.
    fn segments(&self) -> Option<[Vec<Segment<'_>>; 4]> {
        None
    }
}
