//! Replaces the server in builds without it.
use std::ffi::OsString;

use crate::support::{Ending, Outcome, features};

#[derive(clap::Args)]
#[command(after_help = "\
This build of dafe cannot serve devices: `cargo install dafe-cli --features remote` gets it.")]
pub struct Args {
    /// Accepts any arguments of the server.
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _arguments: Vec<OsString>,
}

pub fn run(_args: &Args) -> Outcome<Ending> {
    Err(features::missing("server of devices", "remote"))
}
