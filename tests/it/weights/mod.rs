//! State dicts: saved values are read back, and mismatches are explained.
mod bad_files;
mod efficientnet;
pub mod forge;
#[cfg(feature = "pytorch")]
mod pytorch;
mod wrappings;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::common::{devices::on_cpus, fill};
use burn::{
    module::Module,
    store::{BurnToPyTorchAdapter, ModuleSnapshot, bridge},
    tensor::TensorData,
};
use dafe::{
    backbone::{ResNetConfig, ResidualKind},
    prelude::*,
    weights::{LoadRules, StateDict, load_safetensors, load_torchvision, save_safetensors},
};
use forge::{floats, safetensors};

on_cpus!(
    every_form_of_file_gives_the_same_network,
    a_file_for_other_landmarks_offers_to_train_the_head_anew,
    broken_numbers_are_refused_and_change_nothing,
);

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parity").join(name)
}

/// The files of one network in the formats that this build can read.
const FORMS: &[&str] = if cfg!(feature = "pytorch") {
    &["small.safetensors", "small.pth", "small_legacy.pth", "small_wrapped.pth"]
} else {
    &["small.safetensors"]
};

/// The network in the fixtures.
fn small() -> ResNetConfig {
    ResNetConfig::new(ResidualKind::Basic, [1, 1, 1, 1]).with_width(4)
}

/// A landmark network with that backbone.
fn net(landmarks: usize, device: &Device) -> LandmarkNet {
    LandmarkNetConfig::new(landmarks)
        .with_backbone(small())
        .with_decoder_channels([16, 8, 8])
        .init(device)
}

/// A module's parameters and running statistics by PyTorch name.
fn values<M: Module>(module: &M) -> BTreeMap<String, TensorData> {
    let tensors = module.collect(None, Some(Box::new(BurnToPyTorchAdapter)), false);
    let value = |tensor| bridge::to_data(tensor).unwrap();
    tensors.iter().map(|tensor| (tensor.name.clone(), value(tensor))).collect()
}

