//! Filters of weights that are used again and again, as in inference: transformed at the first use, and kept as long as the
//! weights are.
use std::sync::{Arc, Mutex, PoisonError, Weak};

use burn::tensor::Bytes;

use super::winograd::Filters;

/// Weights, by the memory that they are in, and their filters.
///
/// A weak reference keeps that memory's place from being given to anything else, and no longer upgrades once it was
/// written to or freed: tensors are copied before they are written if anyone else knows them.
type Entry = (Weak<Bytes>, [usize; 3], Arc<Filters>);

static PREPARED: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// The filters of `weights`, for so many `[rows, columns, factor]`, made by `make` if there are none.
pub(super) fn filters(
    weights: &Arc<Bytes>,
    shape: [usize; 3],
    make: impl FnOnce() -> Filters,
) -> Arc<Filters> {
    // A poisoned list is whole: entries are only ever pushed and removed.
    let list = || PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = |entries: &[Entry]| {
        let is_same =
            |(weak, of, _): &&Entry| weak.as_ptr() == Arc::as_ptr(weights) && *of == shape;
        entries.iter().find(is_same).map(|(.., filters)| filters.clone())
    };
    if let Some(filters) = known(&list()) {
        return filters;
    }
    // Made without the lock, since this takes a while: another thread may make the same, which does no harm.
    let filters = Arc::new(make());
    let mut entries = list();
    entries.retain(|(weak, ..)| weak.strong_count() > 0);
    entries.push((Arc::downgrade(weights), shape, filters.clone()));
    filters
}
