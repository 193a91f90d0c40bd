//! Converts a dataset to another format, including its images.
mod images;
mod writers;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use dafe::{data::DatasetFormat, prelude::*};

use self::images::Gathered;
use crate::support::{
    Ending, Outcome, Progress,
    datasets::{DatasetArgs, OpenSplit, Opener, SplitOption, written_formats},
    output,
};

const NOTES: &str = "\
A dataset without splits is written as a training split, unless --split divides it.
Image files are linked (hard links) where the file system allows it, else copied; none is changed.

Examples:
  dafe convert --data kites --to yolo --out kites-yolo
  dafe convert --data project.json --to coco --out train-only
  dafe convert --data project.json --split 0.8,0.1,0.1 --to coco --out divided
  dafe convert --dataset fld --data path/to/FLD --to coco --out fld-coco";

#[derive(clap::Args)]
#[command(next_line_help = true, after_help = NOTES)]
pub struct Args {
    #[command(flatten)]
    dataset: DatasetArgs,
    #[command(flatten)]
    split: SplitOption,
    /// The format: fld, deepfashion-c, deepfashion2, coco, yolo or deeplabcut
    #[arg(long, value_parser = written_formats(), hide_possible_values = true, value_name = "FORMAT")]
    to: DatasetFormat,
    /// The new folder; it must be empty or not exist
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

pub fn run(args: &Args) -> Outcome<Ending> {
    let mut dataset = args.dataset.clone();
    args.split.replace(&mut dataset.divide);
    let root = dataset.root()?;
    let mut opener = Opener::new(&dataset, &root, false)?;
    let mut splits = Vec::new();
    let whole = if dataset.divide.is_none() { opener.open_whole()? } else { None };
    let is_whole = whole.is_some();
    splits.extend(whole.map(|dataset| (Split::Train, dataset)));
    for split in [Split::Train, Split::Val, Split::Test] {
        if !is_whole && opener.has(split) && opener.stands_in(split) == split {
            let OpenSplit { split, dataset } = opener.open(split)?;
            splits.push((split, dataset));
        }
    }
    opener.tell();
    let written = write(&args.out, args.to, &splits, &|_, _| true)?;
    output::print_line(format_args!("{}: {written}", args.out.display()))?;
    Ok(Ending::Done)
}

/// Writes the splits' images to keep and their annotations in a format to an empty folder.
/// Returns a summary.
///
/// # Errors
/// If the folder is not empty, the format can't represent the data, an image can't be read, or
/// a file can't be written.
pub fn write(
    folder: &Path,
    format: DatasetFormat,
    splits: &[(Split, Arc<dyn LandmarkDataset>)],
    keep: &dyn Fn(Split, &str) -> bool,
) -> Outcome<String> {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        let message = format!("{} is not empty: give a new folder", folder.display());
        return Err(message.into());
    }
    let Some((_, first)) = splits.first() else { return Err("there is nothing to write".into()) };
    if let Some((split, _)) = splits.iter().find(|(_, dataset)| dataset.schema() != first.schema())
    {
        let message = format!(
            "the split '{split}' has other landmarks: --schema FILE sets them for all splits"
        );
        return Err(message.into());
    }
    let mut gathered = Vec::new();
    for (split, dataset) in splits {
        gathered.push(Gathered::of(*split, dataset.clone(), &|image| keep(*split, image))?);
    }
    let names = writers::annotations(folder, format, first.schema(), &gathered)?;
    let total: usize = gathered.iter().map(|split| split.images.len()).sum();
    let progress = Progress::new("linking images", total);
    let mut done = 0;
    for (split, names) in gathered.iter().zip(&names) {
        for (image, name) in split.images.iter().zip(names) {
            images::place(image, &folder.join(name))?;
            done += 1;
            progress.update(done, total, "");
        }
    }
    progress.done();
    let samples: usize =
        gathered.iter().flat_map(|split| &split.images).map(|image| image.samples.len()).sum();
    Ok(format!("{samples} annotations in {total} images, as {format}"))
}
