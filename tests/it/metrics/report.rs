//! The report of a split: hand-derived numbers, and average precision as computed by the evaluator.
use dafe::{
    landmark::{Landmark, LandmarkSample, VariationType, Visibility},
    metric::{
        AreaRange, Bootstrap, Estimate, Interval, LandmarkReport, LandmarkSummary, Named, Ne,
        NePart, OksDetection, OksEvaluator, OksTruth, VisibilityRule,
    },
    prelude::*,
};

const QUICK: Bootstrap = Bootstrap { resamples: 100, confidence: 0.95, seed: 0 };

const NONE: Bootstrap = Bootstrap { resamples: 0, ..QUICK };

fn sample(image: &str, category: usize, landmarks: Vec<Landmark>) -> LandmarkSample {
    let bounding_box = BoundingBox::new(0.0, 0.0, 100.0, 50.0).unwrap();
    LandmarkSample {
        category: Some(category),
        ..LandmarkSample::new(image, bounding_box, landmarks)
    }
}

/// FLD's landmarks, absent except for some.
fn fld(present: &[(usize, Visibility)]) -> Vec<Landmark> {
    let mut landmarks = vec![Landmark::ABSENT; 8];
    for &(slot, visibility) in present {
        landmarks[slot] = Landmark::new(10.0, 10.0, visibility);
    }
    landmarks
}

/// All landmarks, shifted to the right by `by`.
fn off(sample: &LandmarkSample, by: f32) -> Vec<[f32; 2]> {
    sample.landmarks.iter().map(|landmark| [landmark.x + by, landmark.y]).collect()
}

/// Two images with three garments: errors of 0.02, 0.04 and 0.3 of the box's width, which is its
/// longer side.
fn fld_report() -> LandmarkReport {
    use Visibility::{Occluded, Visible};
    let schema = LandmarkSchema::fld();
    let mut report = LandmarkReport::new(&schema);
    let mut upper = sample("a.jpg", 0, fld(&[(0, Visible), (1, Occluded)]));
    upper.variation_type = Some(VariationType::MediumPose);
    report.update(&off(&upper, 2.0), &upper);
    let mut full = sample("a.jpg", 2, fld(&[(0, Visible), (7, Visible)]));
    full.variation_type = Some(VariationType::Normal);
    // Outside of the box.
    full.landmarks[7].y = 51.0;
    report.update(&off(&full, 4.0), &full);
    let other = sample("b.jpg", 0, fld(&[(0, Visible)]));
    report.update(&off(&other, 30.0), &other);
    report
}

fn close(found: Option<f64>, wanted: f64) {
    approx::assert_abs_diff_eq!(found.unwrap(), wanted, epsilon = 1e-9);
}

