//! The memory of training. Peaks are measured by the system (Linux: VmHWM), each in a process
//! of its own.
mod run;
mod step;
mod table;

use clap::Subcommand;
use dafe_cli::support::Outcome;

use super::Report;

#[derive(Subcommand)]
pub enum Memory {
    /// Training steps on random images, in this process
    Step(step::Step),
    /// A Markdown table of training steps' peaks by batch and input size, with and without
    /// gradient checkpointing of stages
    Table(table::Table),
    /// A long training run on generated garments, and its memory over time
    Run(run::Run),
}

impl Memory {
    /// The line to print; `None` for tables, which are printed row by row.
    pub fn run(&self) -> Outcome<Option<Report>> {
        match self {
            Self::Step(job) => job.run().map(Some),
            Self::Table(job) => job.run().map(|()| None),
            Self::Run(job) => job.run().map(|()| None),
        }
    }
}
