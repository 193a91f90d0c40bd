//! One piece of work, timed in a process of its own: our side of `tools/reference/compare.py`.
//!
//! Prints one line of JSON: every time in milliseconds and the process' peak of resident memory.
//! The baselines' side, with the same jobs and the same line, is `tools/reference/baselines.py`.
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
#[command(about = "Time one piece of work in this process and print one line of JSON")]
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
    /// An epoch of a dataset in FLD's form: decoded, augmented, cropped, resized, batched
    Loader(loader::Loader),
    /// Positions to heatmaps and back
    Codec(codec::Codec),
    /// One image's landmarks, from a cold start; whoever starts the process measures the time
    First(first::First),
    /// The start of a training run, until its first step is done, and an epoch of its images
    Epoch(epoch::Epoch),
    /// Nothing measured: writes a tree of any size in DeepFashion-C's form, its images being names
    /// of a few files
    Tree(tree::Tree),
    /// What training keeps in memory
    #[command(subcommand)]
    Memory(memory::Memory),
    /// A network in half precision beside itself in single precision
    Precision(precision::Precision),
}

/// How often a job is repeated.
#[derive(Args)]
struct Repeats {
    /// Repetitions that are timed
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    repeats: u32,
    /// Repetitions before these
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
    /// Taken before results are written, which is no part of the work.
    peak_mib: Option<f64>,
    /// What else the job tells.
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

/// A figure of this process' memory, where the system tells (Linux): `VmRSS`, what is resident, or
/// `VmHWM`, the most that was.
fn memory_mib(figure: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}
