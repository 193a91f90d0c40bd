//! Fine-tuning: what is loaded, what stays frozen, and what is rejected.
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use burn::tensor::TensorData;
use dafe::{
    Error,
    landmark::{ClothesType, LandmarkSample},
    prelude::*,
    train::{FineTuning, InitialWeights, Interrupter, Schedule},
    weights::{StateDict, save_safetensors},
};

use crate::common::devices::on_cpus;
use crate::common::{
    Squares, recipe, run,
    sessions::{last_parameters, run_for},
    training, training_on,
};

on_cpus!(frozen_parts_keep_the_files_values_and_the_rest_is_trained,);

/// All tensors of a weights file.
fn tensors(path: &Path) -> BTreeMap<String, TensorData> {
    let file = StateDict::read(path).unwrap();
    file.keys().map(|key| (key.to_string(), file.value(key).unwrap())).collect()
}

fn trained(folder: &Path) -> BTreeMap<String, TensorData> {
    tensors(&folder.join(LandmarkDetector::FILE))
}

/// Saves a backbone like that of `recipe` in torchvision's format, with values that no run starts
/// with.
fn backbone(path: &Path) {
    let device = Device::flex();
    device.seed(99);
    save_safetensors(&recipe(1).model.backbone.init(&device), path).unwrap();
}

fn frozen_parts_keep_the_files_values_and_the_rest_is_trained(device: &Device) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("resnet.safetensors");
    backbone(&file);
    let given = tensors(&file);

    let mut config = recipe(2);
    config.fine_tuning.initial_weights = InitialWeights::File(file.clone());
    config.fine_tuning.frozen_stages = 2;
    let out = folder.path().join("stages");
    assert!(run(&training_on(device, &out, config.clone(), 0)).finished);
    let after = trained(&out);
    for (key, value) in &given {
        let same = *value == after[&format!("backbone.{key}")];
        let frozen = ["conv1.", "bn1.", "layer1."].iter().any(|part| key.starts_with(part));
        assert_eq!(same, frozen, "{key}");
    }

    // All of the backbone's normalization layers, including statistics, and nothing else.
    config.fine_tuning.frozen_stages = 0;
    config.fine_tuning.freeze_norm = true;
    let out = folder.path().join("norm");
    run(&training_on(device, &out, config.clone(), 0));
    let after = trained(&out);
    for (key, value) in &given {
        let same = *value == after[&format!("backbone.{key}")];
        let norm = key.contains("bn") || key.contains("downsample.1");
        assert_eq!(same, norm, "{key}");
    }
    assert!(after.keys().any(|key| key.starts_with("decoder.0.upsampling.norm.running_mean")));

    // A stopped run resumes with the same parts frozen, and from its checkpoint instead of the
    // file, which may no longer exist.
    let out = folder.path().join("stopped");
    let stopped = training_on(device, &out, config, 0);
    let interrupter = Interrupter::new();
    interrupter.stop(None);
    assert!(!stopped.run(&interrupter, |_| {}).unwrap().finished);
    std::fs::remove_file(&file).unwrap();
    assert!(run(&stopped).finished);
    assert_eq!(trained(&out)["backbone.bn1.running_mean"], given["bn1.running_mean"]);
}

#[test]
fn the_backbone_learns_at_its_share_of_the_rate() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("resnet.safetensors");
    backbone(&file);
    let given = tensors(&file);
    // Adam's first steps change every parameter by about the learning rate.
    let furthest = |share: f64, name: &str| {
        let mut config = recipe(1);
        config.schedule = Schedule::Step { epochs: 10, factor: 1.0 };
        config.fine_tuning.initial_weights = InitialWeights::File(file.clone());
        config.fine_tuning.backbone_rate = share;
        let out = folder.path().join(name);
        run(&training(&out, config, 0));
        let after = trained(&out);
        let moved = |key: &str| {
            let (after, before) = (&after[&format!("backbone.{key}")], &given[key]);
            after
                .iter::<f32>()
                .zip(before.iter::<f32>())
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max)
        };
        moved("layer4.0.conv1.weight")
    };
    let ratio = furthest(1.0, "whole") / furthest(0.01, "share");
    assert!((50.0..200.0).contains(&ratio), "{ratio}");
}

#[test]
fn networks_for_other_landmarks_offer_a_new_head() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("three.safetensors");
    let device = Device::flex();
    let three = LandmarkNetConfig { num_landmarks: 3, ..recipe(1).model }.init(&device);
    save_safetensors(&three, &file).unwrap();

    let mut config = recipe(1);
    config.fine_tuning.initial_weights = InitialWeights::File(file.clone());
    config.fine_tuning.frozen_stages = 5;
    let out = folder.path().join("run");
    let error = training(&out, config.clone(), 0).run(&Interrupter::new(), |_| {}).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("3 landmarks") && error.contains("new_head"), "{error}");
    config.fine_tuning.new_head = true;
    // No run was started in the folder.
    run(&training(&out, config, 0));
    let (given, after) = (tensors(&file), trained(&out));
    assert_eq!(given["backbone.layer4.0.conv1.weight"], after["backbone.layer4.0.conv1.weight"]);
    assert_eq!(after["head.weight"].shape()[0], 8);
}

/// The tensors of the bundled model, and those of a run that starts from it after one step at a
/// rate too small to change any digit.
fn bundled_and_begun(training: Training) -> [BTreeMap<String, TensorData>; 2] {
    let folder = tempfile::tempdir().unwrap();
    let (given, begun) = (folder.path().join("given"), folder.path().join("begun"));
    save_safetensors(LandmarkDetector::bundled(&Device::flex()).net(), &given).unwrap();
    run_for(&training, 1);
    fs::write(&begun, last_parameters(&training.folder, &training.config.model)).unwrap();
    [tensors(&given), tensors(&begun)]
}

