//! Benchmarks of training: loss and gradients, and the whole step with Adam: `cargo bench`.
use burn::{module::Module, optim::GradientsParams, tensor::Distribution};
use dafe::{
    data::{LandmarkBatch, TrainBatch},
    prelude::*,
    train::{self, Optimizer, Recompute},
};
use divan::{Bencher, counter::ItemsCount};

fn main() {
    divan::main();
}

/// Presets and batch sizes; for the paper's network, that of `BENCHMARKS.md`.
const CASES: [(Preset, usize); 2] = [(Preset::Nano, 8), (Preset::Paper, 4)];

struct Case {
    net: LandmarkNet,
    batch: TrainBatch,
}

impl Case {
    fn new((preset, count): (Preset, usize)) -> Self {
        let device = Device::flex().autodiff();
        let [width, height] = preset.input_size();
        let codec = TrainConfig::preset(preset, 8).codec;
        let normal = Distribution::Normal(0.0, 1.0);
        let places = Distribution::Uniform(0.0, width as f64);
        let images = Tensor::random([count, 3, height, width], normal, &device);
        let positions = Tensor::random([count, 8, 2], places, &device);
        let (weights, empty) =
            (Tensor::ones([count, 8], &device), Tensor::zeros([count, 8], &device));
        let batch = LandmarkBatch { images, positions, weights, empty }.encode(&codec);
        Self { net: preset.config(8).init(&device).train(), batch }
    }

    /// The gradients of the default loss, which is read as a user would.
    fn gradients(&self, net: &LandmarkNet) -> GradientsParams {
        let (loss, gradients) = train::loss_and_gradients(
            net,
            self.batch.clone(),
            &LossConfig::default(),
            1.0,
            Recompute::None,
        );
        divan::black_box(loss.into_data());
        gradients
    }
}

/// Forward and backward.
#[divan::bench(args = CASES, sample_count = 5, sample_size = 1)]
fn loss_and_gradients(bencher: Bencher, case: (Preset, usize)) {
    let (case, count) = (Case::new(case), case.1);
    let step = || divan::black_box(case.gradients(&case.net));
    step();
    bencher.counter(ItemsCount::new(count)).bench_local(step);
}

/// Forward, backward and Adam.
#[divan::bench(args = CASES, sample_count = 5, sample_size = 1)]
fn whole_step(bencher: Bencher, case: (Preset, usize)) {
    let (case, count) = (Case::new(case), case.1);
    let mut optimizer = Optimizer::Adam.init();
    let mut net = Some(case.net.clone());
    let mut step = || {
        let trained = net.take().expect("every step puts it back");
        let gradients = case.gradients(&trained);
        net = Some(optimizer.step(1e-5, trained, gradients));
    };
    step();
    bencher.counter(ItemsCount::new(count)).bench_local(step);
}
