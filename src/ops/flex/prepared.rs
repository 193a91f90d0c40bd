//! A cache of prepared weights for inference: prepared at the first use and kept as long as the
//! weights.
use std::sync::{Arc, Mutex, PoisonError, Weak};

use burn::tensor::Bytes;

use super::{
    convolution::{Prepared, Way},
    geometry::Geometry,
};

/// What weights are prepared for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub way: Way,
    /// Whether it is a transposed convolution.
    pub transposed: bool,
    pub geometry: Geometry,
    pub shape: [usize; 4],
    /// Lanes of a vector.
    pub lanes: usize,
    /// The position of the first weight in its memory.
    pub start: usize,
}

/// The memory of some weights, and the prepared form of the weights.
///
/// The weak reference keeps the address from being reused, and no longer upgrades once the memory
/// was written to or freed: shared tensors are copied before they are written.
type Entry = (Weak<Bytes>, Key, Arc<Prepared>);

static PREPARED: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// The prepared form of `weights`, from the cache or made now.
pub(super) fn prepared(
    weights: &Arc<Bytes>,
    key: Key,
    make: impl FnOnce() -> Prepared,
) -> Arc<Prepared> {
    // The list is intact even if poisoned: entries are only pushed and removed.
    let list = || PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = |entries: &[Entry]| {
        let is_same = |(weak, of, _): &&Entry| weak.as_ptr() == Arc::as_ptr(weights) && *of == key;
        entries.iter().find(is_same).map(|(.., prepared)| prepared.clone())
    };
    if let Some(prepared) = known(&list()) {
        return prepared;
    }
    // Made without holding the lock, since this takes a while: another thread may make the same,
    // which is harmless.
    let prepared = Arc::new(make());
    let mut entries = list();
    entries.retain(|(weak, ..)| weak.strong_count() > 0);
    entries.push((Arc::downgrade(weights), key, prepared.clone()));
    prepared
}
