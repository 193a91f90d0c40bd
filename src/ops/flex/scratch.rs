//! Memory for what a task needs only while it runs: each thread keeps its own.
use std::cell::RefCell;

use super::memory::Buffer;

thread_local! {
    static SCRATCH: RefCell<Option<Buffer>> = const { RefCell::new(None) };
}

/// Runs `work` with so many values, which are not specified. `work` must not need scratch memory
/// itself.
pub(super) fn with_scratch<R>(length: usize, work: impl FnOnce(&mut [f32]) -> R) -> R {
    SCRATCH.with_borrow_mut(|kept| {
        let buffer = match kept.take() {
            Some(buffer) if buffer.len() >= length => buffer,
            _ => Buffer::new(length),
        };
        work(&mut kept.insert(buffer)[..length])
    })
}