/// A file with these bytes; it is deleted with the folder.
fn file(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn every_form_of_file_gives_the_same_network(device: &Device) {
    for &name in FORMS {
        let mut resnet = small().init(device);
        load_torchvision(&mut resnet, fixture(name)).unwrap();
        let values = values(&resnet);
        assert_eq!(values.len(), 60);
        for (key, value) in values {
            let expected = fill::parameter(&format!("small.{key}"), value.shape());
            assert_eq!(value, expected, "{key} of {name}");
        }
        let weights = StateDict::read(fixture(name)).unwrap();
        assert_eq!(weights.len(), 74);
        assert_eq!(weights.shape("layer1.0.conv1.weight"), Some(&[4, 4, 3, 3][..]));
        assert_eq!(weights.shape("bn1.num_batches_tracked"), Some(&[][..]));
        assert_eq!(weights.shape("bn2.weight"), None);
    }
}

#[test]
fn published_resnets_have_torchvisions_keys_and_shapes() {
    let keys: BTreeMap<String, Vec<(String, Vec<usize>)>> =
        serde_json::from_str(&fs::read_to_string(fixture("keys.json")).unwrap()).unwrap();
    let configs = [
        ("resnet18", ResNetConfig::resnet18()),
        ("resnet34", ResNetConfig::resnet34()),
        ("resnet50", ResNetConfig::resnet50()),
        ("resnet101", ResNetConfig::resnet101()),
        ("resnet152", ResNetConfig::resnet152()),
    ];
    for (name, config) in configs {
        let used = |key: &str| !key.starts_with("fc.") && !key.ends_with("num_batches_tracked");
        let theirs: BTreeSet<_> = keys[name].iter().filter(|(key, _)| used(key)).cloned().collect();
        let resnet = config.init(&Device::flex());
        let tensors = resnet.collect(None, Some(Box::new(BurnToPyTorchAdapter)), false);
        let ours = tensors.iter().map(|tensor| (tensor.name.clone(), tensor.shape.to_vec()));
        assert_eq!(ours.collect::<BTreeSet<_>>(), theirs, "{name}");
    }
}

#[test]
fn resnets_that_do_not_fit_are_explained() {
    let device = Device::flex();
    let path = fixture("small.safetensors");
    let error = |config: ResNetConfig| {
        let error = load_torchvision(&mut config.init(&device), &path).unwrap_err().to_string();
        assert!(error.contains("small.safetensors") && error.len() < 1000, "{error}");
        error
    };
    let depth = error(ResNetConfig::resnet18().with_width(4));
    assert!(
        depth.ends_with("the file is a ResNet of [1, 1, 1, 1] basic blocks, the network ResNet-18"),
        "{depth}"
    );
    let width = error(small().with_width(8));
    for part in [
        "another network's parameters, 0 of this one's 60 tensors fit; of another shape: ",
        "bn1.bias is [4] in the file, [8] in the network",
        "and 58 more (the file has 74 tensors)",
    ] {
        assert!(width.contains(part), "{part} is not in: {width}");
    }
    let stem = error(small().with_stem_kernel(3));
    let message = "of another shape: conv1.weight is [4, 3, 7, 7] in the file, [4, 3, 3, 3] in the \
                   network (the file has 74 tensors)";
    assert!(stem.ends_with(message), "{stem}");
}

fn a_file_for_other_landmarks_offers_to_train_the_head_anew(device: &Device) {
    let (_folder, path) = file(b"");
    let (saved, mut other) = (net(4, device), net(3, device));
    save_safetensors(&saved, &path).unwrap();
    let before = values(&other);
    let error = load_safetensors(&mut other, &path).unwrap_err().to_string();
    for part in [
        "for 4 landmarks, the network for 3",
        "new_head (FineTuning) or keep \"head.\" (LoadRules)",
        "\"head.\"",
    ] {
        assert!(error.contains(part), "{part} is not in: {error}");
    }
    assert_eq!(values(&other), before);

    let rules = LoadRules { keep: vec!["head.".into()], ..LoadRules::default() };
    let mut weights = StateDict::read(&path).unwrap();
    weights.load_into(&mut other, &rules).unwrap();
    let saved = values(&saved);
    for (key, value) in values(&other) {
        let expected = if key.starts_with("head.") { &before[&key] } else { &saved[&key] };
        assert_eq!(&value, expected, "{key}");
    }

    // Or some of its landmarks.
    weights.narrow_first("head.weight", 1..4).unwrap();
    weights.narrow_first("head.bias", 1..4).unwrap();
    weights.load_into(&mut other, &LoadRules::default()).unwrap();
    let head = values(&other)["head.weight"].try_to_vec::<f32>().unwrap();
    assert_eq!(head, saved["head.weight"].try_to_vec::<f32>().unwrap()[8..]);
    let error = weights.narrow_first("head.bias", 2..4).unwrap_err().to_string();
    assert!(error.ends_with("head.bias is [3] and has no rows 2..4"), "{error}");
}

fn broken_numbers_are_refused_and_change_nothing(device: &Device) {
    let (_folder, path) = file(b"");
    save_safetensors(&net(4, device), &path).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let end = bytes.len();
    // The last two floats of the file, in whichever tensor is last.
    bytes[end - 8..end - 4].copy_from_slice(&f32::NAN.to_le_bytes());
    bytes[end - 4..].copy_from_slice(&f32::INFINITY.to_le_bytes());
    fs::write(&path, bytes).unwrap();
    let mut other = net(4, device);
    let before = values(&other);
    let error = load_safetensors(&mut other, &path).unwrap_err().to_string();
    assert!(error.contains("NaN or infinite: 2 of "), "{error}");
    assert_eq!(values(&other), before);
}

#[test]
fn keys_can_be_renamed_and_dropped() {
    let device = Device::flex();
    let read = || StateDict::read(fixture("small.safetensors")).unwrap();
    let mut net = net(2, &device);
    let rules = LoadRules {
        keep: vec!["decoder.".into(), "head.".into()],
        ignored: vec!["backbone.fc.w".into(), ".bias_of_nothing".into()],
    };
    let renamed = read().rename(|key| Some(format!("backbone.{key}"))).unwrap();
    let error = renamed.load_into(&mut net, &rules).unwrap_err().to_string();
    assert!(
        error.ends_with("not part of this network: backbone.fc.bias (the file has 74 tensors)"),
        "{error}"
    );
    let renamed = renamed.rename(|key| (key != "backbone.fc.bias").then(|| key.into())).unwrap();
    assert_eq!(renamed.len(), 73);
    renamed.load_into(&mut net, &rules).unwrap();
    let value = &values(&net)["backbone.layer4.0.bn2.running_var"];
    assert_eq!(value, &fill::parameter("small.layer4.0.bn2.running_var", value.shape()));

    let missing = read().rename(|key| (!key.starts_with("bn1.")).then(|| key.into())).unwrap();
    let rules = LoadRules { ignored: vec![".fc".into(), "fc".into()], ..LoadRules::default() };
    let mut resnet = small().init(&device);
    let error = missing.load_into(&mut resnet, &rules).unwrap_err().to_string();
    let message = "missing: bn1.bias, bn1.running_mean, bn1.running_var, bn1.weight (the file has 69 tensors)";
    assert!(error.ends_with(message), "{error}");

    let same = |key: &str| Some(key.replace("bn2", "bn1"));
    let error = read().rename(same).unwrap_err().to_string();
    let message = "layer1.0.bn1.bias and layer1.0.bn2.bias would both be named layer1.0.bn1.bias";
    assert!(error.ends_with(message), "{error}");
}

#[test]
fn other_widths_become_f32_and_whole_numbers_do_not() {
    let bytes = safetensors(&[
        ("module.half", "F16", &[2], vec![0x00, 0x3c, 0x00, 0xc0]),
        ("module.brain", "BF16", &[2], vec![0x80, 0x3f, 0x00, 0xc0]),
        ("module.double", "F64", &[1, 1], 0.5f64.to_le_bytes().to_vec()),
        ("module.whole", "I64", &[1], 3i64.to_le_bytes().to_vec()),
    ]);
    let (_folder, path) = file(&bytes);
    let weights = StateDict::read(&path).unwrap();
    assert_eq!(weights.keys().collect::<Vec<_>>(), ["brain", "double", "half", "whole"]);
    for key in ["half", "brain"] {
        assert_eq!(weights.value(key).unwrap(), TensorData::from([1.0f32, -2.0]));
    }
    assert_eq!(weights.value("double").unwrap(), TensorData::from([[0.5f32]]));
    let error = weights.value("whole").unwrap_err().to_string();
    assert!(error.contains("whole holds I64, not floats"), "{error}");

    // An integer parameter is an error as well.
    let whole = safetensors(&[
        ("weight", "I64", &[1, 1, 1, 1], vec![0; 8]),
        ("bias", "F32", &[1], floats(&[1.0])),
    ]);
    fs::write(&path, whole).unwrap();
    let mut conv = burn::nn::conv::Conv2dConfig::new([1, 1], [1, 1]).init(&Device::flex());
    let error = load_safetensors(&mut conv, &path).unwrap_err().to_string();
    assert!(error.contains("weight holds I64, not floats"), "{error}");
}
