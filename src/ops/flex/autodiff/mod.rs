//! The operations on autodiff devices, with hand-written gradients.
mod follow;
mod linear;
mod maps;
mod squares;
mod step;

use burn::{
    backend::{
        Autodiff, Flex,
        autodiff::{
            checkpoint::base::Checkpointer,
            grads::Gradients,
            ops::{Backward, Ops},
        },
        tensor::FloatTensor,
    },
    tensor::Tensor,
};

pub(super) use self::{
    follow::follow,
    linear::linear,
    maps::{global_mean, max_pool2d, resample, scale_channels},
    squares::mean_squares,
};
use super::tensors::tensor;

type Tracked = FloatTensor<Autodiff<Flex>>;

fn tracked<const D: usize>(tensor: Tensor<D>) -> Tracked {
    tensor
        .try_into_primitive::<Autodiff<Flex>>()
        .expect("all tensors of an operation on one device")
}

/// The tensor, or an untracked placeholder if there is none.
fn or_none<const D: usize>(of: Option<Tensor<D>>) -> Tracked {
    of.map_or_else(|| Tracked::new(tensor(vec![0.0], [1])), tracked)
}
