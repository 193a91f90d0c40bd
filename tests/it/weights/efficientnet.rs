//! EfficientNet-Lite weights that do not fit are errors that say what the file is instead.
use dafe::{
    backbone::{EfficientNetLite, EfficientNetLiteConfig},
    weights::load_efficientnet_lite,
};

use super::*;

fn lite0() -> EfficientNetLite {
    EfficientNetLiteConfig::lite0().init(&Device::flex())
}

/// A safetensors file of these tensors.
fn written(tensors: &BTreeMap<String, TensorData>) -> Vec<u8> {
    let tensor = |(key, value): (&String, &TensorData)| {
        let numbers = floats(&value.try_to_vec::<f32>().unwrap());
        (key.clone(), value.shape().to_vec(), numbers)
    };
    let tensors: Vec<_> = tensors.iter().map(tensor).collect();
    let tensors: Vec<_> = tensors
        .iter()
        .map(|(key, shape, numbers)| (key.as_str(), "F32", &shape[..], numbers.clone()))
        .collect();
    safetensors(&tensors)
}

/// Why an EfficientNet-Lite0 does not take these bytes. It is left as it was.
fn refused(bytes: &[u8]) -> String {
    let (_folder, path) = file(bytes);
    let mut net = lite0();
    let before = values(&net);
    let error = load_efficientnet_lite(&mut net, &path).unwrap_err().to_string();
    assert_eq!(values(&net), before);
    assert!(error.contains(path.file_name().unwrap().to_str().unwrap()), "{error}");
    error
}

#[test]
fn weights_of_another_network_are_named() {
    let device = Device::flex();
    let error = refused(&written(&values(&EfficientNetLiteConfig::lite2().init(&device))));
    assert!(
        error.contains("EfficientNet-Lite2") && error.contains("EfficientNet-Lite0"),
        "{error}"
    );
    let error = refused(&written(&values(&small().init(&device))));
    assert!(error.contains("ResNet"), "{error}");
}

#[test]
fn a_truncated_file_is_named() {
    let whole = written(&values(&lite0()));
    for length in [0, 7, 100, whole.len() / 2, whole.len() - 1] {
        refused(&whole[..length]);
    }
}

#[test]
fn a_tensor_of_another_width_is_named() {
    let mut tensors = values(&lite0());
    let key = "blocks.3.1.conv_pwl.weight";
    let [out, inputs] = [0, 1].map(|axis| tensors[key].shape()[axis]);
    tensors.insert(key.into(), TensorData::zeros::<f32, _>([out - 8, inputs, 1, 1]));
    let error = refused(&written(&tensors));
    for part in [key.to_string(), out.to_string(), (out - 8).to_string()] {
        assert!(error.contains(&part), "no {part}: {error}");
    }
}
