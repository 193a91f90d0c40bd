//! Large buffers that are used again.
//!
//! Memory that is new to a process costs more than writing to it: the system hands it out in pages
//! of 4 KiB, and fills each with zeros; and what an allocator hands out again, it may have to fill
//! with zeros, too. The outputs of a network's layers have the same sizes in every image and every
//! step, so freed buffers wait here for the next output that fits.
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

/// From how many values on a buffer is kept: allocators keep smaller ones themselves, and they are
/// filled in no time.
const LARGE: usize = 1 << 10;

/// Values that are kept even if less was in use at once: of small networks, nothing is given back.
const SPARE: usize = 1 << 20;

/// A buffer may be longer than what is wanted by a quarter, and by so many values at most: in large
/// ones that would be much memory for nothing.
const SLACK: usize = 1 << 16;

/// Bytes that a buffer's start is a multiple of: a cache line, and the longest vector.
const ALIGNMENT: usize = 64;

/// Values by which a buffer is longer, so that it has such a start.
const MARGIN: usize = ALIGNMENT / size_of::<f32>();

static POOL: Mutex<Pool> = Mutex::new(Pool { free: VecDeque::new(), kept: 0, used: 0, most: 0 });

/// Freed buffers, the last one freed at the end. Counts are of values.
struct Pool {
    free: VecDeque<Vec<f32>>,
    kept: usize,
    used: usize,
    /// The most that was in use at once, which with [`SPARE`] is also the most that is kept.
    most: usize,
}

impl Pool {
    /// The shortest buffer that fits; of several, the one freed last.
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

    /// The sizes that nobody asked for any more are the first ones here. What is in use counts as well, so that a large
    /// batch leaves no second one behind.
    fn trim(&mut self) {
        while self.kept + self.used > self.most + SPARE {
            let Some(oldest) = self.free.pop_front() else { return };
            self.kept -= oldest.len();
        }
    }
}

/// Numbers that will be a tensor. What they are before they are written is not specified.
pub(crate) struct Buffer {
    /// The numbers, before them what the alignment needs, and behind them what is not needed.
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

    /// The numbers as a tensor, after whose end the memory is used again.
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
