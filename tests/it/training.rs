//! The training loop: order, resuming, and the files in its folder.
use std::{collections::BTreeSet, fs, ops::Range, sync::Arc};

use dafe::{
    backbone::ResNetConfig,
    data::{
        Augmentation, BadImage, BatchLoader, EpochAugmentation, Framing, HostBatch, LoaderConfig,
        epoch_order,
    },
    model::Supervision,
    predict::predict_dataset,
    prelude::*,
    train::{Interrupter, read_config},
};

use crate::common::devices::on_cpus;
use crate::common::{Squares, model, recipe, run, training, training_on};

on_cpus!(
    a_run_leaves_its_configuration_and_its_best_model,
    any_loss_and_deep_supervision_train_and_leave_a_plain_network,
    scores_of_logits_are_their_sigmoid,
);

fn batches(
    workers: usize,
    broken: Range<usize>,
    bad_image: BadImage,
) -> Vec<Result<HostBatch, String>> {
    let mut dataset = Squares::new(13);
    dataset.broken = broken;
    let config = LoaderConfig::new(HeatmapCodec::new([32, 32], 4, 2.0))
        .with_batch_size(3)
        .with_workers(workers)
        .with_bad_image(bad_image);
    let augmentation =
        EpochAugmentation { augmentation: Augmentation::default(), seed: 5, epoch: 2 };
    let order = epoch_order(13, 5, 2);
    let loader = BatchLoader::new(Arc::new(dataset), order, config, Some(augmentation), 1);
    loader.map(|batch| batch.map_err(|error| error.to_string())).collect()
}

#[test]
fn an_epoch_takes_every_sample_once_in_an_order_of_its_own() {
    let first = epoch_order(100, 1, 0);
    assert_eq!(first.iter().copied().collect::<BTreeSet<_>>(), (0..100).collect());
    assert_eq!(first, epoch_order(100, 1, 0));
    assert_ne!(first, epoch_order(100, 1, 1));
    assert_ne!(first, epoch_order(100, 2, 0));
}

#[test]
fn batches_do_not_depend_on_the_number_of_workers() {
    let alone = batches(0, 0..0, BadImage::Fail);
    // 13 samples in batches of 3, from the second batch on: 3, 3, 3, 1.
    let sizes: Vec<_> = alone.iter().map(|batch| batch.as_ref().unwrap().len()).collect();
    assert_eq!(sizes, [3, 3, 3, 1]);
    for workers in [1, 2, 3, 8] {
        for (one, other) in alone.iter().zip(batches(workers, 0..0, BadImage::Fail)) {
            let (one, other) = (one.as_ref().unwrap(), other.unwrap());
            assert_eq!((&one.indices, &one.transforms), (&other.indices, &other.transforms));
            let pixels = |batch: &HostBatch| batch.to_device(&Device::flex()).images.into_data();
            pixels(one).assert_eq(&pixels(&other), true);
        }
    }
}

#[test]
fn a_bad_image_is_an_error_that_names_it_or_is_left_out() {
    let broken = epoch_order(13, 5, 2)[7];
    for workers in [0, 2] {
        let failed = batches(workers, broken..broken + 1, BadImage::Fail);
        let error = failed.iter().find_map(|batch| batch.as_ref().err()).unwrap();
        assert_eq!(error, &format!("img/{broken}.jpg: made to fail"));

        let kept = batches(workers, broken..broken + 1, BadImage::Skip);
        let kept: Vec<_> = kept.into_iter().map(Result::unwrap).collect();
        assert_eq!(kept.iter().map(HostBatch::len).collect::<Vec<_>>(), [3, 2, 3, 1]);
        assert_eq!(kept[1].skipped[0].index, broken);
    }
}

/// Training (here without augmentation), validation and inference crop a box in the same way.
#[test]
fn boxes_are_framed_alike_wherever_a_network_sees_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    for framing in [Framing::Stretch, Framing::Padded, Framing::Mmpose] {
        let run = training(folder.path(), recipe(1).with_framing(framing), 0);
        let unvaried = EpochAugmentation { augmentation: Augmentation::none(), seed: 0, epoch: 0 };
        let [validated, trained] = [None, Some(unvaried)].map(|augmentation| {
            let config = run.loader_config();
            BatchLoader::new(run.val.clone(), vec![3], config, augmentation, 0)
                .next()
                .unwrap()
                .unwrap()
        });
        let bounds = run.val.sample(3).bounding_box;
        let used = run.detector_config().crop(&bounds, validated.image_sizes[0]);
        assert_eq!([validated.transforms[0], trained.transforms[0]], [used; 2], "{framing:?}");
        assert!(!seen.contains(&used.affine), "{framing:?}");
        seen.push(used.affine);
    }
}

