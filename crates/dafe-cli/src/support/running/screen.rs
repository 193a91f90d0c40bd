//! The terminal while a run shows its dashboard.
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use dafe::{prelude::*, train::Interrupter};

use super::{dashboard::Dashboard, terminal};

/// A dashboard, while it is open.
pub struct Screen {
    /// Whether to open a dashboard.
    wanted: bool,
    /// Whether the dashboard is open.
    is_open: Arc<AtomicBool>,
    dashboard: Option<Dashboard>,
}

impl Screen {
    /// Creates a screen without an open dashboard.
    pub fn new(wanted: bool) -> Self {
        Self { wanted, is_open: Arc::new(AtomicBool::new(false)), dashboard: None }
    }

    /// A function that restores the terminal without closing the dashboard, for exits on a signal.
    pub fn leaving(&self) -> impl Fn() + Send + 'static {
        let is_open = self.is_open.clone();
        move || {
            if is_open.load(Ordering::Relaxed) {
                terminal::leave();
            }
        }
    }

    /// Opens the dashboard for a run of `epochs` epochs, of which `done` are done.
    pub fn open(&mut self, epochs: usize, done: usize) {
        if self.wanted {
            self.is_open.store(true, Ordering::Relaxed);
            self.dashboard = Some(Dashboard::new(epochs, done));
            terminal::keep_signals();
        }
    }

    /// Shows an event on the dashboard, and returns whether it is open. Its key `q` stops the run.
    pub fn shows(&mut self, event: &TrainEvent<'_>, interrupter: &Interrupter) -> bool {
        let Some(dashboard) = &mut self.dashboard else { return false };
        dashboard.observe(event, interrupter);
        true
    }

    /// Restores the terminal.
    pub fn close(self) {
        if let Some(dashboard) = self.dashboard {
            dashboard.close();
        }
        self.is_open.store(false, Ordering::Relaxed);
    }
}
