//! Where the tests run, and how often.
use std::sync::LazyLock;

use dafe::{device::parse_device, prelude::*, testing::test_devices};
use proptest::{prelude::*, test_runner::RngSeed};

/// All devices, Flex first.
pub fn devices() -> &'static [Device] {
    static DEVICES: LazyLock<Vec<Device>> = LazyLock::new(test_devices);
    &DEVICES
}

/// Many cases on CPUs; a few where a GPU, or software in its place, compiles kernels for every shape.
///
/// The same ones in each run: where rounding decides (ReLU at 0), gradients may differ by as much as they are.
pub fn config(cases: u32) -> ProptestConfig {
    // One that isn't compiled in is not among `devices()` either.
    let cpus = ["flex", "ndarray"].map(|name| parse_device(name).ok());
    let all_cpus = devices().iter().all(|device| cpus.contains(&Some(device.clone())));
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::with_cases(if all_cpus { cases } else { cases.div_ceil(16) })
    }
}
