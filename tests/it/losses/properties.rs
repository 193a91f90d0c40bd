//! Gradients equal finite differences, and shards of a batch add up.
use burn::tensor::DType;
use dafe::{heatmap::HeatmapTarget, prelude::*};
use proptest::{prelude::*, test_runner::RngSeed};

use super::{
    problem::problem,
    support::{all, evaluate, mean, tensor, values},
};
use crate::common::devices::devices;

proptest! {
    // The same cases in each run: a kink may lie within a finite difference's step.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::with_cases(40)
    })]

    /// In f64, along a random direction; on Flex, because Burn's sigmoid on ndarray has single
    /// precision. A step of 1e-6 has a rounding error of 1e-16/1e-6 and a truncation error of its
    /// square times the third derivative, which for adaptive Wing at a peak is d^-1.9: below 1e-5
    /// except for distances under about 1e-5.
    #[test]
    fn gradients_are_finite_differences((target, maps, direction) in problem()) {
        const STEP: f64 = 1e-6;
        let device = Device::flex();
        for loss in all() {
            let (_, gradient) = evaluate(&loss, &maps, &target, &device, DType::F64);
            let slope: f64 = gradient.iter().zip(&direction).map(|(g, d)| g * d).sum();
            let at = |step: f64| {
                let moved: Vec<f64> = maps.iter().zip(&direction).map(|(m, d)| m + step * d).collect();
                mean(&evaluate(&loss, &moved, &target, &device, DType::F64).0)
            };
            let (after, before) = (at(STEP), at(-STEP));
            let difference = (after - before) / (2.0 * STEP);
            let scale = 1.0 + slope.abs() + mean(&[after, before]).abs();
            prop_assert!(
                (difference - slope).abs() <= 1e-5 * scale,
                "{loss}: gradient {slope}, difference {difference}"
            );
        }
    }

    /// The mean over a batch's samples does not depend on how the batch is split; f32 rounds sums
    /// of up to 250 cells.
    #[test]
    fn the_parts_of_a_batch_average_to_the_whole((target, maps, _) in problem()) {
        for device in devices() {
            let maps = tensor(&maps, target.shape, &device, DType::F32);
            let all_target = target.to_device(&device, DType::F32);
            for loss in all() {
                let whole = values(loss.per_sample(maps.clone(), &all_target));
                prop_assert_eq!(whole.len(), target.shape[0]);
                for (i, whole) in whole.iter().enumerate() {
                    let part = HeatmapTarget {
                        heatmaps: all_target.heatmaps.clone().narrow(0, i, 1),
                        weights: all_target.weights.clone().narrow(0, i, 1),
                        cells: all_target.cells.clone().narrow(0, i, 1),
                        located: all_target.located.clone().narrow(0, i, 1),
                    };
                    let part = values(loss.per_sample(maps.clone().narrow(0, i, 1), &part))[0];
                    let off = (part - whole).abs();
                    prop_assert!(off <= 1e-5 * (1.0 + whole.abs()), "{loss}: {part} for {whole}");
                }
                prop_assert!(whole.iter().all(|loss| *loss >= -1e-6), "{loss}: {whole:?}");
            }
        }
    }
}
