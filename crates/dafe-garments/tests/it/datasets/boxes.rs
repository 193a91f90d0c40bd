//! A detector's boxes, average precision on them, and results files.
use std::{fs, path::Path, sync::Arc};

use dafe::{
    backbone::{ResNetConfig, ResidualKind},
    data::{LoaderConfig, WithBoxes},
    heatmap::DecodeConfig,
    landmark::{DeepFashion2Category, Landmark, LandmarkSample},
    metric::{Bootstrap, LandmarkReport, OksSummary},
    predict::{LandmarkResult, Prediction, Predictions, predict_dataset, write_results},
    prelude::*,
};
use serde_json::{Value, json};

use super::{DEEPFASHION2, generated, open, samples};

/// A COCO result for a labeled box.
fn entry(dataset: &dyn LandmarkDataset, index: usize, score: f32) -> Value {
    let sample = dataset.sample(index);
    let b = sample.bounding_box;
    json!({
        "image_id": dataset.image_id(index),
        "category_id": dataset.schema().categories()[sample.category.unwrap()].id,
        "bbox": [b.x1, b.y1, b.width(), b.height()],
        "score": score,
    })
}

fn with_boxes(dataset: &Arc<dyn LandmarkDataset>, entries: &[Value], folder: &Path) -> WithBoxes {
    let path = folder.join("boxes.json");
    fs::write(&path, serde_json::to_vec(entries).unwrap()).unwrap();
    WithBoxes::open(dataset.clone(), &path).unwrap()
}

/// A partly right prediction: the labeled position, moved by a fraction of the box that varies
/// between samples.
fn guess(sample: &LandmarkSample, index: usize) -> (Vec<[f32; 2]>, Vec<f32>) {
    let step = |i: usize| ((i * 37 + index * 11) % 17) as f32 / 17.0 - 0.5;
    let spread = 0.02 + 0.03 * (index % 5) as f32;
    let (width, height) = (sample.bounding_box.width(), sample.bounding_box.height());
    let place = |(i, l): (usize, &Landmark)| {
        [l.x + spread * step(i) * width, l.y + spread * step(i + 5) * height]
    };
    let positions = sample.landmarks.iter().enumerate().map(place).collect();
    let score = |i: usize| 0.5 + 0.4 * step(i + index);
    (positions, (0..sample.landmarks.len()).map(score).collect())
}

/// Predictions for the labeled samples `truths`, as if made for the dataset's samples, one for
/// each.
fn predictions(truths: &[LandmarkSample]) -> Predictions {
    let made = truths.iter().enumerate().map(|(index, sample)| {
        let (positions, scores) = guess(sample, index);
        Prediction { index, image_size: [400, 400], positions, scores }
    });
    Predictions { predictions: made.collect(), skipped: Vec::new() }
}

fn both(report: &LandmarkReport) -> [OksSummary; 2] {
    let summary = report.summary_with(&Bootstrap { resamples: 0, ..Bootstrap::default() });
    [summary.oks_visible.unwrap(), summary.oks_visible_and_occluded.unwrap()]
}

fn value(oks: &OksSummary, name: &str) -> f64 {
    oks.headlines.get(name).unwrap().value.unwrap()
}

/// Like `evaluate --boxes`: predictions in the boxes, then all ground truths.
fn report_on(boxes: &WithBoxes, found: &Predictions) -> LandmarkReport {
    let mut report = found.report(boxes);
    samples(boxes.dataset().as_ref()).iter().for_each(|truth| report.add_truth(truth));
    report
}

