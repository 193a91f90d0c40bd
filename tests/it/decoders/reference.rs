//! MMPose's decoders, reimplemented in numpy and OpenCV.
use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

use super::support::*;

#[derive(Deserialize)]
struct Fixture {
    size: [usize; 2],
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    values: Vec<f32>,
    score: f32,
    /// By the refinement's name and numbers.
    expected: BTreeMap<String, [f32; 2]>,
}

#[test]
fn mmposes_decoders_find_the_same() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/decoders.json");
    let fixture: Fixture = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let [width, height] = fixture.size;
    let codec = cells(fixture.size, 2.0);
    let count = fixture.cases.len();
    let values = fixture.cases.iter().flat_map(|case| case.values.clone()).collect::<Vec<_>>();
    let mut compared = 0;
    for device in devices() {
        let maps = tensor(values.clone(), [count / 2, 2, height, width], &device);
        for name in fixture.cases[0].expected.keys() {
            let landmarks = codec.decode(maps.clone(), name.parse().unwrap());
            let scores = numbers(landmarks.scores);
            let found = numbers(landmarks.positions);
            for (i, case) in fixture.cases.iter().enumerate() {
                assert_eq!(scores[i], case.score);
                let Some(expected) = case.expected.get(name) else { continue };
                for axis in [0, 1] {
                    let (found, mut expected) = (found[2 * i + axis], expected[axis]);
                    // Ours are clamped to the map, except for MMPose's "nowhere".
                    if expected != -1.0 {
                        expected = expected.clamp(-0.5, fixture.size[axis] as f32 - 0.5);
                    }
                    // Rounding errors of 1e-6 in logarithms whose second derivatives are at least
                    // 0.04.
                    assert!(
                        (found - expected).abs() < 1e-3,
                        "{}, {name}, axis {axis}: {found} is not {expected}",
                        case.name
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 1000);
}
