//! EfficientNet-Lite: small enough for a CPU, with weights pretrained on ImageNet.
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
