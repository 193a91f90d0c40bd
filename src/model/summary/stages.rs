//! The cost of each stage of a network, layer by layer.
use serde::Serialize;

use super::{
    backbones::{self, BackboneStage, Size, area},
    cost::Cost,
};
use crate::{
    blocks::{AttentionMap, NonLocalConfig},
    model::{config::LandmarkNetConfig, decoder::Decoder, supervision::Supervision},
};

/// The cost of one stage of a network.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageSummary {
    /// The name, which is also the prefix of its parameters' keys: "backbone.layer1", "decoder.0",
    /// "head".
    pub name: String,
    /// `[channels, height, width]` of its output.
    pub output: [usize; 3],
    /// The cost of the stage.
    pub cost: Cost,
}

/// All stages of the network, in order.
pub(super) fn stages(config: &LandmarkNetConfig, input_size: [usize; 2]) -> Vec<StageSummary> {
    let mut stages = Vec::new();
    let mut add = |name: String, channels: usize, size: Size, cost: Cost| {
        stages.push(StageSummary { name, output: [channels, size[0], size[1]], cost });
    };
    let size = [input_size[1], input_size[0]];
    let mut pyramid = Vec::new();
    for stage in backbones::stages(&config.backbone, size) {
        let BackboneStage { name, channels, size, cost, in_pyramid } = stage;
        add(format!("backbone.{name}"), channels, size, cost);
        pyramid.extend(in_pyramid.then_some((channels, size)));
    }

    let (mut high, mut from) = pyramid[3];
    for (index, (low, size)) in [pyramid[2], pyramid[1], pyramid[0]].into_iter().enumerate() {
        let out = config.decoder_channels[index];
        let cost = decoder_stage(config, index, [high, low], from, size);
        add(format!("decoder.{index}"), out, size, cost);
        (high, from) = (out, size);
    }
    let head = Cost::convolution([high, config.num_landmarks], 1, area(from), true);
    add("head".into(), config.num_landmarks, from, head);
    if config.supervision == Supervision::Deep {
        for (index, size) in [pyramid[2].1, pyramid[1].1].into_iter().enumerate() {
            let head = [config.decoder_channels[index], config.num_landmarks];
            // Not computed in inference.
            let parameters = Cost::convolution(head, 1, area(size), true).parameters;
            let cost = Cost { parameters, ..Cost::default() };
            add(format!("auxiliary.{index}"), config.num_landmarks, size, cost);
        }
    }
    stages
}

fn decoder_stage(
    config: &LandmarkNetConfig,
    index: usize,
    [high, low]: [usize; 2],
    from: Size,
    size: Size,
) -> Cost {
    let out = config.decoder_channels[index];
    let bottleneck = (out / config.reduction).max(1);
    let transposed =
        |bias| Cost::transposed_convolution([high, out], 4, area(from), area(size), bias);
    let pointwise = |channels, positions| Cost::convolution(channels, 1, positions, true);
    let squeeze = || pointwise([out, bottleneck], 1) + pointwise([bottleneck, out], 1);
    let upsampling = |attention: AttentionMap| {
        let mut cost = transposed(true);
        cost += match attention {
            AttentionMap::Shared => pointwise([high, 1], area(from)),
            AttentionMap::PerChannel => pointwise([high, out], area(from)),
            AttentionMap::Uniform => Cost::default(),
        };
        if low != out {
            cost += pointwise([low, out], area(size));
        }
        if config.norm {
            cost += Cost::norm(out);
        }
        cost
    };
    match config.decoder {
        Decoder::Dafe => upsampling(config.attention) + squeeze(),
        Decoder::DafeWithoutSelection => upsampling(config.attention),
        Decoder::TransposedConvolution => transposed(false) + Cost::norm(out),
        Decoder::FeaturePyramid => {
            let mut cost = pointwise([low, out], area(size));
            if high != out {
                cost += pointwise([high, out], area(from));
            }
            if index + 1 == config.decoder_channels.len() {
                cost += Cost::convolution([out, out], 3, area(size), true);
            }
            cost
        }
        Decoder::GlobalContext => {
            upsampling(AttentionMap::Uniform)
                + pointwise([out, 1], area(size))
                + Cost::matrix_product(out, area(size), 1)
                + Cost::norm(bottleneck)
                + squeeze()
        }
        Decoder::NonLocal if index < Decoder::NON_LOCAL_STAGES => {
            let (inner, positions) = (NonLocalConfig::new(out).inner_channels(), area(size));
            let embedding = pointwise([out, inner], positions);
            upsampling(AttentionMap::Uniform)
                + embedding
                + embedding
                + embedding
                + Cost::matrix_product(positions, inner, positions)
                + Cost::matrix_product(positions, positions, inner)
                + pointwise([inner, out], positions)
        }
        Decoder::NonLocal => upsampling(AttentionMap::Uniform),
    }
}
