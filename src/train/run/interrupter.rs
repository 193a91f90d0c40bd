//! A request to stop a run, shared between threads.
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// Asks a run to stop from elsewhere: a signal handler, a dashboard, another thread. Clones share
/// one state.
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
    /// One that has not been asked to stop.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the run to stop, for a `reason` that a person can read. A later reason replaces an
    /// earlier one; `None` leaves it.
    pub fn stop(&self, reason: Option<&str>) {
        if let Some(reason) = reason {
            *self.lock() = Some(reason.into());
        }
        // After the reason, so that whoever sees the request finds it.
        self.0.stop.store(true, Ordering::Release);
    }

    /// Whether the run was asked to stop.
    pub fn should_stop(&self) -> bool {
        self.0.stop.load(Ordering::Acquire)
    }

    /// The reason, if one was given.
    pub fn message(&self) -> Option<String> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        // A string is whole, whatever a thread that held the lock died of.
        self.0.message.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
