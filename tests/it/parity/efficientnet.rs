//! EfficientNet-Lite's feature maps and gradients compared with timm's, and loading both spellings
//! of its keys.
use burn::{
    optim::GradientsParams,
    tensor::{Device, Tensor, TensorData},
};
use dafe::{
    backbone::{Backbone, EfficientNetLiteConfig, EfficientNetVariant, FeaturePyramid},
    prelude::*,
    weights::load_efficientnet_lite,
};
use serde::Deserialize;

use super::support::{
    Fixture, assert_close, error, eval_norm, fill, gradients, json, named, state, values,
};
use crate::{
    common::{devices::on_cpus, fill as by_name},
    weights::forge,
};

on_cpus!(feature_maps_are_timms, gradients_are_timms,);

/// f32 through fifty layers; the measured error of ResNets is 1e-6.
const TOLERANCE: f64 = 2e-5;

/// A value within rounding of one of ReLU6's kinks passes all of its gradient or none; measured:
/// 1.2e-3, the same on both backends.
const GRADIENT_TOLERANCE: f64 = 4e-3;

const SIZES: [(&str, [usize; 4]); 3] =
    [("odd", [1, 3, 75, 53]), ("mixed", [1, 3, 66, 44]), ("even", [1, 3, 64, 96])];

#[derive(Deserialize)]
struct Reference {
    sizes: Vec<Size>,
    keys: Vec<[String; 2]>,
}

#[derive(Deserialize)]
struct Size {
    channels: [usize; 4],
    parameters: u64,
}

fn lite0(variant: EfficientNetVariant) -> EfficientNetLiteConfig {
    EfficientNetLiteConfig::lite0().with_variant(variant)
}

/// The samples of a map's values that the reference stores.
fn samples(data: TensorData, count: usize) -> Vec<f32> {
    let all = values(data);
    (0..count as u64).map(|i| all[(i * 2_654_435_761 % all.len() as u64) as usize]).collect()
}

fn levels(maps: FeaturePyramid) -> [Tensor<4>; 4] {
    [maps.c2, maps.c3, maps.c4, maps.c5]
}

fn feature_maps_are_timms(device: &Device) {
    let fixture = Fixture::open("efficientnet.safetensors");
    for &variant in EfficientNetVariant::ALL {
        let net = fill(lite0(variant).init(device), &format!("{variant}."));
        for (size, shape) in SIZES {
            let images = named(&format!("{variant}/{size}/images"), shape, device);
            for (level, map) in levels(net.forward(images)).into_iter().enumerate() {
                let key = format!("{variant}/{size}/c{}/samples", level + 2);
                let wanted = values(fixture.get(&key));
                let error = error(&samples(map.into_data(), wanted.len()), &wanted);
                assert!(error <= TOLERANCE, "{key}: error {error:.2e}");
            }
        }
    }
}

fn gradients_are_timms(device: &Device) {
    let fixture = Fixture::open("efficientnet.safetensors");
    let device = device.clone().autodiff();
    for &variant in EfficientNetVariant::ALL {
        let net = eval_norm(fill(lite0(variant).init(&device), &format!("{variant}.")));
        for (size, shape) in SIZES {
            let case = format!("{variant}/{size}");
            let images = named(&format!("{case}/images"), shape, &device);
            let mut loss = Tensor::<1>::zeros([1], &device);
            for (level, map) in levels(net.forward(images)).into_iter().enumerate() {
                let flow = named(&format!("{case}/c{}/flow", level + 2), map.dims(), &device);
                loss = loss + (map * flow).sum();
            }
            let found = GradientsParams::from_grads(loss.backward(), &net);
            let found = gradients(&net, &found);
            let keys = found.keys().filter(|key| fixture.has(&format!("{case}/{key}/gradient")));
            let mut count = 0;
            for key in keys {
                let wanted = values(fixture.get(&format!("{case}/{key}/gradient")));
                let error = error(&samples(found[key].clone(), wanted.len()), &wanted);
                assert!(error <= GRADIENT_TOLERANCE, "{case}, {key}: error {error:.2e}");
                count += 1;
            }
            assert_eq!(count, 7);
        }
    }
}

#[test]
fn all_sizes_are_timms() {
    let reference: Reference = json("efficientnet.json");
    let configs = [
        EfficientNetLiteConfig::lite0(),
        EfficientNetLiteConfig::lite1(),
        EfficientNetLiteConfig::lite2(),
        EfficientNetLiteConfig::lite3(),
        EfficientNetLiteConfig::lite4(),
    ];
    assert_eq!(reference.sizes.len(), configs.len());
    for (config, size) in configs.into_iter().zip(reference.sizes) {
        assert_eq!(config.out_channels(), size.channels);
        let summary = LandmarkNetConfig::new(1).with_backbone(config).summary([64, 64]);
        let parts = summary.stages.iter().filter(|stage| stage.name.starts_with("backbone."));
        assert_eq!(parts.map(|stage| stage.cost.parameters).sum::<u64>(), size.parameters);
    }
}

#[test]
fn both_spellings_lead_to_the_same_network() {
    let device = Device::flex();
    let net = || lite0(EfficientNetVariant::TensorFlow).init(&device);
    let shapes = state(&net());
    let Reference { keys, .. } = json("efficientnet.json");
    for spelling in [0, 1] {
        for prefix in ["", "module.", "ema.backbone."] {
            let tensors: Vec<_> = keys
                .iter()
                .filter(|pair| !pair[1].ends_with("num_batches_tracked"))
                .map(|pair| {
                    // The head's layers are left out, so any shape is fine.
                    let shape =
                        shapes.get(&pair[1]).map_or(vec![2], |value| value.shape().to_vec());
                    let value = match shapes.contains_key(&pair[1]) {
                        true => by_name::parameter(&pair[1], &shape),
                        false => TensorData::from([1.0f32, 2.0]),
                    };
                    (format!("{prefix}{}", pair[spelling]), shape, values(value))
                })
                .collect();
            let tensors: Vec<_> = tensors
                .iter()
                .map(|(key, shape, value)| (key.as_str(), "F32", &shape[..], forge::floats(value)))
                .collect();
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("lite0.safetensors");
            std::fs::write(&path, forge::safetensors(&tensors)).unwrap();
            let mut net = net();
            let loaded = load_efficientnet_lite(&mut net, &path).unwrap();
            assert_eq!(loaded.source, "EfficientNet-Lite0");
            // The generated values have the variances of images normalized with ImageNet's
            // deviation, as timm's.
            let doubt = loaded.doubt.clone().unwrap();
            assert!(doubt.starts_with("they seem to be of the variant timm"), "{doubt}");
            assert_eq!(loaded.used.len(), shapes.len());
            let own = |key: &String| key.starts_with(prefix) || prefix == "module.";
            assert!(loaded.used.iter().all(own), "{loaded:?}");
            let (classifier, head) = [("_fc", "_conv_head"), ("classifier", "conv_head")][spelling];
            for part in [classifier, head] {
                let name = format!("{prefix}{part}.weight");
                assert!(loaded.unused.contains(&name), "{name}: {:?}", loaded.unused);
            }
            for (key, value) in state(&net) {
                assert_close(&key, value.clone(), by_name::parameter(&key, value.shape()), 0.0);
            }
        }
    }
}
