//! Recomputing the backbone's stages changes memory and time, and nothing else.
use burn::{
    module::{Module, ModuleVisitor, Param},
    optim::{AdamConfig, GradientsParams, ModuleOptimizer},
    tensor::{Distribution, TensorData},
};
use dafe::{
    backbone::{ResidualKind, Stage},
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

/// Pictures of an odd size.
fn batch(count: usize, device: &Device) -> TrainBatch {
    let codec = HeatmapCodec::new([50, 64], 4, 1.0);
    let places = Distribution::Uniform(4.0, 46.0);
    LandmarkBatch {
        images: Tensor::random([count, 3, 64, 50], Distribution::Normal(0.0, 1.0), device),
        positions: Tensor::random([count, 2, 2], places, device),
        weights: Tensor::ones([count, 2], device),
        empty: Tensor::zeros([count, 2], device),
    }
    .encode_deep(&codec)
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
    let mut largest = 0f32;
    for ((name, one), (_, other)) in plain.gradients.iter().zip(&recomputed.gradients) {
        assert_eq!(one.is_some(), other.is_some(), "{name}");
        let (Some(one), Some(other)) = (one, other) else { continue };
        let (one, other) = (one.iter::<f32>(), other.iter::<f32>());
        let (scale, apart) = one.zip(other).fold((0f32, 0f32), |(scale, apart), (one, other)| {
            (scale.max(one.abs()), apart.max((one - other).abs()))
        });
        if apart > 0.0 {
            println!("{name}: {}", apart / scale);
            largest = largest.max(apart / scale);
        }
    }
    largest
}

#[test]
fn every_decoder_gets_the_same_gradients() {
    let device = Device::flex().autodiff();
    device.seed(1);
    let batch = batch(3, &device);
    for kind in [ResidualKind::Basic, ResidualKind::Bottleneck] {
        for decoder in Decoder::ALL {
            let net = config(kind, decoder).init(&device);
            let apart = difference(&net, &batch);
            println!("{kind:?} {decoder}: {apart}");
            assert!(apart < 1e-5, "{kind:?} {decoder}: {apart}");
        }
    }
}
