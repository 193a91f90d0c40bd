//! A model trained and saved by the crate, tests/fixtures/parity/export: PyTorch computes the same
//! from this folder (tools/reference/export.py), and the file's content is correct.
use std::collections::BTreeSet;

use burn::{
    module::Module,
    optim::{AdamConfig, GradientsParams, ModuleOptimizer},
    tensor::{Device, Tensor},
};
use dafe::{
    backbone::{ResNetConfig, ResidualKind},
    blocks::{AttentionMap, Gate},
    detector::DetectorConfig,
    landmark::ClothesType,
    loss::heatmap_mse,
    model::Decoder,
    prelude::*,
    weights::{StateDict, load_safetensors, save_safetensors},
};

use super::support::{Fixture, assert_close, fill, named, path, state};
use crate::common::{devices::on_cpus, fill as by_name};

on_cpus!(
    pytorch_computes_the_same_from_an_exported_model,
    pytorch_computes_the_same_from_the_bundled_model,
);

fn pytorch_computes_the_same_from_an_exported_model(device: &Device) {
    let detector = LandmarkDetector::load(path("export"), device).unwrap();
    let heatmaps = detector.net().forward(named("export/images", [2, 3, 32, 48], device));
    let wanted = Fixture::open("exported.safetensors").get("heatmaps");
    assert_close("heatmaps", heatmaps.into_data(), wanted, 1e-5);
}

/// The tolerance is larger because ReLU6 and fifty layers of sums in another order add up.
fn pytorch_computes_the_same_from_the_bundled_model(device: &Device) {
    let detector = LandmarkDetector::bundled(device);
    let heatmaps = detector.net().forward(named("export/bundled", [1, 3, 96, 128], device));
    let wanted = Fixture::open("exported.safetensors").get("bundled");
    assert_close("heatmaps", heatmaps.into_data(), wanted, 1e-4);
}

/// Every parameter and running statistic under its reference name, as f32 in PyTorch's layout, and
/// nothing else; and back.
#[test]
fn exported_files_hold_what_they_were_given() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("net.safetensors");
    let device = Device::flex();
    for &decoder in Decoder::ALL {
        let config = Preset::Nano.config(3).with_decoder(decoder);
        let net = fill(config.init(&device), "export.");
        save_safetensors(&net, &file).unwrap();
        let saved = StateDict::read(&file).unwrap();
        let keys: BTreeSet<&str> = saved.keys().collect();
        let names = state(&net);
        assert_eq!(keys, names.keys().map(String::as_str).collect(), "{decoder}");
        for key in keys {
            let shape = saved.shape(key).unwrap();
            let wanted = by_name::parameter(&format!("export.{key}"), shape);
            assert_eq!(saved.value(key).unwrap(), wanted, "{decoder}: {key}");
        }
        let bytes = std::fs::read(&file).unwrap();
        let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        let header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
        for (key, entry) in header.as_object().unwrap() {
            assert!(key == "__metadata__" || entry["dtype"] == "F32", "{decoder}: {key}");
        }
        let mut other = config.init(&device);
        load_safetensors(&mut other, &file).unwrap();
        assert!(state(&other) == names, "{decoder}");
    }
}

/// A briefly trained network is unchanged by saving and loading. With `WRITE_EXPORT=1` it is saved
/// as the fixture of the first test; tools/reference/parity.py then writes its heatmaps.
#[test]
fn a_trained_model_survives_saving() {
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
        "sigmas": null, "categories": [],
    }))
    .unwrap();
    let config = DetectorConfig::new(model, codec, names);
    let detector = LandmarkDetector::new(net.valid(), config, &device).unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let folder = match std::env::var_os("WRITE_EXPORT") {
        Some(_) => path("export"),
        None => temporary.path().to_path_buf(),
    };
    std::fs::create_dir_all(&folder).unwrap();
    detector.save(&folder).unwrap();
    let loaded = LandmarkDetector::load(&folder, &device).unwrap();
    assert_eq!(loaded.config(), detector.config());
    let images = named("export/images", [2, 3, 32, 48], &device);
    let heatmaps = detector.net().forward(images.clone()).into_data();
    loaded.net().forward(images).into_data().assert_eq(&heatmaps, true);
}
