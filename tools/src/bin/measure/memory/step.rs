//! Training steps on random images.
use burn::{module::Module, tensor::Distribution};
use clap::Args;
use dafe::{
    data::LandmarkBatch,
    device::parse_device,
    prelude::*,
    train::{Optimizer, Recompute, loss_and_gradients},
};
use dafe_cli::support::Outcome;

use super::super::{Repeats, Report};

/// The number of landmarks, as in FLD.
const LANDMARKS: usize = 8;

#[derive(Args)]
pub struct Step {
    /// Images per step
    #[arg(long, default_value_t = 4)]
    batch: usize,
    /// Side of the square input, in pixels [default: the network's]
    #[arg(long)]
    side: Option<usize>,
    /// The network: nano, small, paper
    #[arg(long, default_value = "paper")]
    preset: Preset,
    /// What to recompute instead of keeping: none, stages
    #[arg(long, default_value = "none")]
    recompute: Recompute,
    #[arg(long, default_value = "flex")]
    device: String,
    #[command(flatten)]
    repeats: Repeats,
}

impl Step {
    pub fn run(&self) -> Outcome<Report> {
        let device = parse_device(&self.device)?.autodiff();
        device.seed(0);
        let side = self.side.unwrap_or(self.preset.input_size()[0]);
        let codec = HeatmapCodec::new([side, side], LandmarkNetConfig::STRIDE, 2.0);
        codec.validate()?;
        let places = Distribution::Uniform(0.0, side as f64);
        let sizes = [self.batch, LANDMARKS];
        let batch = LandmarkBatch {
            images: Tensor::random(
                [self.batch, 3, side, side],
                Distribution::Normal(0.0, 1.0),
                &device,
            ),
            positions: Tensor::random([self.batch, LANDMARKS, 2], places, &device),
            weights: Tensor::ones(sizes, &device),
            empty: Tensor::zeros(sizes, &device),
        }
        .encode(&codec);
        let loss = LossConfig::default();
        let mut optimizer = Optimizer::Adam.init();
        let net = self.preset.config(LANDMARKS).init(&device);
        // Parameters are initialized lazily: doing it here keeps their order independent of
        // recomputation.
        let mut net = Some(net.clone().load_record(net.into_record()));
        let mut losses = Vec::new();
        let times = self.repeats.time(|| {
            let trained = net.take().expect("every step puts it back");
            let (value, gradients) =
                loss_and_gradients(&trained, batch.clone(), &loss, 1.0, self.recompute);
            losses.push(f64::from(value.into_scalar::<f32>()));
            net = Some(optimizer.step(1e-5, trained, gradients));
            Ok(device.sync()?)
        })?;
        Ok(Report::new(times).with("losses", losses))
    }
}