#[test]
fn true_boxes_of_equal_scores_are_as_good_as_labeled_ones() {
    let folder = generated(DEEPFASHION2);
    let dataset = open(folder.path(), DEEPFASHION2, Split::Train);
    let truths = samples(dataset.as_ref());
    let labeled = both(&predictions(&truths).report(dataset.as_ref()));
    for oks in &labeled {
        let ap = value(oks, "AP");
        assert!((0.2..0.95).contains(&ap), "AP {ap} shows nothing");
    }
    let entries: Vec<_> = (0..dataset.len()).map(|i| entry(dataset.as_ref(), i, 1.0)).collect();
    let boxes = with_boxes(&dataset, &entries, folder.path());
    assert_eq!((boxes.len(), boxes.left_out()), (dataset.len(), 0));
    assert_eq!(both(&report_on(&boxes, &predictions(&truths))), labeled);

    // A box with a high score and wrong landmarks costs precision, one with a low score none;
    // neither costs recall.
    for (score, dearer) in [(1.0, true), (1e-6, false)] {
        let wrong: Vec<_> = (0..dataset.len()).map(|i| entry(dataset.as_ref(), i, score)).collect();
        let boxes = with_boxes(&dataset, &[&entries[..], &wrong[..]].concat(), folder.path());
        let mut found = predictions(&truths);
        for (i, sample) in truths.iter().enumerate() {
            let far = vec![[5000.0, 5000.0]; sample.landmarks.len()];
            let index = truths.len() + i;
            let scores = vec![1.0; sample.landmarks.len()];
            found.predictions.push(Prediction {
                index,
                image_size: [400, 400],
                positions: far,
                scores,
            });
        }
        for (oks, before) in both(&report_on(&boxes, &found)).iter().zip(&labeled) {
            assert_eq!(value(oks, "AR"), value(before, "AR"));
            match dearer {
                true => assert!(value(oks, "AP") < 0.9 * value(before, "AP")),
                false => assert_eq!(value(oks, "AP"), value(before, "AP")),
            }
        }
    }
    // A box that the detector missed is a ground truth without a detection.
    let boxes = with_boxes(&dataset, &entries[1..], folder.path());
    let mut found = predictions(&truths);
    found.predictions.remove(0);
    found.predictions.iter_mut().for_each(|prediction| prediction.index -= 1);
    for (oks, before) in both(&report_on(&boxes, &found)).iter().zip(&labeled) {
        assert!(value(oks, "AR") < value(before, "AR"));
    }
}

#[test]
fn a_network_sees_the_same_in_a_true_box_as_in_the_labeled_one() {
    let folder = generated(DEEPFASHION2);
    let dataset = open(folder.path(), DEEPFASHION2, Split::Val);
    let entries: Vec<_> = (0..dataset.len()).map(|i| entry(dataset.as_ref(), i, 0.5)).collect();
    let boxes: Arc<dyn LandmarkDataset> = Arc::new(with_boxes(&dataset, &entries, folder.path()));
    let device = Device::flex();
    let net = LandmarkNetConfig::new(DeepFashion2Category::LANDMARKS)
        .with_backbone(ResNetConfig::new(ResidualKind::Basic, [1, 1, 1, 1]).with_width(4))
        .with_decoder_channels([8; 3])
        .init(&device);
    let config =
        LoaderConfig::new(HeatmapCodec::new([32, 32], 4, 1.5)).with_batch_size(4).with_workers(1);
    let predict = |dataset: &Arc<dyn LandmarkDataset>| {
        predict_dataset(&net, dataset, &config, DecodeConfig::default(), &device, |_, _| {})
            .unwrap()
    };
    assert_eq!(predict(&boxes).predictions, predict(&dataset).predictions);
}

#[test]
fn a_file_of_results_says_what_was_found() {
    let folder = generated(DEEPFASHION2);
    let dataset = open(folder.path(), DEEPFASHION2, Split::Test);
    let found = predictions(&samples(dataset.as_ref()));
    let results: Vec<_> = found
        .predictions
        .iter()
        .map(|p| LandmarkResult::new(dataset.as_ref(), p.index, &p.positions, &p.scores).unwrap())
        .collect();
    let path = folder.path().join("results.json");
    write_results(&path, &results).unwrap();

    let read: Vec<Value> = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(read.len(), dataset.len());
    let mut again = Predictions::default();
    for (index, result) in read.iter().enumerate() {
        let sample = dataset.sample(index);
        let category = DeepFashion2Category::ALL[sample.category.unwrap()];
        assert_eq!(result["image_id"].as_u64(), dataset.image_id(index));
        assert_eq!(result["category_id"], category as u64 + 1);
        let numbers: Vec<f32> = serde_json::from_value(result["keypoints"].clone()).unwrap();
        assert_eq!(numbers.len(), 3 * 294);
        let Prediction { positions, scores, .. } = &found.predictions[index];
        for (slot, triplet) in numbers.chunks(3).enumerate() {
            let own = category.landmarks().contains(&slot);
            let [x, y] = positions[slot];
            let expected = if own { [x, y, scores[slot]] } else { [0.0; 3] };
            assert_eq!(triplet, expected, "landmark {slot} of sample {index}");
        }
        let own = &scores[category.landmarks()];
        let mean = own.iter().sum::<f32>() / own.len() as f32;
        let score = result["score"].as_f64().unwrap();
        assert!((score - f64::from(mean)).abs() < 1e-6, "{score}, not {mean}");
        again.predictions.push(Prediction {
            index,
            image_size: [400, 400],
            positions: numbers.chunks(3).map(|triplet| [triplet[0], triplet[1]]).collect(),
            scores: numbers.chunks(3).map(|triplet| triplet[2]).collect(),
        });
    }
    assert_eq!(both(&again.report(dataset.as_ref())), both(&found.report(dataset.as_ref())));
}
