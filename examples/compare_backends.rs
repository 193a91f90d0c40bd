//! Checks that a DAFE module computes the same on several devices: values, gradients, running
//! statistics.
//!
//!     cargo run --release --features ndarray --example compare_backends -- flex ndarray
//!     cargo run --release --features vulkan --example compare_backends -- flex vulkan:0
//!
//! In tests, `dafe::testing::assert_backends_agree` does the same and panics.
use std::{env, process::ExitCode};

use dafe::{
    blocks::DafeModuleConfig,
    device::parse_device,
    prelude::*,
    testing::{Tolerance, compare_backends, random_values, randomized},
};

const USAGE: &str = "usage: compare_backends DEVICE DEVICE…; all are compared with the first";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let names: Vec<String> = env::args().skip(1).collect();
    if names.len() < 2 || names.iter().any(|name| name.starts_with('-')) {
        return Err(USAGE.into());
    }
    let devices: Vec<Device> =
        names.iter().map(|name| parse_device(name)).collect::<Result<_, _>>()?;

    // The block, created once: every device gets a copy with the same parameters. `randomized` also
    // randomizes values that start as 0 or 1, such as biases, since they would hide mistakes.
    let config = DafeModuleConfig::new(32, 16).with_norm(true);
    let block = randomized(config.init(&devices[0]), 1);
    // Odd sizes: the fine map is 13 × 9, not just twice the coarse one.
    let high = random_values([2, 32, 7, 5], 2);
    let low = random_values([2, 16, 13, 9], 3);

    // Run on each device, with autodiff. The listed outputs are compared, and so are the gradients
    // of all inputs and parameters, and the running statistics of batch normalization.
    let agreed = compare_backends(&devices, Tolerance::default(), |run| {
        let block = run.module("block", &block);
        let (high, low) = (run.input("high", &high), run.input("low", &low));
        run.output("merged", block.forward(high, low));
    });
    if let Err(disagreement) = agreed {
        // Names the device, the tensor and the difference.
        return Err(disagreement.to_string().into());
    }
    println!("{} agree", names.join(", "));
    Ok(())
}
