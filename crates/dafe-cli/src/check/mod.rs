//! Reads a whole dataset, decodes every picture, and reports what is wrong where and how much there is of what.
use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use serde::Serialize;

mod counts;
#[path = "../support/datasets.rs"]
mod datasets;
mod pictures;
mod problems;
mod reading;
#[path = "../support/sheets.rs"]
mod sheets;
#[path = "../support/mod.rs"]
mod support;

use counts::Counts;
use datasets::DatasetArgs;
use problems::Problems;
use support::Outcome;

#[derive(Parser)]
#[command(
    about = "Check a dataset: every annotation, every picture; what is wrong where, and counts"
)]
struct Args {
    #[command(flatten)]
    dataset: DatasetArgs,
    /// Show this many problems of each kind
    #[arg(long, default_value_t = 20)]
    show: usize,
    /// Write problems and counts to this file, as JSON
    #[arg(long)]
    json: Option<PathBuf>,
    /// Draw this many samples with their labels (dots; hollow: occluded) …
    #[arg(long, default_value_t = 48)]
    samples: usize,
    /// … to this file: JPEG if its name ends in .jpg or .jpeg, else PNG
    #[arg(long)]
    sheet: Option<PathBuf>,
    /// Threads that decode pictures [default: one a core, at most 8]
    #[arg(long)]
    workers: Option<usize>,
}

/// The file of findings.
#[derive(Serialize)]
struct Findings<'a> {
    problems: &'a Problems,
    splits: &'a [Counts],
}

fn main() -> ExitCode {
    support::finish(run(Args::parse()))
}

fn run(args: Args) -> Outcome<()> {
    let root = args.dataset.root()?;
    let mut problems = Problems::default();
    let splits = reading::splits(&args.dataset, &root, &mut problems)?;
    let workers = args.workers.unwrap_or_else(support::default_workers).max(1);
    let mut counts = Vec::new();
    for (split, dataset) in &splits {
        let mut counted = Counts::new(*split, dataset.as_ref());
        let name = format!("decoding {split}");
        pictures::check(dataset.as_ref(), workers, &name, &mut counted, &mut problems);
        println!("{counted}");
        counts.push(counted);
    }
    if let Some(path) = &args.json {
        let findings = Findings { problems: &problems, splits: &counts };
        support::write_text(path, &serde_json::to_string_pretty(&findings)?)?;
    }
    if let Some(path) = &args.sheet {
        let datasets: Vec<_> = splits.iter().map(|(_, dataset)| dataset.as_ref()).collect();
        let sheet = sheets::label_sheet(&datasets, args.samples);
        sheets::write(path, &sheet)?;
    }
    problems.print(args.show);
    match problems.errors() {
        0 => {
            println!("{}: nothing is wrong", root.display());
            Ok(())
        }
        count => Err(format!("{}: {count} problems", root.display()).into()),
    }
}
