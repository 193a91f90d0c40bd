//! Work shared by all cores that is done in a fraction of a millisecond.
use std::sync::{Mutex, PoisonError};

/// Does `work` for each of the items. The calling thread begins at once and the pool's threads join in as they wake up,
/// which takes them as long as some of the work here; a parallel iterator would first hand all of it over to them.
pub(crate) fn share<T: Send>(
    items: impl ExactSizeIterator<Item = T> + Send,
    work: impl Fn(T) + Sync,
) {
    let helpers = items.len().min(rayon::current_num_threads()).saturating_sub(1);
    let items = Mutex::new(items);
    let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
    let run = || {
        while let Some(item) = next() {
            work(item);
        }
    };
    rayon::in_place_scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|_| run());
        }
        run();
    });
}
