//! Average precision and recall against pycocotools and xtcocotools, see
//! tools/reference/average_precision.py.
use std::{fs, sync::Mutex};

use dafe::{
    landmark::{Landmark, Visibility},
    metric::{
        AreaRange, Bootstrap, Interval, OksDetection, OksEvaluator, OksTruth, VisibilityRule,
    },
    prelude::*,
};
use proptest::{
    collection::vec,
    num::f64::{NORMAL, POSITIVE, SUBNORMAL},
    prelude::*,
};
use safetensors::SafeTensors;

use super::{
    fixture,
    random_garments::{Image, garments},
};

/// AP and AR at each threshold, then for medium and large objects: see the script. −1 without
/// ground truth.
fn row(evaluator: &OksEvaluator) -> Vec<f64> {
    let found = evaluator.evaluate();
    let [all, medium, large] =
        [AreaRange::All, AreaRange::Medium, AreaRange::Large].map(|range| found.mean(range));
    let mut row = match all {
        Some(all) => [all.precision, all.recall].concat(),
        None => vec![-1.0; 20],
    };
    row.extend([medium, large].map(|found| found.map_or(-1.0, |found| found.ap())));
    row.extend([medium, large].map(|found| found.map_or(-1.0, |found| found.ar())));
    row
}

fn rule(seed: u64) -> VisibilityRule {
    [VisibilityRule::Visible, VisibilityRule::VisibleAndOccluded][seed as usize % 2]
}

fn evaluated<'a>(
    schema: &LandmarkSchema,
    images: impl IntoIterator<Item = &'a Image>,
    rule: VisibilityRule,
) -> OksEvaluator {
    let sigmas = schema.sigmas().unwrap().to_vec();
    let mut evaluator = OksEvaluator::new(sigmas, schema.categories().len(), rule);
    for image in images {
        evaluator.update(&image.truths(), &image.detections());
    }
    evaluator
}

#[test]
fn thousands_of_random_cases_are_as_pycocotools_has_them() {
    // A longer file by the script, if one is given.
    let path = std::env::var_os("DAFE_AVERAGE_PRECISION")
        .map_or(fixture("average_precision.safetensors"), Into::into);
    let bytes = fs::read(path).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let expected = tensors.tensor("expected").unwrap();
    assert_eq!(expected.shape()[1], 24);
    assert!(expected.shape()[0] >= 2000, "{} cases", expected.shape()[0]);
    let schema = LandmarkSchema::deepfashion2_all();
    let mut worst: f64 = 0.0;
    for (seed, wanted) in expected.data().chunks_exact(24 * 4).enumerate() {
        let seed = seed as u64;
        let found = row(&evaluated(&schema, &garments(&schema, seed), rule(seed)));
        for (i, (found, wanted)) in found.into_iter().zip(wanted.chunks_exact(4)).enumerate() {
            let wanted = f64::from(f32::from_le_bytes(wanted.try_into().unwrap()));
            worst = worst.max((found - wanted).abs());
            // Fractions of at most 1 in the file's f32 have errors of up to 2⁻²⁵ = 3e-8. An object
            // found by only one implementation changes a recall by at least 1/80: a case has at
            // most 20, in 4 categories.
            assert!(
                (found - wanted).abs() <= 1e-6,
                "case {seed}, number {i}: {found}, not {wanted}"
            );
        }
    }
    println!("{} cases, the largest difference is {worst:e}", expected.shape()[0]);
}

#[test]
fn the_schemas_sigmas_are_the_references() {
    let text = fs::read_to_string(fixture("deepfashion2_sigmas.json")).unwrap();
    let sigmas: Vec<f64> = serde_json::from_str(&text).unwrap();
    assert_eq!(LandmarkSchema::deepfashion2_all().sigmas().unwrap(), sigmas);
}

