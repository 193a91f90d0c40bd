//! Times one task in a process of its own: this crate's side of `tools/reference/compare.py`.
//!
//! Prints one line of JSON with all times in milliseconds and the process's peak of resident
//! memory. `tools/reference/baselines.py` is the baselines' side, with the same tasks and the
//! same output.
mod codec;
mod epoch;
mod files;
mod first;
mod loader;
mod memory;
mod net;
mod precision;
mod tree;

use std::{process::ExitCode, time::Instant};

use clap::{Args, Parser, Subcommand};
use dafe_cli::support::{Outcome, finish};
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Parser)]
#[command(about = "Time one task in this process and print one line of JSON")]
struct Command {
    #[command(subcommand)]
    job: Job,
}

#[derive(Subcommand)]
enum Job {
    /// The paper's network on a batch of images
    Forward(net::Forward),
    /// The paper's network's training step on a batch: forward, loss, backward, Adam
    Step(net::Step),
    /// An epoch of a dataset in FLD's format: decoded, augmented, cropped, resized, batched
    Loader(loader::Loader),
    /// Positions to heatmaps and back
    Codec(codec::Codec),
    /// One image's landmarks, from a cold start; the calling program measures the time
    First(first::First),
    /// The start of a training run, until its first step is done, and an epoch of its images
    Epoch(epoch::Epoch),
    /// Measures nothing: writes a dataset of any size in DeepFashion-C's format, with image
    /// names that share a few files
    Tree(tree::Tree),
    /// The memory of training
    #[command(subcommand)]
    Memory(memory::Memory),
    /// A network in half precision compared with single precision
    Precision(precision::Precision),
}

/// The number of repetitions of a task.
#[derive(Args)]
struct Repeats {
    /// Repetitions that are timed
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    repeats: u32,
    /// Warm-up repetitions before these
    #[arg(long, default_value_t = 2)]
    warmup: u32,
}

impl Repeats {
    /// The milliseconds of each timed repetition.
    fn time(&self, mut work: impl FnMut() -> Outcome<()>) -> Outcome<Vec<f64>> {
        let mut times = Vec::new();
        for repetition in 0..self.warmup + self.repeats {
            let started = Instant::now();
            work()?;
            if repetition >= self.warmup {
                times.push(started.elapsed().as_secs_f64() * 1e3);
            }
        }
        Ok(times)
    }
}

/// The printed line.
#[derive(Serialize)]
struct Report {
    /// Milliseconds of each repetition.
    times_ms: Vec<f64>,
    /// Taken before results are written, as writing is not part of the task.
    peak_mib: Option<f64>,
    /// Other values of the task.
    #[serde(flatten)]
    more: Map<String, Value>,
}

impl Report {
    fn new(times_ms: Vec<f64>) -> Self {
        Self { times_ms, peak_mib: memory_mib("VmHWM"), more: Map::new() }
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.into(), value.into());
        self
    }
}

fn main() -> ExitCode {
    finish(run(&Command::parse().job))
}

fn run(job: &Job) -> Outcome<()> {
    let report = match job {
        Job::Forward(job) => job.run().map(Some),
        Job::Step(job) => job.run().map(Some),
        Job::Loader(job) => job.run().map(Some),
        Job::Codec(job) => job.run().map(Some),
        Job::First(job) => job.run().map(Some),
        Job::Epoch(job) => job.run().map(Some),
        Job::Tree(job) => job.run().map(Some),
        Job::Memory(job) => job.run(),
        Job::Precision(job) => job.run().map(Some),
    }?;
    if let Some(report) = report {
        println!("{}", serde_json::to_string(&report)?);
    }
    Ok(())
}

/// A value of this process's memory from the system (Linux): `VmRSS` is the resident memory,
/// `VmHWM` its peak.
fn memory_mib(figure: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}
