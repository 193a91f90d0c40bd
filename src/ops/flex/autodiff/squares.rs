//! Squared differences between heatmaps and targets.
use std::sync::Arc;

use burn::tensor::Tensor;

use super::{
    Backward, Checkpointer, Flex, Gradients, Ops,
    step::{Step, give, record, take},
    tracked,
};
use crate::ops::flex::{
    heatmaps::Heatmaps,
    layout::Maps,
    squares,
    tensors::{slice, tensor},
};

#[derive(Debug)]
struct SquaresBackward;

/// The mean of `(predicted − target)²` over the cells of each map.
pub(in crate::ops::flex) fn mean_squares(predicted: Tensor<4>, target: Heatmaps) -> Tensor<2> {
    let [batch, maps, ..] = predicted.dims();
    let predicted = tracked(predicted);
    let values = Maps::of_flex(predicted.primitive());
    let means = squares::means(&values, &target);
    let state = (values, Arc::new(target));
    record(SquaresBackward, [&predicted], state, tensor(means, [batch, maps]))
}

impl Backward<Flex, 1> for SquaresBackward {
    /// The predicted maps and their targets.
    type State = Step<(Maps, Arc<Heatmaps>), 1>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (predicted, target) = &ops.state.state;
        let gradient = take(&ops, grads).to_contiguous();
        if ops.parents[0].is_some() {
            let found = squares::gradient(predicted, target, slice(&gradient));
            let found = Maps::of_buffer(found, predicted.size());
            give(&ops, 0, grads, found);
        }
    }
}