fn a_run_leaves_its_configuration_and_its_best_model(device: &Device) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    let config = recipe(2).with_framing(Framing::Padded);
    let training = training_on(device, folder.path(), config, 0);
    let outcome = run(&training);
    assert_eq!(read_config(folder.path()).unwrap(), training.config);
    assert_eq!(fs::read_to_string(folder.path().join("notes.txt")).unwrap(), "mine");
    // The saved model's validation NE is that of the best epoch.
    let detector = LandmarkDetector::load(folder.path(), device).unwrap();
    assert_eq!(detector.config().framing, Framing::Padded);
    let val: Arc<dyn LandmarkDataset> = Arc::new(Squares::new(5));
    let config = training.loader_config();
    let found = predict_dataset(
        detector.net(),
        &val,
        &config,
        detector.config().decoding(),
        device,
        |_, _| {},
    );
    let ne = found.unwrap().report(val.as_ref()).ne().unwrap();
    assert_eq!(Some(ne), outcome.history.best().unwrap().val_ne);
    let names: BTreeSet<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let expected = ["checkpoints", "config.json", "model.safetensors", "notes.txt"];
    assert_eq!(names, expected.map(String::from).into());
}

#[test]
fn another_recipe_or_other_data_is_refused_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let first = training(folder.path(), recipe(1), 0);
    run(&first);
    let before = model(folder.path());

    let mut other = recipe(1);
    other.learning_rate /= 2.0;
    let error = training(folder.path(), other, 0).run(&Interrupter::new(), |_| {}).unwrap_err();
    assert!(error.to_string().contains("another configuration"), "{error}");

    let mut changed = training(folder.path(), recipe(1), 0);
    changed.train = Arc::new(Squares::new(12));
    let error = changed.run(&Interrupter::new(), |_| {}).unwrap_err();
    assert!(error.to_string().contains("other training data (13 samples"), "{error}");
    assert_eq!(model(folder.path()), before);
    assert_eq!(read_config(folder.path()).unwrap(), first.config);
}

#[test]
fn impossible_recipes_and_folders_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = recipe(1);
    config.batch_size = 0;
    let error = training(folder.path(), config, 0).run(&Interrupter::new(), |_| {}).unwrap_err();
    assert_eq!(error.to_string(), "batch_size must be at least 1, not 0");

    let mut config = recipe(1);
    config.model.num_landmarks = 3;
    let error = training(folder.path(), config, 0).run(&Interrupter::new(), |_| {}).unwrap_err();
    assert!(error.to_string().contains("the dataset has 8 landmarks, the network 3"), "{error}");

    let mut config = recipe(1);
    config.codec = HeatmapCodec::new([64, 64], 8, 1.5);
    let error = training(folder.path(), config, 0).run(&Interrupter::new(), |_| {}).unwrap_err();
    assert_eq!(error.to_string(), "the network's stride is 4, the codec's 8");

    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = training(&file, recipe(1), 0).run(&Interrupter::new(), |_| {}).unwrap_err();
    assert!(error.to_string().contains(file.to_str().unwrap()), "{error}");
}

#[test]
fn models_that_do_not_fit_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    run(&training(folder.path(), recipe(1), 0));
    let weights = folder.path().join(LandmarkDetector::FILE);
    let whole = fs::read(&weights).unwrap();
    let load = || LandmarkDetector::load(folder.path(), &Device::flex()).unwrap_err().to_string();
    for (bytes, message) in [
        (&whole[..5], "not a safetensors file: it has 5 bytes"),
        (&whole[..100], "truncated"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (&[7u8; 300][..], "not a safetensors file"),
    ] {
        fs::write(&weights, bytes).unwrap();
        let error = load();
        assert!(error.contains(message) && error.contains("model.safetensors"), "{error}");
    }
    for cut in [whole.len() - 1, whole.len() / 2] {
        fs::write(&weights, &whole[..cut]).unwrap();
        let error = load();
        assert!(error.contains("model.safetensors"), "{error}");
    }
    // Parameters of another network: neither a model, nor weights for this one.
    let net = LandmarkNetConfig::new(8)
        .with_backbone(ResNetConfig::resnet18().with_width(8))
        .with_decoder_channels([16, 16, 16])
        .init(&Device::flex());
    dafe::weights::save_safetensors(&net, &weights).unwrap();
    let error = load();
    assert!(
        error.contains("without a configuration") && error.contains("load_safetensors"),
        "{error}"
    );
    let mut own = recipe(1).model.init(&Device::flex());
    let error = dafe::weights::load_safetensors(&mut own, &weights).unwrap_err().to_string();
    for part in ["of another shape", "missing: decoder.0.upsampling.norm", "layer1.1", "more"] {
        assert!(error.contains(part), "{part} is not in: {error}");
    }
}

