//! A pool of large buffers for reuse.
//!
//! New memory costs more than writing to it: the system provides it in pages of 4 KiB and fills
//! each with zeros. An allocator may also have to zero memory that it reuses. The outputs of a
//! network's layers have the same sizes in every image and every step, so freed buffers wait here
//! for the next output that fits.
use std::{
    collections::VecDeque,
    fmt,
    ops::{Deref, DerefMut},
    sync::{Mutex, PoisonError},
};

use burn::{
    backend::flex::{FlexTensor, Layout},
    tensor::{AllocationProperty, Bytes, DType, Shape},
};
use pulp::bytemuck::cast_slice;

/// The number of values from which a buffer is kept. Allocators keep smaller ones themselves, and
/// filling them takes no time.
const LARGE: usize = 1 << 10;

/// Values that are kept even if less was in use at once: small networks return nothing.
const SPARE: usize = 1 << 20;

/// A buffer may be longer than requested by a quarter, and by at most this many values: larger
/// buffers would waste much memory.
const SLACK: usize = 1 << 16;

/// Alignment of buffers in bytes: a cache line, and the longest vector.
const ALIGNMENT: usize = 64;

/// Additional values in a buffer, which make the alignment possible.
const MARGIN: usize = ALIGNMENT / size_of::<f32>();

static POOL: Mutex<Pool> = Mutex::new(Pool { free: VecDeque::new(), kept: 0, used: 0, most: 0 });

/// Freed buffers, the most recently freed one last. Counts are in values.
struct Pool {
    free: VecDeque<Vec<f32>>,
    kept: usize,
    used: usize,
    /// The peak in use at once; with [`SPARE`], the limit of what is kept and in use together.
    most: usize,
}

impl Pool {
    /// Takes the shortest buffer that fits; of several, the one freed last.
    fn take(&mut self, length: usize) -> Option<Vec<f32>> {
        let longest = length + (length / 4).min(SLACK);
        let fits = |values: &Vec<f32>| (length..=longest).contains(&values.len());
        let fitting = self.free.iter().enumerate().rev().filter(|(_, values)| fits(values));
        let at = fitting.min_by_key(|(_, values)| values.len()).map(|(at, _)| at);
        let found = at.and_then(|at| self.free.remove(at));
        let taken = found.as_ref().map_or(length, Vec::len);
        self.kept -= found.as_ref().map_or(0, Vec::len);
        self.used += taken;
        self.most = self.most.max(self.used);
        self.trim();
        found
    }

    fn give(&mut self, values: Vec<f32>) {
        self.used -= values.len();
        self.kept += values.len();
        self.free.push_back(values);
        self.trim();
    }

    /// Sizes that are no longer requested are at the front. Buffers in use count as well, so that a
    /// large batch does not leave a second set of buffers behind.
    fn trim(&mut self) {
        while self.kept + self.used > self.most + SPARE {
            let Some(oldest) = self.free.pop_front() else { return };
            self.kept -= oldest.len();
        }
    }
}

/// Values that will become a tensor. Their contents are unspecified until they are written.
pub(crate) struct Buffer {
    /// The values, preceded by padding for the alignment and followed by unused capacity.
    values: Vec<f32>,
    start: usize,
    length: usize,
}

impl Buffer {
    pub fn new(length: usize) -> Self {
        let with_margin = length + MARGIN;
        let values = match with_margin >= LARGE {
            true => POOL.lock().unwrap_or_else(PoisonError::into_inner).take(with_margin),
            false => None,
        };
        let values = values.unwrap_or_else(|| vec![0.0; with_margin]);
        let start = values.as_ptr().align_offset(ALIGNMENT).min(MARGIN);
        Self { values, start, length }
    }

    /// The values as a tensor; the memory is reused once the tensor is dropped.
    pub fn into_tensor<const D: usize>(self, shape: [usize; D]) -> FlexTensor {
        let bytes = Bytes::from_shared(bytes::Bytes::from_owner(self), AllocationProperty::Other);
        FlexTensor::new(bytes, Layout::contiguous(Shape::from(shape)), DType::F32)
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer of {} values", self.len())
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values[self.start..][..self.length]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.values[self.start..][..self.length]
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        cast_slice(self)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if self.values.len() >= LARGE {
            let values = std::mem::take(&mut self.values);
            POOL.lock().unwrap_or_else(PoisonError::into_inner).give(values);
        }
    }
}
