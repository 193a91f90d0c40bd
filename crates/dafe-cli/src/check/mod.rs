//! Reads a whole dataset as training would, checks every image, and reports errors and unusual
//! data with their effect on a result and the option that changes it.
mod copies;
mod counts;
mod images;
mod labels;
mod sheet;

use std::{collections::HashSet, path::PathBuf, sync::Arc};

use dafe::{
    atomic::write_text,
    data::{FindingKind, coco::write_schema},
    prelude::*,
};
use serde::Serialize;

use self::counts::Counts;
use crate::{
    convert,
    support::{
        Ending, Outcome,
        datasets::{
            DatasetArgs, Example, FindingGroup, Findings, Kind, Level, OpenSplit, Opener,
            SplitOption,
        },
        default_workers, output, sheets,
    },
};

const NOTES: &str = "\
Findings are errors (a result would be incorrect, or training would fail), warnings and notes, each
with examples, the effect on results, and the option that ignores or fixes it.

Exit status: 0 no errors (there may be warnings), 1 errors, 2 usage error.

Examples:
  dafe check --data kites
  dafe check --data kites --no-decode --json found.json
  dafe check --data kites --write-schema schema.json    names and pairs, to be edited
  dafe check --data kites --fix clean                   a cleaned COCO dataset";

#[derive(clap::Args)]
#[command(next_line_help = true, after_help = NOTES)]
pub struct Args {
    #[command(flatten)]
    dataset: DatasetArgs,
    #[command(flatten)]
    split: SplitOption,
    /// Show this many examples of each kind of finding
    #[arg(long, default_value_t = 5)]
    show: usize,
    /// Read only the images' headers: much faster, but doesn't find damaged images
    #[arg(long)]
    no_decode: bool,
    /// Write findings and counts to this file as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Render samples with their labels (dots; hollow: occluded) to this file, those with
    /// findings first: JPEG if its name ends in .jpg or .jpeg, else PNG
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
    /// The number of samples on a sheet
    #[arg(long, default_value_t = 48)]
    samples: usize,
    /// Write the landmarks' names, mirror pairs, skeleton and sigmas to this file, to be edited
    /// and passed to --schema
    #[arg(long, value_name = "FILE")]
    write_schema: Option<PathBuf>,
    /// Write a cleaned dataset in COCO's format to this folder, without unusable data
    #[arg(long, value_name = "FOLDER")]
    fix: Option<PathBuf>,
    /// Threads that read images [default: one per core, at most 8]
    #[arg(long)]
    workers: Option<usize>,
}

/// A split and its samples.
type SplitSamples = (Split, Arc<dyn LandmarkDataset>);

/// The JSON file of findings.
#[derive(Serialize)]
struct Report<'a> {
    /// The version of the file format.
    format: u64,
    errors: usize,
    warnings: usize,
    notes: usize,
    statements: &'a [String],
    findings: Vec<&'a FindingGroup>,
    splits: &'a [Counts],
}

