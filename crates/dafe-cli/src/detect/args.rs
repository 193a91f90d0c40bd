//! The command line.
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{Parser, ValueEnum};
use dafe::prelude::*;
use serde::Serialize;

use crate::models::Source;

/// What `--out` and an input are called when standard output and input are meant.
pub const STANDARD: &str = "-";

const NOTES: &str = "\
Coordinates are pixels of the upright picture: photographs are turned by their EXIF orientation
before anything else. A pixel's integer coordinate is its centre. Boxes count in the same picture.

Results, below --out, in the folders that the pictures are in (docs/predict.md has their forms):
  NAME.json             landmarks with score and visibility, category and box of each garment
  NAME.landmarks.png    the picture with them (--no-drawings, --jpeg, --names, --min-score)
  NAME.explanation.png  what the network looked at (--explain)
  landmarks.csv         --format csv: a line for each landmark of all pictures
  results.json          --format coco: COCO's keypoint results; images.json says what the
                        numbers of pictures and categories in it mean
  predict.json          the model and the options that made them
A picture whose results are there, made by the same model and options from the same file (by its
size and time of change), is not looked at again, unless by --again.

Exit status: 0 all pictures are done, 1 some failed and are listed, 2 nothing could be done,
130 interrupted.

Examples:
  predict dress.jpg                                 with the model that comes with the crate
  predict photos/                                   all pictures in a folder and in those below
  predict 'photos/**/*.jpg' --format csv            a pattern; one table for all
  predict shirt.jpg --box 20,30,220,310             the garment in a box
  predict photos/ --boxes detections.json           a detector's boxes
  predict photos/ --out - | jq '.detections[0]'     one line of JSON for each picture
  predict - --out - --format png <in.jpg >out.png   from standard input to standard output";

#[derive(Parser)]
#[command(about = "Find the landmarks of garments in pictures", after_help = NOTES)]
pub struct Args {
    /// Pictures, folders and patterns (quoted or not); - for one picture from standard input. Of a folder, all .jpg, .jpeg,
    /// .png and .webp files at any depth that are not hidden
    #[arg(required_unless_present = "list")]
    pub inputs: Vec<PathBuf>,
    /// Take further inputs from this file, one a line; - for standard input
    #[arg(long, value_name = "FILE")]
    pub list: Option<PathBuf>,
    /// The model: the file or folder that train_fld wrote, or a .pth file of MMPose's fashion networks [default: the one that
    /// comes with the crate, for FLD's landmarks, trained on drawn garments alone]
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// The garments' category, as the model names it (upper, lower, full; short-sleeve-top, …): only its landmarks are
    /// returned; "all" for those of all categories, "boxes" for the category_id of each box of --boxes [default: inferred, if
    /// the model was trained for that; else all]. A file of MMPose's for DeepFashion2 does not say which category it is for, so
    /// that it must be told here
    #[arg(long)]
    pub category: Option<String>,
    /// A garment's box; may be given several times. Without one the garment is looked for in the whole picture, and then again
    /// where it seems to be
    #[arg(long = "box", value_parser = parse_box, value_name = "x1,y1,x2,y2", allow_hyphen_values = true)]
    pub bounds: Vec<BoundingBox>,
    /// Each picture's boxes from this file: COCO's annotations, or results ([{file_name, bbox, score}, …]), joined by the
    /// pictures' names. Nothing is looked for in pictures without one
    #[arg(long, conflicts_with = "bounds", value_name = "FILE")]
    pub boxes: Option<PathBuf>,
    /// The folder of the results; - for standard output, where then nothing else is written
    #[arg(long, default_value = "runs/predict")]
    pub out: PathBuf,
    /// The results' form
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub format: Format,
    /// Draw nothing
    #[arg(long)]
    pub no_drawings: bool,
    /// Draw to JPEG files, which are smaller
    #[arg(long, conflicts_with = "no_drawings")]
    pub jpeg: bool,
    /// Draw what led to each garment's landmarks, too: heatmaps, where the DAFE modules look, and which channels they keep
    #[arg(long, conflicts_with = "no_drawings")]
    pub explain: bool,
    /// Write the landmarks' names on the drawings
    #[arg(long, conflicts_with = "no_drawings")]
    pub names: bool,
    /// Draw landmarks from this score on; all are in the results
    #[arg(long, default_value_t = 0.3)]
    pub min_score: f32,
    /// Do pictures again that are done already
    #[arg(long)]
    pub again: bool,
    /// Save the model to this file or folder, too, in this crate's form; MMPose's preprocessing is kept
    #[arg(long)]
    pub save_model: Option<PathBuf>,
    /// The device: flex, ndarray, cuda:0, vulkan:0, …
    #[arg(long, default_value = "flex")]
    pub device: String,
    /// Pictures at a time
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub batch_size: u16,
    /// Threads that read and draw pictures [default: one a core, at most 8]
    #[arg(long)]
    pub workers: Option<usize>,
}

/// The form of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A file for each picture; to standard output, a line for each
    Json,
    /// One table, a line for each landmark
    Csv,
    /// COCO's keypoint results
    Coco,
    /// The drawn picture, to standard output, of a single one
    Png,
}

/// What decides what is found and drawn: results of other options are not taken for done.
#[derive(Serialize)]
pub struct Options<'a> {
    category: Option<&'a str>,
    bounds: &'a [BoundingBox],
    drawings: Option<Drawings>,
}

#[derive(Serialize)]
struct Drawings {
    jpeg: bool,
    explain: bool,
    names: bool,
    min_score: f32,
}

impl Args {
    /// Whether results go to standard output.
    pub fn is_piped(&self) -> bool {
        self.out == Path::new(STANDARD)
    }

    /// Where the model comes from.
    pub fn source(&self) -> Source<'_> {
        self.model.as_deref().map_or(Source::Bundled, Source::File)
    }

    pub fn options(&self) -> Options<'_> {
        let Self { jpeg, explain, names, min_score, .. } = *self;
        Options {
            category: self.category.as_deref(),
            bounds: &self.bounds,
            drawings: (!self.no_drawings).then_some(Drawings { jpeg, explain, names, min_score }),
        }
    }

    /// A line for whoever started this; standard output is theirs only where no results go there.
    pub fn say(&self, line: &str) {
        // Whoever reads it may be gone.
        let _ = match self.is_piped() {
            true => writeln!(io::stderr(), "{line}"),
            false => writeln!(io::stdout(), "{line}"),
        };
    }
}

fn parse_box(text: &str) -> Result<BoundingBox, String> {
    let numbers: Vec<f32> = text
        .split(',')
        .map(|number| number.trim().parse().map_err(|_| format!("'{number}' is not a number")))
        .collect::<Result<_, _>>()?;
    let &[x1, y1, x2, y2] = &numbers[..] else {
        return Err(format!("a box has four numbers, x1,y1,x2,y2, not {}", numbers.len()));
    };
    BoundingBox::new(x1, y1, x2, y2).ok_or_else(|| {
        let most = BoundingBox::MAX_SIDE;
        format!("x2 must be beyond x1, and y2 beyond y1, by at most {most} pixels")
    })
}
