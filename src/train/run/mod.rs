//! A run: opened or resumed, stepped through its epochs, and stopped.
mod epochs;
pub mod event;
pub mod interrupter;
pub mod session;
pub mod training;
