//! A request to stop a run, shared between threads.
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// Requests a run to stop from elsewhere: a signal handler, a dashboard, another thread. Clones
/// share their state.
///
/// ```
/// use dafe::train::Interrupter;
///
/// let interrupter = Interrupter::new();
/// let elsewhere = interrupter.clone();
/// elsewhere.stop(Some("Ctrl-C"));
/// assert!(interrupter.should_stop());
/// assert_eq!(interrupter.message().as_deref(), Some("Ctrl-C"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Interrupter(Arc<State>);

#[derive(Debug, Default)]
struct State {
    stop: AtomicBool,
    message: Mutex<Option<String>>,
}

impl Interrupter {
    /// An interrupter without a stop request.
    pub fn new() -> Self {
        Self::default()
    }

    /// Requests the run to stop, with a human-readable `reason`. A later reason replaces an earlier
    /// one; `None` keeps it.
    pub fn stop(&self, reason: Option<&str>) {
        if let Some(reason) = reason {
            *self.lock() = Some(reason.into());
        }
        // Stored after the reason, so that any thread that sees the request finds the reason.
        self.0.stop.store(true, Ordering::Release);
    }

    /// Whether a stop was requested.
    pub fn should_stop(&self) -> bool {
        self.0.stop.load(Ordering::Acquire)
    }

    /// The reason, if one was given.
    pub fn message(&self) -> Option<String> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        // The string is valid even if a thread panicked while it held the lock.
        self.0.message.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
