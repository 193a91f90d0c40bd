//! Benchmarks of encoding and decoding heatmaps, in batches of 64 with 80×80 cells: `cargo bench`.
use burn::tensor::Distribution;
use dafe::prelude::*;
use divan::{Bencher, counter::ItemsCount};

fn main() {
    divan::main();
}

const BATCH: usize = 64;
/// The numbers of landmarks of FLD and DeepFashion2.
const LANDMARKS: [usize; 2] = [8, 294];

fn codec() -> HeatmapCodec {
    HeatmapCodec::new([320, 320], LandmarkNetConfig::STRIDE, 2.0)
}

/// Positions all over the image, and weights.
fn labels(landmarks: usize) -> (Tensor<3>, Tensor<2>) {
    let device = Device::flex();
    let places = Distribution::Uniform(0.0, 320.0);
    let positions = Tensor::random([BATCH, landmarks, 2], places, &device);
    (positions, Tensor::ones([BATCH, landmarks], &device))
}

#[divan::bench(args = LANDMARKS, sample_count = 20, sample_size = 1)]
fn encode(bencher: Bencher, landmarks: usize) {
    let (positions, weights) = labels(landmarks);
    bencher
        .counter(ItemsCount::new(BATCH * landmarks))
        .bench_local(|| divan::black_box(codec().encode(positions.clone(), weights.clone())));
}

fn decoding(bencher: Bencher, landmarks: usize, refinement: Refinement) {
    let (positions, weights) = labels(landmarks);
    let heatmaps = codec().encode(positions, weights);
    bencher
        .counter(ItemsCount::new(BATCH * landmarks))
        .bench_local(|| divan::black_box(codec().decode(heatmaps.clone(), refinement)));
}

#[divan::bench(args = LANDMARKS, sample_count = 20, sample_size = 1)]
fn decode(bencher: Bencher, landmarks: usize) {
    decoding(bencher, landmarks, Refinement::None);
}

#[divan::bench(args = LANDMARKS, sample_count = 20, sample_size = 1)]
fn decode_quarter_offset(bencher: Bencher, landmarks: usize) {
    decoding(bencher, landmarks, Refinement::QuarterOffset);
}

#[divan::bench(args = LANDMARKS, sample_count = 20, sample_size = 1)]
fn decode_dark(bencher: Bencher, landmarks: usize) {
    decoding(bencher, landmarks, Refinement::Dark { kernel: 11 });
}

#[divan::bench(args = LANDMARKS, sample_count = 20, sample_size = 1)]
fn decode_dark_udp(bencher: Bencher, landmarks: usize) {
    decoding(bencher, landmarks, Refinement::DarkUdp { kernel: 11 });
}

#[divan::bench(args = LANDMARKS, sample_count = 20, sample_size = 1)]
fn decode_soft_argmax(bencher: Bencher, landmarks: usize) {
    let refinement = Refinement::SoftArgmax { temperature: 0.1, window: Some(11) };
    decoding(bencher, landmarks, refinement);
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn decode_soft_argmax_of_whole_maps(bencher: Bencher) {
    decoding(bencher, 8, Refinement::SoftArgmax { temperature: 0.1, window: None });
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn peaks(bencher: Bencher) {
    let (positions, weights) = labels(8);
    let heatmaps = codec().encode(positions, weights);
    bencher
        .counter(ItemsCount::new(BATCH * 8))
        .bench_local(|| divan::black_box(codec().peaks(heatmaps.clone(), 5, Refinement::None)));
}
