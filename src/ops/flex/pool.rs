//! Threads on which a whole pass through a network runs.
//!
//! Each operation shares its work with rayon's pool. A thread that is not of a pool has to wait,
//! operation by operation, until the pool's threads have woken up and said that they are done: a
//! twentieth of a pass through the paper's network. A thread of a pool takes back what no other has
//! begun.
use std::sync::{LazyLock, Mutex, TryLockError};

use rayon::{ThreadPool, ThreadPoolBuilder, current_num_threads, current_thread_index};

/// As many threads as rayon's own pool has; none where threads can't be had.
static POOL: LazyLock<Mutex<Option<ThreadPool>>> = LazyLock::new(|| {
    let builder = ThreadPoolBuilder::new().num_threads(current_num_threads());
    Mutex::new(builder.thread_name(|i| format!("dafe-{i}")).build().ok())
});

/// Runs `work` on one of the pool's threads, unless the calling thread is of a pool itself.
///
/// One at a time: a thread that waits for the others does whatever else its pool has to do, and
/// were that another pass, it might wait for a lock that the one beneath it holds. A second pass at
/// the same time runs on the thread that asked for it.
pub(in crate::ops) fn in_pool<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    if current_thread_index().is_some() {
        return work();
    }
    let pool = match POOL.try_lock() {
        Ok(pool) => pool,
        // What panicked was the work; the pool is whole.
        Err(TryLockError::Poisoned(pool)) => pool.into_inner(),
        Err(TryLockError::WouldBlock) => return work(),
    };
    match &*pool {
        Some(pool) => pool.install(work),
        None => work(),
    }
}
