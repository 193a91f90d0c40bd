//! MMPose's networks from image file to image coordinates, compared with a Python implementation
//! with OpenCV and PyTorch (tools/reference/mmpose.py). Parameters are generated from their names,
//! so no large file is needed.
use std::{
    fs,
    path::{Path, PathBuf},
};

use burn::{
    module::{Module, ModuleVisitor, Param},
    tensor::{Device, Tensor},
};
use dafe::{
    backbone::{IMAGENET_MEAN, IMAGENET_STD},
    data::{FldFormat, fld::write_annotations, image::read_image},
    detector::{DetectedLandmark, mmpose::mmpose_config},
    geometry::Affine,
    landmark::{ClothesType, DeepFashion2Category, Landmark, LandmarkSample, Visibility},
    prelude::*,
    weights::{LoadRules, load_pretrained},
};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{common::fill, weights::forge};

#[derive(Deserialize)]
struct Case {
    name: String,
    image: String,
    #[serde(rename = "box")]
    bounds: [f32; 4],
    kind: ClothesType,
    flip: bool,
    /// From image to input, two rows.
    affine: [[f64; 3]; 2],
    /// x, y, score.
    expected: Vec<[f64; 3]>,
    /// Whether a landmark's cell is unaffected by noise of one gray level and other ways of
    /// rounding.
    stable: Vec<bool>,
    /// Samples of the input's values, for one case: the next one is cell `i · 2654435761` of `[3,
    /// 256, 192]`.
    input_samples: Option<Vec<f32>>,
}

#[derive(Deserialize)]
struct Keys {
    form: String,
    kind: String,
    keys: Vec<(String, Vec<usize>)>,
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parity/mmpose").join(name)
}

fn json<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_slice(&std::fs::read(path(name)).unwrap()).unwrap()
}

#[test]
fn image_files_to_image_coordinates_within_a_tenth_of_a_pixel() {
    let device = Device::flex();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("checkpoint");
    let cases: Vec<Case> = json("cases.json");
    let (mut compared, mut nowhere) = (0, 0);
    for &kind in ClothesType::ALL {
        write_checkpoint(&file, &keys("1.x", kind.name()), &format!("mmpose_{}.", kind.name()));
        let published = LandmarkDetector::load_mmpose(&file, None, &device).unwrap();
        for case in cases.iter().filter(|case| case.kind == kind) {
            let config = published.config().clone().with_flip_test(case.flip);
            let net = published.net().clone();
            let detector = LandmarkDetector::new(net, config, &device).unwrap();
            let image = read_image(path(&case.image)).unwrap();
            let [x1, y1, x2, y2] = case.bounds;
            let bounds = BoundingBox::new(x1, y1, x2, y2).unwrap();
            let detection = detector.detect(&image, Some(bounds)).unwrap();

            let crop = detector.config().crop(&bounds, [image.width(), image.height()]);
            let Affine { xx, xy, x0, yx, yy, y0 } = crop.affine;
            for (found, wanted) in [xx, xy, x0, yx, yy, y0].iter().zip(case.affine.as_flattened()) {
                assert!((found - wanted).abs() < 1e-3, "{}: {found}, not {wanted}", case.name);
            }
            if let Some(samples) = &case.input_samples {
                let input = crop.image(&image, [192, 256]);
                for (i, wanted) in samples.iter().enumerate() {
                    let cell = (i as u64 * 2_654_435_761 % (3 * 256 * 192)) as usize;
                    let (channel, pixel) = (cell / (256 * 192), cell % (256 * 192));
                    let value = f32::from(input.as_raw()[3 * pixel + channel]) / 255.0;
                    let value = (value - IMAGENET_MEAN[channel]) / IMAGENET_STD[channel];
                    // One gray level: rounding differs.
                    assert!((value - wanted).abs() <= 0.018, "sample {i}: {value}, not {wanted}");
                }
            }
            for ((found, [x, y, score]), stable) in
                detection.landmarks.iter().zip(&case.expected).zip(&case.stable)
            {
                if !stable {
                    continue;
                }
                let distance = (f64::from(found.x) - x).hypot(f64::from(found.y) - y);
                assert!(distance <= 0.1, "{} {}: {distance} px away", case.name, found.name);
                // Bytes rounded differently change the heatmaps, which span 2 to 4, by 0.003.
                let difference = (f64::from(found.score) - score).abs();
                assert!(difference <= 0.01, "{} {}: score {difference}", case.name, found.name);
                compared += 1;
                nowhere += usize::from(*score <= 0.0);
            }
        }
    }
    let all: usize = cases.iter().map(|case| case.expected.len()).sum();
    assert_eq!((compared, all), (108, 108));
    assert!(nowhere > 0 && nowhere < compared / 2, "{nowhere} maps without a positive value");
}

