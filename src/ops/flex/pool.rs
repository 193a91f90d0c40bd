//! Threads on which a whole pass through a network runs.
//!
//! Each operation shares its work with rayon's pool. A thread outside of a pool waits in each
//! operation until a thread of the pool has woken up and finished: a twentieth of a pass through
//! the paper's network. A thread of the pool takes back what no other has begun.
use std::{
    hint::spin_loop,
    sync::{
        LazyLock, Mutex, TryLockError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use rayon::{
    ThreadPool, ThreadPoolBuilder, Yield, current_num_threads, current_thread_index, yield_now,
};

/// As many threads as rayon's own pool has; none where threads can't be had.
static POOL: LazyLock<Mutex<Option<ThreadPool>>> = LazyLock::new(|| {
    let builder = ThreadPoolBuilder::new().num_threads(current_num_threads());
    Mutex::new(builder.thread_name(|i| format!("dafe-{i}")).build().ok())
});

/// Runs `work` on the pool's first thread, unless the calling thread is of a pool itself. The others
/// meanwhile look for what it shares: one that has gone to sleep takes longer to wake up than a
/// small network's operation takes.
///
/// Always the same thread, because allocators keep freed memory for each thread: with passes on
/// two, a training step's peak was 300 MB higher.
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
    let Some(pool) = &*pool else { return work() };
    let done = AtomicBool::new(false);
    let (work, found) = (Mutex::new(Some(work)), Mutex::new(None));
    pool.broadcast(|thread| {
        if thread.index() > 0 {
            return help(&done);
        }
        let _end = SetAtEnd(&done);
        let work = work.lock().expect("nobody panics with it").take().expect("there is one first");
        let result = work();
        *found.lock().expect("nobody panics with it") = Some(result);
    });
    let found = found.into_inner().expect("nobody panics with it");
    found.expect("what panics is passed on before")
}

/// Looks for work until all is done, or there was none for long: then rayon wakes the thread up.
fn help(done: &AtomicBool) {
    let mut in_vain = 0;
    while !done.load(Ordering::Acquire) && in_vain < PATIENCE {
        match yield_now() {
            Some(Yield::Executed) => in_vain = 0,
            // A short wait is over sooner so; in a longer one, others may have the core.
            _ => {
                in_vain += 1;
                if in_vain < SPINS { spin_loop() } else { thread::yield_now() }
            }
        }
    }
}

/// How often a thread looks for work before it lets others have the core: some 20 µs.
const SPINS: usize = 200;

/// How often before it gives up: some milliseconds.
const PATIENCE: usize = 10_000;

/// Also where the work panics.
struct SetAtEnd<'a>(&'a AtomicBool);

impl Drop for SetAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}
