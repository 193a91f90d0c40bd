//! Networks that turn an image into a pyramid of feature maps, and the trait that lets any of them
//! be used in [`LandmarkNet`](crate::model::LandmarkNet): [`ResNet`], [`EfficientNetLite`], or your
//! own [`Backbone`].
//!
#![cfg_attr(feature = "flex", doc = "```")]
#![cfg_attr(not(feature = "flex"), doc = "```ignore")]
//! use dafe::{
//!     backbone::{Backbone, ResNetConfig},
//!     prelude::*,
//! };
//!
//! let device = Device::flex();
//! let net = ResNetConfig::resnet18().with_width(8).init(&device);
//! let maps = net.forward(Tensor::zeros([1, 3, 64, 96], &device));
//! assert_eq!(maps.c2.dims(), [1, 8, 16, 24]); // stride 4
//! assert_eq!(maps.c5.dims(), [1, 64, 2, 3]); // stride 32
//! ```
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

/// Feature maps from fine to coarse, named after ResNet's stages.
///
/// For an input of `[B, 3, H, W]`, each map is `[B, channels, ceil(H / stride), ceil(W / stride)]`,
/// with the channels given by [`Backbone::out_channels`].
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

/// A network that turns images into a [`FeaturePyramid`].
///
/// Implement it to use your own backbone in [`LandmarkNet`](crate::model::LandmarkNet). The
/// [tutorial has one](https://docs.rs/dafe/latest/dafe/tutorial/own_network/).
pub trait Backbone: Module + ModuleDisplay {
    /// Channels of `c2`, `c3`, `c4`, `c5`.
    fn out_channels(&self) -> [usize; 4];

    /// The feature maps of `images`.
    ///
    /// # Shapes
    /// - `images`: `[B, 3, H, W]`, RGB, normalized with ImageNet's mean and deviation
    /// - output: maps of `ceil(H / stride)` × `ceil(W / stride)` cells, for each of
    ///   [`FeaturePyramid::STRIDES`]
    fn forward(&self, images: Tensor<4>) -> FeaturePyramid;

    /// [`Self::forward`] split into consecutive segments, if it is such a chain. The segments for
    /// each of `c2`, `c3`, `c4` and `c5` lead to that map from the map before it; those for `c2`
    /// start from the images.
    ///
    /// Training can then save memory by keeping only the segments' inputs (`Recompute::Stages`).
    /// `None` by default: all activations are kept.
    ///
    /// # Contract
    /// Run in order, the segments compute the same as [`Self::forward`], operation by operation. A
    /// training step runs each segment twice:
    ///
    /// - Both runs must give the same result; otherwise the gradients belong to another loss than
    ///   the step's. So there must be no dropout, no stochastic depth, and nothing else that
    ///   samples random numbers or counts its calls.
    /// - Side effects come from the first run. It uses a clone of this backbone off the autodiff
    ///   tape, which shares running statistics with it. The second run uses a copy whose running
    ///   statistics are discarded.
    fn segments(&self) -> Option<[Vec<Segment<'_>>; 4]> {
        None
    }
}
