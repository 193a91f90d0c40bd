//! Categories inferred from heatmaps, with a network of known heatmaps: its head has no weights, so
//! each heatmap equals its bias everywhere.
use std::sync::Arc;

use burn::{
    module::{Module, ModuleMapper, Param},
    tensor::TensorData,
};
use dafe::{
    Error,
    backbone::{ResNetConfig, ResidualKind},
    data::LoaderConfig,
    detector::{CategoryChoice, DetectedCategory, DetectorConfig},
    landmark::{ClothesType, Visibility},
    predict::predict_dataset,
    prelude::*,
};
use image::RgbImage;

use super::{COCO, generated, open, samples};

/// Sets the head to output these scores for any image.
struct Constant<'a> {
    path: Vec<String>,
    scores: &'a [f32],
}

impl ModuleMapper for Constant<'_> {
    fn enter_module(&mut self, name: &str, _kind: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _kind: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        match self.path.join(".").as_str() {
            "head.weight" => param.map(|tensor| tensor.zeros_like()),
            "head.bias" => param.map(|tensor| {
                let scores = TensorData::new(self.scores.to_vec(), tensor.dims());
                Tensor::from_data(scores, &tensor.device())
            }),
            _ => param,
        }
    }
}

fn detector(schema: LandmarkSchema, scores: &[f32], infers_category: bool) -> LandmarkDetector {
    let device = Device::flex();
    let model = LandmarkNetConfig::new(schema.len())
        .with_backbone(ResNetConfig::new(ResidualKind::Basic, [1, 1, 1, 1]).with_width(4))
        .with_decoder_channels([8; 3]);
    let net = model.init(&device).map(&mut Constant { path: Vec::new(), scores });
    let config = DetectorConfig::new(model, HeatmapCodec::new([32, 32], 4, 1.5), schema)
        .with_refinement(Refinement::None)
        .with_infers_category(infers_category);
    LandmarkDetector::new(net, config, &device).unwrap()
}

/// High for the landmarks of `category`.
fn scores_of(schema: &LandmarkSchema, category: usize) -> Vec<f32> {
    let own = &schema.categories()[category].landmarks;
    (0..schema.len()).map(|slot| if own.contains(&slot) { 0.9 } else { 0.05 }).collect()
}

fn indices(detection: &Detection) -> Vec<usize> {
    detection.landmarks.iter().map(|landmark| landmark.index).collect()
}

#[test]
fn what_the_likeliest_category_lacks_is_not_returned() {
    let image = RgbImage::new(40, 60);
    for schema in [LandmarkSchema::fld(), LandmarkSchema::deepfashion2_all()] {
        for (index, category) in schema.categories().iter().enumerate() {
            let scores = scores_of(&schema, index);
            let detector = detector(schema.clone(), &scores, true);
            let detection = detector.detect(&image, None).unwrap();
            assert_eq!(indices(&detection), category.landmarks, "{}", category.name);
            for landmark in &detection.landmarks {
                assert_eq!(landmark.name, schema.names()[landmark.index]);
                assert_eq!(landmark.score, scores[landmark.index]);
            }
            let found = detection.category.unwrap();
            assert_eq!((found.index, &found.name), (index, &category.name));
            let probability = schema.category_probabilities(&scores)[index];
            assert_eq!(found.probability, Some(probability));
            assert!(probability > 0.9, "{}: {probability}", category.name);
        }
    }
}

#[test]
fn a_known_category_or_all_is_what_is_asked_for() {
    let (image, schema) = (RgbImage::new(40, 60), LandmarkSchema::fld());
    let (upper, lower) = (ClothesType::Upper as usize, ClothesType::Lower as usize);
    for infers in [true, false] {
        let detector = detector(schema.clone(), &scores_of(&schema, upper), infers);
        let request = DetectionRequest::new(&image);
        let detect = |choice| Ok(detector.detect_batch(&[request.of(choice)])?.remove(0));
        let known = detect(CategoryChoice::Known(lower)).unwrap();
        assert_eq!(indices(&known), ClothesType::Lower.slots());
        assert_eq!(
            known.category,
            Some(DetectedCategory {
                index: lower,
                name: "lower".into(),
                probability: None,
                sure: true
            })
        );
        let all = detect(CategoryChoice::All).unwrap();
        assert_eq!((indices(&all), all.category), ((0..8).collect(), None));
        let error: Error = detect(CategoryChoice::Known(3)).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("3 categories, and none with index 3"), "{error}");
    }
    // A network that was not trained for it infers no category.
    let untrained = detector(schema.clone(), &scores_of(&schema, upper), false);
    let detection = untrained.detect(&image, None).unwrap();
    assert_eq!((indices(&detection), detection.category), ((0..8).collect(), None));
}

#[test]
fn false_landmarks_are_those_that_the_inferred_category_has_and_the_sample_lacks() {
    let folder = generated(COCO);
    let dataset: Arc<dyn LandmarkDataset> = open(folder.path(), COCO, Split::Train);
    let device = Device::flex();
    for &guess in ClothesType::ALL {
        let detector =
            detector(LandmarkSchema::fld(), &scores_of(dataset.schema(), guess as usize), true);
        let config = LoaderConfig::new(detector.config().codec).with_batch_size(8).with_workers(0);
        let reading = detector.config().decoding();
        let found = predict_dataset(detector.net(), &dataset, &config, reading, &device, |_, _| {});
        let presence = found.unwrap().presence(dataset.as_ref()).total();

        let (mut absent, mut false_ones, mut labeled, mut missed, mut correct) = (0, 0, 0, 0, 0);
        for sample in samples(dataset.as_ref()) {
            correct += u64::from(sample.category == Some(guess as usize));
            for (slot, landmark) in sample.landmarks.iter().enumerate() {
                let returned = guess.slots().contains(&slot);
                match landmark.visibility {
                    Visibility::Absent if returned => {
                        (absent, false_ones) = (absent + 1, false_ones + 1)
                    }
                    Visibility::Absent => absent += 1,
                    Visibility::Truncated => (),
                    _ if returned => labeled += 1,
                    _ => (labeled, missed) = (labeled + 1, missed + 1),
                }
            }
        }
        assert_eq!((presence.absent, presence.false_landmarks), (absent, false_ones));
        assert_eq!((presence.labeled, presence.missed), (labeled, missed));
        assert_eq!((presence.samples, presence.correct_category), (dataset.len() as u64, correct));
        match guess {
            ClothesType::Full => assert_eq!(presence.miss_rate(), Some(0.0)),
            _ => assert!(missed > 0 && false_ones > 0, "the dataset shows nothing"),
        }
    }
}