/// A recipe from the bundled model that changes neither its parameters nor its backbone's
/// statistics.
fn still(schema: &LandmarkSchema) -> TrainConfig {
    let mut config = TrainConfig::bundled(schema);
    (config.learning_rate, config.batch_size) = (1e-30, 2);
    config.fine_tuning.freeze_norm = true;
    config
}

#[test]
fn runs_start_from_the_bundled_model() {
    let folder = tempfile::tempdir().unwrap();
    let config = still(&LandmarkSchema::fld());
    assert!(!config.fine_tuning.new_head);
    let from_bundled = training(folder.path(), config.clone(), 0);
    // The trained model has the configuration of the bundled one, except for what applies only to
    // the bundled one.
    let bundled = LandmarkDetector::bundled(&Device::flex()).config().clone();
    let alike = bundled.with_flip_test(false).with_calibration(None).with_origin(None);
    assert_eq!(from_bundled.detector_config(), alike);
    let [given, begun] = bundled_and_begun(from_bundled);
    assert_eq!(given.keys().collect::<Vec<_>>(), begun.keys().collect::<Vec<_>>());
    for (key, value) in &given {
        let is_statistic = key.contains(".running_") && !key.starts_with("backbone.");
        let moved = value.iter::<f32>().zip(begun[key].iter::<f32>()).map(|(a, b)| (a - b).abs());
        // Adam's steps have the size of the learning rate.
        assert_eq!(moved.fold(0.0, f32::max) < 1e-29, !is_statistic, "{key}");
    }
    // The saved recipe contains the initial weights, and resuming does not start over.
    let saved = dafe::train::read_config(folder.path()).unwrap();
    assert!(saved == config && saved.fine_tuning.initial_weights == InitialWeights::Bundled);
    let other = config.with_fine_tuning(FineTuning::default());
    let error = training(folder.path(), other, 0).run(&Interrupter::new(), |_| {}).unwrap_err();
    assert!(error.to_string().contains("another configuration"), "{error}");
}

/// Squares with a schema of lower-body landmarks only.
struct Lower(Squares, LandmarkSchema);

impl Lower {
    fn shared(count: usize) -> Arc<dyn LandmarkDataset> {
        Arc::new(Self(Squares::new(count), LandmarkSchema::fld_of(ClothesType::Lower)))
    }
}

impl LandmarkDataset for Lower {
    fn schema(&self) -> &LandmarkSchema {
        &self.1
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        let mut sample = self.0.sample(index);
        let slots = ClothesType::Lower.slots().iter();
        sample.landmarks = slots.map(|&slot| sample.landmarks[slot]).collect();
        sample.category = Some(0);
        sample
    }

    fn read_image(&self, image: &str) -> Result<image::RgbImage, Error> {
        self.0.read_image(image)
    }
}

#[test]
fn other_landmarks_get_a_head_of_their_own_on_the_bundled_model() {
    let folder = tempfile::tempdir().unwrap();
    let lower = Lower::shared(5);
    let config = still(lower.schema());
    assert!(config.fine_tuning.new_head && !config.policy.absent_as_empty);
    let devices = vec![Device::flex(); config.shards];
    let training = |config: TrainConfig, name: &str| {
        let (train, val) = (lower.clone(), lower.clone());
        Training::new(config, train, val, devices.clone(), folder.path().join(name))
    };
    let [given, begun] = bundled_and_begun(training(config.clone(), "run"));
    for key in ["backbone.conv_stem.weight", "decoder.2.upsampling.upsample.weight"] {
        let pairs = given[key].iter::<f32>().zip(begun[key].iter::<f32>());
        assert!(pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) < 1e-29, "{key}");
    }
    assert_eq!((given["head.weight"].shape()[0], begun["head.weight"].shape()[0]), (8, 4));

    let mut kept = config;
    kept.fine_tuning.new_head = false;
    let error = training(kept, "kept").run(&Interrupter::new(), |_| {}).unwrap_err().to_string();
    assert!(error.contains("for 8 landmarks, the network for 4"), "{error}");
}

#[test]
fn impossible_settings_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let error = |change: fn(&mut FineTuning)| {
        let mut config = recipe(1);
        change(&mut config.fine_tuning);
        training(folder.path(), config, 0).run(&Interrupter::new(), |_| {}).unwrap_err().to_string()
    };
    assert!(error(|f| f.frozen_stages = 6).contains("frozen_stages is 6"));
    assert!(
        error(|f| f.freeze_norm = true).contains("need a pretrained file or the bundled model")
    );
    // The recipe's network differs.
    let other = error(|f| f.initial_weights = InitialWeights::Bundled);
    assert!(other.contains("the bundled model: another network's parameters"), "{other}");
    assert!(error(|f| f.backbone_rate = 0.0).contains("backbone_rate must be in (0, 1], not 0"));
    assert!(
        error(|f| f.initial_weights = InitialWeights::File("nowhere.pth".into()))
            .contains("nowhere.pth")
    );
    // Missing keys of a configuration have no defaults.
    let whole = serde_json::to_value(recipe(1)).unwrap();
    assert_eq!(serde_json::from_value::<TrainConfig>(whole.clone()).unwrap(), recipe(1));
    for key in ["fine_tuning", "framing", "augmentation"] {
        let mut json = whole.clone();
        json.as_object_mut().unwrap().remove(key).unwrap();
        let error = serde_json::from_value::<TrainConfig>(json).unwrap_err().to_string();
        assert!(error.contains(&format!("missing field `{key}`")), "{error}");
    }
}
