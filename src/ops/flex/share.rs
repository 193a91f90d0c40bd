//! Work shared by all cores that is done in a fraction of a millisecond.
use std::sync::{Mutex, PoisonError};

/// How many of `count` items one of the bands has that they are shared in: four bands for each core, so that none waits long
/// for another.
pub(super) fn band(count: usize) -> usize {
    count.div_ceil(4 * rayon::current_num_threads()).max(1)
}

/// How many of the `lines` a band has, for the least time on all cores. A line is `width` items; a
/// task does `block` items at a time; a band has at most `most` items, but at least one line.
pub(super) fn lines_of_band(lines: usize, width: usize, block: usize, most: usize) -> usize {
    let threads = rayon::current_num_threads();
    // Twice as many bands as cores at least, for one may be held up.
    let longest = (lines / (2 * threads)).min(most / width.max(1)).max(1);
    let time = |band: &usize| {
        let turns = lines.div_ceil(*band).div_ceil(threads);
        turns * ((band * width).div_ceil(block) + 1)
    };
    (1..=longest).min_by_key(time).expect("not empty")
}

/// Does `work` for each of the items. The calling thread begins at once and the pool's threads join in as they wake up,
/// which takes them as long as some of the work here; a parallel iterator would first hand all of it over to them.
///
/// The calling thread goes from the front and the others from the back, until they meet: of two cores, each finds in its
/// own cache what it wrote in the operation before.
pub(crate) fn share<T: Send>(
    items: impl DoubleEndedIterator<Item = T> + ExactSizeIterator + Send,
    work: impl Fn(T) + Sync,
) {
    let helpers = items.len().min(rayon::current_num_threads()).saturating_sub(1);
    let items = Mutex::new(items);
    // Each lets go of the lock before the work begins.
    let first = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
    let last = || items.lock().unwrap_or_else(PoisonError::into_inner).next_back();
    rayon::in_place_scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|_| std::iter::from_fn(last).for_each(&work));
        }
        std::iter::from_fn(first).for_each(&work);
    });
}
