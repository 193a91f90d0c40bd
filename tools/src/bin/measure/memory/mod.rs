//! What training keeps in memory. Peaks are the system's own (Linux: VmHWM), each of a process of
//! its own.
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
    /// A Markdown table of training steps' peaks by batch and input size, with everything kept and
    /// with stages recomputed
    Table(table::Table),
    /// A long training run on generated garments: how memory goes
    Run(run::Run),
}

impl Memory {
    /// The line to print; tables are printed as they grow.
    pub fn run(&self) -> Outcome<Option<Report>> {
        match self {
            Self::Step(job) => job.run().map(Some),
            Self::Table(job) => job.run().map(|()| None),
            Self::Run(job) => job.run().map(|()| None),
        }
    }
}
