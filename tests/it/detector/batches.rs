//! A batch of requests returns the same results as single requests.
use dafe::{
    ErrorKind,
    detector::{CategoryChoice, Search},
    prelude::*,
};

use super::support::{DETECTOR, SURE, assert_sound, config, corners, detector, image};

/// More than one batch of the network, so that requests share a batch with others than when they
/// are asked alone.
const REQUESTS: usize = 37;

#[test]
fn a_batch_is_answered_as_each_request_alone() {
    let images = [image(64, 48), image(30, 90), image(1, 1), image(200, 150)];
    let boxes = [corners(1.0, 2.0, 30.0, 40.0), corners(-5.0, -6.0, 20.5, 41.0)];
    let choices = [CategoryChoice::Inferred, CategoryChoice::All, CategoryChoice::Known(1)];
    let requests: Vec<_> = (0..REQUESTS)
        .map(|i| {
            let request = DetectionRequest::new(&images[i % 4]).of(choices[i / 2 % 3]);
            // Two boxes for each image, or none.
            match i / 4 % 3 {
                0 if i % 4 != 2 => request.in_box(boxes[i / 12 % 2]),
                1 if i % 4 == 2 => request.in_box(corners(-1.0, 0.0, 2.0, 1.5)),
                1 => request.in_box(corners(3.0, 4.0, 25.0, 35.0 + i as f32)),
                _ => request,
            }
        })
        .collect();
    assert!(requests.iter().filter(|request| request.bounding_box.is_none()).count() > 12);
    let together = DETECTOR.detect_batch(&requests).unwrap();
    assert_eq!(together.len(), REQUESTS);
    for (i, (found, request)) in together.iter().zip(&requests).enumerate() {
        let alone = DETECTOR.detect_batch(std::slice::from_ref(request)).unwrap().remove(0);
        // Bitwise equal: every image's convolutions are computed separately, whatever else is in
        // the batch.
        assert_eq!(found, &alone, "request {i}");
        assert_sound(found);
        assert_eq!(DETECTOR.explain(request).unwrap().detection, alone, "request {i}, explained");
        match request.category {
            CategoryChoice::All => assert_eq!(found.landmarks.len(), 8),
            CategoryChoice::Known(index) => {
                assert_eq!(found.category.as_ref().unwrap().index, index);
            }
            CategoryChoice::Inferred => assert!(found.category.is_some()),
            other => panic!("{other:?} is not checked"),
        }
    }
    assert!(together.iter().zip(&requests).any(|(found, request)| {
        let (width, height) = request.image.dimensions();
        request.bounding_box.is_none() && found.bounding_box != BoundingBox::whole(width, height)
    }));
}

#[test]
fn detect_is_a_batch_of_one() {
    let image = image(64, 48);
    for bounding_box in [None, Some(corners(4.0, 5.0, 44.0, 40.0))] {
        let found = DETECTOR.detect(&image, bounding_box).unwrap();
        let request = DetectionRequest { bounding_box, ..DetectionRequest::new(&image) };
        assert_eq!(DETECTOR.detect_batch(&[request]).unwrap(), [found]);
    }
    assert!(DETECTOR.detect_batch(&[]).unwrap().is_empty());
}

#[test]
fn a_quick_search_ends_with_a_look_at_the_region_that_was_found() {
    let image = image(64, 48);
    let found = quick().detect(&image, None).unwrap();
    assert_ne!(found.bounding_box, BoundingBox::whole(64, 48), "two looks");
    assert_eq!(DETECTOR.detect(&image, Some(found.bounding_box)).unwrap(), found);
}

/// Compared with detections in boxes that were derived by hand from the two regions.
#[test]
fn a_thorough_search_is_what_three_looks_agree_on() {
    let image = image(64, 48);
    let request = DetectionRequest::new(&image).of(CategoryChoice::All);
    let detect =
        |detector: &LandmarkDetector, request| detector.detect_batch(&[request]).unwrap().remove(0);
    let found = detect(&DETECTOR, request);
    let second = detect(&quick(), request);
    let [x, y] = found.bounding_box.center();
    let (w, h) = (found.bounding_box.width() / 2.0, found.bounding_box.height() / 2.0);
    let around = [0.9, 1.15].map(|by| corners(x - by * w, y - by * h, x + by * w, y + by * h));
    let looks = [second.bounding_box, around[0], around[1]];
    let looks = looks.map(|region| detect(&DETECTOR, request.in_box(region)));
    assert_eq!(looks[0], second);
    for (i, landmark) in found.landmarks.iter().enumerate() {
        let seen = looks.each_ref().map(|look| &look.landmarks[i]);
        let mean = seen.iter().map(|one| one.score).sum::<f32>() / 3.0;
        assert!((landmark.score - mean).abs() < 1e-4, "{} {mean}", landmark.score);
        let within = |at: f32, of: [f32; 3]| {
            of.iter().any(|one| one - 1e-3 <= at) && of.iter().any(|one| at <= one + 1e-3)
        };
        assert!(within(landmark.x, seen.map(|one| one.x)), "{landmark:?} {seen:?}");
        assert!(within(landmark.y, seen.map(|one| one.y)), "{landmark:?} {seen:?}");
    }
}

fn quick() -> LandmarkDetector {
    detector(config().with_search(Search::Quick), SURE)
}

#[test]
fn errors_say_which_request_is_at_fault() {
    let (good, empty) = (image(64, 48), image::RgbImage::new(0, 0));
    let request = DetectionRequest::new(&good);
    for (bad, message) in [
        (DetectionRequest::new(&empty), "an image without pixels has no landmarks"),
        (request.in_box(corners(9.0, 9.0, 3.0, 20.0)), "(9, 9) to (3, 20) is not a valid box: "),
        (
            request.in_box(corners(99.0, 9.0, 120.0, 20.0)),
            "the box (99, 9) to (120, 20) is outside ",
        ),
        (request.of(CategoryChoice::Known(3)), "the model has 3 categories, and none with index 3"),
    ] {
        let error = DETECTOR.detect_batch(&[request, request, bad, request]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
        let text = error.to_string();
        assert!(text.starts_with(&format!("request 2: {message}")), "{text}");
        let alone = DETECTOR.detect_batch(&[bad]).unwrap_err().to_string();
        assert!(alone.starts_with(message), "{alone}");
        assert_eq!(DETECTOR.explain(&bad).unwrap_err().to_string(), alone);
    }
}

/// A landmark that the calibration does not cover has no estimate; without a calibration, none has.
#[test]
fn visibility_is_said_where_it_is_known() {
    let image = image(64, 48);
    let request = DetectionRequest::new(&image).of(CategoryChoice::All);
    let found = DETECTOR.detect_batch(&[request]).unwrap().remove(0);
    let known = found.landmarks.iter().map(|landmark| landmark.visibility.is_some());
    assert_eq!(known.collect::<Vec<_>>(), [true, true, true, false, true, true, true, true]);
    let detector = detector(config().with_calibration(None), SURE);
    let found = detector.detect_batch(&[request]).unwrap().remove(0);
    assert!(found.landmarks.iter().all(|landmark| landmark.visibility.is_none()));
}
