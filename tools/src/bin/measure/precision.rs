//! Compares a network in half precision with single precision: its output, and whether it
//! trains.
use burn::{
    module::{Module, ModuleMapper, Param},
    optim::{AdamConfig, ModuleOptimizer},
    tensor::{Distribution, FloatDType},
};
use clap::{Args, ValueEnum};
use dafe::{
    data::{LandmarkBatch, TrainBatch},
    device::parse_device,
    heatmap::HeatmapTarget,
    prelude::*,
    train::{Recompute, loss_and_gradients},
};
use dafe_cli::support::Outcome;

use super::{Repeats, Report};

const LANDMARKS: usize = 8;

#[derive(Clone, Copy, ValueEnum)]
enum Float {
    F32,
    F16,
    Bf16,
}

impl Float {
    fn dtype(self) -> FloatDType {
        match self {
            Self::F32 => FloatDType::F32,
            Self::F16 => FloatDType::F16,
            Self::Bf16 => FloatDType::BF16,
        }
    }
}

#[derive(Args)]
pub struct Precision {
    /// The type of all parameters, statistics and maps
    #[arg(long, value_enum, default_value = "f16")]
    float: Float,
    /// Images
    #[arg(long, default_value_t = 4)]
    batch: usize,
    /// The network: nano, small, paper
    #[arg(long, default_value = "nano")]
    preset: Preset,
    /// Training steps, with the loss in both precisions; none by default
    #[arg(long, default_value_t = 0)]
    steps: usize,
    /// Adam's epsilon: 1e-8 is 0 in half precision
    #[arg(long, default_value_t = 1e-8)]
    epsilon: f32,
    /// The factor of the loss before backpropagation, to which Adam is invariant
    #[arg(long, default_value_t = 1.0)]
    loss_scale: f64,
    #[arg(long, default_value = "flex")]
    device: String,
    #[command(flatten)]
    repeats: Repeats,
}

struct Cast(FloatDType);

impl ModuleMapper for Cast {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|tensor| tensor.cast(self.0))
    }
}

impl Precision {
    pub fn run(&self) -> Outcome<Report> {
        let device = parse_device(&self.device)?;
        device.seed(0);
        let [width, height] = self.preset.input_size();
        let normal = Distribution::Normal(0.0, 1.0);
        let images = Tensor::<4>::random([self.batch, 3, height, width], normal, &device);
        let net = self.preset.config(LANDMARKS).init(&device);
        // Parameters are initialized lazily: both networks must have the same.
        let single = net.clone().load_record(net.into_record());
        let half = single.valid().map(&mut Cast(self.float.dtype()));

        let expected = single.forward(images.clone());
        let images_in_half = images.clone().cast(self.float.dtype());
        let found = half.forward(images_in_half.clone()).cast(FloatDType::F32);
        let largest = expected.clone().abs().max().into_scalar::<f32>();
        let apart = (found - expected).abs().max().into_scalar::<f32>() / largest;
        let times = self.repeats.time(|| {
            half.forward(images_in_half.clone()).into_data();
            Ok(())
        })?;
        let report = Report::new(times).with("difference", apart);

        let places = Distribution::Uniform(0.0, width as f64);
        let positions = Tensor::random([self.batch, LANDMARKS, 2], places, &device);
        let one = self.train(single, images.clone(), positions.clone(), FloatDType::F32);
        let other = self.train(half, images, positions, self.float.dtype());
        Ok(report.with("losses_f32", one).with("losses", other))
    }

    /// The loss of each step.
    fn train(
        &self,
        net: LandmarkNet,
        images: Tensor<4>,
        positions: Tensor<3>,
        dtype: FloatDType,
    ) -> Vec<f64> {
        let [width, height] = self.preset.input_size();
        let codec = HeatmapCodec::new([width, height], LandmarkNetConfig::STRIDE, 2.0);
        let device = images.device();
        let sizes = [self.batch, LANDMARKS];
        let drawn = LandmarkBatch {
            images,
            positions,
            weights: Tensor::ones(sizes, &device),
            empty: Tensor::zeros(sizes, &device),
        }
        .encode(&codec);
        let cast = |maps: Tensor<4>| maps.cast(dtype).autodiff();
        let batch = TrainBatch {
            images: cast(drawn.images),
            target: HeatmapTarget::of_maps(
                cast(drawn.target.heatmaps),
                drawn.target.weights.cast(dtype).autodiff(),
            ),
            auxiliary: Vec::new(),
        };
        let mut net = net.train();
        let mut optimizer: ModuleOptimizer = AdamConfig::new().with_epsilon(self.epsilon).init();
        let (loss, scale) = (LossConfig::default(), self.loss_scale);
        let steps = 0..self.steps;
        let losses = steps.map(|_| {
            let (value, gradients) =
                loss_and_gradients(&net, batch.clone(), &loss, scale, Recompute::None);
            net = optimizer.step(1e-3, net.clone(), gradients);
            f64::from(value.cast(FloatDType::F32).into_scalar::<f32>()) / scale
        });
        losses.collect()
    }
}
