//! In the place of the dashboard where the program is built without one: all is printed in lines.
use dafe::{prelude::*, train::Interrupter};

/// Never a dashboard.
pub struct Screen;

impl Screen {
    pub fn new(_wanted: bool) -> Self {
        Self
    }

    pub fn leaving(&self) -> impl Fn() + Send + 'static {
        || ()
    }

    pub fn open(&mut self, _epochs: usize, _done: usize) {}

    /// Whether the event is shown, which no event is.
    pub fn shows(&mut self, _event: &TrainEvent<'_>, _interrupter: &Interrupter) -> bool {
        false
    }

    pub fn close(self) {}
}
