//! The losses of a step's samples.
use burn::tensor::Tensor;

use crate::{
    backbone::{Backbone, FeaturePyramid},
    data::TrainBatch,
    heatmap::HeatmapTarget,
    loss::LossConfig,
    model::LandmarkNet,
};

/// `[B]`: the loss of each sample: the loss of the network's output, plus, if the batch has targets
/// for them, those of its auxiliary heatmaps times their weight.
pub fn per_sample_losses<B: Backbone>(
    net: &LandmarkNet<B>,
    batch: TrainBatch,
    loss: &LossConfig,
) -> Tensor<1> {
    let TrainBatch { images, target, auxiliary } = batch;
    losses_of_pyramid(net, net.backbone().forward(images), &target, &auxiliary, loss)
}

/// [`per_sample_losses`], starting from the backbone's feature maps.
pub(in crate::train) fn losses_of_pyramid<B: Backbone>(
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
