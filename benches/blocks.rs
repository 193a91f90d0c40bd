//! Benchmarks of the paper's blocks, at their sizes in the paper's network: `cargo bench`.
use burn::tensor::Distribution;
use dafe::{
    blocks::{ChannelAttentiveSelectionConfig, DafeModuleConfig, SpatialAttentiveUpsamplingConfig},
    prelude::*,
};
use divan::Bencher;

fn main() {
    divan::main();
}

/// High-level and low-level maps of the decoder's stages, coarse to fine: channels and cells per
/// side.
const STAGES: [Stage; 3] = [
    Stage { high: (2048, 10), low: (1024, 20) },
    Stage { high: (256, 20), low: (512, 40) },
    Stage { high: (256, 40), low: (256, 80) },
];
const WIDTH: usize = 256;

#[derive(Clone, Copy, Debug)]
struct Stage {
    high: (usize, usize),
    low: (usize, usize),
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.high.1, self.low.1)
    }
}

fn map((channels, side): (usize, usize), device: &Device) -> Tensor<4> {
    Tensor::random([1, channels, side, side], Distribution::Normal(0.0, 1.0), device)
}

/// Waits for the result, as a user would.
fn read(tensor: Tensor<4>) {
    divan::black_box(tensor.into_data());
}

/// Benchmarks a block that upsamples a stage's high-level maps to its low-level ones.
fn upsampling(bencher: Bencher, stage: Stage, block: impl Fn(Tensor<4>, Tensor<4>) -> Tensor<4>) {
    let device = Device::flex();
    let (high, low) = (map(stage.high, &device), map(stage.low, &device));
    let forward = || read(block(high.clone(), low.clone()));
    // Parameters are initialized at first use.
    forward();
    bencher.bench_local(forward);
}

/// Equations 1 to 5.
#[divan::bench(args = STAGES, sample_count = 20, sample_size = 1)]
fn dafe_module(bencher: Bencher, stage: Stage) {
    let config = DafeModuleConfig::new(stage.high.0, stage.low.0).with_out_channels(Some(WIDTH));
    let block = config.init(&Device::flex());
    upsampling(bencher, stage, |high, low| block.forward(high, low));
}

/// Equations 1 and 2.
#[divan::bench(args = STAGES, sample_count = 20, sample_size = 1)]
fn spatial_attentive_upsampling(bencher: Bencher, stage: Stage) {
    let config = SpatialAttentiveUpsamplingConfig::new(stage.high.0, stage.low.0)
        .with_out_channels(Some(WIDTH));
    let block = config.init(&Device::flex());
    upsampling(bencher, stage, |high, low| block.forward(high, low));
}

/// Equations 3 to 5.
#[divan::bench(args = [20, 40, 80], sample_count = 50, sample_size = 1)]
fn channel_attentive_selection(bencher: Bencher, side: usize) {
    let device = Device::flex();
    let block = ChannelAttentiveSelectionConfig::new(WIDTH).init(&device);
    let x = map((WIDTH, side), &device);
    let forward = || read(block.forward(x.clone()));
    forward();
    bencher.bench_local(forward);
}
