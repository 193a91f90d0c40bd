//! Prepared weights that are used again and again, as in inference: made at the first use, and kept
//! as long as the weights are.
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
    /// Of a vector.
    pub lanes: usize,
    /// The first weight's place in the memory.
    pub start: usize,
}

/// Weights, by the memory that they are in, and what was made of them.
///
/// A weak reference keeps that memory's place from being given to anything else, and no longer
/// upgrades once it was written to or freed: tensors are copied before they are written if anyone
/// else knows them.
type Entry = (Weak<Bytes>, Key, Arc<Prepared>);

static PREPARED: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// What was made of `weights` before, or is made of them now.
pub(super) fn prepared(
    weights: &Arc<Bytes>,
    key: Key,
    make: impl FnOnce() -> Prepared,
) -> Arc<Prepared> {
    // A poisoned list is whole: entries are only ever pushed and removed.
    let list = || PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = |entries: &[Entry]| {
        let is_same = |(weak, of, _): &&Entry| weak.as_ptr() == Arc::as_ptr(weights) && *of == key;
        entries.iter().find(is_same).map(|(.., prepared)| prepared.clone())
    };
    if let Some(prepared) = known(&list()) {
        return prepared;
    }
    // Made without the lock, since this takes a while: another thread may make the same, which does
    // no harm.
    let prepared = Arc::new(make());
    let mut entries = list();
    entries.retain(|(weak, ..)| weak.strong_count() > 0);
    entries.push((Arc::downgrade(weights), key, prepared.clone()));
    prepared
}
