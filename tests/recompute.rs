//! Recomputing the backbone's stages changes memory and time, and nothing else.
use burn::{
    module::{Module, ModuleVisitor, Param},
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    optim::{AdamConfig, GradientsAccumulator, GradientsParams, ModuleOptimizer},
    tensor::{Distribution, TensorData, Tolerance, activation::relu},
};
use dafe::{
    backbone::{ResidualKind, Segment},
    data::TrainBatch,
    prelude::*,
    train::{Recompute, loss_and_gradients},
};

fn config(kind: ResidualKind, decoder: Decoder) -> LandmarkNetConfig {
    LandmarkNetConfig::new(2)
        .with_backbone(ResNetConfig::new(kind, [2, 1, 1, 1]).with_width(4).with_stem_kernel(3))
        .with_decoder_channels([16, 8, 8])
        .with_decoder(decoder)
        .with_norm(true)
        .with_supervision(Supervision::Deep)
}

/// Pictures whose sides are no multiples of 32.
fn pictures(count: usize, device: &Device) -> LandmarkBatch {
    let places = Distribution::Uniform(4.0, 46.0);
    LandmarkBatch {
        images: Tensor::random([count, 3, 64, 50], Distribution::Normal(0.0, 1.0), device),
        positions: Tensor::random([count, 2, 2], places, device),
        weights: Tensor::ones([count, 2], device),
        empty: Tensor::zeros([count, 2], device),
    }
}

fn batch(count: usize, device: &Device) -> TrainBatch {
    pictures(count, device).encode_deep(&HeatmapCodec::new([50, 64], 4, 1.0))
}

/// All numbers of a network by name: its gradients, or what it holds.
struct Numbers<'a> {
    gradients: Option<&'a GradientsParams>,
    path: Vec<String>,
    found: Vec<(String, Option<TensorData>)>,
}

impl ModuleVisitor for Numbers<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = match self.gradients {
            Some(gradients) => gradients.get::<D>(param.id).map(|gradient| gradient.into_data()),
            None => Some(param.val().into_data()),
        };
        self.found.push((self.path.join("."), value));
    }
}

fn numbers(
    net: &impl Module,
    gradients: Option<&GradientsParams>,
) -> Vec<(String, Option<TensorData>)> {
    let mut numbers = Numbers { gradients, path: Vec::new(), found: Vec::new() };
    net.visit(&mut numbers);
    numbers.found
}

/// What a step gives: the loss, gradients by name, and the network's numbers after it, running statistics among them.
struct Step {
    loss: f32,
    gradients: Vec<(String, Option<TensorData>)>,
    after: Vec<(String, Option<TensorData>)>,
}

fn step<B: Backbone>(net: &LandmarkNet<B>, batch: &TrainBatch, recompute: Recompute) -> Step {
    // A copy with running statistics of its own.
    let net = net.valid().train();
    let (loss, gradients) =
        loss_and_gradients(&net, batch.clone(), &LossConfig::default(), 0.5, recompute);
    Step {
        loss: loss.into_scalar::<f32>(),
        gradients: numbers(&net, Some(&gradients)),
        after: numbers(&net.valid(), None),
    }
}

/// The largest difference of any gradient to the plain one, in terms of its largest number. Loss and running statistics
/// have to be the same to the bit, and gradients there for the same parameters.
fn difference<B: Backbone>(net: &LandmarkNet<B>, batch: &TrainBatch) -> f32 {
    let [plain, recomputed] = [Recompute::None, Recompute::Stages].map(|how| step(net, batch, how));
    assert_eq!(plain.loss, recomputed.loss);
    assert_eq!(plain.after, recomputed.after);
    // The step did move statistics.
    assert_ne!(plain.after, numbers(&net.valid(), None));
    let mut largest = 0f32;
    for ((name, one), (_, other)) in plain.gradients.iter().zip(&recomputed.gradients) {
        assert_eq!(one.is_some(), other.is_some(), "{name}");
        let (Some(one), Some(other)) = (one, other) else { continue };
        let (mut scale, mut apart) = (0f32, 0f32);
        for (one, other) in one.iter::<f32>().zip(other.iter::<f32>()) {
            scale = scale.max(one.abs());
            apart = apart.max((one - other).abs());
        }
        if apart > 0.0 {
            largest = largest.max(apart / scale);
        }
    }
    largest
}

