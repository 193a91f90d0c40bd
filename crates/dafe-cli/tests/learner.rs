//! Burn's own learner trains the network: `burn/train`, which the library does without, is there
//! with the dashboard.
#![cfg(feature = "tui")]
use burn::{
    data::{
        dataloader::{DataLoaderBuilder, batcher::Batcher},
        dataset::InMemDataset,
    },
    module::Module,
    optim::{AdamConfig, ModuleOptimizer},
    tensor::ExecutionError,
    train::{
        InferenceStep, ItemLazy, Learner, SupervisedTraining, TrainOutput, TrainStep,
        metric::{Adaptor, LossInput, LossMetric},
        renderer::CliMetricsRenderer,
    },
};
use dafe::{
    backbone::{ResNetConfig, ResidualKind},
    data::{LandmarkBatch, TrainBatch},
    prelude::*,
    train::per_sample_losses,
};

/// The network with Burn's traits, by the default loss.
#[derive(Module, Debug)]
struct Learning {
    net: LandmarkNet,
}

/// `[B]`: each sample's loss.
struct Losses(Tensor<1>);

impl TrainStep for Learning {
    type Input = TrainBatch;
    type Output = Losses;

    fn step(&self, batch: TrainBatch) -> TrainOutput<Losses> {
        let output = InferenceStep::step(self, batch);
        let gradients = output.0.clone().mean().backward();
        TrainOutput::new(self, gradients, output)
    }
}

impl InferenceStep for Learning {
    type Input = TrainBatch;
    type Output = Losses;

    fn step(&self, batch: TrainBatch) -> Losses {
        Losses(per_sample_losses(&self.net, batch, &LossConfig::default()))
    }
}

impl ItemLazy for Losses {
    fn sync(self) -> Result<Self, ExecutionError> {
        self.0.device().flush()?;
        // Off the tape, so that metrics don't keep it alive.
        Ok(Self(self.0.without_autodiff()))
    }
}

impl Adaptor<LossInput> for Losses {
    fn adapt(&self) -> LossInput {
        LossInput::new(self.0.clone())
    }
}

/// Makes Burn's loader hand out batches that are ready.
#[derive(Clone)]
struct Ready;

impl Batcher<TrainBatch, TrainBatch> for Ready {
    fn batch(&self, items: Vec<TrainBatch>, _device: &Device) -> TrainBatch {
        items.into_iter().next().expect("one batch at a time")
    }
}

const SIDE: usize = 64;

/// Four images with one bright square each, whose middle is the landmark.
fn batch(first: usize, codec: &HeatmapCodec, device: &Device) -> TrainBatch {
    let places: Vec<[usize; 2]> =
        (first..first + 4).map(|i| [8 + i * 17 % 48, 8 + i * 29 % 48]).collect();
    let images = places.iter().map(|&[x, y]| {
        let square = Tensor::<3>::ones([3, 9, 9], device);
        Tensor::zeros([3, SIDE, SIDE], device)
            .slice_assign([0..3, y - 4..y + 5, x - 4..x + 5], square)
    });
    let positions: Vec<f32> = places.iter().flatten().map(|&place| place as f32).collect();
    let batch = LandmarkBatch {
        images: Tensor::stack(images.collect(), 0),
        positions: Tensor::<1>::from_floats(positions.as_slice(), device).reshape([4, 1, 2]),
        weights: Tensor::ones([4, 1], device),
        empty: Tensor::zeros([4, 1], device),
    };
    batch.encode(codec)
}

fn devices() -> Vec<Device> {
    vec![
        Device::flex(),
        #[cfg(feature = "ndarray")]
        #[allow(deprecated, reason = "deprecated upstream and still offered here")]
        Device::ndarray(),
    ]
}

#[test]
fn burns_own_learner_can_train_the_net() {
    for device in devices() {
        train(&device);
    }
}

fn train(device: &Device) {
    let folder = tempfile::tempdir().unwrap();
    let codec = HeatmapCodec::new([SIDE, SIDE], 4, 1.5);
    let loader = |device: &Device| {
        let batches = [0, 4].map(|first| batch(first, &codec, device)).to_vec();
        DataLoaderBuilder::new(Ready).batch_size(1).build(InMemDataset::new(batches))
    };
    device.seed(0);
    let backbone = ResNetConfig::new(ResidualKind::Basic, [1; 4]).with_width(8).with_stem_kernel(3);
    let net = LandmarkNetConfig::new(1)
        .with_backbone(backbone)
        .with_decoder_channels([16; 3])
        .with_norm(true)
        .init(&device.clone().autodiff());
    let before = net.clone().valid();
    let optimizer: ModuleOptimizer = AdamConfig::new().init();
    let trained =
        SupervisedTraining::new(folder.path(), loader(&device.clone().autodiff()), loader(device))
            .metrics((LossMetric::new(),))
            .with_application_logger(None)
            .renderer(Box::new(CliMetricsRenderer::new()))
            .num_epochs(16)
            .launch(Learner::new(Learning { net }, optimizer, 3e-3))
            .model;
    let loss = |net: LandmarkNet| {
        let losses = InferenceStep::step(&Learning { net }, batch(0, &codec, device));
        losses.0.mean().into_scalar::<f32>()
    };
    let (before, after) = (loss(before), loss(trained.net));
    assert!(after < 0.8 * before, "loss {before} before, {after} after");
}
