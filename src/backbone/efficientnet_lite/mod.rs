//! EfficientNet-Lite, pretrained on ImageNet and small enough for a CPU.
mod block;
mod config;
mod network;
mod stages;

pub(crate) use self::stages::LEVELS;
pub use self::{
    block::InvertedResidual,
    config::{EfficientNetLiteConfig, EfficientNetVariant},
    network::EfficientNetLite,
};
