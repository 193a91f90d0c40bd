//! The cost of each stage of a backbone, layer by layer.
use super::cost::Cost;
use crate::backbone::{BackboneConfig, EfficientNetLiteConfig, LEVELS, ResNetConfig, ResidualKind};

/// `[height, width]` of a map.
pub(super) type Size = [usize; 2];

/// A stage of a backbone and its output map.
pub(super) struct BackboneStage {
    pub name: String,
    pub channels: usize,
    pub size: Size,
    pub cost: Cost,
    /// Whether the map is part of the feature pyramid.
    pub in_pyramid: bool,
}

/// All stages, in order, for images of this size.
pub(super) fn stages(config: &BackboneConfig, images: Size) -> Vec<BackboneStage> {
    match config {
        BackboneConfig::ResNet(config) => resnet(config, images),
        BackboneConfig::EfficientNetLite(config) => efficientnet_lite(config, images),
    }
}

fn resnet(config: &ResNetConfig, images: Size) -> Vec<BackboneStage> {
    let mut size = halve(images);
    let cost = Cost::convolution([3, config.width], config.stem_kernel, area(size), false)
        + Cost::norm(config.width);
    size = halve(size);
    let (name, channels) = ("stem".into(), config.width);
    let mut stages = vec![BackboneStage { name, channels, size, cost, in_pyramid: false }];
    for (index, channels) in config.out_channels().into_iter().enumerate() {
        let from = size;
        size = if index == 0 { size } else { halve(size) };
        let cost = residual_stage(config, index, from, size);
        let name = format!("layer{}", index + 1);
        stages.push(BackboneStage { name, channels, size, cost, in_pyramid: true });
    }
    stages
}

fn residual_stage(config: &ResNetConfig, index: usize, from: Size, size: Size) -> Cost {
    let out = config.out_channels()[index];
    let width = config.width << index;
    let mut cost = Cost::default();
    for block in 0..config.blocks[index] {
        // The first block changes the map's size (in its first 3×3 convolution) and its width.
        let (input, from) = match (block, index) {
            (0, 0) => (config.width, from),
            (0, _) => (config.out_channels()[index - 1], from),
            _ => (out, size),
        };
        let mut layer = |channels: [usize; 2], kernel: usize, size: Size| {
            cost += Cost::convolution(channels, kernel, area(size), false);
            cost += Cost::norm(channels[1]);
        };
        match config.kind {
            ResidualKind::Basic => {
                layer([input, width], 3, size);
                layer([width, width], 3, size);
            }
            ResidualKind::Bottleneck => {
                layer([input, width], 1, from);
                layer([width, width], 3, size);
                layer([width, out], 1, size);
            }
        }
        if input != out || from != size {
            layer([input, out], 1, size);
        }
    }
    cost
}

fn efficientnet_lite(config: &EfficientNetLiteConfig, images: Size) -> Vec<BackboneStage> {
    let mut size = halve(images);
    let cost = Cost::convolution([3, config.stem], 3, area(size), false) + Cost::norm(config.stem);
    let (name, channels) = ("stem".into(), config.stem);
    let mut stages = vec![BackboneStage { name, channels, size, cost, in_pyramid: false }];
    for (index, stage) in config.stages().enumerate() {
        let mut cost = Cost::default();
        for block in stage.blocks() {
            let inner = block.input * block.expansion;
            let mut layer = |channels: [usize; 2], kernel: usize, size: Size| {
                cost += Cost::convolution(channels, kernel, area(size), false);
                cost += Cost::norm(channels[1]);
            };
            if block.expansion > 1 {
                layer([block.input, inner], 1, size);
            }
            if block.stride > 1 {
                size = halve(size);
            }
            // Depthwise: one kernel per channel.
            let depthwise = Cost::convolution([1, inner], block.kernel, area(size), false);
            layer([inner, block.output], 1, size);
            cost += depthwise + Cost::norm(inner);
        }
        stages.push(BackboneStage {
            name: format!("blocks.{index}"),
            channels: config.channels[index],
            size,
            cost,
            in_pyramid: LEVELS.iter().any(|stages| stages.end == index + 1),
        });
    }
    stages
}

/// The output size of a padded convolution with stride 2.
fn halve(size: Size) -> Size {
    size.map(|side| side.div_ceil(2))
}

pub(super) fn area(size: Size) -> usize {
    size[0] * size[1]
}
