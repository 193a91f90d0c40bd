//! Burn's own learner trains the network and evaluates it with this crate's metrics.
use burn::{
    data::{
        dataloader::{DataLoaderBuilder, Progress, batcher::Batcher},
        dataset::InMemDataset,
    },
    module::Module,
    optim::{AdamConfig, ModuleOptimizer},
    tensor::ExecutionError,
    train::{
        InferenceStep, ItemLazy, Learner, SupervisedTraining, TrainOutput, TrainStep,
        metric::{Adaptor, LossInput, LossMetric, Metric, MetricMetadata, Numeric, NumericEntry},
        renderer::CliMetricsRenderer,
    },
};
use dafe::{
    backbone::{ResNetConfig, ResidualKind},
    data::{LandmarkBatch, TrainBatch},
    heatmap::ImageLandmarks,
    landmark::{Landmark, LandmarkSample, Visibility},
    metric::{
        ApMetric, AreaRange, LandmarkReport, LearnerMetricInput, MeanMetric, NeMetric, Pck,
        PckMetric, PdlArea, PredictedSample, VisibilityRule,
    },
    prelude::*,
    train::per_sample_losses,
};

use crate::common::devices::on_cpus;

/// The network with Burn's traits and the default loss.
#[derive(Module, Debug)]
struct Learning {
    net: LandmarkNet,
}

/// A batch and its labels.
#[derive(Debug, Clone)]
struct Labeled {
    batch: TrainBatch,
    samples: Vec<LandmarkSample>,
}

struct Output {
    /// `[B]`: each sample's loss.
    losses: Tensor<1>,
    found: Vec<ImageLandmarks>,
    samples: Vec<LandmarkSample>,
}

impl TrainStep for Learning {
    type Input = Labeled;
    type Output = Output;

    fn step(&self, input: Labeled) -> TrainOutput<Output> {
        let output = InferenceStep::step(self, input);
        let gradients = output.losses.clone().mean().backward();
        TrainOutput::new(self, gradients, output)
    }
}

impl InferenceStep for Learning {
    type Input = Labeled;
    type Output = Output;

    fn step(&self, Labeled { batch, samples }: Labeled) -> Output {
        let heatmaps = self.net.forward(batch.images.clone()).without_autodiff();
        let found = codec().decode(heatmaps, Refinement::QuarterOffset).into_images();
        Output {
            losses: per_sample_losses(&self.net, batch, &LossConfig::default()),
            found,
            samples,
        }
    }
}

impl ItemLazy for Output {
    fn sync(self) -> Result<Self, ExecutionError> {
        self.losses.device().flush()?;
        // Detached, so that metrics do not keep the graph alive.
        Ok(Self { losses: self.losses.without_autodiff(), ..self })
    }
}

impl Adaptor<LossInput> for Output {
    fn adapt(&self) -> LossInput {
        LossInput::new(self.losses.clone())
    }
}

impl Adaptor<LearnerMetricInput> for Output {
    fn adapt(&self) -> LearnerMetricInput {
        let scored = |(found, labeled): (&ImageLandmarks, &LandmarkSample)| {
            PredictedSample::new(found.positions.clone(), labeled.clone())
                .with_scores(found.scores.clone())
        };
        self.found.iter().zip(&self.samples).map(scored).collect()
    }
}

/// Makes Burn's loader return prepared batches.
#[derive(Clone)]
struct Ready;

impl Batcher<Labeled, Labeled> for Ready {
    fn batch(&self, items: Vec<Labeled>, _device: &Device) -> Labeled {
        items.into_iter().next().expect("one batch at a time")
    }
}

const SIDE: usize = 64;

fn codec() -> HeatmapCodec {
    HeatmapCodec::new([SIDE, SIDE], 4, 1.5)
}

/// Four images with one bright square each, whose center is the landmark.
fn batch(first: usize, device: &Device) -> Labeled {
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
    let sample = |(i, &[x, y]): (usize, &[usize; 2])| {
        let landmark = Landmark::new(x as f32, y as f32, Visibility::Visible);
        let side = SIDE as f32;
        let bounds = BoundingBox::new(0.0, 0.0, side, side).unwrap();
        LandmarkSample::new(format!("{}", first + i), bounds, vec![landmark])
    };
    let samples = places.iter().enumerate().map(sample).collect();
    Labeled { batch: batch.encode(&codec()), samples }
}

on_cpus!(burns_own_learner_trains_the_net);

