//! A model that the crate trained and saved, and what it computes: tests/fixtures/parity/export. PyTorch reads the same
//! folder (`python3 scripts/reference/export.py tests/fixtures/parity/export --compare
//! tests/fixtures/parity/export/outputs.safetensors`); this test keeps folder and outputs in step with the crate.
use burn::{
    module::{Module, Param},
    optim::{AdamConfig, GradientsParams, ModuleOptimizer},
    tensor::{Device, Tensor},
};
use dafe::{backbone::ResidualKind, prelude::*, weights::save_safetensors};

use crate::support::{Fixture, assert_close, named, path};

#[derive(Module, Debug)]
struct Outputs {
    images: Param<Tensor<4>>,
    heatmaps: Param<Tensor<4>>,
}

#[test]
fn the_exported_model_still_computes_what_pytorch_was_shown() {
    let device = Device::flex();
    let detector = LandmarkDetector::load(path("export"), &device).unwrap();
    let outputs = Fixture::open("export/outputs.safetensors");
    let images = Tensor::<4>::from_data(outputs.get("images"), &device);
    let heatmaps = detector.net().forward(images).into_data();
    // Another machine may sum in another order.
    assert_close("heatmaps", heatmaps, outputs.get("heatmaps"), 1e-5);
}

#[test]
#[ignore = "writes the fixture of the test above anew"]
fn write_the_exported_model() {
    let device = Device::flex().autodiff();
    device.seed(3);
    let backbone = ResNetConfig::new(ResidualKind::Bottleneck, [1, 1, 1, 1]);
    let model = LandmarkNetConfig::new(3)
        .with_backbone(backbone.with_width(4).with_stem_kernel(3))
        .with_decoder_channels([8, 8, 6])
        .with_attention(AttentionMap::PerChannel)
        .with_gate(Gate::Sigmoid)
        .with_norm(true)
        .with_reduction(2);
    let codec = HeatmapCodec::new([48, 32], LandmarkNetConfig::STRIDE, 1.5);
    let mut net = model.init(&device);
    let mut optimizer: ModuleOptimizer = AdamConfig::new().init();
    for step in 0..20 {
        let images = named(&format!("export/images/{step}"), [4, 3, 32, 48], &device);
        let middle = Tensor::<3>::full([4, 3, 2], 16.0, &device);
        let weights = Tensor::ones([4, 3], &device);
        let targets = codec.encode(middle, weights.clone());
        let loss = heatmap_mse(net.forward(images), targets, weights);
        let gradients = GradientsParams::from_grads(loss.backward(), &net);
        net = optimizer.step(1e-2, net, gradients);
    }
    let device = device.inner();
    let schema = LandmarkSchema::fld_of(ClothesType::Upper);
    let names: LandmarkSchema = serde_json::from_value(serde_json::json!({
        "names": &schema.names()[..3], "mirror": [1, 0, 2], "skeleton": [],
    }))
    .unwrap();
    let config = DetectorConfig {
        model,
        codec,
        framing: Framing::Stretch,
        refinement: Refinement::QuarterOffset,
        flip_test: false,
        schema: names,
    };
    let detector = LandmarkDetector::new(net.valid(), config, &device).unwrap();
    std::fs::create_dir_all(path("export")).unwrap();
    detector.save(path("export")).unwrap();
    let images = named("export/images", [2, 3, 32, 48], &device);
    let heatmaps = detector.net().forward(images.clone());
    let outputs =
        Outputs { images: Param::from_tensor(images), heatmaps: Param::from_tensor(heatmaps) };
    save_safetensors(&outputs, &path("export/outputs.safetensors")).unwrap();
}
