//! The terminal while a run has it for its dashboard.
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use dafe::{prelude::*, train::Interrupter};

use super::{dashboard::Dashboard, terminal};

/// A dashboard, while there is one.
pub struct Screen {
    /// Whether there shall be one.
    wanted: bool,
    /// Whether there is one.
    is_open: Arc<AtomicBool>,
    dashboard: Option<Dashboard>,
}

impl Screen {
    /// No dashboard yet.
    pub fn new(wanted: bool) -> Self {
        Self { wanted, is_open: Arc::new(AtomicBool::new(false)), dashboard: None }
    }

    /// Gives the terminal back where there is no time to close the dashboard.
    pub fn leaving(&self) -> impl Fn() + Send + 'static {
        let is_open = self.is_open.clone();
        move || {
            if is_open.load(Ordering::Relaxed) {
                terminal::leave();
            }
        }
    }

    /// Takes the terminal for a run of `epochs` epochs, of which `done` are done.
    pub fn open(&mut self, epochs: usize, done: usize) {
        if self.wanted {
            self.is_open.store(true, Ordering::Relaxed);
            self.dashboard = Some(Dashboard::new(epochs, done));
            terminal::keep_signals();
        }
    }

    /// Shows an event if there is a dashboard, and returns whether there is. Its key `q` stops the
    /// run.
    pub fn shows(&mut self, event: &TrainEvent<'_>, interrupter: &Interrupter) -> bool {
        let Some(dashboard) = &mut self.dashboard else { return false };
        dashboard.observe(event, interrupter);
        true
    }

    /// Gives the terminal back.
    pub fn close(self) {
        if let Some(dashboard) = self.dashboard {
            dashboard.close();
        }
        self.is_open.store(false, Ordering::Relaxed);
    }
}
