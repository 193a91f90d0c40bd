//! Values and gradients compared with PyTorch's, from tools/reference/losses.py.
use burn::tensor::DType;
use dafe::loss::LandmarkLoss;
use serde::Deserialize;

use super::support::{HostTarget, evaluate};
use crate::common::devices::devices;

/// PyTorch's results.
#[derive(Deserialize)]
struct Reference {
    shape: [usize; 4],
    cells: Vec<f64>,
    located: Vec<f64>,
    weights: Vec<f64>,
    target: Vec<f64>,
    values: Vec<f64>,
    logits: Vec<f64>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    loss: LandmarkLoss,
    input: String,
    per_sample: Vec<f64>,
    gradient: Vec<f64>,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../../fixtures/losses.json")).unwrap()
}

#[test]
fn values_and_gradients_are_pytorchs() {
    let reference = reference();
    let target = HostTarget {
        shape: reference.shape,
        heatmaps: reference.target.clone(),
        weights: reference.weights.clone(),
        cells: reference.cells.clone(),
        located: reference.located.clone(),
    };
    for Case { loss, input, per_sample, gradient } in &reference.cases {
        let maps = if input == "values" { &reference.values } else { &reference.logits };
        for device in &devices() {
            let (losses, gradients) = evaluate(&(*loss).into(), maps, &target, device, DType::F32);
            for (what, found, wanted) in
                [("loss", &losses, per_sample), ("gradient", &gradients, gradient)]
            {
                assert_eq!(found.len(), wanted.len());
                let largest = wanted.iter().fold(0.0f64, |most, value| most.max(value.abs()));
                for (found, wanted) in found.iter().zip(wanted) {
                    // A few dozen roundings of f32, 1.2e-7 each: sums of 30 cells, logarithms of
                    // small numbers, powers.
                    let off = (found - wanted).abs();
                    assert!(off <= 5e-6 * largest, "{loss:?}: {what} {found} for {wanted}");
                }
            }
        }
    }
    let names = |losses: Vec<LandmarkLoss>| {
        let mut names: Vec<_> = losses.iter().map(LandmarkLoss::name).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let covered = names(reference.cases.iter().map(|case| case.loss).collect());
    assert_eq!(covered, names(LandmarkLoss::ALL.to_vec()));
}
