//! Boxes of every kind give defined results or clear errors.
use dafe::{
    data::{Framing, transform::PADDING},
    geometry::Alignment,
    prelude::*,
};
use image::{GenericImage, Rgb, RgbImage};
use proptest::prelude::*;

use super::support::{DETECTOR, SURE, assert_sound, config, corners, detector, image};

#[track_caller]
fn assert_refused(bounding_box: BoundingBox, message: &str) {
    let image = image(64, 48);
    let error = DETECTOR.detect(&image, Some(bounding_box)).unwrap_err().to_string();
    assert_eq!(error, message);
}

/// As if the image were extended with the padding's color: the landmarks are the same, and may be
/// outside.
#[test]
fn a_box_partly_outside_sees_padding_there() {
    let small = image(40, 50);
    let (left, top) = (30, 20);
    let mut large = RgbImage::from_pixel(120, 100, Rgb(PADDING));
    large.copy_from(&small, left, top).unwrap();
    // Boxes of the input's size, so that nothing is resampled and the crops have the same bytes.
    for (x, y) in [(-20.0, -10.0), (25.0, 30.0), (-31.0, 2.0), (5.0, -47.0)] {
        let bounds = corners(x, y, x + 32.0, y + 48.0);
        let found = DETECTOR.detect(&small, Some(bounds)).unwrap();
        assert_eq!(found.bounding_box, bounds);
        let (dx, dy) = (left as f32, top as f32);
        let moved = corners(bounds.x1 + dx, bounds.y1 + dy, bounds.x2 + dx, bounds.y2 + dy);
        let same = DETECTOR.detect(&large, Some(moved)).unwrap();
        assert_eq!(found.landmarks.len(), same.landmarks.len());
        for (one, other) in found.landmarks.iter().zip(&same.landmarks) {
            assert_eq!((&one.name, one.score), (&other.name, other.score));
            // Whole and quarter cells of 4 pixels are exact in single precision.
            assert_eq!([one.x + dx, one.y + dy], [other.x, other.y]);
        }
    }
    // Only a corner of the image is in this box; landmarks are found anywhere in the box.
    let found = DETECTOR.detect(&small, Some(corners(-31.0, -47.0, 1.0, 1.0))).unwrap();
    assert!(found.landmarks.iter().any(|landmark| landmark.x < 0.0 && landmark.y < 0.0));
}

#[test]
fn a_box_wholly_outside_is_refused() {
    for bounds in [
        corners(-20.0, 5.0, 0.0, 20.0),
        corners(64.0, 5.0, 90.0, 20.0),
        corners(5.0, -30.0, 20.0, -1.0),
        corners(5.0, 48.5, 20.0, 60.0),
    ] {
        let BoundingBox { x1, y1, x2, y2 } = bounds;
        assert_refused(
            bounds,
            &format!(
                "the box ({x1}, {y1}) to ({x2}, {y2}) is outside of the image of 64 × 48 pixels"
            ),
        );
    }
}

#[test]
fn what_is_no_box_is_refused() {
    let (nan, inf) = (f32::NAN, f32::INFINITY);
    for (corners, shown) in [
        ([nan, 1.0, 20.0, 20.0], "(NaN, 1) to (20, 20)"),
        ([1.0, 1.0, 20.0, nan], "(1, 1) to (20, NaN)"),
        ([-inf, 1.0, 20.0, 20.0], "(-inf, 1) to (20, 20)"),
        ([1.0, 1.0, inf, 20.0], "(1, 1) to (inf, 20)"),
        ([20.0, 1.0, 10.0, 20.0], "(20, 1) to (10, 20)"),
        ([1.0, 20.0, 10.0, 5.0], "(1, 20) to (10, 5)"),
        ([5.0, 5.0, 5.0, 20.0], "(5, 5) to (5, 20)"),
        ([5.0, 5.0, 20.0, 5.0], "(5, 5) to (20, 5)"),
        ([0.0, 0.0, 1e9, 20.0], "(0, 0) to (1000000000, 20)"),
        ([-60_000.0, 0.0, 60_000.0, 20.0], "(-60000, 0) to (60000, 20)"),
    ] {
        let [x1, y1, x2, y2] = corners;
        assert_refused(
            BoundingBox { x1, y1, x2, y2 },
            &format!(
                "{shown} is not a valid box: it needs finite numbers, x2 > x1, y2 > y1 and sides of at most 65536 pixels"
            ),
        );
    }
}

#[test]
fn the_largest_and_the_smallest_boxes_are_looked_at() {
    let image = image(64, 48);
    for framing in [Framing::Stretch, Framing::Padded, Framing::Mmpose] {
        for alignment in [Alignment::HalfPixel, Alignment::Legacy, Alignment::Udp] {
            let base = config();
            let codec = base.codec.with_alignment(alignment);
            let detector = detector(base.with_framing(framing).with_codec(codec), SURE);
            for bounds in [
                corners(-32_000.0, -32_000.0, 33_000.0, 33_000.0),
                corners(0.0, -65_535.0, 1.0, 0.5),
                corners(10.0, 10.0, 10.001, 10.001),
                corners(10.0, 0.0, 10.001, 48.0),
                corners(63.999, 47.999, 64.0, 48.0),
                corners(0.0, 0.0, f32::MIN_POSITIVE, 48.0),
            ] {
                assert_sound(&detector.detect(&image, Some(bounds)).unwrap());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Arbitrary numbers, often ones that form a box.
    #[test]
    fn every_box_is_looked_at_or_refused(
        anything in prop::array::uniform4(any::<f32>()),
        near in prop::array::uniform4(-100.0f32..200.0),
        which in prop::array::uniform4(prop::bool::weighted(0.9)),
    ) {
        let image = image(64, 48);
        let [x1, y1, x2, y2] = [0, 1, 2, 3].map(|i| if which[i] { near[i] } else { anything[i] });
        match DETECTOR.detect(&image, Some(corners(x1, y1, x2, y2))) {
            Ok(found) => assert_sound(&found),
            Err(error) => {
                let text = error.to_string();
                let expected = text.contains("is not a valid box") || text.contains("is outside");
                prop_assert!(expected, "{}", text);
            }
        }
    }
}
