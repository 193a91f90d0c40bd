//! A thread pool for a whole pass through a network.
//!
//! Each operation distributes its work over rayon's pool. A thread outside the pool has to wait in
//! each operation until a thread of the pool has woken up and finished, which takes a twentieth of
//! a pass through the paper's network. A thread of the pool instead takes back work that no other
//! thread has begun.
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

/// As many threads as rayon's own pool has; `None` if threads cannot be created.
static POOL: LazyLock<Mutex<Option<ThreadPool>>> = LazyLock::new(|| {
    let builder = ThreadPoolBuilder::new().num_threads(current_num_threads());
    Mutex::new(builder.thread_name(|i| format!("dafe-{i}")).build().ok())
});

/// Runs `work` on the pool's first thread, unless the calling thread already belongs to a pool. The
/// other threads meanwhile look for work to join: waking up a sleeping thread takes longer than an
/// operation of a small network.
///
/// It is always the same thread, because allocators keep freed memory per thread: with passes on
/// two threads, the peak memory of a training step was 300 MB higher.
///
/// Only one pass runs at a time: a thread that waits for others runs other work of its pool. If
/// that were another pass, it could wait for a lock held by the pass below it. A second
/// simultaneous pass runs on the thread that asked for it.
pub(in crate::ops) fn in_pool<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    if current_thread_index().is_some() {
        return work();
    }
    let pool = match POOL.try_lock() {
        Ok(pool) => pool,
        // The work panicked; the pool itself is intact.
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

/// Looks for work until all is done, or until there was none for long; rayon then wakes the thread
/// up.
fn help(done: &AtomicBool) {
    let mut in_vain = 0;
    while !done.load(Ordering::Acquire) && in_vain < PATIENCE {
        match yield_now() {
            Some(Yield::Executed) => in_vain = 0,
            // Short waits end sooner this way; in longer ones, other threads may use the core.
            _ => {
                in_vain += 1;
                if in_vain < SPINS { spin_loop() } else { thread::yield_now() }
            }
        }
    }
}

/// How often a thread looks for work before it yields the core: some 20 µs.
const SPINS: usize = 200;

/// How often a thread looks for work before it stops: some milliseconds.
const PATIENCE: usize = 10_000;

/// Sets the flag when dropped, even if the work panics.
struct SetAtEnd<'a>(&'a AtomicBool);

impl Drop for SetAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}
