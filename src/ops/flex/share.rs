//! Short work (a fraction of a millisecond) distributed over all cores.
use std::sync::{Mutex, PoisonError};

/// The size of a band if `count` items are divided into four bands per core, so that no core waits
/// long for another.
pub(super) fn band(count: usize) -> usize {
    count.div_ceil(4 * rayon::current_num_threads()).max(1)
}

/// The number of lines in a band that minimizes the time on all cores. A line has `width` items; a
/// task does `block` items at a time; a band has at most `most` items, but at least one line.
pub(super) fn lines_of_band(lines: usize, width: usize, block: usize, most: usize) -> usize {
    let threads = rayon::current_num_threads();
    // At least twice as many bands as cores, since one may be delayed.
    let longest = (lines / (2 * threads)).min(most / width.max(1)).max(1);
    let time = |band: &usize| {
        let turns = lines.div_ceil(*band).div_ceil(threads);
        turns * ((band * width).div_ceil(block) + 1)
    };
    (1..=longest).min_by_key(time).expect("not empty")
}

/// Does `work` for each of the items. The calling thread begins at once, and the pool's threads
/// join in as they wake up, which may take as long as some of the work here. A parallel iterator
/// would first hand all work over to them.
///
/// The calling thread starts from the front and the others from the back, until they meet: with two
/// cores, each then finds in its own cache what it wrote in the operation before.
pub(crate) fn share<T: Send>(
    items: impl DoubleEndedIterator<Item = T> + ExactSizeIterator + Send,
    work: impl Fn(T) + Sync,
) {
    let helpers = items.len().min(rayon::current_num_threads()).saturating_sub(1);
    let items = Mutex::new(items);
    // Each takes an item and releases the lock before it starts the work.
    let first = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
    let last = || items.lock().unwrap_or_else(PoisonError::into_inner).next_back();
    rayon::in_place_scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|_| std::iter::from_fn(last).for_each(&work));
        }
        std::iter::from_fn(first).for_each(&work);
    });
}