#[test]
fn headlines_are_means_over_thresholds() {
    let schema = LandmarkSchema::deepfashion2_all();
    let evaluator = evaluated(&schema, &garments(&schema, 3), rule(3));
    let row = row(&evaluator);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let wanted = [
        ("AP", mean(&row[..10])),
        ("AP50", row[0]),
        ("AP75", row[5]),
        ("APm", row[20]),
        ("APl", row[21]),
        ("AR", mean(&row[10..20])),
        ("AR50", row[10]),
        ("AR75", row[15]),
        ("ARm", row[22]),
        ("ARl", row[23]),
    ];
    for ((name, value), (wanted_name, wanted)) in
        evaluator.evaluate().headlines().into_iter().zip(wanted)
    {
        assert_eq!(name, wanted_name);
        approx::assert_abs_diff_eq!(value.unwrap_or(-1.0), wanted, epsilon = 1e-12);
    }
}

#[test]
fn a_bootstrap_draws_what_repeated_images_give() {
    let schema = LandmarkSchema::deepfashion2_all();
    // A single resample: the interval's ends are its value, and the weights are the counts of its
    // images.
    for seed in 0..200 {
        let mut images = garments(&schema, seed);
        // Copies of an image follow each other; in the bootstrap, the copies of a detection do.
        images.iter_mut().enumerate().for_each(|(number, image)| image.untie(number));
        let evaluator = evaluated(&schema, &images, rule(seed));
        let once = Bootstrap { resamples: 1, confidence: 0.95, seed };
        let drawn = Mutex::new(Vec::new());
        let [_] = once.intervals(images.len(), |times| {
            *drawn.lock().unwrap() = times.to_vec();
            [None]
        });
        let drawn = drawn.into_inner().unwrap();
        let repeated = images
            .iter()
            .zip(&drawn)
            .flat_map(|(image, &times)| std::iter::repeat_n(image, times as usize));
        let wanted = evaluated(&schema, repeated, rule(seed)).evaluate().headlines();
        for (found, (name, wanted)) in evaluator.intervals(&once).into_iter().zip(wanted) {
            assert_eq!(found.is_some(), wanted.is_some(), "case {seed}, {name}");
            if let (Some(Interval { low, high }), Some(wanted)) = (found, wanted) {
                assert_eq!(low, high);
                // Sums in another order.
                assert!((low - wanted).abs() < 1e-12, "case {seed}, {name}: {low}, not {wanted}");
            }
        }
    }
}

#[test]
fn nothing_labeled_or_detected_is_defined() {
    let rule = VisibilityRule::Visible;
    let numbers =
        |evaluator: &OksEvaluator| evaluator.evaluate().headlines().map(|(_, value)| value);

    // No categories, no images, an empty image.
    let mut evaluator = OksEvaluator::new(Vec::new(), 0, rule);
    assert_eq!(numbers(&evaluator), [None; 10]);
    evaluator.update(&[], &[]);
    assert_eq!(numbers(&evaluator), [None; 10]);
    assert_eq!(evaluator.intervals(&Bootstrap::default()), [None; 10]);

    // Objects without counted landmarks are ignored: there is no value.
    let bounds = BoundingBox::new(0.0, 0.0, 50.0, 50.0).unwrap();
    let hidden = [Landmark::new(9.0, 9.0, Visibility::Occluded), Landmark::ABSENT];
    let detection = OksDetection { category: 1, positions: &[[9.0; 2]; 2], score: 0.5 };
    let mut evaluator = OksEvaluator::new(vec![0.1; 2], 2, rule);
    evaluator.update(&[OksTruth::new(1, &hidden, bounds)], &[detection]);
    assert_eq!(numbers(&evaluator), [None; 10]);

    // Objects without detections: nothing is found, and none is large.
    let seen = [Landmark::new(9.0, 9.0, Visibility::Visible), Landmark::ABSENT];
    let mut evaluator = OksEvaluator::new(vec![0.1; 2], 2, rule);
    evaluator.update(&[OksTruth::new(1, &seen, bounds)], &[]);
    let zero = Some(0.0);
    assert_eq!(numbers(&evaluator), [zero, zero, zero, zero, None, zero, zero, zero, zero, None]);
}

#[test]
#[should_panic(expected = "sigma 1 is 0, not a positive number")]
fn sigmas_are_positive() {
    OksEvaluator::new(vec![0.1, 0.0], 1, VisibilityRule::Visible);
}

