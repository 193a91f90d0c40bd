//! One detector, many threads.
use std::{sync::Arc, thread};

use dafe::prelude::*;

use super::support::{SURE, config, corners, detector, image};

#[test]
fn a_detector_can_be_sent_and_shared() {
    fn assert_send_sync<T: Send + Sync + 'static>() {}
    assert_send_sync::<LandmarkDetector>();
    assert_send_sync::<Detection>();
    assert_send_sync::<dafe::detector::Explanation>();
}

#[test]
fn threads_get_the_same_bits_as_one() {
    let detector = Arc::new(detector(config(), SURE));
    let images: Vec<_> = (0..6).map(|i| image(40 + 13 * i, 90 - 9 * i)).collect();
    let requests = |turn: usize| {
        let all = (0..images.len()).map(|i| {
            let request = DetectionRequest::new(&images[(i + turn) % images.len()]);
            match (i + turn).is_multiple_of(2) {
                true => request,
                false => request.in_box(corners(2.0, 1.0, 33.0, 40.0)),
            }
        });
        all.collect::<Vec<_>>()
    };
    let turns: Vec<_> = (0..4).map(requests).collect();
    let one: Vec<_> =
        turns.iter().map(|requests| detector.detect_batch(requests).unwrap()).collect();
    for _ in 0..3 {
        let many: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = turns
                .iter()
                .map(|requests| {
                    let detector = detector.clone();
                    scope.spawn(move || {
                        let found =
                            requests.chunks(2).map(|some| detector.detect_batch(some).unwrap());
                        found.flatten().collect::<Vec<_>>()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(many == one);
    }
}
