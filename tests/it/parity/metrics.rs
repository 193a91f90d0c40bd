//! Normalized error compared with plain numpy.
use dafe::{
    landmark::{Landmark, Visibility},
    metric::RunningNe,
    prelude::*,
};
use serde::Deserialize;

use super::support::json;

#[derive(Deserialize)]
struct Metrics {
    predicted: Vec<Vec<[f32; 2]>>,
    labeled: Vec<Vec<[f32; 2]>>,
    boxes: Vec<[f32; 4]>,
    visible: Vec<Vec<bool>>,
    overall: f64,
    per_landmark: Vec<Option<f64>>,
}

#[test]
fn normalized_error_is_numpys() {
    let metrics: Metrics = json("metrics.json");
    let mut error = RunningNe::new(8);
    for (i, [x1, y1, x2, y2]) in metrics.boxes.iter().enumerate() {
        let truth: Vec<Landmark> = metrics.labeled[i]
            .iter()
            .zip(&metrics.visible[i])
            .map(|(&[x, y], &visible)| {
                // Neither of the other visibilities counts.
                let hidden = if i % 2 == 0 { Visibility::Occluded } else { Visibility::Truncated };
                Landmark::new(x, y, if visible { Visibility::Visible } else { hidden })
            })
            .collect();
        let bounds = BoundingBox::new(*x1, *y1, *x2, *y2).unwrap();
        error.update(&metrics.predicted[i], &truth, &bounds);
    }
    // Boxes and positions are f32 here and f64 in numpy.
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-6 * b;
    assert!(close(error.average().unwrap(), metrics.overall));
    for (found, wanted) in error.per_landmark().into_iter().zip(metrics.per_landmark) {
        match (found, wanted) {
            (Some(found), Some(wanted)) => assert!(close(found, wanted), "{found} and {wanted}"),
            (found, wanted) => assert_eq!(found, wanted),
        }
    }
}
