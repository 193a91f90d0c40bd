//! Images of every size, and untrained networks.
use burn::tensor::Device;
use dafe::{model::Decoder, prelude::*};
use image::{Rgb, RgbImage};

use super::support::{DETECTOR, assert_sound, config, corners, detector, image};

#[test]
fn images_of_every_size_are_looked_at() {
    for (width, height) in [(1, 1), (2, 1), (1, 1000), (1000, 1), (3000, 3000)] {
        let image = image(width, height);
        assert_sound(&DETECTOR.detect(&image, None).unwrap());
        let whole = BoundingBox::whole(width, height);
        let found = DETECTOR.detect(&image, Some(whole)).unwrap();
        assert_sound(&found);
        assert_eq!(found.bounding_box, whole);
        assert_sound(&DETECTOR.detect(&image, Some(corners(0.2, 0.3, 0.7, 0.9))).unwrap());
    }
}

#[test]
fn images_without_contrast_are_looked_at() {
    for shade in [0, 127, 255] {
        let flat = RgbImage::from_pixel(40, 30, Rgb([shade; 3]));
        assert_sound(&DETECTOR.detect(&flat, None).unwrap());
    }
}

#[test]
fn an_image_without_pixels_is_refused() {
    for (width, height) in [(0, 0), (0, 5), (5, 0)] {
        let empty = RgbImage::new(width, height);
        for bounds in [None, Some(corners(0.0, 0.0, 5.0, 5.0))] {
            let error = DETECTOR.detect(&empty, bounds).unwrap_err().to_string();
            assert_eq!(error, "an image without pixels has no landmarks");
        }
    }
}

#[test]
fn any_network_gives_finite_landmarks() {
    let device = Device::flex();
    let image = image(50, 70);
    let refinements = [
        Refinement::None,
        Refinement::QuarterOffset,
        Refinement::MmposeQuarterOffset,
        Refinement::Dark { kernel: 5 },
        Refinement::DarkUdp { kernel: 5 },
        Refinement::SoftArgmax { temperature: 1.0, window: None },
    ];
    for (i, (decoder, refinement)) in Decoder::ALL.iter().copied().zip(refinements).enumerate() {
        let base = config();
        let model = base.model.clone().with_decoder(decoder);
        let config = base.with_model(model).with_refinement(refinement).with_logits(i % 2 == 1);
        // A freshly initialized network has nearly empty heatmaps.
        let new =
            LandmarkDetector::new(config.model.init(&device), config.clone(), &device).unwrap();
        assert_sound(&new.detect(&image, None).unwrap());
        for prefix in ["a.", "b."] {
            let detector = detector(config.clone(), prefix);
            assert_sound(&detector.detect(&image, None).unwrap());
            assert_sound(&detector.detect(&image, Some(corners(-9.0, 9.0, 40.0, 90.0))).unwrap());
        }
    }
}
