//! Channels last: a tensor `[B, C, H, W]` whose values lie in memory as `[B, H, W, C]`.
//!
//! Its strides say so, and Burn's own operations follow them. All operations here take and give
//! such tensors; any other is copied first.
use burn::{backend::flex::FlexTensor, tensor::Tensor};

use super::{
    memory::Buffer,
    tensors::{flex_of, slice},
};

/// Values of a tensor, channels last.
#[derive(Debug, Clone)]
pub(super) struct Maps {
    /// `[B, H, W, C]`, contiguous.
    tensor: FlexTensor,
}

impl Maps {
    pub fn of(tensor: Tensor<4>) -> Self {
        Self::of_flex(&flex_of(tensor))
    }

    /// A tensor `[B, C, H, W]`, copied unless it is channels last already.
    pub fn of_flex(tensor: &FlexTensor) -> Self {
        let tensor = tensor.permute(&[0, 2, 3, 1]);
        #[cfg(test)]
        if !tensor.is_contiguous() {
            super::tests::count_copy();
        }
        Self { tensor: tensor.to_contiguous() }
    }

    /// Values `[B, H, W, C]` of a tensor of `size`, `[B, C, H, W]`.
    pub fn of_buffer(values: Buffer, [batch, channels, height, width]: [usize; 4]) -> Self {
        Self { tensor: values.into_tensor([batch, height, width, channels]) }
    }

    /// `[B, C, H, W]`.
    pub fn size(&self) -> [usize; 4] {
        let [batch, height, width, channels] = self.tensor.layout().shape().dims();
        [batch, channels, height, width]
    }

    pub fn values(&self) -> &[f32] {
        slice(&self.tensor)
    }

    /// The tensor `[B, C, H, W]`.
    pub fn into_tensor(self) -> FlexTensor {
        self.tensor.permute(&[0, 3, 1, 2])
    }
}

impl Buffer {
    /// Values `[B, H, W, C]` as a tensor of `size`, `[B, C, H, W]`.
    pub fn into_maps(self, size: [usize; 4]) -> FlexTensor {
        Maps::of_buffer(self, size).into_tensor()
    }
}
