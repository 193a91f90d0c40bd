//! All losses, on the random problems of tests/losses.
use burn::tensor::{DType, TensorData};
use dafe::testing::{Tolerance, assert_backends_agree};
use proptest::prelude::*;

use super::devices::{config, devices};
use crate::losses::{problem::problem, support::all};

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn losses((target, maps, _) in problem()) {
        let maps = TensorData::new(maps, target.shape);
        for loss in all() {
            assert_backends_agree(devices(), Tolerance::default(), |run| {
                let maps = run.input("maps", &maps);
                let target = target.to_device(run.device(), DType::F32);
                run.output(&loss.to_string(), loss.per_sample(maps, &target));
            });
        }
    }
}