fn burns_own_learner_trains_the_net(device: &Device) {
    const EPOCHS: usize = 16;
    let folder = tempfile::tempdir().unwrap();
    let loader = |device: &Device| {
        let batches = [0, 4].map(|first| batch(first, device)).to_vec();
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
    let schema = schema();
    let metrics = (
        LossMetric::new(),
        NeMetric::ne(1),
        PckMetric::pck(1, 0.2),
        MeanMetric::new("PDL", PdlArea::default(), 1, true),
        ApMetric::new(&schema, VisibilityRule::VisibleAndOccluded).unwrap(),
    );
    let trained =
        SupervisedTraining::new(folder.path(), loader(&device.clone().autodiff()), loader(device))
            .metrics(metrics)
            .with_application_logger(None)
            .renderer(Box::new(CliMetricsRenderer::new()))
            .num_epochs(EPOCHS)
            .launch(Learner::new(Learning { net }, optimizer, 3e-3))
            .model;
    let run = |net: &LandmarkNet, first| {
        InferenceStep::step(&Learning { net: net.clone() }, batch(first, device))
    };
    let loss = |net| run(net, 0).losses.mean().into_scalar::<f32>();
    let (before, after) = (loss(&before), loss(&trained.net));
    assert!(after < 0.8 * before, "loss {before} before, {after} after");

    // The metrics that Burn recorded for the last epoch equal those of the crate's own report of
    // the trained network.
    let mut report = LandmarkReport::new(&schema);
    for first in [0, 4] {
        let output = run(&trained.net, first);
        for (found, sample) in output.found.iter().zip(&output.samples) {
            report.update_with(&found.positions, Some(&found.scores), None, sample);
        }
    }
    let ap = report.average_precision(VisibilityRule::VisibleAndOccluded).unwrap();
    let expected = [
        ("NE", report.ne()),
        ("PCK@0.2", report.errors().headline(&Pck { threshold: 0.2 })),
        ("PDL", report.errors().headline(&PdlArea::default())),
        ("AP", ap.mean(AreaRange::All).map(|found| found.ap())),
    ];
    for (name, expected) in expected {
        let log = folder.path().join(format!("valid/epoch-{EPOCHS}/{name}.log"));
        let log = std::fs::read_to_string(&log).unwrap_or_else(|error| panic!("{log:?}: {error}"));
        let value = log.lines().find_map(|line| line.strip_suffix(",final")).unwrap();
        // Not bitwise equal, because sums are taken in another order.
        let (value, expected) = (value.parse::<f64>().unwrap(), expected.unwrap());
        assert!((value - expected).abs() < 1e-12, "{name}: {expected}, but {log}");
    }
}

fn schema() -> LandmarkSchema {
    let schema = LandmarkSchema::new(vec!["middle".into()], vec![0], vec![]).unwrap();
    schema.with_sigmas(vec![0.05]).unwrap()
}

/// Two steps of one and three samples: the epoch's value is averaged over samples, not steps.
#[test]
fn an_epochs_value_is_that_of_all_its_samples() {
    let mut metric = NeMetric::ne(1);
    assert!(metric.value().is_none() && metric.final_value().current().is_nan());
    let update = |metric: &mut NeMetric, errors: &[f32]| {
        let input = errors.iter().map(|&pixels| (vec![[pixels, 0.0]], labeled_at_zero())).collect();
        metric.update(&input, &metadata()).unwrap()
    };
    update(&mut metric, &[1.0]);
    let entry = update(&mut metric, &[2.0, 3.0, 6.0]);
    // Errors of 0.01, and of 0.02, 0.03 and 0.06 of the box's width.
    assert_eq!(entry.formatted, "epoch 0.0300 - batch 0.0367");
    let NumericEntry::Aggregated { aggregated_value, count } = metric.value().unwrap() else {
        panic!("a step's value has the number of its samples")
    };
    approx::assert_abs_diff_eq!(aggregated_value, 0.11 / 3.0, epsilon = 1e-9);
    assert_eq!(count, 3);
    approx::assert_abs_diff_eq!(metric.final_value().current(), 0.03, epsilon = 1e-9);
    let entry = metric.compute().unwrap();
    assert!(entry.serialized.ends_with(",final"), "{}", entry.serialized);
    metric.clear();
    assert!(metric.value().is_none() && metric.compute().unwrap().is_not_available());
    // Nothing labeled: there is no value, and the learner continues.
    let absent = LandmarkSample { landmarks: vec![Landmark::ABSENT], ..labeled_at_zero() };
    let nothing = [(vec![[0.0, 0.0]], absent)].into_iter().collect();
    assert!(metric.update(&nothing, &metadata()).unwrap().is_not_available());
}

#[test]
fn average_precision_needs_sigmas() {
    let schema = LandmarkSchema::new(vec!["middle".into()], vec![0], vec![]).unwrap();
    let error = ApMetric::new(&schema, VisibilityRule::Visible).unwrap_err();
    assert_eq!(error.kind(), dafe::ErrorKind::Config);
    assert!(error.to_string().contains("sigmas"), "{error}");
}

fn labeled_at_zero() -> LandmarkSample {
    let bounds = BoundingBox::new(0.0, 0.0, 100.0, 50.0).unwrap();
    LandmarkSample::new("image", bounds, vec![Landmark::new(0.0, 0.0, Visibility::Visible)])
}

fn metadata() -> MetricMetadata {
    let progress = Progress { items_processed: 1, items_total: 2, unit: None };
    MetricMetadata { progress, iteration: Some(1), lr: None }
}
