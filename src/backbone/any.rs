//! A backbone of this crate, chosen at run time.
use burn::{
    module::{
        Content, Devices, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor,
    },
    tensor::{Device, Tensor},
};
use serde::{Deserialize, Serialize};

use super::{
    Backbone, EfficientNetLite, EfficientNetLiteConfig, FeaturePyramid, ResNet, ResNetConfig,
    Segment,
};

/// Configuration of [`AnyBackbone`].
///
/// ```
/// use dafe::backbone::{BackboneConfig, EfficientNetLiteConfig, ResNetConfig};
///
/// let configs: [BackboneConfig; 2] =
///     [ResNetConfig::resnet18().into(), EfficientNetLiteConfig::lite0().into()];
/// assert_eq!(configs.map(|config| config.out_channels()[3]), [512, 320]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BackboneConfig {
    /// A ResNet.
    #[serde(rename = "resnet")]
    ResNet(ResNetConfig),
    /// An EfficientNet-Lite.
    #[serde(rename = "efficientnet-lite")]
    EfficientNetLite(EfficientNetLiteConfig),
}

impl From<ResNetConfig> for BackboneConfig {
    fn from(config: ResNetConfig) -> Self {
        Self::ResNet(config)
    }
}

impl From<EfficientNetLiteConfig> for BackboneConfig {
    fn from(config: EfficientNetLiteConfig) -> Self {
        Self::EfficientNetLite(config)
    }
}

impl BackboneConfig {
    /// Channels of the four feature maps, fine to coarse.
    pub fn out_channels(&self) -> [usize; 4] {
        match self {
            Self::ResNet(config) => config.out_channels(),
            Self::EfficientNetLite(config) => config.out_channels(),
        }
    }

    /// A new backbone with random parameters on `device`.
    ///
    /// # Panics
    /// As [`ResNetConfig::init`].
    pub fn init(&self, device: &Device) -> AnyBackbone {
        match self {
            Self::ResNet(config) => AnyBackbone::ResNet(config.init(device)),
            Self::EfficientNetLite(config) => AnyBackbone::EfficientNetLite(config.init(device)),
        }
    }
}

/// A backbone of this crate. Its parameters have the names they have in the backbone itself.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AnyBackbone {
    /// A ResNet.
    ResNet(ResNet),
    /// An EfficientNet-Lite.
    EfficientNetLite(EfficientNetLite),
}

/// Evaluates the same expression for whichever backbone it is.
macro_rules! each {
    ($any:expr, $net:ident => $value:expr) => {
        match $any {
            AnyBackbone::ResNet($net) => $value,
            AnyBackbone::EfficientNetLite($net) => $value,
        }
    };
}

/// Changes whichever backbone it is by the same expression.
macro_rules! change {
    ($any:expr, $net:ident => $value:expr) => {
        match $any {
            AnyBackbone::ResNet($net) => AnyBackbone::ResNet($value),
            AnyBackbone::EfficientNetLite($net) => AnyBackbone::EfficientNetLite($value),
        }
    };
}

impl AnyBackbone {
    /// Freezes the first `count` of five parts in training, including their batch normalization.
    ///
    /// The parts are the stem and then the layers that lead to each feature map, fine to coarse.
    pub fn freeze_stages(self, count: usize) -> Self {
        change!(self, net => net.freeze_stages(count))
    }

    /// Freezes all batch normalization in training: parameters and running statistics stay as they
    /// are, and the running statistics are used to normalize.
    pub fn freeze_norm(self) -> Self {
        change!(self, net => net.freeze_norm())
    }
}

impl Backbone for AnyBackbone {
    fn out_channels(&self) -> [usize; 4] {
        each!(self, net => Backbone::out_channels(net))
    }

    fn forward(&self, images: Tensor<4>) -> FeaturePyramid {
        each!(self, net => net.forward(images))
    }

    fn segments(&self) -> Option<[Vec<Segment<'_>>; 4]> {
        each!(self, net => net.segments())
    }
}

/// Not derived: Burn's derive would prefix the parameters' names with the variant's.
impl Module for AnyBackbone {
    fn collect_devices(&self, devices: Devices) -> Devices {
        each!(self, net => net.collect_devices(devices))
    }

    fn fork(self, device: &Device) -> Self {
        change!(self, net => net.fork(device))
    }

    fn to_device(self, device: &Device) -> Self {
        change!(self, net => net.to_device(device))
    }

    fn train(self) -> Self {
        change!(self, net => net.train())
    }

    fn valid(&self) -> Self {
        change!(self, net => net.valid())
    }

    fn materialize(self) -> Self {
        change!(self, net => net.materialize())
    }

    fn visit<Visitor: ModuleVisitor>(&self, visitor: &mut Visitor) {
        each!(self, net => net.visit(visitor));
    }

    fn map<Mapper: ModuleMapper>(self, mapper: &mut Mapper) -> Self {
        change!(self, net => net.map(mapper))
    }
}

impl ModuleDisplayDefault for AnyBackbone {
    fn content(&self, content: Content) -> Option<Content> {
        each!(self, net => net.content(content))
    }

    fn num_params(&self) -> usize {
        Module::num_params(self)
    }
}

impl ModuleDisplay for AnyBackbone {}

impl std::fmt::Display for AnyBackbone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        each!(self, net => net.fmt(f))
    }
}
