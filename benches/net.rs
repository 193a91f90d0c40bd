//! Benchmarks of complete networks on one image: `cargo bench`.
use burn::tensor::Distribution;
use dafe::{
    backbone::{Backbone, ResNetConfig},
    prelude::*,
};
use divan::{Bencher, counter::ItemsCount};

fn main() {
    divan::main();
}

fn images(batch: usize, [width, height]: [usize; 2], device: &Device) -> Tensor<4> {
    Tensor::random([batch, 3, height, width], Distribution::Normal(0.0, 1.0), device)
}

fn forward(bencher: Bencher, preset: Preset, landmarks: usize, batch: usize, size: [usize; 2]) {
    let device = Device::flex();
    let net = preset.config(landmarks).init(&device);
    let images = images(batch, size, &device);
    // Parameters are initialized at first use.
    divan::black_box(net.forward(images.clone()).into_data());
    bencher
        .counter(ItemsCount::new(batch))
        .bench_local(|| divan::black_box(net.forward(images.clone()).into_data()));
}

/// Every preset on an image of its input size.
#[divan::bench(args = Preset::ALL, sample_count = 10, sample_size = 1)]
fn presets(bencher: Bencher, preset: Preset) {
    forward(bencher, preset, 8, 1, preset.input_size());
}

/// The paper's network by batch size.
#[divan::bench(args = [1, 4, 16], sample_count = 5, sample_size = 1)]
fn paper_by_batch(bencher: Bencher, batch: usize) {
    forward(bencher, Preset::Paper, 8, batch, [320, 320]);
}

/// The paper's network by the side of its square input.
#[divan::bench(args = [160, 320, 640], sample_count = 5, sample_size = 1)]
fn paper_by_side(bencher: Bencher, side: usize) {
    forward(bencher, Preset::Paper, 8, 1, [side, side]);
}

/// The paper's network by number of landmarks: FLD's and DeepFashion2's.
#[divan::bench(args = [8, 294], sample_count = 5, sample_size = 1)]
fn paper_by_landmarks(bencher: Bencher, landmarks: usize) {
    forward(bencher, Preset::Paper, landmarks, 1, [320, 320]);
}

/// ResNet-50 alone.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn resnet50(bencher: Bencher) {
    let device = Device::flex();
    let backbone = ResNetConfig::resnet50().init(&device);
    let images = images(1, [320, 320], &device);
    let coarsest = || divan::black_box(backbone.forward(images.clone()).c5.into_data());
    coarsest();
    bencher.bench_local(coarsest);
}

/// On ndarray, whose own convolutions are plain loops, convolutions are GEMMs.
#[cfg(feature = "ndarray")]
mod ndarray {
    use burn::nn::conv::ConvTranspose2dConfig;

    use super::*;

    fn device() -> Device {
        #[allow(deprecated, reason = "deprecated upstream and still offered here")]
        Device::ndarray()
    }

    /// The paper's network.
    #[divan::bench(sample_count = 5, sample_size = 1)]
    fn paper(bencher: Bencher) {
        let device = device();
        let net = Preset::Paper.config(8).init(&device);
        let images = images(1, [320, 320], &device);
        let forward = || divan::black_box(net.forward(images.clone()).into_data());
        forward();
        bencher.bench_local(forward);
    }

    /// Only the three transposed convolutions of the paper's network, as Burn computes them.
    #[divan::bench(sample_count = 3, sample_size = 1)]
    fn burns_transposed_convolutions(bencher: Bencher) {
        let device = device();
        let stages = [(2048, 10), (256, 20), (256, 40)].map(|(channels, side)| {
            let conv = ConvTranspose2dConfig::new([channels, 256], [4, 4])
                .with_stride([2, 2])
                .with_padding([1, 1])
                .init(&device);
            let shape = [1, channels, side, side];
            (conv, Tensor::<4>::random(shape, Distribution::Normal(0.0, 1.0), &device))
        });
        bencher.bench_local(|| {
            for (conv, map) in &stages {
                divan::black_box(conv.forward(map.clone()).into_data());
            }
        });
    }
}
