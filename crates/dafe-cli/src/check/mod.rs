//! Reads a whole dataset, decodes every image, and reports what is wrong where, and counts.
mod counts;
mod images;
mod problems;
mod reading;

use std::path::PathBuf;

use dafe::atomic::write_text;
use serde::Serialize;

use self::{counts::Counts, problems::Problems};
use crate::support::{Ending, Outcome, datasets::DatasetArgs, default_workers, output, sheets};

#[derive(clap::Args)]
#[command(next_line_help = true)]
pub struct Args {
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
    /// Threads that decode images [default: one a core, at most 8]
    #[arg(long)]
    workers: Option<usize>,
}

/// The file of findings.
#[derive(Serialize)]
struct Findings<'a> {
    problems: &'a Problems,
    splits: &'a [Counts],
}

pub fn run(args: &Args) -> Outcome<Ending> {
    let root = args.dataset.root()?;
    let mut problems = Problems::default();
    let splits = reading::splits(&args.dataset, &root, &mut problems)?;
    let workers = args.workers.unwrap_or_else(default_workers).max(1);
    let mut counts = Vec::new();
    for (split, dataset) in &splits {
        let mut counted = Counts::new(*split, dataset.as_ref());
        let name = format!("decoding {split}");
        images::check(dataset.as_ref(), workers, &name, &mut counted, &mut problems);
        counts.push(counted);
    }
    if let Some(path) = &args.json {
        let findings = Findings { problems: &problems, splits: &counts };
        write_text(path, &serde_json::to_string_pretty(&findings)?)?;
    }
    if let Some(path) = &args.sheet {
        let datasets: Vec<_> = splits.iter().map(|(_, dataset)| dataset.as_ref()).collect();
        let sheet = sheets::label_sheet(&datasets, args.samples);
        sheets::write(path, &sheet)?;
    }
    // After all files are written: nobody may read what is printed.
    for counted in &counts {
        output::print_line(counted)?;
    }
    output::print(problems.shown(args.show))?;
    match problems.errors() {
        0 => {
            output::print_line(format_args!("{}: nothing is wrong", root.display()))?;
            Ok(Ending::Done)
        }
        count => Err(format!("{}: {count} problems", root.display()).into()),
    }
}