#[test]
fn numbers_are_broken_down_by_landmark_category_variation_and_visibility() {
    let report = fld_report();
    let found = report.summary_with(&QUICK);
    assert_eq!((found.images, found.samples), (2, 3));
    // Left collar: (0.02 + 0.04 + 0.3) / 3; right hem: 0.04.
    close(found.ne, (0.12 + 0.04) / 2.0);
    assert_eq!(found.ne, report.ne());
    assert_eq!(found.headlines.get("NE").unwrap().value, found.ne);
    let names: Vec<_> = found.ne_per_landmark.keys().map(String::as_str).collect();
    assert_eq!(names, LandmarkSchema::fld().names());
    close(*found.ne_per_landmark.get("left collar").unwrap(), 0.12);
    assert_eq!(found.ne_per_landmark.get("left hem"), Some(&None));
    let counts = |of: &Named<u64>| of.iter().map(|(_, &count)| count).collect::<Vec<_>>();
    assert_eq!(counts(&found.counts), [3, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(counts(&found.counts_inside_box), [3, 0, 0, 0, 0, 0, 0, 0]);
    close(found.ne_inside_box, 0.12);

    let of = |groups: &Named<Option<f64>>, name| *groups.get(name).unwrap();
    close(of(&found.ne_by_category, "upper"), 0.16);
    close(of(&found.ne_by_category, "full"), 0.04);
    assert_eq!(found.ne_by_category.get("lower"), None);
    close(of(&found.ne_by_variation, "medium-pose"), 0.02);
    close(of(&found.ne_by_variation, "normal"), 0.04);
    close(of(&found.ne_by_visibility, "visible"), 0.08);
    close(of(&found.ne_by_visibility, "occluded"), 0.02);
    // Occluded landmarks count: left collar 2/3, right collar 1, right hem 1.
    let headline = |name| found.headlines.get(name).unwrap().value;
    close(headline("PCK@0.05"), (2.0 / 3.0 + 2.0) / 3.0);
    close(headline("EPE"), (2.0 + 2.0 + 4.0 + 4.0 + 30.0) / 5.0);
    close(of(&found.epe_by_category, "upper"), 34.0 / 3.0);
    // 1 − d/0.2 of the four visible ones, 0 for the last.
    close(headline("PDL area"), (0.9 + 0.8 + 0.8) / 4.0);
    // Means of 0.02, 0.04 and 0.3.
    close(headline("failure rate@0.2"), 1.0 / 3.0);
    // Two images: some of 100 resamples contain only one of them.
    let Interval { low, high } = found.headlines.get("NE").unwrap().interval.unwrap();
    approx::assert_abs_diff_eq!(low, (0.03 + 0.04) / 2.0, epsilon = 1e-9);
    approx::assert_abs_diff_eq!(high, 0.3, epsilon = 1e-9);
    assert_eq!((found.oks_visible, found.oks_visible_and_occluded), (None, None));
}

#[test]
fn parts_have_the_summarys_values_and_say_what_they_are_of() {
    let report = fld_report();
    let (summary, parts) = (report.summary_with(&NONE), report.ne_parts(&QUICK));
    for (parts, values) in [
        (&parts.landmarks, &summary.ne_per_landmark),
        (&parts.categories, &summary.ne_by_category),
        (&parts.variations, &summary.ne_by_variation),
        (&parts.visibilities, &summary.ne_by_visibility),
    ] {
        let found: Vec<_> = parts.iter().map(|(name, part)| (name, part.ne.value)).collect();
        let wanted: Vec<_> = values.iter().map(|(name, value)| (name, *value)).collect();
        assert_eq!(found, wanted);
    }
    let of = |parts: &Named<NePart>, name| {
        let NePart { samples, landmarks, ne } = *parts.get(name).unwrap();
        (samples, landmarks, ne.interval.map(|interval| [interval.low, interval.high]))
    };
    // In images a and b; resamples of b alone have no value.
    assert_eq!(of(&parts.landmarks, "left hem"), (0, 0, None));
    let (samples, landmarks, interval) = of(&parts.landmarks, "left collar");
    assert_eq!((samples, landmarks), (3, 3));
    approx::assert_abs_diff_eq!(interval.unwrap()[..], [0.03, 0.3][..], epsilon = 1e-9);
    let (samples, landmarks, interval) = of(&parts.categories, "full");
    assert_eq!((samples, landmarks), (1, 2));
    approx::assert_abs_diff_eq!(interval.unwrap()[..], [0.04, 0.04][..], epsilon = 1e-9);
    assert_eq!(of(&parts.categories, "upper").0, 2);
    assert_eq!(of(&parts.variations, "medium-pose").1, 1);
    // Elsewhere, occluded landmarks are not scored.
    assert_eq!(of(&parts.visibilities, "occluded").1, 1);
    assert_eq!(of(&parts.visibilities, "visible").1, 4);
}

#[test]
fn another_protocol_scores_other_landmarks() {
    let visibility = VisibilityRule::VisibleAndOccluded;
    let protocol = Ne { visibility, inside_box_only: true };
    let report = fld_report().with_protocol(protocol);
    close(report.ne(), (0.12 + 0.02) / 2.0);
    // Landmarks outside of the box are counted, but not scored.
    let found = report.summary_with(&NONE);
    let counts = |of: &Named<u64>| of.iter().map(|(_, &count)| count).collect::<Vec<_>>();
    assert_eq!(counts(&found.counts), [3, 1, 0, 0, 0, 0, 0, 1]);
    assert_eq!(counts(&found.counts_inside_box), [3, 1, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn summaries_tell_whether_pck_had_clipped_boxes() {
    let schema = LandmarkSchema::fld();
    let sample = sample("a.jpg", 0, fld(&[(0, Visibility::Visible)]));
    let mut report = LandmarkReport::new(&schema);
    report.update(&off(&sample, 9.0), &sample);
    let pck = |report: &LandmarkReport| {
        let found = report.summary_with(&NONE);
        (found.clipped_boxes, found.headlines.get("PCK@0.1").unwrap().value.unwrap())
    };
    // 9 of 100 pixels, then 9 of the 49 pixels of the box that are inside the image.
    assert_eq!(pck(&report), (0, 1.0));
    report.update_with(&off(&sample, 9.0), None, Some([50, 50]), &sample);
    assert_eq!(pck(&report), (1, 0.5));
}

/// A position that is not a number counts as infinitely far away, for every metric.
#[test]
fn what_is_no_number_is_a_miss_and_does_not_spoil_the_file() {
    let mut report = fld_report();
    let last = sample("c.jpg", 0, fld(&[(0, Visibility::Visible)]));
    report.update(&off(&last, f32::NAN), &last);
    let found = report.summary_with(&QUICK);
    assert_eq!((found.not_finite, found.ne), (1, Some(f64::INFINITY)));
    let headline = |name| *found.headlines.get(name).unwrap();
    for infinite in ["NE", "EPE"] {
        let Estimate { value, interval } = headline(infinite);
        assert_eq!((value, interval), (Some(f64::INFINITY), None), "{infinite}");
    }
    // Left collar 2/4 instead of 2/3, and 1 − d/0.2 of five.
    close(headline("PCK@0.05").value, (0.5 + 2.0) / 3.0);
    close(headline("PDL area").value, (0.9 + 0.8 + 0.8) / 5.0);
    assert!(headline("PCK@0.05").interval.is_some());
    close(headline("failure rate@0.2").value, 2.0 / 4.0);
    assert!(found.to_string().contains("predicted positions that are not finite: 1"));
    // Infinity is saved as null.
    let read: LandmarkSummary =
        serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap();
    assert_eq!((read.ne, read.not_finite), (None, 1));
    assert_eq!(read.headlines.get("AUC"), found.headlines.get("AUC"));
}

#[test]
#[should_panic(expected = "8 landmarks have scores, not 3")]
fn wrong_numbers_of_scores_panic_naming_them() {
    let sample = sample("a.jpg", 0, fld(&[]));
    let scores = Some(&[0.5; 3][..]);
    LandmarkReport::new(&LandmarkSchema::fld()).update_with(&[[0.0; 2]; 8], scores, None, &sample);
}

#[test]
fn summaries_are_saved_in_order() {
    let found = fld_report().summary_with(&QUICK);
    let text = serde_json::to_string(&found).unwrap();
    assert!(text.contains(r#""counts":{"left collar":3,"right collar":0,"left sleeve":0,"#));
    let read: LandmarkSummary = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
}

/// Three garments of two categories with some occluded landmarks, in two images, one after another.
fn deepfashion2_samples(schema: &LandmarkSchema) -> Vec<(LandmarkSample, f32, f32)> {
    [("a", 7, 1.0, 0.9), ("b", 7, 2.0, 0.8), ("a", 7, 9.0, 0.7), ("b", 0, 0.5, 0.6)]
        .into_iter()
        .map(|(image, category, by, score)| {
            let mut landmarks = vec![Landmark::ABSENT; schema.len()];
            for (i, &slot) in schema.categories()[category].landmarks.iter().enumerate() {
                let kinds = [Visibility::Visible, Visibility::Occluded, Visibility::Truncated];
                let (x, y) = (4.0 * i as f32 + 30.0 * by, 7.0 * i as f32);
                landmarks[slot] = Landmark::new(x, y, kinds[i % 3]);
            }
            (sample(image, category, landmarks), by, score)
        })
        .collect()
}

#[test]
fn average_precision_is_the_evaluators_whatever_the_order_of_samples() {
    let schema = LandmarkSchema::deepfashion2_all();
    let samples = deepfashion2_samples(&schema);
    let mut labeled = LandmarkReport::new(&schema);
    let mut detected = LandmarkReport::new(&schema);
    for (sample, by, score) in &samples {
        let scores = vec![*score; schema.len()];
        labeled.update_with(&off(sample, *by), Some(&scores), None, sample);
    }
    // The same, with boxes and scores from a detector and separate ground truth.
    for (sample, by, score) in &samples {
        let found = LandmarkSample { score: Some(*score), ..sample.clone() };
        detected.update(&off(sample, *by), &found);
    }
    samples.iter().for_each(|(sample, ..)| detected.add_truth(sample));

    let (labeled, detected) = (labeled.summary_with(&QUICK), detected.summary_with(&QUICK));
    assert_eq!(labeled.oks_visible, detected.oks_visible);
    for (rule, found) in [
        (VisibilityRule::Visible, labeled.oks_visible),
        (VisibilityRule::VisibleAndOccluded, labeled.oks_visible_and_occluded),
    ] {
        let sigmas = schema.sigmas().unwrap().to_vec();
        let mut evaluator = OksEvaluator::new(sigmas, 13, rule);
        for image in [[0, 2], [1, 3]].map(|of| of.map(|i| &samples[i])) {
            let positions = image.map(|(sample, by, _)| {
                let category = &schema.categories()[sample.category.unwrap()];
                let mut own = off(sample, *by);
                // As in result files.
                (0..own.len())
                    .filter(|i| !category.landmarks.contains(i))
                    .for_each(|i| own[i] = [0.0; 2]);
                own
            });
            let truths = image.map(|(sample, ..)| {
                OksTruth::new(sample.category.unwrap(), &sample.landmarks, sample.bounding_box)
            });
            let detections = [0, 1].map(|i| OksDetection {
                category: image[i].0.category.unwrap(),
                positions: &positions[i],
                score: f64::from(image[i].2),
            });
            evaluator.update(&truths, &detections);
        }
        let (found, wanted) = (found.unwrap(), evaluator.evaluate());
        let intervals = evaluator.intervals(&QUICK);
        for ((name, value), interval) in wanted.headlines().into_iter().zip(intervals) {
            let found = found.headlines.get(name).unwrap();
            assert_eq!((found.value, found.interval), (value, interval), "{name}");
        }
        for &range in AreaRange::ALL {
            assert_eq!(found.by_area.get(range.name()), Some(&wanted.mean(range)));
        }
        // Something is found, but not everything.
        let ap = found.headlines.get("AP").unwrap().value.unwrap();
        assert!((0.1..0.95).contains(&ap), "{ap}");
        assert!(found.by_category.get("trousers").unwrap().is_some());
        assert!(found.by_category.get("skirt").unwrap().is_none());
    }
}

#[test]
fn tables_fit_a_terminal_and_leave_out_what_was_never_seen() {
    let schema = LandmarkSchema::deepfashion2_all();
    let mut report = LandmarkReport::new(&schema);
    for (sample, by, _) in deepfashion2_samples(&schema) {
        report.update(&off(&sample, by), &sample);
    }
    for (text, seen, unseen) in [
        (
            fld_report().summary_with(&QUICK).to_string(),
            ["right hem", "upper", "occluded"],
            "left hem",
        ),
        (
            format!("{:#}", report.summary_with(&QUICK)),
            ["trousers 1 ", "AP v+o", "short-sleeve-top 25"],
            "skirt",
        ),
    ] {
        assert!(text.lines().all(|line| line.chars().count() <= 160), "{text}");
        assert!(seen.iter().all(|part| text.contains(part)), "{text}");
        assert!(!text.contains(unseen), "{text}");
    }
    // By default, not all of hundreds of landmarks are listed; the JSON file has all of them.
    for category in 0..13 {
        let mut landmarks = vec![Landmark::ABSENT; schema.len()];
        for slot in schema.landmarks_of(Some(category)) {
            landmarks[slot] = Landmark::new(5.0, 5.0, Visibility::Visible);
        }
        let sample = sample("all", category, landmarks);
        report.update(&off(&sample, 1.0), &sample);
    }
    let (brief, whole) = (report.summary().to_string(), format!("{:#}", report.summary()));
    assert!(whole.starts_with(&brief) && !brief.contains("trousers 1 "), "{brief}");
    assert!(whole.contains("sling-dress 19"), "{whole}");
}

#[test]
fn tables_of_detected_boxes_have_no_errors() {
    let schema = LandmarkSchema::deepfashion2_all();
    let mut report = LandmarkReport::new(&schema);
    for (sample, by, _) in deepfashion2_samples(&schema) {
        report.add_truth(&sample);
        let unlabeled = |landmark: &Landmark| match landmark.visibility {
            Visibility::Absent => *landmark,
            _ => Landmark::new(0.0, 0.0, Visibility::Truncated),
        };
        let landmarks = sample.landmarks.iter().map(unlabeled).collect();
        let detected = LandmarkSample { landmarks, score: Some(0.9), ..sample.clone() };
        report.update(&off(&sample, by), &detected);
    }
    let text = report.summary().to_string();
    assert!(text.contains("AP75") && text.contains("AP v+o"), "{text}");
    for error in ["NE", "PCK", "EPE", "visibility", "in the box"] {
        assert!(!text.contains(error), "{error} is in {text}");
    }
}

#[test]
fn an_empty_report_is_defined() {
    for schema in [LandmarkSchema::fld(), LandmarkSchema::deepfashion2_all()] {
        let nothing = LandmarkReport::new(&schema);
        let mut absent = LandmarkReport::new(&schema);
        let sample = sample("a", 0, vec![Landmark::ABSENT; schema.len()]);
        absent.update(&off(&sample, 1.0), &sample);
        // A category that is not in the schema.
        absent.update(&off(&sample, 1.0), &LandmarkSample { category: Some(99), ..sample.clone() });
        for report in [nothing, absent] {
            let found = report.summary_with(&QUICK);
            assert_eq!((report.ne(), found.ne, &found.pdl), (None, None, &None));
            for (name, estimate) in found.headlines.iter() {
                assert_eq!((estimate.value, estimate.interval), (None, None), "{name}");
            }
            for oks in [&found.oks_visible, &found.oks_visible_and_occluded].into_iter().flatten() {
                assert!(oks.headlines.iter().all(|(_, estimate)| estimate.value.is_none()));
                assert!(oks.by_area.iter().all(|(_, found)| found.is_none()));
            }
            let shown = if schema.sigmas().is_some() { "AP" } else { "NE" };
            assert!(found.to_string().contains(shown));
        }
    }
}

/// COCO's average precision of one landmark with σ = 0.1.
fn precision(truths: &[LandmarkSample], found: &[LandmarkSample]) -> Option<f64> {
    let schema = LandmarkSchema::new(vec!["tip".into()], vec![0], vec![])
        .and_then(|schema| schema.with_sigmas(vec![0.1]))
        .unwrap();
    let mut report = LandmarkReport::new(&schema);
    truths.iter().for_each(|sample| report.add_truth(sample));
    for sample in found {
        let Landmark { x, y, .. } = sample.landmarks[0];
        report.update(&[[x, y]], sample);
    }
    report.summary_with(&QUICK).oks_visible.unwrap().headlines.get("AP").unwrap().value
}

fn tip(x: f32) -> LandmarkSample {
    sample("a.jpg", 0, vec![Landmark::new(x, 0.0, Visibility::Visible)])
}

fn tip_found(x: f32, score: f32) -> LandmarkSample {
    LandmarkSample { score: Some(score), ..tip(x) }
}

#[test]
fn similarity_is_relative_to_the_labeled_area() {
    // 10 pixels off: exp(-100 / (2 · area · 0.2²)). The box's area of 5000 gives 0.78, which is
    // above 6 of the 10 thresholds; half of that gives 0.61, which is above 3.
    let found = [tip_found(10.0, 0.5)];
    approx::assert_abs_diff_eq!(precision(&[tip(0.0)], &found).unwrap(), 0.6, epsilon = 1e-12);
    let outlined = LandmarkSample { area: Some(2500.0), ..tip(0.0) };
    approx::assert_abs_diff_eq!(precision(&[outlined], &found).unwrap(), 0.3, epsilon = 1e-12);
}

#[test]
fn crowds_are_ignored_with_all_that_is_found_in_them() {
    let crowd = |crowd| [tip(0.0), LandmarkSample { crowd, ..tip(900.0) }];
    let found = [tip_found(900.0, 0.9), tip_found(900.0, 0.8), tip_found(0.0, 0.7)];
    let close = |found: Option<f64>, wanted| {
        approx::assert_abs_diff_eq!(found.unwrap(), wanted, epsilon = 1e-12);
    };
    close(precision(&crowd(true), &found), 1.0);
    // With a single object, the second detection is wrong: precision is 1 up to half of the recall,
    // then 2/3. COCO uses 101 recalls, 51 of them up to a half.
    let wanted = (51.0 + 50.0 * 2.0 / 3.0) / 101.0;
    close(precision(&crowd(false), &found), wanted);
}