pub fn run(args: &Args) -> Outcome<Ending> {
    let mut dataset = args.dataset.clone();
    args.split.replace(&mut dataset.divide);
    let root = dataset.root()?;
    let mut opener = Opener::new(&dataset, &root, true)?;
    let splits = open(&mut opener);
    let own: Vec<_> = splits.iter().map(|(split, dataset)| (*split, dataset.as_ref())).collect();
    opener.check_overlap(&own);
    let workers = args.workers.unwrap_or_else(default_workers).max(1);
    let (mut counts, mut files) = (Vec::new(), Vec::new());
    for (split, dataset) in &splits {
        let mut counted = Counts::new(*split, dataset.as_ref());
        let looking = images::Looking {
            dataset: dataset.as_ref(),
            split: *split,
            workers,
            decode: !args.no_decode,
        };
        files.extend(looking.look(&mut counted, &mut opener.findings));
        counts.push(counted);
    }
    copies::find(files, &mut opener.findings);
    let Opener { findings, mut statements, .. } = opener;
    if let Some((_, dataset)) = splits.first() {
        statements.extend(labels::describe(dataset.as_ref()));
    }
    if let Some(path) = &args.json {
        let report = Report {
            format: 1,
            errors: findings.count(Level::Error),
            warnings: findings.count(Level::Warning),
            notes: findings.count(Level::Note),
            statements: &statements,
            findings: findings.groups(),
            splits: &counts,
        };
        write_text(path, &serde_json::to_string_pretty(&report)?)?;
    }
    if let Some(path) = &args.sheet {
        let datasets: Vec<_> = splits.iter().map(|(_, dataset)| dataset.as_ref()).collect();
        let shown = sheet::worst_first(&datasets, &findings, args.samples);
        sheets::write(path, &sheets::label_sheet(&shown))?;
    }
    if let (Some(path), Some((_, dataset))) = (&args.write_schema, splits.first()) {
        let (schema, assumed) = labels::with_usual_sigmas(dataset.schema());
        write_schema(path, &schema)?;
        statements.push(format!("{}: the landmarks{assumed}", path.display()));
    }
    if let Some(folder) = &args.fix {
        statements.push(fix(folder, &splits, &findings)?);
    }

    // Printed after all files are written, as stdout may be closed.
    for counted in &counts {
        output::print_line(counted)?;
    }
    for statement in &statements {
        output::print_line(statement)?;
    }
    output::print(findings.shown(args.show))?;
    let [errors, warnings] = [Level::Error, Level::Warning].map(|level| findings.count(level));
    let root = root.display();
    match (errors, warnings) {
        (0, 0) => output::print_line(format_args!("{root}: nothing is wrong"))?,
        (0, warnings) => {
            output::print_line(format_args!("{root}: {warnings} warnings, no errors"))?
        }
        (errors, _) => return Err(format!("{root}: {errors} errors, {warnings} warnings").into()),
    }
    Ok(Ending::Done)
}

/// Opens every split that training would use. A split that can't be read doesn't keep the
/// others from being checked.
fn open(opener: &mut Opener<'_>) -> Vec<SplitSamples> {
    let mut splits = Vec::new();
    for split in [Split::Train, Split::Val, Split::Test] {
        if !opener.has(split) && split != Split::Test {
            let message = format!("the split '{split}' is missing, which training needs");
            opener.findings.add(Kind::Split, Example::of_image("the dataset", message));
            continue;
        }
        if opener.stands_in(split) != split {
            let message = "no test split: evaluation uses the validation split";
            opener.statements.push(message.into());
            continue;
        }
        match opener.open(split) {
            Ok(OpenSplit { split, dataset }) => splits.push((split, dataset)),
            Err(error) => {
                match error.downcast::<dafe::Error>() {
                    Ok(error) => opener.findings.problem(Kind::File, &error),
                    Err(error) => {
                        let example = Example::of_image(split.name(), error.to_string());
                        opener.findings.add(Kind::File, example);
                    }
                }
                // A file that contains all splits is read only once.
                if opener.is_divided() {
                    break;
                }
            }
        }
    }
    splits
}

/// Writes a cleaned dataset without the images of errors, and returns a summary of it.
fn fix(folder: &std::path::Path, splits: &[SplitSamples], findings: &Findings) -> Outcome<String> {
    let left_out: HashSet<&str> = (findings.groups().into_iter())
        .filter(|group| {
            let size = Kind::Found(FindingKind::Size);
            [Kind::Image, Kind::Overlap, Kind::Copy, size].contains(&group.kind)
        })
        .flat_map(|group| &group.examples)
        .filter_map(|example| example.image.as_deref())
        .collect();
    let written = convert::write(folder, dafe::data::DatasetFormat::Coco, splits, &|_, image| {
        !left_out.contains(image)
    })?;
    Ok(format!("{}: {written}, {} images left out", folder.display(), left_out.len()))
}
