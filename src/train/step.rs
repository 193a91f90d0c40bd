//! One step: loss and gradients. These are Burn's traits, so Burn's own learner can train the network too.
use burn::{
    tensor::{ExecutionError, Tensor},
    train::{
        InferenceStep, ItemLazy, TrainOutput, TrainStep,
        metric::{Adaptor, LossInput},
    },
};

use crate::{
    backbone::Backbone, data::TrainBatch, loss::heatmap_mse_per_sample, model::LandmarkNet,
};

/// What a step yields.
#[derive(Debug, Clone)]
pub struct StepOutput {
    /// `[B]`: each sample's mean squared error. Per sample, because Burn's loss metric weighs batches by length.
    pub losses: Tensor<1>,
}

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
        let heatmaps = self.forward(batch.images);
        StepOutput { losses: heatmap_mse_per_sample(heatmaps, batch.heatmaps, batch.weights) }
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
