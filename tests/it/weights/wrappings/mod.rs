//! Backbones and networks as wrapped in common files: what is found, and what is left out.
mod backbones;
#[cfg(feature = "pytorch")]
mod containers;
mod networks;
mod refusals;

use std::{collections::BTreeMap, fs};

use burn::tensor::TensorData;
use dafe::{
    Error,
    prelude::*,
    weights::{LoadRules, LoadedWeights, load_pretrained},
};

use super::{file, forge, net, small, values};
use crate::common::fill;

/// Tensors by key.
type Named = BTreeMap<String, TensorData>;

/// A ResNet's tensors, with values that depend on `name`.
fn resnet(name: &str) -> Named {
    fill_like(name, &values(&small().init(&Device::flex())))
}

/// Other values for the same keys.
fn fill_like(name: &str, tensors: &Named) -> Named {
    let value = |(key, value): (&String, &TensorData)| {
        (key.clone(), fill::parameter(&format!("{name}.{key}"), value.shape()))
    };
    tensors.iter().map(value).collect()
}

/// The same tensors under other keys.
fn rename(tensors: &Named, name: impl Fn(&str) -> String) -> Named {
    tensors.iter().map(|(key, value)| (name(key), value.clone())).collect()
}

/// The same tensors with a prefix.
fn after(prefix: &str, tensors: &Named) -> Named {
    rename(tensors, |key| format!("{prefix}{key}"))
}

/// One additional tensor of two numbers.
fn extra(key: &str) -> Named {
    Named::from([(key.to_string(), TensorData::from([1.0f32, 2.0]))])
}

/// A safetensors file's bytes.
fn bytes(parts: &[Named]) -> Vec<u8> {
    let tensors: Vec<_> = parts
        .iter()
        .flatten()
        .map(|(key, value)| {
            let floats = forge::floats(&value.try_to_vec::<f32>().unwrap());
            (key.as_str(), "F32", value.shape().as_slice(), floats)
        })
        .collect();
    forge::safetensors(&tensors)
}

/// Loads a file with these bytes; it either changes the network or returns an error, never both.
fn load_bytes(
    net: &mut LandmarkNet,
    bytes: &[u8],
    rules: &LoadRules,
) -> Result<LoadedWeights, Error> {
    let (_folder, path) = file(b"");
    fs::write(&path, bytes).unwrap();
    let before = values(net);
    let result = load_pretrained(net, &path, rules);
    match &result {
        Ok(_) => assert_ne!(values(net), before),
        Err(error) => {
            assert_eq!(values(net), before, "{error}");
            assert!(error.to_string().starts_with(&path.display().to_string()), "{error}");
        }
    }
    result
}

/// [`load_bytes`] for a safetensors file, without rules.
fn load(net: &mut LandmarkNet, parts: &[Named]) -> Result<LoadedWeights, Error> {
    load_bytes(net, &bytes(parts), &LoadRules::default())
}

/// The error of loading a file into a network for four landmarks.
fn refused(parts: &[Named]) -> String {
    load(&mut net(4, &Device::flex()), parts).expect_err("this must be refused").to_string()
}

/// Checks that a network has these values in its backbone, and its previous values elsewhere.
fn assert_backbone(net: &LandmarkNet, before: &Named, resnet: &Named, what: &str) {
    for (key, value) in values(net) {
        let expected = match key.strip_prefix("backbone.") {
            Some(key) => &resnet[key],
            None => &before[&key],
        };
        assert_eq!(&value, expected, "{key} of {what}");
    }
}
