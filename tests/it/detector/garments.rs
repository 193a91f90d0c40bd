//! All garments of an image.
use dafe::{ErrorKind, detector::DetectedGarment, prelude::*};

use super::support::{DETECTOR, assert_sound, config, detector, image};

fn all(min_score: f32) -> Vec<DetectedGarment> {
    DETECTOR.detect_all(&image(64, 48), min_score).unwrap()
}

#[test]
fn garments_come_by_score_and_are_apart() {
    let found = all(0.0);
    assert!(!found.is_empty());
    for (i, garment) in found.iter().enumerate() {
        assert_sound(&garment.detection);
        assert!((0.0..=1.0).contains(&garment.score), "{garment:?}");
        assert!(garment.detection.category.is_some());
        for surer in &found[..i] {
            assert!(surer.score >= garment.score);
            let iou = surer.detection.bounding_box.iou(&garment.detection.bounding_box);
            assert!(iou <= 0.5, "{surer:?} {garment:?}");
        }
    }
    assert_eq!(found, all(0.0));
}

/// Garments below the threshold come last, so they never displace others.
#[test]
fn a_higher_threshold_gives_the_first_of_them() {
    let found = all(0.0);
    for garment in &found {
        let surer: Vec<_> =
            found.iter().filter(|other| other.score >= garment.score).cloned().collect();
        assert_eq!(all(garment.score), surer);
    }
    assert!(all(1.1).is_empty());
    assert!(all(f32::NAN).is_empty());
}

/// The region of a result is one that was analyzed: detection in it as a box gives the same result.
#[test]
fn a_garment_is_what_is_seen_in_its_region() {
    let image = image(64, 48);
    for garment in all(0.0) {
        let bounds = garment.detection.bounding_box;
        assert_eq!(DETECTOR.detect(&image, Some(bounds)).unwrap(), garment.detection);
    }
}

#[test]
fn a_network_that_is_sure_of_nothing_finds_no_garment() {
    let (config, device) = (config(), Device::flex());
    device.seed(0);
    let unsure = LandmarkDetector::new(config.model.init(&device), config, &device).unwrap();
    let found = unsure.detect_all(&image(64, 48), LandmarkDetector::GARMENT_SCORE).unwrap();
    assert_eq!(found, []);
}

/// A single category with all landmarks.
#[test]
fn networks_that_tell_no_categories_find_garments_too() {
    let detector = detector(config().with_infers_category(false), super::support::SURE);
    for garment in detector.detect_all(&image(64, 48), 0.0).unwrap() {
        assert_eq!(garment.detection.landmarks.len(), 8);
        assert_eq!(garment.detection.category, None);
    }
}

#[test]
fn images_of_every_size_are_searched() {
    for (width, height) in [(1, 1), (1, 1000), (1000, 1)] {
        for garment in DETECTOR.detect_all(&image(width, height), 0.0).unwrap() {
            assert_sound(&garment.detection);
        }
    }
    let error = DETECTOR.detect_all(&image::RgbImage::new(0, 0), 0.0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    assert_eq!(error.to_string(), "an image without pixels has no landmarks");
}