/// Gradients of three sums added up in another order, and what some twenty layers make of these roundings (6e-8 each).
const ROUNDING: f32 = 2e-5;

#[test]
fn every_decoder_gets_the_same_loss_statistics_and_gradients() {
    let device = Device::flex().autodiff();
    device.seed(1);
    let batch = batch(3, &device);
    for kind in [ResidualKind::Basic, ResidualKind::Bottleneck] {
        for decoder in Decoder::ALL {
            let apart = difference(&config(kind, decoder).init(&device), &batch);
            // With one user of each map, or Burn's order of the three the same as ours, to the bit.
            let exact = [Decoder::TransposedConvolution, Decoder::FeaturePyramid];
            let most = if exact.contains(&decoder) { 0.0 } else { ROUNDING };
            assert!(apart <= most, "{kind:?} {decoder}: {apart}");
        }
    }
}

#[test]
fn ndarray_recomputes_too() {
    #[allow(deprecated, reason = "ndarray is deprecated upstream and still offered here")]
    let device = Device::ndarray().autodiff();
    let net = config(ResidualKind::Basic, Decoder::FeaturePyramid).init(&device);
    let apart = difference(&net, &batch(2, &device));
    assert!(apart <= ROUNDING, "{apart}");
}

#[test]
fn frozen_parts_get_no_gradients_and_keep_their_statistics() {
    let device = Device::flex().autodiff();
    device.seed(2);
    let batch = batch(3, &device);
    for count in 0..=5 {
        for norm in [false, true] {
            let net = config(ResidualKind::Basic, Decoder::Dafe).init(&device);
            let net = net.map_backbone(|backbone| {
                let backbone = backbone.freeze_stages(count);
                if norm { backbone.freeze_norm() } else { backbone }
            });
            let apart = difference(&net, &batch);
            assert!(apart <= ROUNDING, "{count} frozen, norm {norm}: {apart}");
        }
    }
}

#[test]
fn a_frozen_segment_says_so() {
    let device = Device::flex().autodiff();
    let resnet = ResNetConfig::resnet18().with_width(4).init(&device);
    for frozen in 0..=5 {
        let resnet = resnet.clone().freeze_stages(frozen);
        let trained: Vec<_> =
            resnet.segments().unwrap().into_iter().flatten().map(|s| s.is_trained()).collect();
        // The stem and four stages of two blocks each.
        assert_eq!(trained, (0..5).map(|part| part >= frozen).collect::<Vec<_>>());
    }
}

/// The shares of a batch add up: accumulated over two halves, the gradients are those of the whole where nothing
/// looks at the whole batch, as batch normalisation does.
#[test]
fn halves_add_up_to_the_batch() {
    let device = Device::flex().autodiff();
    device.seed(3);
    let net = config(ResidualKind::Basic, Decoder::Dafe).with_norm(false).init(&device);
    let net = net.map_backbone(ResNet::freeze_norm);
    let codec = HeatmapCodec::new([50, 64], 4, 1.0);
    let whole = pictures(4, &device);
    let half = |from: usize| {
        LandmarkBatch {
            images: whole.images.clone().narrow(0, from, 2),
            positions: whole.positions.clone().narrow(0, from, 2),
            weights: whole.weights.clone().narrow(0, from, 2),
            empty: whole.empty.clone().narrow(0, from, 2),
        }
        .encode_deep(&codec)
    };
    let run = |batch, share| {
        loss_and_gradients(&net, batch, &LossConfig::default(), share, Recompute::Stages)
    };
    let (loss, expected) = run(whole.clone().encode_deep(&codec), 1.0);
    let mut sum = GradientsAccumulator::new();
    let mut losses = 0.0;
    for from in [0, 2] {
        let (loss, gradients) = run(half(from), 0.5);
        losses += loss.into_scalar::<f32>();
        sum.accumulate(&net, gradients);
    }
    // Sums in another order.
    let loss = loss.into_scalar::<f32>();
    assert!((losses - loss).abs() <= 1e-6 * loss, "{losses} for {loss}");
    let found = numbers(&net, Some(&sum.grads()));
    for ((name, found), (_, expected)) in found.iter().zip(numbers(&net, Some(&expected))) {
        assert_eq!(found.is_some(), expected.is_some(), "{name}");
        if let (Some(found), Some(expected)) = (found, expected) {
            let largest = expected.iter::<f32>().fold(0f32, |most, value| most.max(value.abs()));
            let near = Tolerance::absolute(2e-5 * largest);
            found.assert_approx_eq::<f32>(&expected, near);
        }
    }
}

