use burn::tensor::Tensor;
use image::RgbImage;

use super::*;
use crate::{
    geometry::BoundingBox,
    heatmap::Refinement,
    landmark::{Landmark, LandmarkSample, LandmarkSchema, Visibility},
    metric::Bootstrap,
};

/// One landmark each, in an image of its own; boxes with a score are detected ones.
struct Garments {
    schema: LandmarkSchema,
    scores: Vec<Option<f32>>,
}

impl LandmarkDataset for Garments {
    fn schema(&self) -> &LandmarkSchema {
        &self.schema
    }

    fn len(&self) -> usize {
        self.scores.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        let tip = Landmark::new(50.0, 50.0, Visibility::Visible);
        let whole = BoundingBox::whole(100, 100);
        LandmarkSample {
            score: self.scores[index],
            ..LandmarkSample::new(index.to_string(), whole, vec![tip])
        }
    }

    fn read_image(&self, _: &str) -> Result<RgbImage, Error> {
        unreachable!("predictions are there")
    }
}

#[test]
fn labeled_samples_of_images_left_out_are_not_found() {
    let schema = LandmarkSchema::new(vec!["tip".into()], vec![0], vec![])
        .and_then(|schema| schema.with_sigmas(vec![0.1]))
        .unwrap();
    // The last box is a detected one, which may be a false detection.
    let dataset = Garments { schema, scores: vec![None, None, None, None, Some(0.9)] };
    let prediction = |index| Prediction {
        index,
        image_size: [100, 100],
        positions: vec![[50.0, 50.0]],
        scores: vec![1.0],
    };
    let skipped = |index| SkippedImage { index, reason: String::new() };
    let found = Predictions {
        predictions: [0, 2].map(prediction).to_vec(),
        skipped: [1, 3, 4].map(skipped).to_vec(),
    };
    let report = found.report(&dataset);
    let none = Bootstrap { resamples: 0, ..Bootstrap::default() };
    let oks = report.summary_with(&none).oks_visible.unwrap();
    let value = |name| oks.headlines.get(name).unwrap().value.unwrap();
    assert_eq!((report.ne(), value("AR")), (Some(0.0), 0.5));
    // Precision is 1 at the 51 recalls up to a half, 0 at the other 50.
    approx::assert_abs_diff_eq!(value("AP"), 51.0 / 101.0, epsilon = 1e-12);
}

/// In `f32`, the sigmoid of infinity is 1, as is that of 30 and above.
#[test]
fn logits_are_decoded_before_their_sigmoid() {
    let device = Device::flex();
    let codec = HeatmapCodec::new([16, 4], 4, 1.0);
    let maps = Tensor::<4>::from_floats(
        [[[[30.0, 31.0, 30.0, 2.0]], [[0.0, f32::INFINITY, 3.0, 0.0]]]],
        &device,
    );
    let found = |flip_test| {
        let refinement = Refinement::None;
        let decoding = DecodeConfig { refinement, flip_test, logits: true };
        // The mirrored image gives the mirrored heatmaps, and neither landmark has a mirror
        // partner.
        let flipped = || maps.clone().flip([3]);
        decoding.landmarks(maps.clone(), flipped, &codec, &[0, 1]).remove(0)
    };
    for flip_test in [false, true] {
        let ImageLandmarks { positions, scores } = found(flip_test);
        // Cell 1 is centered on pixel 5.5; the middle is at 7.5.
        assert_eq!(positions, [[5.5, 1.5], [7.5, 1.5]]);
        assert_eq!(scores, [1.0, 0.0]);
    }
}