/// Writes a file with MMPose's tensors, by key and shape, with values generated from their MMPose
/// 1.x names after `prefix`.
fn write_checkpoint(path: &Path, keys: &[(String, Vec<usize>)], prefix: &str) {
    let tensors: Vec<(&str, &str, &[usize], Vec<u8>)> = keys
        .iter()
        .map(|(key, shape)| {
            let name = format!("{prefix}{}", key.replace("keypoint_head.", "head."));
            if key.ends_with("num_batches_tracked") {
                return (key.as_str(), "I64", shape.as_slice(), 7i64.to_le_bytes().to_vec());
            }
            // The only exception to the rule, so that some heatmaps have no positive value.
            let data = match key.ends_with("final_layer.bias") {
                true => fill::scaled(&name, shape, 1.0, 0.0),
                false => fill::parameter(&name, shape),
            };
            let values: Vec<f32> = data.try_into_vec().unwrap();
            (key.as_str(), "F32", shape.as_slice(), forge::floats(&values))
        })
        .collect();
    fs::write(path, forge::safetensors(&tensors)).unwrap();
}

fn keys(form: &str, kind: &str) -> Vec<(String, Vec<usize>)> {
    let lists: Vec<Keys> = json("keys.json");
    lists.into_iter().find(|list| list.form == form && list.kind == kind).unwrap().keys
}

/// The network's answer for a case.
fn answer(detector: &LandmarkDetector, case: &Case) -> Vec<DetectedLandmark> {
    let image = read_image(path(&case.image)).unwrap();
    let [x1, y1, x2, y2] = case.bounds;
    detector.detect(&image, BoundingBox::new(x1, y1, x2, y2)).unwrap().landmarks
}

#[test]
fn files_of_both_generations_load_answer_and_survive_saving() {
    let device = Device::flex();
    let folder = tempfile::tempdir().unwrap();
    loads_answers_and_survives_saving("0.x", ClothesType::Lower, folder.path(), &device);
    let file = loads_answers_and_survives_saving("1.x", ClothesType::Upper, folder.path(), &device);
    // Training can also start from the last file, for the same number of landmarks or with a new
    // head.
    let mut net = mmpose_config(LandmarkSchema::fld_of(ClothesType::Upper)).model.init(&device);
    load_pretrained(&mut net, &file, &LoadRules::default()).unwrap();
    let mut net = mmpose_config(LandmarkSchema::fld()).model.init(&device);
    let error = load_pretrained(&mut net, &file, &LoadRules::default()).unwrap_err().to_string();
    assert!(error.contains("for 6 landmarks, the network for 8"), "{error}");
    let rules = LoadRules { keep: vec!["head.".into()], ..LoadRules::default() };
    load_pretrained(&mut net, &file, &rules).unwrap();
}

#[test]
#[cfg(feature = "ndarray")]
fn on_ndarray_too() {
    let folder = tempfile::tempdir().unwrap();
    let device = crate::common::devices::ndarray();
    loads_answers_and_survives_saving("1.x", ClothesType::Upper, folder.path(), &device);
}

