//! A step without recomputation compared with one with recomputed stages.
use burn::{module::Module, tensor::TensorData};
use dafe::{
    backbone::Backbone,
    data::TrainBatch,
    prelude::*,
    train::{Recompute, loss_and_gradients},
};

use super::numbers::numbers;

/// The results of a step: the loss, gradients by name, and the network's values after it, including
/// running statistics.
struct Step {
    loss: f32,
    gradients: Vec<(String, Option<TensorData>)>,
    after: Vec<(String, Option<TensorData>)>,
}

fn step<B: Backbone>(net: &LandmarkNet<B>, batch: &TrainBatch, recompute: Recompute) -> Step {
    // A copy with separate running statistics.
    let net = net.valid().train();
    let (loss, gradients) =
        loss_and_gradients(&net, batch.clone(), &LossConfig::default(), 0.5, recompute);
    Step {
        loss: loss.into_scalar::<f32>(),
        gradients: numbers(&net, Some(&gradients)),
        after: numbers(&net.valid(), None),
    }
}

/// The largest difference of any gradient from the plain one, relative to its largest value. Loss
/// and running statistics must be bitwise equal, and the same parameters must have gradients.
pub fn difference<B: Backbone>(net: &LandmarkNet<B>, batch: &TrainBatch) -> f32 {
    let [plain, recomputed] = [Recompute::None, Recompute::Stages].map(|how| step(net, batch, how));
    assert_eq!(plain.loss, recomputed.loss);
    assert_eq!(plain.after, recomputed.after);
    // The step did change statistics.
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

/// Gradients of three sums in another order, amplified by about twenty layers (6e-8 per rounding):
/// at most 3e-5 here, in convolutions before a normalization, whose gradients nearly cancel.
pub const ROUNDING: f32 = 1e-4;
