//! Models saved in half precision.
use std::{collections::BTreeMap, fs, path::Path};

use burn::{
    module::{Module, ModuleMapper, Param},
    tensor::{Tensor, TensorData},
};
use dafe::{model::Decoder, prelude::*, weights::StateDict};
use safetensors::{Dtype, SafeTensors};

use super::support::{DETECTOR, SURE, config, detector, image};

/// The tensors of a file, as `f32`.
fn tensors(path: &Path) -> BTreeMap<String, TensorData> {
    let file = StateDict::read(path).unwrap();
    file.keys().map(|key| (key.to_string(), file.value(key).unwrap())).collect()
}

/// The data type in which each tensor of a file is stored.
fn widths(path: &Path) -> BTreeMap<String, Dtype> {
    let bytes = fs::read(path).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    file.iter().map(|(name, view)| (name.to_string(), view.dtype())).collect()
}

/// Whether a tensor belongs to batch normalization, whose layers have statistics.
fn is_batch_norm(key: &str, all: &BTreeMap<String, TensorData>) -> bool {
    let (layer, _) = key.rsplit_once('.').unwrap();
    all.contains_key(&format!("{layer}.running_mean"))
}

/// Half precision has 11 binary digits down to 2⁻¹⁴, and steps of 2⁻²⁴ below. Rounding errors are
/// at most half of the last digit.
#[test]
fn values_are_rounded_by_half_of_the_last_digit() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for &decoder in Decoder::ALL {
        let base = config();
        let model = base.model.clone().with_decoder(decoder);
        let saved = detector(base.with_model(model), SURE);
        saved.save(at("single.safetensors")).unwrap();
        saved.save_half(at("half.safetensors")).unwrap();
        let [single, half] =
            ["single", "half"].map(|name| tensors(&at(name).with_extension("safetensors")));
        assert_eq!(single.keys().collect::<Vec<_>>(), half.keys().collect::<Vec<_>>());
        let (mut same, mut rounded) = (0, 0);
        for (key, wide) in widths(&at("half.safetensors")) {
            let pairs = || single[&key].iter::<f32>().zip(half[&key].iter::<f32>());
            if is_batch_norm(&key, &single) {
                assert_eq!(wide, Dtype::F32, "{key}");
                assert_eq!(single[&key], half[&key], "{key}");
                continue;
            }
            assert_eq!(wide, Dtype::F16, "{key}");
            for (exact, found) in pairs() {
                let bound = (exact.abs() * 2f32.powi(-11)).max(2f32.powi(-25));
                assert!((exact - found).abs() <= bound, "{key}: {exact} became {found}");
                *(if exact == found { &mut same } else { &mut rounded }) += 1;
            }
        }
        assert!(rounded > same, "{decoder}: {rounded} of {}", rounded + same);
    }
}

#[test]
fn what_is_loaded_finds_nearly_the_same_and_saves_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    DETECTOR.save(at("single.safetensors")).unwrap();
    DETECTOR.save_half(at("half.safetensors")).unwrap();
    let bytes = |name: &str| fs::read(at(name)).unwrap();
    let loaded = LandmarkDetector::load(at("half.safetensors"), DETECTOR.device()).unwrap();
    assert_eq!(loaded.config(), DETECTOR.config());
    let image = image(64, 48);
    let [exact, found] = [&*DETECTOR, &loaded].map(|model| model.detect(&image, None).unwrap());
    assert_eq!(exact.landmarks.len(), found.landmarks.len());
    for (exact, found) in exact.landmarks.iter().zip(&found.landmarks) {
        assert!((exact.score - found.score).abs() < 0.02, "{exact:?} became {found:?}");
    }
    // The values already are half-precision numbers, so nothing is rounded again in either format.
    loaded.save_half(at("again.safetensors")).unwrap();
    assert!(bytes("again.safetensors") == bytes("half.safetensors"));
    loaded.save(at("wide.safetensors")).unwrap();
    assert_eq!(tensors(&at("wide.safetensors")), tensors(&at("half.safetensors")));
    assert!(widths(&at("wide.safetensors")).values().all(|&wide| wide == Dtype::F32));
}

/// 65504 is the largest number of half precision.
#[test]
fn a_parameter_that_would_become_infinite_stays_as_it_is() {
    struct Larger(Vec<String>);

    impl ModuleMapper for Larger {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.0.push(name.into());
        }

        fn exit_module(&mut self, _: &str, _: &str) {
            self.0.pop();
        }

        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            match self.0.join(".") == "head.weight" {
                true => param.map(|old| old.zeros_like() + 65520.0),
                false => param,
            }
        }
    }

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large.safetensors");
    let (net, device) = (DETECTOR.net().clone(), DETECTOR.device());
    let large = LandmarkDetector::new(net.map(&mut Larger(Vec::new())), config(), device).unwrap();
    large.save_half(&file).unwrap();
    let widths = widths(&file);
    assert_eq!((widths["head.weight"], widths["head.bias"]), (Dtype::F32, Dtype::F16));
    assert!(tensors(&file)["head.weight"].iter::<f32>().all(|value| value == 65520.0));
    LandmarkDetector::load(&file, device).unwrap();
}