/// Writes a checkpoint in MMPose's format and tests it on the case with flip test. Returns the
/// file.
fn loads_answers_and_survives_saving(
    form: &str,
    kind: ClothesType,
    folder: &Path,
    device: &Device,
) -> PathBuf {
    let file = folder.join("checkpoint");
    let cases: Vec<Case> = json("cases.json");
    let case = cases.iter().find(|case| case.kind == kind && case.flip).unwrap();
    let list = keys(form, kind.name());
    let old = list.iter().any(|(key, _)| key.starts_with("keypoint_head."));
    assert_eq!(old, form == "0.x");
    write_checkpoint(&file, &list, &format!("mmpose_{}.", kind.name()));
    let detector = LandmarkDetector::load_mmpose(&file, None, device).unwrap();
    assert_eq!(*detector.config(), mmpose_config(LandmarkSchema::fld_of(kind)));
    let found = answer(&detector, case);
    for (found, [x, y, _]) in found.iter().zip(&case.expected) {
        let distance = (f64::from(found.x) - x).hypot(f64::from(found.y) - y);
        assert!(distance <= 0.1, "{form} {}: {distance} px away", found.name);
    }
    detector.save(folder).unwrap();
    let again = LandmarkDetector::load(folder, device).unwrap();
    assert_eq!(answer(&again, case), found);

    let error = LandmarkDetector::load_mmpose(&file, Some(DeepFashion2Category::Skirt), device);
    let message = format!("for FLD's {} clothes, not skirt", kind.name());
    assert!(error.unwrap_err().to_string().contains(&message));
    file
}

#[test]
fn deepfashion2s_files_give_their_categorys_landmarks() {
    let device = Device::flex();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("checkpoint");
    let list = keys("1.x", "deepfashion2");
    write_checkpoint(&file, &list, "mmpose_deepfashion2.");
    let error = LandmarkDetector::load_mmpose(&file, None, &device).unwrap_err().to_string();
    assert!(error.contains("its category must be given"), "{error}");
    let category = DeepFashion2Category::Trousers;
    let detector = LandmarkDetector::load_mmpose(&file, Some(category), &device).unwrap();
    assert_eq!(detector.config().schema, LandmarkSchema::deepfashion2(category));
    let mut head = Head { weights: Vec::new() };
    detector.net().visit(&mut head);
    let name = "mmpose_deepfashion2.head.final_layer.weight";
    let all: Vec<f32> = fill::parameter(name, &[294, 256, 1, 1]).try_into_vec().unwrap();
    let range = category.landmarks();
    assert!(head.weights == all[256 * range.start..256 * range.end]);

    // An MMPose network for other landmarks.
    let other = list.into_iter().map(|(key, mut shape)| {
        if key.contains("final_layer") {
            shape[0] = 17;
        }
        (key, shape)
    });
    write_checkpoint(&file, &other.collect::<Vec<_>>(), "");
    let error = LandmarkDetector::load_mmpose(&file, None, &device).unwrap_err().to_string();
    assert!(error.contains("it has 17 heatmaps"), "{error}");
}

/// The weight of the last layer.
struct Head {
    weights: Vec<f32>,
}

impl ModuleVisitor for Head {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if D == 4 {
            self.weights = param.val().into_data().try_into_vec().unwrap();
        }
    }
}

#[test]
fn one_kind_of_clothes_has_its_own_landmarks_and_images() {
    let folder = tempfile::tempdir().unwrap();
    let sample = |image: &str, kind: ClothesType| {
        let mut landmarks = vec![Landmark::ABSENT; 8];
        for &slot in kind.slots() {
            landmarks[slot] = Landmark::new(slot as f32, 1.0, Visibility::Visible);
        }
        let bounding_box = BoundingBox::new(0.0, 0.0, 9.0, 9.0).unwrap();
        let sample = LandmarkSample {
            category: Some(kind as usize),
            ..LandmarkSample::new(image, bounding_box, landmarks)
        };
        (Split::Test, sample)
    };
    let samples = [sample("img/1.jpg", ClothesType::Full), sample("img/2.jpg", ClothesType::Lower)];
    write_annotations(folder.path(), FldFormat::DeepFashionC, &samples).unwrap();
    let open = || FldDataset::open(folder.path(), Split::Test).unwrap();
    let lower = open().of_type(ClothesType::Lower).unwrap();
    assert_eq!(lower.schema().names()[0], "left waistline");
    assert_eq!(lower.schema().mirror(), [1, 0, 3, 2]);
    lower.schema().validate().unwrap();
    let [only] = lower.samples() else { panic!("one is lower-body") };
    assert_eq!(
        only.landmarks.iter().map(|landmark| landmark.x).collect::<Vec<_>>(),
        [4.0, 5.0, 6.0, 7.0]
    );
    let error = open().of_type(ClothesType::Upper).unwrap_err().to_string();
    assert!(error.contains("no upper clothes in the split 'test'"), "{error}");
}
