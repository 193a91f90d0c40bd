//! Backbones compared with torchvision's, whole networks with the reference's heatmaps, in eval
//! mode.
use burn::tensor::{Device, TensorData};
use dafe::{
    backbone::{Backbone, ResNetConfig},
    prelude::*,
};
use serde::Deserialize;

use super::support::{Fixture, assert_close, error, fill, json, named, values};
use crate::common::devices::on_cpus;

on_cpus!(resnets_have_torchvisions_features, networks_with_every_decoder_have_pytorchs_heatmaps,);

/// f32 through up to sixty layers; measured: 1.2e-6.
const TOLERANCE: f64 = 1e-4;

#[derive(Deserialize)]
struct Case {
    name: String,
    images: [usize; 4],
    model: LandmarkNetConfig,
}

fn resnets_have_torchvisions_features(device: &Device) {
    let fixture = Fixture::open("resnet.safetensors");
    for (name, config) in
        [("resnet18", ResNetConfig::resnet18()), ("resnet50", ResNetConfig::resnet50())]
    {
        let net = fill(config.init(device), &format!("{name}."));
        let maps = net.forward(named(&format!("{name}/images"), [1, 3, 75, 53], device));
        for (level, map) in [maps.c2, maps.c3, maps.c4, maps.c5].into_iter().enumerate() {
            let key = format!("{name}/c{}", level + 2);
            let map = values(map.into_data());
            let wanted = values(fixture.get(&format!("{key}/samples")));
            // The maps are large, so the reference stores these samples.
            let samples: Vec<f32> = (0..wanted.len() as u64)
                .map(|i| map[(i * 2_654_435_761 % map.len() as u64) as usize])
                .collect();
            let error = error(&samples, &wanted);
            assert!(error <= TOLERANCE, "{key}: error {error:.2e}");
            let largest = map.iter().fold(0.0f32, |most, value| most.max(value.abs()));
            let wanted = fixture.get(&format!("{key}/max_abs"));
            assert_close(&key, TensorData::from([largest]), wanted, TOLERANCE);
        }
    }
}

fn networks_with_every_decoder_have_pytorchs_heatmaps(device: &Device) {
    let fixture = Fixture::open("network.safetensors");
    let cases: Vec<Case> = json("network.json");
    assert_eq!(cases.len(), 10);
    for Case { name, images, model } in cases {
        let net = fill(model.init(device), &format!("{name}."));
        let heatmaps = net.forward(named(&format!("{name}/images"), images, device));
        let wanted = fixture.get(&format!("{name}/heatmaps"));
        assert_close(&name, heatmaps.into_data(), wanted, TOLERANCE);
    }
}
