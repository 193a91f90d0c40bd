//! The program `dafe` as a library: its `main`, and what the programs in the workspace's `tools/`
//! share with it.
//!
//! ```text
//! dafe detect shirt.jpg
//! dafe train --data kites --dataset coco --out runs/kites
//! dafe evaluate --model runs/kites --data kites --dataset coco
//! ```
//!
//! Each command is a module with its `Args` and a `run`; what several of them need is in
//! [`support`].
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

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    support::finish(cli::run())
}
