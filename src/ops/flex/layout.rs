//! Channels last: a tensor `[B, C, H, W]` whose values lie in memory as `[B, H, W, C]`.
//!
//! This is expressed by its strides, which Burn's own operations respect. All operations here take
//! and return such tensors; any other tensor is copied first.
use burn::{backend::flex::FlexTensor, tensor::Tensor};

use super::{
    memory::Buffer,
    share::{band, share},
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

    /// From a tensor `[B, C, H, W]`, copied unless it is already channels last.
    pub fn of_flex(tensor: &FlexTensor) -> Self {
        let last = tensor.permute(&[0, 2, 3, 1]);
        #[cfg(test)]
        if !last.is_contiguous() {
            super::tests::count_copy();
        }
        match last.is_contiguous() || !tensor.is_contiguous() {
            true => Self { tensor: last.to_contiguous() },
            false => {
                let size = tensor.layout().shape().dims();
                Self::of_buffer(interleaved(slice(tensor), size), size)
            }
        }
    }

    /// From values `[B, H, W, C]` of a tensor of `size`, `[B, C, H, W]`.
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

/// Converts values `[B, C, H, W]` to `[B, H, W, C]`.
fn interleaved(values: &[f32], [batch, channels, height, width]: [usize; 4]) -> Buffer {
    let mut output = Buffer::new(values.len());
    if output.is_empty() {
        return output;
    }
    let line = width * channels;
    let band = band(batch * height);
    share(output.chunks_mut(band * line).enumerate(), |(i, output)| {
        for (row, output) in (i * band..).zip(output.chunks_exact_mut(line)) {
            let (image, row) = (row / height, row % height);
            for channel in 0..channels {
                let from = ((image * channels + channel) * height + row) * width;
                let to = output[channel..].iter_mut().step_by(channels);
                to.zip(&values[from..from + width]).for_each(|(to, from)| *to = *from);
            }
        }
    });
    output
}

impl Buffer {
    /// Values `[B, H, W, C]` as a tensor of `size`, `[B, C, H, W]`.
    pub fn into_maps(self, size: [usize; 4]) -> FlexTensor {
        Maps::of_buffer(self, size).into_tensor()
    }
}
