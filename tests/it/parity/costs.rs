//! Parameters, multiply-adds and activations compared with the counters of PyTorch and fvcore on
//! the reference.
use std::collections::BTreeMap;

use burn::{module::Module, tensor::Device};
use dafe::{
    backbone::ResNetConfig,
    model::{Cost, Decoder},
    prelude::*,
};
use serde::Deserialize;

use super::support::{json, state};

#[derive(Deserialize)]
struct Count {
    net: String,
    input: [usize; 2],
    part: String,
    parameters: u64,
    multiply_adds: u64,
    activations: u64,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    model: LandmarkNetConfig,
}

#[test]
fn summaries_count_as_pytorch_does() {
    let cases: Vec<Case> = json("network.json");
    let mut models: BTreeMap<String, LandmarkNetConfig> =
        cases.into_iter().map(|case| (case.name, case.model)).collect();
    models.insert("resnet18".into(), Preset::Small.config(8));
    let counts: Vec<Count> = json("counts.json");
    assert_eq!(counts.len(), 5 * models.len());
    for count in counts {
        let summary = models[&count.net].summary(count.input);
        let parts = summary.stages.iter().filter(|stage| stage.name.starts_with(&count.part));
        let cost = parts.fold(Cost::default(), |sum, stage| sum + stage.cost);
        let Count { net, part, parameters, multiply_adds, activations, .. } = count;
        assert_eq!(cost, Cost { parameters, multiply_adds, activations }, "{net} {part}");
    }
}

#[test]
fn summaries_count_the_parameters_that_networks_have() {
    let device = Device::flex();
    for &decoder in Decoder::ALL {
        for norm in [false, true] {
            let config = Preset::Nano.config(5).with_decoder(decoder).with_norm(norm);
            let net = config.init(&device);
            let learned = |(key, data): (String, burn::tensor::TensorData)| {
                if key.contains("running_") { 0 } else { data.num_elements() as u64 }
            };
            let count: u64 = state(&net).into_iter().map(learned).sum();
            assert_eq!(config.summary([96, 96]).total().parameters, count, "{decoder}");
            assert!(net.num_params() as u64 > count, "running statistics");
        }
    }
}

/// One residual block per stage, width 4, 32×32 images: small enough to compute by hand.
#[test]
fn a_summary_by_hand() {
    let config = LandmarkNetConfig::new(3)
        .with_backbone(
            ResNetConfig::new(dafe::backbone::ResidualKind::Basic, [1, 1, 1, 1]).with_width(4),
        )
        .with_decoder_channels([16, 8, 4]);
    let summary = config.summary([32, 32]);
    let cost = |name: &str| {
        let stage = summary.stages.iter().find(|stage| stage.name == name).unwrap();
        (stage.output, stage.cost)
    };
    // 7×7 from 3 to 4 channels onto 16×16 cells, then pooled to 8×8; a norm of 4.
    let stem =
        Cost { parameters: 3 * 4 * 49 + 8, multiply_adds: 3 * 4 * 49 * 256, activations: 4 * 256 };
    assert_eq!(cost("backbone.stem"), ([4, 8, 8], stem));
    // Two 3×3 from 4 to 4 on 8×8, each with a norm.
    let layer1 = Cost {
        parameters: 2 * (4 * 4 * 9 + 8),
        multiply_adds: 2 * 4 * 4 * 9 * 64,
        activations: 2 * 4 * 64,
    };
    assert_eq!(cost("backbone.layer1"), ([4, 8, 8], layer1));
    // 3×3 from 4 to 8 and from 8 to 8, and the shortcut's 1×1 from 4 to 8, onto 4×4.
    let layer2 = Cost {
        parameters: (4 * 8 * 9 + 16) + (8 * 8 * 9 + 16) + (4 * 8 + 16),
        multiply_adds: (4 * 8 * 9 + 8 * 8 * 9 + 4 * 8) * 16,
        activations: 3 * 8 * 16,
    };
    assert_eq!(cost("backbone.layer2"), ([8, 4, 4], layer2));
    // From 32 channels on 1×1 to 16 on 2×2, where Y has 16: U_t 32·16·16 + 16 once for the one
    // cell; attention 32 + 1; no lateral; bottleneck of 1: 16 + 1, 16 + 16. Activations: 16·4 + 1 +
    // 1 + 16.
    let decoder = Cost {
        parameters: 32 * 16 * 16 + 16 + 33 + 17 + 32,
        multiply_adds: 32 * 16 * 16 + 32 + 16 + 16,
        activations: 64 + 1 + 1 + 16,
    };
    assert_eq!(cost("decoder.0"), ([16, 2, 2], decoder));
    let head = Cost { parameters: 4 * 3 + 3, multiply_adds: 4 * 3 * 64, activations: 3 * 64 };
    assert_eq!(cost("head"), ([3, 8, 8], head));
    assert_eq!(head.activation_bytes(), 768);
    assert_eq!(
        summary.total().parameters,
        summary.stages.iter().map(|s| s.cost.parameters).sum::<u64>()
    );
    let table = summary.to_string();
    assert!(table.contains("decoder.2") && table.contains("32×32 in"), "{table}");
}
