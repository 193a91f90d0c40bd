//! The program `dafe` as a library: its `main`, and code shared with the programs in the
//! workspace's `tools/`.
//!
//! ```text
//! dafe detect shirt.jpg
//! dafe train --data kites --dataset coco --out runs/kites
//! dafe evaluate --model runs/kites --data kites --dataset coco
//! ```
//!
//! Each command is a module with its `Args` and a `run`; shared code is in [`support`].
#![warn(missing_docs)]

mod check;
mod cli;
mod completions;
mod convert;
mod detect;
mod evaluate;
mod generate;
mod serve_devices;
mod summary;
pub mod support;
mod train;

use std::process::ExitCode;

pub use cli::command;

/// Runs the command given by the arguments.
pub fn main() -> ExitCode {
    support::finish(cli::run())
}
