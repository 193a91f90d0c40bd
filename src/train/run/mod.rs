//! A run: opening or resuming it, running its epochs, and stopping it.
mod epochs;
pub mod event;
pub mod interrupter;
pub mod session;
pub mod training;