/// A stack of strided convolutions; its two last stages share one.
#[derive(Module, Debug)]
struct Plain {
    stem: Conv2d,
    stages: Vec<Conv2d>,
    apart: bool,
}

impl Plain {
    fn new(apart: bool, device: &Device) -> Self {
        let halving = |input| {
            Conv2dConfig::new([input, 4], [3, 3])
                .with_stride([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        Self { stem: halving(3), stages: (0..3).map(|_| halving(4)).collect(), apart }
    }

    fn stage(&self, index: usize, x: Tensor<4>) -> Tensor<4> {
        relu(self.stages[index.min(2)].forward(x))
    }
}

impl Backbone for Plain {
    fn out_channels(&self) -> [usize; 4] {
        [4; 4]
    }

    fn forward(&self, images: Tensor<4>) -> FeaturePyramid {
        let c2 = self.stage(0, relu(self.stem.forward(images)));
        let c3 = self.stage(1, c2.clone());
        let c4 = self.stage(2, c3.clone());
        let c5 = self.stage(3, c4.clone());
        FeaturePyramid { c2, c3, c4, c5 }
    }

    fn segments(&self) -> Option<[Vec<Segment<'_>>; 4]> {
        let mut stages = [0, 1, 2, 3].map(|index| {
            vec![Segment::new(&self.stages[index.min(2)], move |x| self.stage(index, x))]
        });
        stages[0].insert(0, Segment::new(&self.stem, |images| relu(self.stem.forward(images))));
        self.apart.then_some(stages)
    }
}

#[test]
fn own_backbones_come_apart_or_are_kept() {
    let device = Device::flex().autodiff();
    device.seed(4);
    let batch = batch(3, &device);
    let net = |apart| {
        let backbone = Plain::new(apart, &device);
        config(ResidualKind::Basic, Decoder::Dafe).init_with(backbone, &device)
    };
    assert_eq!(difference(&net(false), &batch), 0.0);
    let apart = difference(&net(true), &batch);
    assert!(apart <= ROUNDING, "{apart}");
}

/// Ten steps with Adam end where they end without recomputation.
#[test]
fn training_goes_the_same_way() {
    let device = Device::flex().autodiff();
    device.seed(5);
    let batch = batch(4, &device);
    let start = config(ResidualKind::Basic, Decoder::FeaturePyramid).init(&device);
    let [plain, recomputed] = [Recompute::None, Recompute::Stages].map(|how| {
        let mut net = start.valid().train();
        let mut optimizer: ModuleOptimizer = AdamConfig::new().with_epsilon(1e-8).init();
        for _ in 0..10 {
            let loss = LossConfig::default();
            let (_, gradients) = loss_and_gradients(&net, batch.clone(), &loss, 1.0, how);
            net = optimizer.step(1e-3, net, gradients);
        }
        numbers(&net.valid(), None)
    });
    // This decoder's gradients are the same to the bit, so everything is.
    assert_eq!(plain, recomputed);
}

#[test]
fn its_text_form() {
    for recompute in Recompute::ALL {
        assert_eq!(recompute.to_string().parse::<Recompute>().unwrap(), recompute);
        assert_eq!(serde_json::to_value(recompute).unwrap(), recompute.name());
    }
    let error = "all".parse::<Recompute>().unwrap_err().to_string();
    assert_eq!(error, "configuration: unknown recompute 'all'; there are none, stages");
}