#[test]
fn scores_and_positions_that_are_no_numbers_come_last_and_find_nothing() {
    let bounds = BoundingBox::new(0.0, 0.0, 50.0, 50.0).unwrap();
    let landmarks = [Landmark::new(9.0, 9.0, Visibility::Visible)];
    let truth = OksTruth::new(0, &landmarks, bounds);
    let right = |score| OksDetection { category: 0, positions: &[[9.0; 2]], score };
    let nowhere = |score| OksDetection { category: 0, positions: &[[f32::NAN; 2]], score };
    let ap = |detections: &[OksDetection<'_>]| {
        let mut evaluator = OksEvaluator::new(vec![0.1], 1, VisibilityRule::Visible);
        evaluator.update(&[truth], detections);
        evaluator.evaluate().mean(AreaRange::All).unwrap().ap()
    };
    approx::assert_abs_diff_eq!(ap(&[right(f64::NAN)]), 1.0, epsilon = 1e-12);
    approx::assert_abs_diff_eq!(ap(&[right(f64::NAN), nowhere(-5.0)]), 0.5, epsilon = 1e-12);
    approx::assert_abs_diff_eq!(ap(&[nowhere(f64::NAN), right(-5.0)]), 1.0, epsilon = 1e-12);
    assert_eq!(ap(&[nowhere(1.0)]), 0.0);
}

proptest! {
    /// Any bits that a file may contain: every result is a fraction.
    #[test]
    fn any_bits_give_shares(
        images in vec(
            (
                vec((0..2usize, any::<[u32; 8]>(), any::<bool>(), 0..4usize), 0..4),
                vec((0..2usize, any::<[u32; 4]>(), any::<u64>()), 0..24),
            ),
            0..4,
        ),
        sigmas in [POSITIVE | NORMAL | SUBNORMAL; 2],
    ) {
        let kinds =
            [Visibility::Visible, Visibility::Occluded, Visibility::Truncated, Visibility::Absent];
        for rule in [VisibilityRule::Visible, VisibilityRule::VisibleAndOccluded] {
            let mut evaluator = OksEvaluator::new(sigmas.to_vec(), 2, rule);
            for (truths, detections) in &images {
                let landmarks: Vec<_> = truths
                    .iter()
                    .map(|(_, bits, _, kind)| {
                        let [x, y, u, v] = [0, 1, 2, 3].map(|i| f32::from_bits(bits[i]));
                        [Landmark::new(x, y, kinds[*kind]), Landmark::new(u, v, kinds[3 - *kind])]
                    })
                    .collect();
                let truths: Vec<_> = truths
                    .iter()
                    .zip(&landmarks)
                    .map(|(&(category, bits, crowd, _), landmarks)| {
                        let [x1, y1, x2, y2] = [4, 5, 6, 7].map(|i| f32::from_bits(bits[i]));
                        let bounds = BoundingBox { x1, y1, x2, y2 };
                        OksTruth { crowd, ..OksTruth::new(category, landmarks, bounds) }
                    })
                    .collect();
                let positions: Vec<_> = detections
                    .iter()
                    .map(|(_, bits, _)| {
                        let [x, y, u, v] = bits.map(f32::from_bits);
                        [[x, y], [u, v]]
                    })
                    .collect();
                let detections: Vec<_> = detections
                    .iter()
                    .zip(&positions)
                    .map(|(&(category, _, score), positions)| {
                        OksDetection { category, positions, score: f64::from_bits(score) }
                    })
                    .collect();
                evaluator.update(&truths, &detections);
            }
            let few = Bootstrap { resamples: 3, ..Bootstrap::default() };
            let intervals = evaluator.intervals(&few);
            for ((name, value), interval) in evaluator.evaluate().headlines().into_iter().zip(intervals) {
                let ends = interval.map(|Interval { low, high }| [low, high]);
                for share in value.into_iter().chain(ends.into_iter().flatten()) {
                    // Means of fractions, rounded.
                    prop_assert!((0.0..=1.0 + 1e-12).contains(&share), "{}: {}", name, share);
                }
            }
        }
    }
}
