//! The run's curves, updated while it runs.
use std::path::Path;

use dafe::{atomic::write_text, draw::training_curves, prelude::*, train::History};

use crate::support::Outcome;

/// Writes `curves.svg` into the run's folder.
pub struct Curves<'a> {
    history: History,
    folder: &'a Path,
}

impl<'a> Curves<'a> {
    pub fn new(folder: &'a Path) -> Self {
        Self { history: History::default(), folder }
    }

    /// Redraws the curves after every epoch.
    pub fn follow(&mut self, event: &TrainEvent<'_>) -> Option<Outcome<()>> {
        match event {
            TrainEvent::Opened { history, .. } => self.history = (*history).clone(),
            TrainEvent::Epoch(record) => self.history.epochs.push((*record).clone()),
            _ => return None,
        }
        (!self.history.epochs.is_empty()).then(|| self.draw())
    }

    fn draw(&self) -> Outcome<()> {
        Ok(write_text(self.folder.join("curves.svg"), &training_curves(&self.history)?)?)
    }
}