fn any_loss_and_deep_supervision_train_and_leave_a_plain_network(device: &Device) {
    for loss in ["adaptive-wing + 0.05*soft-argmax-smooth-l1", "focal", "js + 0.1*soft-argmax-wing"]
    {
        let folder = tempfile::tempdir().unwrap();
        let mut config = recipe(2);
        config.loss = loss.parse().unwrap();
        config.model.supervision = Supervision::Deep;
        let training = training_on(device, folder.path(), config.clone(), 0);
        let outcome = run(&training);
        let [first, last] = [0, 1].map(|epoch| outcome.history.epochs[epoch].train_loss);
        assert!(last < first, "{loss}: {first}, then {last}");
        // The whole run, including auxiliary heads, can be resumed; the model for inference has
        // none.
        assert_eq!(read_config(folder.path()).unwrap(), config);
        assert_eq!(run(&training), outcome);
        let detector = LandmarkDetector::load(folder.path(), device).unwrap();
        assert_eq!(detector.net().supervision(), Supervision::Output);
        assert_eq!(detector.config().logits, loss == "focal");
    }
}

fn scores_of_logits_are_their_sigmoid(device: &Device) {
    let training = training_on(device, std::path::Path::new("unused"), recipe(1), 0);
    let net = training.config.model.init(device);
    let image = image::RgbImage::from_pixel(64, 64, image::Rgb([90, 128, 200]));
    let found = |logits: bool| {
        let config = training.detector_config().with_logits(logits);
        let detector = LandmarkDetector::new(net.clone(), config, device).unwrap();
        // In a box, because without one, scores decide about the second region.
        detector.detect(&image, Some(BoundingBox::whole(64, 64))).unwrap().landmarks
    };
    for (raw, sigmoid) in found(false).into_iter().zip(found(true)) {
        assert!((1.0 / (1.0 + (-raw.score).exp()) - sigmoid.score).abs() < 1e-6);
        assert_eq!((raw.x, raw.y), (sigmoid.x, sigmoid.y));
    }
}

#[test]
fn recipes_name_their_loss() {
    let mut json = serde_json::to_value(recipe(1)).unwrap();
    json.as_object_mut().unwrap().remove("loss");
    let error = serde_json::from_value::<TrainConfig>(json).unwrap_err().to_string();
    assert!(error.contains("missing field `loss`"), "{error}");
    let mut config = recipe(1);
    config.loss.terms.clear();
    let error = config.validate().unwrap_err().to_string();
    assert_eq!(error, "a loss needs at least one term");
}

/// Adding a number to all logits of a softmax changes nothing, so such a network's values may all
/// be negative.
#[test]
fn refinements_of_positive_values_need_a_loss_that_trains_values() {
    let mut config = recipe(1);
    for (loss, trains_values) in [
        ("mse", true),
        ("bce", true),
        ("focal+js", true),
        ("kl", false),
        ("js", false),
        ("kl+soft-argmax-l1", false),
    ] {
        config.loss = loss.parse().unwrap();
        for &refinement in Refinement::ALL {
            config.refinement = refinement;
            let only_compares =
                ["none", "quarter-offset", "soft-argmax"].contains(&refinement.name());
            match config.validate() {
                Ok(()) => assert!(trains_values || only_compares, "{loss}, {refinement}"),
                Err(error) => {
                    assert!(!trains_values && !only_compares, "{loss}, {refinement}: {error}");
                    assert!(error.to_string().contains("trains no values; use none"), "{error}");
                }
            }
        }
    }
}
