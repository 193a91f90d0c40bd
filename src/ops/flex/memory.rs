//! Large buffers that are used again.
//!
//! Memory that is new to a process costs more than writing to it: the system hands it out in pages of 4 KiB, and fills each
//! with zeros. A batch's heatmaps may be half a gigabyte, and the next batch's are as large.
use std::sync::{Mutex, PoisonError};

use burn::{
    backend::flex::{FlexTensor, Layout},
    tensor::{AllocationProperty, Bytes, DType, Shape},
};
use pulp::bytemuck::cast_slice;

/// How many freed buffers are kept: pictures and heatmaps of a batch in two parts.
const KEPT: usize = 4;

/// From how many values on a buffer is kept: allocators keep smaller ones themselves.
const LARGE: usize = 1 << 20;

/// Bytes that a buffer's start is a multiple of: a cache line, and the longest vector.
const ALIGNMENT: usize = 64;

/// Freed buffers, the last one freed at the end.
static FREE: Mutex<Vec<Vec<f32>>> = Mutex::new(Vec::new());

/// Numbers that will be a tensor. What they are before they are written is not specified.
pub(crate) struct Buffer {
    /// The numbers, and before them what the alignment needs.
    values: Vec<f32>,
    start: usize,
}

impl Buffer {
    pub fn new(length: usize) -> Self {
        let with_margin = length + ALIGNMENT / size_of::<f32>();
        let free = |free: &mut Vec<Vec<f32>>| {
            let fits = free.iter().rposition(|values| values.len() == with_margin);
            fits.map(|i| free.remove(i))
        };
        let values = free(&mut FREE.lock().unwrap_or_else(PoisonError::into_inner));
        let values = values.unwrap_or_else(|| vec![0.0; with_margin]);
        let start = values.as_ptr().align_offset(ALIGNMENT);
        Self { values, start: start.min(with_margin - length) }
    }

    fn length(&self) -> usize {
        self.values.len() - ALIGNMENT / size_of::<f32>()
    }

    pub fn values(&mut self) -> &mut [f32] {
        let length = self.length();
        &mut self.values[self.start..][..length]
    }

    /// The numbers as a tensor, after whose end the memory is used again.
    pub fn into_tensor<const D: usize>(self, shape: [usize; D]) -> FlexTensor {
        let bytes = Bytes::from_shared(bytes::Bytes::from_owner(self), AllocationProperty::Other);
        FlexTensor::new(bytes, Layout::contiguous(Shape::from(shape)), DType::F32)
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        cast_slice(&self.values[self.start..][..self.length()])
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if self.values.len() < LARGE {
            return;
        }
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() == KEPT {
            free.remove(0);
        }
        free.push(std::mem::take(&mut self.values));
    }
}
