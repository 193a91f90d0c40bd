//! The devices that the tests run on, and the number of cases.
use std::sync::LazyLock;

use dafe::{device::parse_device, prelude::*, testing::test_devices};
use proptest::{prelude::*, test_runner::RngSeed};

/// All devices, Flex first.
pub fn devices() -> &'static [Device] {
    static DEVICES: LazyLock<Vec<Device>> = LazyLock::new(test_devices);
    &DEVICES
}

/// Many cases on CPUs; few on GPUs, hardware or software, which compile kernels for every shape.
///
/// The cases are the same in each run: where rounding decides (ReLU at 0), gradients may differ by
/// their full size.
pub fn config(cases: u32) -> ProptestConfig {
    // A backend that is not enabled is not among `devices()` either.
    let cpus = ["flex", "ndarray"].map(|name| parse_device(name).ok());
    let all_cpus = devices().iter().all(|device| cpus.contains(&Some(device.clone())));
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::with_cases(if all_cpus { cases } else { cases.div_ceil(16) })
    }
}
