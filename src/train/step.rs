//! One step: loss and gradients. Burn's traits are here, too, so that Burn's own learner can train the network.
use burn::{
    tensor::{ExecutionError, Tensor},
    train::{
        InferenceStep, ItemLazy, TrainOutput, TrainStep,
        metric::{Adaptor, LossInput},
    },
};

use crate::{
    backbone::{Backbone, FeaturePyramid},
    data::TrainBatch,
    heatmap::HeatmapTarget,
    loss::LossConfig,
    model::LandmarkNet,
};

/// What a step yields.
#[derive(Debug, Clone)]
pub struct StepOutput {
    /// `[B]`: each sample's loss. Per sample, because Burn's loss metric weighs batches by length.
    pub losses: Tensor<1>,
}

/// `[B]`: the loss of each sample; that of the network's output, and, where the batch has targets for them, those of its
/// auxiliary maps times their weight.
pub fn per_sample_losses<B: Backbone>(
    net: &LandmarkNet<B>,
    batch: TrainBatch,
    loss: &LossConfig,
) -> Tensor<1> {
    let TrainBatch { images, target, auxiliary } = batch;
    losses_of_pyramid(net, net.backbone().forward(images), &target, &auxiliary, loss)
}

/// [`per_sample_losses`] from the backbone's maps on.
pub(super) fn losses_of_pyramid<B: Backbone>(
    net: &LandmarkNet<B>,
    pyramid: FeaturePyramid,
    target: &HeatmapTarget,
    auxiliary: &[HeatmapTarget],
    loss: &LossConfig,
) -> Tensor<1> {
    if auxiliary.is_empty() || loss.auxiliary_weight == 0.0 {
        return loss.per_sample(net.forward_pyramid(pyramid), target);
    }
    let output = net.forward_pyramid_supervised(pyramid);
    let auxiliary = output.auxiliary.into_iter().zip(auxiliary);
    auxiliary.fold(loss.per_sample(output.heatmaps, target), |sum, (maps, target)| {
        sum + loss.per_sample(maps, target).mul_scalar(loss.auxiliary_weight)
    })
}

/// With the default loss. For another, implement Burn's traits for a type of your own, by [`per_sample_losses`].
impl<B: Backbone> TrainStep for LandmarkNet<B> {
    type Input = TrainBatch;
    type Output = StepOutput;

    fn step(&self, batch: TrainBatch) -> TrainOutput<StepOutput> {
        let output = InferenceStep::step(self, batch);
        let gradients = output.losses.clone().mean().backward();
        TrainOutput::new(self, gradients, output)
    }
}

impl<B: Backbone> InferenceStep for LandmarkNet<B> {
    type Input = TrainBatch;
    type Output = StepOutput;

    fn step(&self, batch: TrainBatch) -> StepOutput {
        StepOutput { losses: per_sample_losses(self, batch, &LossConfig::default()) }
    }
}

impl ItemLazy for StepOutput {
    fn sync(self) -> Result<Self, ExecutionError> {
        self.losses.device().flush()?;
        // Off the tape, so that metrics don't keep it alive.
        Ok(Self { losses: self.losses.without_autodiff() })
    }
}

impl Adaptor<LossInput> for StepOutput {
    fn adapt(&self) -> LossInput {
        LossInput::new(self.losses.clone())
    }
}
