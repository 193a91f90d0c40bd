//! Temporary memory for tasks, kept by each thread.
use std::cell::RefCell;

use super::memory::Buffer;

thread_local! {
    static SCRATCH: RefCell<Option<Buffer>> = const { RefCell::new(None) };
}

/// Runs `work` with `length` values, whose contents are unspecified. `work` must not use scratch
/// memory itself.
pub(super) fn with_scratch<R>(length: usize, work: impl FnOnce(&mut [f32]) -> R) -> R {
    SCRATCH.with_borrow_mut(|kept| {
        let buffer = match kept.take() {
            Some(buffer) if buffer.len() >= length => buffer,
            _ => Buffer::new(length),
        };
        work(&mut kept.insert(buffer)[..length])
    })
}
